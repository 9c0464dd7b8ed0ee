"""Forms about the institution's holidays."""

from datetime import date, timedelta
from typing import Any

from django import forms

from accommodations.forms.fields import DayField

LONGEST = timedelta(days=60)
_DAY = {"class": "input input--s", "autocomplete": "off"}
_NAME = forms.TextInput(attrs={"class": "input input--m", "autocomplete": "off"})


class HolidayForm(forms.Form):
    """One day, or a break from a day to a day, and what it is called."""

    first = DayField(
        label="Day, or first day of a break",
        help_text="For example 25 Dec 2025.",
        widget=forms.TextInput(attrs=_DAY),
        error_messages={"required": "Enter a day such as 25 Dec 2025."},
    )
    last = DayField(
        label="Last day of a break, optional",
        required=False,
        help_text="That day too.",
        widget=forms.TextInput(attrs=_DAY),
    )
    name = forms.CharField(
        label="What it is called, optional",
        required=False,
        max_length=80,
        help_text="For example Winter break.",
        widget=_NAME,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a break that ends before it begins, or never."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "Enter a last day that is not before the first.")
        elif first and last and last - first > LONGEST:
            self.add_error("last", f"Enter a break of at most {LONGEST.days} days.")
        return cleaned

    @property
    def days(self) -> list[date]:
        """Return every day from the first to the last."""
        first: date = self.cleaned_data["first"]
        last: date = self.cleaned_data["last"] or first
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


class HolidayNameForm(forms.Form):
    """What a day is called."""

    name = forms.CharField(label="What it is called", required=False, max_length=80, widget=_NAME)
