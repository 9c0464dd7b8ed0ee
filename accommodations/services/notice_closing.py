"""Closing a digest that is due: each thing is judged by what stands now, the text is written, the mail is queued."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accommodations.models import InstitutionSettings, Notice, NoticeItem, PairStatus
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.notices import items_visible_to
from accommodations.services.notice_targets import Target, collecting, merge_into_untold
from accommodations.services.notice_texts import text_of

Event, What = NoticeItem.Event, NoticeItem.What
CARRIED_FOR = timedelta(days=2)
"""How long a write whose pair is not in place yet is taken along to the next digest; its later write tells it anew."""
MOST_AT_ONCE = 200
_WHAT_OF_EVENT = {
    Event.EXCEPTION: What.EXCEPTION,
    Event.EXCEPTION_OVER: What.EXCEPTION_OVER,
    Event.DRIFT: What.DRIFT,
    Event.ANSWER: What.ANSWER,
}
_HAD_IT = (What.NEW, What.CHANGED, What.SHORT)
_UNDECIDED = frozenset({Status.WAITING, Status.FAILED, Status.HELD, Status.BLOCKED, Status.MISSED})
PairKey = tuple[int | None, int | None]


def close_due(*, now: datetime) -> int:
    """Close the digests whose time has come; return how many mails wait to be sent because of it."""
    due = Notice.objects.filter(status=Notice.Status.COLLECTING, due_at__lte=now).order_by("due_at", "pk")
    return sum(_close(pk, now) for pk in due.values_list("pk", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def _close(notice_id: int, now: datetime) -> bool:
    notice = (
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient", "student")
        .filter(pk=notice_id, status=Notice.Status.COLLECTING)
        .first()
    )
    if notice is None:
        return False
    recipient = notice.recipient
    if recipient is None or not recipient.is_active or not recipient.email:
        merge_into_untold(notice)
        return False
    told = _judge(notice, now)
    if not told:
        notice.status, notice.ended_at = Notice.Status.NOTHING, now
        notice.save(update_fields=["status", "ended_at"])
        return False
    queue(notice, told, now)
    return True


def queue(notice: Notice, items: Sequence[NoticeItem], now: datetime) -> None:
    """Write the mail's text and queue it."""
    notice.subject, notice.body = text_of(notice, items, InstitutionSettings.current())
    notice.status, notice.due_at = Notice.Status.QUEUED, now
    notice.address = notice.recipient.email if notice.recipient is not None else ""
    notice.save(update_fields=["subject", "body", "status", "due_at", "address"])


def _judge(notice: Notice, now: datetime) -> list[NoticeItem]:
    """Decide what each thing is by now, and return those that are told. What is not decided yet is carried over."""
    if notice.recipient is None:
        return []
    items = list(items_visible_to(notice.recipient, notice))
    pairs = _pairs_of(items)
    had_it = _had_it(notice, items)
    told, carried = [], []
    for item in items:
        what = _what(item, pairs.get((item.student_id, item.assessment_id)), had_it, now)
        if what is not None:
            item.what = what
            told.append(item)
        elif item.event == Event.WRITE and now - item.at < CARRIED_FOR:
            carried.append(item)
    NoticeItem.objects.bulk_update(told, ["what"], batch_size=200)
    kept = [item.pk for item in (*told, *carried)]
    notice.items.exclude(pk__in=kept).delete()
    _carry_over(notice, carried, now, is_alone=not told)
    return told


def _carry_over(notice: Notice, items: Sequence[NoticeItem], now: datetime, *, is_alone: bool) -> None:
    """Let these be told by the next digest."""
    if not items:
        return
    due_at = now + timedelta(minutes=InstitutionSettings.current().digest_minutes)
    target = Target(student=notice.student_id) if notice.student_id else Target(recipient=notice.recipient_id)
    # The row that is being closed must not be taken for the one that collects.
    notice.status = Notice.Status.NOTHING if is_alone else Notice.Status.QUEUED
    notice.save(update_fields=["status"])
    later = collecting(target, recipient=notice.recipient, due_at=due_at)
    NoticeItem.objects.filter(pk__in=[item.pk for item in items]).update(notice=later)


def _pairs_of(items: Sequence[NoticeItem]) -> dict[PairKey, PairStatus]:
    rows = PairStatus.objects.filter(
        student__in={item.student_id for item in items if item.student_id},
        assessment__in={item.assessment_id for item in items if item.assessment_id},
    )
    return {(row.student_id, row.assessment_id): row for row in rows}


def _had_it(notice: Notice, items: Sequence[NoticeItem]) -> Collection[PairKey]:
    """Return the pairs of which the same person was told before that something is in place."""
    earlier = NoticeItem.objects.filter(
        notice__recipient=notice.recipient_id,
        notice__kind=notice.kind,
        student__in={item.student_id for item in items if item.student_id},
        event=Event.WRITE,
    ).exclude(notice=notice.pk)
    last: dict[PairKey, str] = {}
    for student, assessment, what in earlier.order_by("pk").values_list("student_id", "assessment_id", "what"):
        last[student, assessment] = what
    return {key for key, what in last.items() if what in _HAD_IT}


def _what(
    item: NoticeItem, pair: PairStatus | None, had_it: Collection[PairKey], now: datetime
) -> NoticeItem.What | None:
    """Return what there is to tell of one thing now; None where there is nothing, or not yet."""
    if item.event in _WHAT_OF_EVENT:
        return _WHAT_OF_EVENT[Event(item.event)]
    if item.event == Event.BY_HAND:
        return What.BY_HAND if pair is not None and _is_by_hand(pair, now) else None
    if pair is None or not pair.is_granted or pair.status == Status.NOT_NEEDED:
        return What.ENDED
    if pair.status in _UNDECIDED:
        return None
    if pair.status == Status.SHORT:
        return What.SHORT
    return What.CHANGED if (item.student_id, item.assessment_id) in had_it else What.NEW


def _is_by_hand(pair: PairStatus, now: datetime) -> bool:
    is_open = pair.reason == Reason.OUTSIDE_CANVAS and pair.settled_at is None
    return is_open and (pair.closes_at is None or pair.closes_at > now)
