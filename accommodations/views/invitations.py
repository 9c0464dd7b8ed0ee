"""The page that a one-time link opens: a person who has no password yet sets one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accommodations.errors import AccountRefused, InvitationUnusable
from accommodations.forms.users import NewPasswordForm
from accommodations.services import invitations

KEPT_IN_SESSION = "invitation"


@login_not_required
@require_safe
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the secret in the session and go on to an address without it: none reaches a referrer or a bookmark.

    Opening it uses nothing up, so that a mail program that looks at links does no harm.
    """
    request.session[KEPT_IN_SESSION] = token
    return redirect("invitation_accept")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Let the person set a password; then they sign in with it."""
    token = str(request.session.get(KEPT_IN_SESSION, ""))
    try:
        invitation = invitations.usable(token)
    except InvitationUnusable as refused:
        return _refused(request, refused)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitations.use(token=token, password=form.cleaned_data["password"])
        except InvitationUnusable as refused:
            return _refused(request, refused)
        except AccountRefused as refused:
            form.add_error(None, refused.message)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            # Whoever was signed in at this browser is somebody else, or has another password now.
            request.session.flush()
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign_in")
    return render(request, "settings/accept.html", {"form": form, "invitation": invitation})


def _refused(request: HttpRequest, refused: InvitationUnusable) -> HttpResponse:
    return render(request, "settings/accept_refused.html", {"message": refused.message}, status=410)
