"""Home's charts: drawn on the server, each with its numbers in a table, each number with what is behind it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CoverageDay
from accommodations.planning.statuses import Reason
from accommodations.services import action_log
from accommodations.services.pairs import settle_pair
from accommodations.templatetags.charts import percent_scale, scale_to
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.days import TODAY
from tests.factories import make_assessment, make_connection


def home_page(client: Client) -> str:
    """Return home."""
    return unescape(client.get(reverse("home")).content.decode())


def test_the_line_of_coverage_says_its_finding_and_leads_to_each_day(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    make_connection()
    day = TODAY - timedelta(days=3)
    CoverageDay.objects.create(day=day, term=campus.own.term, department="Physics", read_back=7, failed=3)
    CoverageDay.objects.create(day=day, term=campus.own.term, department="History", read_back=10)
    client = as_role("coordinator")
    with at_most_queries():
        page = home_page(client)
    assert '<svg class="chart" viewBox="0 0 320 170" role="img" aria-labelledby="coverage-chart-t">' in page
    assert f"Coverage was 85 % on {day.day} {day:%b} and is 100 % today." in page
    address = reverse("coverage_day", args=[day.isoformat()])
    assert f'<a href="{address}">17 of 20</a>' in page
    behind = unescape(client.get(address).content.decode())
    assert "17 of 20 that needed something" in behind
    assert "7 of 10" in behind
    assert "3 failed" in behind


def test_without_a_past_the_line_says_when_it_begins(as_role: Callable[[str], Client]) -> None:
    assert "Each night adds a point." in home_page(as_role("auditor"))


@pytest.mark.parametrize("day", ["2001-01-01", "yesterday", "2026-13-01"])
def test_a_day_that_was_not_kept_is_not_there(day: str, as_role: Callable[[str], Client]) -> None:
    assert as_role("auditor").get(reverse("coverage_day", args=[day])).status_code == 404


def test_actions_per_day_lead_to_the_entries_of_the_log(campus: Campus, as_role: Callable[[str], Client]) -> None:
    for act in ("canvas.write.started", "canvas.write.applied", "canvas.write.applied", "drift.repaired"):
        action_log.record(act=act, student=campus.amara, course=campus.own, assessment=campus.quiz)
    client = as_role("coordinator")
    page = home_page(client)
    assert "Today so far: 2." in page
    assert "1</a> put back since yesterday" in page
    table = page.split('id="action-days"')[1]
    address = table.split('<a href="')[1].split('"')[0]
    assert [line.words for line in client.get(address).context["log_page"].lines] == ["Accepted by Canvas"] * 2


def test_exams_by_load_count_who_sits_and_who_is_not_covered(campus: Campus, as_role: Callable[[str], Client]) -> None:
    opens = datetime.now(UTC) + timedelta(days=2)
    quiz = make_assessment(campus.own, name="Midterm", unlock_at=opens, lock_at=opens)
    for student, reason in ((campus.amara, Reason.READ_BACK), (campus.bo, Reason.REFUSED)):
        add_pair(student, quiz, reason, is_exam=True, opens_at=opens, closes_at=opens + timedelta(hours=2))
    page = home_page(as_role("director"))
    assert "Busiest day: 2 on" in page
    assert "Not covered: 1 in all." in page
    assert "chart__bar--risk" in page


def test_b34_charts_need_no_inline_style(campus: Campus, as_role: Callable[[str], Client]) -> None:
    CoverageDay.objects.create(day=TODAY - timedelta(days=1), read_back=1)
    page = home_page(as_role("director"))
    assert "style=" not in page.split('class="grid grid--3"')[1]


def test_scales_hold_every_value() -> None:
    for most in (1, 3, 4, 5, 17, 63, 301, 4999):
        scale = scale_to(most)
        assert scale.high >= most
        assert 2 <= len(scale.marks) <= 6
    for least in (0.0, 12.5, 49.9, 81.2, 97.0, 100.0):
        assert percent_scale(least).low <= least
        assert percent_scale(least).marks[-1] == pytest.approx(100)


def test_what_was_written_about_a_missed_pair_can_be_taken_back(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    pair = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    settle_pair(pair=pair, settled_by=campus.users["coordinator"], note="Sat again on Friday.")
    client = as_role("coordinator")
    shown = client.get(reverse("pair_detail", args=[pair.pk])).content.decode()
    assert "Sat again on Friday." in shown
    assert "Take this back" in shown
    answer = client.post(reverse("pair_unsettle", args=[pair.pk]), follow=True).content.decode()
    pair.refresh_from_db()
    assert pair.settled_at is None
    assert "What was done about it?" in answer, "it is open again, with the form"
    assert "Missed" in home_page(client)
    assert as_role("instructor").post(reverse("pair_unsettle", args=[pair.pk])).status_code == 302


def test_an_instructor_takes_back_only_their_own_words(campus: Campus, as_role: Callable[[str], Client]) -> None:
    pair = add_pair(campus.amara, make_assessment(campus.own, kind="on_paper"), Reason.OUTSIDE_CANVAS)
    settle_pair(pair=pair, settled_by=campus.users["coordinator"], note="Given on paper.", done_on=TODAY)
    address = reverse("pair_unsettle", args=[pair.pk])
    assert as_role("instructor").post(address).status_code == 403
    settle_pair_again = reverse("pair_detail", args=[pair.pk])
    as_role("coordinator").post(address)
    as_role("instructor").post(
        settle_pair_again, {"note": "Thirty minutes more, in my office.", "done_on": "2 Nov 2025"}
    )
    assert as_role("instructor").post(address).status_code == 302
    pair.refresh_from_db()
    assert pair.settled_at is None


def test_a_day_of_the_calendar_is_what_the_list_is_narrowed_to(as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    for day in (date.min.isoformat(), date.max.isoformat(), "x", "2026-02-30"):
        assert client.get(reverse("pair_list"), {"day": day}).status_code == 200
