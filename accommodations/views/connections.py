"""The Canvas connection: address and token, and the check of every permission that Leeway needs."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accommodations.errors import CanvasUnreachable, ConnectionRefused, NotConnected
from accommodations.forms.connections import ConnectionForm
from accommodations.htmx import announce
from accommodations.services import connections
from accommodations.services.act_limits import ASK_CANVAS
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from canvas_bridge.facts import PermissionCheck

PAGE = "accommodations/connection.html"
CHECKS = "accommodations/partials/_permission_checks.html"


@requires("manage_connection")
@require_http_methods(["GET", "POST"])
def connection(request: SignedInRequest) -> HttpResponseBase:
    """Show and save address and token; the button "check" asks Canvas what the token may do. Nothing is written there.

    A stored token never comes back: the page knows its last four characters only.
    """
    if request.method == "POST" and "check" in request.POST:
        return _checked(request)
    current = connections.current_connection()
    initial = {"base_url": current.base_url} if current else {}
    form = ConnectionForm(request.POST if request.method == "POST" else None, initial=initial, connection=current)
    if form.is_valid():
        try:
            connections.save_connection(saved_by=request.user, **form.cleaned_data)
        except ConnectionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Saved. Canvas accepted the token. Check next what it may do.")
            return redirect("connection")
    return render(request, PAGE, {"form": form, "connection": current})


@limited(ASK_CANVAS)
def _checked(request: SignedInRequest) -> HttpResponseBase:
    """Show each permission with what was seen and what to do about it."""
    checks: tuple[PermissionCheck, ...] = ()
    problem = ""
    try:
        checks = connections.check_connection()
    except (NotConnected, CanvasUnreachable) as error:
        problem = error.message
    context = {"is_checked": True, "checks": checks, "problem": problem}
    if request.htmx:
        missing = sum(not check.is_ok for check in checks)
        sentence = problem or f"{len(checks)} permissions checked, {missing} missing."
        return announce(render(request, CHECKS, context), sentence)
    current = connections.current_connection()
    form = ConnectionForm(initial={"base_url": current.base_url} if current else {}, connection=current)
    return render(request, PAGE, {"form": form, "connection": current, **context})
