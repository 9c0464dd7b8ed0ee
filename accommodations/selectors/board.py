"""The coverage board: students × assessments of a course, a department, a term or a week; a page of both at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Value, When, Window

from accommodations.models import Course, PairStatus, Student
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.board_cells import Cell, cell_of
from accommodations.selectors.gaps import IS_NEEDED
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.pairs import KIND_WORDS
from accommodations.selectors.visibility import Viewer, courses_visible_to, pairs_visible_to
from canvas_bridge.facts import AssessmentKind

SIZES = {"25x9": (25, 9), "50x25": (50, 25)}
"""Students × assessments on a page; the first one is usual, the last one the most."""
MOST_COURSES_OFFERED = 200
QUIZZES = ("classic_quiz", "new_quiz", "graded_survey", "practice_quiz", "survey")
KINDS = {
    "exams": ("Exams", Q(is_exam=True)),
    "quizzes": ("Quizzes", Q(assessment__kind__in=QUIZZES)),
    "assignments": ("Assignments and discussions", ~Q(assessment__kind__in=QUIZZES)),
}
ACCEPTED = "accepted"
"""In place with Canvas's own answer as the proof: a status of its own wherever in place is counted."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed to; every part may be empty. `starts`, `ends`: the week."""

    course_id: int | None = None
    code: str = ""
    account_id: int | None = None
    term_id: int | None = None
    assessment_id: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    kind: str = ""
    statuses: tuple[str, ...] = ()
    search: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One assessment as the head of a column."""

    pk: int
    name: str
    kind: str
    minutes: int | None
    course_id: int
    course_code: str
    opens_at: datetime | None
    closes_at: datetime | None
    needed: int
    in_place: int
    is_over: bool

    @property
    def kind_words(self) -> str:
        """Return the kind in words."""
        return KIND_WORDS[AssessmentKind(self.kind)]


@dataclass(frozen=True, slots=True)
class Row:
    """One student and their cells, one for each column; None where the student does not have the assessment."""

    student_id: int
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of the board's pages."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are; one where there is nothing."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the number of the first one shown."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Return the number of the last one shown."""
        return min(self.number * self.size, self.total)


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    assessments: Side
    students: Side
    counts: Mapping[str, int]
    next_pk: int | None

    @property
    def shows_courses(self) -> bool:
        """Whether the columns belong to several courses, so that each says to which."""
        return len({column.course_id for column in self.columns}) > 1

    @property
    def needed(self) -> int:
        """Return how many pairs of these columns need something and are not past."""
        return sum(column.needed for column in self.columns)

    @property
    def in_place(self) -> int:
        """Return how many of them are in place."""
        return sum(column.in_place for column in self.columns)


def scope(user: Viewer, narrowed: BoardFilter) -> QuerySet[PairStatus]:
    """Return the pairs that the board is about, whatever their status and whosever they are."""
    found = pairs_visible_to(user)
    exact = {
        "course": narrowed.course_id,
        "course__canvas_account_id": narrowed.account_id,
        "course__term": narrowed.term_id,
        "assessment": narrowed.assessment_id,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    if narrowed.code:
        found = found.filter(course__in=_courses_of_code(user, narrowed.code).values("pk"))
    if narrowed.starts is not None and narrowed.ends is not None:
        week = (narrowed.starts, narrowed.ends)
        # What opens or closes in the week, and what has no opening is named by its end.
        opens = Q(opens_at__gte=week[0], opens_at__lt=week[1])
        closes = Q(closes_at__gte=week[0], closes_at__lt=week[1])
        found = found.filter(opens | closes)
    return found.filter(KINDS[narrowed.kind][1]) if narrowed.kind in KINDS else found


def _courses_of_code(user: Viewer, code: str) -> QuerySet[Course]:
    """Return the courses of exactly this code, and where there is none, of all codes that hold its words."""
    courses = courses_visible_to(user)
    exact = courses.filter(course_code__iexact=code)
    found = courses
    for word in escaped_terms(code):
        found = found.filter(any_contains(word, "course_code", "name"))
    return exact if exact.exists() else found


def _matches(narrowed: BoardFilter) -> Q:
    """Return the filter on pairs for whose sake a row and a column are shown: by status and by student."""
    found = Q()
    if narrowed.statuses:
        words = [word for word in narrowed.statuses if word != ACCEPTED]
        by_status = Q(status__in=words) & ~Q(reason=Reason.ACCEPTED)
        found &= by_status | Q(reason=Reason.ACCEPTED) if ACCEPTED in narrowed.statuses else by_status
    for word in escaped_terms(narrowed.search):
        found &= any_contains(word, "student__name", "student__sortable_name")
    return found


def board_of(
    user: Viewer,
    narrowed: BoardFilter,
    *,
    now: datetime,
    size: tuple[int, int],
    student_page: int,
    assessment_page: int,
) -> Board:
    """Return one page of the board. A status narrows which rows and columns are shown; their cells are all there."""
    pairs, matching = scope(user, narrowed), _matches(narrowed)
    listed = _columns(pairs, matching, now)
    columns_side = _side(listed.count(), size[1], assessment_page)
    columns = [_column(row) for row in listed[columns_side.first - 1 : columns_side.last]]
    students, rows_side = _students(pairs.filter(matching), size[0], student_page)
    cells = _cells(user, students, columns)
    rows = tuple(
        Row(student.pk, student.name, tuple(cells.get((student.pk, column.pk)) for column in columns))
        for student in students
    )
    ahead = [column.pk for column in columns if not column.is_over]
    return Board(
        columns=tuple(columns),
        rows=rows,
        assessments=columns_side,
        students=rows_side,
        counts=_counts(pairs),
        next_pk=ahead[0] if ahead and columns_side.number == 1 else None,
    )


def _side(total: int, size: int, page: int) -> Side:
    return Side(number=min(page, max(1, -(-total // size))), size=size, total=total)


def _columns(pairs: QuerySet[PairStatus], matching: Q, now: datetime) -> QuerySet[Any, dict[str, Any]]:
    """Return the assessments, next first and what is over last, newest first, each with its numbers."""
    is_over = Case(When(closes__lt=now, then=Value(1)), default=Value(0), output_field=IntegerField())
    listed: QuerySet[Any, dict[str, Any]] = (
        pairs.order_by()
        .values(*COLUMN_FIELDS)
        .annotate(
            opens=Min("opens_at"),
            closes=Max("closes_at"),
            matched=Count("pk", filter=matching) if matching else Count("pk"),
            needed=Count("pk", filter=IS_NEEDED),
            in_place=Count("pk", filter=Q(status=Status.IN_PLACE)),
        )
        .filter(matched__gt=0)
        .annotate(is_over=is_over)
        .order_by("is_over", F("opens").asc(nulls_last=True), "closes", "assessment__name", "assessment")
    )
    return listed


def _column(row: dict[str, Any]) -> Column:
    return Column(
        pk=row["assessment"],
        name=row["assessment__name"],
        kind=row["assessment__kind"],
        minutes=row["assessment__time_limit_minutes"],
        course_id=row["course"],
        course_code=row["course__course_code"],
        opens_at=row["opens"],
        closes_at=row["closes"],
        needed=row["needed"],
        in_place=row["in_place"],
        is_over=bool(row["is_over"]),
    )


def _students(pairs: QuerySet[PairStatus], size: int, page: int) -> tuple[list[Student], Side]:
    """Return a page of the students, counted in the same query; past the end the last page."""
    everybody = Student.objects.filter(pk__in=pairs.order_by().values("student"))
    everybody = everybody.annotate(number=Window(Count("pk"))).order_by("sortable_name", "pk")
    found: list[Any] = list(everybody[(page - 1) * size : page * size])
    if not found and page > 1:
        side = _side(everybody.count(), size, page)
        return list(everybody[side.first - 1 : side.last]), side
    return found, _side(found[0].number if found else 0, size, page)


def _cells(user: Viewer, students: Iterable[Student], columns: Iterable[Column]) -> dict[tuple[int, int], Cell]:
    wanted = {"student__in": [one.pk for one in students], "assessment__in": [one.pk for one in columns]}
    if not all(wanted.values()):
        return {}
    pairs = pairs_visible_to(user).filter(**wanted)
    return {(pair.student_id, pair.assessment_id): cell_of(pair) for pair in pairs.only(*CELL_FIELDS)}


COLUMN_FIELDS = (
    *("assessment", "assessment__name", "assessment__kind", "assessment__time_limit_minutes"),
    *("course", "course__course_code"),
)
CELL_FIELDS = ("student", "assessment", "status", "reason", "outcome", "short_by_minutes", "settled_at")


def _counts(pairs: QuerySet[PairStatus]) -> dict[str, int]:
    """Return how many pairs of the scope have each status; in place with Canvas's answer as proof apart."""
    is_accepted = Case(When(reason=Reason.ACCEPTED, then=Value(ACCEPTED)), default=F("status"))
    counted = pairs.order_by().annotate(word=is_accepted).values("word").annotate(number=Count("pk"))
    return {row["word"]: row["number"] for row in counted}


# Exports: the whole board, not one page


def columns_to_export(user: Viewer, narrowed: BoardFilter, *, now: datetime, most: int) -> list[Column] | None:
    """Return the board's columns; None where there are more than a table can hold."""
    listed = [_column(row) for row in _columns(scope(user, narrowed), _matches(narrowed), now)[: most + 1]]
    return listed if len(listed) <= most else None


def rows_to_export(user: Viewer, narrowed: BoardFilter, columns: Iterable[Column]) -> Iterator[Row]:
    """Return the board's students one by one, with a cell for each column."""
    shown = [column.pk for column in columns]
    students = scope(user, narrowed).filter(_matches(narrowed)).order_by().values("student")
    pairs = pairs_visible_to(user).filter(assessment__in=shown, student__in=students)
    ordered = pairs.select_related("student").order_by("student__sortable_name", "student")
    for _, of_student in groupby(ordered.iterator(chunk_size=2000), key=lambda pair: pair.student_id):
        listed = list(of_student)
        cells = {pair.assessment_id: cell_of(pair) for pair in listed}
        student = listed[0].student
        yield Row(student.pk, student.sortable_name, tuple(cells.get(pk) for pk in shown))


# What the form offers


@dataclass(frozen=True, slots=True)
class Choices:
    """What the board can be narrowed to, as far as the person may know of it."""

    departments: tuple[tuple[int, str], ...]
    terms: tuple[tuple[int, str], ...]
    courses: tuple[tuple[str, str], ...]


def choices_for(user: Viewer) -> Choices:
    """Return departments, terms and some courses, in one query for the first two and one for the courses."""
    courses = courses_visible_to(user)
    places = list(courses.order_by().values_list("term", "term__name", "canvas_account_id", "department").distinct())
    newest = courses.filter(pairs__isnull=False).order_by("course_code").values_list("course_code", "name").distinct()
    return Choices(
        departments=tuple(sorted({(one[2], one[3]) for one in places if one[2] and one[3]}, key=lambda one: one[1])),
        terms=tuple(sorted({(one[0], one[1]) for one in places if one[0]}, key=lambda one: one[1])),
        courses=tuple(newest[:MOST_COURSES_OFFERED]),
    )


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())
