"""What instructors have in Canvas, and change between plan and apply, survives; other students are never touched."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accommodations.models import Accommodation, LedgerEntry, PairStatus, Student
from accommodations.services import accommodations, apply
from accommodations.services.course_work import CourseWork
from accommodations.services.stored_plans import Step
from canvas_bridge.sandbox.records.assessments import Override
from tests.accommodations.services.conftest import (
    University,
    give,
    in_days,
    one_attempt_more,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
EVERYTHING = [time_and_a_half(), one_attempt_more(), two_days_later()]


def end_everything(student: Student) -> None:
    for accommodation in Accommodation.objects.filter(student=student):
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=make_user(), version=accommodation.version, reason="revoked"
        )
    sync_now()


def test_r3_an_instructors_override_is_lengthened_in_place_and_restored_at_the_end(
    ada: Student, university: University
) -> None:
    university.state.add_override(
        university.paper, students=[university.ada], title="Ada", due_at=in_days(8.5), lock_at=in_days(9)
    )
    before = university.picture()
    [theirs] = university.overrides_of(university.ada, university.paper)
    give(ada)
    [lengthened] = university.overrides_of(university.ada, university.paper)
    assert lengthened.id == theirs.id
    assert lengthened.due_at is not None
    assert lengthened.due_at > in_days(8.5)
    end_everything(ada)
    assert university.picture() == before
    [restored] = university.overrides_of(university.ada, university.paper)
    assert (restored.id, restored.title, restored.unlock_at_overridden) == (theirs.id, "Ada", False)
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()


def test_r3_what_an_instructor_gave_by_hand_before_stands_again_at_the_end(
    ada: Student, university: University
) -> None:
    university.state.set_quiz_extension(university.quiz, university.ada, extra_time=10, extra_attempts=0)
    before = university.picture()
    give(ada)
    assert university.extra_time_of(university.ada) == (30, 1)
    end_everything(ada)
    assert university.picture() == before


def test_r1_more_than_the_grant_by_hand_is_left_alone(ada: Student, university: University) -> None:
    university.state.set_quiz_extension(university.quiz, university.ada, extra_time=60, extra_attempts=5)
    give(ada)
    assert university.extra_time_of(university.ada) == (60, 5)
    end_everything(ada)
    assert university.extra_time_of(university.ada) == (60, 5)


def test_r2_nobody_else_is_touched(ada: Student, university: University) -> None:
    university.state.add_override(university.paper, students=[university.ben], due_at=in_days(12), lock_at=in_days(13))
    university.state.set_quiz_extension(university.quiz, university.ben, extra_time=5, extra_attempts=0)
    before = [one for one in university.picture()["overrides"] if one[1] == [university.ben.id]]
    give(ada)
    after = [one for one in university.picture()["overrides"] if one[1] == [university.ben.id]]
    assert after == before
    assert university.extra_time_of(university.ben) == (5, 0)


def test_drift_is_repaired(ada: Student, university: University) -> None:
    give(ada)
    [ours] = university.overrides_of(university.ada, university.paper)
    ours.due_at = in_days(8)
    ours.lock_at = in_days(9)
    sync_now()
    [repaired] = university.overrides_of(university.ada, university.paper)
    assert (repaired.due_at, repaired.lock_at) == (in_days(10), in_days(11))


def test_f23_an_override_made_by_an_instructor_in_between_is_never_doubled(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = apply.send_request
    made = []

    def instructor_first(*arguments: object, **named: object) -> object:
        if not made:
            made.append(
                university.state.add_override(
                    university.paper, students=[university.ada], due_at=in_days(8.5), lock_at=in_days(9)
                )
            )
        return real(*arguments, **named)

    monkeypatch.setattr("accommodations.services.course_work.send_request", instructor_first)
    give(ada)
    sync_now()
    [only] = university.overrides_of(university.ada, university.paper)
    assert only.id == made[0].id
    assert only.due_at is not None
    assert only.due_at >= in_days(10)
    end_everything(ada)
    [restored] = university.overrides_of(university.ada, university.paper)
    assert (restored.due_at, restored.lock_at) == (in_days(8.5), in_days(9))


def test_f25_a_moved_class_date_moves_the_grant_with_it(ada: Student, university: University) -> None:
    give(ada)
    university.paper.due_at, university.paper.lock_at = in_days(20), in_days(21)
    sync_now()
    [moved] = university.overrides_of(university.ada, university.paper)
    assert (moved.due_at, moved.lock_at) == (in_days(22), in_days(23))


def test_f25_an_assessment_that_is_deleted_leaves_no_trace_in_the_status_table(
    ada: Student, university: University
) -> None:
    give(ada)
    university.paper.workflow_state = "deleted"
    sync_now()
    assert {name for _, name in statuses()} == {"Midterm"}
    assert not PairStatus.objects.filter(assessment__is_deleted=True).exists()


def test_a_new_quiz_of_tonight_is_covered_by_the_next_round(ada: Student, university: University) -> None:
    give(ada)
    quiz = university.state.add_quiz(
        university.course, "Tonight's quiz", time_limit=20, unlock_at=in_days(1), lock_at=in_days(2), published=False
    )
    sync_now()
    row = university.state.quiz_submission_of(quiz, university.ada.id)
    assert row.extra_time == 10


def test_f26_a_student_who_enrolls_again_is_covered_again(ada: Student, university: University) -> None:
    give(ada)
    [enrollment] = university.state.enrollments.where("user", university.ada.id)
    enrollment.workflow_state = "deleted"
    university.state.overrides.replace_all([], university.state.overrides.next_id)
    from accommodations.services import people

    people.refresh_enrollments(ada)
    Student.objects.update(enrollments_doubted_at=timezone.now() - timedelta(hours=1))
    people.refresh_enrollments(ada)
    sync_now()
    assert statuses() == {}
    university.state.enroll(university.ada, university.course)
    people.refresh_enrollments(ada)
    sync_now()
    assert set(statuses().values()) <= {"read_back", "accepted"}
    assert len(university.overrides_of(university.ada)) == 2


def _renamed(university: University, own: Override) -> None:
    own.title = "Renamed"


def _lengthened(university: University, own: Override) -> None:
    own.due_at = in_days(20)


def _shared(university: University, own: Override) -> None:
    own.student_ids.append(university.ben.id)


def _deleted(university: University, own: Override) -> None:
    own.workflow_state = "deleted"


@pytest.mark.parametrize("act", [_renamed, _lengthened, _shared, _deleted])
def test_f24_r2_r3_what_an_instructor_does_between_plan_and_apply_is_seen_and_survives(
    act: Callable[[University, Override], None], ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No override is written from a read that is older than 30 s: it is read again, and planned anew."""
    own = university.state.add_override(
        university.paper, students=[university.ada], title="Own", due_at=in_days(8, hour=16)
    )
    real, clock = CourseWork._requests, ExitStack()
    acted: list[object] = []

    def after_the_instructor(work: CourseWork, steps: Sequence[Step]) -> Iterator[object]:
        if not acted:
            acted.append(act(university, own))
            clock.enter_context(time_machine.travel(datetime.now(UTC) + timedelta(seconds=31), tick=True))
        yield from real(work, steps)

    monkeypatch.setattr(CourseWork, "_requests", after_the_instructor)
    with clock:
        give(ada, two_days_later())
    assert acted
    [has] = university.overrides_of(university.ada, university.paper)
    assert has.due_at is not None
    assert has.due_at >= in_days(10)
    if act is _renamed:
        assert has.title == "Renamed"
    if act is _lengthened:
        assert (has.id, has.due_at) == (own.id, in_days(20))
    if act is _shared:
        [of_ben] = university.overrides_of(university.ben, university.paper)
        assert of_ben.due_at == in_days(8, hour=16)
