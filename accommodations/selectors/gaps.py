"""What counts as a gap, and what coverage counts: one definition for home, lists, courses, days and reports."""

from datetime import datetime

from django.db.models import Q

from accommodations.planning.statuses import NOT_COVERED, Status

IS_GAP = Q(status__in=NOT_COVERED, settled_at__isnull=True, is_granted=True)
"""Granted, not covered, and nobody has written what was done about it."""

IS_NO_OPEN_GAP = Q(status__in=NOT_COVERED) & ~IS_GAP
"""Not covered by its status, and yet no gap: settled by a person, or only something of ours to be taken back."""

NEEDS_NOTHING = (Status.NOT_NEEDED, Status.PAST)

IS_NEEDED = ~Q(status__in=NEEDS_NOTHING) & ~IS_NO_OPEN_GAP
"""Something is to be given and is, or is a gap: of how many a number says "so many of so many are in place"."""

IS_LEFT_OVER = Q(status=Status.HELD, is_granted=False, settled_at__isnull=True)
"""Something of ours that is no longer granted and waits for a person to be taken back: no gap, and not over either."""


def in_running_terms(now: datetime) -> Q:
    """Return the filter on pairs of terms that have not ended; what was missed stays until somebody settles it."""
    ends = "course__term__ends_at"
    return Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": now}) | Q(status=Status.MISSED)


def is_counted(now: datetime) -> Q:
    """Return the filter on pairs that coverage counts: of running terms, without what is settled or left over."""
    return in_running_terms(now) & ~IS_NO_OPEN_GAP
