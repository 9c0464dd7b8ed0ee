"""Planning from what was last read of a course: for previews, and for a first status before Canvas is asked again."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from accommodations.codec import change_to_stored, from_stored
from accommodations.errors import WORDS_FOR_401, WORDS_FOR_SET_ASIDE
from accommodations.models import (
    Assessment,
    CanvasConnection,
    Course,
    CourseSnapshot,
    Enrollment,
    PairStatus,
    SetAside,
    Student,
    SyncAction,
)
from accommodations.planning.plan import LedgerExtension, PreviousFailure
from accommodations.planning.statuses import Reason
from accommodations.selectors.rules import (
    concerned_students,
    enrollment_facts,
    enrollments_to_plan,
    planning_inputs,
    stored_failures,
)
from accommodations.selectors.standing import unheard_actions
from accommodations.services.guarded_plans import plan_guarded
from accommodations.services.statuses import Seen, write_statuses
from canvas_bridge.facts import CourseFacts, EnrollmentState, ObservedExtension, StudentFacts

STOPPING_WORDS = (WORDS_FOR_401, WORDS_FOR_SET_ASIDE)


def facts_for(course: Course, student: Student) -> CourseFacts | None:
    """Return the last facts of the course for this student alone; a newly enrolled one is added from the mirror."""
    courses = Course.objects.filter(pk=course.pk).select_related("snapshot")
    enrollments = enrollments_to_plan([course], student=student)
    return facts_of_courses(courses, student, enrollments).get(course)


def facts_of_courses(
    courses: Iterable[Course], student: Student, enrollments: Iterable[Enrollment]
) -> dict[Course, CourseFacts]:
    """Return the same for each course that was ever read; the courses come with their snapshots."""
    sections: dict[int, list[tuple[int, EnrollmentState]]] = {}
    for row in enrollments:
        sections.setdefault(row.course_id, []).append((row.canvas_section_id, EnrollmentState(row.state)))
    found = {}
    for course in courses:
        snapshot = getattr(course, "snapshot", None)
        if snapshot is not None:
            facts = from_stored(CourseFacts, snapshot.facts)
            known = [one for one in facts.students if one.canvas_user_id == student.canvas_user_id]
            mirrored = StudentFacts(student.canvas_user_id, sections=tuple(sections.get(course.pk, ())))
            found[course] = replace(facts, students=tuple(known or [mirrored]))
    return found


def as_if_read(facts: CourseFacts, ours: Iterable[LedgerExtension]) -> CourseFacts:
    """Return the facts with what was not read taken to be as we left it: our own values, else none; nothing handed in.

    For a preview alone, which must name a plan without asking Canvas: a sync reads before it plans.
    """
    keys = frozenset(assessment.key for assessment in facts.assessments)
    unread = keys - facts.extensions_read
    students = {student.canvas_user_id for student in facts.students}
    left_by_us = tuple(
        ObservedExtension(one.assessment_key, one.canvas_user_id, one.put_minutes or 0, one.put_attempts or 0)
        for one in ours
        if one.assessment_key in unread and one.canvas_user_id in students
    )
    return replace(
        facts,
        extensions=(*facts.extensions, *left_by_us),
        extensions_read=keys,
        submissions_read=keys,
    )


def foresee_statuses(student: Student, courses: Iterable[Course]) -> None:
    """Write the student's statuses as the recorded decisions make them, so that no new grant is invisible.

    What is not in Canvas yet shows as *waiting* from this moment on (as *failed* while Canvas refuses the token); the
    sync that follows reads Canvas and decides.
    """
    for course in courses:
        facts = facts_for(course, student)
        if facts is not None:
            _write(course, facts, _failures(course, facts), students=[student], only=[student])


def tell_token_refused(course: Course) -> None:
    """Show every pair of the course that has something to be sent as *failed*: nothing is sent with a refused token."""
    _write_all(course)


def show_whether_set_aside(course: Course) -> None:
    """Show what the course has to be sent as *failed* while it is set aside, and as *waiting* again afterwards."""
    _write_all(course)


def tell_token_refused_everywhere() -> None:
    """Do the same for every course in which a pair waits for something planned."""
    waiting = PairStatus.objects.filter(reason=Reason.PLANNED.value)
    for course in Course.objects.filter(pk__in=waiting.values("course")):
        _write_all(course)


def forget_token_refused() -> None:
    """Show as *waiting* again what had failed for the token alone, now that there is a new one."""
    failed = PairStatus.objects.filter(reason=Reason.UNREACHABLE.value, failure_message=WORDS_FOR_401)
    for course in Course.objects.filter(pk__in=failed.values("course")):
        _write_all(course)


def _write_all(course: Course) -> None:
    snapshot = CourseSnapshot.objects.filter(course=course).first()
    if snapshot is None:
        return
    facts = from_stored(CourseFacts, snapshot.facts)
    students = list(concerned_students(course))
    read = {one.canvas_user_id for one in facts.students}
    unread = [_enrolled(course, student) for student in students if student.canvas_user_id not in read]
    facts = replace(facts, students=(*facts.students, *unread))
    _write(course, facts, _failures(course, facts), students=students)


def _enrolled(course: Course, student: Student) -> StudentFacts:
    sections = tuple((one.canvas_section_id, one.state) for one in enrollment_facts(course, [student]))
    return StudentFacts(canvas_user_id=student.canvas_user_id, sections=sections)


def _failures(course: Course, facts: CourseFacts) -> dict[tuple[int, str], PreviousFailure]:
    """Return the failures that stand; with a refused token each pair with something unsent is one of them."""
    failures = {key: one for key, one in stored_failures(course).items() if one.message not in STOPPING_WORDS}
    words = _what_stops(course)
    if not words:
        return failures
    plan = plan_guarded(course, planning_inputs(course, facts, now=timezone.now()))
    since = [
        (row.student.canvas_user_id, row.assessment.key, row.action["change"])
        for row in SyncAction.objects.filter(
            course_sync__course=course, status=SyncAction.Status.APPLIED, ended_at__gt=facts.read_at
        ).select_related("student", "assessment")
    ]
    for action in plan.actions:
        key = (action.canvas_user_id, action.assessment_key)
        if (*key, change_to_stored(action.change)) not in since:
            failures.setdefault(key, PreviousFailure(*key, reason=Reason.UNREACHABLE, message=words))
    for row in (
        unheard_actions().filter(course_sync__course=course).exclude(message="").select_related("student", "assessment")
    ):
        key = (row.student.canvas_user_id, row.assessment.key)
        failures[key] = PreviousFailure(*key, reason=Reason.UNREACHABLE, message=row.message)
    return failures


def _what_stops(course: Course) -> str:
    """Return the words for why nothing is sent to the course at all; none where nothing stops it."""
    if _is_token_refused():
        return WORDS_FOR_401
    is_set_aside = SetAside.objects.filter(course=course, released_at=None).exists()
    return WORDS_FOR_SET_ASIDE if is_set_aside else ""


def _is_token_refused() -> bool:
    # As `connections.current_connection` chooses; that module cannot be asked here, since it tells of new tokens.
    connection = CanvasConnection.objects.order_by("is_from_environment", "-pk").first()
    return connection is not None and connection.is_token_refused


def _write(
    course: Course,
    facts: CourseFacts,
    failures: dict[tuple[int, str], PreviousFailure],
    *,
    students: Iterable[Student],
    only: Iterable[Student] | None = None,
) -> None:
    now = timezone.now()
    plan = plan_guarded(course, planning_inputs(course, facts, now=now, failures=tuple(failures.values())))
    rows = {student.canvas_user_id: student for student in students}
    plan = replace(plan, pairs=tuple(pair for pair in plan.pairs if pair.canvas_user_id in rows))
    seen = Seen(
        read_at=facts.read_at,
        now=now,
        students=rows,
        assessments={row.key: row for row in Assessment.objects.filter(course=course)},
        failures={key: failure.message for key, failure in failures.items()},
    )
    write_statuses(course, plan, seen, only=only)
