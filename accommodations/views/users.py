"""Users and roles: who may come in, as what, and the one-time links by which they set their passwords."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import AccountRefused
from accommodations.forms.users import ROLE_WORDS, InviteForm, UserForm
from accommodations.htmx import wants_part
from accommodations.models import Invitation
from accommodations.selectors import users as selectors
from accommodations.services import invitations, users
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import page_of, render_list, searched_address, sort_of
from accommodations.views.searches import search_of

MANAGES = "manage_users"


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def user_list(request: SignedInRequest) -> HttpResponse:
    """List accounts and open invitations. A search is posted and kept in the session."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    search, role, state = search_of(request), request.GET.get("role", ""), request.GET.get("state", "")
    sort = sort_of(request, selectors.SORTS, "name")
    found = selectors.user_list(search=search, role=role, state=state, sort=sort)
    context: dict[str, object] = {"page": page_of(request, found), "search": search, "role": role, "state": state}
    if not wants_part(request):
        context |= {"invitations": selectors.invitations_listed(now=timezone.now()), "roles": list(ROLE_WORDS)}
    return render_list(
        request, page="settings/users.html", partial="settings/_user_rows.html", context=context, address=address
    )


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def user_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one account; save names, roles and the Canvas person."""
    user = get_object_or_404(User.objects.select_related("linked_person"), pk=pk)
    form = UserForm(request.POST if request.method == "POST" else None, initial=_initial(user))
    if form.is_valid():
        try:
            users.change_user(user=user, changed_by=request.user, **form.cleaned_data)
        except AccountRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, "Saved. It counts from the person’s next click.")
            return redirect("user_detail", pk)
    return render(request, "settings/user.html", {"form": form, "account": user, "is_own": user.pk == request.user.pk})


def _initial(user: User) -> dict[str, object]:
    person = getattr(user, "linked_person", None)
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "login_id": person.login_id if person else "",
        "roles": [group.name for group in user.groups.all()],
    }


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def user_switch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask before an account is switched off, or on again; then do it."""
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        try:
            if user.is_active:
                ended = users.switch_off(user=user, switched_by=request.user)
                words = f"Switched off. {_sessions(ended)}"
            else:
                users.switch_on(user=user, switched_by=request.user)
                words = "Switched on again. They sign in with their password, or with a new link."
        except AccountRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, words)
        return redirect("user_detail", pk)
    return render(request, "settings/user_switch.html", {"account": user})


def _sessions(number: int) -> str:
    if not number:
        return "They were signed in nowhere."
    return f"They were signed out in {number} browser{'s' if number > 1 else ''}."


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def user_invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody. The answer shows the link, once: it is in no list, no log and no mail."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitation, token = invitations.invite(invited_by=request.user, **form.cleaned_data)
        except AccountRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return _show_link(request, invitation, token)
    return render(request, "settings/invite.html", {"form": form})


@requires(MANAGES)
@require_POST
def user_new_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a link with which the person sets a new password, and show it once."""
    user = get_object_or_404(User, pk=pk)
    try:
        invitation, token = invitations.invite_to_new_password(user=user, invited_by=request.user)
    except AccountRefused as refused:
        messages.error(request, refused.message)
        return redirect("user_detail", pk)
    return _show_link(request, invitation, token)


def _show_link(request: SignedInRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("invitation_open", args=[token]))
    return render(request, "settings/link.html", {"invitation": invitation, "link": link})


@requires(MANAGES)
@require_POST
def invitation_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an invitation back: its link no longer works."""
    invitations.revoke(invitation=get_object_or_404(Invitation, pk=pk), revoked_by=request.user)
    messages.success(request, "Taken back. The link no longer works.")
    return redirect("user_list")
