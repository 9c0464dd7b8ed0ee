"""Releasing a course that was set aside since it ended its workers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accommodations.models import SetAside
from accommodations.services import set_asides
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires


@requires("confirm_guard")
@require_POST
def set_aside_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the course be synced again, and show the run that does."""
    row = get_object_or_404(SetAside, pk=pk)
    run = set_asides.release(row=row, released_by=request.user)
    if run is None:
        messages.info(request, "Somebody has released this course already.")
        return redirect("home")
    wake(prepare_sync_run, run.pk)
    messages.success(request, "Released. The course is synced now.")
    return redirect("sync_run_detail", run.pk)
