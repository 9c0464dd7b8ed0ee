"""The small university of the services' tests with people who act, brought to where a module's tests begin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import pytest
from pytest_django import DjangoDbBlocker

from accommodations.models import ActionLogEntry, CanvasConnection, PairStatus, Student
from accommodations.services import people
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from tests.accommodations.services.conftest import (
    University,
    connect,
    give,
    reach,
    small_university,
    time_and_a_half,
)
from tests.kept import copy_of, kept_between_tests


class Beginning(Protocol):
    """Where the tests of a module begin: the university, and whatever of it they look at."""

    university: University


Begun = TypeVar("Begun", bound=Beginning)


def now() -> datetime:
    """Return now, in whole seconds, as Canvas stores instants."""
    return datetime.now(UTC).replace(microsecond=0)


def in_minutes(minutes: float) -> datetime:
    return now() + timedelta(minutes=minutes)


@dataclass
class Running:
    """An attempt of 60 minutes that began twenty minutes ago, before the student's 30 extra minutes were in Canvas."""

    university: University
    quiz: Quiz
    row: QuizSubmission
    pair: PairStatus

    @property
    def end_at(self) -> datetime:
        assert self.row.end_at is not None
        return self.row.end_at


def begin_with(make: Callable[[University], Begun], blocker: DjangoDbBlocker) -> Iterator[Begun]:
    """Keep what `make` brings about in a small university, connected, for all tests of a module."""

    def begun(patch: pytest.MonkeyPatch) -> Begun:
        university = small_university()
        reach(university.state, patch)
        connect()
        return make(university)

    yield from kept_between_tests(begun, blocker)


def ada_in_leeway() -> Student:
    return people.find_or_read_student(query="ada")


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Beginning]:
    """Begin with a running attempt; a module that begins elsewhere has a fixture of this name of its own."""
    yield from begin_with(an_attempt_runs, django_db_blocker)


@pytest.fixture
def begun(beginning: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a copy of the module's beginning, with the gateway connected to its own sandbox."""
    copied = copy_of(beginning, beginning.university.state)
    reach(copied.university.state, monkeypatch)
    return copied


@pytest.fixture
def university(begun: Beginning) -> University:
    return begun.university


@pytest.fixture
def connection(begun: Beginning) -> CanvasConnection:
    return CanvasConnection.objects.get()


@pytest.fixture
def ada(begun: Beginning) -> Student:
    return Student.objects.get(login_id="ada")


@pytest.fixture
def running(begun: Running) -> Running:
    return begun


def an_attempt_runs(university: University) -> Running:
    quiz = university.state.add_quiz(
        university.course,
        "Quiz today",
        time_limit=60,
        allowed_attempts=1,
        unlock_at=in_minutes(-30),
        due_at=in_minutes(300),
        lock_at=in_minutes(300),
        created_at=in_minutes(-60 * 24 * 20),
    )
    row = university.state.start_attempt(quiz, university.ada, started_at=in_minutes(-20))
    ada = ada_in_leeway()
    give(ada, time_and_a_half())
    pair = PairStatus.objects.get(student=ada, assessment__canvas_quiz_id=quiz.id)
    return Running(university, quiz, row, pair)


def log_of(pair: PairStatus) -> list[str]:
    """Return the writes that the log tells of a pair, oldest first."""
    entries = ActionLogEntry.objects.filter(
        student_id_logged=pair.student_id, assessment_id_logged=pair.assessment_id, act__startswith="canvas.write"
    )
    return [entry.act for entry in entries.order_by("sequence")]
