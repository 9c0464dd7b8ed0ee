"""How many requests to Canvas the schedule needs: each course counted as a sync that finds nothing to change.

R = ceil(a / 100) + max(1, ceil(q / 100)) + (ceil(n / 100) if n): pages of assignments, classic quizzes and New Quizzes.
Group sets and reading extensions back come on top: a few requests in courses with group assignments or exams ahead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Q, QuerySet

from accommodations.models import Assessment, Course, Student
from accommodations.selectors.rules import counting_accommodations
from accommodations.selectors.sync import courses_concerned, courses_with_exams_soon
from canvas_bridge.facts import AssessmentKind

PER_PAGE = 100
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


def rounds_needed(
    *, now: datetime, exams_every: timedelta, hourly_every: timedelta, nightly_every: timedelta
) -> tuple[Round, ...]:
    """Return what each round of the schedule needs here and now."""
    concerned = requests_of(courses_concerned(now=now))
    exams = requests_of(courses_with_exams_soon(now=now))
    students = Student.objects.filter(pk__in=counting_accommodations().values("student")).count()
    lists = ceil(Course.objects.count() / PER_PAGE)
    return (
        Round("exams", exams_every, len(exams), sum(exams)),
        Round("hourly", hourly_every, len(concerned), sum(concerned)),
        Round("nightly", nightly_every, len(concerned), sum(concerned) + students + lists),
    )


def requests_of(courses: QuerySet[Course]) -> list[int]:
    """Return the requests of a sync of each course that finds nothing to change."""
    listed = Q(is_deleted=False, course__in=courses.order_by().values("pk"))
    counted = (
        Assessment.objects.filter(listed)
        .order_by()
        .values("course")
        .annotate(
            assignments=Count("pk", filter=Q(canvas_assignment_id__isnull=False)),
            classic=Count("pk", filter=Q(kind=AssessmentKind.CLASSIC_QUIZ.value)),
            new=Count("pk", filter=Q(kind=AssessmentKind.NEW_QUIZ.value)),
        )
        .values_list("assignments", "classic", "new")
    )
    found = [requests_of_course(*numbers) for numbers in counted]
    # A course of which nothing was read yet, or that is empty, is still asked for both of its lists.
    return found + [requests_of_course(0, 0, 0)] * (courses.count() - len(found))


def requests_of_course(assignments: int, classic_quizzes: int, new_quizzes: int) -> int:
    """Return R of one course."""
    pages = max(1, ceil(assignments / PER_PAGE)) + max(1, ceil(classic_quizzes / PER_PAGE))
    return pages + ceil(new_quizzes / PER_PAGE)


def total_a_second(rounds: Iterable[Round]) -> float:
    """Return the requests per second of all rounds together."""
    return sum(one.a_second for one in rounds)
