"""What ends with an enrollment or a section: places in overrides and groups (contract 6.8, 10.7.4)."""

from canvas_bridge.sandbox.records.courses import Enrollment, Section
from canvas_bridge.sandbox.rules.enrollment import has_left
from canvas_bridge.sandbox.rules.override_saving import drop_student
from canvas_bridge.sandbox.store import Store


def delete_enrollment(store: Store, enrollment: Enrollment) -> None:
    """Delete an enrollment; the last one takes the person out of the course's ad-hoc overrides and groups."""
    enrollment.workflow_state = "deleted"
    enrollment.updated_at = store.now()
    if has_left(store, enrollment.course_id, enrollment.user_id):
        drop_student(store, enrollment.course_id, enrollment.user_id)
    rows = store.enrollments.where("course_user", (enrollment.course_id, enrollment.user_id))
    if all(one.workflow_state == "deleted" for one in rows):
        _leave_groups(store, enrollment.course_id, enrollment.user_id)


def _leave_groups(store: Store, course_id: int, user_id: int) -> None:
    for membership in store.memberships.where("user", user_id):
        if store.groups[membership.group_id].course_id == course_id:
            membership.workflow_state = "deleted"


def drop_section_overrides(store: Store, section: Section) -> None:
    """Delete all overrides of a section for good, in the course in which it is now."""
    for override in store.overrides.where("course", section.course_id):
        is_of_section = (override.set_type, override.set_id) == ("CourseSection", section.id)
        if is_of_section and override.workflow_state == "active":
            override.workflow_state = "deleted"
            override.updated_at = store.now()
