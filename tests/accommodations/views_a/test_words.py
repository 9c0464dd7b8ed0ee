"""Dates, durations, badges and changes as every page writes them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from accommodations.models import Accommodation, Assessment, Course, Term
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.selectors import accommodation_words
from accommodations.selectors.pair_words import (
    INSTRUCTOR,
    OFFICE,
    REASON_WORDS,
    STUDENT,
    WHO_ACTS,
    pair_words,
    words_for_student,
)
from accommodations.templatetags.dates import at_text, countdown_text, day_text, duration_text, with_zone, zone_text

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2025, 12, 1, 14, 12, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, month: int = 12, year: int = 2025) -> datetime:
    """Return an instant that is this wall-clock time in New York."""
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("instant", "relative", "text"),
    [
        (at(5, 23, 59), False, "Fri 5 Dec 23:59"),
        (at(5, 9, 5, year=2026), False, "Sat 5 Dec 2026 09:05"),
        (at(1, 6, 14), True, "today 06:14"),
        (at(30, 22, 0, month=11), True, "yesterday 22:00"),
        (at(1, 6, 14), False, "Mon 1 Dec 06:14"),
    ],
)
def test_an_instant_is_weekday_day_month_and_24_hours(instant: datetime, relative: bool, text: str) -> None:
    assert at_text(instant, zone=NEW_YORK, now=NOW, relative=relative) == text


def test_the_year_stands_only_where_it_is_another_one() -> None:
    assert day_text(date(2025, 9, 2), today=date(2025, 12, 1)) == "Tue 2 Sep"
    assert day_text(date(2026, 1, 5), today=date(2025, 12, 1)) == "Mon 5 Jan 2026"


@pytest.mark.parametrize(
    ("zone", "name"), [("America/New_York", "EST"), ("Asia/Kolkata", "IST"), ("America/Sao_Paulo", "UTC-03:00")]
)
def test_a_zone_without_letters_is_told_by_its_offset(zone: str, name: str) -> None:
    assert zone_text(NOW, ZoneInfo(zone)) == name


def test_the_courses_zone_is_added_only_where_clocks_differ() -> None:
    same = with_zone(at(7, 23, 59), zone=NEW_YORK, course_zone="America/Toronto", now=NOW)
    other = with_zone(at(7, 23, 59), zone=NEW_YORK, course_zone="America/Los_Angeles", now=NOW)
    assert same == "EST"
    assert other == "EST (Sun 7 Dec 20:59 PST)"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(90, "90 min"), (240, "240 min"), (270, "4 h 30 min"), (300, "5 h"), (2880, "2 days"), (3000, "2 days 2 h"),
     (10080, "no time limit")],
)  # fmt: skip
def test_durations_are_minutes_up_to_240(minutes: int, text: str) -> None:
    assert duration_text(minutes) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [(3.8, "in 3 h 48 min"), (0.5, "in 30 min"), (13, "in 13 h"), (49, "in 2 days"), (-1, "now")],
)
def test_a_countdown_is_precise_when_it_is_near(hours: float, text: str) -> None:
    assert countdown_text(NOW + timedelta(hours=hours), now=NOW) == text


def test_every_reason_has_words_for_each_reader() -> None:
    assert set(REASON_WORDS) == set(Reason)
    for reason in Reason:
        for audience in (OFFICE, INSTRUCTOR, STUDENT):
            words = pair_words(status=STATUS_OF[reason], reason=reason, audience=audience)
            assert words.label
            assert words.status == STATUS_OF[reason].value.replace("_", "-")


def test_r15_no_word_for_students_or_instructors_names_a_disability() -> None:
    for reason in Reason:
        spoken = [words_for_student(reason)]
        spoken += [
            pair_words(status=STATUS_OF[reason], reason=reason, audience=each).label for each in (INSTRUCTOR, STUDENT)
        ]
        assert not any(word in " ".join(spoken).lower() for word in ("disab", "accommodation", "medical"))


def test_everything_that_needs_somebody_says_who_can_do_what() -> None:
    needs = {Status.SHORT, Status.FAILED, Status.HELD, Status.BLOCKED, Status.MISSED}
    assert [reason for reason in Reason if STATUS_OF[reason] in needs and reason not in WHO_ACTS] == []


@pytest.mark.parametrize(
    ("status", "reason", "label"),
    [
        ("short", "course_end", "Short: course ends"),
        ("in_place", "accepted", "In place"),
        ("failed", "refused", "Failed"),
        ("not_needed", "not_released", "Not needed: not released"),
    ],
)
def test_the_reason_stands_after_the_word_where_it_decides_what_to_do(status: str, reason: str, label: str) -> None:
    assert pair_words(status=status, reason=reason).label == label


def test_a20_a_badge_has_an_icon_and_a_word() -> None:
    badge = Template("{% load leeway %}{% status_word 'in_place' reason='accepted' %}").render(Context())
    assert 'href="#i-accepted"' in badge
    assert "In place" in badge
    assert 'data-proof="accepted"' in badge


def test_a_change_says_before_and_after_to_ears_too() -> None:
    change = Template("{% load leeway %}{% change_minutes 60 90 %}").render(Context())
    assert 'class="sr-only"> becomes </span>' in change
    assert "90 min" in change
    assert 'class="leeway"' in change
    assert 'aria-hidden="true"' in change


@pytest.mark.parametrize(
    ("before", "after", "words"), [(1, 2, "2 attempts"), (2, 1, "1 attempt"), (3, 0, "0 attempts")]
)
def test_a_number_that_becomes_one_has_its_unit_in_the_singular(before: int, after: int, words: str) -> None:
    source = "{% load leeway %}{% change_number before after 'attempts' %}"
    change = Template(source).render(Context({"before": before, "after": after}))
    assert f'<span class="change__to">{words}</span>' in change


@pytest.mark.parametrize(("before", "after"), [(60, 60), (0, 30), (90, 60)])
def test_there_is_no_bar_without_added_time(before: int, after: int) -> None:
    source = "{% load leeway %}{% leeway_bar before after %}"
    assert Template(source).render(Context({"before": before, "after": after})) == ""


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"provision": "extra_time", "extra_time_method": "multiplier", "multiplier": "1.50"}, "Extra time 1.5×"),
        ({"provision": "extra_time", "extra_time_method": "minutes", "minutes": 30}, "Extra time 30 min"),
        ({"provision": "extra_time", "extra_time_method": "no_limit"}, "No time limit"),
        ({"provision": "extra_attempts", "attempts": 1}, "One extra attempt"),
        ({"provision": "extra_attempts", "attempts": 1000}, "1,000 extra attempts"),
        ({"provision": "alternative_dates", "shift_amount": 1, "shift_unit": "days"}, "1 day later"),
        ({"provision": "alternative_dates", "shift_amount": 2, "shift_unit": "working_days"}, "2 working days later"),
        ({"provision": "alternative_dates", "is_other_sitting": True}, "Another sitting"),
    ],
)
def test_an_accommodation_reads_as_words(fields: dict[str, object], title: str) -> None:
    row = Accommodation(**fields)
    row.clean_fields(exclude=[each.name for each in row._meta.fields if each.name not in fields])
    assert accommodation_words.title(row) == title


def test_where_it_counts_names_kinds_and_place() -> None:
    course = Course(course_code="BIO 101", name="Biology")
    everywhere = Accommodation(scope="every_course", kinds=["classic_quiz", "new_quiz"])
    in_term = Accommodation(scope="term", term=Term(name="Fall 2025"))
    on_one = Accommodation(scope="assessment", course=course, assessment=Assessment(name="Quiz 8", course=course))
    assert accommodation_words.counts_for(everywhere) == "Classic quizzes and New Quizzes, every course"
    assert accommodation_words.counts_for(in_term) == "Fall 2025"
    assert accommodation_words.counts_for(on_one) == "BIO 101 Quiz 8"


def test_a_link_keeps_the_rest_of_the_query() -> None:
    from django.http import QueryDict

    request = SimpleNamespace(GET=QueryDict("sort=name&page=3&status=held&status=failed"))
    source = "{% load leeway %}{% query_with page=None sort='-name' %}"
    rendered = Template(source).render(Context({"request": request}, autoescape=False))
    assert rendered == "?sort=-name&status=held&status=failed"
