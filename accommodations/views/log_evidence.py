"""The action log as evidence: its verification, its anchors, its export."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accommodations.htmx import announce, zone_of
from accommodations.models import ActionLogEntry, LogCheck
from accommodations.selectors import log as selectors
from accommodations.selectors import log_chain
from accommodations.selectors import log_export as exports
from accommodations.services import action_log, log_anchors, log_checks
from accommodations.services.act_limits import EXPORT
from accommodations.services.log_digests import canonical, chained_values
from accommodations.tasks import check_log
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import attachment, csv_response
from accommodations.views.log_filters import filter_of

STOP_POLLING = 286
JSON_LINES = "jsonl"


def chain_context(*, holds: bool) -> dict[str, object]:
    """Return what `_chain.html` shows: the log's end, its newest anchor, and how far it was verified."""
    head, anchor, check = log_chain.state_of_chain()
    is_checking = check is not None and check.status in log_checks.AT_WORK
    silent_since = timezone.now() - 2 * log_checks.CUT_OFF_AFTER
    return {
        "head": head,
        "anchor": anchor,
        "check": check,
        "holds": holds,
        "is_checking": is_checking,
        "is_cut_off": is_checking and check is not None and check.seen_alive_at < silent_since,
    }


@requires("read_log")
@require_POST
@limited(EXPORT)
def log_check(request: SignedInRequest) -> HttpResponse:
    """Let a worker walk the whole chain; the page shows how far it is."""
    check = log_checks.ask(asked_by=request.user)
    if not wake(check_log, check.pk):
        messages.warning(request, "The queue does not answer. The check begins when it does.")
    return redirect("log")


@requires("read_log")
@require_safe
def log_check_status(request: SignedInRequest) -> HttpResponse:
    """Answer the page's poll with how far the check is; it ends with the check."""
    if not request.htmx:
        return redirect("log")
    context = chain_context(holds=request.GET.get("shown") != "changed")
    response = render(
        request,
        "accommodations/partials/_chain.html",
        context,
        status=200 if context["is_checking"] else STOP_POLLING,
    )
    check = context["check"]
    if context["is_checking"] or not isinstance(check, LogCheck):
        return response
    return announce(response, f"{check.get_status_display()}.")


@requires("export_log")
@require_safe
@limited(EXPORT)
def log_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the narrowed log as CSV or JSON lines; the export is itself logged, and not among what it holds."""
    narrowed, _ = filter_of(request)
    found = selectors.log_entries(request.user, narrowed)
    rows, last = exports.extent_of(found)
    found = found.filter(sequence__lte=last)
    form = JSON_LINES if request.GET.get("format") == JSON_LINES else "csv"
    subject = selectors.subject_of(narrowed)
    action_log.record(
        act="log.exported",
        actor=request.user,
        student=subject.student,
        course=subject.course,
        payload={"rows": rows, "format": form, "of": subject.words, "up_to": last},
    )
    name = f"action-log-{subject.file_name}" if subject.file_name else "action-log"
    if form == JSON_LINES:
        response = StreamingHttpResponse(_json_lines(found), content_type="application/jsonl; charset=utf-8")
        return attachment(response, name, JSON_LINES)
    zone = zone_of(request)
    return csv_response(
        name,
        exports.HEAD,
        (
            exports.cells_of(line, zone=zone, details=canonical(line.payload) if line.payload else "")
            for line in exports.lines_of(found)
        ),
    )


def _json_lines(found: QuerySet[ActionLogEntry]) -> Iterator[str]:
    """Yield one object a line. `digest` is the SHA-256 of `entry` as JSON with sorted keys and without blanks."""
    for line in exports.lines_of(found):
        payload = getattr(line.entry, "payload", None)
        evidence: dict[str, object] = {
            "entry": chained_values(line.entry),
            "digest": line.entry.digest,
            "payload": line.payload,
            "salt": payload.salt if payload else "",
            "names": {
                "act": line.words,
                "actor": line.actor,
                "student": line.student.name if line.student else None,
                "course": line.course.course_code if line.course else None,
                "assessment": line.assessment.name if line.assessment else None,
            },
            "redacted": None,
        }
        if line.redaction is not None:
            evidence["redacted"] = {
                "at": line.redaction.at, "by": line.redacted_by, "in_entry": line.redaction.sequence
            }  # fmt: skip
        yield canonical(evidence) + "\n"


@requires("export_log")
@require_safe
@limited(EXPORT)
def log_anchors_export(request: SignedInRequest) -> HttpResponseBase:
    """Return all anchors as JSON lines, to be kept outside of Leeway; `manage.py verify_log --anchors` reads them."""
    action_log.record(act="log.exported", actor=request.user, payload={"of": "anchors", "format": JSON_LINES})
    response = StreamingHttpResponse(log_anchors.exported_lines(), content_type="application/jsonl; charset=utf-8")
    return attachment(response, "action-log-anchors", JSON_LINES)
