"""What people hold back, and what the safety guard goes by, as planning is told of it."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accommodations.codec import from_stored
from accommodations.models import (
    ConfirmedEnding,
    Course,
    CourseSync,
    GuardStop,
    InstitutionSettings,
    SyncAction,
)
from accommodations.planning.plan import GuardState, PlannedAction

CONFIRMED_FOR = timedelta(days=1)
"""How long a confirmed revoke counts as one that a person has just confirmed: syncs of all courses are done by then."""
APPROVED_FOR = timedelta(days=7)
"""How long what a director approved may still be carried out."""
STATUSES_SENT = (SyncAction.Status.STARTED, SyncAction.Status.APPLIED, SyncAction.Status.UNKNOWN)
STATUSES_LET_PASS = (SyncAction.Status.PLANNED, *STATUSES_SENT)


def guard_state(course: Course, *, now: datetime, course_sync: CourseSync | None) -> GuardState:
    """Return what the safety guard goes by in this course: limits, and what people have decided already (R16)."""
    institution = InstitutionSettings.current()
    waiting = GuardStop.objects.filter(course=course, status=GuardStop.Status.WAITING)
    confirmed = ConfirmedEnding.objects.filter(confirmed_at__gt=now - CONFIRMED_FOR)
    return GuardState(
        percent=institution.guard_percent,
        course_actions=institution.guard_course_actions,
        run_actions=institution.guard_run_actions,
        counted_elsewhere=0 if course_sync is None else counted_elsewhere(course_sync, now=now),
        confirmed=frozenset(confirmed.values_list("student__canvas_user_id", "number")),
        approved=_digests(_approved(now).filter(course=course)),
        stopped=_digests(waiting),
    )


def counted_elsewhere(course_sync: CourseSync, *, now: datetime) -> int:
    """Return how many counted actions the same run has let pass, or stopped for being too many, beside a plan of now.

    What it stopped by its own limit still counts: the rest of the run, and what of it waits to be applied, is stopped
    as well. What one course's own limit stopped holds up no other course.
    """
    return sum(let_pass(course_sync, now=now).values()) + _stopped_by_the_runs_limit(course_sync)


def let_pass(
    course_sync: CourseSync,
    *,
    now: datetime,
    statuses: Collection[str] = STATUSES_LET_PASS,
    sent_next: Collection[int] = (),
) -> dict[Course, int]:
    """Return by course of the run how many counted actions were planned or sent, by default, and not stopped.

    Of the course itself only what was sent, since its plan is being made, and the rows that are `sent_next`.
    """
    its_plan = Q(course_sync=course_sync, status=SyncAction.Status.PLANNED)
    rows = SyncAction.objects.filter((Q(status__in=statuses) & ~its_plan) | Q(pk__in=sent_next))
    rows = rows.filter(course_sync__run=course_sync.run_id, is_shrinking=True).exclude(action__is_expected=True)
    listed = list(rows.select_related("course_sync__course").order_by("pk"))
    if not listed:
        return {}
    approved, confirmed = _digests(_approved(now)), _confirmed_students(listed, now)
    # Sent again because nobody heard the outcome, it is the same change.
    counted = {
        (row.student_id, row.assessment_id, repr(row.action["change"])): row.course_sync.course
        for row in listed
        if row.student_id not in confirmed
        and not (approved and from_stored(PlannedAction, row.action).digest in approved)
    }
    return dict(Counter(counted.values()))


def _confirmed_students(rows: Iterable[SyncAction], now: datetime) -> set[int]:
    """Return the students whose ending was confirmed, where the run takes back no more than the page had named."""
    pairs = {(row.student_id, row.assessment_id) for row in rows}
    number_of = Counter(student for student, _ in pairs)
    confirmed = ConfirmedEnding.objects.filter(confirmed_at__gt=now - CONFIRMED_FOR, student__in=set(number_of))
    return {student for student, number in confirmed.values_list("student", "number") if number_of[student] <= number}


def _stopped_by_the_runs_limit(course_sync: CourseSync) -> int:
    """Return how many actions of other courses were stopped in this run though their course alone allowed them."""
    institution = InstitutionSettings.current()
    stops = GuardStop.objects.filter(run=course_sync.run_id, status=GuardStop.Status.WAITING)
    return sum(
        len(stop.actions)
        for stop in stops.exclude(course=course_sync.course_id)
        if len(stop.actions) <= institution.guard_course_actions
        or 100 * stop.pair_count <= institution.guard_percent * stop.grant_count
    )


def is_within_the_runs_limit(course_sync: CourseSync, sent_next: Collection[int], *, now: datetime) -> bool:
    """Whether all that the run has sent so far, with these rows of the course, is no more than its limit."""
    sent = let_pass(course_sync, now=now, statuses=STATUSES_SENT, sent_next=sent_next)
    return sum(sent.values()) <= InstitutionSettings.current().guard_run_actions


def _approved(now: datetime) -> QuerySet[GuardStop]:
    return GuardStop.objects.filter(status=GuardStop.Status.APPROVED, decided_at__gt=now - APPROVED_FOR)


def _digests(stops: Iterable[GuardStop]) -> frozenset[str]:
    return frozenset(action["digest"] for stop in stops for action in stop.actions)
