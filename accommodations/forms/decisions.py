"""The forms of the office's decisions beside the accommodations: an exception, and what is released."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from accommodations.forms.fields import DayField, offer, write_day
from accommodations.forms.provisions import radios, typed
from accommodations.models import Assessment, Course, Student
from accommodations.selectors.recording import courses_of, offered_for

MOST_WORDS = 1000
UNTIL = "The whole day counts; from the day after, everything applies again."
EVERYWHERE, PER_COURSE = "everywhere", "per_course"


class ExceptionForm(forms.Form):
    """Where nothing applies, why, and until when. `course` and `assessment` are what was chosen, after is_valid()."""

    where = forms.ChoiceField(
        label="Where nothing applies",
        error_messages={
            "required": "Choose a course or an assessment.",
            "invalid_choice": "Choose a course or an assessment from the list.",
        },
        widget=forms.Select(attrs={"class": "input input--m"}),
    )
    reason = forms.CharField(
        label="Reason",
        max_length=MOST_WORDS,
        help_text="The essential requirement that stands against it. The instructor and the student read it.",
        error_messages={
            "required": "Say why: the student and the instructor are told.",
            "max_length": f"Write at most {MOST_WORDS:,} characters.",
        },
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    effective_until = DayField(
        label="Until",
        error_messages={"required": DayField.message},
        widget=typed("s"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, student: Student, today: date, where: str = ""
    ) -> None:
        super().__init__(data, initial={"where": where})
        self.today = today
        self.fields["effective_until"].help_text = f"Day, month, year: {write_day(today)}. {UNTIL}"
        offered = offered_for(student)
        self._courses = {f"course-{row.pk}": row for row in offered.courses}
        self._assessments: dict[str, Assessment] = {f"assessment-{row.pk}": row for row in offered.assessments}
        groups: dict[str, list[tuple[str, str]]] = {
            str(row): [(key, "The whole course")] for key, row in self._courses.items()
        }
        for key, assessment in self._assessments.items():
            groups[str(assessment.course)].append((key, assessment.name))
        choices = [("", "Choose a course or an assessment"), *groups.items()]
        offer(self, "where", choices)

    def clean_effective_until(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["effective_until"]
        if day is not None and day < self.today:
            raise forms.ValidationError(f"Enter a day on or after {write_day(self.today)}.", code="over")
        return day

    @property
    def assessment(self) -> Assessment | None:
        """Return the assessment that was chosen; None for a whole course."""
        return self._assessments.get(self.cleaned_data["where"])

    @property
    def course(self) -> Course:
        """Return the course that was chosen, or that of the assessment."""
        return self.assessment.course if self.assessment else self._courses[self.cleaned_data["where"]]


class ReleaseForm(forms.Form):
    """Whether the student's courses are released one by one, and which are."""

    how = radios(
        "Where accommodations apply",
        [(EVERYWHERE, "Every course, by itself"), (PER_COURSE, "Only courses that the student asks for")],
        EVERYWHERE,
    )
    courses = forms.MultipleChoiceField(
        label="Released to",
        required=False,
        help_text="A course that is not released gets nothing, and its instructor is told nothing.",
        error_messages={"invalid_choice": "Choose courses from the list."},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, student: Student) -> None:
        self.offered = list(courses_of(student))
        released = set(student.releases.values_list("course", flat=True))
        how = PER_COURSE if student.needs_release else EVERYWHERE
        super().__init__(data, initial={"how": how, "courses": [str(pk) for pk in released]})
        choices = [(str(row.pk), str(row)) for row in self.offered]
        offer(self, "courses", choices)
        self.before = [row for row in self.offered if not student.needs_release or row.pk in released]

    def clean_how(self) -> str:
        """Ask for an answer."""
        if not self.cleaned_data["how"]:
            raise forms.ValidationError("Choose where accommodations apply.", code="required")
        return str(self.cleaned_data["how"])

    @property
    def needs_release(self) -> bool:
        """Whether courses are to be released one by one; only after is_valid()."""
        return bool(self.cleaned_data["how"] == PER_COURSE)

    @property
    def released(self) -> list[Course]:
        """Return the courses that are ticked; only after is_valid()."""
        ticked = set(self.cleaned_data["courses"])
        return [row for row in self.offered if str(row.pk) in ticked]

    @property
    def closed(self) -> list[Course]:
        """Return the courses to which accommodations applied and will not any more; only after is_valid()."""
        return [row for row in self.before if self.needs_release and row not in self.released]
