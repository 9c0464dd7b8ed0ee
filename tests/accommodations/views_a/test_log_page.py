"""The action log's page: search, paging, entries in words. Verification and export are in `test_log_evidence.py`."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, log_guard
from accommodations.services import action_log
from accommodations.services.log_redacting import Redactable, redact
from tests.accommodations.views_a.conftest import Campus, at_most_queries
from tests.accommodations.views_a.test_students import PART, text_of
from tests.factories import make_run


def _write(campus: Campus, number: int = 1) -> None:
    run = make_run()
    for _ in range(number):
        action_log.record(
            act="canvas.write.applied", outcome="applied", student=campus.amara, course=campus.own,
            assessment=campus.quiz, run=run, payload={"sentence": "60 min becomes 90 min.", "sent": {"extra_time": 30}},
        )  # fmt: skip
    action_log.record(act="accommodation.recorded", actor=campus.users["coordinator"], student=campus.bo)


def test_an_entry_reads_as_words_with_request_and_fingerprint(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus)
    client = as_role("auditor")
    with at_most_queries():
        page = text_of(client.get(reverse("log")))
    assert "2 entries" in page
    assert "Accepted by Canvas: Amara Okonkwo, BIO 101 Quiz 8" in page
    assert "Recorded an accommodation: Bo Lindqvist" in page
    assert "&quot;extra_time&quot;: 30" in page
    assert "fingerprint" in page


def test_the_log_is_narrowed_by_student_run_act_and_words(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus)
    run = ActionLogEntry.objects.get(act="canvas.write.applied").run_id_logged
    client = as_role("coordinator")
    for query in (f"student={campus.amara.pk}", f"run={run}", "act=writes", f"course={campus.own.pk}"):
        page = text_of(client.get(f"{reverse('log')}?{query}"))
        assert "1 entry" in page, query
        assert "Accepted by Canvas" in page
    response = client.post(reverse("log"), {"q": "coordinator bo"}, headers=PART)
    assert "1 entry" in text_of(response)
    assert response["HX-Replace-Url"] == reverse("log") + "?find=1"


def test_days_are_typed_and_a_wrong_one_is_said(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus)
    client = as_role("coordinator")
    assert "0 entries" in text_of(client.get(reverse("log") + "?to=19+Dec+2020"))
    assert "2 entries" in text_of(client.get(reverse("log") + "?from=2020-12-19"))
    assert "Enter a day such as 19 Dec 2025" in text_of(client.get(reverse("log") + "?from=tomorrow"))


def test_pages_stay_right_while_entries_are_added(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus, 60)
    client = as_role("coordinator")
    first = client.get(reverse("log"))
    older = first.context["log_page"].older
    _write(campus, 3)
    second = client.get(f"{reverse('log')}?before={older}")
    assert second.context["log_page"].lines[0].entry.sequence == older - 1
    assert "Newest" in text_of(second)


def test_f32_a_changed_entry_shows_at_once(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus)
    log_guard.remove(connection)
    ActionLogEntry.objects.filter(sequence=1).update(act="student.viewed")
    log_guard.install(connection)
    assert "An entry on this page was changed" in text_of(as_role("auditor").get(reverse("log")))


def test_what_was_redacted_is_said_with_who_and_when(campus: Campus, as_role: Callable[[str], Client]) -> None:
    _write(campus)
    director = campus.users["director"]
    assert isinstance(director, User)
    redact(Redactable(student=campus.amara), by=director, reason="Asked for by the student.", confirmed=1)
    page = text_of(as_role("auditor").get(reverse("log")))
    assert "by Director Person: what was personal in this entry was taken out" in page
    assert "Asked for by the student." in page
    assert "The entries on this page hold" in page


def test_f32_a_payload_that_is_gone_without_a_redaction_shows_at_once(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    _write(campus)
    log_guard.remove(connection)
    ActionLogEntry.objects.get(act="canvas.write.applied").payload.delete()
    log_guard.install(connection)
    page = text_of(as_role("auditor").get(reverse("log")))
    assert "is missing, and no redaction says so" in page
    assert "An entry on this page was changed" in page
