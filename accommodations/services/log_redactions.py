"""Redactions of the action log, as the verification and the pages read them: who took what out, when and why."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from accommodations.models import ActionLogEntry
from accommodations.models.log_guard import REDACTED

UNEXPLAINED = "its payload is gone, and no redaction in the log says so"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One redaction, and of how many of the entries that were walked it took the payload."""

    sequence: int
    at: datetime
    by: str
    reason: str
    entries: int


@dataclass(slots=True)
class _Told:
    """What the entry of a redaction says: the stretches of entries that it is about."""

    entry: ActionLogEntry
    by: str
    reason: str
    starts: list[int]
    ends: list[int]
    seen: int = 0

    def covers(self, sequence: int) -> bool:
        """Whether the redaction says that it took the payload of this entry."""
        place = bisect_right(self.starts, sequence) - 1
        return place >= 0 and sequence <= self.ends[place]


class Redactions:
    """The redactions that a walk along the chain has met; each is read once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._told: dict[int, _Told | None] = {}

    def problem_of(self, sequence: int, *, redaction_id: int, is_empty: bool) -> str:
        """Return what is wrong with a payload that calls itself redacted; empty where nothing is."""
        if redaction_id not in self._told:
            self._told[redaction_id] = _read(redaction_id)
        told = self._told[redaction_id]
        if told is None or not is_empty or not told.covers(sequence):
            return UNEXPLAINED
        told.seen += 1
        return ""

    def found(self) -> tuple[Redaction, ...]:
        """Return those that were met, the oldest first."""
        told = sorted((one for one in self._told.values() if one is not None), key=lambda one: one.entry.sequence)
        return tuple(Redaction(one.entry.sequence, one.entry.at, one.by, one.reason, one.seen) for one in told)


def _read(redaction_id: int) -> _Told | None:
    entry = ActionLogEntry.objects.filter(pk=redaction_id, act=REDACTED).select_related("payload").first()
    if entry is None or not hasattr(entry, "payload"):
        return None
    data = entry.payload.data
    stretches = data.get("stretches", [])
    return _Told(
        entry,
        by=str(data.get("by", "")),
        reason=str(data.get("reason", "")),
        starts=[first for first, _ in stretches],
        ends=[last for _, last in stretches],
    )


def stretches_of(sequences: list[int]) -> list[list[int]]:
    """Return ascending numbers as stretches of neighbours: [[first, last], …]."""
    found: list[list[int]] = []
    for number in sequences:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
