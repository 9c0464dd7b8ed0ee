"""What people write about a pair that Leeway cannot bring into order by itself."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError, Problem, ValuesRefused
from accommodations.models import PairStatus
from accommodations.planning.statuses import Reason, Status
from accommodations.services import action_log

MOST_WORDS = 4000


@transaction.atomic
def settle_pair(*, pair: PairStatus, settled_by: User, note: str) -> PairStatus:
    """Note what was done: about a missed assessment, or by hand where the assessment is outside Canvas.

    Raises ValuesRefused without words, LeewayError where there is nothing to settle.
    """
    note = note.strip()
    if not note or len(note) > MOST_WORDS:
        raise ValuesRefused((Problem("note", "settle.note", "Write what was done, by whom and when."),))
    current = PairStatus.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not may_be_settled(current):
        raise LeewayError("Leeway looks after this one itself: there is nothing to settle.", code="settle.not_needed")
    current.settled_note, current.settled_at = note, timezone.now()
    current.settled_by = settled_by
    current.save(update_fields=["settled_note", "settled_at", "settled_by"])
    action_log.record(
        act="pair.settled",
        actor=settled_by,
        student=current.student,
        course=current.course,
        assessment=current.assessment,
        payload={"status": current.status, "reason": current.reason, "note": note},
    )
    return current


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
    }
    current.settled_note, current.settled_at, current.settled_by = "", None, None
    current.save(update_fields=["settled_note", "settled_at", "settled_by"])
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
