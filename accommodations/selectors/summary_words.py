"""A student's summary as lines of text: what was approved, and what it comes to, as the student's own page says it.

Nothing is in it that the student may not see: no note, no draft, no reason of an exception, nobody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accommodations.models import Accommodation, Student
from accommodations.planning.wording import instant, span
from accommodations.selectors.accommodation_words import counts_for_in_a_sentence
from accommodations.selectors.pair_words import STUDENT, pair_words
from accommodations.selectors.pairs import PairRow
from accommodations.selectors.students import (
    AccommodationLine,
    CourseGroup,
    accommodation_lines,
    accommodations_of,
    pairs_by_course,
)

MOST_LINES = 40
NO_LIMIT_MINUTES = 10_080
"""Canvas's largest extension: no time limit."""


@dataclass(frozen=True, slots=True)
class SummaryCourse:
    """One course: a line for each assessment ahead; `more` stand on the page only."""

    course: str
    lines: tuple[tuple[str, str], ...]
    more: int
    is_released: bool


@dataclass(frozen=True, slots=True)
class SummaryWords:
    """What was approved, and what it comes to course by course."""

    approved: tuple[str, ...]
    courses: tuple[SummaryCourse, ...]


def approved_lines(student: Student) -> list[AccommodationLine]:
    """Return what was approved for the student. A draft is not: nobody is promised what may not come."""
    current = accommodations_of(student)[0]
    return accommodation_lines(row for row in current if row.status != Accommodation.Status.DRAFT)


def summary_words(student: Student, *, now: datetime, zone: ZoneInfo) -> SummaryWords:
    """Return the student's summary as it stands now."""
    groups = pairs_by_course(student, now=now)
    return SummaryWords(
        approved=tuple(_approved(approved_lines(student))),
        courses=tuple(
            _course(group, zone) for group in groups if group.shown or (group.ahead and not group.is_released)
        ),
    )


def _approved(lines: Iterable[AccommodationLine]) -> Iterable[str]:
    for line in lines:
        until = line.row.effective_until
        ends = f", until {until.day} {until:%b %Y}" if until else ""
        yield f"{line.title}: {counts_for_in_a_sentence(line.row)}{ends}"


def _course(group: CourseGroup, zone: ZoneInfo) -> SummaryCourse:
    rows = group.shown if group.is_released else []
    return SummaryCourse(
        course=f"{group.course.course_code} {group.course.name}".strip(),
        lines=tuple((row.assessment.name, _gets(row, zone)) for row in rows[:MOST_LINES]),
        more=max(0, len(rows) - MOST_LINES),
        is_released=group.is_released,
    )


def _gets(row: PairRow, zone: ZoneInfo) -> str:
    """Return what the student gets instead of what everybody has, and whether Canvas holds it."""
    parts = []
    if row.minutes_after and row.minutes_before:
        has_no_limit = row.minutes_after >= NO_LIMIT_MINUTES
        after = "no time limit" if has_no_limit else span(row.minutes_after)
        parts.append(f"{after} instead of {span(row.minutes_before)}")
    if row.attempts_after:
        parts.append(f"{row.attempts_after} attempts instead of {row.attempts_before}")
    parts += [
        f"{change.label} {instant(change.after, zone)} instead of {instant(change.before, zone)}"
        for change in row.date_changes
    ]
    words = pair_words(
        status=row.pair.status,
        reason=row.pair.reason,
        audience=STUDENT,
        short_by_minutes=row.pair.short_by_minutes,
    )
    return f"{'; '.join(parts) or 'as for everybody'} ({words.label[:1].lower()}{words.label[1:]})"
