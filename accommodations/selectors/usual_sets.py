"""The office's usual sets, as pages offer and show them."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accommodations.models import Accommodation, UsualSet
from accommodations.selectors import accommodation_words as words


def offered_sets() -> QuerySet[UsualSet]:
    """Return the sets from which a record can start, by name."""
    return UsualSet.objects.filter(retired_at=None)


def accommodations_of_set(usual_set: UsualSet) -> list[Accommodation]:
    """Return what the set grants as accommodations that are nobody's and not stored."""
    return [_unsaved(values) for values in usual_set.provisions]


def _unsaved(values: dict[str, Any]) -> Accommodation:
    multiplier = Decimal(values["multiplier"]) if values.get("multiplier") else None
    return Accommodation(**{**values, "multiplier": multiplier})


def stored_provision(provision: str, amounts: dict[str, Any]) -> dict[str, Any]:
    """Return what one provision grants as a set keeps it: plain JSON, the multiplier as text."""
    kept = {name: value for name, value in amounts.items() if value not in (None, "", False, ())}
    plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in kept.items()}
    listed: dict[str, Any] = {name: list(plain[name]) for name in ("kinds", "assignment_groups") if name in plain}
    return {"provision": provision, **plain, **listed}


def lines_of_set(usual_set: UsualSet) -> list[str]:
    """Return each provision in words: "Extra time 1.5×: classic quizzes and New Quizzes"."""
    lines = []
    for row in accommodations_of_set(usual_set):
        which = words.which_in_words(row)
        lines.append(f"{words.title(row)}: {which}" if which else words.title(row))
    return lines
