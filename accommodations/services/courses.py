"""The mirror of Canvas's courses, terms and assessments."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accommodations.codec import from_stored, to_stored
from accommodations.models import Assessment, CanvasConnection, Course, Term
from accommodations.services import connections
from canvas_bridge.facts import AssessmentFacts, CourseState, CourseSummary, GradingPeriod
from canvas_bridge.gateway import CanvasGateway

CATALOGUE_AGE = timedelta(hours=1)
STILL_CHANGING = timedelta(days=60)
"""So long after a term's end its grading periods are still read: late work is graded then."""
NAME_LENGTH = 255


def refresh_courses(gateway: CanvasGateway | None = None) -> int:
    """Read the account's list of courses into the mirror and return how many there are."""
    connection = connections.usable_connection()
    gateway = gateway or connections.gateway_for(connection)
    summaries = gateway.list_courses()
    now = timezone.now()
    for summary in summaries:
        store_course(summary, read_at=now)
    _refresh_grading_periods(summaries, gateway)
    CanvasConnection.objects.filter(pk=connection.pk).update(courses_read_at=now)
    return len(summaries)


def _refresh_grading_periods(summaries: Iterable[CourseSummary], gateway: CanvasGateway) -> None:
    """Read the grading periods of each running term that has a set of them, through one of its courses.

    Courses that have periods of their own, which Canvas no longer offers, are left to Canvas's own flag.
    """
    now, without = timezone.now(), []
    one_of_term: dict[int, CourseSummary] = {}
    for summary in summaries:
        if summary.canvas_term_id is None:
            continue
        if not summary.term_has_grading_periods:
            without.append(summary.canvas_term_id)
        elif summary.term_ends_at is None or summary.term_ends_at > now - STILL_CHANGING:
            one_of_term.setdefault(summary.canvas_term_id, summary)
    Term.objects.filter(canvas_term_id__in=without).exclude(grading_periods=None).update(grading_periods=None)
    for canvas_term_id, summary in sorted(one_of_term.items()):
        periods = gateway.read_grading_periods(summary.canvas_course_id)
        stored = [to_stored(period) for period in periods]
        Term.objects.filter(canvas_term_id=canvas_term_id).update(grading_periods=stored)


def refresh_courses_if_old(connection: CanvasConnection, gateway: CanvasGateway) -> None:
    """Read the list of courses where it was last read more than an hour ago."""
    read_at = connection.courses_read_at
    if read_at is None or timezone.now() - read_at > CATALOGUE_AGE:
        refresh_courses(gateway)


@transaction.atomic
def store_course(summary: CourseSummary, *, read_at: datetime) -> Course:
    """Write one course, and its term, into the mirror."""
    course, _ = Course.objects.update_or_create(
        canvas_course_id=summary.canvas_course_id,
        defaults={
            "name": summary.name[:NAME_LENGTH],
            "course_code": summary.course_code[:NAME_LENGTH],
            "sis_course_id": summary.sis_course_id or "",
            "state": summary.state.value,
            "time_zone": summary.time_zone,
            "term": _store_term(summary),
            "starts_at": summary.starts_at,
            "ends_at": summary.ends_at,
            "read_at": read_at,
            **_department(summary),
        },
    )
    return course


def _department(summary: CourseSummary) -> dict[str, object]:
    """Return the account of the course; its name, where this answer has none, as the list last gave it."""
    found: dict[str, object] = {"canvas_account_id": summary.canvas_account_id}
    if summary.account_name or summary.canvas_account_id is None:
        return {**found, "department": summary.account_name[:NAME_LENGTH]}
    named = Course.objects.filter(canvas_account_id=summary.canvas_account_id).exclude(department="")
    return {**found, "department": named.values_list("department", flat=True).first() or ""}


def _store_term(summary: CourseSummary) -> Term | None:
    if summary.canvas_term_id is None:
        return None
    term, _ = Term.objects.update_or_create(
        canvas_term_id=summary.canvas_term_id,
        defaults={
            "name": summary.term_name[:NAME_LENGTH],
            "starts_at": summary.term_starts_at,
            "ends_at": summary.term_ends_at,
        },
    )
    return term


def summary_of(course: Course) -> CourseSummary:
    """Return the mirrored course as the bridge knows it."""
    term = course.term
    return CourseSummary(
        canvas_course_id=course.canvas_course_id,
        name=course.name,
        course_code=course.course_code,
        state=CourseState(course.state),
        time_zone=course.time_zone,
        canvas_term_id=term.canvas_term_id if term else None,
        term_name=term.name if term else "",
        term_starts_at=term.starts_at if term else None,
        term_ends_at=term.ends_at if term else None,
        starts_at=course.starts_at,
        ends_at=course.ends_at,
        sis_course_id=course.sis_course_id or None,
        term_has_grading_periods=term is not None and term.grading_periods is not None,
        grading_periods=_grading_periods(course),
        canvas_account_id=course.canvas_account_id,
        account_name=course.department,
    )


def _grading_periods(course: Course) -> tuple[GradingPeriod, ...] | None:
    """Return the periods that hold in the course: its own, else its term's; None where none were read."""
    stored = course.grading_periods
    if stored is None and course.term is not None:
        stored = course.term.grading_periods
    return None if stored is None else tuple(from_stored(GradingPeriod, period) for period in stored)


def courses_known_or_read(canvas_course_ids: Iterable[int], gateway: CanvasGateway) -> dict[int, Course]:
    """Return the courses by Canvas id, reading only those that the mirror does not hold."""
    wanted = set(canvas_course_ids)
    known = {course.canvas_course_id: course for course in Course.objects.filter(canvas_course_id__in=wanted)}
    for canvas_course_id in sorted(wanted - known.keys()):
        summary = gateway.read_course_summary(canvas_course_id)
        known[canvas_course_id] = store_course(summary, read_at=timezone.now())
    return known


def store_assessments(course: Course, assessments: Iterable[AssessmentFacts]) -> dict[str, Assessment]:
    """Write a course's complete list of assessments into the mirror and return them by key.

    What is no longer in the list is marked as deleted; the rows stay, since statuses and the ledger refer to them.
    """
    stored = {row.key: row for row in Assessment.objects.filter(course=course)}
    seen = {}
    for facts in assessments:
        seen[facts.key] = _store_assessment(course, facts, stored.get(facts.key))
    gone = [row.pk for key, row in stored.items() if key not in seen and not row.is_deleted]
    Assessment.objects.filter(pk__in=gone).update(is_deleted=True)
    return stored | seen


def _store_assessment(course: Course, facts: AssessmentFacts, row: Assessment | None) -> Assessment:
    values = {
        "course_id": course.pk,
        "canvas_assignment_id": facts.canvas_assignment_id,
        "canvas_quiz_id": facts.canvas_quiz_id,
        "name": facts.name[:NAME_LENGTH],
        "kind": facts.kind.value,
        "html_url": facts.html_url[:500],
        "is_published": facts.is_published,
        "unlock_at": facts.base_dates.unlock_at,
        "due_at": facts.base_dates.due_at,
        "lock_at": facts.base_dates.lock_at,
        "time_limit_minutes": facts.time_limit_minutes,
        "allowed_attempts": facts.allowed_attempts,
        "is_deleted": False,
    }
    row = row or Assessment(key=facts.key)
    if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return row
