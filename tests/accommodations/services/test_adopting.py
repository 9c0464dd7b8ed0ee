"""After a restore the ledger knows less than Canvas holds: nothing is put twice, and a person says what is ours."""

import pytest
from django.core.management import CommandError, call_command

from accommodations.models import Accommodation, ActionLogEntry, LedgerEntry, Student
from accommodations.services import accommodations, adopting
from tests.accommodations.services.conftest import University, carry_out, give, statuses, sync_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(ada: Student, university: University) -> Student:
    """Give Ada everything, and let the ledger forget it, as yesterday's backup would."""
    give(ada)
    LedgerEntry.objects.all().delete()
    university.forget_requests()
    sync_now()
    return ada


def end_everything() -> None:
    for one in Accommodation.objects.all():
        run = accommodations.end_accommodation(
            accommodation=one, ended_by=make_user(), version=one.version, reads_before_applying=False
        )
        if run is not None:
            carry_out(run)


def test_f30_what_the_ledger_has_forgotten_is_not_put_a_second_time(restored: Student, university: University) -> None:
    assert university.writes == []
    assert len(university.overrides_of(university.ada, university.paper)) == 1
    assert LedgerEntry.objects.filter(part="override").count() == 2, "known again by the code in their titles"
    assert not LedgerEntry.objects.filter(part="extension").exists()


def test_f30_extra_time_that_stands_as_granted_is_ours_once_a_person_says_so(
    ada: Student, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    before = university.picture()
    give(ada)
    LedgerEntry.objects.all().delete()
    sync_now()
    call_command("adopt_forgotten")
    shown = capsys.readouterr().out
    assert "2 stand in Canvas exactly as granted" in shown
    assert "Ada" not in shown
    office = make_user("director", username="david")
    call_command("adopt_forgotten", confirm=2, by="david", reason="Restored the backup of Sunday")
    assert ActionLogEntry.objects.filter(act="ledger.adopted", actor=office).count() == 2
    sync_now()
    assert set(statuses().values()) == {"read_back"}
    end_everything()
    assert university.picture() == before


def test_f30_r3_what_nobody_confirmed_stays_as_an_instructors_own(restored: Student, university: University) -> None:
    end_everything()
    assert university.extra_time_of(university.ada) == (30, 1)
    assert university.overrides_of(university.ada) == []


def test_f30_more_than_is_granted_is_never_taken_for_ours(restored: Student, university: University) -> None:
    """The quiz has a minute more now; the paper's extra attempt alone is left."""
    university.state.quiz_submission_of(university.quiz, university.ada.id).extra_time = 31
    sync_now()
    assert [one.extension.put_minutes for one in adopting.forgotten_extensions()] == [None]


def test_f30_another_number_than_was_shown_is_refused(restored: Student) -> None:
    make_user("director", username="david")
    with pytest.raises(CommandError, match="It is 2 now, not 1"):
        call_command("adopt_forgotten", confirm=1, by="david", reason="Restored")
    with pytest.raises(CommandError, match="--reason"):
        call_command("adopt_forgotten", confirm=2, by="david")
    assert not LedgerEntry.objects.filter(part="extension").exists()
