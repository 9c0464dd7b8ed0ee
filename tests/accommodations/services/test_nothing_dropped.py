"""What Canvas refuses, empties or deletes is told, believed late or closed: never dropped in silence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accommodations.models import ActionLogEntry, LedgerEntry, PairStatus, Student, SyncAction, SyncRun
from accommodations.selectors.rules import concerned_students
from accommodations.services import accommodations, people, waking
from tests.accommodations.services.conftest import University, carry_out, give, statuses, sync_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_r13_a_read_that_canvas_refuses_blocks_the_pair_and_is_not_asked_for_in_a_loop(
    ada: Student, university: University
) -> None:
    forbidden = {"code": 403, "body": {"status": "unauthorized", "errors": [{"message": "user not authorized"}]}}
    university.fault("status", method="GET", path="quizzes/.*submissions", value=forbidden)
    give(ada)
    pair = PairStatus.objects.get(assessment__name="Midterm")
    assert (pair.status, pair.reason) == ("blocked", "permission_missing")
    university.forget_requests()
    sync_now()
    asked = [one for one in university.requests if "quizzes" in one.path and one.path.endswith("submissions")]
    assert len(asked) == 1
    university.state.control.faults.clear()
    sync_now()
    assert set(statuses().values()) <= {"read_back", "accepted"}


def test_r14_a_refused_action_stands_once_in_the_run(ada: Student, university: University) -> None:
    university.fault(
        "status", method="POST", path="extensions$", value={"code": 403, "body": {"message": "you are not allowed"}}
    )
    run = give(ada)
    found = list(
        SyncAction.objects.filter(course_sync__run=run, assessment__name="Midterm").values_list(
            "action__change__type", "status"
        )
    )
    assert sorted(found) == [("CreateOverride", "applied"), ("SetQuizExtension", "refused")]


def test_r3_what_stood_on_an_assessment_that_was_deleted_in_canvas_is_closed_and_logged(
    ada: Student, university: University
) -> None:
    give(ada)
    for assignment in university.state.assignments:
        assignment.workflow_state = "deleted"
    university.quiz.workflow_state = "deleted"
    sync_now()
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()
    closed = ActionLogEntry.objects.filter(act="ledger.closed")
    assert closed.count() == 4
    assert {one.payload.data["reason"] for one in closed} == {"assessment deleted in Canvas"}
    assert statuses() == {}
    for accommodation in ada.accommodations.all():
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=make_user(), version=accommodation.version, reason="revoked"
        )
    course = ada.enrollments.get().course
    assert not concerned_students(course).exists()


def test_f18_an_empty_list_of_enrollments_is_believed_the_second_time_an_hour_later(
    ada: Student, university: University
) -> None:
    give(ada)
    before = statuses()
    [enrollment] = university.state.enrollments.where("user", university.ada.id)
    enrollment.workflow_state = "deleted"
    people.refresh_enrollments(ada)
    people.refresh_enrollments(ada)
    sync_now()
    assert statuses().keys() == before.keys()
    assert ActionLogEntry.objects.filter(act="enrollments.not_believed").count() == 1
    Student.objects.update(enrollments_doubted_at=timezone.now() - timedelta(hours=1))
    sync_now()
    assert not ada.enrollments.exists()
    assert statuses() == {}


def test_f18_an_empty_list_that_was_only_a_hiccup_changes_nothing(ada: Student, university: University) -> None:
    give(ada)
    [enrollment] = university.state.enrollments.where("user", university.ada.id)
    enrollment.workflow_state = "deleted"
    people.refresh_enrollments(ada)
    enrollment.workflow_state = "active"
    sync_now()
    ada.refresh_from_db()
    assert ada.enrollments_doubted_at is None
    assert set(statuses().values()) <= {"read_back", "accepted"}


def test_f26_minutes_that_were_taken_out_in_canvas_are_repaired_and_the_log_says_so(
    ada: Student, university: University
) -> None:
    give(ada)
    assert not ActionLogEntry.objects.filter(act="drift.repaired").exists()
    university.state.set_quiz_extension(university.quiz, university.ada, extra_time=0, extra_attempts=1)
    LedgerEntry.objects.update(
        put_at=timezone.now() - timedelta(days=8), confirmed_at=timezone.now() - timedelta(days=8)
    )
    sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)
    assert university.extra_time_of(university.ada) == (30, 1)
    [entry] = ActionLogEntry.objects.filter(act="drift.repaired")
    assert entry.payload.data["before"]["extra_minutes"] == 0
    assert entry.payload.data["after"]["extra_minutes"] == 30
    [row] = LedgerEntry.objects.filter(assessment__name="Midterm", part="extension", taken_back_at=None)
    assert row.put_at > timezone.now() - timedelta(minutes=5)


def test_r5_an_override_that_was_deleted_in_canvas_is_made_again_and_the_log_says_so(
    ada: Student, university: University
) -> None:
    give(ada)
    [override] = university.overrides_of(university.ada, university.paper)
    override.workflow_state = "deleted"
    sync_now()
    assert len(university.overrides_of(university.ada, university.paper)) == 1
    assert ActionLogEntry.objects.filter(act="drift.repaired").count() == 1


def extension_reads(university: University) -> int:
    return sum(1 for one in university.requests if one.method == "GET" and one.path.endswith("submissions"))


@pytest.mark.parametrize(("opens_in", "proof_is"), [(timedelta(hours=30), 20), (timedelta(minutes=90), 3)])
def test_the_round_over_exams_reads_an_extension_back_once_before_it_opens(
    ada: Student, university: University, opens_in: timedelta, proof_is: int
) -> None:
    """At 48–24 hours, and again in the last two hours: what stands there is proven, and what was taken out repaired."""
    opens_at = timezone.now() + opens_in
    for one in (university.quiz, university.state.assignments.get(university.quiz.assignment_id)):
        one.unlock_at, one.due_at, one.lock_at = opens_at, opens_at + timedelta(hours=1), opens_at + timedelta(hours=1)
    # Whatever the hour this test runs at, the paper is not one of those that open within 48 hours.
    university.paper.unlock_at = timezone.now() + timedelta(days=3)
    give(ada)
    long_ago = timezone.now() - timedelta(hours=proof_is)
    LedgerEntry.objects.update(put_at=long_ago, confirmed_at=None)
    university.state.set_quiz_extension(university.quiz, university.ada, extra_time=0, extra_attempts=1)

    def exams() -> int:
        university.forget_requests()
        run_id = waking.request_exams()
        assert run_id is not None
        carry_out(SyncRun.objects.get(pk=run_id))
        return extension_reads(university)

    assert exams() == 1
    assert university.extra_time_of(university.ada) == (30, 1)
    assert ActionLogEntry.objects.filter(act="drift.repaired").count() == 1
    assert exams() == 0


def test_a_weekly_reading_that_finds_what_we_put_renews_the_proof(ada: Student, university: University) -> None:
    give(ada)
    long_ago = timezone.now() - timedelta(days=8)
    LedgerEntry.objects.update(put_at=long_ago, confirmed_at=long_ago)
    university.forget_requests()
    sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)
    assert university.writes == []
    extensions = LedgerEntry.objects.filter(part=LedgerEntry.Part.EXTENSION, taken_back_at=None)
    assert {row.evidence for row in extensions} == {LedgerEntry.Evidence.READ_BACK}
    assert all(row.confirmed_at and row.confirmed_at > timezone.now() - timedelta(minutes=5) for row in extensions)
    university.forget_requests()
    sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)
    assert extension_reads(university) == 0
