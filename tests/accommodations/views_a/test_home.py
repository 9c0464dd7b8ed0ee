"""Home: the gap comes first, each number is a link, and it changes in place while a sync is at work."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CourseSync, SyncRun
from accommodations.planning.statuses import Reason
from accommodations.selectors.coverage import coverage_of
from accommodations.selectors.home import home_of
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.accommodations.views_a.test_students import PART, text_of
from tests.factories import make_assessment, make_connection, make_course_sync, make_run

ZONE = ZoneInfo("America/New_York")


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def exam(campus: Campus, reason: Reason, *, hours: float, name: str = "Midterm", **fields: object) -> None:
    """Add an exam pair of Amara that opens in so many hours."""
    opens = now() + timedelta(hours=hours)
    quiz = make_assessment(campus.own, name=name, unlock_at=opens, due_at=None, lock_at=opens + timedelta(hours=2))
    add_pair(campus.amara, quiz, reason, is_exam=True, opens_at=opens, closes_at=opens + timedelta(hours=2), **fields)


def home_page(client: Client) -> str:
    """Return the text of home."""
    return text_of(client.get(reverse("home")))


def test_the_first_sentence_is_the_gap(campus: Campus, as_role: Callable[[str], Client]) -> None:
    make_connection()
    exam(campus, Reason.REFUSED, hours=3.8)
    client = as_role("coordinator")
    with at_most_queries():
        page = home_page(client)
    assert "1 student</a> is not covered for an exam in the next 7 days; the next of these exams opens in 3 h" in page


def test_a_good_day_is_said_in_words(campus: Campus, as_role: Callable[[str], Client]) -> None:
    exam(campus, Reason.READ_BACK, hours=30)
    page = home_page(as_role("coordinator"))
    assert "Nobody is uncovered for an exam in the next 7 days. The next exam is BIO 101 Midterm" in page
    assert "Exams at risk" not in page


def test_a_running_attempt_stands_above_everything(campus: Campus, as_role: Callable[[str], Client]) -> None:
    exam(campus, Reason.RUNNING_ATTEMPT_SHORT, hours=-1, short_by_minutes=30)
    page = home_page(as_role("coordinator"))
    assert "One running attempt is short right now." in page
    assert page.index("Running attempt short by 30 min: Amara Okonkwo") < page.index("Coverage this term")


def test_exams_at_risk_come_next_first_with_names_reason_and_one_step(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    exam(campus, Reason.SHARED_OVERRIDE, hours=50, name="Later exam")
    exam(campus, Reason.REFUSED, hours=5, name="Sooner exam")
    exam(campus, Reason.REFUSED, hours=24 * 9, name="Next week's exam")
    page = home_page(as_role("coordinator")).split('id="risk-h"')[1].split("</table>")[0]
    assert page.index("Sooner exam") < page.index("Later exam")
    assert "Next week&#x27;s exam" not in page
    assert "Amara Okonkwo" in page
    assert "Sync again" in page
    assert "Compare both" in page


def test_a_plan_that_waits_to_be_read_is_the_next_step(campus: Campus, as_role: Callable[[str], Client]) -> None:
    exam(campus, Reason.PLANNED, hours=5)
    run = make_run(status=SyncRun.Status.READING, trigger=SyncRun.Trigger.PERSON)
    make_course_sync(run, campus.own, status=CourseSync.Status.PLANNED)
    assert "Read the plan" in home_page(as_role("director"))


def test_coverage_counts_in_place_of_all_that_need_something(campus: Campus) -> None:
    for number, reason in enumerate((Reason.ACCEPTED, Reason.CLOSED, Reason.NO_TIME_LIMIT, Reason.OVER)):
        add_pair(campus.amara, make_assessment(campus.own, name=f"A {number}"), reason)
    coverage = coverage_of(campus.users["auditor"], now=now())
    assert (coverage.in_place, coverage.needed, coverage.not_needed, coverage.past) == (3, 4, 1, 1)
    assert coverage.percent == "75"
    assert [(count.label, count.number) for count in coverage.counts if count.number] == [
        ("in place, read back", 2),
        ("in place, accepted", 1),
        ("missed", 1),
    ]


def test_coverage_is_never_rounded_up_to_all(campus: Campus) -> None:
    coverage = coverage_of(campus.users["auditor"], now=now())
    almost = type(coverage)(
        counts=(), groups=(), left_over=(), in_place=9999, needed=10_000, not_needed=0, past=0,
    )  # fmt: skip
    assert almost.percent == "99.9"


def test_what_a_person_has_settled_no_longer_counts_as_open(campus: Campus) -> None:
    add_pair(
        campus.amara, make_assessment(campus.own), Reason.CLOSED, settled_at=now(), settled_note="Sat again.",
        settled_by=campus.users["coordinator"],
    )  # fmt: skip
    coverage = coverage_of(campus.users["auditor"], now=now())
    assert (coverage.in_place, coverage.needed) == (2, 2)


def test_a_missed_pair_of_an_old_term_stays_until_it_is_settled(campus: Campus) -> None:
    term = campus.own.term
    assert term is not None
    term.ends_at = now() - timedelta(days=30)
    term.save()
    add_pair(campus.amara, make_assessment(campus.own), Reason.CLOSED)
    labels = [group.label for group in coverage_of(campus.users["auditor"], now=now()).groups]
    assert labels == ["Missed"]


def test_a_reason_of_several_has_a_button_too(campus: Campus, as_role: Callable[[str], Client]) -> None:
    """It leads to the list, in which each has its own; one that stands alone has its own at once."""
    for number, reason in enumerate((Reason.GROUP_ASSIGNMENT, Reason.WOULD_ASSIGN, Reason.WOULD_ASSIGN)):
        add_pair(campus.amara, make_assessment(campus.own, name=f"A {number}"), reason)
    page = home_page(as_role("coordinator"))
    assert re.search(r'class="btn btn--small" href="/coverage/\?[^"]*would_assign[^"]*">Go through all 2<', page)
    assert "Go through all 1" not in page


def test_each_group_leads_to_its_list(campus: Campus, as_role: Callable[[str], Client]) -> None:
    for reason in (Reason.GROUP_ASSIGNMENT, Reason.PERMISSION_MISSING, Reason.CLOSED):
        add_pair(campus.amara, make_assessment(campus.own, name=f"On {reason}"), reason)
    client = as_role("coordinator")
    page = home_page(client)
    assert "Write what was done" in page
    for query in (
        "reason=group_assignment&amp;open=1&amp;term=running",
        "reason=permission_missing&amp;open=1&amp;term=running",
        "status=missed&amp;open=1&amp;term=running",
    ):
        assert query in page
        found = text_of(client.get(f"{reverse('pair_list')}?{query.replace('&amp;', '&')}"))
        assert "1 found" in found


def test_without_a_connection_home_says_so(campus: Campus, as_role: Callable[[str], Client]) -> None:
    assert "No Canvas is connected yet" in home_page(as_role("coordinator"))
    make_connection(is_token_refused=True)
    assert "Canvas refuses the token" in home_page(as_role("coordinator"))


def test_the_first_sync_shows_its_progress_and_polls(campus: Campus, as_role: Callable[[str], Client]) -> None:
    run = make_run(trigger=SyncRun.Trigger.FIRST, status=SyncRun.Status.RUNNING)
    make_course_sync(run, campus.own, status=CourseSync.Status.DONE)
    make_course_sync(run, campus.foreign)
    page = home_page(as_role("coordinator"))
    assert "1 of 2 courses done." in page
    assert 'hx-trigger="every 3s"' in page


def test_a13_the_poll_answers_nothing_while_nothing_has_changed(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    make_run(trigger=SyncRun.Trigger.FIRST, status=SyncRun.Status.RUNNING)
    shown = home_of(campus.users["coordinator"], now=now(), zone=ZONE)
    query = f"?seen={shown.token}&said={shown.said}"
    response = as_role("coordinator").get(reverse("home_live") + query, headers=PART)
    assert (response.status_code, response.content) == (204, b"")


def test_a14_progress_is_announced_by_quarters_and_at_the_end(campus: Campus, as_role: Callable[[str], Client]) -> None:
    run = make_run(trigger=SyncRun.Trigger.FIRST, status=SyncRun.Status.RUNNING)
    part = make_course_sync(run, campus.own)
    make_course_sync(run, campus.foreign)
    shown = home_of(campus.users["coordinator"], now=now(), zone=ZONE)
    client = as_role("coordinator")
    part.status = CourseSync.Status.DONE
    part.save()
    changed = client.get(f"{reverse('home_live')}?seen={shown.token}&said={shown.said}", headers=PART)
    assert json.loads(changed["HX-Trigger"]) == {"announce": {"text": "First sync: 1 of 2 courses done"}}
    run.status = SyncRun.Status.DONE
    run.save()
    ended = client.get(f"{reverse('home_live')}?seen=x&said={run.pk}.2", headers=PART)
    assert "The sync has ended." in ended["HX-Trigger"]
    assert 'hx-trigger="every 60s"' in ended.content.decode(), "polling slows down"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("instructor", "Arrangements in your courses"),
        ("administrator", "Users and roles"),
        ("auditor", "Coverage this term"),
    ],
)
def test_each_role_has_its_own_home(role: str, words: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    assert words in home_page(as_role(role))


def test_an_administrator_sees_no_student(campus: Campus, as_role: Callable[[str], Client]) -> None:
    exam(campus, Reason.REFUSED, hours=3)
    assert "Amara" not in home_page(as_role("administrator"))


def test_an_instructor_is_told_what_needs_their_hand(campus: Campus, as_role: Callable[[str], Client]) -> None:
    add_pair(campus.amara, make_assessment(campus.own, name="Lab", kind="on_paper"), Reason.OUTSIDE_CANVAS)
    add_pair(campus.bo, make_assessment(campus.foreign, name="Sculpture", kind="on_paper"), Reason.OUTSIDE_CANVAS)
    client = as_role("instructor")
    with at_most_queries():
        page = home_page(client)
    assert "1 arrangement needs your hand." in page
    assert "Sculpture" not in page


def test_a_student_is_taken_to_their_own_page(as_role: Callable[[str], Client]) -> None:
    assert as_role("student").get(reverse("home")).url == reverse("own_page")
