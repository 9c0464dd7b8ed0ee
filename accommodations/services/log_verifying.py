"""Verifying the action log: one walk along the chain, in constant memory, against every anchor on the way.

A change, a gap, an added or swapped entry and a cut tail show in the chain itself. Who can write to the whole database
could build the chain anew from some entry on; that shows at the next anchor, which they cannot sign.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Subquery

from accommodations.models import ActionLogEntry, LogHead
from accommodations.services.log_anchors import Anchor, stored_anchors
from accommodations.services.log_digests import CHAINED, fields_digest, payload_digest
from accommodations.services.log_redactions import Redaction, Redactions

CHUNK = 2000
_COLUMNS = (*CHAINED, "digest", "payload__id", "payload__salt", "payload__data", "payload__redaction_id")
_DIGEST = len(CHAINED)

Progress = Callable[[int, int], None]
"""Called with the last verified entry and the last there is."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain holds from after entry `since` to its end."""

    entries: int
    since: int = 0
    redactions: tuple[Redaction, ...] = ()
    last_digest: str = field(default="", compare=False)

    @property
    def end(self) -> tuple[int, str]:
        """Return what an anchor may vouch for: the last entry that was verified, and its digest."""
        return self.entries, self.last_digest

    @property
    def redacted(self) -> int:
        """Return how many of the verified entries have lost their payload to a redaction."""
        return sum(one.entries for one in self.redactions)


@dataclass(frozen=True, slots=True)
class FirstBadEntry:
    """Where the chain is broken first, and how."""

    sequence: int
    problem: str


class _Broken(Exception):
    def __init__(self, sequence: int, problem: str) -> None:
        super().__init__(problem)
        self.found = FirstBadEntry(sequence, problem)


@dataclass(slots=True)
class _Walk:
    """How far the walk has come: the last entry and its digest, and the anchors that are still ahead."""

    sequence: int
    digest: str
    anchors: Sequence[Anchor]
    next_anchor: int = 0
    anchored: int = 0
    redactions: Redactions = field(default_factory=Redactions)

    def step(self, row: tuple[Any, ...]) -> None:
        """Go on to the next row."""
        problem = self._problem(row)
        if problem:
            raise _Broken(row[0], problem)
        self.sequence, self.digest = row[0], row[_DIGEST]
        while self.next_anchor < len(self.anchors) and self.anchors[self.next_anchor].sequence <= self.sequence:
            self.pass_anchor(self.anchors[self.next_anchor])
            self.next_anchor += 1

    def pass_anchor(self, anchor: Anchor) -> None:
        """Compare the entry just reached with the anchor that was made on it."""
        if anchor.digest != self.digest:
            raise _Broken(
                self.anchored + 1,
                f"between entries {self.anchored + 1} and {anchor.sequence} the chain was built anew: entry "
                f"{anchor.sequence} is not the one that was anchored on {anchor.day}",
            )
        self.anchored = anchor.sequence

    def _problem(self, row: tuple[Any, ...]) -> str:
        if row[0] != self.sequence + 1:
            return f"entry {self.sequence + 1} is missing"
        if row[_DIGEST - 1] != self.digest:
            return "it does not follow the entry before it"
        if row[_DIGEST] != fields_digest(*row[:_DIGEST]):
            return "a field was changed"
        return self._problem_of_payload(row)

    def _problem_of_payload(self, row: tuple[Any, ...]) -> str:
        payload_id, salt, data, redaction_id = row[_DIGEST + 1 :]
        if payload_id is None:
            return "its payload was deleted"
        if redaction_id is not None:
            return self.redactions.problem_of(row[0], redaction_id=redaction_id, is_empty=not salt and data == {})
        if payload_digest(salt=salt, data=data) != row[_DIGEST - 2]:
            return "its payload was changed"
        return ""


def verify(
    *, from_anchor: bool = False, exported: Iterable[Anchor] = (), progress: Progress | None = None
) -> Verified | FirstBadEntry:
    """Walk the chain and return how many entries hold, or the first that does not.

    `from_anchor` begins after the newest anchor, for whose entries a full walk has answered before. `exported` are
    anchors that were kept outside the database.
    """
    head = LogHead.objects.filter(pk=1).values_list("sequence", "digest").first() or (0, "")
    try:
        anchors = _sound_anchors(exported)
        walk = _start(anchors, from_anchor=from_anchor, head=head[0])
        since = walk.sequence
        for rows in _chunks(after=since, up_to=head[0]):
            for row in rows:
                walk.step(row)
            if progress is not None:
                progress(walk.sequence, head[0])
        _meet_the_end(walk, head)
    except _Broken as broken:
        return broken.found
    return Verified(entries=walk.sequence, since=since, redactions=walk.redactions.found(), last_digest=walk.digest)


def _sound_anchors(exported: Iterable[Anchor]) -> list[Anchor]:
    """Return all anchors in the order of their entries. Raises _Broken for one that none of our keys has signed."""
    stored = stored_anchors()
    signature = ""
    for anchor in stored:
        if anchor.previous_signature != signature:
            raise _Broken(anchor.sequence, f"an anchor before that of {anchor.day} was removed")
        signature = anchor.signature
    anchors = sorted({*stored, *exported}, key=lambda one: one.sequence)
    for anchor in anchors:
        if not anchor.is_ours:
            raise _Broken(anchor.sequence, f"its anchor of {anchor.day} is not signed with a key of ours")
    return anchors


def _start(anchors: Sequence[Anchor], *, from_anchor: bool, head: int) -> _Walk:
    within = [one for one in anchors if one.sequence <= head] if from_anchor else []
    if not within:
        return _Walk(sequence=0, digest="", anchors=anchors)
    newest = within[-1]
    stored = ActionLogEntry.objects.filter(sequence=newest.sequence).values_list(*_COLUMNS).first()
    if stored is None:
        raise _Broken(newest.sequence, f"the entry that was anchored on {newest.day} is missing")
    if stored[_DIGEST] != newest.digest:
        raise _Broken(newest.sequence, f"it is not the entry that was anchored on {newest.day}")
    return _Walk(newest.sequence, newest.digest, anchors, next_anchor=len(within), anchored=newest.sequence)


def _chunks(*, after: int, up_to: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in their order, as many at a time as fit into memory however long the log is."""
    while True:
        rows = list(
            ActionLogEntry.objects.filter(sequence__gt=after, sequence__lte=up_to)
            .order_by("sequence")
            .values_list(*_COLUMNS)[:CHUNK]
        )
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _meet_the_end(walk: _Walk, head: tuple[int, str]) -> None:
    """Raise _Broken where the walk did not end where the log does, or an anchor shows that it went on."""
    ahead = walk.anchors[walk.next_anchor :]
    if ahead:
        last = ahead[-1]
        raise _Broken(walk.sequence + 1, f"the log ends before entry {last.sequence}, which was anchored on {last.day}")
    if walk.sequence != head[0]:
        raise _Broken(walk.sequence + 1, f"the log ends before entry {head[0]}, its last")
    if walk.digest != head[1]:
        raise _Broken(walk.sequence, "it is not the entry that was written last")
    # One statement sees head and entries of one moment, also while others write.
    behind = LogHead.objects.filter(pk=1).values("sequence")
    added = ActionLogEntry.objects.filter(sequence__gt=Subquery(behind)).order_by("sequence").first()
    if added is not None:
        raise _Broken(added.sequence, "it was added behind the log's last entry")
