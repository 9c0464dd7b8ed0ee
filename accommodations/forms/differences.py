"""What two people typed differently, field by field, for the page that shows the conflict."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from accommodations.forms import kinds
from accommodations.forms.fields import write_day
from accommodations.services.accommodation_values import AccommodationValues

_LABELS = {
    "effective_from": "From",
    "effective_until": "Until",
    "extra_time_method": "How extra time is stated",
    "multiplier": "Multiplier",
    "minutes": "Minutes",
    "attempts": "Extra attempts",
    "shift_amount": "Later by",
    "shift_unit": "Unit",
    "exact_unlock_at": "Opens",
    "exact_due_at": "Due",
    "exact_lock_at": "Closes",
    "is_other_sitting": "Another sitting confirmed",
    "may_pass_end": "May go beyond the end",
    "scope": "Counts for",
    "term": "Term",
    "course": "Course",
    "assessment": "Assessment",
    "kinds": "Kinds",
    "assignment_groups": "Assignment groups",
    "replaces_broader": "Replaces broader ones",
    "note": "Note",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that stands differently in the stored record and in what was typed."""

    label: str
    stored: str
    typed: str


def differences(*, stored: AccommodationValues, typed: AccommodationValues) -> list[Difference]:
    """Return the fields in which the two differ, in the order of the form."""
    pairs = [(field.name, getattr(stored, field.name), getattr(typed, field.name)) for field in fields(stored)]
    return [
        Difference(label=_LABELS[name], stored=_in_words(name, before), typed=_in_words(name, after))
        for name, before, after in pairs
        if name in _LABELS and before != after
    ]


def _in_words(name: str, value: object) -> str:
    if value is None or value in ("", ()):
        return {"kinds": "every kind", "assignment_groups": "every group"}.get(name, "nothing")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return write_day(value) + (f" {value:%H:%M} UTC" if isinstance(value, datetime) else "")
    if isinstance(value, tuple):
        chosen = [dict(kinds.CHOICES)[word].lower() for word in kinds.words_of(value)]
        return ", ".join([f"“{one}”" for one in value] if name == "assignment_groups" else chosen)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}×"
    return str(value).replace("_", " ") if name in ("extra_time_method", "scope", "shift_unit") else str(value)
