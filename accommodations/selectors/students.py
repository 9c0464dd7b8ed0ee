"""Students as lists and the student's page show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from accommodations.models import (
    Accommodation,
    AccommodationException,
    Course,
    CourseRelease,
    PairStatus,
    Student,
)
from accommodations.planning.statuses import NOT_COVERED, Status
from accommodations.selectors import accommodation_words as words
from accommodations.selectors.assignment_groups import notes_on_accommodations
from accommodations.selectors.concerns import open_concern_of_pair
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.groups import with_facts_of_groups
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.pairs import PairRow, rows, rows_with_steps
from accommodations.selectors.visibility import Viewer, students_visible_to

SORTS = ("name", "gaps", "next", "accommodations")


def student_list(user: Viewer, *, search: str = "", sort: str = "name", now: datetime) -> QuerySet[Student]:
    """Return the students that the person may see, with counts of what is in force, in place and not covered."""
    return _counted(_named(students_visible_to(user), search), now).order_by(*_order(sort))


def students_named(search: str) -> QuerySet[Student]:
    """Return the students on record of whom every word is a part of the name, login or SIS id."""
    return _named(Student.objects.all(), search).order_by("sortable_name", "pk")


def _named(students: QuerySet[Student], search: str) -> QuerySet[Student]:
    for word in escaped_terms(search):
        students = students.filter(any_contains(word, "name", "sortable_name", "login_id", "sis_user_id"))
    return students


def _counted(students: QuerySet[Student], now: datetime) -> QuerySet[Student]:
    """Annotate counts by subqueries: joins of two to-many relations would multiply each other."""
    pairs = PairStatus.objects.filter(student=OuterRef("pk")).order_by().values("student")
    gaps = pairs.filter(IS_GAP).annotate(number=Count("pk")).values("number")
    in_place = pairs.filter(status=Status.IN_PLACE).annotate(number=Count("pk")).values("number")
    ahead = pairs.filter(is_exam=True, opens_at__gt=now).annotate(at=Min("opens_at")).values("at")
    in_force = (
        Accommodation.objects.filter(student=OuterRef("pk"))
        .exclude(status=Accommodation.Status.ENDED)
        .order_by()
        .values("student")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return students.annotate(
        gap_count=Coalesce(Subquery(gaps), 0),
        in_place_count=Coalesce(Subquery(in_place), 0),
        accommodation_count=Coalesce(Subquery(in_force), 0),
        next_exam_at=Subquery(ahead),
    )


def _order(sort: str) -> tuple[str | OrderBy, ...]:
    field = {
        "name": F("sortable_name"),
        "gaps": F("gap_count"),
        "next": F("next_exam_at"),
        "accommodations": F("accommodation_count"),
    }[sort.removeprefix("-")]
    main = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
    return (main, "sortable_name", "pk")


def accommodations_of(student: Student) -> tuple[list[Accommodation], list[Accommodation]]:
    """Return those that count or will, and those that have ended, newest first."""
    everything = student.accommodations.select_related(
        "term", "course", "assessment", "recorded_by", "approved_by"
    ).order_by("provision", "-effective_from", "-pk")
    ended = [row for row in everything if row.status == Accommodation.Status.ENDED]
    return [row for row in everything if row.status != Accommodation.Status.ENDED], ended


@dataclass(frozen=True, slots=True)
class AccommodationLine:
    """An accommodation in words, with its versions, newest first."""

    row: Accommodation
    title: str
    counts_for: str
    status: str
    icon: str
    versions: "list[AccommodationLine]"
    changed_by: str = ""
    changed_at: datetime | None = None
    group_notes: tuple[str, ...] = ()

    @property
    def needs_approval(self) -> bool:
        """Whether somebody is still to approve it: a draft, or an urgent one that counts already."""
        if self.row.status == Accommodation.Status.ENDED:
            return False
        return self.row.status == Accommodation.Status.DRAFT or words.is_urgent(self.row)


def accommodation_lines(
    accommodations: Iterable[Accommodation], *, with_versions: bool = True
) -> list[AccommodationLine]:
    """Return the accommodations in words; all their versions are read in one query, where they are wanted."""
    listed = list(accommodations)
    if not with_versions:
        return [_line(row, []) for row in listed]
    versions: dict[int, list[AccommodationLine]] = {row.pk: [] for row in listed}
    changed = [row.pk for row in listed if row.version > 1]
    history = Accommodation.history.filter(id__in=changed).select_related(
        "history_user", "term", "course", "assessment"
    )
    # Without a change nobody reads a first version: it is the row, and Django asks nothing for an empty list.
    for version in history.order_by("-history_date", "-history_id"):
        versions[version.id].append(_line(version, []))
    return [_line(row, versions[row.pk]) for row in listed]


def with_group_notes(student: Student, lines: Sequence[AccommodationLine]) -> list[AccommodationLine]:
    """Return the lines with what is to be said of assignment groups that they name and a course has not."""
    notes = notes_on_accommodations(student, [line.row for line in lines])
    return [replace(line, group_notes=tuple(notes.get(line.row.pk, ()))) for line in lines]


def _line(row: Any, versions: list[AccommodationLine]) -> AccommodationLine:
    """Return a row, or a version of one: both carry the same fields."""
    user = getattr(row, "history_user", None)
    return AccommodationLine(
        row=row,
        title=words.title(row),
        counts_for=words.counts_for(row),
        status=words.status_words(row),
        icon=words.STATUS_ICONS[row.status],
        versions=versions,
        changed_by=(user.get_full_name() or user.get_username()) if user else "Leeway",
        changed_at=getattr(row, "history_date", None),
    )


@dataclass(frozen=True, slots=True)
class CourseGroup:
    """A course of the student and the pairs in it."""

    course: Course
    ahead: list[PairRow]
    over: list[PairRow]
    is_released: bool

    @property
    def shown(self) -> list[PairRow]:
        """Return the rows ahead that say something."""
        return [row for row in self.ahead if not row.is_quiet]

    @property
    def quiet(self) -> list[PairRow]:
        """Return the rows ahead that need nothing, for one line."""
        return [row for row in self.ahead if row.is_quiet]


def pairs_by_course(student: Student, *, now: datetime, steps_for: Viewer | None = None) -> list[CourseGroup]:
    """Return the student's pairs course by course: what is ahead, next first, and what is over.

    Each with the one button that helps the person of `steps_for`.
    """
    released = CourseRelease.objects.filter(student=OuterRef("student"), course=OuterRef("course"))
    pairs = (
        PairStatus.objects.filter(student=student)
        .annotate(is_released=Exists(released))
        .select_related("student", "assessment", "course", "settled_by")
        .annotate(open_concern_id=open_concern_of_pair())
        .order_by("course__course_code", "course_id", F("opens_at").asc(nulls_last=True), "assessment__name")
    )
    groups = []
    opened = rows(pairs) if steps_for is None else rows_with_steps(steps_for, with_facts_of_groups(pairs))
    for _, of_course in groupby(opened, key=lambda row: row.pair.course_id):
        listed = list(of_course)
        first: Any = listed[0].pair  # annotated
        groups.append(
            CourseGroup(
                course=first.course,
                ahead=[row for row in listed if not is_over(row.pair, now)],
                over=[row for row in listed if is_over(row.pair, now)],
                is_released=not student.needs_release or first.is_released,
            )
        )
    return groups


def is_over(pair: PairStatus, now: datetime) -> bool:
    """Whether nobody can do anything about it any more: past, or missed and settled."""
    if pair.status == Status.MISSED:
        return pair.settled_at is not None
    return pair.status == Status.PAST or (pair.closes_at is not None and pair.closes_at < now)


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of the first sentence of a student's page."""

    needed: int
    in_place: int
    not_covered: dict[str, int]
    nothing_needed: int
    last_read_at: datetime | None


def summary_of(groups: Iterable[CourseGroup]) -> Summary:
    """Return how many of the pairs ahead are in place, and how many not, by status."""
    pairs = [row.pair for group in groups for row in group.ahead]
    open_pairs = [pair for pair in pairs if pair.settled_at is None and pair.is_granted]
    counts = {
        status.value: number
        for status in Status
        if status in NOT_COVERED and (number := sum(pair.status == status for pair in open_pairs))
    }
    in_place = sum(pair.status == Status.IN_PLACE for pair in pairs)
    return Summary(
        needed=in_place + sum(counts.values()),
        in_place=in_place,
        not_covered=counts,
        nothing_needed=sum(pair.status == Status.NOT_NEEDED for pair in pairs),
        last_read_at=max((pair.read_at for pair in pairs), default=None),
    )


def exceptions_of(student: Student, *, today: date) -> QuerySet[AccommodationException]:
    """Return the exceptions that count today."""
    return student.exceptions.filter(withdrawn_at__isnull=True, effective_until__gte=today).select_related(
        "course", "assessment", "decided_by"
    )


def releases_of(student: Student) -> QuerySet[CourseRelease]:
    """Return the courses into which the student asked for it, newest first."""
    return student.releases.select_related("course", "released_by").order_by("-released_at")
