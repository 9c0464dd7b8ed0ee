"""A pair's status as a badge: icon and word, and below it the proof or the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accommodations.models import Assessment, PairStatus
from accommodations.planning.statuses import Reason, Status
from accommodations.planning.wording import short_name
from accommodations.selectors.pair_words import (
    INSTRUCTOR,
    OFFICE,
    STUDENT,
    PairWords,
    pair_words,
    words_for_instructor,
    words_for_student,
)
from accommodations.selectors.pairs import QUIET_REASONS
from accommodations.templatetags.dates import at_text, day_text

OLD_PROOF = timedelta(days=8)
"""Everything is read back weekly: an older proof says that it is old."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What `_badge.html` shows."""

    words: PairWords
    evidence: str


def own_sentence(pair: PairStatus) -> str:
    """Return the planner's sentence without the assessment's name in front: pages name it already."""
    return without_name(pair.sentence, pair.assessment)


def without_name(sentence: str, assessment: Assessment) -> str:
    """Return a planner's sentence without the name that it begins with, whole or cut."""
    words = sentence.removeprefix(f"{assessment.name}: ").removeprefix(f"{short_name(assessment.name)}: ")
    return words[:1].upper() + words[1:]


def badge_of(pair: PairStatus, *, audience: str, zone: ZoneInfo, now: datetime, with_evidence: bool = True) -> Badge:
    """Return the badge of a pair for one reader: the office, an instructor or the student."""
    words = pair_words(
        status=pair.status, reason=pair.reason, audience=audience, short_by_minutes=pair.short_by_minutes
    )
    return Badge(words=words, evidence=evidence_of(pair, audience, zone, now) if with_evidence else "")


def evidence_of(pair: PairStatus, audience: str, zone: ZoneInfo, now: datetime) -> str:
    """Return the sentence below the badge: the proof, or the reason and what follows."""

    def at(instant: datetime) -> str:
        return at_text(instant, zone=zone, now=now, relative=True)

    if pair.settled_at is not None and pair.status != Status.IN_PLACE:
        return _settled(pair, audience, at(pair.settled_at), now)
    if pair.status == Status.IN_PLACE:
        return _proof(pair, audience, at(pair.evidence_at or pair.read_at), now)
    if pair.status == Status.PAST:
        return f"Closed {at(pair.closes_at)}" if pair.closes_at else ""
    return words_for_student(pair.reason) if audience == STUDENT else _reason(pair, audience, at, now)


def _settled(pair: PairStatus, audience: str, when: str, now: datetime) -> str:
    if audience == STUDENT:
        return f"Settled {when}. Ask the office if you have questions."
    by = f"{pair.settled_by.get_full_name() or pair.settled_by.get_username()}, " if pair.settled_by else ""
    done = f"Done on {day_text(pair.settled_on, today=now.date())}. " if pair.settled_on else ""
    return f"{done}{pair.settled_note} ({by}{when})"


def _proof(pair: PairStatus, audience: str, when: str, now: datetime) -> str:
    if pair.reason == Reason.ACCEPTED:
        return f"Accepted by Canvas {when}"
    is_old = now - (pair.evidence_at or pair.read_at) > OLD_PROOF
    verb = "Read back" if audience == OFFICE else "Read in Canvas"
    return f"{verb} {when}" + (", old" if is_old else "")


def _reason(pair: PairStatus, audience: str, at: Callable[[datetime], str], now: datetime) -> str:
    parts = [] if pair.reason in QUIET_REASONS else [own_sentence(pair)]
    if audience == INSTRUCTOR:
        told = words_for_instructor(pair.reason, short_by_minutes=pair.short_by_minutes)
        parts = [told or own_sentence(pair)]
    elif pair.failure_message and pair.failure_message not in pair.sentence:
        parts.append(f"Canvas said: “{pair.failure_message}”.")
    if pair.status == Status.FAILED and pair.next_try_at and pair.next_try_at > now:
        parts.append(f"Next try {at(pair.next_try_at)}.")
    if pair.status in (Status.WAITING, Status.HELD) and audience == OFFICE:
        parts.append(f"Since {at(pair.since)}.")
    return " ".join(part for part in parts if part)
