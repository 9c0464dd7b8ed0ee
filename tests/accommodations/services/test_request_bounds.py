"""Q01 to Q04 exactly: what each sync asks of Canvas, counted by endpoint against the facts of the assumed mix."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from pytest_django import DjangoDbBlocker

from accommodations.models import Course, PairStatus, Student, SyncRun
from accommodations.planning.statuses import Reason, Status
from accommodations.services import accommodations, connections, people, sync_runs
from benchmarks.mix import PAGE, CourseMix, Mix, made_mix, reading, reading_back, writing
from tests.accommodations.services.conftest import (
    TOKEN,
    carry_out,
    connect,
    one_attempt_more,
    reach,
    rows,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user
from tests.kept import copy_of, kept_between_tests

pytestmark = pytest.mark.django_db
ENROLLMENTS = "GET /api/v1/users/:user_id/enrollments"
ASSIGNMENTS = "GET /api/v1/courses/:course_id/assignments"
QUIZZES = "GET /api/v1/courses/:course_id/quizzes"
GROUPS = "GET /api/v1/courses/:course_id/groups"
NEW_QUIZZES = "GET /api/quiz/v1/courses/:course_id/quizzes"
LOOKS = "GET /api/v1/courses/:course_id/quizzes/:quiz_id/submissions"
PAPER_LOOKS = "GET /api/v1/courses/:course_id/students/submissions"
EXTENSIONS = "POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions"
NEW_QUIZ_ACCOMMODATIONS = "POST /api/quiz/v1/courses/:course_id/quizzes/:assignment_id/accommodations"
PAPER_EXTENSIONS = "POST /api/v1/courses/:course_id/assignments/:assignment_id/extensions"
NEW_OVERRIDES = "POST /api/v1/courses/:course_id/assignments/overrides"
CHANGED_OVERRIDES = "PUT /api/v1/courses/:course_id/assignments/overrides"
APART = (LOOKS, PAPER_LOOKS)
"""What others have set is read once before the first write (R1): as the read-back, counted apart from the bound."""

WITH_TIME, WITH_ATTEMPTS, WITH_DATES = {0, 1}, {1}, {2}


@dataclass
class FirstNight:
    """The mix after its first full sync, and what that asked of Canvas, by endpoint."""

    mix: Mix
    asked: Counter[str]


def connected_mix(monkeypatch: pytest.MonkeyPatch) -> Mix:
    """Return seven courses, one of them large, and four students known to the mirror; nothing is synced yet."""
    mixed = made_mix(students=4, courses=7, now=datetime.now(UTC), one_large_in=7)
    mixed.state.add_admin_token(TOKEN)
    reach(mixed.state, monkeypatch)
    connection = connect(courses_read_at=datetime.now(UTC))
    for person in mixed.students:
        people.find_or_read_student(query=person.login_id)
    connections.token_time_zone(connection, connections.gateway_for(connection))
    return mixed


def the_first_night(monkeypatch: pytest.MonkeyPatch) -> FirstNight:
    mixed = connected_mix(monkeypatch)
    approve_all(mixed)
    return FirstNight(mixed, night(mixed))


@pytest.fixture
def mix(db: None, monkeypatch: pytest.MonkeyPatch) -> Mix:
    return connected_mix(monkeypatch)


@pytest.fixture(scope="class")
def kept_night(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[FirstNight]:
    yield from kept_between_tests(the_first_night, django_db_blocker)


@pytest.fixture
def first_night(kept_night: FirstNight, db: None, monkeypatch: pytest.MonkeyPatch) -> FirstNight:
    copied = copy_of(kept_night, kept_night.mix.state)
    reach(copied.mix.state, monkeypatch)
    return copied


def approve_all(mix: Mix) -> None:
    """Record what the students are approved for; the syncs that this queues are not run."""
    office = make_user()
    for number, person in enumerate(mix.students):
        values = [
            *([time_and_a_half()] if number in WITH_TIME else []),
            *([one_attempt_more()] if number in WITH_ATTEMPTS else []),
            *([two_days_later()] if number in WITH_DATES else []),
        ]
        if values:
            student = Student.objects.get(canvas_user_id=person.id)
            accommodations.record_accommodations(student=student, recorded_by=office, values=values)
    SyncRun.objects.all().delete()


def night(mix: Mix) -> Counter[str]:
    """Run a nightly sync and return its requests by endpoint."""
    mix.state.control.requests.clear()
    run = carry_out(sync_runs.request_sync_run(trigger=SyncRun.Trigger.NIGHTLY))
    assert run.status == SyncRun.Status.DONE
    return Counter(one.endpoint for one in mix.state.control.requests)


def concerned(mix: Mix) -> list[CourseMix]:
    return [one for one in mix.courses if set(one.students) & (WITH_TIME | WITH_ATTEMPTS | WITH_DATES)]


def students_with_something() -> int:
    return len(WITH_TIME | WITH_ATTEMPTS | WITH_DATES)


def bound(asked: Counter[str]) -> int:
    return sum(number for endpoint, number in asked.items() if endpoint not in APART)


def test_q03_one_accommodation_costs_its_students_courses_alone(mix: Mix) -> None:
    student = Student.objects.get(canvas_user_id=mix.students[3].id)
    _, run = accommodations.record_accommodation(
        student=student, recorded_by=make_user(), values=time_and_a_half(), reads_before_applying=False
    )
    assert run is not None
    SyncRun.objects.filter(pk=run.pk).update(requested_by=None)
    mix.state.control.requests.clear()
    carry_out(run)
    asked = Counter(one.endpoint for one in mix.state.control.requests)
    courses = [one for one in mix.courses if 3 in one.students]
    formula = sum(reading(one) + writing(one, with_time={3}, with_attempts=set(), with_dates=set()) for one in courses)
    assert bound(asked) == 1 + formula
    assert asked[LOOKS] == sum(one.classic_quizzes for one in courses)


def hourly(mix: Mix, course: CourseMix) -> Counter[str]:
    """Sync one course as every hour, and return its requests by endpoint."""
    row = Course.objects.get(canvas_course_id=course.course.id)
    mix.state.control.requests.clear()
    carry_out(sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=[row]))
    return Counter(one.endpoint for one in mix.state.control.requests)


class TestAfterTheFirstNight:
    """What begins with the first full sync, which is made once."""

    def test_q01_and_q02_the_first_full_sync_of_the_mix_and_the_night_after_it_by_endpoint(
        self, first_night: FirstNight
    ) -> None:
        mix, asked = first_night.mix, first_night.asked
        courses = concerned(mix)
        here = [(one, set(one.students)) for one in courses]
        quizzes = [one for one, students in here if students & (WITH_TIME | WITH_ATTEMPTS)]
        papers = [one for one, students in here if students & WITH_ATTEMPTS]
        dated = [(one, len(students & WITH_DATES)) for one, students in here]
        assert asked == Counter(
            {
                ENROLLMENTS: students_with_something(),
                ASSIGNMENTS: sum(ceil(one.assessments / PAGE) for one, _ in here)
                + sum(reading_back(one, with_dates=WITH_DATES) for one, _ in here),
                QUIZZES: sum(max(1, ceil(one.classic_quizzes / PAGE)) for one, _ in here),
                NEW_QUIZZES: sum(one.new_quizzes > 0 for one, _ in here),
                GROUPS: sum(one.group_sets for one, _ in here),
                LOOKS: sum(one.classic_quizzes for one in quizzes),
                EXTENSIONS: sum(one.classic_quizzes for one in quizzes),
                NEW_QUIZ_ACCOMMODATIONS: sum(one.new_quizzes for one in quizzes),
                PAPER_LOOKS: sum(one.limited > 0 for one in papers),
                PAPER_EXTENSIONS: sum(one.limited for one in papers),
                NEW_OVERRIDES: sum(ceil(number * (one.assessments - one.group_sets) / 50) for one, number in dated),
            }
        )
        formula = students_with_something() + sum(
            reading(one) + writing(one, with_time=WITH_TIME, with_attempts=WITH_ATTEMPTS, with_dates=WITH_DATES)
            for one, _ in here
        )
        assert bound(asked) == formula + sum(reading_back(one, with_dates=WITH_DATES) for one, _ in here)
        of_groups = PairStatus.objects.filter(reason=Reason.GROUP_ASSIGNMENT)
        assert of_groups.count() == sum(number * one.group_sets for one, number in dated) > 0
        in_order = (Status.IN_PLACE, Status.NOT_NEEDED)
        assert not PairStatus.objects.exclude(status__in=in_order).exclude(pk__in=of_groups).exists()

        before = rows()
        asked = night(mix)
        assert asked == Counter(
            {
                ENROLLMENTS: students_with_something(),
                ASSIGNMENTS: sum(ceil(one.assessments / PAGE) for one in courses),
                QUIZZES: len(courses),
                NEW_QUIZZES: sum(one.new_quizzes > 0 for one in courses),
                GROUPS: sum(one.group_sets for one in courses),
            }
        )
        assert sum(asked.values()) == students_with_something() + sum(map(reading, courses))
        new = {name: number - before[name] for name, number in rows().items() if number != before[name]}
        assert new.pop("CourseSync") == len(courses)
        assert sum(new.values()) <= 5, new

    def test_q04_one_change_of_the_instructor_costs_one_write_when_polled(self, first_night: FirstNight) -> None:
        mix = first_night.mix
        course = next(one for one in mix.courses if one.classic_quizzes and 1 in one.students and 2 in one.students)
        quiz = next(iter(mix.state.quizzes.where("course", course.course.id)))
        assignment = mix.state.assignments[quiz.assignment_id or 0]
        for item in (quiz, assignment):
            item.due_at = item.lock_at = (item.due_at or datetime.now(UTC)) + timedelta(days=1)
        asked = hourly(mix, course)
        assert bound(asked) == reading(course) + 1 + reading_back(course, with_dates=WITH_DATES)
        assert asked[CHANGED_OVERRIDES] == 1
        quiz.time_limit = 80
        asked = hourly(mix, course)
        assert bound(asked) == reading(course) + 1
        assert asked[EXTENSIONS] == 1
