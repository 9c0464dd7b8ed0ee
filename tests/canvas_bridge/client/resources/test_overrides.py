"""Overrides through the typed client (contract 6): absent and null kept apart, targets, batches, redirects."""

import pytest
import responses

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasContractError, CanvasNotFound, CanvasRejected
from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN
from canvas_bridge.wire.ids import CanvasId
from canvas_bridge.wire.overrides import OverrideCreation, OverrideKey, OverrideUpdate, OverrideValues
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, LOCK, Campus

TAKEN = "already belongs to an assignment override"


def for_ana(campus: Campus, **values: object) -> OverrideValues:
    return OverrideValues(student_ids=[campus.ana.id], title="Extra 7KQ2", **values)


def test_contract_6_2_absent_and_null_dates_are_two_things(campus: Campus, admin: CanvasClient) -> None:
    made = admin.overrides.create(
        campus.course.id, campus.essay.id, for_ana(campus, due_at=LATER, lock_at=None, unlock_at=NOT_OVERRIDDEN)
    )
    (listed,) = admin.overrides.list_of_assignment(campus.course.id, campus.essay.id)
    found = admin.overrides.get(campus.course.id, campus.essay.id, made.id)

    assert made == listed == found
    assert (made.due_at, made.lock_at, made.unlock_at) == (LATER, None, NOT_OVERRIDDEN)
    assert (made.student_ids, made.title, made.course_section_id) == ((campus.ana.id,), "Extra 7KQ2", ABSENT)


def test_contract_6_7_an_omitted_date_is_no_longer_overridden(campus: Campus, admin: CanvasClient) -> None:
    made = admin.overrides.create(campus.course.id, campus.essay.id, for_ana(campus, due_at=LATER, lock_at=LATER))

    changed = admin.overrides.update(campus.course.id, campus.essay.id, made.id, OverrideValues(due_at=None))

    assert (changed.due_at, changed.lock_at, changed.unlock_at) == (None, NOT_OVERRIDDEN, NOT_OVERRIDDEN)
    assert changed.student_ids == (campus.ana.id,)
    assert changed.title == "Extra 7KQ2"


def test_contract_6_1_a_deleted_override_is_returned_once(campus: Campus, admin: CanvasClient) -> None:
    made = admin.overrides.create(campus.course.id, campus.essay.id, for_ana(campus, due_at=LATER))

    assert admin.overrides.delete(campus.course.id, campus.essay.id, made.id).due_at == LATER
    with pytest.raises(CanvasNotFound):
        admin.overrides.delete(campus.course.id, campus.essay.id, made.id)


def test_contract_6_3_targets_by_sis_id_where_canvas_takes_them(campus: Campus, admin: CanvasClient) -> None:
    students = OverrideValues(
        student_ids=[CanvasId("sis_user_id", "S-100"), CanvasId("sis_login_id", "bnguyen")], title=None, due_at=LATER
    )
    section = OverrideValues(course_section_id=CanvasId("sis_section_id", "PHY-E"), due_at=LATER)
    everyone = OverrideValues(course_id=campus.course.id, due_at=LATER)

    by_student, by_section, for_everyone = (
        admin.overrides.create(CanvasId("sis_course_id", "PHY-210"), campus.essay.id, values)
        for values in (students, section, everyone)
    )

    assert (set(by_student.student_ids or ()), by_student.title) == ({campus.ana.id, campus.bao.id}, "2 students")
    assert (by_section.course_section_id, by_section.student_ids) == (campus.evening.id, ABSENT)
    assert for_everyone.course_id == campus.course.id


@pytest.mark.parametrize("form", ["self", "sis_integration_id", "lti_user_id"])
def test_contract_1_6_forms_that_canvas_would_call_unknown_are_refused(form: str) -> None:
    student = CanvasId(form) if form == "self" else CanvasId(form, "x")

    with pytest.raises(ValueError, match="takes no"):
        OverrideValues(student_ids=[student], title="x")


def test_contract_6_6_students_without_a_title_would_rename_the_override() -> None:
    with pytest.raises(ValueError, match="title"):
        OverrideValues(student_ids=[1])


@pytest.mark.parametrize("values", [OverrideValues(due_at=DUE), OverrideValues(course_id=1, course_section_id=2)])
def test_a_new_override_has_one_target(campus: Campus, admin: CanvasClient, values: OverrideValues) -> None:
    creation = OverrideCreation(assignment_id=campus.essay.id, values=values)

    with pytest.raises(ValueError, match="exactly one target"):
        admin.overrides.create(campus.course.id, campus.essay.id, values)
    with pytest.raises(ValueError, match="exactly one target"):
        admin.overrides.create_many(campus.course.id, [creation])

    assert campus.asked == []


def test_contract_6_4_a_student_has_one_ad_hoc_override(campus: Campus, admin: CanvasClient) -> None:
    admin.overrides.create(campus.course.id, campus.essay.id, for_ana(campus, due_at=LATER))

    with pytest.raises(CanvasRejected) as raised:
        admin.overrides.create(campus.course.id, campus.essay.id, for_ana(campus, due_at=DUE))

    assert TAKEN in str(raised.value.words)


def test_contract_6_9_batches_are_answered_in_request_order(campus: Campus, admin: CanvasClient) -> None:
    course_id = campus.course.id
    creations = [
        OverrideCreation(
            assignment_id=assignment_id,
            values=OverrideValues(student_ids=[student.id], title="Extra", due_at=LATER, lock_at=LATER),
        )
        for assignment_id, student in ((campus.new_quiz.id, campus.bao), (campus.essay.id, campus.ana))
    ]
    second, first = admin.overrides.create_many(course_id, creations)
    assert [one.assignment_id for one in (second, first)] == [campus.new_quiz.id, campus.essay.id]

    updates = [
        OverrideUpdate(id=one.id, assignment_id=one.assignment_id or 0, values=OverrideValues(lock_at=LOCK))
        for one in (first, second)
    ]
    changed = admin.overrides.update_many(course_id, updates)
    assert [(one.id, one.due_at, one.lock_at) for one in changed] == [
        (first.id, NOT_OVERRIDDEN, LOCK),
        (second.id, NOT_OVERRIDDEN, LOCK),
    ]

    keys = [
        OverrideKey(id=second.id, assignment_id=campus.new_quiz.id),
        OverrideKey(id=999, assignment_id=campus.essay.id),
        OverrideKey(id=first.id, assignment_id=campus.essay.id),
    ]
    found = admin.overrides.get_many(course_id, keys)
    assert [one.id if one else None for one in found] == [second.id, None, first.id]


def test_f19_a_refused_batch_says_which(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_override(campus.essay, students=[campus.bao], due_at=LATER)
    creations = [
        OverrideCreation(
            assignment_id=campus.essay.id, values=OverrideValues(student_ids=[one.id], title="Extra", due_at=DUE)
        )
        for one in (campus.ana, campus.bao)
    ]

    with pytest.raises(CanvasRejected) as raised:
        admin.overrides.create_many(campus.course.id, creations)

    words = raised.value.words
    assert isinstance(words, list)
    assert words[0] is None
    assert TAKEN in str(words[1])


def test_contract_6_1_a_groups_and_a_sections_override_is_found_by_its_redirect(
    campus: Campus, admin: CanvasClient
) -> None:
    category = campus.state.add_group_category(campus.course, "Labs")
    group = campus.state.add_group(category, "Lab 1", campus.ana)
    project = campus.state.add_assignment(campus.course, "Project", due_at=DUE, group_category=category)
    of_group = campus.state.add_override(project, group=group, due_at=LATER)
    of_section = campus.state.add_override(campus.essay, section=campus.evening, due_at=LATER)

    assert admin.overrides.get_for_group(group.id, project.id).id == of_group.id
    assert admin.overrides.get_for_section(CanvasId("sis_section_id", "PHY-E"), campus.essay.id).id == of_section.id
    with pytest.raises(CanvasNotFound):
        admin.overrides.get_for_section(campus.morning.id, campus.essay.id)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.com/api/v1/courses/1/assignments/2/overrides/3",
        "https://canvas.example.edu/login",
        "https://canvas.example.edu/api/v1/users/self",
        "//evil.example.com/api/v1/courses/1/assignments/2/overrides/3",
        "../../../../users/self",
        "https://canvas.example.edu/api/v1/courses/1/assignments/2/overrides/3/../../../../users/self",
        "",
    ],
)
def test_b25_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as canvas:
        path = "https://canvas.example.edu/api/v1/groups/1/assignments/2/override"
        canvas.add("GET", path, status=302, headers={"Location": location})

        with pytest.raises(CanvasContractError):
            CanvasClient.connected_to("https://canvas.example.edu", "t").overrides.get_for_group(1, 2)

        assert len(canvas.calls) == 1


@pytest.mark.parametrize("location", ["https://canvas.example.edu{}", "http://canvas.example.edu:8080{}", "{}"])
def test_a_redirect_on_the_same_host_is_followed_with_scheme_and_port_of_ours(location: str) -> None:
    path = "/api/v1/courses/1/assignments/2/overrides/3"
    with responses.RequestsMock() as canvas:
        headers = {"Location": location.format(path)}
        canvas.add(
            "GET", "https://canvas.example.edu/api/v1/groups/1/assignments/2/override", status=302, headers=headers
        )
        canvas.add("GET", f"https://canvas.example.edu{path}", json={"id": 3, "group_id": 1})

        assert CanvasClient.connected_to("https://canvas.example.edu", "t").overrides.get_for_group(1, 2).id == 3


@pytest.mark.parametrize("body", [{}, [], [None, None, None], "x"])
def test_f16_a_batch_answered_in_another_length_is_a_contract_error(body: object) -> None:
    with responses.RequestsMock() as canvas:
        canvas.add("GET", "https://canvas.example.edu/api/v1/courses/1/assignments/overrides", json=body)
        client = CanvasClient.connected_to("https://canvas.example.edu", "t")

        with pytest.raises(CanvasContractError):
            client.overrides.get_many(1, [OverrideKey(id=1, assignment_id=1)])
