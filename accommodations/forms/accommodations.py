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
from accommodations.forms.assignment_groups import KNOWN, OTHER, offer_groups
from accommodations.forms.fields import DayField, LocalTimeField, clock_change_note, offer, write_day
from accommodations.forms.provisions import ATTEMPTS, DATES, REQUIRED, TIME, ProvisionsForm, radios, typed
from accommodations.forms.values import initial_of, values_of
from accommodations.models import Accommodation, Assessment, Course, Student
from accommodations.planning.rules import Scope
from accommodations.selectors.assignment_groups import suggested_names
from accommodations.selectors.recording import Offered, offered_for
from accommodations.services.accommodation_values import AccommodationValues

SCOPE_CHOICES = [
    (Scope.EVERY_COURSE.value, "Every course"),
    (Scope.TERM.value, "One term"),
    (Scope.COURSE.value, "One course"),
    (Scope.ASSESSMENT.value, "One assessment"),
]
URGENCY_CHOICES = [("normal", "After it is approved"), ("urgent", "At once: urgent, approved after")]
MOST_NOTE, MOST_REASON = 4000, 1000

NOT_OFFERED = {
    "term": "Choose a term from the list.",
    "course": "Choose a course from the list.",
    "assessment": "Choose an assessment from the list.",
    "exact_assessment": "Choose an assessment from the list.",
    "released": "Choose courses from the list.",
    "known_groups": "Tick groups from the list.",
}
"""What is said to a choice that is not among those offered; other fields say what to choose at all."""

FIELD_OF_VALUE = {
    "provision": "provisions",
    "extra_time_method": "time_how",
    "exact_unlock_at": "exact_opens",
    "exact_due_at": "exact_due",
    "exact_lock_at": "exact_closes",
    "assignment_groups": "other_groups",
}


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "input input--m"})


class AccommodationForm(ProvisionsForm):
    """Up to three provisions for one student; on an edit, the one provision of that accommodation.

    `values()` gives one AccommodationValues for each ticked provision.
    """

    field_order = (
        *("provisions", "time_how", "multiplier", "minutes", "hourly", "time_kinds", "attempts", "attempts_kinds"),
        *("dates_how", "shift_amount", "shift_unit", "dates_kinds"),
    )
    required_words = REQUIRED | {
        "dates_how": "Choose “later by” or exact times.",
        "exact_assessment": "Choose the assessment that the exact times are for.",
        "scope": "Choose where it counts.",
        "term": "Choose the term.",
        "course": "Choose the course.",
        "assessment": "Choose the assessment.",
        "effective_from": DayField.message,
        "urgency": "Choose when it applies.",
        "urgent_reason": "Say why it cannot wait: who approves it reads this.",
    }

    dates_how = radios("How", [("shift", "Later by"), ("exact", "Exact times for one assessment")], "shift")
    exact_assessment = forms.ChoiceField(label="Assessment", required=False, widget=_select())
    exact_opens = LocalTimeField(label="Opens", required=False, widget=typed("s"))
    exact_due = LocalTimeField(label="Due", required=False, widget=typed("s"))
    exact_closes = LocalTimeField(label="Closes", required=False, widget=typed("s"))
    is_other_sitting = forms.BooleanField(label="Yes: the student cannot open it before that time.", required=False)
    may_pass_end = forms.BooleanField(
        label="These dates may go beyond the end of the course or of a grading period",
        required=False,
        help_text="Only where the preview says that an end makes it short, and the instructor agrees.",
    )

    scope = radios("Counts for", SCOPE_CHOICES, Scope.EVERY_COURSE.value)
    term = forms.ChoiceField(label="Term", required=False, widget=_select())
    course = forms.ChoiceField(label="Course", required=False, widget=_select())
    assessment = forms.ChoiceField(label="One assessment", required=False, widget=_select())

    effective_from = DayField(label="From", required=False, help_text="Day, month, year", widget=typed("s"))
    effective_until = DayField(
        label="Until", required=False, help_text="The whole day counts. Empty: no end.", widget=typed("s")
    )
    replaces_broader = forms.BooleanField(
        label="Replaces broader ones",
        required=False,
        help_text="Otherwise the most generous of all that count for an assessment is given.",
    )
    released = forms.MultipleChoiceField(
        label="Release to",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A course that is not released gets nothing, and its instructor is told nothing.",
    )
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=MOST_NOTE,
        error_messages={"max_length": f"Write at most {MOST_NOTE:,} characters."},
        help_text="Only this office reads it. Never write a diagnosis or a medical detail: Leeway keeps none.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    urgency = radios("When it applies", URGENCY_CHOICES, "normal")
    urgent_reason = forms.CharField(
        label="Why it is urgent",
        required=False,
        max_length=MOST_REASON,
        error_messages={"max_length": f"Write at most {MOST_REASON:,} characters."},
        help_text="Who approves it reads this, and it stays in the log. No diagnosis, no medical detail.",
        widget=typed("m"),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        student: Student,
        today: date,
        accommodation: Accommodation | None = None,
        two_people: bool = False,
        start: Mapping[str, Any] | None = None,
        offered: Offered | None = None,
    ) -> None:
        initial = initial_of(accommodation) if accommodation else {"effective_from": today} | dict(start or {})
        super().__init__(data, initial=initial)
        self.student, self.accommodation = student, accommodation
        self._by_pk: dict[str, dict[str, Any]] = {}
        offered = offered or offered_for(student)
        self._offer("term", offered.terms, "Choose a term")
        self._offer("course", offered.courses, "Choose a course")
        self._offer_assessments(offered)
        self._offer_releases(offered)
        offer_groups(self, suggested_names(student))
        for name, words in NOT_OFFERED.items():
            if name in self.fields:
                self.fields[name].error_messages["invalid_choice"] = words
        self.fields["effective_from"].help_text = f"Day, month, year: {write_day(today)}"
        if not two_people:
            del self.fields["urgency"], self.fields["urgent_reason"]
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

    def _offer_assessments(self, offered: Offered) -> None:
        """Offer the assessments under their courses, for the scope and for exact times."""
        self._offer("assessment", offered.assessments, "Choose an assessment")
        by_pk: dict[str, Assessment] = self._by_pk["assessment"]
        by_course: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pk, row in by_pk.items():
            by_course[str(row.course)].append((pk, row.name))
        choices = [("", "Choose an assessment"), *((name, rows) for name, rows in by_course.items())]
        for name in ("assessment", "exact_assessment"):
            offer(self, name, choices)
        self._by_pk["exact_assessment"] = by_pk

    def _offer_releases(self, offered: Offered) -> None:
        """Offer the courses that the student has not asked for yet, where courses are released one by one."""
        rows = offered.releasable if self.student.needs_release and self.accommodation is None else ()
        self._releasable: dict[str, Course] = {str(row.pk): row for row in rows}
        if not self._releasable:
            del self.fields["released"]
            return
        offer(self, "released", [(pk, str(row)) for pk, row in self._releasable.items()])

    # Which fields count

    def is_ticked(self, provision: str) -> bool:
        """Whether the provision is recorded with this form; before cleaning, as the data or the row says."""
        if self.accommodation is not None:
            return self.accommodation.provision == provision
        return super().is_ticked(provision)

    def counting(self) -> dict[str, bool]:
        """Return the fields that count under the ticked choices, and whether each must be filled in."""
        counting = super().counting() | {"effective_from": True}
        counting |= dict.fromkeys(("version", "effective_until", "note", "released"), False)
        if not self.is_only_exact:
            scope = self.cleaned_data.get("scope") or ""
            counting |= {"scope": True, "replaces_broader": False}
            counting |= {scope: True} if scope in self._by_pk else {}
        if self.is_only_exact or self.cleaned_data.get("scope") == Scope.ASSESSMENT.value:
            counting = {name: is_needed for name, is_needed in counting.items() if name not in (KNOWN, OTHER)}
        if "urgency" in self.fields:
            is_urgent = self.cleaned_data.get("urgency") == "urgent"
            counting |= {"urgency": False} | ({"urgent_reason": True} if is_urgent else {})
        return counting

    def counting_dates(self) -> dict[str, bool]:
        """Return the fields of later dates that count: those of a shift, or of exact times."""
        if self.cleaned_data.get("dates_how") != "exact":
            return {"dates_how": True, "may_pass_end": False, **super().counting_dates()}
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
        cleaned = super().clean()
        self._clean_period()
        self._clean_exact()
        for name, offered in self._by_pk.items():
            if cleaned.get(name):
                cleaned[name] = offered[cleaned[name]]
        return cleaned

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
        return [
            values_of(provision, self.cleaned_data, zone=self.exact_zone, before=self.accommodation)
            for provision in self.ticked
        ]

    @property
    def why_urgent(self) -> str:
        """Return why it applies before it is approved; empty where it does not. Only after is_valid()."""
        return self.cleaned_data.get("urgent_reason") or ""

    @property
    def released_courses(self) -> list[Course]:
        """Return the courses that are released with it; only after is_valid()."""
        return [self._releasable[pk] for pk in self.cleaned_data.get("released") or ()]

    def clock_notes(self) -> list[str]:
        """Return a sentence for each exact time that does not exist or exists twice; only after is_valid()."""
        named = (("exact_opens", True), ("exact_due", False), ("exact_closes", False))
        notes = [
            clock_change_note(at, self.exact_zone, earlier=earlier)
            for name, earlier in named
            if (at := self.cleaned_data.get(name)) is not None
        ]
        return [note for note in notes if note]
