"""Who is a student of a course, in which sections and groups, and from when until when (contract 10.7.2)."""

from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.store import Store

STUDENT_TYPES = ("StudentEnrollment", "StudentViewEnrollment")
INSTRUCTOR_TYPES = ("TeacherEnrollment", "TaEnrollment", "DesignerEnrollment")
CURRENT_STATES = ("active", "invited", "creation_pending")


@dataclass(frozen=True)
class Span:
    """A stretch of time; None is an open side."""

    start_at: datetime | None
    end_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return not self.is_before(at) and not self.is_over(at)

    def is_before(self, at: datetime) -> bool:
        """Whether it has not begun yet."""
        return self.start_at is not None and at < self.start_at

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended."""
        return self.end_at is not None and at > self.end_at


def student_enrollments(store: Store, course_id: int, user_id: int) -> list[Enrollment]:
    """Return a person's enrollments as a student of a course, neither deleted nor rejected; concluded ones count."""
    found = store.enrollments.where("course_user", (course_id, user_id))
    return [one for one in found if one.type in STUDENT_TYPES and one.workflow_state not in ("deleted", "rejected")]


def is_student(store: Store, course_id: int, user_id: int) -> bool:
    """Whether the person is a student of the course in any state but deleted and rejected."""
    return bool(student_enrollments(store, course_id, user_id))


def has_left(store: Store, course_id: int, user_id: int) -> bool:
    """Whether the last of the person's enrollments as a student has been deleted (6.8)."""
    found = store.enrollments.where("course_user", (course_id, user_id))
    return all(one.workflow_state == "deleted" for one in found if one.type in STUDENT_TYPES)


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
    span = participation_spans(store, enrollment)[0]
    return span.start_at, span.end_at


def participation_spans(store: Store, enrollment: Enrollment) -> list[Span]:
    """Return when an enrollment counts, in one stretch or (an instructor's) also within the term's dates."""
    if enrollment.start_at and enrollment.end_at:
        return [Span(enrollment.start_at, enrollment.end_at)]
    section = store.sections[enrollment.section_id]
    course = store.courses[enrollment.course_id]
    of_term = _term_span(store, course, enrollment.type)
    if section.restrict_enrollments_to_section_dates:
        own = Span(section.start_at, section.end_at)
    elif course.restrict_enrollments_to_course_dates:
        own = Span(course.start_at, course.end_at)
    else:
        return [of_term]
    return [own, of_term] if enrollment.type in INSTRUCTOR_TYPES else [own]


def _term_span(store: Store, course: Course, enrollment_type: str) -> Span:
    """Return the term's dates, each replaced by the one that the term has for the type."""
    term = store.terms[course.term_id]
    dates = term.overrides.get(enrollment_type)
    if dates is None:
        return Span(term.start_at, term.end_at)
    return Span(dates.start_at or term.start_at, dates.end_at or term.end_at)


def is_over_by_date(store: Store, enrollment: Enrollment) -> bool:
    """Whether every stretch in which the enrollment counts has ended."""
    return all(span.is_over(store.now()) for span in participation_spans(store, enrollment))


def is_still_to_come(store: Store, enrollment: Enrollment) -> bool:
    """Whether the enrollment does not count yet, but will."""
    spans = participation_spans(store, enrollment)
    is_running = any(span.holds(store.now()) for span in spans)
    return not is_running and any(span.is_before(store.now()) for span in spans)


def may_take_part(store: Store, enrollment: Enrollment) -> bool:
    """Whether an enrollment lets its person take part now: active, within its dates, in a course that is open."""
    course = store.courses[enrollment.course_id]
    section = store.sections[enrollment.section_id]
    is_open = course.workflow_state == "available" and section.workflow_state == "active"
    is_active = is_open and enrollment.workflow_state == "active"
    return is_active and any(span.holds(store.now()) for span in participation_spans(store, enrollment))


def student_may_take_part(store: Store, course_id: int, user_id: int) -> bool:
    """Whether a person may take part as a student of a course now, by any of their enrollments (10.7.2)."""
    return any(may_take_part(store, one) for one in student_enrollments(store, course_id, user_id))


def validity_end(store: Store, course_id: int, user_id: int) -> datetime | None:
    """Return when the last of the person's active enrollments ends; None when one of them is open."""
    active = [one for one in student_enrollments(store, course_id, user_id) if one.workflow_state == "active"]
    ends = [participation_dates(store, one)[1] for one in active]
    known = [end for end in ends if end is not None]
    return max(known) if ends and len(known) == len(ends) else None
