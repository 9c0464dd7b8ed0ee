"""People, enrollments, groups and courses (contract 10)."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import CourseState, CourseSummary, EnrollmentFacts, EnrollmentState, PersonFacts, StudentFacts
from canvas_bridge.translate import courses, people
from canvas_bridge.translate.people import students_of, with_groups
from canvas_bridge.wire.courses import Course
from canvas_bridge.wire.groups import Group, Membership
from canvas_bridge.wire.people import Enrollment, User
from canvas_bridge.wire.reading import read, read_list

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
COURSE = {
    "id": 1,
    "name": "Optics",
    "course_code": "PHY 210",
    "workflow_state": "available",
    "time_zone": "America/Denver",
}
TERM = {"id": 4, "name": "Spring", "start_at": "2026-03-01T00:00:00Z", "end_at": "2026-06-01T00:00:00Z"}
OWN_END = {"end_at": "2026-05-01T00:00:00Z"}


def course_summary(value: object) -> CourseSummary:
    return courses.course_summary(read(Course, value))


def person(value: object) -> PersonFacts:
    return people.person(read(User, value))


def enrollment(value: object) -> EnrollmentFacts:
    return people.enrollment(read(Enrollment, value))


def group_members(value: object) -> tuple[int, frozenset[int] | None]:
    return people.group_members(read(Group, value))


def one_enrollment(
    user_id: int = 5,
    *,
    section_id: int = 7,
    course_id: int = 1,
    role: str = "StudentEnrollment",
    state: EnrollmentState = EnrollmentState.ACTIVE,
) -> EnrollmentFacts:
    return EnrollmentFacts(user_id * 100 + section_id, user_id, course_id, section_id, role, state)


def test_a_course_over_by_date_is_bound_by_its_term() -> None:
    found = course_summary({**COURSE, **OWN_END, "enrollment_term_id": 4, "term": TERM})

    assert (found.term_name, found.term_starts_at, found.term_ends_at) == ("Spring", MARCH, JUNE)
    assert (found.starts_at, found.ends_at) == (MARCH, JUNE)


def test_the_courses_own_end_binds_only_where_the_course_restricts_to_it() -> None:
    found = course_summary({**COURSE, **OWN_END, "term": TERM, "restrict_enrollments_to_course_dates": True})

    assert found.ends_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert found.starts_at is None


def test_the_terms_dates_for_students_come_before_its_own() -> None:
    term = TERM | {"overrides": {"StudentEnrollment": {"start_at": None, "end_at": "2026-05-15T00:00:00Z"}}}

    assert course_summary({**COURSE, "term": term}).ends_at == datetime(2026, 5, 15, tzinfo=UTC)


def test_a_nickname_of_the_tokens_user_is_not_the_courses_name() -> None:
    assert course_summary({**COURSE, "name": "my favourite", "original_name": "Optics"}).name == "Optics"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("available", CourseState.AVAILABLE),
        ("claimed", CourseState.UNPUBLISHED),
        ("unpublished", CourseState.UNPUBLISHED),
        ("completed", CourseState.COMPLETED),
    ],
)
def test_states_of_a_course_are_understood(word: str, state: CourseState) -> None:
    assert course_summary({**COURSE, "workflow_state": word}).state is state


def test_f16_an_unknown_state_of_a_course_is_a_contract_error() -> None:
    with pytest.raises(CanvasContractError, match="course 1: workflow_state"):
        course_summary({**COURSE, "workflow_state": "frozen"})


def test_sis_keys_may_be_absent() -> None:
    found = person({"id": 5, "name": "Amara Okonkwo"})

    assert (found.canvas_user_id, found.sis_user_id, found.login_id) == (5, None, None)


def test_r17_a_person_shows_no_name_in_its_repr() -> None:
    found = person({"id": 5, "name": "Amara Okonkwo", "sis_user_id": "S-1", "login_id": "amara"})

    assert repr(found) == "PersonFacts(canvas_user_id=5)"


def test_an_enrollment_is_read() -> None:
    found = enrollment(
        {
            "id": 507,
            "user_id": 5,
            "course_id": 1,
            "course_section_id": 7,
            "type": "StudentEnrollment",
            "enrollment_state": "active",
            "limit_privileges_to_course_section": False,
        }
    )

    assert found == one_enrollment()


def test_f16_an_unknown_state_of_an_enrollment_is_a_contract_error() -> None:
    with pytest.raises(CanvasContractError, match="enrollment_state"):
        enrollment(
            {"id": 1, "user_id": 5, "course_id": 1, "course_section_id": 7, "type": "x", "enrollment_state": "y"}
        )


def test_f26_a_student_with_two_sections_appears_once_with_both() -> None:
    students = students_of(
        1,
        [
            one_enrollment(section_id=8, state=EnrollmentState.COMPLETED),
            one_enrollment(section_id=7),
            one_enrollment(section_id=7),
            one_enrollment(6, role="TeacherEnrollment"),
            one_enrollment(9, course_id=2),
        ],
    )

    assert students == (StudentFacts(5, sections=((7, EnrollmentState.ACTIVE), (8, EnrollmentState.COMPLETED))),)


def test_groups_are_those_that_list_the_student() -> None:
    students = with_groups((StudentFacts(5), StudentFacts(6)), {3: frozenset({5}), 4: frozenset({5, 6})})

    assert [student.canvas_group_ids for student in students] == [frozenset({3, 4}), frozenset({4})]


def test_a_group_whose_members_were_not_all_listed_has_to_be_read() -> None:
    assert group_members({"id": 3, "users": [{"id": 5}], "members_count": 1}) == (3, frozenset({5}))
    assert group_members({"id": 3, "users": [{"id": 5}], "members_count": 1001}) == (3, None)
    assert group_members({"id": 3, "members_count": 1}) == (3, None)


def test_only_accepted_memberships_count() -> None:
    memberships = [
        {"id": 1, "group_id": 3, "user_id": 5, "workflow_state": "accepted"},
        {"id": 2, "group_id": 3, "user_id": 6, "workflow_state": "invited"},
    ]

    assert people.member_ids(read_list(Membership, memberships)) == frozenset({5})
