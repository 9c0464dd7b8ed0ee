"""Redaction: payloads go, the chain stays whole and says who did it; the database lets nothing else through."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accommodations.models import ActionLogEntry, ActionLogPayload, InstitutionSettings, Student, log_guard
from accommodations.services import action_log, log_redacting
from accommodations.services.action_log import LogRecord, Verified
from accommodations.services.log_redacting import NotAsShown, Redactable
from accommodations.services.log_redactions import stretches_of
from tests.factories import make_student, make_user

pytestmark = pytest.mark.django_db
REASON = "The retention period is over."


@pytest.fixture
def director() -> User:
    user = make_user("director", username="ada", first_name="Ada", last_name="Person")
    assert isinstance(user, User)
    return user


@pytest.fixture
def ines() -> Student:
    """Return a student with entries 1, 2 and 4 of five."""
    ines = make_student(name="Ines Okoye", login_id="iokoye")
    other = make_student(name="Bo Lindqvist")
    about = (ines, ines, other, ines, other)
    action_log.record_many([LogRecord(act="test.act", student=one, payload={"note": one.name}) for one in about])
    return ines


def redact(ines: Student, director: User) -> ActionLogEntry:
    return log_redacting.redact(Redactable(student=ines), by=director, reason=REASON, confirmed=3)


def test_a_redaction_takes_the_payloads_of_one_student_and_the_chain_stays_whole(ines: Student, director: User) -> None:
    told = redact(ines, director)
    gone = ActionLogPayload.objects.filter(redaction=told)
    assert sorted(gone.values_list("entry__sequence", "data", "salt")) == [(1, {}, ""), (2, {}, ""), (4, {}, "")]
    assert "Ines" not in repr(list(ActionLogPayload.objects.values_list("data")))
    found = action_log.verify()
    assert isinstance(found, Verified)
    assert (found.entries, found.redacted) == (6, 3)
    (one,) = found.redactions
    assert (one.at, one.by, one.reason, one.entries) == (told.at, "Ada Person", REASON, 3)


def test_a_redaction_is_logged_with_who_and_why_and_is_itself_never_redacted(ines: Student, director: User) -> None:
    told = redact(ines, director)
    assert (told.act, told.actor, told.student_id_logged) == ("log.redacted", director, ines.pk)
    assert told.payload.data["reason"] == REASON
    assert told.payload.data["stretches"] == [[1, 2], [4, 4]]
    everything = Redactable(before=timezone.now() + timedelta(days=1))
    assert sorted(everything.payloads().values_list("entry__sequence", flat=True)) == [3, 5]


def test_only_the_number_that_was_confirmed_is_redacted(ines: Student, director: User) -> None:
    action_log.record(act="test.later", student=ines)
    with pytest.raises(NotAsShown, match="3 entries were confirmed, and there are 4 now"):
        redact(ines, director)
    assert not ActionLogPayload.objects.exclude(redaction=None).exists()
    assert not ActionLogEntry.objects.filter(act="log.redacted").exists()


def test_nothing_is_redactable_unless_a_student_or_an_age_is_named(ines: Student) -> None:
    assert log_redacting.number_of(Redactable()) == 0
    assert log_redacting.number_of(Redactable(before=timezone.now() - timedelta(days=365))) == 0
    assert log_redacting.number_of(Redactable(before=timezone.now() + timedelta(days=1))) == 5


REFUSED = {
    "other content": 'UPDATE {payloads} SET data = \'{{"note": "forged"}}\' WHERE entry_id = {first}',
    "emptied without saying who": "UPDATE {payloads} SET data = '{{}}', salt = '' WHERE entry_id = {first}",
    "redacted but kept": "UPDATE {payloads} SET redaction_id = {told} WHERE entry_id = {third}",
    "redacted but salted": "UPDATE {payloads} SET data = '{{}}', redaction_id = {told} WHERE entry_id = {third}",
    "another entry named as redaction": (
        "UPDATE {payloads} SET data = '{{}}', salt = '', redaction_id = {first} WHERE entry_id = {third}"
    ),
    "moved to another entry": (
        "UPDATE {payloads} SET data = '{{}}', salt = '', redaction_id = {told}, entry_id = {fresh}"
        " WHERE entry_id = {third}"
    ),
    "redacted once more": (
        "UPDATE {payloads} SET data = '{{}}', salt = '', redaction_id = {told} WHERE entry_id = {first}"
    ),
    "taken back": "UPDATE {payloads} SET redaction_id = NULL WHERE entry_id = {first}",
    "the redaction's own words": (
        "UPDATE {payloads} SET data = '{{}}', salt = '', redaction_id = {told} WHERE entry_id = {told}"
    ),
    "deleted": "DELETE FROM {payloads} WHERE entry_id = {third}",
}


@pytest.mark.parametrize("case", REFUSED)
def test_b41_the_database_refuses_every_change_of_a_payload_but_a_redaction(
    case: str, ines: Student, director: User
) -> None:
    told = redact(ines, director)
    first, third = (ActionLogEntry.objects.get(sequence=number).pk for number in (1, 3))
    sql = REFUSED[case].format(payloads=log_guard.PAYLOADS, first=first, third=third, told=told.pk, fresh=10**9)
    before = list(ActionLogPayload.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(ActionLogPayload.objects.order_by("pk").values()) == before


def test_neighbours_are_told_as_stretches() -> None:
    assert stretches_of([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 7], [9, 10]]
    assert stretches_of([]) == []


def test_the_command_shows_first_and_changes_nothing(ines: Student, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("redact_log", "--student", "iokoye")
    printed = capsys.readouterr().out
    assert "3 entries would lose their payload. Nothing was changed." in printed
    assert "--confirm 3" in printed
    assert not ActionLogPayload.objects.exclude(redaction=None).exists()


def test_the_command_redacts_what_was_confirmed_and_verify_log_tells_it(
    ines: Student, director: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("redact_log", "--student", "iokoye", "--by", "ada", "--reason", REASON, "--confirm", "3")
    assert "3 entries were redacted. Entry 6 says who did it and why." in capsys.readouterr().out
    call_command("verify_log")
    today = f"{timezone.now():%Y-%m-%d}"
    assert f"3 entries were redacted on {today} by Ada Person: {REASON}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name a student, or years"),
        (("--older-than", "0"), "1 year or more"),
        (("--retention",), "names no years"),
        (("--student", "nobody"), "no student nobody"),
        (("--student", "iokoye", "--confirm", "3", "--reason", "x"), "--by"),
        (("--student", "iokoye", "--confirm", "3", "--by", "ada"), "--reason"),
        (("--student", "iokoye", "--confirm", "2", "--by", "ada", "--reason", "x"), "2 entries were confirmed"),
    ],
)
def test_the_command_refuses_what_is_not_said_in_full(
    arguments: tuple[str, ...], words: str, ines: Student, director: User
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("redact_log", *arguments)
    assert not ActionLogPayload.objects.exclude(redaction=None).exists()


def test_the_command_takes_the_years_of_the_settings(ines: Student, capsys: pytest.CaptureFixture[str]) -> None:
    InstitutionSettings.current()
    InstitutionSettings.objects.update(log_retention_years=7)
    call_command("redact_log", "--retention")
    assert "0 entries would lose" in capsys.readouterr().out
