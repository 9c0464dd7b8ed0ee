"""Who is a student of a course, in which sections and groups, and until when (contract 10.7.2)."""

from datetime import datetime

from canvas_bridge.sandbox.records.courses import Enrollment
from canvas_bridge.sandbox.store import Store

STUDENT_TYPES = ("StudentEnrollment", "StudentViewEnrollment")
CURRENT_STATES = ("active", "invited", "creation_pending")


def student_enrollments(store: Store, course_id: int, user_id: int) -> list[Enrollment]:
    """Return a person's enrollments as a student of a course that are not deleted; concluded ones count."""
    found = store.enrollments.where("course_user", (course_id, user_id))
    return [one for one in found if one.type in STUDENT_TYPES and one.workflow_state != "deleted"]


def is_student(store: Store, course_id: int, user_id: int) -> bool:
    """Whether the person is a student of the course in any state but deleted."""
    return bool(student_enrollments(store, course_id, user_id))


def is_current_student(store: Store, course_id: int, user_id: int) -> bool:
    """Whether the person is a student now: not completed, inactive, rejected or deleted."""
    return any(one.workflow_state in CURRENT_STATES for one in student_enrollments(store, course_id, user_id))


def has_active_enrollment(store: Store, course_id: int, user_id: int) -> bool:
    """Whether the person has an active enrollment as a student of the course."""
    return any(one.workflow_state == "active" for one in student_enrollments(store, course_id, user_id))


def groups_of(store: Store, course_id: int, user_id: int) -> set[int]:
    """Return the active groups of a course in which the person has an accepted membership."""
    ids = set()
    for membership in store.memberships.where("user", user_id):
        group = store.groups[membership.group_id]
        is_active = group.workflow_state == "available" and membership.workflow_state == "accepted"
        if is_active and group.course_id == course_id:
            ids.add(group.id)
    return ids


def participation_dates(store: Store, enrollment: Enrollment) -> tuple[datetime | None, datetime | None]:
    """Return when a student may take part: own dates, else the section's, the course's, the term's (10.7.2)."""
    if enrollment.start_at and enrollment.end_at:
        return enrollment.start_at, enrollment.end_at
    section = store.sections[enrollment.section_id]
    if section.restrict_enrollments_to_section_dates:
        return section.start_at, section.end_at
    course = store.courses[enrollment.course_id]
    if course.restrict_enrollments_to_course_dates:
        return course.start_at, course.end_at
    term = store.terms[course.term_id]
    dates = term.overrides.get(enrollment.type)
    return (dates.start_at, dates.end_at) if dates else (term.start_at, term.end_at)


def validity_end(store: Store, course_id: int, user_id: int) -> datetime | None:
    """Return when the last of the person's active enrollments ends; None when one of them is open."""
    active = [one for one in student_enrollments(store, course_id, user_id) if one.workflow_state == "active"]
    ends = [participation_dates(store, one)[1] for one in active]
    known = [end for end in ends if end is not None]
    return max(known) if ends and len(known) == len(ends) else None
