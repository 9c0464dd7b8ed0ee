"""Date details and module overrides through the typed client (contract 10.7.3)."""

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.client.paging import PER_PAGE
from canvas_bridge.errors import CanvasContractError, CanvasNotFound, CanvasRejected
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN
from canvas_bridge.wire.date_details import DateDetailsValues, DatedOverride, ModuleOverrideValues
from canvas_bridge.wire.overrides import NamedId
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, LOCK, Campus


@pytest.fixture
def practice(campus: Campus) -> Quiz:
    return campus.state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz", lock_at=LOCK)


def test_contract_10_7_3_an_ungraded_quiz_gets_dates_for_one_student(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    kept = campus.state.add_override(practice, students=[campus.bao], title="Away team", lock_at=None)
    wanted = DatedOverride(student_ids=[campus.ana.id], title="Extra 7KQ2", lock_at=LATER)

    details = admin.date_details.change_override_of_quiz(campus.course.id, practice.id, wanted)

    found = {one.title: one for one in details.overrides}
    assert (found["Away team"].id, found["Away team"].lock_at, found["Away team"].due_at) == (
        kept.id,
        None,
        NOT_OVERRIDDEN,
    )
    ours = found["Extra 7KQ2"]
    assert (ours.student_ids, ours.lock_at, ours.unlock_at) == ((campus.ana.id,), LATER, NOT_OVERRIDDEN)
    assert (ours.quiz_id, ours.assignment_id) == (practice.id, ABSENT)
    assert ours.students == (NamedId(id=campus.ana.id, name="Ana Oliveira"),)
    assert "Oliveira" not in repr(details)
    assert (details.lock_at, details.id) == (LOCK, practice.id)


def test_contract_10_7_3_with_its_id_an_override_is_changed_and_keeps_it(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    others = campus.state.add_override(practice, students=[campus.bao], title="Away team", lock_at=LATER)
    ours = campus.state.add_override(practice, students=[campus.ana], title="Extra", lock_at=LATER)

    details = admin.date_details.change_override_of_quiz(
        campus.course.id, practice.id, DatedOverride(id=ours.id, lock_at=None)
    )

    assert {one.id: (one.lock_at, one.title, one.student_ids) for one in details.overrides} == {
        others.id: (LATER, "Away team", (campus.bao.id,)),
        ours.id: (None, "Extra", (campus.ana.id,)),
    }


def test_contract_10_7_3_one_override_is_removed_and_the_others_stay(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    others = campus.state.add_override(practice, students=[campus.bao], title="Away team", lock_at=LATER)
    ours = campus.state.add_override(practice, students=[campus.ana], title="Extra", lock_at=LATER)

    details = admin.date_details.remove_override_of_quiz(campus.course.id, practice.id, ours.id)
    again = admin.date_details.remove_override_of_quiz(campus.course.id, practice.id, ours.id)

    assert [one.id for one in details.overrides] == [others.id]
    assert again == details
    assert sum(asked.startswith("PUT") for asked in campus.asked) == 1


def test_an_override_that_is_gone_is_not_made_anew(campus: Campus, admin: CanvasClient, practice: Quiz) -> None:
    with pytest.raises(CanvasNotFound):
        admin.date_details.change_override_of_quiz(campus.course.id, practice.id, DatedOverride(id=7, lock_at=LATER))

    assert not any(asked.startswith("PUT") for asked in campus.asked)


def test_contract_10_7_3_overrides_of_all_pages_inside_the_object_are_sent_back(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    for number in range(PER_PAGE):
        student = campus.state.add_user(f"Student {number}")
        campus.state.enroll(student, campus.course, section=campus.morning)
        campus.state.add_override(practice, students=[student], title=f"Title {number}", lock_at=LATER)
    before = {one.id for one in admin.date_details.of_quiz(campus.course.id, practice.id).overrides}

    wanted = DatedOverride(student_ids=[campus.ana.id], title="Extra", lock_at=LATER)
    details = admin.date_details.change_override_of_quiz(campus.course.id, practice.id, wanted)

    after = {one.id for one in details.overrides}
    assert len(before) == PER_PAGE
    assert before < after
    assert len(after - before) == 1


def test_a_list_that_changes_while_it_is_read_is_not_sent_back(
    campus: Campus, admin: CanvasClient, practice: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter(range(1, 5))
    pages = admin.date_details._pages

    def slipping(place: object) -> object:
        (page,) = pages(place)
        campus.state.add_override(practice, students=[campus.ana], title=f"Made in reading {next(readings)}")
        return [page, page]

    monkeypatch.setattr(admin.date_details, "_pages", slipping)

    with pytest.raises(CanvasContractError, match="changed while they were read"):
        admin.date_details.change_override_of_quiz(campus.course.id, practice.id, DatedOverride(lock_at=LATER))

    assert not any(asked.startswith("PUT") for asked in campus.asked)


def test_contract_10_7_3_of_an_assignment_base_dates_alone_leave_the_overrides(
    campus: Campus, admin: CanvasClient
) -> None:
    override = campus.state.add_override(campus.essay, students=[campus.ana], due_at=LATER)

    admin.date_details.set_of_assignment(campus.course.id, campus.essay.id, DateDetailsValues(lock_at=None))

    details = admin.date_details.of_assignment(campus.course.id, campus.essay.id)
    assert (details.due_at, details.lock_at, details.graded) == (DUE, None, True)
    assert [one.id for one in details.overrides] == [override.id]
    admin.date_details.set_of_assignment(campus.course.id, campus.essay.id, DateDetailsValues(assignment_overrides=[]))
    assert admin.date_details.of_assignment(campus.course.id, campus.essay.id).overrides == ()


def test_contract_10_7_3_two_overrides_for_one_target_are_refused(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    twice = [DatedOverride(student_ids=[campus.ana.id], title=title, lock_at=LATER) for title in ("One", "Two")]

    with pytest.raises(CanvasRejected) as raised:
        admin.date_details.set_of_quiz(campus.course.id, practice.id, DateDetailsValues(assignment_overrides=twice))

    assert raised.value.status_code == 422


def test_contract_10_7_3_discussions_and_pages_have_no_due_date_and_files_no_dates_at_all(
    campus: Campus, admin: CanvasClient
) -> None:
    course_id = campus.course.id
    topic = campus.state.add_discussion(campus.course, "Debate", lock_at=LOCK)
    page = campus.state.add_page(campus.course, "Reading list")

    admin.date_details.set_of_discussion(course_id, topic.id, DateDetailsValues(unlock_at=DUE))
    admin.date_details.set_of_page(course_id, page.url, DateDetailsValues(lock_at=LOCK))

    of_discussion = admin.date_details.of_discussion(course_id, topic.id)
    assert (of_discussion.due_at, of_discussion.unlock_at, of_discussion.lock_at) == (ABSENT, DUE, LOCK)
    assert admin.date_details.of_page(course_id, page.url).lock_at == LOCK
    with pytest.raises(CanvasRejected) as raised:
        admin.date_details.of_file(course_id, 5)
    assert raised.value.words == "This API does not support files."
    with pytest.raises(CanvasRejected):
        admin.date_details.set_of_file(course_id, 5, DateDetailsValues(lock_at=LOCK))


def test_contract_10_7_3_modules_say_who_is_assigned(campus: Campus, admin: CanvasClient) -> None:
    course_id = campus.course.id
    module = admin.modules.create(course_id, "Week 1")
    item = admin.modules.create_item(course_id, module.id, kind="Assignment", content_id=campus.essay.id)
    assert item.id

    assert admin.date_details.of_module(course_id, module.id).id == module.id
    admin.modules.set_overrides(
        course_id,
        module.id,
        [
            ModuleOverrideValues(student_ids=[campus.ana.id]),
            ModuleOverrideValues(course_section_id=campus.evening.id),
        ],
    )
    by_student, by_section = sorted(
        admin.modules.list_overrides(course_id, module.id), key=lambda one: one.students is ABSENT
    )
    assert by_student.students == (NamedId(id=campus.ana.id, name="Ana Oliveira"),)
    assert isinstance(by_section.course_section, NamedId)
    assert by_section.course_section.id == campus.evening.id
    held_by_module = admin.date_details.of_assignment(course_id, campus.essay.id).overrides
    assert {one.context_module_id for one in held_by_module} == {module.id}
    admin.modules.set_overrides(course_id, module.id, [])
    assert admin.modules.list_overrides(course_id, module.id) == ()


def test_contract_10_7_3_a_modules_override_is_not_the_quizzes_to_send(
    campus: Campus, admin: CanvasClient, practice: Quiz
) -> None:
    course_id = campus.course.id
    module = admin.modules.create(course_id, "Week 1")
    admin.modules.create_item(course_id, module.id, kind="Quiz", content_id=practice.id)
    admin.modules.set_overrides(course_id, module.id, [ModuleOverrideValues(course_section_id=campus.evening.id)])
    wanted = DatedOverride(student_ids=[campus.ana.id], title="Extra", lock_at=LATER)

    details = admin.date_details.change_override_of_quiz(course_id, practice.id, wanted)

    assert {one.context_module_id for one in details.overrides} == {ABSENT, module.id}
    assert len(admin.modules.list_overrides(course_id, module.id)) == 1
