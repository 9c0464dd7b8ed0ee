"""A New Quiz cannot be read: what an unheard write may have left there is remembered until a later one is accepted."""

from decimal import Decimal
from typing import Any

import pytest

from accommodations.models import ActionLogEntry, CourseSync, LedgerEntry, PairStatus, Student, SyncAction, SyncRun
from accommodations.models import Course as MirroredCourse
from accommodations.selectors.standing import standing_in
from accommodations.services import accommodations, action_log, sync_runs
from accommodations.services.action_log import Verified
from accommodations.services.sync_runner import run_course_sync
from canvas_bridge.gateway.applying.extensions import NewQuizAccommodations
from canvas_bridge.sandbox.records.assessments import Assignment
from tests.accommodations.services.conftest import University, carry_out, in_days, sync_now, time_and_a_half
from tests.days import TODAY
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for SIGKILL."""


@pytest.fixture
def new_quiz(university: University) -> Assignment:
    return university.state.add_new_quiz(
        university.course,
        "New Quiz",
        time_limit_seconds=3600,
        unlock_at=in_days(4, hour=14),
        due_at=in_days(4, hour=18),
        lock_at=in_days(4, hour=18),
    )


def minutes_of(university: University, quiz: Assignment) -> int:
    row = university.state.new_quiz_accommodation_of(university.course.id, quiz.id, university.ada.id)
    return int(row.extra_time or 0)


def record(student: Student, multiplier: str = "1.5") -> Any:
    rows, run = accommodations.record_accommodations(
        student=student,
        recorded_by=make_user(),
        values=[time_and_a_half(multiplier=Decimal(multiplier), kinds=("new_quiz",))],
        reads_before_applying=False,
    )
    assert run is not None
    return rows[0], run


def end(row: Any) -> None:
    row.refresh_from_db()
    accommodations.end_accommodation(accommodation=row, ended_by=make_user(), version=row.version, reason="revoked")


def killed_after_the_write(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*arguments: object, **named: object) -> None:
        raise Killed

    [course_sync_id] = sync_runs.prepare_run(run.pk)
    with monkeypatch.context() as patched:
        patched.setattr(NewQuizAccommodations, "outcomes", die)
        with pytest.raises(Killed):
            run_course_sync(course_sync_id)
    CourseSync.objects.update(woken_at=None, next_try_at=None)


def hourly() -> SyncRun:
    return sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=list(MirroredCourse.objects.all()))


def test_r5_a_first_write_that_nobody_heard_of_is_taken_back_after_a_revoke(
    ada: Student, university: University, new_quiz: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, run = record(ada)
    killed_after_the_write(run, monkeypatch)
    assert minutes_of(university, new_quiz) == 30
    end(row)
    sync_now()
    assert minutes_of(university, new_quiz) == 0
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()
    assert not SyncAction.objects.filter(status__in=("unknown", "started")).exists()
    university.forget_requests()
    sync_now()
    assert university.writes == []
    assert isinstance(action_log.verify(), Verified)


def test_r14_a_taking_back_that_nobody_heard_of_is_no_proof_that_the_grant_still_stands(
    ada: Student, university: University, new_quiz: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, run = record(ada)
    carry_out(run)
    assert minutes_of(university, new_quiz) == 30
    end(row)
    killed_after_the_write(hourly(), monkeypatch)
    assert minutes_of(university, new_quiz) == 0
    _, run = record(ada)
    carry_out(run)
    sync_now()
    assert minutes_of(university, new_quiz) == 30
    assert PairStatus.objects.get(assessment__name="New Quiz").reason == "accepted"


def test_r14_a_smaller_value_that_nobody_heard_of_is_sent_again_when_the_larger_one_is_granted_again(
    ada: Student, university: University, new_quiz: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, run = record(ada, "2")
    carry_out(run)

    def change(multiplier: str) -> None:
        row.refresh_from_db()
        accommodations.change_accommodation(
            accommodation=row,
            changed_by=make_user(),
            version=row.version,
            values=time_and_a_half(multiplier=Decimal(multiplier), kinds=("new_quiz",)),
            reads_before_applying=False,
        )

    change("1.25")
    killed_after_the_write(hourly(), monkeypatch)
    assert minutes_of(university, new_quiz) == 15
    change("2")
    sync_now()
    assert minutes_of(university, new_quiz) == 60
    [course] = MirroredCourse.objects.all()
    assert standing_in([course], today=TODAY)[course.pk].uncertain_extensions == []
    university.forget_requests()
    sync_now()
    assert university.writes == []


def test_r5_a_killed_write_that_is_still_granted_is_sent_once_more_and_then_certain(
    ada: Student, university: University, new_quiz: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, run = record(ada)
    killed_after_the_write(run, monkeypatch)
    university.forget_requests()
    run_course_sync(run.course_syncs.get().pk)
    assert len(university.writes) == 1
    assert minutes_of(university, new_quiz) == 30
    assert LedgerEntry.objects.get(taken_back_at=None).evidence == LedgerEntry.Evidence.ACCEPTED
    settled = ActionLogEntry.objects.filter(act="canvas.write.settled")
    assert list(settled.values_list("outcome", flat=True)) == ["overtaken"]
