"""The Canvas connection and the institution's settings."""

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, CanvasConnection, InstitutionSettings
from tests.accommodations.services.conftest import TOKEN, University
from tests.accommodations.views_b.conftest import HTMX, SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in("administrator")


def test_b28_a_stored_token_never_comes_back(administrator: Client, connection: CanvasConnection) -> None:
    page = administrator.get(reverse("connection")).content.decode()

    assert TOKEN not in page
    assert f"The stored one ends in {TOKEN[-4:]}." in page


def test_b28_a_refused_token_does_not_come_back_either(administrator: Client, connection: CanvasConnection) -> None:
    typed = {"base_url": "https://canvas.example.edu", "token": "a-wrong-token-9999"}

    page = administrator.post(reverse("connection"), typed).content.decode()

    assert "Canvas does not accept this token: it is wrong, expired or revoked." in page
    assert "a-wrong-token-9999" not in page
    assert 'href="#id_token"' in page
    connection.refresh_from_db()
    assert connection.token == TOKEN


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("", "Enter the address of your Canvas"),
        ("http://canvas.example.edu", "must begin with https://"),
        ("ftp://canvas.example.edu", "https://"),
        ("https://user:secret@canvas.example.edu", "must not hold a user name or password"),
        ("https://169.254.169.254", "not a number"),
        ("https://2130706433", "not a number"),
        ("https://canvas.example.edu:22", "Only port 443"),
        ("https://no-such-canvas.example.org", "No server of that name was found"),
    ],
)
def test_b24_a_wrong_address_is_answered_at_its_field(
    administrator: Client, connection: CanvasConnection, base_url: str, words: str
) -> None:
    page = administrator.post(reverse("connection"), {"base_url": base_url, "token": TOKEN}).content.decode()

    assert words in page
    assert "<title>Error: " in page


def test_a_new_address_asks_for_its_own_token(administrator: Client, connection: CanvasConnection) -> None:
    page = administrator.post(reverse("connection"), {"base_url": "https://other.example.edu"}).content.decode()

    assert "Enter the access token of the new address" in page


def test_two_values_connect_a_canvas(administrator: Client, connection: CanvasConnection) -> None:
    CanvasConnection.objects.all().delete()

    page = administrator.post(
        reverse("connection"), {"base_url": "https://canvas.example.edu/", "token": TOKEN}, follow=True
    ).content.decode()

    assert "Saved. Canvas accepted the token." in page
    assert CanvasConnection.objects.get().base_url == "https://canvas.example.edu"
    assert TOKEN not in page


def test_the_check_lists_each_permission_and_writes_nothing(
    administrator: Client, connection: CanvasConnection, university: University
) -> None:
    page = administrator.post(reverse("connection"), {"check": "1"}).content.decode()
    part = administrator.post(reverse("connection"), {"check": "1"}, headers=HTMX)

    assert "<html" in page
    assert "Allowed" in page
    assert "<html" not in part.content.decode()
    assert "permissions checked, 0 missing." in part.headers["HX-Trigger"]
    assert university.writes == []


def test_the_check_of_a_revoked_token_says_so(
    administrator: Client, connection: CanvasConnection, university: University
) -> None:
    CanvasConnection.objects.filter(pk=connection.pk).update(token_last4="gone")
    connection.token = "revoked-token"
    connection.save()

    page = administrator.post(reverse("connection"), {"check": "1"}).content.decode()

    assert "Canvas does not accept the token." in page


def posted(**fields: str) -> dict[str, str]:
    return {
        "name": "Northmere University",
        "office_name": "Access Office",
        "time_zone": "America/New_York",
        "exam_window_minutes": "360",
        "window_mode": "fit",
        "holidays": "",
        "nobody_sets_new_quizzes_by_hand": "on",
        "guard_percent": "20",
        "guard_course_actions": "5",
        "guard_run_actions": "50",
        "doubt_percent": "30",
        **fields,
    }


def test_changed_settings_are_stored_and_logged(sign_in: SignIn) -> None:
    typed = posted(exam_window_minutes="240", holidays="25 Dec 2025\n2025-12-26", two_person_approval="on")

    page = sign_in("director").post(reverse("settings"), typed, follow=True).content.decode()

    row = InstitutionSettings.current()
    assert "Saved." in page
    assert (row.exam_window_minutes, row.two_person_approval) == (240, True)
    assert row.holidays == ["2025-12-25", "2025-12-26"]
    assert ActionLogEntry.objects.filter(act="settings.changed").count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_zone": "Mars/Olympus"}, "Enter a time zone such as America/New_York"),
        ({"exam_window_minutes": "0"}, "Enter a whole number of minutes from 1 to 10080."),
        ({"exam_window_minutes": "６０"}, "Enter a whole number of minutes from 1 to 10080."),
        ({"holidays": "25 Dec 2025\n31 Feb 2026"}, "“31 Feb 2026” is not a day."),
        ({"window_mode": "never"}, "Choose how far the closing time moves."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_wrong_setting_is_answered_at_its_field(sign_in: SignIn, fields: dict[str, str], words: str) -> None:
    page = sign_in("director").post(reverse("settings"), posted(**fields)).content.decode()

    assert words in page
    assert "<title>Error: " in page
    assert not ActionLogEntry.objects.filter(act="settings.changed").exists()


def test_each_setting_says_what_it_changes(sign_in: SignIn) -> None:
    page = sign_in("director").get(reverse("settings")).content.decode()

    assert page.count('class="field__hint"') >= 10
