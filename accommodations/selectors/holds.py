"""What people hold back, and what the safety guard goes by, as planning is told of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from accommodations.codec import from_stored
from accommodations.models import (
    ConfirmedEnding,
    Course,
    CourseSync,
    GuardStop,
    InstitutionSettings,
    PairHold,
    SyncAction,
)
from accommodations.planning.plan import GuardState, Hold, HoldKind, Values

CONFIRMED_FOR = timedelta(days=1)
"""How long a confirmed revoke counts as one that a person has just confirmed: syncs of all courses are done by then."""
APPROVED_FOR = timedelta(days=7)
"""How long what a director approved may still be carried out."""


def holds_of_courses(courses: Collection[Course]) -> dict[int, list[Hold]]:
    """Return the standing holds by course number."""
    rows = PairHold.objects.filter(assessment__course__in=courses, released_at=None).order_by("pk")
    found: defaultdict[int, list[Hold]] = defaultdict(list)
    for row in rows.select_related("student", "assessment", "held_by"):
        found[row.assessment.course_id].append(hold_of(row))
    return found


def hold_of(row: PairHold) -> Hold:
    """Return a hold as planning sees it."""
    return Hold(
        canvas_user_id=row.student.canvas_user_id,
        assessment_key=row.assessment.key,
        kind=HoldKind(row.kind),
        by=row.held_by.get_full_name() or row.held_by.get_username(),
        reason=row.reason,
        kept=from_stored(Values, row.kept),
    )


def guard_state(course: Course, *, now: datetime, course_sync: CourseSync | None) -> GuardState:
    """Return what the safety guard goes by in this course: limits, and what people have decided already (R16)."""
    institution = InstitutionSettings.current()
    stops = GuardStop.objects.filter(course=course)
    waiting = stops.filter(status=GuardStop.Status.WAITING)
    approved = stops.filter(status=GuardStop.Status.APPROVED, decided_at__gt=now - APPROVED_FOR)
    confirmed = ConfirmedEnding.objects.filter(confirmed_at__gt=now - CONFIRMED_FOR)
    return GuardState(
        percent=institution.guard_percent,
        course_actions=institution.guard_course_actions,
        run_actions=institution.guard_run_actions,
        counted_elsewhere=0 if course_sync is None else _counted_elsewhere(course_sync, now),
        confirmed=frozenset(confirmed.values_list("student__canvas_user_id", "number")),
        approved=_digests(approved),
        stopped=_digests(waiting),
    )


def _digests(stops: Collection[GuardStop]) -> frozenset[str]:
    return frozenset(action["digest"] for stop in stops for action in stop.actions)


def _counted_elsewhere(course_sync: CourseSync, now: datetime) -> int:
    """Return how many counted actions the same run has planned or sent in other courses."""
    confirmed = ConfirmedEnding.objects.filter(confirmed_at__gt=now - CONFIRMED_FOR)
    left_out = (SyncAction.Status.DROPPED, SyncAction.Status.HELD)
    rows = SyncAction.objects.filter(course_sync__run=course_sync.run_id, is_shrinking=True)
    rows = rows.exclude(course_sync=course_sync).exclude(status__in=left_out).exclude(action__is_expected=True)
    return rows.exclude(student__in=confirmed.values("student")).count()
