"""What people write about a pair, and how long a status has stood."""

from datetime import timedelta

import pytest

from accommodations.errors import LeewayError, ValuesRefused
from accommodations.models import ActionLogEntry, PairStatus, Student
from accommodations.planning.statuses import Reason
from accommodations.services import accommodations
from accommodations.services.pairs import settle_pair
from tests.accommodations.services.conftest import University, in_days, statuses, sync_now, time_and_a_half
from tests.days import TODAY
from tests.factories import make_assessment, make_course, make_pair, make_student, make_user

pytestmark = pytest.mark.django_db


def test_a_missed_pair_is_settled_by_words_and_logged() -> None:
    student, coordinator = make_student(), make_user()
    pair = make_pair(student, make_assessment(make_course()), reason=Reason.CLOSED)
    settled = settle_pair(pair=pair, settled_by=coordinator, note=" Sat it again on Monday. ")
    assert (settled.settled_note, settled.settled_by) == ("Sat it again on Monday.", coordinator)
    assert settled.status == "missed"
    assert ActionLogEntry.objects.filter(act="pair.settled", student_id_logged=student.pk).exists()


@pytest.mark.parametrize("note", ["", "   ", "x" * 4001])
def test_nothing_is_settled_without_words(note: str) -> None:
    pair = make_pair(make_student(), make_assessment(make_course()), reason=Reason.CLOSED)
    with pytest.raises(ValuesRefused):
        settle_pair(pair=pair, settled_by=make_user(), note=note)


def test_what_leeway_looks_after_itself_is_not_settled() -> None:
    pair = make_pair(make_student(), make_assessment(make_course()), reason=Reason.PLANNED)
    with pytest.raises(LeewayError):
        settle_pair(pair=pair, settled_by=make_user(), note="Done.")


def record(student: Student) -> None:
    values = time_and_a_half(effective_from=TODAY - timedelta(days=30))
    accommodations.record_accommodation(student=student, recorded_by=make_user(), values=values)


def test_what_is_outside_canvas_is_marked_as_done_by_hand(ada: Student, university: University) -> None:
    university.state.add_assignment(
        university.course, "Oral exam", submission_types=("on_paper",), unlock_at=in_days(2), lock_at=in_days(2.1)
    )
    record(ada)
    sync_now()
    pair = PairStatus.objects.get(assessment__name="Oral exam")
    assert pair.reason == "outside_canvas"
    settle_pair(pair=pair, settled_by=make_user("instructor"), note="90 minutes, by Dr Roth, Tuesday.", done_on=TODAY)
    sync_now()
    pair.refresh_from_db()
    assert pair.status == "not_needed"
    assert pair.settled_note == "90 minutes, by Dr Roth, Tuesday."


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "Enter the day on which it was done"), (2, "is still to come. Mark it when it has been done")],
)
def test_what_is_done_by_hand_has_a_day_on_which_it_can_have_been_done(days: int | None, words: str) -> None:
    pair = make_pair(make_student(), make_assessment(make_course()), reason=Reason.OUTSIDE_CANVAS)
    day = None if days is None else TODAY + timedelta(days=days)
    with pytest.raises(ValuesRefused, match=words) as refused:
        settle_pair(pair=pair, settled_by=make_user("instructor"), note="Given in class.", done_on=day)
    assert refused.value.problems[0].field == "done_on"
    pair.refresh_from_db()
    assert pair.settled_at is None


def test_the_day_of_what_was_done_by_hand_is_kept_and_logged() -> None:
    pair = make_pair(make_student(), make_assessment(make_course()), reason=Reason.OUTSIDE_CANVAS)
    day = TODAY - timedelta(days=3)
    settled = settle_pair(pair=pair, settled_by=make_user("instructor"), note="Given in class.", done_on=day)
    assert settled.settled_on == day
    entry = ActionLogEntry.objects.select_related("payload").get(act="pair.settled")
    assert entry.payload.data["done_on"] == day.isoformat()


def test_since_stays_while_status_and_reason_stay(ada: Student, university: University) -> None:
    record(ada)
    sync_now()
    before = PairStatus.objects.get(assessment__name="Midterm")
    sync_now()
    after = PairStatus.objects.get(assessment__name="Midterm")
    assert (after.since, after.pk) == (before.since, before.pk)
    assert after.read_at > before.read_at
    university.paper.points_possible = 5
    sync_now()
    assert PairStatus.objects.get(assessment__name="Midterm").since == before.since


def test_r13_a_missed_pair_stays_until_a_person_has_written(ada: Student, university: University) -> None:
    record(ada)
    quiz = university.quiz
    assignment = university.state.assignments[quiz.assignment_id or 0]
    for item in (quiz, assignment):
        item.unlock_at, item.due_at, item.lock_at = in_days(-3), in_days(-2), in_days(-2)
    sync_now()
    assert statuses()[("ada", "Midterm")] == "closed"
    [accommodation] = ada.accommodations.all()
    accommodations.end_accommodation(accommodation=accommodation, ended_by=make_user(), version=1, reason="revoked")
    sync_now()
    assert statuses()[("ada", "Midterm")] == "closed"
    settle_pair(
        pair=PairStatus.objects.get(assessment__name="Midterm"), settled_by=make_user(), note="Make-up on Friday."
    )
    sync_now()
    assert ("ada", "Midterm") not in statuses()
