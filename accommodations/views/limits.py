"""Acts that a person may do only so often: the answer says when to try again, and that nothing was lost."""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accommodations.errors import TooOften
from accommodations.htmx import announce, wants_part
from accommodations.services.act_limits import count_act
from accommodations.views.access import SignedInRequest, View


def limited(act: str = "", *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """Count the act before the view, where one is named, and answer 429 where that, or the view, says: too often.

    Stands below `requires`: who may not do it at all is told so, and nothing is counted.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if act and request.method in methods:
                    count_act(user=request.user, act=act)
                return view(request, *args, **kwargs)
            except TooOften as refused:
                return too_often(request, refused)

        return guarded

    return decorate


def too_often(request: SignedInRequest, refused: TooOften) -> HttpResponse:
    """Return the page that says what was too often, and when it goes on."""
    seconds = max(1, ceil((refused.again_at - timezone.now()).total_seconds()))
    context = {"message": refused.message, "seconds": seconds, "again_at": refused.again_at}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    if wants_part(request):
        return announce(response, f"{refused.message} Try again in {seconds} seconds.")
    return response
