"""The assumed mix of courses (docs/benchmarks.md) in a sandbox of its own, and what its facts say a sync may cost.

5 courses for each student; 6 of 10 courses have 4 timed quizzes, every fifth of which is a New Quiz; 25 assessments to
a course, and more than 100 in one of 33. In one course of seven a group hands one assignment in together.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState

PAGE, BATCH = 100, 50
COURSES_EACH = 5
ASSESSMENTS, MANY_ASSESSMENTS = 25, 104
QUIZZES, WITH_QUIZZES, OF_TEN = 4, 6, 10
ONE_LARGE_IN, ONE_NEW_IN, ONE_WITH_GROUPS_IN = 33, 5, 7
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class CourseMix:
    """What one course of the mix holds, and who of the students with accommodations is in it."""

    course: Course
    assessments: int
    classic_quizzes: int
    new_quizzes: int
    limited: int
    """Assignments with a limited number of attempts, quizzes left out."""
    group_sets: int = 0
    students: list[int] = field(default_factory=list)
    """Positions of the students with accommodations."""


@dataclass
class Mix:
    """A sandbox with its courses and the students who have accommodations."""

    state: SandboxState
    courses: list[CourseMix]
    students: list[User]


def made_mix(*, students: int, courses: int, now: datetime, one_large_in: int = ONE_LARGE_IN) -> Mix:
    """Return the mix; assessments lie a week and more ahead, so that nothing is open, nor read before it opens."""
    state = SandboxState(time_zone="America/New_York")
    term = state.add_term("This term", start_at=now - 30 * DAY, end_at=now + 120 * DAY)
    large = range(one_large_in - 1, courses, one_large_in)
    mixed = [_course(state, term, number, now, is_large=number in large) for number in range(courses)]
    people = [state.add_user(f"Person {number}", login_id=f"person{number}") for number in range(students)]
    for number, person in enumerate(people):
        for step in range(min(COURSES_EACH, courses)):
            mix = mixed[(number * COURSES_EACH + step) % courses]
            state.enroll(person, mix.course)
            mix.students.append(number)
    return Mix(state, mixed, people)


def _course(state: SandboxState, term: object, number: int, now: datetime, *, is_large: bool) -> CourseMix:
    course = state.add_course(f"Course {number}", f"C {number}", term=term)
    whole = MANY_ASSESSMENTS if is_large else ASSESSMENTS
    quizzes = QUIZZES if number % OF_TEN < WITH_QUIZZES else 0
    mix = CourseMix(course, whole, 0, 0, 0)
    for position in range(whole):
        opens_at = now + (7 + position % 60) * DAY
        dates = {"unlock_at": opens_at, "due_at": opens_at + 2 * DAY, "lock_at": opens_at + 3 * DAY}
        if position >= quizzes:
            is_limited = position % 8 == 0
            is_of_groups = position == whole - 1 and number % ONE_WITH_GROUPS_IN == ONE_WITH_GROUPS_IN // 2
            teams = state.add_group_category(course, "Teams") if is_of_groups else None
            attempts = 2 if is_limited else -1
            state.add_assignment(course, f"Task {position}", allowed_attempts=attempts, group_category=teams, **dates)
            mix.limited += is_limited
            mix.group_sets += is_of_groups
        elif (number * QUIZZES + position) % ONE_NEW_IN == ONE_NEW_IN - 1:
            state.add_new_quiz(course, f"New Quiz {position}", time_limit_seconds=3600, **dates)
            mix.new_quizzes += 1
        else:
            state.add_quiz(course, f"Quiz {position}", time_limit=60, **dates)
            mix.classic_quizzes += 1
    return mix


def reading(mix: CourseMix) -> int:
    """Return R: the requests that read one course."""
    a, q, n = mix.assessments, mix.classic_quizzes, mix.new_quizzes
    return ceil(a / PAGE) + max(1, ceil(q / PAGE)) + (ceil(n / PAGE) if n else 0) + mix.group_sets


def writing(mix: CourseMix, *, with_time: set[int], with_attempts: set[int], with_dates: set[int]) -> int:
    """Return W: the requests that write everything that the students of one course are granted for the first time."""
    here = set(mix.students)
    has_quiz_grant = bool(here & (with_time | with_attempts))
    requests = (mix.classic_quizzes + mix.new_quizzes) if has_quiz_grant else 0
    requests += mix.limited if here & with_attempts else 0
    overrides = len(here & with_dates) * (mix.assessments - mix.group_sets)  # a group's assignment is held
    return requests + ceil(overrides / BATCH)


def reading_back(mix: CourseMix, *, with_dates: set[int]) -> int:
    """Return the requests that read back the overrides written in one course."""
    return ceil(mix.assessments / PAGE) if set(mix.students) & with_dates else 0
