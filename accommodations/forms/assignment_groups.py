"""The choice of assignment groups: names that Leeway knows as boxes to tick, and lines for others."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from accommodations.planning.assignment_groups import folded
from accommodations.services.assignment_groups import cleaned_names

KNOWN, OTHER = "known_groups", "other_groups"


def known_groups_field() -> forms.MultipleChoiceField:
    """Return the names that Leeway knows, to be ticked."""
    return forms.MultipleChoiceField(
        label="Only in these assignment groups",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked or written means every group.",
    )


def other_groups_field() -> forms.CharField:
    """Return the lines for names that Leeway does not know."""
    return forms.CharField(
        label="Only in these assignment groups",
        required=False,
        help_text="One name on each line, as the course calls it, such as Exams. Empty: every group.",
        widget=forms.Textarea(attrs={"class": "input input--m", "rows": 2}),
    )


def offer_groups(form: forms.Form, suggested: Iterable[tuple[str, str]]) -> None:
    """Offer the names that are known; without any, the lines are all there is to fill in."""
    offered = list(suggested)
    if not offered:
        del form.fields[KNOWN]
        return
    field: Any = form.fields[KNOWN]
    field.choices = offered
    form.fields[OTHER].label = "Other assignment groups"
    form.fields[OTHER].help_text = "One name on each line, as the course calls it."
    names = {folded(name): name for name, _ in offered}
    written = _lines(form.initial.get(OTHER))
    form.initial[KNOWN] = [names[folded(name)] for name in written if folded(name) in names]
    form.initial[OTHER] = "\n".join(name for name in written if folded(name) not in names)


def groups_of(cleaned: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names that were ticked and written, as they are stored."""
    return tuple(cleaned_names([*(cleaned.get(KNOWN) or ()), *_lines(cleaned.get(OTHER))]))


def initial_groups(names: Iterable[str]) -> dict[str, str]:
    """Return the form's first contents for these names."""
    return {OTHER: "\n".join(names)}


def _lines(text: object) -> list[str]:
    return [line for line in str(text or "").splitlines() if line.strip()]
