"""The action log: search, its chain, its export."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations.forms.fields import DayField, local_instant, read_day
from accommodations.htmx import wants_part, zone_of
from accommodations.models import ActionLogEntry, LogHead
from accommodations.models.log_guard import REDACTED
from accommodations.selectors import log as selectors
from accommodations.services import action_log
from accommodations.services.action_log import entry_digest, payload_digest
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import csv_response, number_of, render_list, searched_address
from accommodations.views.searches import search_of


@requires("read_log")
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: SignedInRequest) -> HttpResponse:
    """Show the log, narrowed. A search is posted and kept in the session."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    narrowed, errors = _filter(request)
    page = selectors.log_page(request.user, narrowed, before=number_of(request, "before"))
    context: dict[str, object] = {
        "log_page": page,
        "narrowed": narrowed,
        "search": narrowed.search,
        "errors": errors,
        "holds": _holds(line.entry for line in page.lines),
        "groups": [(name, words) for name, (words, _) in selectors.GROUPS.items()],
        "checked": request.session.get("log_checked"),
    }
    if not wants_part(request):
        context["head"] = LogHead.objects.filter(pk=1).first()
    return render_list(
        request,
        page="accommodations/log.html",
        partial="accommodations/partials/_log_entries.html",
        context=context,
        address=address,
    )


def _filter(request: SignedInRequest) -> tuple[selectors.LogFilter, list[str]]:
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


def _holds(entries: Iterable[ActionLogEntry]) -> bool:
    """Whether each entry shown still has the digest of its fields, and of its payload unless that was redacted."""
    return all(entry.digest == entry_digest(entry) and _payload_holds(entry) for entry in entries)


def _payload_holds(entry: ActionLogEntry) -> bool:
    payload = getattr(entry, "payload", None)
    if payload is None:
        return False
    if payload.redaction is not None:
        return not payload.data and bool(payload.redaction.act == REDACTED)
    return entry.payload_digest == payload_digest(salt=payload.salt, data=payload.data)


@requires("read_log")
@require_POST
def log_check(request: SignedInRequest) -> HttpResponse:
    """Walk the whole chain and say whether it holds."""
    found = action_log.verify()
    checked_at = timezone.now().isoformat()
    if isinstance(found, action_log.Verified):
        request.session["log_checked"] = {"at": checked_at, "entries": found.entries}
        messages.success(request, f"The chain is whole: all {found.entries:,} entries hold, none is missing.")
    else:
        request.session["log_checked"] = {"at": checked_at, "bad": found.sequence, "problem": found.problem}
        messages.error(request, f"The chain is broken at entry {found.sequence:,}: {found.problem}.")
    return redirect("log")


@requires("read_log")
@requires("export")
@require_safe
def log_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the narrowed log as CSV; the export is itself logged."""
    narrowed, _ = _filter(request)
    found = selectors.log_entries(request.user, narrowed)
    action_log.record(act="log.exported", actor=request.user, payload={"rows": found.count()})
    zone = zone_of(request)
    head = ("Entry", "At", "Who", "Act", "Student", "Course", "Assessment", "Run", "Request", "Digest")
    return csv_response("action-log", head, _rows(found, zone))


def _rows(found: QuerySet[ActionLogEntry], zone: ZoneInfo) -> Iterable[tuple[object, ...]]:
    entries = found.iterator(chunk_size=500)
    while chunk := list(islice(entries, 500)):
        for line in selectors.log_lines(chunk):
            entry = line.entry
            yield (
                entry.sequence,
                f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                line.actor,
                line.words,
                line.student.sortable_name if line.student else "",
                line.course.course_code if line.course else "",
                line.assessment.name if line.assessment else "",
                entry.run_id_logged or "",
                entry.request_id or "",
                entry.digest,
            )
