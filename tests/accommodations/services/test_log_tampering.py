"""F32: whatever is done to the action log, the verification finds it and names the first bad entry.

Run on PostgreSQL by itself, and on SQLite by `test_log_on_sqlite.py`.
"""

from dataclasses import asdict, replace

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from accommodations.models import ActionLogEntry, LogAnchor, LogHead
from accommodations.services import action_log, log_anchors
from accommodations.services.action_log import FirstBadEntry, LogRecord, Verified
from accommodations.services.log_anchors import Anchor
from accommodations.services.log_digests import entry_digest
from tests import tampering
from tests.tampering import TABLES, cut_from, rebuild_from, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _six_entries() -> None:
    action_log.record_many([LogRecord(act=f"test.{n}", payload={"n": n}) for n in range(1, 7)])


def anchor_here() -> Anchor:
    anchor = log_anchors.add_anchor()
    assert anchor is not None
    assert log_anchors.stored_anchors()[-1] == anchor
    return anchor


def anchored_with_more() -> list[Anchor]:
    """Anchor, go on, anchor again: at entries 6 and 8."""
    first = anchor_here()
    action_log.record_many([LogRecord(act="test.more"), LogRecord(act="test.more")])
    return [first, anchor_here()]


def test_f32_a_changed_field() -> None:
    tampering.change(2)
    assert action_log.verify() == FirstBadEntry(2, "a field was changed")


def test_f32_a_changed_payload() -> None:
    tamper("UPDATE {payloads} SET data = '{{\"n\": 9}}' WHERE entry_id ="
           " (SELECT id FROM {entries} WHERE sequence = 3)")  # fmt: skip
    assert action_log.verify() == FirstBadEntry(3, "its payload was changed")


def test_f32_a_payload_that_calls_itself_redacted_without_a_redaction() -> None:
    other = ActionLogEntry.objects.get(sequence=5)
    tamper("UPDATE {payloads} SET data = '{{}}', salt = '', redaction_id = %s WHERE entry_id ="
           " (SELECT id FROM {entries} WHERE sequence = 3)", other.pk)  # fmt: skip
    assert action_log.verify() == FirstBadEntry(3, "its payload is gone, and no redaction in the log says so")


def test_f32_a_deleted_payload() -> None:
    tamper("DELETE FROM {payloads} WHERE entry_id = (SELECT id FROM {entries} WHERE sequence = 4)")
    assert action_log.verify() == FirstBadEntry(4, "its payload was deleted")


def test_f32_a_deleted_entry() -> None:
    tampering.delete(2)
    assert action_log.verify() == FirstBadEntry(3, "entry 2 is missing")


def test_f32_an_entry_put_in_between() -> None:
    tampering.insert(4)
    assert action_log.verify() == FirstBadEntry(5, "it does not follow the entry before it")


def test_f32_an_entry_added_behind_the_last() -> None:
    tampering.append(7)
    assert action_log.verify() == FirstBadEntry(7, "it was added behind the log's last entry")


def test_f32_swapped_entries() -> None:
    tampering.swap(2)
    assert action_log.verify() == FirstBadEntry(2, "it does not follow the entry before it")


def test_f32_a_cut_tail() -> None:
    cut_from(5, head_too=False)
    assert action_log.verify() == FirstBadEntry(5, "the log ends before entry 6, its last")


@pytest.mark.parametrize("from_anchor", [False, True])
def test_f32_a_cut_tail_whose_head_was_put_back_is_found_by_the_anchor(from_anchor: bool) -> None:
    anchor = anchor_here()
    cut_from(5, head_too=True)
    assert action_log.verify(from_anchor=from_anchor) == FirstBadEntry(
        5, f"the log ends before entry 6, which was anchored on {anchor.day}"
    )


def test_f32_a_cut_tail_is_found_against_an_exported_anchor_where_the_databases_own_are_gone() -> None:
    anchor = anchor_here()
    cut_from(5, head_too=True)
    tamper("DELETE FROM {anchors}")
    assert action_log.verify() == Verified(entries=4)
    assert action_log.verify(exported=[anchor]) == FirstBadEntry(
        5, f"the log ends before entry 6, which was anchored on {anchor.day}"
    )


def test_f32_a_chain_rebuilt_from_the_middle_without_its_head() -> None:
    forged = ActionLogEntry.objects.get(sequence=2)
    forged.act = "test.forged"
    tamper("UPDATE {entries} SET act = %s, digest = %s WHERE sequence = 2", "test.forged", entry_digest(forged))
    assert action_log.verify() == FirstBadEntry(3, "it does not follow the entry before it")


def test_f32_a_chain_rebuilt_to_its_end_is_found_by_the_anchor() -> None:
    _, second = anchored_with_more()
    rebuild_from(7)
    assert action_log.verify() == FirstBadEntry(
        7, "between entries 7 and 8 the chain was built anew: entry 8 is not the one that was anchored on "
        + second.day
    )  # fmt: skip
    assert action_log.verify(from_anchor=True) == FirstBadEntry(
        8, f"it is not the entry that was anchored on {second.day}"
    )


def test_f32_a_chain_rebuilt_to_its_end_is_found_against_exported_anchors() -> None:
    anchors = anchored_with_more()
    lines = list(log_anchors.exported_lines())
    rebuild_from(3)
    tamper("DELETE FROM {anchors}")
    assert isinstance(action_log.verify(), Verified)
    exported = log_anchors.read_lines(lines)
    assert exported == anchors
    found = action_log.verify(exported=exported)
    assert isinstance(found, FirstBadEntry)
    assert found.sequence == 1
    assert "between entries 1 and 6 the chain was built anew" in found.problem


def test_f32_an_anchor_forged_over_a_rebuilt_chain_is_not_signed_by_us() -> None:
    anchor = anchor_here()
    rebuild_from(3)
    forged = replace(anchor, digest=LogHead.objects.get().digest)
    tamper("DELETE FROM {anchors}")
    LogAnchor.objects.create(**asdict(forged))
    problem = f"its anchor of {anchor.day} is not signed with a key of ours"
    assert action_log.verify() == FirstBadEntry(6, problem)
    assert action_log.verify(from_anchor=True) == FirstBadEntry(6, problem)


def test_f32_an_anchor_taken_from_between_others_is_missed() -> None:
    _, second = anchored_with_more()
    tamper("DELETE FROM {anchors} WHERE sequence = 6")
    assert action_log.verify() == FirstBadEntry(8, f"an anchor before that of {second.day} was removed")


def test_an_anchor_holds_under_a_new_key_while_the_old_one_is_kept(settings: Settings) -> None:
    settings.LEEWAY_LOG_ANCHOR_KEYS = ["an-old-key"]
    anchored = anchor_here()
    settings.LEEWAY_LOG_ANCHOR_KEYS = ["a-new-key", "an-old-key"]
    assert action_log.verify() == Verified(entries=6)
    settings.LEEWAY_LOG_ANCHOR_KEYS = ["a-new-key"]
    assert action_log.verify() == FirstBadEntry(6, f"its anchor of {anchored.day} is not signed with a key of ours")


def test_a_walk_from_the_newest_anchor_reads_only_what_came_after() -> None:
    anchored_with_more()
    action_log.record(act="test.last")
    tamper("UPDATE {entries} SET outcome = 'applied' WHERE sequence = 2")
    assert action_log.verify(from_anchor=True) == Verified(entries=9, since=8)
    assert action_log.verify() == FirstBadEntry(2, "a field was changed")


def test_a_log_that_has_not_grown_is_not_anchored_again() -> None:
    anchor_here()
    assert log_anchors.add_anchor() is None


def test_the_walk_is_the_same_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    anchored_with_more()
    monkeypatch.setattr("accommodations.services.log_verifying.CHUNK", 3)
    told: list[tuple[int, int]] = []
    assert action_log.verify(progress=lambda done, last: told.append((done, last))) == Verified(entries=8)
    assert told == [(3, 8), (6, 8), (8, 8)]


@pytest.mark.parametrize("line", ["no json", "{}", "[1]", '{"sequence": "six"}'])
def test_a_file_that_holds_no_anchors_is_refused_with_its_line(line: str) -> None:
    good = log_anchors.line_of(anchor_here())
    with pytest.raises(log_anchors.AnchorsUnreadable, match="Line 2"):
        log_anchors.read_lines([good, line])


IN_PLACE_OF_ANOTHER = {
    "postgresql": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id",
    "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
}


@pytest.mark.parametrize("table", ["entries", "payloads", "anchors"])
def test_b41_the_database_refuses_a_row_that_is_put_in_place_of_another(table: str) -> None:
    anchor_here()
    sql = IN_PLACE_OF_ANOTHER[connection.vendor].format(table=TABLES[table])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert action_log.verify() == Verified(entries=6)


@pytest.mark.parametrize("sql", ["UPDATE {anchors} SET sequence = 5", "DELETE FROM {anchors}"])
def test_b41_the_database_refuses_to_change_an_anchor(sql: str) -> None:
    anchor = anchor_here()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(**TABLES))
    assert log_anchors.stored_anchors() == [anchor]
