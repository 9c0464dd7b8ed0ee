"""Undo of a student's and of a run's actions over the sandbox: a plan like any other, held by name until released."""

from dataclasses import replace

import pytest

from accommodations.errors import LeewayError
from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    GuardStop,
    LedgerEntry,
    PairHold,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.services import accommodations, holds
from accommodations.services.accommodation_values import values_of
from tests.accommodations.services.conftest import University, approve, carry_out, give, in_days, statuses, sync_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_undo_of_a_student_restores_exactly_what_stood_there_and_holds_by_name(
    ada: Student, university: University
) -> None:
    before = university.picture()
    give(ada)
    office = make_user("coordinator", first_name="Maya", last_name="Lindqvist")
    run = carry_out(holds.undo_student(student=ada, undone_by=office, reason="Wrong student"))
    assert run.status == SyncRun.Status.READING
    assert university.picture() != before
    approve(run, office)
    assert university.picture() == before
    assert statuses() == {("ada", "Midterm"): "undone", ("ada", "Essay"): "undone"}
    sentence = PairStatus.objects.first().sentence
    assert "undone by Maya Lindqvist" in sentence
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()
    assert ActionLogEntry.objects.filter(act="pair.undone", actor=office, student_id_logged=ada.pk).count() == 2
    assert not GuardStop.objects.exists()


def test_what_was_undone_stays_away_until_it_is_released(ada: Student, university: University) -> None:
    give(ada)
    given = university.picture()
    office = make_user()
    approve(carry_out(holds.undo_student(student=ada, undone_by=office)), office)
    university.forget_requests()
    sync_now()
    assert university.writes == []
    run = holds.release_holds(holds=PairHold.objects.all(), released_by=office)
    assert run is not None
    approve(carry_out(run), office)
    assert university.picture() == given
    assert "undone" not in statuses().values()
    assert holds.release_holds(holds=PairHold.objects.all(), released_by=office) is None


def test_the_hold_ends_with_the_accommodation(ada: Student, university: University) -> None:
    give(ada)
    office = make_user()
    approve(carry_out(holds.undo_student(student=ada, undone_by=office)), office)
    for accommodation in Accommodation.objects.all():
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=office, version=accommodation.version, reads_before_applying=False
        )
    carry_out(SyncRun.objects.get(status="queued"))
    assert not PairHold.objects.filter(released_at=None).exists()
    assert statuses() == {}


def test_undo_of_a_run_comes_back_to_the_state_before_that_run(ada: Student, university: University) -> None:
    give(ada)
    before = university.picture()
    office, accommodation = make_user(), Accommodation.objects.get(provision="extra_time")
    values = values_of(accommodation)
    _, run = accommodations.change_accommodation(
        accommodation=accommodation,
        changed_by=office,
        version=accommodation.version,
        values=replace(values, multiplier=values.multiplier * 2),
        reads_before_applying=False,
    )
    assert run is not None
    changed = carry_out(run)
    assert university.extra_time_of(university.ada) == (120, 1)
    undo = carry_out(holds.undo_run(run=changed, undone_by=office))
    assert undo.trigger == SyncRun.Trigger.UNDO
    approve(undo, office)
    assert university.picture() == before
    assert statuses()["ada", "Midterm"] == "undone"
    assert statuses()["ada", "Essay"] == "read_back"
    university.forget_requests()
    sync_now()
    assert university.writes == []


def test_undo_of_an_ending_puts_back_what_it_took_away(ada: Student, university: University) -> None:
    give(ada)
    given = university.picture()
    office = make_user()
    for accommodation in Accommodation.objects.all():
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=office, version=accommodation.version, reads_before_applying=False
        )
    ended = carry_out(SyncRun.objects.get(status="queued"))
    assert university.picture() != given
    approve(carry_out(holds.undo_run(run=ended, undone_by=office)), office)
    assert university.picture() == given
    assert set(statuses().values()) == {"undone"}


def test_r18_undo_leaves_what_is_open_and_says_so(ada: Student, university: University) -> None:
    university.paper.unlock_at = in_days(-1)
    give(ada)
    papers = university.picture()["papers"]
    office = make_user()
    approve(carry_out(holds.undo_student(student=ada, undone_by=office)), office)
    assert university.picture()["papers"] == papers
    assert statuses()["ada", "Essay"] == "undone"


def test_nothing_is_undone_twice_and_no_run_at_work(ada: Student, university: University) -> None:
    office = make_user()
    with pytest.raises(LeewayError):
        holds.undo_student(student=ada, undone_by=office)
    run = give(ada)
    SyncRun.objects.filter(pk=run.pk).update(status="running")
    run.refresh_from_db()
    with pytest.raises(LeewayError):
        holds.undo_run(run=run, undone_by=office)
