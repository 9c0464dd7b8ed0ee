"""Choices of the person that are about the pages alone: the theme."""

import json
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accommodations.htmx import HtmxRequest
from accommodations.templatetags.shell import THEME_COOKIE, THEMES

ONE_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_theme(request: HtmxRequest) -> HttpResponse:
    """Keep the theme in a cookie and go back to the page; for htmx, tell the page to take it."""
    theme = request.POST.get("theme", "")
    if theme not in dict(THEMES):
        return HttpResponseBadRequest("Choose one of the themes.", content_type="text/plain")
    response: HttpResponse
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Trigger"] = json.dumps({"theme": {"value": theme}})
    else:
        response = redirect(_back(request))
    response.set_cookie(
        THEME_COOKIE, theme, max_age=ONE_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response


def _back(request: HtmxRequest) -> str:
    """Return the path the form was on, if it is one of ours."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(referrer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
