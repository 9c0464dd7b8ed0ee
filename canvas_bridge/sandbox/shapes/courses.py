"""Courses, terms, sections and enrollments in JSON (contract 10.2, 10.7.1, 10.7.2, 10.7.4)."""

from typing import Any

from canvas_bridge.sandbox.records.courses import Course, Enrollment, Section, Term
from canvas_bridge.sandbox.records.people import User, opaque_id
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


SHOWN_STATES = ("active", "invited", "completed")
# Keys of a course that the sandbox stores and echoes, with what they are where nobody has set them.
STORED_ONLY: Json = {
    "default_view": "modules",
    "is_public": False,
    "is_public_to_auth_users": False,
    "public_syllabus": False,
    "license": None,
    "grading_standard_id": None,
    "hide_final_grades": False,
    "apply_assignment_group_weights": False,
    "storage_quota_mb": 500,
    "course_format": None,
    "self_enrollment": False,
    "open_enrollment": False,
}


def course_json(store: Store, course: Course, caller: User, base_url: str, *, with_sis: bool) -> Json:
    """Return a course with the caller's own enrollments, under the caller's own name for it."""
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
        "calendar": {"ics": f"{base_url}/feeds/calendars/course_{opaque_id('course', course.id)}.ics"},
        "blueprint": course.is_blueprint,
        "template": False,
        **{name: course.extras.get(name, default) for name, default in STORED_ONLY.items()},
        "enrollments": [_own_enrollment(one) for one in own if one.workflow_state in SHOWN_STATES],
    }
    nickname = caller.course_nicknames.get(str(course.id))
    if nickname:
        shape |= {"name": nickname, "original_name": course.name}
    if with_sis:
        shape |= {"sis_course_id": course.sis_course_id, "integration_id": course.integration_id}
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
        "grading_period_group_id": term.grading_period_set_id,
    }
    if with_sis:
        shape |= {"sis_term_id": term.sis_term_id, "sis_import_id": None}
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
        "restrict_enrollments_to_section_dates": section.restrict_enrollments_to_section_dates,
        "created_at": shown(section.created_at),
    }
    if with_sis:
        course = store.courses[section.course_id]
        shape |= {
            "sis_section_id": section.sis_section_id,
            "sis_course_id": course.sis_course_id,
            "integration_id": section.integration_id,
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
        "role": role_of(enrollment),
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
        shape["grades"] = {
            "html_url": f"{base_url}/courses/{enrollment.course_id}/grades/{user.id}",
            "current_grade": None,
            "current_score": None,
            "final_grade": None,
            "final_score": None,
        }
    return shape | (_sis_keys(store, enrollment, user) if with_sis else {})


def role_of(enrollment: Enrollment) -> str:
    """Return an enrollment's role: there are only the built-in ones, and the test student has the students'."""
    return "StudentEnrollment" if is_test_enrollment(enrollment) else enrollment.type


def is_test_enrollment(enrollment: Enrollment) -> bool:
    """Whether an enrollment is the test student's."""
    return enrollment.type == "StudentViewEnrollment"


def shown_state(store: Store, enrollment: Enrollment) -> str:
    """Return an enrollment's state as Canvas shows it."""
    holders = (store.courses[enrollment.course_id], store.sections[enrollment.section_id])
    is_gone = any(one.workflow_state == "deleted" for one in holders)
    return "deleted" if is_gone else enrollment.workflow_state


def _sis_keys(store: Store, enrollment: Enrollment, user: User) -> Json:
    course = store.courses[enrollment.course_id]
    section = store.sections[enrollment.section_id]
    account = store.sub_accounts.get(course.account_id) or store.account
    return {
        "sis_account_id": account.sis_account_id,
        "sis_course_id": course.sis_course_id,
        "course_integration_id": course.integration_id,
        "sis_section_id": section.sis_section_id,
        "section_integration_id": section.integration_id,
        "sis_user_id": user.sis_user_id,
    }
