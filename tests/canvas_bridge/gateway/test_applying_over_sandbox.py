"""The gateway applies changes to a sandbox Canvas, and what it reads afterwards."""

import pytest

from canvas_bridge.changes import (
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    OutcomeKind,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    Dates,
    overridden_to,
)
from canvas_bridge.sandbox.store import Fault
from tests.canvas_bridge.gateway.campus import DUE, LATER, NOW, Campus

APPLIED, REFUSED, UNKNOWN, UNREACHABLE = (
    OutcomeKind.APPLIED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
    OutcomeKind.UNREACHABLE,
)


def test_r4_extensions_are_set_read_back_and_may_be_set_again(campus: Campus) -> None:
    amara, bao = campus.students[:2]
    changes = [
        SetQuizExtension(campus.quiz.id, amara.id, extra_minutes=30),
        SetQuizExtension(campus.quiz.id, bao.id, extra_attempts=1),
        SetAssignmentExtension(campus.essay.id, amara.id, extra_attempts=2),
    ]
    keys = frozenset({f"assignment:{campus.quiz.assignment_id}", f"assignment:{campus.essay.id}"})

    for _ in range(2):
        assert {one.kind for one in campus.apply(*changes)} == {APPLIED}
        facts = campus.gateway.read_extensions(campus.read(), keys)
        held = {
            (one.assessment_key, one.canvas_user_id): (one.extra_minutes, one.extra_attempts)
            for one in facts.extensions
        }
        assert held[f"assignment:{campus.quiz.assignment_id}", amara.id] == (30, 0)
        assert held[f"assignment:{campus.quiz.assignment_id}", bao.id] == (0, 1)
        assert held[f"assignment:{campus.essay.id}", amara.id] == (0, 2)
        assert facts.extensions_read == keys


def test_an_extension_leaves_the_values_that_it_does_not_name(campus: Campus) -> None:
    amara = campus.students[0]
    campus.state.set_quiz_extension(campus.quiz, amara, extra_attempts=3, manually_unlocked=True)

    (outcome,) = campus.apply(SetQuizExtension(campus.quiz.id, amara.id, extra_minutes=30))

    row = campus.state.quiz_submission_of(campus.quiz, amara.id)
    assert (row.extra_time, row.extra_attempts, row.manually_unlocked) == (30, 3, True)
    assert outcome.answered["extra_attempts"] == 3


def test_f14_a_student_who_dropped_the_course_costs_nobody_else(campus: Campus) -> None:
    dropped = campus.students[2]
    for enrollment in campus.state.enrollments.where("user", dropped.id):
        enrollment.workflow_state = "deleted"
    changes = [SetQuizExtension(campus.quiz.id, one.id, extra_minutes=15) for one in campus.students]

    outcomes = campus.apply(*changes)

    assert [one.kind for one in outcomes] == [APPLIED, APPLIED, REFUSED, APPLIED]
    times = [campus.state.quiz_submission_of(campus.quiz, one.id).extra_time for one in campus.students]
    assert times == [15, 15, None, 15]


def test_f34_who_is_not_assigned_is_refused_and_the_others_hold(campus: Campus) -> None:
    stranger = campus.state.add_user("Eszter Varga")
    changes = [SetAssignmentExtension(campus.essay.id, one.id, 1) for one in (*campus.students[:2], stranger)]

    assert [one.kind for one in campus.apply(*changes)] == [APPLIED, APPLIED, REFUSED]


def test_attempts_on_a_discussion_are_refused_in_the_words_of_canvas(campus: Campus) -> None:
    debate = campus.state.add_assignment(campus.course, "Debate", submission_types=("discussion_topic",))

    (outcome,) = campus.apply(SetAssignmentExtension(debate.id, campus.students[0].id, 1))

    assert outcome.kind is REFUSED
    assert outcome.message.startswith("Extra attempts can only be set on submissions")


def test_f22_new_quizzes_accept_some_and_fail_others(campus: Campus) -> None:
    stranger = campus.state.add_user("Eszter Varga")
    changes = [
        SetNewQuizAccommodation(campus.new_quiz.id, one.id, extra_minutes=20) for one in (campus.students[0], stranger)
    ]

    first, second = campus.apply(*changes)

    assert (first.kind, second.kind) == (APPLIED, REFUSED)
    assert second.message
    held = list(campus.state.new_quiz_accommodations)
    assert [(one.user_id, one.extra_time) for one in held] == [(campus.students[0].id, 20)]


def test_r3_an_override_is_made_changed_and_taken_away_again(campus: Campus) -> None:
    amara = campus.students[0]
    before = campus.overrides()

    (made,) = campus.apply(CreateOverride(campus.essay.id, amara.id, "Extra 7KQ2", Dates(NOW, LATER, LATER)))
    (seen,) = campus.overrides()
    assert made.canvas_override_id == seen.canvas_override_id
    assert (seen.title, seen.canvas_user_ids) == ("Extra 7KQ2", frozenset({amara.id}))
    assert (seen.unlock, seen.due, seen.lock) == (overridden_to(NOW), overridden_to(LATER), overridden_to(LATER))

    update = UpdateOverride(
        campus.essay.id,
        seen.canvas_override_id,
        amara.id,
        unlock=NOT_OVERRIDDEN,
        due=overridden_to(DUE),
        lock=overridden_to(None),
        title="Extra 7KQ2",
    )
    campus.apply(update)
    (seen,) = campus.overrides()
    assert (seen.title, seen.unlock, seen.due, seen.lock) == (
        "Extra 7KQ2",
        NOT_OVERRIDDEN,
        overridden_to(DUE),
        overridden_to(None),
    )

    delete = DeleteOverride(campus.essay.id, seen.canvas_override_id, amara.id)
    assert [one.kind for one in campus.apply(delete)] == [APPLIED]
    assert [one.kind for one in campus.apply(delete)] == [APPLIED]
    assert campus.overrides() == before == ()


def test_an_update_without_a_title_keeps_the_instructors(campus: Campus) -> None:
    amara = campus.students[0]
    override = campus.state.add_override(campus.essay, students=[amara], title="Away team", due_at=DUE)
    change = UpdateOverride(
        campus.essay.id, override.id, amara.id, NOT_OVERRIDDEN, overridden_to(LATER), NOT_OVERRIDDEN
    )

    (outcome,) = campus.apply(change)

    (seen,) = campus.overrides()
    assert outcome.kind is APPLIED
    assert (seen.title, seen.canvas_user_ids, seen.due) == ("Away team", {amara.id}, overridden_to(LATER))


def test_f23_a_student_taken_meanwhile_is_refused_and_the_others_get_theirs(campus: Campus) -> None:
    amara, bao, chiara, _ = campus.students
    campus.state.add_override(campus.essay, students=[bao], due_at=LATER)
    changes = [CreateOverride(campus.essay.id, one.id, "Extra", Dates(due_at=LATER)) for one in (amara, bao, chiara)]
    before = campus.asked

    outcomes = campus.apply(*changes)

    assert [one.kind for one in outcomes] == [APPLIED, REFUSED, APPLIED]
    assert "already belongs to an assignment override" in outcomes[1].message
    assert campus.asked - before == 2
    assert len(campus.overrides()) == 3


def shared_move(campus: Campus) -> MoveOutOfSharedOverride:
    amara, bao, chiara, _ = campus.students
    shared = campus.state.add_override(
        campus.essay, students=[amara, bao, chiara], title="Away team", due_at=DUE, lock_at=None
    )
    return MoveOutOfSharedOverride(
        canvas_assignment_id=campus.essay.id,
        canvas_shared_override_id=shared.id,
        canvas_user_id=amara.id,
        remaining_canvas_user_ids=(bao.id, chiara.id),
        shared_title="Away team",
        shared_unlock=NOT_OVERRIDDEN,
        shared_due=overridden_to(DUE),
        shared_lock=overridden_to(None),
        title="Extra 7KQ2",
        dates=Dates(None, LATER, LATER),
    )


def test_f33_a_move_changes_nothing_for_the_others(campus: Campus) -> None:
    change = shared_move(campus)
    (before,) = campus.overrides()

    (outcome,) = campus.apply(change)

    shared, own = sorted(campus.overrides(), key=lambda one: one.canvas_override_id)
    assert outcome.kind is APPLIED
    assert (shared.title, shared.unlock, shared.due, shared.lock) == (
        before.title,
        before.unlock,
        before.due,
        before.lock,
    )
    assert before.canvas_user_ids - shared.canvas_user_ids == {change.canvas_user_id}
    assert (own.canvas_override_id, own.canvas_user_ids) == (outcome.canvas_override_id, {change.canvas_user_id})


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", method="POST", value={"code": 400, "body": {"errors": ["no"]}}), REFUSED),
        (Fault("throttle", method="POST"), UNREACHABLE),
        (Fault("drop_before", method="POST"), UNREACHABLE),
    ],
)
def test_f33_a_move_that_stops_half_way_is_put_back(campus: Campus, fault: Fault, kind: OutcomeKind) -> None:
    change = shared_move(campus)
    before = campus.overrides()
    campus.state.control.faults.append(fault)

    (outcome,) = campus.apply(change)

    assert outcome.kind is kind
    assert campus.overrides() == before


def test_f33_a_move_whose_answer_got_lost_is_found_done(campus: Campus) -> None:
    change = shared_move(campus)
    campus.disturb("drop_after", method="POST", count=1)

    (outcome,) = campus.apply(change)

    assert outcome.kind is APPLIED
    assert outcome.canvas_override_id in {one.canvas_override_id for one in campus.overrides()}


@pytest.mark.parametrize("kind", ["drop_after", "truncate"])
def test_f11_a_write_whose_answer_got_lost_is_unknown_and_done_once(campus: Campus, kind: str) -> None:
    campus.disturb(kind, method="POST", count=1)

    (outcome,) = campus.apply(CreateOverride(campus.essay.id, campus.students[0].id, "Extra", Dates(due_at=LATER)))

    assert outcome.kind is UNKNOWN
    assert len(campus.overrides()) == 1


def test_f11_a_late_answer_is_unknown(campus: Campus) -> None:
    campus.disturb("latency", method="POST", count=1, value=60)

    (outcome,) = campus.apply(SetQuizExtension(campus.quiz.id, campus.students[0].id, extra_minutes=30))

    assert outcome.kind is UNKNOWN
    assert campus.state.quiz_submission_of(campus.quiz, campus.students[0].id).extra_time == 30


def test_f13_a_throttled_write_arrives_once(campus: Campus) -> None:
    campus.disturb("throttle", method="POST", count=2)

    (outcome,) = campus.apply(CreateOverride(campus.essay.id, campus.students[0].id, "Extra", Dates(due_at=LATER)))

    assert outcome.kind is APPLIED
    assert len(campus.overrides()) == 1
