"""How many requests to Canvas the schedule needs: each course counted as a sync that finds nothing to change.

R = ceil(a / 100) + max(1, ceil(q / 100)) + (ceil(n / 100) if n): pages of assignments, classic quizzes and New Quizzes.
Group sets and reading extensions back come on top: a few requests in courses with group assignments or exams ahead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from math import ceil
from operator import or_
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accommodations.models import Assessment, Course, Student
from accommodations.selectors.rules import counting_accommodations
from accommodations.selectors.sync import courses_concerned, courses_with_exams_soon
from canvas_bridge.facts import AssessmentKind

PER_PAGE = 100
EMPTY = 2
"""The requests of a course without an assessment: both lists are asked for, and empty."""
OUTFLOW_A_SECOND = 10
"""Units that flow out of a token's bucket each second: so much may all its requests cost on average."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the schedule: how often, over how many courses, and the requests of one time."""

    name: str
    every: timedelta
    courses: int
    requests: int

    @property
    def minutes(self) -> int:
        """Return its interval in minutes."""
        return int(self.every.total_seconds() // 60)

    @property
    def a_second(self) -> float:
        """Return its requests per second, spread over its interval."""
        return self.requests / self.every.total_seconds()

    def share(self, mean_cost: float) -> float:
        """Return which share of what Canvas lets through it takes, at so many units a request."""
        return self.a_second * mean_cost / OUTFLOW_A_SECOND


def rows_of_need(*, now: datetime) -> dict[str, QuerySet[Any]]:
    """Return what is counted for `rounds_needed`: rows whose numbers a page reads together with others."""
    return {
        "courses_concerned": courses_concerned(now=now),
        "courses_with_exams": courses_with_exams_soon(now=now),
        "students_counting": Student.objects.filter(pk__in=counting_accommodations().values("student")),
        "courses": Course.objects.all(),
    }


def rounds_needed(
    numbers: Mapping[str, int],
    *,
    now: datetime,
    exams_every: timedelta,
    hourly_every: timedelta,
    nightly_every: timedelta,
) -> tuple[Round, ...]:
    """Return what each round of the schedule needs here and now; `numbers` are those of `rows_of_need`."""
    concerned, with_exams = courses_concerned(now=now), courses_with_exams_soon(now=now)
    of_hour, of_exams = requests_of(concerned, with_exams)
    exams, hourly = numbers["courses_with_exams"], numbers["courses_concerned"]
    asked_for_exams = sum(of_exams) + EMPTY * (exams - len(of_exams))
    asked_hourly = sum(of_hour) + EMPTY * (hourly - len(of_hour))
    lists = ceil(numbers["courses"] / PER_PAGE)
    return (
        Round("exams", exams_every, exams, asked_for_exams),
        Round("hourly", hourly_every, hourly, asked_hourly),
        Round("nightly", nightly_every, hourly, asked_hourly + numbers["students_counting"] + lists),
    )


def requests_of(*several: QuerySet[Course]) -> list[list[int]]:
    """Return for each of several sets of courses the requests of a sync that finds nothing to change, in one query.

    Courses of which nothing was read yet, or that are empty, are left out: each is asked for both of its lists (EMPTY).
    """
    sets = [courses.order_by().values("pk") for courses in several]
    listed = Q(is_deleted=False) & reduce(or_, (Q(course__in=one) for one in sets))
    is_in = {
        f"is_in_{at}": Case(When(course__in=one, then=Value(True)), default=Value(False)) for at, one in enumerate(sets)
    }
    rows = (
        Assessment.objects.filter(listed)
        .order_by()
        .annotate(**is_in)
        .values("course", *is_in)
        .annotate(
            assignments=Count("pk", filter=Q(canvas_assignment_id__isnull=False)),
            classic=Count("pk", filter=Q(kind=AssessmentKind.CLASSIC_QUIZ.value)),
            new=Count("pk", filter=Q(kind=AssessmentKind.NEW_QUIZ.value)),
        )
    )
    found = [(row, requests_of_course(row["assignments"], row["classic"], row["new"])) for row in rows]
    return [[number for row, number in found if row[name]] for name in is_in]


def requests_of_course(assignments: int, classic_quizzes: int, new_quizzes: int) -> int:
    """Return R of one course."""
    pages = max(1, ceil(assignments / PER_PAGE)) + max(1, ceil(classic_quizzes / PER_PAGE))
    return pages + ceil(new_quizzes / PER_PAGE)


def total_a_second(rounds: Iterable[Round]) -> float:
    """Return the requests per second of all rounds together."""
    return sum(one.a_second for one in rounds)
