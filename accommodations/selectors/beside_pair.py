"""What people have put beside any plan on one pair: what they set in Canvas by hand, and what they hold."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Value

from accommodations.models import CanvasAct, PairHold, PairStatus
from accommodations.selectors.acts import standing_acts
from accommodations.selectors.waiting import standing_holds

_NAMES = ("first_name", "last_name", "username")


@dataclass(frozen=True, slots=True)
class BesidePair:
    """The standing acts on a pair, and the hold on it: none or one."""

    acts: tuple[CanvasAct, ...]
    holds: tuple[PairHold, ...]


def beside_pair(pair: PairStatus) -> BesidePair:
    """Return both in one query, with the names of who did it."""
    acts = standing_acts(pair=pair).select_related(None).order_by()
    holds = standing_holds(student=pair.student, assessment=pair.assessment).select_related(None).order_by()
    rows = acts.values_list(
        Value("act"), "pk", "kind", "started_at", Value(""), *(f"asked_by__{name}" for name in _NAMES)
    ).union(
        holds.values_list(Value("hold"), "pk", "kind", "held_at", "reason", *(f"held_by__{name}" for name in _NAMES)),
        all=True,
    )
    listed = list(rows)
    return BesidePair(
        acts=tuple(_act(pair, *values) for kind, *values in listed if kind == "act"),
        holds=tuple(_hold(pair, *values) for kind, *values in listed if kind == "hold"),
    )


def _act(pair: PairStatus, pk: int, kind: str, at: Any, _: str, *names: str) -> CanvasAct:
    person = User(**dict(zip(_NAMES, names, strict=True)))
    return CanvasAct(pk=pk, kind=kind, started_at=at, asked_by=person, student=pair.student, assessment=pair.assessment)


def _hold(pair: PairStatus, pk: int, kind: str, at: Any, reason: str, *names: str) -> PairHold:
    person = User(**dict(zip(_NAMES, names, strict=True)))
    return PairHold(
        pk=pk, kind=kind, held_at=at, reason=reason, held_by=person, student=pair.student, assessment=pair.assessment
    )
