"""Every component on one page, for those who build pages; only where nothing real can be seen."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations.forms.settling import SettleForm
from accommodations.htmx import HtmxRequest
from accommodations.planning.statuses import STATUS_OF, Reason
from accommodations.selectors.pair_words import INSTRUCTOR, OFFICE, STUDENT, pair_words


@login_required
@require_safe
def styleguide(request: HtmxRequest) -> HttpResponse:
    """Show each status for each reader, and the parts that pages are made of."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    readers = {"office": OFFICE, "instructor": INSTRUCTOR, "student": STUDENT}
    lines = [
        {"status": status.value, "reason": reason.value}
        | {
            name: pair_words(status=status, reason=reason, audience=audience).label
            for name, audience in readers.items()
        }
        for reason, status in ((reason, STATUS_OF[reason]) for reason in Reason)
    ]
    context = {
        "lines": lines,
        "now": timezone.now(),
        "sample": SettleForm({"note": ""}, is_by_hand=True, today=timezone.now().date()),
    }
    return render(request, "accommodations/styleguide.html", context)
