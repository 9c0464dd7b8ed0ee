"""Which students have a submission row, and in which of their enrollments a list finds them (contract 10.7.9, 14.3)."""

from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Enrollment
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.enrollment import is_over_by_date, student_enrollments
from canvas_bridge.sandbox.store import Store


def has_row(store: Store, assignment: Assignment, user_id: int) -> bool:
    """Whether the student has a row: who is no longer assigned has none, whose enrollments have ended keeps it."""
    enrollments = student_enrollments(store, assignment.course_id, user_id)
    if not enrollments:
        return False
    if is_assigned(store, assignment, user_id):
        return True
    is_over = all(one.workflow_state == "completed" for one in enrollments)
    return is_over and store.submissions.first("assignment_user", (assignment.id, user_id)) is not None


def who_hands_in(store: Store, assignment: Assignment, user_id: int) -> list[int]:
    """Return whose work a student hands in: of a group assignment that of the whole group, the student first."""
    mates: list[int] = []
    for membership in store.memberships.where("user", user_id):
        group = store.groups[membership.group_id]
        is_theirs = membership.workflow_state == "accepted" and group.workflow_state == "available"
        if is_theirs and group.category_id == assignment.group_category_id:
            rows = store.memberships.where("group", group.id)
            mates += [one.user_id for one in rows if one.workflow_state == "accepted"]
    return list(dict.fromkeys([user_id, *mates]))


def is_in_state(store: Store, enrollment: Enrollment, wanted: str, *, by_date: bool) -> bool:
    """Whether an enrollment is `active` or `concluded`; by date, one that is over counts as concluded."""
    is_over = by_date and is_over_by_date(store, enrollment)
    is_concluded = enrollment.workflow_state == "completed" or (enrollment.workflow_state == "active" and is_over)
    return is_concluded if wanted == "concluded" else enrollment.workflow_state == "active" and not is_concluded
