"""Whether what a pair says of itself is true in the sandbox: each reason that excuses a missing grant has its proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accommodations.models import Accommodation, AccommodationException, CourseRelease, GuardStop, PairHold, PairStatus
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.grading_periods import is_in_closed_period
from tests import invariants
from tests.histories import granted
from tests.histories.campus import Campus
from tests.histories.granted import Due
from tests.invariants import Given


@dataclass(frozen=True)
class Told:
    """A pair's row, and all that it can be held against."""

    campus: Campus
    row: PairStatus
    item: Assignment | Quiz
    user: int
    seen: Given
    due: Due | None


def _is_held(told: Told, kind: str) -> bool:
    row = told.row
    return PairHold.objects.filter(student=row.student, assessment=row.assessment, released_at=None, kind=kind).exists()


def _is_guarded(told: Told) -> bool:
    stops = GuardStop.objects.filter(course=told.row.course, status=GuardStop.Status.WAITING)
    pair = (told.row.student_id, told.row.assessment_id)
    return any((one["student"], one["assessment"]) == pair for stop in stops for one in stop.actions)


def _is_shared(told: Told) -> bool:
    found = told.campus.override_of(told.campus.state.users[told.user], told.item)
    return found is not None and len(found.student_ids) > 1


def _is_assigned_by_ad_hoc(told: Told) -> bool:
    found = told.campus.override_of(told.campus.state.users[told.user], told.item)
    return found is not None and told.seen.has_it


def _has_exception(told: Told) -> bool:
    row = told.row
    return AccommodationException.objects.filter(
        Q(assessment=row.assessment) | Q(assessment=None),
        student=row.student,
        course=row.course,
        withdrawn_at=None,
        effective_until__gte=(told.campus.now - granted.timedelta(days=1)).date(),
    ).exists()


def _is_unreleased(told: Told) -> bool:
    row = told.row
    student = granted.row_of(row.student.login_id, told.campus)
    return student.needs_release and not CourseRelease.objects.filter(student=student, course=row.course).exists()


def _is_concluded(told: Told) -> bool:
    return told.campus.state.courses[told.item.course_id].workflow_state in ("completed", "deleted")


def _is_period_closed(told: Told) -> bool:
    state, course = told.campus.state, told.campus.state.courses[told.item.course_id]
    dated = state.dated(told.item)
    dues = [told.seen.due_at, dated.due_at, *((told.due.without_us.due, told.due.class_dates.due) if told.due else ())]
    return any(is_in_closed_period(state, course, at) for at in dues)


def is_over(told: Told) -> bool:
    """Whether the grant as computed now is past, or what the student has now is.

    Where it is not sure what counts, it is the least that could: what the student has without us.
    """
    now = told.campus.now
    end = granted.course_end(told.campus, told.item)
    if told.due:
        over_at: datetime | None = told.due.over_at or end
    else:
        without_us = granted.dates_without_us(told.campus, told.item, told.user)
        over_at = without_us.lock or without_us.due or end
    is_past = over_at is not None and over_at <= now
    return is_past or any(at is not None and at <= now for at in (told.seen.due_at, told.seen.lock_at, end))


def _has_begun(told: Told) -> bool:
    """Whether an attempt was begun."""
    quiz = invariants.quiz_of(told.campus.state, told.item)
    row = told.campus.state.quiz_submissions.first("quiz_user", (quiz.id, told.user)) if quiz else None
    return row is not None and row.started_at is not None


def _may_be_extended(told: Told) -> bool:
    """Whether the attempt that was begun ended at most an hour ago, or has not ended (contract 3.3)."""
    quiz = invariants.quiz_of(told.campus.state, told.item)
    row = told.campus.state.quiz_submissions.first("quiz_user", (quiz.id, told.user)) if quiz else None
    is_late = row is None or row.end_at is None or row.end_at + timedelta(hours=1) <= told.row.since
    return _has_begun(told) and not is_late


def _stays(told: Told) -> bool:
    return told.seen.has_submitted or is_over(told)


PROOFS: dict[str, Callable[[Told], bool]] = {
    "guard": _is_guarded,
    "undone": lambda told: _is_held(told, "undone"),
    "dismissed": lambda told: _is_held(told, "dismissed"),
    "shared_override": _is_shared,
    "group_assignment": lambda told: getattr(told.item, "group_category_id", None) is not None,
    "would_assign": lambda told: not is_assigned(told.campus.state, told.item, told.user) or _is_shared(told),
    "would_unassign": _is_assigned_by_ad_hoc,
    "course_concluded": _is_concluded,
    "grading_period_closed": _is_period_closed,
    "outside_canvas": lambda told: (
        granted.kind_of(told.campus, told.item) == "on_paper"
        or "online_upload" not in getattr(told.item, "submission_types", ())
    ),
    "ungraded_quiz": lambda told: isinstance(told.item, Quiz),
    "blueprint_lock": lambda told: bool(told.item.blueprint_restrictions),
    "paced_course": lambda told: told.campus.state.courses[told.item.course_id].is_paced,
    "checkpoints": lambda told: bool(getattr(told.item, "has_checkpoints", False)),
    "permission_missing": lambda told: bool(told.campus.denied),
    "exception": _has_exception,
    "not_released": _is_unreleased,
    "running_attempt_short": _may_be_extended,
    "begun": _has_begun,
    "refused": lambda told: told.user in told.campus.gone or told.campus.is_with_strangers(told.row),
    "closed": is_over,
    "over": _stays,
}
"""Of every reason on which nothing need be reached: what must then be so."""

CAPS = ("course_end", "grading_period")


def grants_nothing_now(told: Told) -> bool:
    """Whether an exception, or a release that is lacking, is why no more is to be put than stands there."""
    return _has_exception(told) or _is_unreleased(told)


def must_be_reached(told: Told) -> bool:
    """Return whether the grant must be in Canvas; where a reason says no, the reason must be true."""
    if told.row.reason == "until_over" and grants_nothing_now(told):
        return False
    proof = PROOFS.get(told.row.reason)
    if proof is None:
        return True
    assert proof(told), ("I1: the pair says what is not so", _words(told))
    return False


def _words(told: Told) -> tuple[object, ...]:
    row = told.row
    return row.student.login_id, row.assessment.name, row.reason, row.sentence, told.seen, told.due


def check_reached(told: Told, *, is_extension_fresh: bool) -> None:
    """I1, R5: minutes, attempts and each date of the grant are in Canvas, or the row says by what it is short."""
    due, seen = told.due, told.seen
    if due is None:
        return
    if is_extension_fresh:
        assert seen.minutes >= due.minutes, ("I1: minutes", _words(told))
        assert seen.attempts >= due.attempts, ("I1: attempts", _words(told))
    if not seen.has_it:
        return
    is_capped = told.row.reason in CAPS or told.row.reason == "until_over"
    wanted = due.least if is_capped else due.full
    assert not invariants.is_more(wanted.due, seen.due_at), ("I1: due", _words(told))
    assert not invariants.is_more(wanted.lock, seen.lock_at), ("I1: lock", _words(told))
    if told.row.reason in CAPS and due.is_whole:
        assert due.least != due.full, ("I1: nothing caps it", _words(told))


def check_no_attempt_is_short(told: Told) -> None:
    """I1: an attempt that runs shorter than what is granted is never told as in place."""
    quiz, due = invariants.quiz_of(told.campus.state, told.item), told.due
    row = told.campus.state.quiz_submissions.first("quiz_user", (quiz.id, told.user)) if quiz else None
    if row is None or row.workflow_state != "untaken" or row.started_at is None or due is None or not due.limit:
        return
    ends = [row.started_at + timedelta(minutes=due.limit + due.minutes), due.least.lock]
    wanted = min(at for at in ends if at is not None and at is not granted.ANY)
    can_still_use_it = told.campus.now < wanted
    if row.end_at is not None and row.end_at < wanted and can_still_use_it:
        assert told.row.status not in ("in_place", "not_needed"), ("I1: a short attempt", row.end_at, _words(told))


def _was_opened_early(told: Told) -> bool:
    """Whether exact times that have ended opened it: what is open for the student stays until it is over (R18)."""
    at, row = told.seen.unlock_at, told.row
    if at is None or at > told.campus.now:
        return False
    return Accommodation.objects.filter(student=row.student, assessment=row.assessment, exact_unlock_at=at).exists()


def check_not_early(told: Told) -> None:
    """R12: nobody is shown an exam before the class, unless exact times or an instructor say so, or it is told as held.

    Ours that an instructor put others into stays where nobody may leave it any more (R2), and a person decides. Another
    sitting, which a person confirmed, opens just when it was stated; exact times no later than stated.
    """
    due, at = told.due, told.seen.unlock_at
    if due is None or not told.seen.has_it:
        return
    is_still_shut = at is not None and at > told.campus.now and not told.seen.has_submitted
    if due.opens is not None and due.is_sitting and is_still_shut:
        assert at == due.opens, ("I1: another sitting", _words(told))
    if due.opens is not None and not due.is_sitting:
        assert at is None or at <= due.opens, ("I1: opens too late", _words(told))
    is_told = (told.row.status, told.row.reason) == ("held", "shared_override") and "opens before" in told.row.sentence
    if due.has_exact or is_told or _was_opened_early(told):
        return
    firsts = [due.class_dates.unlock, due.without_us.unlock]
    is_early = all(first is not None and (at is None or at < first) for first in firsts)
    is_ahead = any(first is not None and first > told.campus.now for first in firsts)
    assert not (is_early and is_ahead), ("R12: opens early", _words(told))
