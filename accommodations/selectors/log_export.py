"""The action log as evidence: rows for a spreadsheet, and lines from which anybody can compute the digests again."""

from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accommodations.models import ActionLogEntry, LogCheck
from accommodations.selectors.log import LogLine, log_lines

CHUNK = 2000
HEAD = (
    "Entry", "At", "Who", "Act", "Student", "Course", "Assessment", "Run", "Request", "Digest",
    "Outcome", "Code", "Details", "Redacted", "Digest of details", "Digest before",
)  # fmt: skip


def lines_of(found: QuerySet[ActionLogEntry]) -> Iterator[LogLine]:
    """Yield the entries in words; names are read for many at a time, and only so many are in memory."""
    entries = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(entries, CHUNK)):
        yield from log_lines(chunk)


def cells_of(line: LogLine, *, zone: ZoneInfo, details: str) -> tuple[object, ...]:
    """Return the line's cells, under HEAD."""
    entry = line.entry
    return (
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
        entry.outcome,
        entry.act,
        details,
        redacted_words(line, zone=zone),
        entry.payload_digest,
        entry.previous_digest,
    )


def redacted_words(line: LogLine, *, zone: ZoneInfo) -> str:
    """Return when the payload was taken out and by whom; empty where it stands."""
    if line.redaction is None:
        return ""
    return f"redacted on {line.redaction.at.astimezone(zone):%Y-%m-%d} by {line.redacted_by}"


def latest_check() -> LogCheck | None:
    """Return the newest verification."""
    return LogCheck.objects.select_related("asked_by").first()
