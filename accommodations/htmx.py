"""Requests that htmx makes, and what views, tags and pages need to know once per request."""

import json
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from accommodations.models import InstitutionSettings


class HtmxRequest(HttpRequest):
    """A request as the views get it, after htmx's middleware."""

    htmx: HtmxDetails


def wants_part(request: HtmxRequest) -> bool:
    """Whether htmx asks for a part of the page; a history restore wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request and not request.htmx.boosted


def render_page_or_partial(
    request: HtmxRequest, *, page: str, partial: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render the page, or for htmx only the partial that the page includes: both show the same markup."""
    return render(request, partial if wants_part(request) else page, context, status=status)


def announce(response: HttpResponse, sentence: str) -> HttpResponse:
    """Let the page's live region say one sentence after the swap (app.js listens)."""
    response.headers["HX-Trigger"] = json.dumps({"announce": {"text": sentence}}, ensure_ascii=True)
    return response


def institution_of(request: HttpRequest | None) -> InstitutionSettings:
    """Return the institution's settings, read once per request."""
    if request is None:
        return InstitutionSettings.current()
    known = getattr(request, "_institution", None)
    if known is None:
        known = InstitutionSettings.current()
        request._institution = known  # type: ignore[attr-defined]  # kept for this request
    return known


def zone_of(request: HttpRequest | None) -> ZoneInfo:
    """Return the institution's zone, in which every page writes its times."""
    return ZoneInfo(institution_of(request).time_zone)
