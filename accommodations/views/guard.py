"""What the safety guard stopped, and alerts: read by the office, decided by a director, seen by a person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import PlanChanged, ValuesRefused
from accommodations.forms.deciding import StopForm
from accommodations.models import GuardStop, SyncRun
from accommodations.permissions import has
from accommodations.selectors.waiting import MOST_SHOWN, alerts_visible_to, stopped_rows, stops_visible_to
from accommodations.services import guard
from accommodations.services.alerts import mark_seen
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires


@requires("see_all_students")
@require_http_methods(["GET", "HEAD", "POST"])
def guard_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was stopped, why, and what it would change; a director approves exactly this, or dismisses it."""
    stop = get_object_or_404(stops_visible_to(request.user), pk=pk)
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if not has(request.user, "confirm_guard"):
            raise PermissionDenied
        run = _decided(request, stop, form) if form.is_valid() else None
        if run is not None:
            wake(prepare_sync_run, run.pk)
            return redirect("sync_run_detail", run.pk)
    rows = stopped_rows(stop)
    context = {
        "stop": stop,
        "form": form,
        "rows": rows[:MOST_SHOWN],
        "more": max(0, len(rows) - MOST_SHOWN),
        "is_waiting": stop.status == GuardStop.Status.WAITING,
        "may_decide": has(request.user, "confirm_guard") and stop.status == GuardStop.Status.WAITING,
    }
    return render(request, "accommodations/guard_stop.html", context)


def _decided(request: SignedInRequest, stop: GuardStop, form: StopForm) -> SyncRun | None:
    """Carry out the decision; None where it was refused, and the page says why."""
    digest, reason = form.cleaned_data["digest"], form.cleaned_data["reason"]
    try:
        if form.cleaned_data["decision"] == StopForm.APPROVE:
            run = guard.approve_stop(stop=stop, approved_by=request.user, digest=digest)
            messages.success(request, "Approved. Exactly these changes go to Canvas with this sync.")
        else:
            run = guard.dismiss_stop(stop=stop, dismissed_by=request.user, digest=digest, reason=reason)
            messages.success(request, "Dismissed. What stands in Canvas stays, held by your name.")
    except ValuesRefused as refused:
        form.add_error("reason", refused.message)
        return None
    except PlanChanged as changed:
        form.add_error(None, changed.message)
        return None
    return run


@requires("record_accommodation")
@require_POST
def alert_seen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that somebody of the office has seen an alert."""
    alert = get_object_or_404(alerts_visible_to(request.user), pk=pk)
    mark_seen(alert=alert, seen_by=request.user)
    messages.success(request, "Noted. The next time raises a new alert.")
    return redirect("home")
