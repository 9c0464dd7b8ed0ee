"""Assignments and their extensions through the typed client (contract 5, 9)."""

from datetime import timedelta

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasNotFound, CanvasOutcomeUnknown, CanvasRejected
from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN
from canvas_bridge.wire.assignment_values import (
    AssignmentValues,
    BaseDatesChange,
    BulkDates,
    ExternalTool,
    OverrideDatesChange,
    PeerReviewValues,
)
from canvas_bridge.wire.assignments import AssignmentListing
from canvas_bridge.wire.extensions import AssignmentExtension
from canvas_bridge.wire.ids import CanvasId
from canvas_bridge.wire.progress import Progress
from canvas_bridge.wire.submissions import Submission
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, LOCK, NOW, Campus


def test_contract_7_5_base_dates_are_read_unless_asked_otherwise(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_override(campus.essay, students=[campus.ana], lock_at=LATER)

    found = admin.assignments.get(campus.course.id, campus.essay.id, include=["overrides"])
    collapsed = admin.assignments.get(campus.course.id, campus.essay.id, override_assignment_dates=None)

    assert (found.due_at, found.lock_at, found.unlock_at) == (DUE, LOCK, None)
    assert collapsed.lock_at == LATER
    assert found.overrides
    (override,) = found.overrides
    assert (override.lock_at, override.due_at) == (LATER, NOT_OVERRIDDEN)


def test_contract_8_5_kinds_are_told_apart_by_keys_that_may_be_absent(campus: Campus, admin: CanvasClient) -> None:
    found = {one.id: one for one in admin.assignments.list_in_course(campus.course.id)}

    quiz = found[campus.quiz.assignment_id or 0]
    assert (quiz.is_quiz_assignment, quiz.quiz_id, quiz.is_quiz_lti_assignment) == (True, campus.quiz.id, ABSENT)
    new_quiz = found[campus.new_quiz.id]
    assert (new_quiz.is_quiz_assignment, new_quiz.quiz_id, new_quiz.is_quiz_lti_assignment) == (False, ABSENT, True)
    assert found[campus.essay.id].overrides is ABSENT


def test_contract_9_1_lists_take_every_parameter(campus: Campus, admin: CanvasClient) -> None:
    listing = AssignmentListing(
        include=["overrides", "all_dates", "submission", "assignment_visibility", "score_statistics", "can_edit"],
        exclude_response_fields=["description"],
        search_term="ssa",
        bucket="upcoming",
        assignment_ids=[campus.essay.id],
        order_by="due_at",
        needs_grading_count_by_section=True,
    )

    (essay,) = admin.assignments.list_in_course(CanvasId("sis_course_id", "PHY-210"), listing)

    assert essay.name == "Essay"
    assert essay.description is ABSENT
    assert set(essay.assignment_visibility or ()) == {campus.ana.id, campus.bao.id, campus.chidi.id}
    assert essay.all_dates
    assert [(one.base, one.title, one.due_at) for one in essay.all_dates] == [(True, "Everyone", DUE)]


def test_contract_9_1_by_group_and_for_one_user(campus: Campus, admin: CanvasClient) -> None:
    exams = campus.state.add_assignment_group(campus.course, "Exams")
    final = campus.state.add_assignment(campus.course, "Final", assignment_group=exams)
    campus.state.add_assignment(campus.course, "Draft", published=False)

    assert [one.id for one in admin.assignments.list_in_group(campus.course.id, exams.id)] == [final.id]
    for_ana = admin.assignments.list_for_user(CanvasId("sis_user_id", "S-100"), campus.course.id)
    assert {one.name for one in for_ana} == {"Midterm", "Essay", "Weekly", "Final"}


def test_contract_9_1_an_unknown_id_costs_all(campus: Campus, admin: CanvasClient) -> None:
    with pytest.raises(CanvasRejected) as raised:
        admin.assignments.list_in_course(campus.course.id, AssignmentListing(assignment_ids=[campus.essay.id, 7]))

    assert raised.value.words == "Invalid assignment_ids: 7"


def test_contract_9_3_created_edited_and_deleted(campus: Campus, admin: CanvasClient) -> None:
    values = AssignmentValues(
        name="Report",
        points_possible=12.5,
        submission_types=["online_text_entry"],
        due_at=DUE,
        lock_at=LOCK,
        allowed_attempts=2,
        published=True,
    )
    made = admin.assignments.create(campus.course.id, values)
    assert (made.name, made.points_possible, made.due_at, made.allowed_attempts) == ("Report", 12.5, DUE, 2)

    edited = admin.assignments.edit(campus.course.id, made.id, AssignmentValues(lock_at=None, override_dates=False))
    assert (edited.due_at, edited.lock_at, edited.name) == (DUE, None, "Report")

    assert admin.assignments.delete(campus.course.id, made.id).id == made.id
    with pytest.raises(CanvasNotFound):
        admin.assignments.get(campus.course.id, made.id)


def test_contract_9_3_dates_out_of_order_are_refused_by_attribute(campus: Campus, admin: CanvasClient) -> None:
    with pytest.raises(CanvasRejected) as raised:
        admin.assignments.edit(campus.course.id, campus.essay.id, AssignmentValues(unlock_at=LATER))

    assert "must be between availability dates" in str(raised.value.words)


def test_contract_9_8_parameters_that_are_only_named_go_along(campus: Campus, admin: CanvasClient) -> None:
    values = AssignmentValues(
        name="Tool",
        submission_types=["external_tool"],
        external_tool_tag_attributes=ExternalTool(url="https://tool.example.edu/launch", new_tab=True),
        peer_review=PeerReviewValues(due_at=LATER),
        omit_from_final_grade=True,
        grading_standard_id=None,
        asset_processors=[],
    )

    admin.assignments.create(campus.course.id, values)
    found = admin.assignments.list_in_course(campus.course.id)

    assert {one.name: one.omit_from_final_grade for one in found}["Tool"] is True


def test_contract_9_5_an_assignment_is_copied_and_a_classic_quiz_is_not(campus: Campus, admin: CanvasClient) -> None:
    copy = admin.assignments.duplicate(campus.course.id, campus.essay.id)

    assert copy.id != campus.essay.id
    assert copy.new_positions
    assert copy.id in {int(key) for key in copy.new_positions}
    with pytest.raises(CanvasRejected) as raised:
        admin.assignments.duplicate(campus.course.id, campus.quiz.assignment_id or 0)
    assert raised.value.words == "quiz duplication not implemented"


def test_contract_9_6_the_group_of_a_student(campus: Campus, admin: CanvasClient) -> None:
    category = campus.state.add_group_category(campus.course, "Labs")
    campus.state.add_group(category, "Lab 1", campus.ana, campus.bao)
    project = campus.state.add_assignment(campus.course, "Project", group_category=category)

    found = admin.assignments.list_group_members(campus.course.id, project.id, campus.ana.id)

    assert {one.id for one in found} == {campus.ana.id, campus.bao.id}
    assert "Oliveira" not in repr(found)


def test_contract_9_7_many_dates_change_in_one_job_that_is_followed_to_its_end(campus: Campus) -> None:
    waits: list[float] = []
    admin = campus.client(sleep=waits.append)
    override = campus.state.add_override(campus.essay, students=[campus.ana], due_at=LATER, lock_at=LATER)
    changes = [
        BulkDates(
            assignment_id=campus.essay.id,
            base=BaseDatesChange(lock_at=LATER),
            overrides=[OverrideDatesChange(id=override.id, due_at=None)],
        ),
        BulkDates(assignment_id=campus.new_quiz.id, base=BaseDatesChange(due_at=None)),
    ]

    job = admin.progress.follow(admin.assignments.change_dates(campus.course.id, changes))

    assert (job.workflow_state, job.tag, job.results) == ("completed", "assignment_bulk_update", {"updated_count": 2})
    essay = admin.assignments.get(campus.course.id, campus.essay.id, include=["overrides"])
    assert (essay.due_at, essay.lock_at) == (DUE, LATER)
    assert essay.overrides
    assert (essay.overrides[0].due_at, essay.overrides[0].lock_at) == (None, NOT_OVERRIDDEN)
    assert sum(waits) < 60


def test_contract_9_7_a_job_that_failed_says_why_and_saved_nothing(campus: Campus, admin: CanvasClient) -> None:
    change = BulkDates(assignment_id=campus.essay.id, base=BaseDatesChange(unlock_at=LATER))

    job = admin.progress.follow(admin.assignments.change_dates(campus.course.id, [change]))

    assert job.has_failed
    assert "must be between availability dates" in str(job.results)
    assert admin.assignments.get(campus.course.id, campus.essay.id).unlock_at is None


def test_a_job_that_never_ends_is_given_up_within_a_bound(campus: Campus, admin: CanvasClient) -> None:
    waits: list[float] = []
    client = campus.client(sleep=waits.append)
    change = BulkDates(assignment_id=campus.essay.id, base=BaseDatesChange(lock_at=LATER))
    job = admin.assignments.change_dates(campus.course.id, [change])
    running = Progress(id=job.id, workflow_state="running")
    client.progress.get = lambda progress_id: running

    with pytest.raises(CanvasOutcomeUnknown, match="not over after 60 s"):
        client.progress.follow(running, most_seconds=60)

    assert sum(waits) == 60
    assert len(waits) < 12


def test_a_job_can_be_cancelled(campus: Campus, admin: CanvasClient) -> None:
    change = BulkDates(assignment_id=campus.essay.id, base=BaseDatesChange(lock_at=LATER))
    job = admin.assignments.change_dates(campus.course.id, [change])

    assert admin.progress.cancel(job.id).id == job.id
    assert admin.progress.get(job.id).is_over


def test_contract_5_1_extra_attempts_are_set_and_read_back(campus: Campus, admin: CanvasClient) -> None:
    wanted = [AssignmentExtension(user_id=one.id, extra_attempts=2) for one in (campus.ana, campus.bao)]
    stranger = AssignmentExtension(user_id=campus.teacher.id, extra_attempts=2)

    rows = admin.assignment_extensions.set(campus.course.id, campus.essay.id, [*wanted, stranger])

    assert set(rows) == set(wanted)
    row = admin.submissions.get(campus.course.id, campus.essay.id, campus.ana.id)
    assert isinstance(row, Submission)
    assert (row.extra_attempts, row.cached_due_date) == (2, DUE)
    (row,) = admin.assignment_extensions.set(
        campus.course.id, campus.essay.id, [AssignmentExtension(user_id=campus.ana.id, extra_attempts=None)]
    )
    assert row.extra_attempts is None


def test_contract_5_1_only_the_bad_ones_are_named_and_nothing_is_saved(campus: Campus, admin: CanvasClient) -> None:
    wanted = [
        AssignmentExtension(user_id=campus.ana.id, extra_attempts=2),
        AssignmentExtension(user_id=campus.bao.id, extra_attempts=-1),
    ]

    with pytest.raises(CanvasRejected) as raised:
        admin.assignment_extensions.set(campus.course.id, campus.essay.id, wanted)

    assert raised.value.words == [
        {"user_id": campus.bao.id, "errors": ["Extra attempts must be greater than or equal to 0"]}
    ]
    assert admin.submissions.get(campus.course.id, campus.essay.id, campus.ana.id).extra_attempts is None


def test_contract_1_7_times_are_sent_in_utc_with_whole_seconds(campus: Campus, admin: CanvasClient) -> None:
    late = NOW + timedelta(days=1, microseconds=1)

    edited = admin.assignments.edit(campus.course.id, campus.essay.id, AssignmentValues(due_at=late))

    assert edited.due_at == NOW + timedelta(days=1, seconds=1)


def test_assignment_groups_of_a_course_are_listed_by_position(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_assignment_group(campus.course, "Homework")
    exams = campus.state.add_assignment_group(campus.course, "Exams")

    found = admin.assignment_groups.list_in_course(campus.course.id)

    assert [one.name for one in found][-2:] == ["Homework", "Exams"]
    assert (found[-1].id, found[-1].position) == (exams.id, len(found))
