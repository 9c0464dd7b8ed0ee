"""Home says which notices and letters wait for somebody: each with its number, its list and the button that helps."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accommodations.models import Alert, GuardStop, LetterRecord, Notice
from accommodations.roles import PERMISSIONS_OF_ROLE
from accommodations.selectors.answers_due import HELPS, WORDS, Matter, answers_due
from accommodations.selectors.home import home_of
from accommodations.selectors.waiting import waiting_for_people
from tests.accommodations.notices.conftest import SignIn
from tests.accommodations.views_a.conftest import Campus, at_most_queries
from tests.accommodations.views_a.test_students import PART, text_of
from tests.factories import make_accommodation, make_run

Make = Callable[[], Notice]
STATUS_OF_MATTER = {Matter.UNTOLD: "no_address", Matter.DOUBTFUL: "unknown", Matter.UNANSWERED: "sent"}
BUTTONS = {
    Matter.UNTOLD: ("See what to do", "See what to do"),
    Matter.DOUBTFUL: ("Send again…", "See which"),
    Matter.LETTERS: ("Confirm or end…", "See them"),
    Matter.UNANSWERED: ("Remind…", "See who"),
}
"""What a coordinator and an auditor press."""


def make_waiting(matter: Matter, campus: Campus, told: Make, number: int) -> None:
    """Let so many things of the matter wait."""
    for _ in range(number):
        if matter is Matter.LETTERS:
            LetterRecord.objects.create(
                accommodation=make_accommodation(campus.amara, status="active"),
                course=campus.own,
                recorded_by=campus.users["instructor"],
            )
        else:
            Notice.objects.filter(pk=told().pk).update(status=STATUS_OF_MATTER[matter])


def test_every_matter_is_in_the_table() -> None:
    assert set(HELPS) == set(WORDS) == set(Matter)
    known = set().union(*PERMISSIONS_OF_ROLE.values())
    assert all(one.right in known for helps in HELPS.values() for one in helps)


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("number", [1, 3])
def test_each_matter_has_its_number_its_list_and_a_button_that_can_be_pressed(
    matter: Matter, number: int, campus: Campus, told: Make, as_role: SignIn
) -> None:
    make_waiting(matter, campus, told, number)
    for role, button in zip(("coordinator", "auditor"), BUTTONS[matter], strict=True):
        client = as_role(role)
        with at_most_queries():
            page = client.get(reverse("home")).content.decode()
        part = page.split('id="answers-h"')[1].split("</section>")[0]
        addresses = re.findall(r'<a[^>]*href="([^"]+)"', part)
        assert f"{number} {WORDS[matter][number > 1]}</a>" in part
        assert f">{button}<" in part
        assert [client.get(address).status_code for address in addresses] == [200, 200]
        assert f"{number} " in text_of(client.get(addresses[0])).split("<h2")[1]


def test_a_matter_that_nobody_waits_for_is_not_shown(campus: Campus, as_role: SignIn) -> None:
    assert "Notices and letters" not in as_role("coordinator").get(reverse("home")).content.decode()
    assert answers_due(campus.users["instructor"], ()) == []


def test_home_is_shown_anew_when_only_an_alert_or_a_stopped_part_arrived(campus: Campus, as_role: SignIn) -> None:
    make_run(status="running")
    zone = ZoneInfo("America/New_York")
    client = as_role("coordinator")
    arrivals: list[tuple[Callable[[], object], str]] = [
        (
            lambda: Alert.objects.create(
                kind="drift",
                student=campus.amara,
                course=campus.own,
                assessment=campus.quiz,
                message="Again.",
                raised_at=timezone.now(),
            ),
            "A new alert.",
        ),
        (
            lambda: GuardStop.objects.create(
                course=campus.own, digest="d" * 64, message="Too many.", stopped_at=timezone.now()
            ),
            "The safety guard has stopped changes.",
        ),
    ]
    for arrive, sentence in arrivals:
        shown = home_of(campus.users["coordinator"], now=datetime.now(UTC), zone=zone)
        address = f"{reverse('home_live')}?seen={shown.token}&said={shown.said}"
        assert client.get(address, headers=PART).status_code == 204
        arrive()
        response = client.get(address, headers=PART)
        assert response.status_code == 200
        assert json.loads(response["HX-Trigger"]) == {"announce": {"text": sentence}}


def test_home_that_has_nothing_at_work_asks_once_a_minute(campus: Campus, as_role: SignIn) -> None:
    page = as_role("coordinator").get(reverse("home")).content.decode()
    assert 'hx-trigger="every 60s"' in page


def test_letters_are_read_with_what_waits_and_only_by_the_office(campus: Campus, told: Make) -> None:
    make_waiting(Matter.LETTERS, campus, told, 2)
    assert len(waiting_for_people(campus.users["auditor"]).letters) == 2
    assert waiting_for_people(campus.users["instructor"]).letters == ()
