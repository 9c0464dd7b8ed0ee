"""Between the two steps of a move out of a shared override nothing is lost, whatever interrupts it (F33)."""

from datetime import datetime
from typing import Any

import pytest

from accommodations.models import CanvasConnection, CourseSync, LedgerEntry, PairStatus, Student, SyncAction, SyncRun
from accommodations.planning.plan import PlannedAction, Values
from accommodations.services import accommodations, action_log, connections, sync_runs
from accommodations.services.action_log import Verified
from accommodations.services.course_work import CourseWork, _Round
from accommodations.services.stored_plans import Step
from accommodations.services.sync_runner import run_course_sync
from canvas_bridge.changes import Change, MoveOutOfSharedOverride, Request
from canvas_bridge.errors import CanvasRejected
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates
from canvas_bridge.gateway.applying.moving import Move
from canvas_bridge.sandbox.records.assessments import Override
from tests.accommodations.services.conftest import TOKEN, University, in_days, sync_now, two_days_later
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for SIGKILL."""


@pytest.fixture
def shared(university: University) -> Override:
    return university.state.add_override(
        university.paper,
        students=[university.ada, university.ben],
        title="Both",
        due_at=in_days(9),
        lock_at=in_days(12),
    )


def own_dates(university: University) -> tuple[str, list[int], datetime | None, datetime | None]:
    [override] = university.overrides_of(university.ada, university.paper)
    return override.title, list(override.student_ids), override.due_at, override.lock_at


def record(student: Student) -> tuple[Any, int]:
    rows, run = accommodations.record_accommodations(
        student=student, recorded_by=make_user(), values=[two_days_later()], reads_before_applying=False
    )
    assert run is not None
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    return rows[0], course_sync_id


def kill_between(course_sync_id: int, university: University, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(move: Move) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Move, "_create_own", die)
        with pytest.raises(Killed):
            run_course_sync(course_sync_id)
    CourseSync.objects.update(woken_at=None, next_try_at=None)
    assert university.overrides_of(university.ada, university.paper) == []


def end(row: Any) -> None:
    row.refresh_from_db()
    accommodations.end_accommodation(accommodation=row, ended_by=make_user(), version=row.version, reason="revoked")


def test_f33_a_move_that_was_killed_between_its_steps_is_finished_first(
    ada: Student, ben: Student, university: University, shared: Override, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, course_sync_id = record(ada)
    kill_between(course_sync_id, university, monkeypatch)
    run_course_sync(course_sync_id)
    _, students, due_at, lock_at = own_dates(university)
    assert students == [university.ada.id]
    assert due_at is not None
    assert lock_at is not None
    assert (due_at >= in_days(10), lock_at >= in_days(12)) == (True, True)
    [entry] = LedgerEntry.objects.filter(taken_back_at=None, part=LedgerEntry.Part.OVERRIDE, assessment__name="Essay")
    assert entry.value["before"]["title"] == "Both"
    assert shared.student_ids == [university.ben.id]
    university.forget_requests()
    sync_now()
    assert university.writes == []
    end(row)
    sync_now()
    assert own_dates(university) == ("Both", [university.ada.id], in_days(9), in_days(12))
    assert isinstance(action_log.verify(), Verified)


def test_f33_r3_a_killed_move_whose_accommodation_was_revoked_leaves_the_shared_dates(
    ada: Student, ben: Student, university: University, shared: Override, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, course_sync_id = record(ada)
    kill_between(course_sync_id, university, monkeypatch)
    end(row)
    run_course_sync(course_sync_id)
    sync_now()
    _, _, due_at, lock_at = own_dates(university)
    assert (due_at, lock_at) == (in_days(9), in_days(12))
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()


def test_f33_r2_a_half_done_move_that_is_refused_puts_the_student_back_beside_those_named_now(
    ada: Student, ben: Student, university: University, shared: Override, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, course_sync_id = record(ada)
    kill_between(course_sync_id, university, monkeypatch)
    cleo = university.state.add_user("Cleo Park", login_id="cleo", sis_user_id="S-cleo")
    university.state.enroll(cleo, university.course)
    shared.student_ids = [university.ben.id, cleo.id]
    university.fault(
        "status", method="POST", path="overrides$", value={"code": 400, "body": {"errors": [{"message": "not now"}]}}
    )
    run_course_sync(course_sync_id)
    assert sorted(shared.student_ids) == sorted([university.ada.id, university.ben.id, cleo.id])
    pair = PairStatus.objects.get(assessment__name="Essay")
    assert pair.reason in ("refused", "shared_override", "unreachable"), pair.reason
    assert "not now" in pair.failure_message


def test_f33_r1_who_cannot_leave_a_shared_override_is_not_taken_out_of_it_by_the_next_who_leaves(
    ada: Student, ben: Student, university: University, shared: Override, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move of the second counts on the first having left: planned anew, it must count on their staying."""
    cleo = university.state.add_user("Cleo Park", login_id="cleo", sis_user_id="S-cleo")
    university.state.enroll(cleo, university.course)
    shared.student_ids = [university.ada.id, university.ben.id, cleo.id]
    real = Move._create_own

    def refused_for_ada(move: Move) -> object:
        if move._change.canvas_user_id == university.ada.id:
            raise CanvasRejected("not now", method="POST", path="/overrides", status_code=400)
        return real(move)

    monkeypatch.setattr(Move, "_create_own", refused_for_ada)
    for student in (ada, ben):
        record(student)
    sync_now()
    assert university.ada.id in shared.student_ids
    assert cleo.id in shared.student_ids
    [bens] = university.overrides_of(university.ben, university.paper)
    assert bens.student_ids == [university.ben.id]
    assert bens.due_at is not None
    assert bens.due_at >= in_days(10)


def leaving(user: int, *remaining: int) -> Step:
    """Return the move of one student out of a shared override in which the others stay."""
    change = MoveOutOfSharedOverride(
        12, 900, user, remaining, "All", NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN, "Dates", Dates()
    )
    planned = PlannedAction(user, "assignment:12", change, Values(), Values(), "Essay: due later.")
    return Step(SyncAction(), planned)


def todo(steps: list[Step], *, given_up: set[Change], shown: frozenset[Change], is_read_first: bool) -> list[int]:
    """Return whose moves a worker would send of these."""
    work = CourseWork.__new__(CourseWork)
    work.given_up, work.half_moved = given_up, set()
    work.run = SyncRun(reads_before_applying=is_read_first)
    return [step.planned.canvas_user_id for step in work._todo(steps, shown)]


def test_f33_r1_no_move_is_sent_that_counts_on_one_that_is_not() -> None:
    first, second, apart = leaving(1, 2, 3), leaving(2, 3), leaving(3, 1, 2)
    steps = [first, second, apart]
    assert todo(steps, given_up=set(), shown=frozenset(), is_read_first=False) == [1, 2, 3]
    assert todo(steps, given_up={first.planned.change}, shown=frozenset(), is_read_first=False) == [3]
    read = frozenset({second.planned.change, apart.planned.change})
    assert todo(steps, given_up=set(), shown=read, is_read_first=True) == [3]


def test_f33_r1_a_move_that_names_somebody_who_has_left_waits_for_the_next_reading() -> None:
    round_ = _Round(applied=[leaving(1, 2, 3).planned.change])
    again, aware = leaving(2, 1, 3).planned.change, leaving(2, 3).planned.change
    assert [round_.has_outdated_move(Request((change,))) for change in (again, aware)] == [True, False]
    round_ = _Round(not_left=[leaving(1, 2, 3).planned.change])
    assert [round_.has_outdated_move(Request((change,))) for change in (again, aware)] == [False, True]


def test_f33_r1_a_token_that_dies_between_the_steps_is_told_and_the_move_finished_with_the_new_one(
    ada: Student,
    ben: Student,
    university: University,
    shared: Override,
    connection: CanvasConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Move._create_own

    def revoked(move: Move) -> object:
        university.fault("status", value={"code": 401, "body": {"errors": [{"message": "Revoked access token."}]}})
        return real(move)

    _, course_sync_id = record(ada)
    with monkeypatch.context() as patched:
        patched.setattr(Move, "_create_own", revoked)
        run_course_sync(course_sync_id)
    pair = PairStatus.objects.get(assessment__name="Essay")
    assert pair.status == "failed"
    assert "could not be put back" in pair.failure_message
    assert SyncAction.objects.get(assessment__name="Essay").status == "unknown"
    university.state.control.faults.clear()
    connections.save_connection(base_url=connection.base_url, token=TOKEN, saved_by=make_user("administrator"))
    CourseSync.objects.update(next_try_at=None)
    run_course_sync(course_sync_id)
    _, students, _, lock_at = own_dates(university)
    assert students == [university.ada.id]
    assert lock_at is not None
    assert lock_at >= in_days(12)
    pair.refresh_from_db()
    assert pair.status == "in_place"
