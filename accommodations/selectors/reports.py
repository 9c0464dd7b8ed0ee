"""Reports for paper and for a spreadsheet: what each student has on each assessment, and the proof, sheet by sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from accommodations.models import Accommodation, Course, PairStatus, Student
from accommodations.planning.statuses import Status
from accommodations.selectors.pair_words import STATUS_WORDS, reason_label
from accommodations.selectors.pairs import PairRow, rows
from accommodations.selectors.students import AccommodationLine, accommodation_lines

HEAD = (
    "Student", "SIS id", "Course", "Assessment", "Opens", "Closes", "Minutes for the class", "Minutes for the student",
    "Attempts for the student", "In words", "Status", "Reason", "In this status since", "Canvas last read",
    "Confirmed by Canvas", "Approved", "What was done", "Done on", "By",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One student's part of a report: nobody else is named on it."""

    student: Student
    accommodations: tuple[AccommodationLine, ...]
    rows: tuple[PairRow, ...]

    @property
    def not_covered(self) -> int:
        """Return how many of the rows need somebody."""
        return sum(row.needs_somebody for row in self.rows)


def pairs_of_student(student: Student) -> QuerySet[PairStatus]:
    """Return the student's pairs, course by course."""
    return _ordered(PairStatus.objects.filter(student=student), "course__course_code", "course_id")


def pairs_of_course(course: Course, *, students: Sequence[Student] | None = None) -> QuerySet[PairStatus]:
    """Return the course's pairs, student by student; of these students alone where they are named."""
    found = PairStatus.objects.filter(course=course)
    if students is not None:
        found = found.filter(student__in=students)
    return _ordered(found, "student__sortable_name", "student_id")


def _ordered(found: QuerySet[PairStatus], *first: str) -> QuerySet[PairStatus]:
    return found.select_related("student", "assessment", "course", "settled_by").order_by(
        *first, F("opens_at").asc(nulls_last=True), "assessment__name", "pk"
    )


def students_of_course(course: Course) -> QuerySet[Student]:
    """Return the students with something on record in the course, by name."""
    return Student.objects.filter(pairs__course=course).distinct().order_by("sortable_name", "pk")


def sheets(pairs: Iterable[PairStatus], *, students: Sequence[Student]) -> list[Sheet]:
    """Return one sheet for each student, with the accommodations that have not ended."""
    current = Accommodation.objects.filter(student__in=students).exclude(status=Accommodation.Status.ENDED)
    lines: dict[int, list[AccommodationLine]] = {student.pk: [] for student in students}
    for line in accommodation_lines(_with_names(current), with_versions=False):
        lines[line.row.student_id].append(line)
    by_student = {
        student_id: tuple(rows(of_student))
        for student_id, of_student in groupby(
            sorted(pairs, key=lambda pair: pair.student_id), key=lambda pair: pair.student_id
        )
    }
    return [Sheet(student, tuple(lines[student.pk]), by_student.get(student.pk, ())) for student in students]


def _with_names(accommodations: QuerySet[Accommodation]) -> QuerySet[Accommodation]:
    return accommodations.select_related("term", "course", "assessment", "recorded_by", "approved_by").order_by(
        "student", "provision", "-effective_from", "-pk"
    )


def cells(pairs: Iterable[PairStatus], *, zone: ZoneInfo, approved: dict[int, str]) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each pair, under HEAD. `approved` says by student what was approved and by whom."""
    for pair in pairs:
        row = PairRow(pair)
        yield (
            pair.student.sortable_name,
            pair.student.sis_user_id,
            pair.course.course_code,
            pair.assessment.name,
            _at(pair.opens_at, zone),
            _at(pair.closes_at, zone),
            row.minutes_before,
            row.minutes_after or row.minutes_before,
            row.attempts_after or row.attempts_before,
            pair.sentence,
            STATUS_WORDS[Status(pair.status)],
            reason_label(pair.reason),
            _at(pair.since, zone),
            _at(pair.read_at, zone),
            _at(pair.evidence_at, zone),
            approved.get(pair.student_id, ""),
            pair.settled_note,
            pair.settled_on or "",
            (pair.settled_by.get_full_name() or pair.settled_by.get_username()) if pair.settled_by else "",
        )


def approved_words(students: QuerySet[Student] | Sequence[Student]) -> dict[int, str]:
    """Return by student what is approved and who approved or recorded it; private notes are never among it."""
    current = Accommodation.objects.filter(student__in=students).exclude(status=Accommodation.Status.ENDED)
    words: dict[int, list[str]] = {}
    for line in accommodation_lines(_with_names(current), with_versions=False):
        who = line.row.approved_by or line.row.recorded_by
        by = "approved by" if line.row.approved_by else "recorded by"
        words.setdefault(line.row.student_id, []).append(
            f"{line.title} ({line.counts_for}; {by} {who.get_full_name() or who.get_username()})"
        )
    return {student_id: "; ".join(parts) for student_id, parts in words.items()}


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
