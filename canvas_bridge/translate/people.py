"""People, their enrollments, and who of a course is in which group."""

from collections.abc import Collection, Iterable, Mapping, Set

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import EnrollmentFacts, EnrollmentState, GroupFacts, PersonFacts, StudentFacts
from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.absent import Absent
from canvas_bridge.wire.groups import Group, Membership
from canvas_bridge.wire.ids import AnyId, CanvasId
from canvas_bridge.wire.people import Enrollment, Profile, User

STUDENT_ROLE = "StudentEnrollment"


def user_id(*, canvas_user_id: int | None = None, sis_user_id: str | None = None, login_id: str | None = None) -> AnyId:
    """Return a person's id by the first one that is given. Raises ValueError if none is."""
    if canvas_user_id is not None:
        return canvas_user_id
    if sis_user_id:
        return CanvasId("sis_user_id", sis_user_id)
    if login_id:
        return CanvasId("sis_login_id", login_id)
    raise ValueError("a person is found by Canvas id, SIS id or login")


def person(user: User) -> PersonFacts:
    """Return one person. SIS id and login are None where the token may not see them (contract 2)."""
    return PersonFacts(
        canvas_user_id=user.id,
        name=shown(user.name),
        sortable_name=shown(user.sortable_name),
        sis_user_id=user.sis_user_id or None,
        login_id=user.login_id or None,
    )


def time_zone(profile: Profile) -> str:
    """Return the time zone of a profile, an IANA name (contract 10.7.7)."""
    if not profile.time_zone:
        raise CanvasContractError("profile: time_zone must be text")
    return profile.time_zone


def enrollment(found: Enrollment) -> EnrollmentFacts:
    """Return one enrollment (contract 10.2)."""
    return EnrollmentFacts(
        canvas_enrollment_id=found.id,
        canvas_user_id=found.user_id,
        canvas_course_id=found.course_id,
        canvas_section_id=found.course_section_id,
        role_type=found.type,
        state=_state(found),
        is_limited_to_section=found.limit_privileges_to_course_section is True,
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


def group_members(group: Group) -> tuple[int, frozenset[int] | None]:
    """Return a group's id and the ids of its users; None where Canvas listed not all of them, or none at all."""
    if isinstance(group.users, Absent):
        return group.id, None
    users = frozenset(user.id for user in group.users)
    is_cut = (group.members_count or 0) > len(users)
    return group.id, None if is_cut else users


def groups_at_work(groups: Iterable[Group], sets: Collection[int | None], user_ids: Set[int]) -> tuple[GroupFacts, ...]:
    """Return the groups of those sets that hold one of the people, with all members as the list names them."""
    found = {group.id: _group(group) for group in groups if group.group_category_id in sets}
    return tuple(found[key] for key in sorted(found) if found[key].canvas_user_ids & user_ids)


def _group(group: Group) -> GroupFacts:
    users = () if isinstance(group.users, Absent) else group.users
    return GroupFacts(
        canvas_group_id=group.id,
        canvas_group_category_id=group.group_category_id if isinstance(group.group_category_id, int) else 0,
        name=shown(group.name),
        canvas_user_ids=frozenset(user.id for user in users),
        member_names=tuple(sorted((user.id, shown(user.name)) for user in users if shown(user.name))),
    )


def member_ids(memberships: Iterable[Membership]) -> frozenset[int]:
    """Return the users of accepted memberships."""
    return frozenset(one.user_id for one in memberships if one.workflow_state == "accepted")


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


def _state(found: Enrollment) -> EnrollmentState:
    try:
        return EnrollmentState(found.enrollment_state)
    except ValueError:
        words = f"enrollment {found.id}: enrollment_state must be a state of an enrollment"
        raise CanvasContractError(words) from None
