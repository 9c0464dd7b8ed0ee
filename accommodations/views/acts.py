"""Acts of people in Canvas, each confirmed on a page that shows what will happen: the running attempt, unlocking."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accommodations import permissions
from accommodations.errors import ConfirmedBefore
from accommodations.forms.acts import ExtendForm, UnlockForm
from accommodations.htmx import zone_of
from accommodations.models import CanvasAct, PairStatus, SyncRun
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services import action_log, running_attempts, sync_runs, unlocking
from accommodations.services.running_attempts import RunningAttempt
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.templatetags.dates import at_text, zone_text
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.confirming import INSTRUCTOR, OFFICE, act_sent_once, result_or_problem, tell


@requires(OFFICE, INSTRUCTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_extend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the running attempt with the end that its approved time comes to; extend it when that is confirmed."""
    pair = _pair(request, pk)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_bound and form.is_valid() and form.is_read:
        answer, problem = result_or_problem(lambda: _extended(request, pair, form), form)
        if answer is not None:
            return answer
    elif not form.is_bound:
        action_log.record_view(viewer=request.user, student=pair.student)
    return _extend_page(request, pair, form, problem)


@requires(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def pair_unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what unlocking the quiz for this student means, and do it, or take it back, when that is confirmed."""
    pair = _pair(request, pk)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_bound and form.is_valid():
        answer, problem = result_or_problem(lambda: _unlock_changed(request, pair, form))
        if answer is not None:
            return answer
    elif not form.is_bound:
        action_log.record_view(viewer=request.user, student=pair.student)
    return _unlock_page(request, pair, problem)


def _unlock_changed(request: SignedInRequest, pair: PairStatus, form: UnlockForm) -> HttpResponse:
    to_unlocked = form.cleaned_data["to_unlocked"]
    key = form.cleaned_data["key"]
    act = act_sent_once(lambda: unlocking.change(pair, to_unlocked=to_unlocked, key=key, asked_by=request.user))
    done = f"Unlocked for {pair.student.name} in Canvas." if to_unlocked else "Locked again in Canvas."
    tell(request, act, done)
    return redirect("pair_detail", pair.pk)


def _unlock_page(request: SignedInRequest, pair: PairStatus, problem: str) -> HttpResponse:
    lock, unread = result_or_problem(lambda: unlocking.look(pair))
    context = {"pair": pair, "lock": lock, "problem": problem or unread, "key": uuid4()}
    return render(request, "accommodations/pair_unlock.html", context)


def _pair(request: SignedInRequest, pk: int) -> PairStatus:
    visible = pairs_visible_to(request.user).select_related("student", "assessment", "course__term")
    return get_object_or_404(visible, pk=pk)


def _extended(request: SignedInRequest, pair: PairStatus, form: ExtendForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        act, do_statuses_follow = running_attempts.extend(
            pair,
            minutes=data["minutes"],
            shown_end_at=data["shown_end_at"],
            key=data["key"],
            asked_by=request.user,
        )
    except ConfirmedBefore as before:
        act, do_statuses_follow = before.act, True  # type: ignore[assignment]  # errors know no models
    if not do_statuses_follow:
        _sync_in_the_background(pair)
    _tell(request, act)
    return redirect("pair_detail", pair.pk)


def _sync_in_the_background(pair: PairStatus) -> None:
    """Let the next sync bring the statuses in step where that could not be done at once."""
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.CHANGE, courses=[pair.course])
    wake(prepare_sync_run, run.pk)


def _tell(request: SignedInRequest, act: CanvasAct) -> None:
    """Say in one sentence what became of it."""
    end = _end_text(request, act)
    if act.status == CanvasAct.Status.APPLIED:
        messages.success(request, f"Extended. In Canvas the attempt now ends {end}.")
    elif act.status == CanvasAct.Status.UNKNOWN:
        messages.warning(
            request,
            "Canvas’s answer did not arrive, and it could not be read. Look at the attempt before you do it again.",
        )
    elif act.status == CanvasAct.Status.NOT_ARRIVED:
        messages.warning(request, f"It did not reach Canvas: the attempt still ends {end}. Nothing was sent again.")
    elif act.status == CanvasAct.Status.STARTED:
        messages.warning(request, "It is being sent. Look again in a moment.")
    else:
        messages.warning(request, f"Not extended. {act.message}")


def _end_text(request: SignedInRequest, act: CanvasAct) -> str:
    at = running_attempts.end_after(act)
    if at is None:
        return "when it did"
    return f"{at_text(at, zone=zone_of(request), now=timezone.now(), relative=True)} {zone_text(at, zone_of(request))}"


def _extend_page(request: SignedInRequest, pair: PairStatus, form: ExtendForm, problem: str) -> HttpResponse:
    attempt, unread = result_or_problem(lambda: running_attempts.look(pair))
    problem = problem or unread
    minutes = _minutes_shown(form, attempt)
    if attempt is not None and not attempt.problem:
        form = _shown_form(form, attempt, minutes)
    context = {
        "pair": pair,
        "attempt": attempt,
        "form": form,
        "problem": problem,
        "minutes": minutes,
        "is_for_other_minutes": form.is_bound and not form.errors and not problem,
        "new_end": attempt.new_end(minutes) if attempt and minutes and not attempt.problem else None,
        "locks_before": bool(attempt and minutes and not attempt.problem and attempt.locks_before(minutes)),
        "is_office": permissions.is_staff_of_office(request.user),
    }
    return render(request, "accommodations/attempt_extend.html", context)


def _minutes_shown(form: ExtendForm, attempt: RunningAttempt | None) -> int | None:
    """Return the minutes for which the page shows the new end: those typed, else those that are missing."""
    if form.is_bound:
        typed: int | None = form.cleaned_data.get("minutes") if not form.errors.get("minutes") else None
        return typed
    return attempt.suggested_minutes if attempt else None


def _shown_form(form: ExtendForm, attempt: RunningAttempt, minutes: int | None) -> ExtendForm:
    """Return the form with what this page shows in its hidden fields, and a new key: this is another page."""
    shown: dict[str, Any] = {"shown_minutes": minutes, "shown_end_at": attempt.ends_at, "key": uuid4()}
    if not form.is_bound:
        return ExtendForm(initial={"minutes": minutes, **shown})
    hidden = {name: _as_text(form, name, value) for name, value in shown.items()}
    fresh = ExtendForm({**dict(form.data.items()), **hidden})
    fresh.is_valid()
    for field, errors in form.errors.items():
        if field not in fresh.errors:
            fresh.add_error(field if field != "__all__" else None, list(errors))
    return fresh


def _as_text(form: ExtendForm, name: str, value: object) -> str:
    prepared = form.fields[name].prepare_value(value)
    return "" if prepared is None else str(prepared)
