"""Assignments, overrides and their batches through `canvasapi`, which sends forms with brackets."""

import pytest
from canvasapi.exceptions import BadRequest, ResourceDoesNotExist

from tests.canvas_bridge.canvasapi_driven.driven import Driven, Scenarios

assignments = Scenarios()
DUE, LATER = "2026-12-01T17:00:00Z", "2026-12-03T17:00:00Z"


@assignments
def assignments_from_creation_to_deletion(driven: Driven) -> None:
    room = driven.classroom()
    essay = room.course.create_assignment(
        {"name": "Essay", "due_at": DUE, "published": True, "submission_types": ["online_text_entry"]}
    )
    group = room.course.create_assignment_group(name="Exams")
    exam = room.course.create_assignment({"name": "Exam", "assignment_group_id": group.id, "due_at": LATER})
    assert [one.id for one in room.course.get_assignments(order_by="due_at")] == [essay.id, exam.id]
    assert [one.id for one in room.course.get_assignments(search_term="exa")] == [exam.id]
    assert [one.id for one in room.course.get_assignments_for_group(group)] == [exam.id]
    assert {one.id for one in room.ana.get_assignments(room.course)} >= {essay.id}
    assert essay.edit(assignment={"due_at": ""}).due_at is None
    assert room.course.get_assignment(essay.id).name == "Essay"
    with pytest.raises(BadRequest, match="2 or more characters is required"):
        list(room.course.get_assignments(search_term="e"))
    with pytest.raises(BadRequest, match="must be between availability dates"):
        essay.edit(assignment={"due_at": DUE, "unlock_at": LATER})
    exam.delete()
    with pytest.raises(ResourceDoesNotExist):
        room.course.get_assignment(exam.id)
    assert group.id in [one.id for one in room.course.get_assignment_groups()]


@assignments
def one_override_after_the_other(driven: Driven) -> None:
    room = driven.classroom()
    essay = room.course.create_assignment({"name": "Essay", "due_at": DUE})
    override = essay.create_override(
        assignment_override={"student_ids": [room.ana.id], "title": "Moved", "due_at": LATER, "lock_at": ""}
    )
    assert (override.due_at, override.lock_at) == (LATER, None)
    assert not hasattr(override, "unlock_at")
    with pytest.raises(BadRequest, match="already belongs to an assignment override"):
        essay.create_override(assignment_override={"student_ids": [room.ana.id], "due_at": DUE})
    with pytest.raises(BadRequest, match=r"unknown student ids: .*999999"):
        essay.create_override(assignment_override={"student_ids": [999_999], "due_at": DUE})

    override.edit(assignment_override={"student_ids": [room.ana.id, room.bao.id], "lock_at": LATER})
    edited = essay.get_override(override.id)
    assert sorted(edited.student_ids) == sorted([room.ana.id, room.bao.id])
    assert edited.title == "2 students"
    assert not hasattr(edited, "due_at")
    assert [one.id for one in essay.get_overrides()] == [override.id]
    override.delete()
    with pytest.raises(ResourceDoesNotExist):
        essay.get_override(override.id)


@assignments
def overrides_of_sections_and_groups_are_found_by_their_target(driven: Driven) -> None:
    room = driven.classroom()
    projects = room.course.create_group_category("Projects")
    group = projects.create_group(name="First")
    group.create_membership(room.ana)
    essay = room.course.create_assignment({"name": "Report", "group_category_id": projects.id})
    of_section = essay.create_override(assignment_override={"course_section_id": room.evening.id, "due_at": DUE})
    of_group = essay.create_override(assignment_override={"group_id": group.id, "due_at": LATER})
    assert (of_section.title, of_group.title) == ("Evening", "First")
    assert room.evening.get_assignment_override(essay).id == of_section.id
    assert driven.admin.get_group(group.id).get_assignment_override(essay).id == of_group.id
    with pytest.raises(BadRequest, match="taken"):
        essay.create_override(assignment_override={"course_section_id": room.evening.id, "due_at": DUE})


@assignments
def batches_of_overrides(driven: Driven) -> None:
    room = driven.classroom()
    first, second = (room.course.create_assignment({"name": name}) for name in ("First", "Second"))
    made = list(
        room.course.create_assignment_overrides(
            [
                {"assignment_id": first.id, "student_ids": [room.ana.id], "title": "A", "due_at": DUE},
                {"assignment_id": second.id, "student_ids": [room.ana.id], "title": "B", "due_at": LATER},
            ]
        )
    )
    assert [(one.assignment_id, one.due_at) for one in made] == [(first.id, DUE), (second.id, LATER)]
    wanted = [{"id": one.id, "assignment_id": one.assignment_id} for one in reversed(made)]
    assert [one.id for one in room.course.get_assignment_overrides(wanted)] == [made[1].id, made[0].id]
    changed = list(
        room.course.update_assignment_overrides(
            [{"id": one.id, "assignment_id": one.assignment_id, "lock_at": LATER} for one in made]
        )
    )
    assert [(one.lock_at, hasattr(one, "due_at")) for one in changed] == [(LATER, False), (LATER, False)]
    with pytest.raises(BadRequest, match="assignment not found"):
        list(room.course.create_assignment_overrides([{"assignment_id": 1, "student_ids": [room.bao.id]}]))


@assignments
def extra_attempts_and_submissions(driven: Driven) -> None:
    room = driven.classroom()
    essay = room.course.create_assignment(
        {"name": "Essay", "published": True, "allowed_attempts": 1, "submission_types": ["online_text_entry"]}
    )
    extension = essay.set_extensions([{"user_id": room.ana.id, "extra_attempts": 1}])[0]
    assert (extension.user_id, extension.extra_attempts) == (room.ana.id, 1)
    own = driven.as_user(room.ana).get_course(room.course.id).get_assignment(essay.id)
    for attempt in (1, 2):
        assert own.submit({"submission_type": "online_text_entry", "body": "My words"}).attempt == attempt
    with pytest.raises(BadRequest, match="maximum number of allowed attempts"):
        own.submit({"submission_type": "online_text_entry", "body": "Once more"})
    with pytest.raises(BadRequest, match="must be greater than or equal to 0"):
        essay.set_extensions([{"user_id": room.ana.id, "extra_attempts": -1}])

    assert essay.get_submission(room.ana).extra_attempts == 1
    assert {one.user_id for one in essay.get_submissions()} == {room.ana.id, room.bao.id, room.chidi.id}
    rows = room.course.get_multiple_submissions(student_ids=["all"], assignment_ids=[essay.id])
    assert {one.user_id: one.attempt for one in rows}[room.ana.id] == 2
    grouped = room.course.get_multiple_submissions(student_ids=["all"], grouped=True)
    assert {one.user_id for one in grouped} == {room.ana.id, room.bao.id, room.chidi.id}
    evening = room.evening.get_multiple_submissions(student_ids=["all"])
    assert {one.user_id for one in evening} == {room.chidi.id}
    graded = essay.get_submission(room.ana).edit(submission={"posted_grade": "7"})
    assert graded.workflow_state == "graded"


@assignments
def modules_hold_assignments(driven: Driven) -> None:
    room = driven.classroom()
    essay = room.course.create_assignment({"name": "Essay"})
    module = room.course.create_module({"name": "Week 1"})
    item = module.create_module_item({"type": "Assignment", "content_id": essay.id})
    assert item.content_id == essay.id
    assert [one.name for one in room.course.get_modules()] == ["Week 1"]
    assert [one.id for one in module.get_module_items()] == [item.id]
