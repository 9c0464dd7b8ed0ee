"""Forms of the acts that a person confirms: each carries what its page showed, so that nothing unread is sent."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

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


def _choice_of(model: type[Model], noun: str) -> "forms.ModelChoiceField[Any]":
    """Return a field to choose one of the rows that the form itself offers."""
    return forms.ModelChoiceField(
        label=noun.capitalize(),
        queryset=model._default_manager.none(),
        empty_label=f"Choose a {noun}",
        widget=forms.Select(attrs={"class": "input input--m"}),
        error_messages={"required": f"Choose a {noun}.", "invalid_choice": "Choose from the list."},
    )


class CourseActForm(ConfirmedForm):
    """What is chosen for a course is shown with what it comes to, and confirmed with the digest of what was shown."""

    students_field: ClassVar[str]
    shown_digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields[self.students_field]
        field.queryset = students_with_accommodation(course)
        field.label_from_instance = lambda student: student.name

    @property
    def offers_students(self) -> bool:
        """Whether the course has anybody to choose."""
        field: Any = self.fields[self.students_field]
        return bool(field.queryset.exists())


class QuizDatesForm(CourseActForm):
    """One student's own dates on an ungraded quiz, typed in the course's zone; empty is as for the class."""

    students_field = "student"
    assessment = _choice_of(Assessment, "quiz")
    student = _choice_of(Student, "student")
    unlock_at = LocalTimeField(label="Opens", required=False, widget=forms.TextInput(attrs=_INSTANT))
    due_at = LocalTimeField(label="Due", required=False, widget=forms.TextInput(attrs=_INSTANT))
    lock_at = LocalTimeField(label="Closes", required=False, widget=forms.TextInput(attrs=_INSTANT))

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, course=course, **kwargs)
        self.zone = zone_named(course.time_zone)
        self.fields["assessment"].queryset = ungraded_quizzes(course)  # type: ignore[attr-defined]  # of models

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


def _number_on_every_quiz(noun: str, *, highest: int, left_empty: str) -> WholeNumberField:
    return WholeNumberField(
        label=f"Extra {noun} on every quiz",
        required=False,
        lowest=0,
        highest=highest,
        message=f"Enter a whole number of {noun} from 0 to {highest}, or leave it empty.",
        help_text=f"Empty {left_empty}",
        widget=forms.TextInput(attrs=_NUMBER),
    )


class EveryQuizForm(CourseActForm):
    """The same minutes and attempts on every classic quiz of a course, for the students that are chosen."""

    students_field = "students"
    students = forms.ModelMultipleChoiceField(
        label="For whom",
        queryset=Student.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Students of this course with an accommodation on record.",
        error_messages={"required": "Choose at least one student.", "invalid_choice": "Choose from the list."},
    )
    minutes = _number_on_every_quiz(
        "minutes", highest=MOST_EXTRA_MINUTES, left_empty="leaves the minutes as they are. Nothing is ever lowered."
    )
    attempts = _number_on_every_quiz("attempts", highest=MOST_ATTEMPTS, left_empty="leaves the attempts as they are.")

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two values."""
        data = super().clean() or {}
        if not self.errors and not data.get("minutes") and not data.get("attempts"):
            self.add_error("minutes", ValidationError("Enter extra minutes, extra attempts, or both.", code="nothing"))
        return data
