"""What a page of the log, and its export, are narrowed to by their address."""

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError

from accommodations.forms.fields import DayField, local_instant, read_day
from accommodations.htmx import zone_of
from accommodations.selectors import log as selectors
from accommodations.views.access import SignedInRequest
from accommodations.views.lists import number_of
from accommodations.views.searches import search_of


def filter_of(request: SignedInRequest) -> tuple[selectors.LogFilter, list[str]]:
    """Return what the address narrows the log to, and what of it was not understood."""
    since, until, errors = None, None, []
    try:
        since = _midnight(request, "from", days=0)
        until = _midnight(request, "to", days=1)
    except ValidationError as error:
        errors = error.messages
    narrowed = selectors.LogFilter(
        search=search_of(request),
        group=request.GET.get("act", ""),
        student_id=number_of(request, "student"),
        course_id=number_of(request, "course"),
        assessment_id=number_of(request, "assessment"),
        run_id=number_of(request, "run"),
        term_id=number_of(request, "term"),
        since=since,
        until=until,
    )
    return narrowed, errors


def _midnight(request: SignedInRequest, name: str, *, days: int) -> datetime | None:
    """Return the start of the day typed, or of the one after it: "to" counts to its end."""
    text = request.GET.get(name, "").strip()[:30]
    if not text:
        return None
    day = read_day(text, DayField.message) + timedelta(days=days)
    return local_instant(datetime.combine(day, time()), zone_of(request), earlier=True)
