"""Trying again what Canvas refused or did not answer: what failed in one run, or every pair with one reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accommodations.errors import LeewayError
from accommodations.models import Course, SyncRun
from accommodations.selectors import sync_runs as selectors
from accommodations.selectors.coverage import SYNCED_AT_ONCE
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services.act_limits import SYNC
from accommodations.services.retrying import retry_run
from accommodations.services.sync_runs import request_sync_run
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited

QUEUE_IS_AWAY = "It is queued, and begins as soon as the queue answers."


@requires("start_sync", "start_taught_sync")
@require_POST
@limited(SYNC)
def sync_run_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queue a run of the courses in which something failed. The office reads its plan first."""
    run = get_object_or_404(selectors.runs_visible_to(request.user), pk=pk)
    reads = request.user.has_perm("accommodations.start_sync")
    try:
        new = retry_run(
            run=run,
            requested_by=request.user,
            among=selectors.courses_syncable_by(request.user),
            reads_before_applying=reads,
        )
    except LeewayError as refused:
        messages.info(request, refused.message)
        return redirect("sync_run_detail", run.pk)
    return _woken(request, new)


@requires("start_sync")
@require_POST
@limited(SYNC)
def start_reason_sync(request: SignedInRequest) -> HttpResponse:
    """Queue one run of all courses with pairs that failed for this reason, to be read before it is applied."""
    reason = request.POST.get("reason", "")
    failing = pairs_visible_to(request.user).filter(IS_GAP, reason=reason)
    courses = Course.objects.filter(pk__in=failing.values("course")) if reason in SYNCED_AT_ONCE else None
    if courses is None or not courses.exists():
        messages.info(request, "Nothing of it is left: there is nothing to sync again.")
        return redirect("home")
    run = request_sync_run(
        trigger=SyncRun.Trigger.PERSON, requested_by=request.user, courses=courses, reads_before_applying=True
    )
    return _woken(request, run)


def _woken(request: SignedInRequest, run: SyncRun) -> HttpResponse:
    if run.status == SyncRun.Status.QUEUED and not wake(prepare_sync_run, run.pk):
        messages.warning(request, QUEUE_IS_AWAY)
    return redirect("sync_run_detail", run.pk)
