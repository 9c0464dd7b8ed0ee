"""Who may see or do what, as functions of (user, object). Views ask here or get objects from selectors that do."""

from accommodations.models import Accommodation, Course, PairStatus, Student
from accommodations.planning.statuses import Reason, Status
from accommodations.roles import ADMINISTRATOR, AUDITOR, COORDINATOR, DIRECTOR, INSTRUCTOR, STUDENT
from accommodations.selectors.pair_words import INSTRUCTOR as INSTRUCTOR_AUDIENCE
from accommodations.selectors.pair_words import OFFICE
from accommodations.selectors.pair_words import STUDENT as STUDENT_AUDIENCE
from accommodations.selectors.visibility import (
    Viewer,
    courses_visible_to,
    pairs_visible_to,
    sees_all_students,
    students_visible_to,
)

_ROLE_BY_PERMISSION = (
    ("manage_connection", ADMINISTRATOR),
    ("approve_accommodation", DIRECTOR),
    ("record_accommodation", COORDINATOR),
    ("see_all_students", AUDITOR),
    ("see_taught_students", INSTRUCTOR),
    ("see_self", STUDENT),
)


def has(user: Viewer, codename: str) -> bool:
    """Whether the person's role carries the permission."""
    return user.has_perm(f"accommodations.{codename}")


def role_of(user: Viewer) -> str:
    """Return the word for the person's role, told by its strongest permission; empty where there is none."""
    return next((role for codename, role in _ROLE_BY_PERMISSION if has(user, codename)), "")


def is_staff_of_office(user: Viewer) -> bool:
    """Whether pages speak to the person as to the office (nine statuses, all numbers)."""
    return sees_all_students(user)


def audience_of(user: Viewer) -> str:
    """Return for whom a status is put into words: office, instructor or student."""
    if is_staff_of_office(user):
        return OFFICE
    return INSTRUCTOR_AUDIENCE if has(user, "see_taught_students") else STUDENT_AUDIENCE


def may_see_student(user: Viewer, student: Student) -> bool:
    """Whether the person may open the student's record."""
    return students_visible_to(user).filter(pk=student.pk).exists()


def may_see_course(user: Viewer, course: Course) -> bool:
    """Whether the course exists for the person."""
    return courses_visible_to(user).filter(pk=course.pk).exists()


def may_see_pair(user: Viewer, pair: PairStatus) -> bool:
    """Whether the pair exists for the person."""
    return pairs_visible_to(user).filter(pk=pair.pk).exists()


def may_see_notes(user: Viewer, accommodation: Accommodation) -> bool:
    """Whether the person may read the private note of this accommodation."""
    return has(user, "see_notes") and may_see_student(user, accommodation.student)


def may_approve(user: Viewer, *, two_people: bool) -> bool:
    """Whether the person may let drafts count: directors; who records may too, where no second person is asked for."""
    return has(user, "approve_accommodation") or (not two_people and has(user, "record_accommodation"))


def may_record_for(user: Viewer, student: Student) -> bool:
    """Whether the person may record, edit and end accommodations of this student."""
    return has(user, "record_accommodation") and may_see_student(user, student)


def may_start_course_sync(user: Viewer, course: Course) -> bool:
    """Whether the person may start a sync of the course: the office any, instructors their own."""
    if has(user, "start_sync"):
        return True
    return has(user, "start_taught_sync") and may_see_course(user, course)


def may_act_on_pair(user: Viewer, pair: PairStatus) -> bool:
    """Whether the person may extend the student's running attempt: the office any, instructors their students'."""
    if has(user, "start_sync"):
        return True
    return has(user, "start_taught_sync") and may_see_pair(user, pair)


def may_settle_pair(user: Viewer, pair: PairStatus) -> bool:
    """Whether the person may write what was done: the office of any such pair, instructors what they did by hand."""
    if not can_be_settled(pair):
        return False
    if has(user, "record_accommodation"):
        return True
    return pair.reason == Reason.OUTSIDE_CANVAS and has(user, "start_taught_sync") and may_see_pair(user, pair)


def may_unsettle_pair(user: Viewer, pair: PairStatus) -> bool:
    """Whether the person may take back what was written: the office any, an instructor what they wrote themself."""
    if pair.settled_at is None or not (pair.status == Status.MISSED or pair.reason == Reason.OUTSIDE_CANVAS):
        return False
    if has(user, "record_accommodation"):
        return True
    return pair.settled_by_id == user.pk and has(user, "start_taught_sync") and may_see_pair(user, pair)


def can_be_settled(pair: PairStatus) -> bool:
    """Whether words of a person end the matter: a missed pair, or one that was given outside Canvas."""
    return pair.settled_at is None and (pair.status == Status.MISSED or pair.reason == Reason.OUTSIDE_CANVAS)
