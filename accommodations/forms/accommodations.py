"""The record form: one page for up to three provisions of one student, with one scope and one period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accommodations.errors import Problem
from accommodations.forms import kinds
from accommodations.forms.fields import (
    DayField,
    LocalTimeField,
    MultiplierField,
    WholeNumberField,
    clock_change_note,
    write_day,
)
from accommodations.forms.values import initial_of, values_of
from accommodations.models import Accommodation, Assessment, Student
from accommodations.planning.rules import Scope, ShiftUnit
from accommodations.selectors.recording import assessments_of, courses_of, terms_of
from accommodations.services.accommodation_values import AccommodationValues

TIME, ATTEMPTS, DATES = (choice.value for choice in Accommodation.Provision)
PROVISION_CHOICES = [(TIME, "Extra time"), (ATTEMPTS, "Extra attempts"), (DATES, "Later dates")]
TIME_CHOICES = [
    ("1.25", "1.25×"),
    ("1.5", "1.5×"),
    ("2", "2×"),
    ("3", "3×"),
    ("other", "Other multiplier"),
    ("minutes", "Minutes"),
    ("hourly", "Minutes per hour"),
    ("unlimited", "No time limit"),
]
SCOPE_CHOICES = [
    (Scope.EVERY_COURSE.value, "Every course"),
    (Scope.TERM.value, "One term"),
    (Scope.COURSE.value, "One course"),
    (Scope.ASSESSMENT.value, "One assessment"),
]
UNIT_CHOICES = [
    (ShiftUnit.DAYS.value, "days"),
    (ShiftUnit.WORKING_DAYS.value, "working days"),
    (ShiftUnit.HOURS.value, "hours"),
]
LONGEST_SHIFT_DAYS = 365
MOST_NOTE = 4000

REQUIRED: dict[str, str] = {
    "multiplier": MultiplierField.message,
    "minutes": "Enter a whole number of minutes from 1 to 10080. Canvas refuses more.",
    "hourly": "Enter a whole number of minutes from 1 to 600 for each hour.",
    "attempts": "Enter a whole number from 1 to 1000. Canvas refuses more.",
    "shift_amount": "Enter a whole number from 1 to 365. Hours may go up to 8760.",
    "shift_unit": "Choose days, working days or hours.",
    "time_how": "Choose how much extra time.",
    "dates_how": "Choose “later by” or exact times.",
    "exact_assessment": "Choose the assessment that the exact times are for.",
    "scope": "Choose where it counts.",
    "term": "Choose the term.",
    "course": "Choose the course.",
    "assessment": "Choose the assessment.",
    "effective_from": DayField.message,
}

NOT_OFFERED = {
    "term": "Choose a term from the list.",
    "course": "Choose a course from the list.",
    "assessment": "Choose an assessment from the list.",
    "exact_assessment": "Choose an assessment from the list.",
    "provisions": "Tick extra time, extra attempts or later dates.",
}
"""What is said to a choice that is not among those offered; other fields say what to choose at all."""

FIELD_OF_VALUE = {
    "provision": "provisions",
    "extra_time_method": "time_how",
    "exact_unlock_at": "exact_opens",
    "exact_due_at": "exact_due",
    "exact_lock_at": "exact_closes",
}


def _radios(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=initial, required=False, widget=forms.RadioSelect)


def _kinds(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=kinds.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means every kind.",
    )


def _number(label: str, name: str, highest: int, hint: str, initial: int | None = None) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        lowest=1,
        highest=highest,
        message=REQUIRED[name],
        help_text=hint,
        initial=initial,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}),
    )


def _typed(size: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": f"input input--{size}", "autocomplete": "off", **attrs})


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "input input--m"})


class AccommodationForm(forms.Form):
    """Up to three provisions for one student; on an edit, the one provision of that accommodation.

    Fields that belong to an unticked choice are ignored, whatever stands in them. `values()` gives one
    AccommodationValues for each ticked provision.
    """

    provisions = forms.MultipleChoiceField(
        label="What was approved",
        choices=PROVISION_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one: extra time, extra attempts or later dates."},
    )

    time_how = _radios("How much", TIME_CHOICES, "1.5")
    multiplier = MultiplierField(
        label="Other multiplier", help_text="From 1.01 to 10.", required=False, widget=_typed("xs", inputmode="decimal")
    )
    minutes = _number("Minutes", "minutes", 10080, "The same on every assessment, 1 to 10080.")
    hourly = _number("Minutes per hour", "hourly", 600, "10 gives 10 min on a 60 min exam, 13 on 75.")
    time_kinds = _kinds("Kinds for extra time")

    attempts = _number("Extra attempts", "attempts", 1000, "From 1 to 1000, on top of what the course allows.", 1)
    attempts_kinds = _kinds("Kinds for extra attempts")

    dates_how = _radios("How", [("shift", "Later by"), ("exact", "Exact times for one assessment")], "shift")
    shift_amount = _number("Later by", "shift_amount", 8760, "", 2)
    shift_unit = forms.ChoiceField(
        label="Unit",
        choices=UNIT_CHOICES,
        required=False,
        help_text="Working days skip Sat, Sun and holidays.",
        widget=forms.Select(attrs={"class": "input input--s"}),
    )
    dates_kinds = _kinds("Kinds for later dates")
    exact_assessment = forms.ChoiceField(label="Assessment", required=False, widget=_select())
    exact_opens = LocalTimeField(label="Opens", required=False, widget=_typed("s"))
    exact_due = LocalTimeField(label="Due", required=False, widget=_typed("s"))
    exact_closes = LocalTimeField(label="Closes", required=False, widget=_typed("s"))
    is_other_sitting = forms.BooleanField(label="Yes: the student cannot open it before that time.", required=False)
    may_pass_end = forms.BooleanField(
        label="These dates may go beyond the end of the course or of a grading period",
        required=False,
        help_text="Only where the preview says that an end makes it short, and the instructor agrees.",
    )

    scope = _radios("Counts for", SCOPE_CHOICES, Scope.EVERY_COURSE.value)
    term = forms.ChoiceField(label="Term", required=False, widget=_select())
    course = forms.ChoiceField(label="Course", required=False, widget=_select())
    assessment = forms.ChoiceField(label="One assessment", required=False, widget=_select())

    effective_from = DayField(label="From", required=False, help_text="Day, month, year", widget=_typed("s"))
    effective_until = DayField(
        label="Until", required=False, help_text="The whole day counts. Empty: no end.", widget=_typed("s")
    )
    replaces_broader = forms.BooleanField(
        label="Replaces broader ones",
        required=False,
        help_text="Otherwise the most generous of all that count for an assessment is given.",
    )
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=MOST_NOTE,
        error_messages={"max_length": f"Write at most {MOST_NOTE:,} characters."},
        help_text="Only this office reads it. Never write a diagnosis or a medical detail: Leeway keeps none.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        student: Student,
        today: date,
        accommodation: Accommodation | None = None,
    ) -> None:
        initial = initial_of(accommodation) if accommodation else {"effective_from": today}
        super().__init__(data, initial=initial)
        self.student, self.accommodation = student, accommodation
        self._by_pk: dict[str, dict[str, Any]] = {}
        self._offer("term", terms_of(student), "Choose a term")
        self._offer("course", courses_of(student), "Choose a course")
        self._offer_assessments()
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                words = NOT_OFFERED.get(name) or REQUIRED.get(name, "Choose from what is offered.")
                field.error_messages["invalid_choice"] = words
        self.fields["effective_from"].help_text = f"Day, month, year: {write_day(today)}"
        if accommodation is not None:
            del self.fields["provisions"]
            if accommodation.provision == DATES:
                self.fields["dates_how"].initial = initial["dates_how"]

    def _offer(self, name: str, rows: Iterable[Any], empty: str) -> None:
        """Offer the rows, and on an edit also the one that was chosen, should the student have left the course."""
        offered = {str(row.pk): row for row in rows}
        chosen = getattr(self.accommodation, name, None)
        if chosen is not None:
            offered.setdefault(str(chosen.pk), chosen)
        self._by_pk[name] = offered
        field: Any = self.fields[name]
        field.choices = [("", empty), *((pk, str(row)) for pk, row in offered.items())]

    def _offer_assessments(self) -> None:
        """Offer the assessments under their courses, for the scope and for exact times."""
        self._offer("assessment", assessments_of(self.student), "Choose an assessment")
        offered: dict[str, Assessment] = self._by_pk["assessment"]
        by_course: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pk, row in offered.items():
            by_course[str(row.course)].append((pk, row.name))
        choices = [("", "Choose an assessment"), *((name, rows) for name, rows in by_course.items())]
        for name in ("assessment", "exact_assessment"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field
        self._by_pk["exact_assessment"] = offered

    # Which fields count

    def is_ticked(self, provision: str) -> bool:
        """Whether the provision is recorded with this form; before cleaning, as the data or the row says."""
        if self.accommodation is not None:
            return self.accommodation.provision == provision
        return provision in (self["provisions"].value() or [])

    def _counting(self) -> dict[str, bool]:
        """Return the fields that count under the ticked choices, and whether each must be filled in."""
        typed = self.cleaned_data.get
        counting = {"version": False, "effective_from": True, "effective_until": False, "note": False}
        if "provisions" in self.fields:
            counting["provisions"] = True
        if self.is_ticked(TIME):
            part = {"other": "multiplier", "minutes": "minutes", "hourly": "hourly"}.get(typed("time_how") or "")
            counting |= {"time_how": True, "time_kinds": False} | ({part: True} if part else {})
        if self.is_ticked(ATTEMPTS):
            counting |= {"attempts": True, "attempts_kinds": False}
        if self.is_ticked(DATES):
            counting |= self._counting_dates()
        if not self.is_only_exact:
            scope = typed("scope") or ""
            counting |= {"scope": True, "replaces_broader": False}
            counting |= {scope: True} if scope in self._by_pk else {}
        return counting

    def _counting_dates(self) -> dict[str, bool]:
        if self.cleaned_data.get("dates_how") != "exact":
            shift = {"shift_amount": True, "shift_unit": True, "dates_kinds": False}
            return {"dates_how": True, **shift, "may_pass_end": False}
        times = {"exact_opens": False, "exact_due": False, "exact_closes": False, "is_other_sitting": False}
        return {"dates_how": True, "exact_assessment": True, "may_pass_end": False, **times}

    @property
    def is_exact(self) -> bool:
        """Whether exact times are recorded."""
        return self.is_ticked(DATES) and self["dates_how"].value() == "exact"

    @property
    def is_only_exact(self) -> bool:
        """Whether exact times are all that is recorded: their assessment is then the scope."""
        return self.is_exact and not self.is_ticked(TIME) and not self.is_ticked(ATTEMPTS)

    # Cleaning

    def clean(self) -> dict[str, Any]:
        """Drop what does not count, ask for what must be filled in, and check what belongs together."""
        cleaned = self.cleaned_data
        counting = self._counting()
        for name in set(self.fields) - set(counting):
            self.errors.pop(name, None)
            cleaned.pop(name, None)
        for name, is_required in counting.items():
            if is_required and name not in self.errors and cleaned.get(name) in (None, "", []):
                self.add_error(name, ValidationError(REQUIRED[name], code="required"))
        self._clean_shift()
        self._clean_period()
        self._clean_exact()
        for name, offered in self._by_pk.items():
            if cleaned.get(name):
                cleaned[name] = offered[cleaned[name]]
        return cleaned

    def _clean_shift(self) -> None:
        amount, unit = self.cleaned_data.get("shift_amount"), self.cleaned_data.get("shift_unit")
        if amount and unit != ShiftUnit.HOURS.value and amount > LONGEST_SHIFT_DAYS:
            self.add_error("shift_amount", REQUIRED["shift_amount"])

    def _clean_period(self) -> None:
        start, end = self.cleaned_data.get("effective_from"), self.cleaned_data.get("effective_until")
        if start and end and end < start:
            self.add_error("effective_until", f"Enter a day on or after {write_day(start)}.")

    def _clean_exact(self) -> None:
        if not self.is_exact:
            return
        typed = [(name, self.cleaned_data.get(name)) for name in ("exact_opens", "exact_due", "exact_closes")]
        there = [(name, at) for name, at in typed if at is not None]
        if not there and not any(name in self.errors for name, _ in typed):
            self.add_error("exact_due", "Enter at least one of opens, due and closes.")
        for (_, earlier), (name, later) in pairwise(there):
            if later < earlier:
                self.add_error(name, f"Enter a time at or after {write_day(earlier)} {earlier:%H:%M}.")
        self._clean_other_sitting()

    def _clean_other_sitting(self) -> None:
        opens, assessment = self.cleaned_data.get("exact_opens"), self.exact_assessment_row
        if opens is None or assessment is None or self.cleaned_data.get("is_other_sitting"):
            return
        class_opens = assessment.unlock_at
        if class_opens is None or opens > class_opens.astimezone(self.exact_zone).replace(tzinfo=None):
            self.add_error(
                "is_other_sitting",
                f"Confirm that {self.student.name} cannot open it before {opens:%a} {write_day(opens)} {opens:%H:%M}, "
                "which is later than the class.",
            )

    # What others say

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show what a service refused at the fields where it was typed."""
        for problem in problems:
            name = FIELD_OF_VALUE.get(problem.field, problem.field)
            if name == "minutes" and self["time_how"].value() == "hourly":
                name = "hourly"
            self.add_error(name if name in self.fields else None, ValidationError(problem.message, code=problem.code))

    def take_version(self, version: int) -> None:
        """Stand on this version from now on: the person has been shown what the other one saved."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(version)
        self.data = data

    # What it comes to

    @property
    def exact_assessment_row(self) -> Assessment | None:
        """Return the assessment that exact times are for, as far as it is chosen."""
        return self._by_pk["exact_assessment"].get(str(self["exact_assessment"].value() or ""))

    @property
    def exact_zone(self) -> ZoneInfo:
        """Return the zone in which exact times are typed: the course's."""
        row = self.exact_assessment_row
        return ZoneInfo(row.course.time_zone if row else "UTC")

    def values(self) -> list[AccommodationValues]:
        """Return what is to be recorded, one for each provision; only after is_valid()."""
        ticked = [provision for provision, _ in PROVISION_CHOICES if self.is_ticked(provision)]
        return [
            values_of(provision, self.cleaned_data, zone=self.exact_zone, before=self.accommodation)
            for provision in ticked
        ]

    def clock_notes(self) -> list[str]:
        """Return a sentence for each exact time that does not exist or exists twice; only after is_valid()."""
        named = (("exact_opens", True), ("exact_due", False), ("exact_closes", False))
        notes = [
            clock_change_note(at, self.exact_zone, earlier=earlier)
            for name, earlier in named
            if (at := self.cleaned_data.get(name)) is not None
        ]
        return [note for note in notes if note]
