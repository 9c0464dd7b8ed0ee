"""Keeping how much was covered: one row a day for each term and department, since the status table knows only now."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accommodations.models import CoverageDay, PairStatus
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.selectors.gaps import is_counted
from accommodations.selectors.rules import institution_today

Place = tuple[int | None, str]


@transaction.atomic
def write_coverage_day(*, now: datetime) -> int:
    """Write the coverage of the institution's day and return how many rows it has; written again, it replaces them."""
    counted = (
        PairStatus.objects.filter(is_counted(now))
        .order_by()
        .values_list("course__term", "course__department", "reason")
        .annotate(number=Count("pk"))
    )
    numbers: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for term_id, department, reason, number in counted:
        numbers[(term_id, department)][field_of(Reason(reason))] += number
    day = institution_today(now)
    CoverageDay.objects.filter(day=day).delete()
    rows = [
        CoverageDay(day=day, term_id=term_id, department=department, **fields)
        for (term_id, department), fields in numbers.items()
    ]
    return len(CoverageDay.objects.bulk_create(rows))


def field_of(reason: Reason) -> str:
    """Return in which number of a day the reason counts; in place by its proof."""
    status = STATUS_OF[reason]
    return reason.value if status is Status.IN_PLACE else status.value
