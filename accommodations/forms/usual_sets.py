"""The form of a usual set, and what a set fills into the record form."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from accommodations.errors import Problem
from accommodations.forms.assignment_groups import KNOWN, OTHER, offer_groups
from accommodations.forms.fields import write_day
from accommodations.forms.provisions import REQUIRED, ProvisionsForm, radios
from accommodations.forms.values import amounts_of, initial_amounts
from accommodations.models import Term, UsualSet
from accommodations.planning.rules import Scope
from accommodations.selectors.assignment_groups import suggested_names
from accommodations.selectors.recording import last_day_of, term_now
from accommodations.selectors.usual_sets import accommodations_of_set, stored_provision

_TYPED_FOR_PROVISIONS = (
    *("provisions", "time_how", "multiplier", "minutes", "hourly", "time_kinds", "attempts", "attempts_kinds"),
    *("dates_how", "shift_amount", "shift_unit", "dates_kinds", "may_pass_end", KNOWN, OTHER),
)


class UsualSetForm(ProvisionsForm):
    """Name, provisions and period of a set."""

    required_words = REQUIRED | {"name": "Enter a name.", "period": "Choose for how long it counts."}

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=80,
        help_text="As people call it, for example “Time and a half, two days”. No diagnosis.",
        error_messages={"max_length": "Write at most 80 characters."},
        widget=forms.TextInput(attrs={"class": "input input--m", "autocomplete": "off"}),
    )
    period = radios("Counts for", UsualSet.Period.choices, UsualSet.Period.OPEN.value)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    field_order = ("name",)

    def __init__(self, data: Mapping[str, Any] | None = None, *, usual_set: UsualSet | None = None) -> None:
        super().__init__(data, initial=_initial_of(usual_set) if usual_set else None)
        self.fields["provisions"].label = "What it grants"
        self.usual_set = usual_set
        offer_groups(self, suggested_names())

    def counting(self) -> dict[str, bool]:
        """Return the fields that count under the ticked choices, and whether each must be filled in."""
        return super().counting() | {"name": True, "period": True, "version": False}

    def stored(self) -> list[dict[str, Any]]:
        """Return the provisions as a set keeps them; only after is_valid()."""
        return [stored_provision(one, amounts_of(one, self.cleaned_data)) for one in self.ticked]

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show what the service refused at its fields."""
        for problem in problems:
            field = OTHER if problem.field == "assignment_groups" else problem.field
            self.add_error(field if field in self.fields else None, problem.message)


def _initial_of(usual_set: UsualSet) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "name": usual_set.name,
        "period": usual_set.period,
        "version": usual_set.version,
        "provisions": [one["provision"] for one in usual_set.provisions],
    }
    for row in accommodations_of_set(usual_set):
        initial |= initial_amounts(row)
    return initial


def start_of(usual_set: UsualSet, terms: Iterable[Term], *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the set fills into the record form of a student who has courses in these terms."""
    start = _initial_of(usual_set)
    del start["name"], start["version"]
    if start.pop("period") == UsualSet.Period.THIS_TERM:
        term = term_now(terms, now=now)
        start["scope"] = Scope.TERM.value
        start["term"] = str(term.pk) if term else ""
        start["effective_until"] = last_day_of(term, zone) if term else None
    return start


def typed_over(data: QueryDict, start: Mapping[str, Any]) -> QueryDict:
    """Return what was typed with the set's provisions and period in place of those; everything else is kept."""
    filled = data.copy()
    for name in _TYPED_FOR_PROVISIONS:
        filled.pop(name, None)
    for name, value in start.items():
        if isinstance(value, list):
            filled.setlist(name, [str(one) for one in value])
        elif value is None:
            filled.pop(name, None)
        else:
            filled[name] = write_day(value) if isinstance(value, date) else str(value)
    return filled
