"""The forms that renew a term's accommodations: which terms, and then which accommodations for how long."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from accommodations.forms.fields import DayField, offer, write_day
from accommodations.forms.provisions import typed
from accommodations.selectors.renewals import TermDays

EVERYTHING = "everything"


class TermsForm(forms.Form):
    """The term that ends and the one that follows: `ending` and `next_one`, after is_valid()."""

    ending_term = forms.ChoiceField(
        label="Continue what ends with",
        error_messages={"required": "Choose the term that ends.", "invalid_choice": "Choose a term from the list."},
        widget=forms.Select(attrs={"class": "input input--m"}),
    )
    next_term = forms.ChoiceField(
        label="In",
        error_messages={"required": "Choose the next term.", "invalid_choice": "Choose a term from the list."},
        widget=forms.Select(attrs={"class": "input input--m"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, terms: Sequence[TermDays]) -> None:
        super().__init__(data)
        self._by_pk = {str(one.term.pk): one for one in terms}
        choices = [
            (pk, f"{one.term.name} ({write_day(one.first)} to {write_day(one.last)})")
            for pk, one in self._by_pk.items()
        ]
        for name in ("ending_term", "next_term"):
            offer(self, name, [("", "Choose a term"), *choices])

    def clean(self) -> dict[str, Any]:
        """Ask for a next term that begins after the one that ends."""
        cleaned = self.cleaned_data
        if cleaned.get("ending_term") and cleaned.get("next_term") and self.next_one.first <= self.ending.first:
            self.add_error("next_term", f"Choose a term that begins after {self.ending.term.name}.")
        return cleaned

    @property
    def ending(self) -> TermDays:
        """Return the term that ends."""
        return self._by_pk[self.cleaned_data["ending_term"]]

    @property
    def next_one(self) -> TermDays:
        """Return the next term."""
        return self._by_pk[self.cleaned_data["next_term"]]


class RenewalForm(forms.Form):
    """The period of the renewals, and which accommodations of those offered on the page are renewed."""

    effective_from = DayField(label="From", error_messages={"required": DayField.message}, widget=typed("s"))
    effective_until = DayField(
        label="Until",
        required=False,
        help_text="The whole day counts. Empty: no end.",
        widget=typed("s"),
    )
    chosen = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "One of them cannot be renewed any more. Choose again."}
    )
    everything = forms.BooleanField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, first: date, last: date, offered: Sequence[int]
    ) -> None:
        super().__init__(data, initial={"effective_from": first, "effective_until": last})
        self.fields["effective_from"].help_text = f"Day, month, year: {write_day(first)}"
        offer(self, "chosen", [(str(pk), str(pk)) for pk in offered])
        self.offered = list(offered)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one, and for days in their order."""
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("everything") and not cleaned.get("chosen"):
            self.add_error("chosen", "Tick at least one to renew.")
        start, end = cleaned.get("effective_from"), cleaned.get("effective_until")
        if start and end and end < start:
            self.add_error("effective_until", f"Enter a day on or after {write_day(start)}.")
        return cleaned

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of what is renewed; only after is_valid()."""
        return self.offered if self.cleaned_data["everything"] else [int(pk) for pk in self.cleaned_data["chosen"]]
