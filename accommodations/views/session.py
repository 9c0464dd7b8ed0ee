"""Signing in and out."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

from accommodations.forms.signing_in import SignInForm


class SignInView(LoginView):
    """The page of sign-in; a part of a page that asks after the session has ended sends the whole page here."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a swap with a move of the whole window, so that no sign-in form lands inside a table."""
        if request.headers.get("HX-Request") and request.method == "GET":
            return _move_window(request)
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response


def _move_window(request: HttpRequest) -> HttpResponse:
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    query = QueryDict(mutable=True)
    query["next"] = here.path + (f"?{here.query}" if here.query else "")
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = f"{reverse('sign_in')}?{query.urlencode(safe='/')}"
    return response


sign_in = SignInView.as_view()
sign_out = LogoutView.as_view()


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send strangers of the admin to our own page; who is signed in and may not enter is told that there is none."""
    if request.user.is_authenticated:
        raise Http404
    query = QueryDict(mutable=True)
    query["next"] = request.GET.get("next", reverse("admin:index"))
    return HttpResponseRedirect(f"{reverse('sign_in')}?{query.urlencode(safe='/')}")
