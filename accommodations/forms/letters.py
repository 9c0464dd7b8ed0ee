"""The form in which an instructor records for their course what a letter says."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from accommodations.errors import Problem
from accommodations.forms.fields import DayField, write_day
from accommodations.forms.provisions import REQUIRED, ProvisionsForm, typed
from accommodations.forms.values import amounts_of
from accommodations.services.accommodation_values import AccommodationValues


class LetterForm(ProvisionsForm):
    """Whose letter it is, what it says, and until when."""

    student = forms.CharField(
        label="Login or student id on the letter",
        max_length=255,
        widget=typed("m", spellcheck="false"),
        error_messages={"required": "Enter the login or the id that stands on the letter."},
    )
    effective_until = DayField(
        label="Until",
        required=False,
        help_text="The last day that the letter names. Empty: the course’s end.",
        widget=typed("s"),
    )
    is_from_letter = forms.BooleanField(
        label="The student handed me a letter of the office that says this.",
        required=False,
    )

    field_order = ("student", "provisions")
    required_words = REQUIRED | {
        "student": "Enter the login or the id that stands on the letter.",
        "is_from_letter": "Tick that a letter says so. What no letter says, only the office records.",
    }

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["effective_until"].help_text += f" For example {write_day(today)}."

    def counting(self) -> dict[str, bool]:
        """Return the fields that count, and whether each must be filled in."""
        return super().counting() | {"student": True, "effective_until": False, "is_from_letter": True}

    def clean(self) -> dict[str, Any]:
        """Ask for the tick as for every other field that must be filled in."""
        cleaned = super().clean()
        if "is_from_letter" not in self.errors and not cleaned.get("is_from_letter"):
            self.add_error("is_from_letter", self.required_words["is_from_letter"])
        return cleaned

    def values(self) -> list[AccommodationValues]:
        """Return what was ticked; where it counts, the service knows."""
        return [
            AccommodationValues(
                provision=provision,
                effective_from=self.today,
                effective_until=self.cleaned_data.get("effective_until"),
                **amounts_of(provision, self.cleaned_data),
            )
            for provision in self.ticked
        ]

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show what was refused, at its field where the form has it."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
