"""The Canvas connection and the institution's settings."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.models import ActionLogEntry, Assessment, CanvasConnection, InstitutionSettings, Student
from accommodations.planning.plan import PairOutcome, Values
from accommodations.planning.statuses import Reason
from accommodations.services.institution import change_settings
from canvas_bridge.facts import Dates
from tests.accommodations.services.conftest import TOKEN, University
from tests.accommodations.views_b.conftest import HTMX, SignIn
from tests.factories import make_accommodation, make_assessment, make_course, make_pair, make_term

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
        "nobody_sets_new_quizzes_by_hand": "on",
        "guard_percent": "20",
        "guard_course_actions": "5",
        "guard_run_actions": "50",
        "doubt_percent": "30",
        "sends_notices": "on",
        "digest_minutes": "1440",
        **fields,
    }


def test_changed_settings_are_stored_and_logged(sign_in: SignIn) -> None:
    typed = posted(exam_window_minutes="240", release_per_course="on")

    page = sign_in("director").post(reverse("settings"), typed, follow=True).content.decode()

    row = InstitutionSettings.current()
    assert "Saved." in page
    assert (row.exam_window_minutes, row.release_per_course) == (240, True)
    entry = ActionLogEntry.objects.get(act="settings.changed")
    assert entry.payload.data["exam_window_minutes"] == {"before": 360, "after": 240}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_zone": "Mars/Olympus"}, "Enter a time zone such as America/New_York"),
        ({"exam_window_minutes": "0"}, "Enter a whole number of minutes from 1 to 10080."),
        ({"exam_window_minutes": "６０"}, "Enter a whole number of minutes from 1 to 10080."),
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


def test_what_would_hurt_is_said_before_it_is_saved(sign_in: SignIn) -> None:
    director = sign_in("director")
    typed = posted(two_person_approval="on", guard_percent="100")

    page = director.post(reverse("settings"), typed).content.decode()

    assert "Only one person may approve." in page
    assert "The safety guard would stop nothing in a single course." in page
    assert InstitutionSettings.current().two_person_approval is False
    director.post(reverse("settings"), typed | {"confirmed": "on"})
    assert InstitutionSettings.current().two_person_approval is True


def test_a_shorter_window_for_exams_says_how_many_are_none_any_more(sign_in: SignIn, student: Student) -> None:
    opens_at = timezone.now() + timedelta(days=2)
    make_assessment(
        student.enrollments.get().course,
        time_limit_minutes=None,
        unlock_at=opens_at,
        lock_at=opens_at + timedelta(hours=5),
    )

    page = sign_in("director").post(reverse("settings"), posted(exam_window_minutes="240")).content.decode()

    assert "1 assessment ahead would no longer count as an exam" in page


def test_b39_settings_that_somebody_changed_meanwhile_are_not_overwritten(sign_in: SignIn) -> None:
    director = sign_in("director")
    state = re.search(r'name="state" value="(\w+)"', director.get(reverse("settings")).content.decode())
    change_settings(changed_by=director.user, changes={"guard_percent": 15})

    page = director.post(reverse("settings"), posted(name="Elsewhere", state=state[1])).content.decode()

    assert "Somebody else has changed a setting since you opened this page." in page
    assert InstitutionSettings.current().name != "Elsewhere"
    assert InstitutionSettings.current().guard_percent == 15


def test_terms_are_shown_as_canvas_has_them(sign_in: SignIn) -> None:
    make_course(term=make_term(name="Spring 2026"))

    page = sign_in("director").get(reverse("term_list")).content.decode()

    assert "Spring 2026" in page
    assert "Canvas has them, and they are changed there" in page


def test_a_break_is_looked_at_added_named_and_removed(sign_in: SignIn) -> None:
    director = sign_in("director")
    typed = {"first": "22 Dec 2025", "last": "24 Dec 2025", "name": "Winter break"}

    looked_at = director.post(reverse("holiday_list"), typed).content.decode()
    assert "What it changes" in looked_at
    assert InstitutionSettings.current().holidays == []
    director.post(reverse("holiday_list"), typed | {"step": "add"})
    director.post(reverse("holiday_detail", args=[20251223]), {"name": "The long one"})
    director.post(reverse("holiday_detail", args=[20251222]), {"step": "remove"})

    row = InstitutionSettings.current()
    assert row.holidays == ["2025-12-23", "2025-12-24"]
    assert row.holiday_names == {"2025-12-23": "The long one", "2025-12-24": "Winter break"}
    assert ActionLogEntry.objects.filter(act="settings.changed").count() == 3
    assert director.get(reverse("holiday_detail", args=[20251222])).status_code == 404
    assert director.get(reverse("holiday_detail", args=[20251399])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first": ""}, "Enter a day such as 25 Dec 2025."),
        ({"first": "31 Feb 2026"}, "Enter a day such as 19 Dec 2025"),
        ({"first": "25 Dec 2025", "last": "24 Dec 2025"}, "Enter a last day that is not before the first."),
        ({"first": "1 Jan 2025", "last": "1 Jan 2026"}, "Enter a break of at most 60 days."),
    ],
)
def test_b12_a_wrong_holiday_is_answered_at_its_field(sign_in: SignIn, typed: dict[str, str], words: str) -> None:
    assert words in sign_in("director").post(reverse("holiday_list"), typed).content.decode()


def test_a_holiday_tells_whose_working_days_it_moves(sign_in: SignIn, student: Student) -> None:
    quiz, friday = student.enrollments.get().course.assessments.get(), datetime(2030, 3, 1, 23, tzinfo=UTC)
    make_accommodation(
        student, provision="alternative_dates", shift_amount=2, shift_unit="working_days", effective_from=friday.date()
    )
    class_dates = Dates(None, friday, friday)
    make_pair(
        student,
        quiz,
        reason=Reason.READ_BACK,
        closes_at=friday + timedelta(days=4),
        outcome=stored_outcome(quiz, class_dates, Dates(None, friday + timedelta(days=4), friday + timedelta(days=4))),
    )
    director = sign_in("director")

    def effect_of(day: str) -> str:
        return director.post(reverse("holiday_list"), {"first": day}).content.decode()

    assert "1 assessment</strong> of 1 student in 1 course" in effect_of("4 Mar 2030")
    assert "No date moves now." in effect_of("1 Mar 2030"), "the class's own day is not counted"
    assert "No date moves now." in effect_of("2 Mar 2030"), "a Saturday is skipped anyway"
    assert "No date moves now." in effect_of("6 Mar 2030")


def stored_outcome(quiz: Assessment, class_dates: Dates, dates: Dates) -> dict[str, object]:
    """Return a stored outcome that moves dates alone."""
    return to_stored(
        PairOutcome(
            canvas_user_id=1,
            assessment_key=quiz.key,
            reason=Reason.READ_BACK,
            sentence="Two working days later.",
            grant=Values(dates=dates),
            observed=Values(dates=dates),
            class_dates=class_dates,
            without_us=Values(dates=class_dates),
            wanted=Values(dates=dates),
        )
    )
