"""Forms of the acts that a person confirms: each carries what its page showed, so that nothing unread is sent."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from accommodations.forms.fields import LocalTimeField, WholeNumberField, local_instant
from accommodations.models import Assessment, Course, Student
from accommodations.planning.dates import zone_named
from accommodations.selectors.acts import students_with_accommodation, ungraded_quizzes
from accommodations.services.every_quiz import MOST_ATTEMPTS
from accommodations.services.every_quiz import MOST_MINUTES as MOST_EXTRA_MINUTES
from accommodations.services.running_attempts import FEWEST_MINUTES, MINUTES_WORDS, MOST_MINUTES
from canvas_bridge.facts import Dates

_NUMBER = {"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}


class ShownInstantField(forms.CharField):
    """An instant that the page showed, as its own hidden field says it."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> datetime | None:  # type: ignore[override]  # narrower than the stub
        """Return the instant in UTC, None where there is none."""
        if isinstance(value, datetime):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError("That is no time.", code="instant") from error
        if at.tzinfo is None:
            raise ValidationError("That is no time.", code="instant")
        return at.astimezone(UTC)

    def prepare_value(self, value: object) -> object:
        """Write an instant as it is read again."""
        return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


class ConfirmedForm(forms.Form):
    """What every confirmation carries: a key of its own, so that the same page sent twice is one act."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ExtendForm(ConfirmedForm):
    """How many minutes a running attempt gets, and the end that the page showed for them."""

    minutes = WholeNumberField(
        label="Minutes to add",
        lowest=FEWEST_MINUTES,
        highest=MOST_MINUTES,
        message=MINUTES_WORDS,
        help_text=f"{FEWEST_MINUTES} to {MOST_MINUTES}. For other minutes you see the new end before anything is sent.",
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"required": MINUTES_WORDS},
    )
    shown_minutes = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown_end_at = ShownInstantField(required=False)

    @property
    def is_read(self) -> bool:
        """Whether the page showed the end that these very minutes come to."""
        shown = self.cleaned_data.get("shown_minutes")
        return self.cleaned_data.get("shown_end_at") is not None and shown == self.cleaned_data.get("minutes")


class UnlockForm(ConfirmedForm):
    """Whether the quiz is to be unlocked or locked again, as the page's button said."""

    to_unlocked = forms.TypedChoiceField(
        choices=[("yes", "Unlock"), ("no", "Lock again")], coerce=lambda word: word == "yes", widget=forms.HiddenInput
    )


_INSTANT = {"class": "input input--m", "autocomplete": "off", "placeholder": "10 Dec 2025 14:00"}


class QuizDatesForm(ConfirmedForm):
    """One student's own dates on an ungraded quiz, typed in the course's zone; empty is as for the class."""

    assessment = forms.ModelChoiceField(
        label="Quiz",
        queryset=Assessment.objects.none(),
        empty_label="Choose a quiz",
        widget=forms.Select(attrs={"class": "input input--m"}),
        error_messages={"required": "Choose a quiz.", "invalid_choice": "Choose from the list."},
    )
    student = forms.ModelChoiceField(
        label="Student",
        queryset=Student.objects.none(),
        empty_label="Choose a student",
        widget=forms.Select(attrs={"class": "input input--m"}),
        error_messages={"required": "Choose a student.", "invalid_choice": "Choose from the list."},
    )
    unlock_at = LocalTimeField(label="Opens", required=False, widget=forms.TextInput(attrs=_INSTANT))
    due_at = LocalTimeField(label="Due", required=False, widget=forms.TextInput(attrs=_INSTANT))
    lock_at = LocalTimeField(label="Closes", required=False, widget=forms.TextInput(attrs=_INSTANT))
    shown_digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone_named(course.time_zone)
        self.fields["assessment"].queryset = ungraded_quizzes(course)  # type: ignore[attr-defined]  # of models
        student = self.fields["student"]
        student.queryset = students_with_accommodation(course)  # type: ignore[attr-defined]  # a field of models
        student.label_from_instance = lambda one: one.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one date."""
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in ("unlock_at", "due_at", "lock_at")):
            self.add_error("unlock_at", ValidationError("Enter at least one date.", code="nothing"))
        return data

    def dates(self) -> Dates:
        """Return the instants that were typed; where clocks change, the reading that is better for the student."""

        def instant(name: str) -> datetime | None:
            typed = self.cleaned_data.get(name)
            return local_instant(typed, self.zone, earlier=name == "unlock_at") if typed else None

        return Dates(instant("unlock_at"), instant("due_at"), instant("lock_at"))


class EveryQuizForm(ConfirmedForm):
    """The same minutes and attempts on every classic quiz of a course, for the students that are chosen."""

    students = forms.ModelMultipleChoiceField(
        label="For whom",
        queryset=Student.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Students of this course with an accommodation on record.",
        error_messages={"required": "Choose at least one student.", "invalid_choice": "Choose from the list."},
    )
    minutes = WholeNumberField(
        label="Extra minutes on every quiz",
        required=False,
        lowest=0,
        highest=MOST_EXTRA_MINUTES,
        message=f"Enter a whole number of minutes from 0 to {MOST_EXTRA_MINUTES}, or leave it empty.",
        help_text="Empty leaves the minutes as they are. Nothing is ever lowered.",
        widget=forms.TextInput(attrs=_NUMBER),
    )
    attempts = WholeNumberField(
        label="Extra attempts on every quiz",
        required=False,
        lowest=0,
        highest=MOST_ATTEMPTS,
        message=f"Enter a whole number of attempts from 0 to {MOST_ATTEMPTS}, or leave it empty.",
        help_text="Empty leaves the attempts as they are.",
        widget=forms.TextInput(attrs=_NUMBER),
    )
    shown_digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["students"]
        field.queryset = students_with_accommodation(course)  # type: ignore[attr-defined]  # a field of models
        field.label_from_instance = lambda student: student.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two values."""
        data = super().clean() or {}
        if not self.errors and not data.get("minutes") and not data.get("attempts"):
            self.add_error("minutes", ValidationError("Enter extra minutes, extra attempts, or both.", code="nothing"))
        return data
