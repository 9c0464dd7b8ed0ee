"""The form in which a person writes what was done about a pair."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from accommodations.errors import Problem
from accommodations.forms.fields import DayField, write_day
from accommodations.forms.provisions import typed
from accommodations.services.pairs import MOST_WORDS, NO_DAY


class SettleForm(forms.Form):
    """What a person writes about a pair that Leeway cannot bring into order; what was done by hand has its day."""

    done_on = DayField(
        label="Done on",
        help_text="The day on which it was done, in class or in Canvas; today at the latest.",
        widget=typed("s"),
        error_messages={"required": NO_DAY},
    )
    note = forms.CharField(
        label="What was done, by whom and when",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text="It stands as the evidence, with your name and the time. No diagnosis, no medical detail.",
        error_messages={
            "required": "Write what was done, by whom and when.",
            "max_length": f"Write at most {MOST_WORDS:,} characters.",
        },
    )

    def __init__(self, data: Any = None, *, is_by_hand: bool, today: date) -> None:
        super().__init__(data)
        if is_by_hand:
            self.fields["done_on"].help_text += f" For example {write_day(today)}."
            self.fields["note"].label = "What was done, and by whom"
            self.fields["note"].error_messages["required"] = "Write what was done, and by whom."
        else:
            del self.fields["done_on"]

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show what was refused, at its field where the form has it."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
