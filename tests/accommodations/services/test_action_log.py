"""The action log: chained, in order, and append-only. What tampering leaves behind is in `test_log_tampering.py`."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from accommodations.models import ActionLogEntry, ActionLogPayload, LogHead, LogIsAppendOnly, Student, log_guard
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord, Verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries() -> list[ActionLogEntry]:
    return action_log.record_many([LogRecord(act=f"test.{n}", payload={"n": n}) for n in (1, 2, 3)])


def test_an_untouched_log_verifies(three_entries: list[ActionLogEntry]) -> None:
    action_log.record(act="test.later", payload={"name": "Zoë", "at": three_entries[0].at})
    assert action_log.verify() == Verified(entries=4)


def test_an_empty_log_verifies() -> None:
    assert action_log.verify() == Verified(entries=0)


@pytest.mark.parametrize("sql", ["UPDATE {} SET act = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_b41_the_database_itself_refuses_to_change_the_log(sql: str, three_entries: list[ActionLogEntry]) -> None:
    connection.check_constraints()  # else PostgreSQL refuses to truncate for its own reasons
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(log_guard.TABLE))
    assert action_log.verify() == Verified(entries=3)


def test_b41_the_model_refuses_to_change_or_delete_an_entry(three_entries: list[ActionLogEntry]) -> None:
    with pytest.raises(LogIsAppendOnly):
        three_entries[0].save()
    with pytest.raises(LogIsAppendOnly):
        three_entries[0].delete()


def test_a_view_of_a_students_record_is_logged() -> None:
    viewer = User.objects.create_user("ada")
    student = Student.objects.create(canvas_user_id=1, name="Ines Okoye", sortable_name="Okoye, Ines")
    entry = action_log.record_view(viewer=viewer, student=student)
    assert (entry.act, entry.actor, entry.student_id_logged) == ("student.viewed", viewer, student.pk)


def test_r17_the_chained_row_holds_no_personal_words() -> None:
    student = Student.objects.create(canvas_user_id=1, name="Ines Okoye", sortable_name="Okoye, Ines")
    entry = action_log.record(act="test.personal", student=student, payload={"reason": "Ines asked"})
    row = ActionLogEntry.objects.values().get(pk=entry.pk)
    assert "Ines" not in repr(row)
    assert ActionLogPayload.objects.get(entry=entry).data == {"reason": "Ines asked"}


def test_nothing_is_left_of_a_record_whose_transaction_failed() -> None:
    LogHead.objects.get_or_create(pk=1)  # made by a migration; a test that empties the tables may have run before
    with transaction.atomic():
        action_log.record(act="test.undone")
        transaction.set_rollback(True)
    assert not ActionLogEntry.objects.exists()
    assert action_log.verify() == Verified(entries=0)
    assert LogHead.objects.get().sequence == 0
