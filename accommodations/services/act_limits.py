"""How often one person may do what costs much: counted in the database, so that all processes count together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from accommodations.errors import TooOften
from accommodations.models import ActCount


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of an act within a window, and how to say so."""

    most: int
    window: timedelta
    words: str


_MINUTE = timedelta(minutes=1)
SYNC, EXPORT, ASK_CANVAS = "sync", "export", "ask_canvas"
LIMITS = {
    SYNC: Limit(20, _MINUTE, "You have started {most} syncs within a minute. Those go on."),
    EXPORT: Limit(12, _MINUTE, "You have exported {most} times within a minute."),
    ASK_CANVAS: Limit(30, _MINUTE, "You have asked Canvas {most} times within a minute."),
}


@transaction.atomic
def count_act(*, user: User, act: str, now: datetime | None = None) -> None:
    """Count one act of the person. Raises TooOften, with when they may go on, where it is one too many."""
    limit, now = LIMITS[act], now or timezone.now()
    counts = ActCount.objects.select_for_update().filter(user=user, act=act)
    row = counts.first()
    if row is None:
        if _is_first(user, act, now):
            return
        row = counts.get()
    # Clocks of two machines differ a little: what is just before the beginning still counts with it.
    if not row.began_at - limit.window < now < row.began_at + limit.window:
        row.began_at, row.number = now, 0
    if row.number >= limit.most:
        raise TooOften(limit.words.format(most=limit.most), again_at=row.began_at + limit.window)
    row.number += 1
    row.save(update_fields=["began_at", "number"])


def _is_first(user: User, act: str, now: datetime) -> bool:
    """Count the person's first act of the kind, unless another process has just done so."""
    try:
        with transaction.atomic():
            ActCount.objects.create(user=user, act=act, began_at=now, number=1)
    except IntegrityError:
        return False
    return True
