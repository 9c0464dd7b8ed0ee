"""Every history that once broke an invariant, named for what it found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accommodations.models import Assessment, Course, PairHold, PairStatus
from accommodations.services import decisions, holds, pairs
from tests import invariants
from tests.histories import checks, steps_of_administrators, steps_of_staff, steps_of_syncs
from tests.histories.campus import DAY, LONG_ENOUGH, Campus, later_dates, more_attempts, time_and_a_half

pytestmark = pytest.mark.django_db


@pytest.fixture
def campus(db: None) -> Iterator[Campus]:
    made = Campus()
    yield made
    made.close()


def delete_enrollments(campus: Campus, login: str) -> None:
    for one in campus.state.enrollments.where("user", campus.people[login].id):
        one.workflow_state = "deleted"


def test_i1_f26_a_student_who_leaves_before_anything_was_written_is_not_left_on_the_lists_as_failed(
    campus: Campus,
) -> None:
    campus.record("ada", **time_and_a_half())
    campus.record("ada", **later_dates())
    delete_enrollments(campus, "ada")
    campus.sync()
    assert PairStatus.objects.filter(reason="refused").exists(), "the empty list is not believed at once (F18)"
    campus.pass_time(LONG_ENOUGH)
    campus.sync()
    assert not PairStatus.objects.exists()
    checks.check_settled(campus)


def test_i2_an_override_that_ours_was_merged_into_is_never_doubled(campus: Campus) -> None:
    campus.record("ada", **later_dates())
    campus.sync()
    essay = campus.assignment("Essay")
    campus.ask("POST", "/_sandbox/act", {"act": "save_assignment_page", "assignment_id": essay.id, "renew_ids": True})
    campus.pass_time(timedelta(hours=1))
    campus.sync()
    standing = [one for one in campus.state.active_overrides(essay) if campus.people["ada"].id in one.student_ids]
    assert len(standing) == 1
    checks.check_settled(campus)


def test_i1_r12_who_is_enrolled_again_in_a_course_that_is_long_over_gets_no_pair_there(campus: Campus) -> None:
    dance, ben = campus.courses[2], campus.people["ben"]
    (enrollment,) = campus.state.enrollments.where("course_user", (dance.id, ben.id))
    enrollment.workflow_state = "deleted"
    campus.record("ben", **later_dates())
    campus.pass_time(30 * DAY)
    enrollment.workflow_state = "active"
    campus.sync()
    assert not PairStatus.objects.filter(course__canvas_course_id=dance.id).exists()
    assert PairStatus.objects.filter(student=campus.student("ben")).exists(), "the courses that go on are told"
    checks.check_settled(campus)


def test_i5_r5_what_is_ended_before_its_first_sync_leaves_no_pair_behind(campus: Campus) -> None:
    first = campus.record("ada", **later_dates(kinds=("new_quiz",)))
    campus.sync()
    steps_of_staff.end(campus, first, is_confirmed=True)
    campus.sync()
    assert not PairStatus.objects.exists()
    too_soon = [campus.record("ada", **more_attempts()), campus.record("ada", **time_and_a_half())]
    assert set(PairStatus.objects.values_list("status", flat=True)) >= {"waiting", "not_needed"}
    for row in too_soon:
        steps_of_staff.end(campus, row, is_confirmed=True)
    campus.sync()
    assert not PairStatus.objects.exists(), "nothing waits, and nothing is told of a grant that nobody has"
    checks.check_settled(campus)


def test_i5_r5_a_hold_on_one_course_ends_with_the_accommodation_though_no_pair_is_told_any_more(campus: Campus) -> None:
    campus.record("ben", **later_dates(kinds=("new_quiz",)))
    campus.sync()
    botany = Course.objects.get(canvas_course_id=campus.course.id)
    row = campus.record("ada", **later_dates(kinds=("new_quiz",), scope="course", course=botany))
    campus.sync()
    holds.undo_student(student=campus.student("ada"), undone_by=campus.office, reason="It was another student")
    campus.sync()
    assert PairHold.objects.filter(released_at=None).exists()
    steps_of_staff.end(campus, row, is_confirmed=True)
    assert not PairStatus.objects.filter(student=campus.student("ada"), reason="undone").exists()
    campus.sync()
    assert not PairHold.objects.filter(released_at=None).exists()
    checks.check_settled(campus)


def test_r2_what_is_over_and_shared_by_now_is_not_brought_up_to_the_class(campus: Campus) -> None:
    row = campus.record("ada", **later_dates(kinds=("assignment",)))
    campus.sync()
    diary, dee = campus.assignment("Diary"), campus.people["dee"]
    ours = campus.override_of(campus.people["ada"], diary)
    path = f"/api/v1/courses/{diary.course_id}/assignments/{diary.id}"
    assert ours is not None
    kept = {"student_ids": [*ours.student_ids, dee.id], "due_at": "2026-03-15T15:07:00Z"}
    kept |= {"unlock_at": None, "lock_at": None}
    campus.ask("PUT", f"{path}/overrides/{ours.id}", {"assignment_override": kept})
    campus.ask("PUT", path, {"assignment": {"unlock_at": "2026-03-04T15:07:00Z"}})
    steps_of_staff.end(campus, row, is_confirmed=True)
    campus.pass_time(13 * DAY)
    before = campus.picture()[(dee.id, f"assignment:{diary.id}")]
    campus.sync()
    assert campus.picture()[(dee.id, f"assignment:{diary.id}")] == before
    assert {campus.people["ada"].id, dee.id} <= set(ours.student_ids)


def test_r13_what_was_missed_stays_so_though_an_exception_is_recorded_and_withdrawn_afterwards(campus: Campus) -> None:
    campus.pass_time(8 * DAY)
    campus.record("ada", **later_dates(6, "hours", kinds=("assignment",)))
    campus.sync()
    essay = Assessment.objects.get(name="Essay")
    assert PairStatus.objects.get(assessment=essay).status == "missed"
    exception, _ = decisions.record_exception(
        student=campus.student("ada"),
        course=essay.course,
        assessment=essay,
        reason="Speed is what is examined.",
        effective_until=(campus.now + 12 * DAY).date(),
        decided_by=campus.office,
        reads_before_applying=False,
    )
    assert PairStatus.objects.get(assessment=essay).status == "missed"
    campus.sync()
    decisions.withdraw_exception(exception=exception, withdrawn_by=campus.office, reads_before_applying=False)
    campus.sync()
    pair = PairStatus.objects.get(assessment=essay)
    assert pair.status == "missed", "until a person has written what was done about it"
    pairs.settle_pair(pair=pair, settled_by=campus.office, note="She handed it in by mail, and it counts.")
    campus.sync()
    assert PairStatus.objects.get(assessment=essay).settled_note


def test_f26_who_was_merged_with_another_is_told_as_failed_and_nobody_else_notices(campus: Campus) -> None:
    campus.record("ada", **later_dates(kinds=("assignment",)))
    campus.record("ben", **later_dates(kinds=("assignment",)))
    steps_of_administrators.registrar_merges_two_people(campus, position=0)
    kept = campus.state.users.where("login", "ben")
    before = invariants.picture(campus.state, [one.id for one in kept])
    campus.sync()
    assert campus.status_of("ben", "Essay") == "refused"
    assert campus.status_of("ada", "Essay") == "read_back"
    assert invariants.picture(campus.state, [one.id for one in kept]) == before, "a person decides who they are (R2)"
    checks.check_settled(campus)


def test_r13_what_was_missed_stays_so_though_the_accommodation_ends_afterwards(campus: Campus) -> None:
    row = campus.record("ada", **later_dates(kinds=("assignment",)))
    campus.sync()
    essay = campus.assignment("Essay")
    ours = campus.override_of(campus.people["ada"], essay)
    assert ours is not None
    path = f"/api/v1/courses/{essay.course_id}/assignments/{essay.id}/overrides/{ours.id}"
    shorter = {"unlock_at": "2026-03-03T15:07:00Z", "due_at": "2026-03-09T15:07:00Z", "lock_at": "2026-03-10T15:07:00Z"}
    campus.ask("PUT", path, {"assignment_override": shorter})
    campus.fault("status", method="PUT", value={"code": 422, "body": {"errors": ["no"]}})
    campus.sync()
    campus.state.control.faults.clear()
    campus.pass_time(11 * DAY)
    campus.sync()
    assert campus.status_of("ada", "Essay") == "closed"
    steps_of_staff.end(campus, row, is_confirmed=True)
    campus.sync()
    assert PairStatus.objects.get(assessment__name="Essay").status == "missed"


def test_r12_ours_that_others_were_put_into_is_never_in_place_while_it_opens_before_the_class(campus: Campus) -> None:
    campus.record("ben", **later_dates(kinds=("assignment",)))
    essay = campus.assignment("Essay")
    path = f"/api/v1/courses/{essay.course_id}/assignments/{essay.id}"
    campus.ask("PUT", path, {"assignment": {"unlock_at": None}})
    campus.sync()
    ours = campus.override_of(campus.people["ben"], essay)
    assert ours is not None
    shared = {"student_ids": [*ours.student_ids, campus.people["ada"].id], "unlock_at": None}
    shared |= {"due_at": ours.due_at and ours.due_at.isoformat(), "lock_at": ours.lock_at and ours.lock_at.isoformat()}
    campus.ask("PUT", f"{path}/overrides/{ours.id}", {"assignment_override": shared})
    campus.ask("PUT", path, {"assignment": {"unlock_at": "2026-03-06T15:07:00Z"}})
    campus.sync()
    assert campus.status_of("ben", "Essay") == "shared_override"
    assert "opens before the class does" in PairStatus.objects.get(assessment__name="Essay").sentence
    checks.check_settled(campus)


def test_r3_r18_what_was_missed_after_less_had_been_put_stays_as_it_was_once_everything_has_ended(
    campus: Campus,
) -> None:
    botany = Course.objects.get(canvas_course_id=campus.course.id)
    less = campus.record("ben", **time_and_a_half(scope="course", course=botany))
    campus.sync()
    more = campus.record("ben", **time_and_a_half("2"))
    campus.pass_time(11 * DAY)
    campus.sync()
    missed = PairStatus.objects.filter(status="missed")
    assert missed, "twice the time was never put, and the exam is over"
    for row in (less, more):
        steps_of_staff.end(campus, row, is_confirmed=True)
    steps_of_syncs.settled(campus)
    assert missed.all()
    checks.check_ended(campus)
