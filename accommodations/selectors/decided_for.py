"""What people decided for one student beside the accommodations: exceptions, releases, and what they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import DateField, QuerySet, Value

from accommodations.models import AccommodationException, Assessment, Course, CourseRelease, PairHold, Student
from accommodations.selectors.students import exceptions_of, releases_of
from accommodations.selectors.waiting import standing_holds

_NAMES = ("first_name", "last_name", "username")
_NO_WORDS, _NO_DAY = Value(""), Value(None, output_field=DateField())


@dataclass(frozen=True, slots=True)
class DecidedFor:
    """The exceptions that count today, the courses that were released, newest first, and what is held."""

    exceptions: tuple[AccommodationException, ...]
    releases: tuple[CourseRelease, ...]
    holds: tuple[PairHold, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the query."""

    of: str
    pk: int
    kind: str
    reason: str
    at: datetime
    until: date | None
    course_code: str
    assessment_name: str | None
    first_name: str
    last_name: str
    username: str

    @property
    def person(self) -> User:
        """Return who decided, as far as a page names them."""
        return User(first_name=self.first_name, last_name=self.last_name, username=self.username)

    @property
    def course(self) -> Course:
        """Return the course, as far as a page names it."""
        return Course(course_code=self.course_code)


def decided_for(student: Student, *, today: date) -> DecidedFor:
    """Return it in one query; releases only where the student needs them."""
    parts = [_exceptions(student, today), _holds(student)]
    if student.needs_release:
        parts.append(_releases(student))
    lines = [_Line(*row) for row in parts[0].union(*parts[1:], all=True)]
    return DecidedFor(
        exceptions=tuple(_exception(line) for line in _of("exception", lines)),
        releases=tuple(_release(line) for line in sorted(_of("release", lines), key=lambda one: one.at, reverse=True)),
        holds=tuple(
            _hold(line)
            for line in sorted(_of("hold", lines), key=lambda one: (one.course_code, one.assessment_name or "", one.pk))
        ),
    )


def _of(kind: str, lines: Iterable[_Line]) -> list[_Line]:
    return sorted((line for line in lines if line.of == kind), key=lambda line: line.pk)


def _exceptions(student: Student, today: date) -> QuerySet[Any, Any]:
    rows = exceptions_of(student, today=today).select_related(None).order_by()
    return rows.values_list(
        Value("exception"), "pk", _NO_WORDS, "reason", "decided_at", "effective_until",
        "course__course_code", "assessment__name", *(f"decided_by__{name}" for name in _NAMES),
    )  # fmt: skip


def _releases(student: Student) -> QuerySet[Any, Any]:
    rows = releases_of(student).select_related(None).order_by()
    return rows.values_list(
        Value("release"), "pk", _NO_WORDS, _NO_WORDS, "released_at", _NO_DAY,
        "course__course_code", _NO_WORDS, *(f"released_by__{name}" for name in _NAMES),
    )  # fmt: skip


def _holds(student: Student) -> QuerySet[Any, Any]:
    rows = standing_holds(student=student).select_related(None).order_by()
    return rows.values_list(
        Value("hold"), "pk", "kind", "reason", "held_at", _NO_DAY,
        "assessment__course__course_code", "assessment__name", *(f"held_by__{name}" for name in _NAMES),
    )  # fmt: skip


def _exception(line: _Line) -> AccommodationException:
    assessment = Assessment(name=line.assessment_name) if line.assessment_name is not None else None
    return AccommodationException(
        pk=line.pk, reason=line.reason, decided_at=line.at, effective_until=line.until or date.max,
        decided_by=line.person, course=line.course, assessment=assessment,
    )  # fmt: skip


def _release(line: _Line) -> CourseRelease:
    return CourseRelease(pk=line.pk, released_at=line.at, released_by=line.person, course=line.course)


def _hold(line: _Line) -> PairHold:
    assessment = Assessment(name=line.assessment_name or "", course=line.course)
    return PairHold(
        pk=line.pk, kind=line.kind, reason=line.reason, held_at=line.at, held_by=line.person, assessment=assessment
    )
