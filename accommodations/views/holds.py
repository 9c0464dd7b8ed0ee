"""Undo, release, and letting dates follow the class: each shows what will happen, and ends in a plan to read."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import LeewayError
from accommodations.forms.deciding import UndoForm
from accommodations.htmx import institution_of
from accommodations.models import Accommodation, PairHold, PairStatus, Student, SyncRun
from accommodations.selectors.rules import counting_accommodations
from accommodations.selectors.sync_runs import runs_visible_to
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services import action_log, holds
from accommodations.services.undo_preview import UndoPreview, preview_undo, preview_undo_of_student, shown_courses
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import page_number

ACTS = "start_sync"
SHOWN_ROWS = 50
QUEUE_IS_AWAY = "It is queued, and begins as soon as the queue answers."


@requires(ACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def student_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what undoing all of one student's actions would do, and undo it when that is confirmed."""
    student = get_object_or_404(Student, pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        undo = partial(holds.undo_student, student=student, undone_by=request.user, reason=reason)
        return _undone(request, undo, back=("student_detail", pk))
    action_log.record_view(viewer=request.user, student=student)
    counting = list(
        counting_accommodations().filter(student=student).select_related("student", "term", "course", "assessment")
    )
    effect = preview_undo_of_student(
        student,
        by=_name(request),
        now=timezone.now(),
        accommodations=counting,
        institution=institution_of(request),
    )
    current = [row for row in counting if row.status != Accommodation.Status.ENDED]
    return _page(request, form, effect, student=student, accommodations=current)


@requires(ACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def run_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what undoing a run would do, and undo it when that is confirmed."""
    run = get_object_or_404(runs_visible_to(request.user).select_related("student"), pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        undo = partial(holds.undo_run, run=run, undone_by=request.user, reason=form.cleaned_data["reason"])
        return _undone(request, undo, back=("sync_run_detail", pk))
    if run.is_active:
        messages.info(request, "The run has not ended yet. Stop it first, or wait.")
        return redirect("sync_run_detail", pk)
    pairs = holds.pairs_of_run(run)
    effect = preview_undo(pairs, by=_name(request), now=timezone.now(), institution=institution_of(request))
    return _page(request, form, effect, run=run)


def _name(request: SignedInRequest) -> str:
    return request.user.get_full_name() or request.user.get_username()


def _page(request: SignedInRequest, form: UndoForm, effect: UndoPreview, **context: Any) -> HttpResponse:
    """Render the page: its numbers and its button are about everything, its list is in pages."""
    page = Paginator(effect.in_order, SHOWN_ROWS).get_page(page_number(request.GET.get("page")))
    shown = {"form": form, "effect": effect, "page": page, "parts": shown_courses(page.object_list)}
    return render(request, "accommodations/undo.html", shown | context)


def _undone(request: SignedInRequest, undo: Callable[[], SyncRun], *, back: tuple[str, int]) -> HttpResponse:
    try:
        run = undo()
    except LeewayError as refused:
        messages.info(request, refused.message)
        return redirect(*back)
    return _to_plan(request, run, "Held by your name. Read the plan, and apply it.")


@requires(ACTS)
@require_POST
def hold_release(request: SignedInRequest) -> HttpResponse:
    """Release held pairs: what is granted goes back to Canvas by a plan to read."""
    numbers = [int(value) for value in request.POST.getlist("hold") if value.isascii() and value.isdigit()]
    found = list(PairHold.objects.filter(pk__in=numbers[:1000], released_at=None))
    run = holds.release_holds(holds=found, released_by=request.user)
    if run is None:
        messages.info(request, "Nothing of it is held any more.")
        return redirect("home")
    return _to_plan(request, run, "Released. Read the plan, and apply it.")


@requires(ACTS)
@require_POST
def pair_follow_class(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let one pair's dates follow a class that moved earlier."""
    pair: PairStatus = get_object_or_404(pairs_visible_to(request.user).select_related("student", "assessment"), pk=pk)
    try:
        run = holds.follow_class(pair=pair, decided_by=request.user)
    except LeewayError as refused:
        messages.info(request, refused.message)
        return redirect("pair_detail", pk)
    return _to_plan(request, run, "The dates follow the class. Read the plan, and apply it.")


def _to_plan(request: SignedInRequest, run: SyncRun, saved: str) -> HttpResponse:
    if wake(prepare_sync_run, run.pk):
        messages.success(request, saved)
    else:
        messages.warning(request, QUEUE_IS_AWAY)
    return redirect("sync_run_detail", run.pk)
