"""What counts as a gap: one definition for home, lists, courses and reports."""

from django.db.models import Q

from accommodations.planning.statuses import NOT_COVERED

IS_GAP = Q(status__in=NOT_COVERED, settled_at__isnull=True, is_granted=True)
"""Granted, not covered, and nobody has written what was done about it."""
