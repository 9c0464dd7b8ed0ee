"""Every number on home is a link, and the list behind it has just as many rows."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import Course, PairStatus
from accommodations.planning.statuses import Reason
from tests.accommodations.views_a.conftest import Campus, add_pair
from tests.factories import make_assessment, make_course, make_enrollment, make_term

LINK = re.compile(r'<a[^>]* href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
NUMBER = re.compile(r"(?:^|[\s:])(\d[\d,]*)(?:$|[\s%])")


def plain(markup: str) -> str:
    """Return the words of a piece of a page."""
    return " ".join(unescape(TAGS.sub(" ", markup)).split())


@pytest.fixture
def busy(campus: Campus) -> Campus:
    """Return the campus with a pair of every reason, settled and left over ones, an old term, and exams ahead."""
    now = datetime.now(UTC)
    Course.objects.filter(pk=campus.own.pk).update(course_code="BIO")  # no digit but those that count something
    for number, reason in enumerate(Reason):
        for student in (campus.amara, campus.bo)[: 1 + number % 2]:
            opens = now + timedelta(hours=number + 1)
            quiz = make_assessment(campus.own, name=f"Quiz on {reason}", unlock_at=opens, lock_at=opens)
            is_exam = number % 3 == 0
            add_pair(student, quiz, reason, is_exam=is_exam, opens_at=opens, closes_at=opens + timedelta(hours=1))
    old = make_course(course_code="OLD 1", term=make_term(ends_at=now - timedelta(days=40)))
    make_enrollment(campus.amara, old)
    for reason in (Reason.READ_BACK, Reason.OVER, Reason.REFUSED, Reason.CLOSED, Reason.NO_TIME_LIMIT):
        add_pair(campus.amara, make_assessment(old), reason)
    settled = {"settled_at": now, "settled_note": "Sat again.", "settled_by": campus.users["coordinator"]}
    add_pair(campus.amara, make_assessment(campus.own), Reason.CLOSED, **settled)
    add_pair(campus.amara, make_assessment(campus.own), Reason.OUTSIDE_CANVAS, **settled)
    add_pair(campus.bo, make_assessment(campus.own), Reason.DISMISSED, is_granted=False)
    add_pair(campus.bo, make_assessment(campus.own), Reason.WOULD_UNASSIGN, is_granted=False)
    return campus


def numbered_links(page: str) -> list[tuple[str, int, str]]:
    """Return address, number and words of each link of home into the list of pairs whose words hold a number."""
    found = []
    for address, markup in LINK.findall(page):
        words = plain(markup)
        number = NUMBER.search(words)
        if number and address.startswith(reverse("pair_list") + "?"):
            found.append((unescape(address), int(number.group(1).replace(",", "")), words))
    return found


def test_each_number_on_home_is_that_of_the_list_behind_it(busy: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    links = numbered_links(client.get(reverse("home")).content.decode())
    assert len(links) > 25
    for address, number, words in links:
        listed = plain(client.get(address).content.decode())
        counted = "student" if "student" in words and "not covered for" not in words else "found"
        expected = f"{number} found" if counted == "found" else f"{number} student"
        assert expected in listed, f"{words} → {address}: {re.findall(r'[0-9,]+ (?:found|students?)', listed)}"


def test_the_numbers_that_coverage_is_made_of_are_all_links(busy: Campus, as_role: Callable[[str], Client]) -> None:
    page = as_role("auditor").get(reverse("home")).content.decode()
    glance = page.split('id="glance-h"')[1].split("</section>")[0]
    numbers = [number for address, number, _ in numbered_links(glance)]
    assert len(numbers) >= 10
    beside_links = plain(LINK.sub("", glance))
    assert not re.search(r"\d", re.sub(r"[\d.]+ %", "", beside_links)), "every number but the percentage is a link"


def test_what_ended_and_still_stands_is_no_gap_and_is_shown(busy: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    page = client.get(reverse("home")).content.decode()
    panel = plain(page.split('id="left-h"')[1].split("</section>")[0])
    assert "Dismissed: 1" in panel
    assert "Would unassign: 1" in panel
    found = plain(client.get(reverse("pair_list"), {"reason": "dismissed", "left": "1"}).content.decode())
    assert "1 found" in found
    assert PairStatus.objects.filter(reason=Reason.DISMISSED).count() > 1, "one is granted, and in coverage"
