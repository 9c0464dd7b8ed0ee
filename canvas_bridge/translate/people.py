"""People, their enrollments, and who of a course is in which group."""

from collections.abc import Iterable, Mapping

from canvas_bridge.facts import EnrollmentFacts, EnrollmentState, PersonFacts, StudentFacts
from canvas_bridge.wire.fields import JsonObject

STUDENT_ROLE = "StudentEnrollment"


def person(value: object) -> PersonFacts:
    """Return one person. SIS id and login are None where the token may not see them (contract 2)."""
    user = JsonObject(value, "user").named("user")
    return PersonFacts(
        canvas_user_id=user.whole_number("id"),
        name=user.short_text("name"),
        sortable_name=user.short_text("sortable_name"),
        sis_user_id=user.optional_text("sis_user_id"),
        login_id=user.optional_text("login_id"),
    )


def time_zone(value: object) -> str:
    """Return the time zone of a profile, an IANA name (contract 10.7.7)."""
    return JsonObject(value, "profile").text("time_zone")


def enrollment(value: object) -> EnrollmentFacts:
    """Return one enrollment (contract 10.2)."""
    found = JsonObject(value, "enrollment").named("enrollment")
    return EnrollmentFacts(
        canvas_enrollment_id=found.whole_number("id"),
        canvas_user_id=found.whole_number("user_id"),
        canvas_course_id=found.whole_number("course_id"),
        canvas_section_id=found.whole_number("course_section_id"),
        role_type=found.text("type"),
        state=_state(found),
        is_limited_to_section=found.flag("limit_privileges_to_course_section"),
    )


def students_of(canvas_course_id: int, enrollments: Iterable[EnrollmentFacts]) -> tuple[StudentFacts, ...]:
    """Return the students among the enrollments of one course, each once, with all their sections."""
    sections: dict[int, set[tuple[int, EnrollmentState]]] = {}
    for found in enrollments:
        if found.canvas_course_id == canvas_course_id and found.role_type == STUDENT_ROLE:
            sections.setdefault(found.canvas_user_id, set()).add((found.canvas_section_id, found.state))
    return tuple(
        StudentFacts(canvas_user_id=user_id, sections=tuple(sorted(sections[user_id]))) for user_id in sorted(sections)
    )


def group_members(value: object) -> tuple[int, frozenset[int] | None]:
    """Return a group's id and the ids of its users; None where Canvas listed not all of them, or none at all."""
    group = JsonObject(value, "group").named("group")
    if "users" not in group:
        return group.whole_number("id"), None
    users = frozenset(user.whole_number("id") for user in group.objects("users"))
    count = group.optional_whole_number("members_count")
    is_cut = count is not None and count > len(users)
    return group.whole_number("id"), None if is_cut else users


def member_ids(memberships: Iterable[object]) -> frozenset[int]:
    """Return the users of accepted memberships."""
    found = [JsonObject(value, "membership") for value in memberships]
    return frozenset(one.whole_number("user_id") for one in found if one.text("workflow_state") == "accepted")


def with_groups(students: Iterable[StudentFacts], members: Mapping[int, frozenset[int]]) -> tuple[StudentFacts, ...]:
    """Return the students with the groups they are in; `members` maps a group to its users."""
    return tuple(
        StudentFacts(
            canvas_user_id=student.canvas_user_id,
            sections=student.sections,
            canvas_group_ids=frozenset(
                group_id for group_id, user_ids in members.items() if student.canvas_user_id in user_ids
            ),
        )
        for student in students
    )


def _state(found: JsonObject) -> EnrollmentState:
    try:
        return EnrollmentState(found.text("enrollment_state"))
    except ValueError:
        raise found.wrong("enrollment_state", "a state of an enrollment") from None
