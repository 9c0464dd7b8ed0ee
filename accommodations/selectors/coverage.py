"""Coverage in numbers: in place ÷ all that need a grant and are not past, each number with the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Min, Value, When

from accommodations.planning.statuses import NOT_COVERED, STATUS_OF, Reason, Status
from accommodations.selectors.gaps import IS_LEFT_OVER, is_counted
from accommodations.selectors.pair_words import STATUS_WORDS, WHO_ACTS, reason_label, status_slug
from accommodations.selectors.visibility import Viewer, pairs_visible_to

_GROUPED = (Status.MISSED, Status.FAILED, Status.HELD, Status.BLOCKED, Status.SHORT)
_UNCOVERED = [status for status in Status if status in NOT_COVERED]
COUNTED = {"open": "1", "term": "running"}
"""What narrows a list to the pairs that coverage counts."""
SYNCED_AT_ONCE = frozenset({Reason.REFUSED.value, Reason.UNREACHABLE.value, Reason.PERMISSION_MISSING.value})
"""Reasons that a sync of all courses concerned may settle: one button for all of them."""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many pairs have a status; in place is counted twice, by its two proofs."""

    status: str
    slug: str
    icon: str
    label: str
    number: int
    is_accepted: bool
    query: str

    def __getitem__(self, name: str) -> Any:
        """Let the bar's tag read it like a mapping."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many open pairs have one reason, in how many courses, with what a person can do about it.

    `first` is the number of one of them: where it is the only one, its own button stands beside it.
    """

    reason: str
    label: str
    number: int
    what_to_do: str
    courses: int = 0
    first: int = 0

    @property
    def query(self) -> str:
        """Return what narrows the list to these pairs."""
        return urlencode({"reason": self.reason, **COUNTED})

    @property
    def is_synced_at_once(self) -> bool:
        """Whether one sync of all their courses is what helps."""
        return self.reason in SYNCED_AT_ONCE and self.number > 1


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The reasons of one status."""

    status: str
    slug: str
    label: str
    number: int
    reasons: tuple[ReasonCount, ...]

    @property
    def query(self) -> str:
        """Return what narrows the list to these pairs."""
        return urlencode({"status": self.status, **COUNTED})


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What is no longer granted, still stands in Canvas, and waits for a person: nobody has less for it."""

    reason: str
    label: str
    number: int

    @property
    def query(self) -> str:
        """Return what narrows the list to these pairs."""
        return urlencode({"reason": self.reason, "left": "1"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """In place ÷ all that need a grant and are not past; the rest are numbers beside it."""

    counts: tuple[StatusCount, ...]
    groups: tuple[ReasonGroup, ...]
    left_over: tuple[LeftOver, ...]
    in_place: int
    needed: int
    not_needed: int
    past: int

    @property
    def percent(self) -> str:
        """Return "97.1"; never 100 while one is missing."""
        return percent_of(self.in_place, self.needed)

    @property
    def single_pairs(self) -> list[int]:
        """Return the pairs that are the only ones of their reason: each has its own button."""
        return [count.first for group in self.groups for count in group.reasons if count.number == 1]

    @property
    def queries(self) -> dict[str, str]:
        """Return what narrows the list to each number, by its name."""
        return {
            "in_place": urlencode({"status": Status.IN_PLACE.value, **COUNTED}),
            "needed": urlencode({"needs": "1", **COUNTED}),
            "not_needed": urlencode({"status": Status.NOT_NEEDED.value, **COUNTED}),
            "past": urlencode({"status": Status.PAST.value, **COUNTED}),
        }


def percent_of(in_place: int, needed: int) -> str:
    """Return "97.1" of a hundred; never 100 while one is missing."""
    if not needed:
        return "100"
    tenths = 1000 * in_place // needed
    return f"{tenths / 10:.1f}".removesuffix(".0")


def coverage_of(user: Viewer, *, now: datetime) -> Coverage:
    """Return the numbers of the running terms; what was missed stays in until somebody writes what was done."""
    is_left = Case(When(IS_LEFT_OVER, then=Value(True)), default=Value(False))
    numbers = (
        pairs_visible_to(user)
        .filter(is_counted(now) | IS_LEFT_OVER)
        .order_by()
        .annotate(is_left=is_left)
        .values("reason", "is_left")
        .annotate(number=Count("pk"), courses=Count("course", distinct=True), first=Min("pk"))
    )
    rows: list[Any] = sorted(numbers, key=lambda row: (-row["number"], row["reason"]))
    counted = [row for row in rows if not row["is_left"]]
    by_reason = {Reason(row["reason"]): row["number"] for row in counted}

    def total(status: Status) -> int:
        return sum(number for reason, number in by_reason.items() if STATUS_OF[reason] is status)

    in_place = total(Status.IN_PLACE)
    return Coverage(
        counts=(
            _proof_count("read back", by_reason, Reason.READ_BACK),
            _proof_count("accepted", by_reason, Reason.ACCEPTED),
            *(_count(status, total(status)) for status in _UNCOVERED),
        ),
        groups=_groups([_reason_count(row) for row in counted]),
        left_over=tuple(
            LeftOver(row["reason"], reason_label(row["reason"]), row["number"]) for row in rows if row["is_left"]
        ),
        in_place=in_place,
        needed=in_place + sum(total(status) for status in _UNCOVERED),
        not_needed=total(Status.NOT_NEEDED),
        past=total(Status.PAST),
    )


def _proof_count(proof: str, by_reason: dict[Reason, int], reason: Reason) -> StatusCount:
    is_accepted = reason is Reason.ACCEPTED
    return StatusCount(
        status=Status.IN_PLACE.value,
        slug=status_slug(Status.IN_PLACE),
        icon="accepted" if is_accepted else "in-place",
        label=f"in place, {proof}",
        number=by_reason.get(reason, 0),
        is_accepted=is_accepted,
        query=urlencode({"reason": reason.value, **COUNTED}),
    )


def _count(status: Status, number: int) -> StatusCount:
    slug = status_slug(status)
    return StatusCount(
        status=status.value,
        slug=slug,
        icon=slug,
        label=STATUS_WORDS[status].lower(),
        number=number,
        is_accepted=False,
        query=urlencode({"status": status.value, **COUNTED}),
    )


def _reason_count(row: dict[str, Any]) -> ReasonCount:
    return ReasonCount(
        reason=row["reason"],
        label=reason_label(row["reason"]),
        number=row["number"],
        what_to_do=WHO_ACTS.get(Reason(row["reason"]), ""),
        courses=row["courses"],
        first=row["first"],
    )


def _groups(counts: Sequence[ReasonCount]) -> tuple[ReasonGroup, ...]:
    groups = []
    for status in _GROUPED:
        of_status = tuple(count for count in counts if STATUS_OF[Reason(count.reason)] is status)
        if of_status:
            groups.append(
                ReasonGroup(
                    status=status.value,
                    slug=status_slug(status),
                    label=STATUS_WORDS[status],
                    number=sum(count.number for count in of_status),
                    reasons=of_status,
                )
            )
    return tuple(groups)
