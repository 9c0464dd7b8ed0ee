"""Verifications of the action log as work: asked for on a page or by the schedule, done by a worker, kept as rows."""

import logging
import time
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accommodations.models import LogCheck, LogHead
from accommodations.services import log_anchors, log_verifying
from accommodations.services.log_verifying import Progress, Verified

logger = logging.getLogger(__name__)

AT_WORK = (LogCheck.Status.WAITING, LogCheck.Status.RUNNING)
CUT_OFF_AFTER = timedelta(minutes=5)
"""A worker says every second how far it is; one that was silent for so long is dead."""
GIVEN_UP_AFTER = timedelta(hours=6)
NEVER_DELIVERED_AFTER = timedelta(minutes=1)
SECONDS_BETWEEN_SIGNS = 1.0
SUNDAY = 6


@transaction.atomic
def ask(*, asked_by: User | None, is_full: bool = True) -> LogCheck:
    """Return a new check that waits for a worker; the one that is at work, where there is one."""
    LogHead.objects.get_or_create(pk=1)
    head = LogHead.objects.select_for_update().get(pk=1)  # one who asks at a time
    now = timezone.now()
    at_work = LogCheck.objects.filter(status__in=AT_WORK, seen_alive_at__gt=now - CUT_OFF_AFTER).first()
    if at_work is not None:
        return at_work
    return LogCheck.objects.create(
        asked_by=asked_by, is_full=is_full, started_at=now, seen_alive_at=now, last=head.sequence
    )


def due() -> list[int]:
    """Return the checks whose message was lost or whose worker has died, unless they are given up."""
    now = timezone.now()
    lost = Q(status=LogCheck.Status.WAITING, started_at__lt=now - NEVER_DELIVERED_AFTER)
    cut_off = Q(status=LogCheck.Status.RUNNING, seen_alive_at__lt=now - CUT_OFF_AFTER)
    return list(
        LogCheck.objects.filter(lost | cut_off, started_at__gt=now - GIVEN_UP_AFTER).values_list("pk", flat=True)
    )


def run(check_id: int) -> LogCheck | None:
    """Verify the log for this check and anchor it where it holds; None where another worker is at it, or it is done."""
    now = timezone.now()
    free = Q(status=LogCheck.Status.WAITING) | Q(status=LogCheck.Status.RUNNING, seen_alive_at__lt=now - CUT_OFF_AFTER)
    claimed = LogCheck.objects.filter(free, pk=check_id).update(status=LogCheck.Status.RUNNING, seen_alive_at=now)
    if not claimed:
        return None
    check = LogCheck.objects.get(pk=check_id)
    found = log_verifying.verify(from_anchor=not check.is_full, progress=_signs_of(check_id))
    check.ended_at = check.seen_alive_at = timezone.now()
    if isinstance(found, Verified):
        check.status, check.redacted = LogCheck.Status.HOLDS, found.redacted
        check.first, check.reached, check.last = found.since, found.entries, found.entries
    else:
        check.status, check.bad_sequence, check.problem = LogCheck.Status.BROKEN, found.sequence, found.problem
        logger.error("the action log is broken at entry %s: %s", found.sequence, found.problem)
    check.save()
    if isinstance(found, Verified):
        log_anchors.add_anchor(found.end)
    return check


def _signs_of(check_id: int) -> Progress:
    """Return what notes how far the check is: not with every chunk, but often enough to be seen alive."""
    said_at = 0.0

    def say(reached: int, last: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SECONDS_BETWEEN_SIGNS:
            said_at = time.monotonic()
            LogCheck.objects.filter(pk=check_id).update(reached=reached, last=last, seen_alive_at=timezone.now())

    return say


def run_daily(*, now: datetime) -> LogCheck | None:
    """Verify what came after the newest anchor, on Sundays everything, and anchor it where it holds."""
    return run(ask(asked_by=None, is_full=now.weekday() == SUNDAY).pk)
