"""Planning from what was last read of a course: for previews, and for a first status before Canvas is asked again."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from accommodations.codec import from_stored
from accommodations.models import Assessment, Course, CourseSnapshot, LedgerEntry, Student
from accommodations.planning.plan import LedgerExtension
from accommodations.planning.planner import plan_course
from accommodations.selectors.rules import enrollment_facts, planning_inputs, standing_ledger, stored_failures
from accommodations.services.statuses import Seen, write_statuses
from canvas_bridge.facts import CourseFacts, ObservedExtension, StudentFacts


def facts_for(course: Course, student: Student) -> CourseFacts | None:
    """Return the last facts of the course for this student alone; a newly enrolled one is added from the mirror."""
    snapshot = CourseSnapshot.objects.filter(course=course).first()
    if snapshot is None:
        return None
    facts = from_stored(CourseFacts, snapshot.facts)
    known = [one for one in facts.students if one.canvas_user_id == student.canvas_user_id]
    sections = tuple((one.canvas_section_id, one.state) for one in enrollment_facts(course, [student]))
    here = known or [StudentFacts(canvas_user_id=student.canvas_user_id, sections=sections)]
    return replace(facts, students=tuple(here))


def as_if_read(course: Course, facts: CourseFacts) -> CourseFacts:
    """Return the facts with what was not read taken to be as we left it: our own values, else none; nothing handed in.

    For a preview alone, which must name a plan without asking Canvas: a sync reads before it plans.
    """
    keys = frozenset(assessment.key for assessment in facts.assessments)
    unread = keys - facts.extensions_read
    students = {student.canvas_user_id for student in facts.students}
    ours = [
        from_stored(LedgerExtension, row.value)
        for row in standing_ledger(course).filter(part=LedgerEntry.Part.EXTENSION)
    ]
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

    What is not in Canvas yet shows as *waiting* from this moment on; the sync that follows reads Canvas and decides.
    """
    now = timezone.now()
    for course in courses:
        facts = facts_for(course, student)
        if facts is None:
            continue
        failures = stored_failures(course)
        plan = plan_course(planning_inputs(course, facts, now=now, failures=tuple(failures.values())))
        seen = Seen(
            read_at=facts.read_at,
            now=now,
            students={student.canvas_user_id: student},
            assessments={row.key: row for row in Assessment.objects.filter(course=course)},
            failures={key: failure.message for key, failure in failures.items()},
        )
        write_statuses(course, plan, seen, only=[student])
