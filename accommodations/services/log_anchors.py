"""Anchors of the action log: signed in the application, kept in the database, and handed out to be kept elsewhere.

An anchor says how many entries there were, and the digest of the last. Whoever holds one of an earlier day can prove
that the chain up to it was not rebuilt and that its tail was not cut, whatever was done to the database since.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import LogAnchor, LogHead
from accommodations.services import log_keys
from accommodations.services.log_digests import at_text, canonical

logger = logging.getLogger(__name__)


class AnchorsUnreadable(LeewayError):
    """A file of exported anchors is none."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor, as it stands in the database or in an exported file."""

    sequence: int
    digest: str
    at: str
    key_name: str
    previous_signature: str
    signature: str

    @property
    def signed_text(self) -> str:
        """Return what the signature covers: everything but itself."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})

    @property
    def is_ours(self) -> bool:
        """Whether one of our keys has signed exactly this."""
        return log_keys.is_signed(key_name=self.key_name, text=self.signed_text, signature=self.signature)

    @property
    def day(self) -> str:
        """Return the day on which it was made."""
        return self.at[:10]


def add_anchor(end: tuple[int, str] | None = None) -> Anchor | None:
    """Sign where the log stands, and say it on standard error too; None where the newest anchor says as much.

    `end` is the last entry that was verified, and its digest: an anchor over a broken chain would vouch for it.
    """
    with transaction.atomic():
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)  # one anchor after the other
        sequence, digest = end or (head.sequence, head.digest)
        newest = LogAnchor.objects.first()
        if sequence <= (newest.sequence if newest else 0):
            return None
        now = timezone.now()
        anchor = _signed(sequence, digest, at=now, after=newest.signature if newest else "")
        LogAnchor.objects.create(**asdict(anchor) | {"at": now})
    # The log lines of a server are usually collected elsewhere: there the anchor outlives a forged database.
    logger.info("anchor of the action log: %s", line_of(anchor))
    return anchor


def _signed(sequence: int, digest: str, *, at: datetime, after: str) -> Anchor:
    key = log_keys.anchor_keys()[0]
    parts: dict[str, Any] = {
        "sequence": sequence,
        "digest": digest,
        "at": at_text(at),
        "key_name": log_keys.name_of(key),
        "previous_signature": after,
    }
    return Anchor(**parts, signature=log_keys.signature_of(key, canonical(parts)))


def stored_anchors() -> list[Anchor]:
    """Return the anchors that the database has, the oldest first."""
    return [_anchor(row) for row in LogAnchor.objects.order_by("pk").iterator()]


def _anchor(row: LogAnchor) -> Anchor:
    return Anchor(row.sequence, row.digest, at_text(row.at), row.key_name, row.previous_signature, row.signature)


def line_of(anchor: Anchor) -> str:
    """Return the anchor as one line of JSON."""
    return canonical(asdict(anchor))


def exported_lines() -> Iterator[str]:
    """Return all anchors as lines of JSON, to be kept where nobody who can change the database can change them."""
    for anchor in stored_anchors():
        yield line_of(anchor) + "\n"


def read_lines(lines: Iterable[str]) -> list[Anchor]:
    """Return the anchors of an exported file. Raises AnchorsUnreadable with the number of the line that is none."""
    anchors = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            anchors.append(_read(line, number))
    return anchors


def _read(line: str, number: int) -> Anchor:
    try:
        anchor = Anchor(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise AnchorsUnreadable(f"Line {number} of the file is no anchor.") from error
    is_typed = type(anchor.sequence) is int and all(
        isinstance(one, str) for one in (anchor.digest, anchor.at, anchor.key_name, anchor.previous_signature)
    )
    if not is_typed or not isinstance(anchor.signature, str):
        raise AnchorsUnreadable(f"Line {number} of the file is no anchor.")
    return anchor
