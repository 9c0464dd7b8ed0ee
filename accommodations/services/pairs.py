"""What people write about a pair that Leeway cannot bring into order by itself."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError, Problem, ValuesRefused
from accommodations.models import PairStatus
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.rules import institution_today
from accommodations.services import action_log

MOST_WORDS = 4000
NO_DAY = "Enter the day on which it was done, such as 19 Dec 2025."


@transaction.atomic
def settle_pair(*, pair: PairStatus, settled_by: User, note: str, done_on: date | None = None) -> PairStatus:
    """Note what was done: about a missed assessment, or by hand, and on which day, where it is outside Canvas.

    Raises ValuesRefused without words, or without a day on which it can have been done by hand; LeewayError where
    there is nothing to settle.
    """
    note = note.strip()
    if not note or len(note) > MOST_WORDS:
        raise ValuesRefused((Problem("note", "settle.note", "Write what was done, by whom and when."),))
    current = PairStatus.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not may_be_settled(current):
        raise LeewayError("Leeway looks after this one itself: there is nothing to settle.", code="settle.not_needed")
    current.settled_on = _day_done(done_on) if is_done_by_hand(current) else None
    current.settled_note, current.settled_at = note, timezone.now()
    current.settled_by = settled_by
    current.save(update_fields=["settled_note", "settled_on", "settled_at", "settled_by"])
    action_log.record(
        act="pair.settled",
        actor=settled_by,
        student=current.student,
        course=current.course,
        assessment=current.assessment,
        payload={"status": current.status, "reason": current.reason, "note": note, "done_on": current.settled_on},
    )
    return current


def _day_done(day: date | None) -> date:
    """Return the day if something can have been done on it. Raises ValuesRefused."""
    if day is None:
        raise ValuesRefused((Problem("done_on", "settle.no_day", NO_DAY),))
    if day > institution_today(timezone.now()):
        words = f"{day.day} {day:%b %Y} is still to come. Mark it when it has been done, today at the latest."
        raise ValuesRefused((Problem("done_on", "settle.future", words),))
    return day


@transaction.atomic
def unsettle_pair(*, pair: PairStatus, taken_back_by: User) -> PairStatus:
    """Take back what was written about a pair: it is open again. The words stay in the log, with who wrote them.

    Taken back twice, the second time changes nothing.
    """
    current = PairStatus.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if current.settled_at is None:
        return current
    payload = {
        "status": current.status,
        "reason": current.reason,
        "note": current.settled_note,
        "settled_by": current.settled_by_id,
        "settled_at": current.settled_at,
        "done_on": current.settled_on,
    }
    current.settled_note, current.settled_on, current.settled_at, current.settled_by = "", None, None, None
    current.save(update_fields=["settled_note", "settled_on", "settled_at", "settled_by"])
    action_log.record(
        act="pair.unsettled",
        actor=taken_back_by,
        student=current.student,
        course=current.course,
        assessment=current.assessment,
        payload=payload,
    )
    return current


def may_be_settled(pair: PairStatus) -> bool:
    """Whether words of a person can settle the pair."""
    return pair.status == Status.MISSED or pair.reason == Reason.OUTSIDE_CANVAS


def is_done_by_hand(pair: PairStatus) -> bool:
    """Whether it is given outside Canvas: what settles it is a day on which it was done."""
    return pair.reason == Reason.OUTSIDE_CANVAS
