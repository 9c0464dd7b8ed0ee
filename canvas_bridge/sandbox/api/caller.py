"""Who asks, and what they may do (contract 2): account administrator, instructor, student, observer."""

from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES, is_over_by_date
from canvas_bridge.sandbox.store import Store

GRADERS = ("TeacherEnrollment", "TaEnrollment")
INSTRUCTORS = (*GRADERS, "DesignerEnrollment")


class Caller:
    """The user whose token it is (or who is acted for), with rights by role.

    A course that is concluded, by its state or because the caller's dates in it are over, is read-only for instructors.
    """

    def __init__(self, store: Store, user: User) -> None:
        self.store = store
        self.user = user
        self.zone = store.zone_of(user)

    @property
    def is_admin(self) -> bool:
        """Whether the caller administers the account."""
        return self.user.is_account_admin

    def enrollments_in(self, course: Course) -> list[Enrollment]:
        """Return the caller's own enrollments in a course that are neither deleted nor rejected."""
        found = self.store.enrollments.where("course_user", (course.id, self.user.id))
        return [one for one in found if one.workflow_state not in ("deleted", "rejected", "inactive")]

    def _has_role(self, course: Course, types: tuple[str, ...], states: tuple[str, ...] = ("active",)) -> bool:
        own = (one for one in self.enrollments_in(course) if one.type in types)
        return any(self._state_of(one) in states for one in own)

    def _state_of(self, enrollment: Enrollment) -> str:
        """Return an enrollment's state by date: an active one counts as completed when its dates are over (10.7.2)."""
        is_over = enrollment.workflow_state == "active" and is_over_by_date(self.store, enrollment)
        return "completed" if is_over else enrollment.workflow_state

    def is_instructor_of(self, course: Course) -> bool:
        """Whether the caller teaches, assists or designs the course, concluded or not."""
        return self._has_role(course, INSTRUCTORS, ("active", "completed"))

    def is_student_of(self, course: Course) -> bool:
        """Whether the caller is enrolled as a student."""
        return self._has_role(course, STUDENT_TYPES, ("active", "invited", "completed"))

    def sees_as_staff(self, course: Course) -> bool:
        """Whether the caller reads the course as staff do."""
        return self.is_admin or self.is_instructor_of(course)

    def may_read(self, course: Course) -> bool:
        """Whether the caller may read the course; an unpublished one is for staff only."""
        if self.sees_as_staff(course):
            return True
        return bool(self.enrollments_in(course)) and course.workflow_state != "unpublished"

    def may_manage_assignments(self, course: Course) -> bool:
        """Whether the caller may create, edit and delete assignments of the course."""
        return self.is_admin or (course.workflow_state != "completed" and self._has_role(course, INSTRUCTORS))

    def may_manage_grades(self, course: Course) -> bool:
        """Whether the caller may grade in the course."""
        return self.is_admin or (course.workflow_state != "completed" and self._has_role(course, GRADERS))

    def may_view_grades(self, course: Course) -> bool:
        """Whether the caller may see all grades of the course, also of a concluded one."""
        return self.is_admin or self._has_role(course, GRADERS, ("active", "completed"))

    def may_update(self, assignment: Assignment) -> bool:
        """Whether the caller may update one assignment; a moderated one only its final grader or an administrator."""
        course = self.store.courses[assignment.course_id]
        if not self.may_manage_assignments(course):
            return False
        if not assignment.moderated_grading or self.is_admin:
            return True
        return assignment.final_grader_id in (None, self.user.id)

    def may_read_roster(self, course: Course) -> bool:
        """Whether the caller may list the people of a course; students may, by default, observers may not."""
        return self.is_admin or any(one.type != "ObserverEnrollment" for one in self.enrollments_in(course))

    def may_read_sis(self, course: Course | None = None) -> bool:
        """Whether SIS ids are shown to the caller."""
        return self.is_admin or (course is not None and self._has_role(course, GRADERS, ("active", "completed")))

    def visible_sections(self, course: Course) -> set[int] | None:
        """Return the sections to which a section-limited instructor is held; None when there is no limit."""
        if self.is_admin:
            return None
        own = [one for one in self.enrollments_in(course) if one.type in INSTRUCTORS]
        if not own or not all(one.limit_privileges_to_course_section for one in own):
            return None
        return {one.section_id for one in own}

    def sees_student(self, course: Course, user_id: int) -> bool:
        """Whether a student's data is visible to the caller: staff by section, everyone their own."""
        if user_id == self.user.id:
            return True
        if not self.sees_as_staff(course):
            return user_id in self.observed_students(course)
        sections = self.visible_sections(course)
        if sections is None:
            return True
        found = self.store.enrollments.where("course_user", (course.id, user_id))
        return any(one.section_id in sections and one.workflow_state != "deleted" for one in found)

    def observed_students(self, course: Course) -> set[int]:
        """Return the students whom the caller observes in a course."""
        return {
            one.associated_user_id
            for one in self.enrollments_in(course)
            if one.type == "ObserverEnrollment" and one.associated_user_id is not None
        }
