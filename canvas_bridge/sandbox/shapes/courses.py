"""Courses, terms, sections, enrollments, groups and grading periods in JSON (contract 10.2, 10.7)."""

from typing import Any

from canvas_bridge.sandbox.records.courses import (
    Course,
    Enrollment,
    GradingPeriod,
    Group,
    GroupCategory,
    Membership,
    Section,
    Term,
)
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]

ROLES = {
    "StudentEnrollment": 3,
    "TeacherEnrollment": 4,
    "TaEnrollment": 5,
    "DesignerEnrollment": 6,
    "ObserverEnrollment": 7,
    "StudentViewEnrollment": 3,
}


def course_json(store: Store, course: Course, caller: User, *, with_sis: bool) -> Json:
    """Return a course with the caller's own enrollments."""
    own = store.enrollments.where("course_user", (course.id, caller.id))
    shape: Json = {
        "id": course.id,
        "name": course.name,
        "course_code": course.course_code,
        "account_id": course.account_id,
        "root_account_id": store.account.id,
        "enrollment_term_id": course.term_id,
        "workflow_state": course.workflow_state,
        "created_at": shown(course.created_at),
        "start_at": shown(course.start_at),
        "end_at": shown(course.end_at),
        "restrict_enrollments_to_course_dates": course.restrict_enrollments_to_course_dates,
        "time_zone": course.time_zone,
        "default_view": "modules",
        "is_public": False,
        "grading_standard_id": None,
        "hide_final_grades": False,
        "apply_assignment_group_weights": False,
        "storage_quota_mb": 500,
        "blueprint": course.is_blueprint,
        "template": False,
        "enrollments": [_own_enrollment(one) for one in own if one.workflow_state in ("active", "invited")],
    }
    if with_sis:
        shape |= {"sis_course_id": course.sis_course_id, "integration_id": None}
    return shape


def _own_enrollment(enrollment: Enrollment) -> Json:
    return {
        "type": enrollment.type.removesuffix("Enrollment").lower(),
        "role": enrollment.type,
        "role_id": ROLES.get(enrollment.type),
        "user_id": enrollment.user_id,
        "enrollment_state": enrollment.workflow_state,
    }


def term_json(term: Term, *, with_sis: bool, with_overrides: bool = False) -> Json:
    """Return a term; its overrides name only the types that have a date of their own."""
    shape: Json = {
        "id": term.id,
        "name": term.name,
        "start_at": shown(term.start_at),
        "end_at": shown(term.end_at),
        "created_at": shown(term.created_at),
        "workflow_state": term.workflow_state,
        "grading_period_group_id": None,
    }
    if with_sis:
        shape["sis_term_id"] = term.sis_term_id
    if with_overrides:
        shape["overrides"] = {
            kind: {"start_at": shown(dates.start_at), "end_at": shown(dates.end_at)}
            for kind, dates in term.overrides.items()
            if dates.start_at or dates.end_at
        }
    return shape


def section_json(store: Store, section: Section, *, with_sis: bool) -> Json:
    """Return a section."""
    shape: Json = {
        "id": section.id,
        "name": section.name,
        "course_id": section.course_id,
        "nonxlist_course_id": section.nonxlist_course_id,
        "start_at": shown(section.start_at),
        "end_at": shown(section.end_at),
        "restrict_enrollments_to_section_dates": section.restrict_enrollments_to_section_dates or None,
        "created_at": shown(section.created_at),
    }
    if with_sis:
        course = store.courses[section.course_id]
        shape |= {
            "sis_section_id": section.sis_section_id,
            "sis_course_id": course.sis_course_id,
            "integration_id": None,
        }
    return shape


def enrollment_json(store: Store, enrollment: Enrollment, base_url: str, *, with_sis: bool) -> Json:
    """Return an enrollment; its state is `deleted` where its course or section is."""
    user = store.users[enrollment.user_id]
    shape: Json = {
        "id": enrollment.id,
        "user_id": enrollment.user_id,
        "course_id": enrollment.course_id,
        "course_section_id": enrollment.section_id,
        "type": enrollment.type,
        "role": "StudentEnrollment" if enrollment.type == "StudentViewEnrollment" else enrollment.type,
        "role_id": ROLES.get(enrollment.type),
        "enrollment_state": shown_state(store, enrollment),
        "associated_user_id": enrollment.associated_user_id,
        "limit_privileges_to_course_section": enrollment.limit_privileges_to_course_section,
        "root_account_id": store.account.id,
        "start_at": shown(enrollment.start_at),
        "end_at": shown(enrollment.end_at),
        "created_at": shown(enrollment.created_at),
        "updated_at": shown(enrollment.updated_at),
        "html_url": f"{base_url}/courses/{enrollment.course_id}/users/{enrollment.user_id}",
        "user": {
            "id": user.id,
            "name": user.name,
            "created_at": shown(user.created_at),
            "sortable_name": user.sortable_name,
            "short_name": user.short_name,
        },
    }
    if enrollment.type == "StudentEnrollment":
        shape["grades"] = {"html_url": f"{base_url}/courses/{enrollment.course_id}/grades/{user.id}"}
    return shape | (_sis_keys(store, enrollment, user) if with_sis else {})


def shown_state(store: Store, enrollment: Enrollment) -> str:
    """Return an enrollment's state as Canvas shows it."""
    holders = (store.courses[enrollment.course_id], store.sections[enrollment.section_id])
    is_gone = any(one.workflow_state == "deleted" for one in holders)
    return "deleted" if is_gone else enrollment.workflow_state


def _sis_keys(store: Store, enrollment: Enrollment, user: User) -> Json:
    return {
        "sis_account_id": None,
        "sis_course_id": store.courses[enrollment.course_id].sis_course_id,
        "course_integration_id": None,
        "sis_section_id": store.sections[enrollment.section_id].sis_section_id,
        "section_integration_id": None,
        "sis_user_id": user.sis_user_id,
    }


def group_category_json(category: GroupCategory) -> Json:
    """Return a group set."""
    return {
        "id": category.id,
        "name": category.name,
        "role": None,
        "self_signup": None,
        "group_limit": None,
        "auto_leader": None,
        "context_type": "Course",
        "course_id": category.course_id,
        "protected": False,
        "allows_multiple_memberships": category.non_collaborative,
        "is_member": False,
        "sis_group_category_id": None,
        "non_collaborative": category.non_collaborative,
    }


def group_json(store: Store, group: Group) -> Json:
    """Return a group."""
    members = store.memberships.where("group", group.id)
    category = store.group_categories[group.category_id]
    return {
        "id": group.id,
        "name": group.name,
        "description": None,
        "is_public": False,
        "join_level": "invitation_only",
        "group_category_id": group.category_id,
        "max_membership": None,
        "members_count": sum(one.workflow_state == "accepted" for one in members),
        "created_at": shown(group.created_at),
        "storage_quota_mb": 50,
        "context_type": "Course",
        "course_id": group.course_id,
        "role": None,
        "leader": None,
        "avatar_url": None,
        "has_submission": False,
        "concluded": store.courses[group.course_id].workflow_state == "completed",
        "non_collaborative": category.non_collaborative,
        "sis_group_id": group.sis_group_id,
    }


def membership_json(membership: Membership) -> Json:
    """Return a group membership."""
    return {
        "id": membership.id,
        "group_id": membership.group_id,
        "user_id": membership.user_id,
        "workflow_state": membership.workflow_state,
        "moderator": membership.is_moderator,
        "created_at": shown(membership.created_at),
    }


def grading_period_json(store: Store, period: GradingPeriod, *, is_last: bool, may_manage: bool) -> Json:
    """Return a grading period; its id as text or (switch 12) as a number."""
    return {
        "id": str(period.id) if store.switches.grading_period_ids == "text" else period.id,
        "title": period.title,
        "start_date": shown(period.start_date),
        "end_date": shown(period.end_date),
        "close_date": shown(period.close_date),
        "weight": period.weight,
        "is_last": is_last,
        "is_closed": store.now() > period.close_date,
        "permissions": {"read": True, "create": False, "update": may_manage, "delete": may_manage},
    }
