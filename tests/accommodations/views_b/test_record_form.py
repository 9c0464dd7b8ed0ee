"""The record form: what counts, what is asked for, and what it hands to the services."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from accommodations.forms.accommodations import AccommodationForm
from accommodations.models import Accommodation, Student
from accommodations.services.accommodation_values import values_of
from tests import factories
from tests.accommodations.views_b.conftest import THREE_PROVISIONS

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 1)


def posted(**fields: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {**THREE_PROVISIONS, **fields}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def filled(student: Student, accommodation: Accommodation | None = None, **fields: Any) -> AccommodationForm:
    return AccommodationForm(posted(**fields), student=student, today=TODAY, accommodation=accommodation)


def test_the_main_job_is_three_values_from_one_form(student: Student) -> None:
    form = filled(student)

    assert form.is_valid(), form.errors.as_json()
    time, attempts, dates = form.values()
    assert (time.provision, time.multiplier) == ("extra_time", Decimal("1.5"))
    assert (attempts.provision, attempts.attempts) == ("extra_attempts", 1)
    assert (dates.provision, dates.shift_amount, dates.shift_unit) == ("alternative_dates", 2, "days")


def test_what_stands_in_fields_of_an_unticked_provision_is_ignored(student: Student) -> None:
    form = filled(student, provisions=["extra_attempts"], time_how="other", multiplier="abc", shift_amount="-3")

    assert form.is_valid(), form.errors.as_json()
    assert [one.provision for one in form.values()] == ["extra_attempts"]


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"provisions": []}, "provisions", "Tick at least one: extra time, extra attempts or later dates."),
        ({"time_how": ""}, "time_how", "Choose how much extra time."),
        ({"time_how": "other", "multiplier": ""}, "multiplier", "Enter a multiplier from 1.01 to 10."),
        ({"time_how": "minutes", "minutes": "10081"}, "minutes", "from 1 to 10080"),
        ({"time_how": "hourly", "hourly": "601"}, "hourly", "from 1 to 600"),
        ({"attempts": ""}, "attempts", "Enter a whole number from 1 to 1000."),
        ({"shift_amount": "0"}, "shift_amount", "Enter a whole number from 1 to 365."),
        ({"shift_amount": "366"}, "shift_amount", "Enter a whole number from 1 to 365."),
        ({"shift_unit": "weeks"}, "shift_unit", "Choose days, working days or hours."),
        ({"scope": "course", "course": ""}, "course", "Choose the course."),
        ({"scope": "term", "term": ""}, "term", "Choose the term."),
        ({"scope": "everywhere"}, "scope", "Choose where it counts."),
        ({"scope": "course", "course": "99999"}, "course", "Choose a course from the list."),
        ({"scope": "term", "term": "99999"}, "term", "Choose a term from the list."),
        ({"scope": "assessment", "assessment": "25"}, "assessment", "Choose an assessment from the list."),
        ({"note": "x" * 4001}, "note", "Write at most 4,000 characters."),
        ({"effective_from": ""}, "effective_from", "Enter a day such as 19 Dec 2025"),
        ({"effective_until": "30 Nov 2025"}, "effective_until", "Enter a day on or after 1 Dec 2025."),
        ({"effective_until": "1 Jan 9999"}, "effective_until", "Enter a year from 2000 to 2100."),
    ],
)
def test_b10_to_b12_each_wrong_entry_is_answered_at_its_field(
    student: Student, fields: dict[str, Any], name: str, words: str
) -> None:
    form = filled(student, **fields)

    assert not form.is_valid()
    assert list(form.errors) == [name]
    assert words in form.errors[name][0]


def test_hours_may_be_more_than_days_may(student: Student) -> None:
    assert filled(student, shift_amount="8760", shift_unit="hours").is_valid()


def test_only_courses_terms_and_assessments_of_the_student_can_be_chosen(student: Student) -> None:
    foreign = factories.make_course()
    own = student.enrollments.get().course

    assert not filled(student, scope="course", course=str(foreign.pk)).is_valid()
    form = filled(student, scope="course", course=str(own.pk))
    assert form.is_valid()
    assert form.values()[0].course == own


def exact(student: Student, **fields: Any) -> AccommodationForm:
    assessment = student.enrollments.get().course.assessments.get()
    return filled(
        student,
        provisions=["alternative_dates"],
        dates_how="exact",
        scope="",
        **{"exact_assessment": str(assessment.pk), "exact_due": "10 Dec 2025 17:00", **fields},
    )


def test_exact_times_are_read_in_the_zone_of_their_course_and_name_their_own_scope(student: Student) -> None:
    form = exact(student)

    assert form.is_valid(), form.errors.as_json()
    (values,) = form.values()
    assert values.scope == "assessment"
    assert values.exact_due_at == datetime(2025, 12, 10, 22, tzinfo=UTC)
    assert values.assessment == student.enrollments.get().course.assessments.get()


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"exact_assessment": ""}, "exact_assessment", "Choose the assessment"),
        ({"exact_due": ""}, "exact_due", "Enter at least one of opens, due and closes."),
        (
            {"exact_opens": "10 Dec 2025 18:00", "is_other_sitting": "on"},
            "exact_due",
            "Enter a time at or after 10 Dec 2025 18:00.",
        ),
        ({"exact_closes": "10 Dec 2025 16:59"}, "exact_closes", "Enter a time at or after 10 Dec 2025 17:00."),
    ],
)
def test_b12_exact_times_out_of_order_are_answered_at_the_later_one(
    student: Student, fields: dict[str, Any], name: str, words: str
) -> None:
    form = exact(student, **fields)

    assert not form.is_valid()
    assert words in form.errors[name][0]


def test_r1_an_opening_later_than_the_class_is_confirmed_as_another_sitting(student: Student) -> None:
    assessment = student.enrollments.get().course.assessments.get()
    later = (assessment.unlock_at or datetime.now(UTC)) + timedelta(days=1)
    fields = {"exact_opens": f"{later:%Y-%m-%d} 10:00", "exact_due": "", "exact_closes": f"{later:%Y-%m-%d} 17:00"}

    unconfirmed = exact(student, **fields)
    confirmed = exact(student, is_other_sitting="on", **fields)

    assert not unconfirmed.is_valid()
    assert "cannot open it before" in unconfirmed.errors["is_other_sitting"][0]
    assert confirmed.is_valid()
    assert confirmed.values()[0].is_other_sitting


@pytest.mark.parametrize(
    "fields",
    [
        {"multiplier": Decimal("1.50")},
        {"multiplier": Decimal("1.75"), "kinds": ["practice_quiz"]},
        {"extra_time_method": "minutes", "multiplier": None, "minutes": 30},
        {"extra_time_method": "minutes_per_hour", "multiplier": None, "minutes": 10},
        {"extra_time_method": "no_limit", "multiplier": None},
        {"provision": "extra_attempts", "attempts": 3, "note": "Letter of 1 Dec", "replaces_broader": True},
        {"provision": "alternative_dates", "shift_amount": 48, "shift_unit": "hours"},
    ],
)
def test_an_edit_that_changes_nothing_hands_back_what_is_stored(student: Student, fields: dict[str, Any]) -> None:
    row = factories.make_accommodation(student, **fields)
    row.refresh_from_db()
    unbound = AccommodationForm(student=student, today=TODAY, accommodation=row)
    data = QueryDict(mutable=True)
    for name in unbound.fields:
        value = unbound[name].value()
        data.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value or "")])
    for name in ("replaces_broader", "is_other_sitting"):
        if not unbound[name].value():
            del data[name]

    form = AccommodationForm(data, student=student, today=TODAY, accommodation=row)

    assert form.is_valid(), form.errors.as_json()
    assert form.values() == [values_of(row)]
