"""The action log as evidence: verified by a worker while the page tells how far, anchored, and exported."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations import tasks
from accommodations.models import ActionLogEntry, LogAnchor, LogCheck, Term, log_guard
from accommodations.services import action_log, log_anchors, log_checks
from accommodations.services.log_digests import canonical
from accommodations.services.log_redacting import Redactable, redact
from tests.accommodations.views_a.conftest import Campus, at_most_queries
from tests.accommodations.views_a.test_students import PART, csv_rows, text_of
from tests.factories import make_course, make_student


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Catch the checks that are handed to a worker."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.check_log, "delay_on_commit", sent.append)
    return sent


@pytest.fixture
def written(campus: Campus) -> Campus:
    """Return the campus with four entries: two about Amara in her course, one about Bo, one about nobody."""
    for note in ("one", "two"):
        action_log.record(act="canvas.write.applied", student=campus.amara, course=campus.own,
                          assessment=campus.quiz, payload={"note": note})  # fmt: skip
    action_log.record(act="accommodation.recorded", student=campus.bo, course=campus.foreign)
    action_log.record(act="settings.changed", actor=campus.users["director"])
    return campus


def forge(sequence: int) -> None:
    log_guard.remove(connection)
    ActionLogEntry.objects.filter(sequence=sequence).update(act="student.viewed")
    log_guard.install(connection)


def json_lines(response: object) -> list[dict[str, object]]:
    assert isinstance(response, StreamingHttpResponse)
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def test_an_auditor_starts_a_check_and_sees_it_through(
    written: Campus, as_role: Callable[[str], Client], woken: list[int]
) -> None:
    client = as_role("auditor")
    page = text_of(client.post(reverse("log_check"), follow=True))
    assert "The chain is being checked" in page
    assert "0 of 4 entries checked" in page
    moving = client.get(reverse("log_check_status"), headers=PART)
    assert moving.status_code == 200
    assert "every 2s" in moving.content.decode()
    tasks.check_log(woken.pop())
    done = client.get(reverse("log_check_status"), headers=PART)
    assert done.status_code == 286
    assert "every 2s" not in done.content.decode()
    with at_most_queries():
        page = text_of(client.get(reverse("log")))
    assert "The chain is whole up to entry 4" in page
    assert "All 4 entries checked" in page
    assert "Signed anchor of" in page
    assert "at entry 4" in page


def test_f32_a_broken_chain_is_told_with_its_first_bad_entry_and_is_not_anchored(
    written: Campus, as_role: Callable[[str], Client], woken: list[int]
) -> None:
    forge(2)
    client = as_role("auditor")
    client.post(reverse("log_check"))
    tasks.check_log(woken.pop())
    page = text_of(client.get(reverse("log")))
    assert "The chain is broken at entry 2" in page
    assert "A field was changed." in page
    assert not LogAnchor.objects.exists()


def test_a_second_check_is_not_begun_while_one_is_at_work(
    written: Campus, as_role: Callable[[str], Client], woken: list[int]
) -> None:
    client = as_role("auditor")
    client.post(reverse("log_check"))
    client.post(reverse("log_check"))
    assert LogCheck.objects.count() == 1
    assert woken == [LogCheck.objects.get().pk] * 2
    tasks.check_log(woken[0])
    ended_at = LogCheck.objects.get().ended_at
    tasks.check_log(woken[1])  # the same message twice
    assert LogCheck.objects.get().ended_at == ended_at


def test_a_check_that_was_never_delivered_or_cut_off_is_taken_up_again(written: Campus) -> None:
    check = log_checks.ask(asked_by=None)
    assert log_checks.due() == []
    LogCheck.objects.update(started_at=timezone.now() - timedelta(minutes=2))
    assert log_checks.due() == [check.pk]
    LogCheck.objects.update(status="running")
    assert log_checks.run(check.pk) is None  # another worker is at it
    LogCheck.objects.update(seen_alive_at=timezone.now() - timedelta(minutes=6))
    assert log_checks.due() == [check.pk]
    done = log_checks.run(check.pk)
    assert done is not None
    assert done.status == LogCheck.Status.HOLDS
    assert log_checks.due() == []


def test_the_daily_check_goes_on_from_the_anchor_and_on_sundays_from_the_first_entry(written: Campus) -> None:
    monday = timezone.now().replace(year=2026, month=11, day=23)
    for day, first, reached in ((0, 0, 4), (1, 4, 5), (6, 0, 6)):
        check = log_checks.run_daily(now=monday + timedelta(days=day))
        assert check is not None
        assert (check.first, check.reached) == (first, reached)
        assert log_anchors.stored_anchors()[-1].sequence == reached
        action_log.record(act="test.more")


def test_the_export_of_a_student_holds_their_entries_alone_and_is_logged_with_them(
    written: Campus, as_role: Callable[[str], Client]
) -> None:
    response = as_role("auditor").get(reverse("log_export") + f"?student={written.amara.pk}")
    rows = csv_rows(response)
    assert [row[0] for row in rows[1:]] == ["2", "1"]
    assert [row[12] for row in rows[1:]] == ['{"note":"two"}', '{"note":"one"}']
    assert re.fullmatch(
        rf'attachment; filename="action-log-student-{written.amara.pk}-\d{{4}}-\d\d-\d\d\.csv"',
        response["Content-Disposition"],
    )
    logged = ActionLogEntry.objects.get(act="log.exported")
    assert (logged.actor, logged.student_id_logged) == (written.users["auditor"], written.amara.pk)
    assert logged.payload.data == {"rows": 2, "format": "csv", "of": "a student", "up_to": 4}


def test_the_export_of_a_course_and_of_a_term(written: Campus, as_role: Callable[[str], Client]) -> None:
    term = Term.objects.create(canvas_term_id=7, name="Fall")
    written.own.term = term
    written.own.save()
    client = as_role("director")
    # The export of the course is an entry about the course, and so among those of its term.
    for query, entries in ((f"?course={written.own.pk}", ["2", "1"]), (f"?term={term.pk}", ["5", "2", "1"])):
        rows = csv_rows(client.get(reverse("log_export") + query))
        assert [row[0] for row in rows[1:]] == entries
        assert {row[5] for row in rows[1:]} == {"BIO 101"}
    assert len(csv_rows(client.get(reverse("log_export")))) == 1 + 4 + 2  # the exports before are entries too


def test_the_lines_of_an_export_prove_themselves(written: Campus, as_role: Callable[[str], Client]) -> None:
    director = written.users["director"]
    assert isinstance(director, User)
    redact(Redactable(student=written.bo), by=director, reason="Asked for.", confirmed=1)
    response = as_role("auditor").get(reverse("log_export") + "?format=jsonl")
    lines = json_lines(response)
    assert [line["entry"]["sequence"] for line in lines] == [5, 4, 3, 2, 1]
    for line in lines:
        entry = line["entry"]
        assert isinstance(entry, dict)
        assert hashlib.sha256(canonical(entry).encode()).hexdigest() == line["digest"]
        if line["redacted"] is None:
            text = f"{line['salt']}{canonical(line['payload'])}"
            assert hashlib.sha256(text.encode()).hexdigest() == entry["payload_digest"]
    (gone,) = [line for line in lines if line["redacted"] is not None]
    assert (gone["payload"], gone["salt"]) == (None, "")
    assert gone["redacted"]["by"] == "Director Person"


def test_the_anchors_are_handed_out_and_hold_the_log_to_them(written: Campus, as_role: Callable[[str], Client]) -> None:
    log_anchors.add_anchor()
    response = as_role("auditor").get(reverse("log_anchors_export"))
    assert isinstance(response, StreamingHttpResponse)
    exported = log_anchors.read_lines(response.getvalue().decode().splitlines())
    assert [one.sequence for one in exported] == [4]
    assert isinstance(action_log.verify(exported=exported), action_log.Verified)
    assert ActionLogEntry.objects.filter(act="log.exported").count() == 1


def test_coordinators_read_the_log_and_are_offered_no_export(written: Campus, as_role: Callable[[str], Client]) -> None:
    page = text_of(as_role("coordinator").get(reverse("log")))
    assert "CSV of this search" not in page
    assert "CSV of this search" in text_of(as_role("director").get(reverse("log")))


def test_b22_no_cell_of_the_export_is_a_formula(written: Campus, as_role: Callable[[str], Client]) -> None:
    student = make_student(name="x", sortable_name="\u3000\n =HYPERLINK(1)")
    action_log.record(act="test.act", student=student, course=make_course(course_code="@SUM(1)"))
    (row,) = csv_rows(as_role("auditor").get(reverse("log_export") + f"?student={student.pk}"))[1:]
    assert (row[4], row[5]) == ("'\u3000\n =HYPERLINK(1)", "'@SUM(1)")


def test_b23_the_name_of_the_file_is_plain_whatever_the_course_is_called(
    written: Campus, as_role: Callable[[str], Client]
) -> None:
    course = make_course(course_code='../"BIO"\r\nSet-Cookie: x=1; /é')
    response = as_role("auditor").get(reverse("log_export") + f"?course={course.pk}")
    assert re.fullmatch(
        r'attachment; filename="action-log-course-BIO-Set-Cookie-x-1-\d{4}-\d\d-\d\d\.csv"',
        response["Content-Disposition"],
    )


def test_b38_no_name_of_a_student_is_in_the_name_of_a_file(written: Campus, as_role: Callable[[str], Client]) -> None:
    response = as_role("auditor").get(reverse("log_export") + f"?student={written.amara.pk}&format=jsonl")
    assert "amara" not in response["Content-Disposition"].lower()
