"""Who may open the acting pages: what one may not know of is not there, what one may not do is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase

from accommodations.htmx import HtmxRequest

View = Callable[..., HttpResponseBase]


class SignedInRequest(HtmxRequest):
    """A request that has passed `requires`: its user is somebody."""

    user: User


def requires(*permissions: str) -> Callable[[View], View]:
    """Let those pass who are signed in and have one of the permissions; else 404 for reading and 403 for acting."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HtmxRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any(request.user.has_perm(f"accommodations.{name}") for name in permissions):
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                raise Http404
            raise PermissionDenied

        return login_required(guarded)

    return decorate
