"""The action log as evidence: rows for a spreadsheet, and lines from which anybody can compute the digests again."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accommodations.models import ActionLogEntry, Assessment, Course, LogHead, Student
from accommodations.selectors.log import LogLine, log_line

CHUNK = 2000
HEAD = (
    "Entry", "At", "Who", "Act", "Student", "Course", "Assessment", "Run", "Request", "Digest",
    "Outcome", "Code", "Details", "Redacted", "Digest of details", "Digest before",
)  # fmt: skip


def lines_of(found: QuerySet[ActionLogEntry]) -> Iterator[LogLine]:
    """Yield the entries in words; names come in the same query, and only so many rows are in memory."""
    for entry in _with_names(found).iterator(chunk_size=CHUNK):
        yield log_line(entry, *_named(entry))


def extent_of(found: QuerySet[ActionLogEntry]) -> tuple[int, int]:
    """Return how many entries these are, and where the whole log ends now: no later one is among an export."""
    counted = found.order_by().annotate(every=Value(1)).values("every").annotate(number=Count("pk")).values("number")
    head = LogHead.objects.filter(pk=1).annotate(rows=Coalesce(Subquery(counted), 0))
    return head.values_list("rows", "sequence").first() or (0, 0)


def _with_names(found: QuerySet[ActionLogEntry]) -> QuerySet[ActionLogEntry]:
    """Return the entries with the names of whom and what they are about: the log keeps numbers, no relations."""
    students = Student.objects.filter(pk=OuterRef("student_id_logged"))
    courses = Course.objects.filter(pk=OuterRef("course_id_logged"))
    assessments = Assessment.objects.filter(pk=OuterRef("assessment_id_logged"))
    return found.annotate(
        student_name=Subquery(students.values("name")),
        student_sortable_name=Subquery(students.values("sortable_name")),
        course_code=Subquery(courses.values("course_code")),
        assessment_name=Subquery(assessments.values("name")),
    )


def _named(entry: Any) -> tuple[Student | None, Course | None, Assessment | None]:
    student, course, assessment = entry.student_id_logged, entry.course_id_logged, entry.assessment_id_logged
    return (
        None
        if entry.student_name is None
        else Student(pk=student, name=entry.student_name, sortable_name=entry.student_sortable_name),
        None if entry.course_code is None else Course(pk=course, course_code=entry.course_code),
        None if entry.assessment_name is None else Assessment(pk=assessment, name=entry.assessment_name),
    )


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
