"""The small university of the services' tests with people who act, brought to where a module's tests begin.

A first sync takes a while, so a module does it once: its rows stand in a transaction around all its tests, of which
each undoes only its own part, and each gets a copy of the sandbox.
"""

import copy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from accommodations.models import ActionLogEntry, CanvasConnection, PairStatus, Student
from accommodations.services import accommodations, people
from accommodations.services.rate_budget import RateBudget
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from tests.accommodations.services.conftest import (
    University,
    carry_out,
    connect,
    reach,
    small_university,
    time_and_a_half,
)
from tests.factories import make_user


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


def give(student: Student, *values: Any) -> None:
    """Record accommodations and bring them into Canvas."""
    _, run = accommodations.record_accommodations(
        student=student, recorded_by=make_user(), values=list(values), reads_before_applying=False
    )
    if run is not None:
        carry_out(run)


def made_once(make: Callable[[University], Begun], blocker: DjangoDbBlocker) -> Iterator[Begun]:
    """Keep what `make` brings about, in Leeway's rows and in the sandbox, until all tests of a module have run."""
    university = small_university()
    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        patch.setattr(django_settings, "ALLOWED_CANVAS_HOSTS", [])
        patch.setattr(RateBudget, "before_request", lambda budget: None)
        reach(university, django_settings, patch)
        rows = transaction.atomic()
        rows.__enter__()
        try:
            connect()
            begun = make(university)
        except BaseException:
            transaction.set_rollback(True)
            rows.__exit__(None, None, None)
            raise
    yield begun
    with blocker.unblock():
        transaction.set_rollback(True)
        rows.__exit__(None, None, None)


def ada_in_leeway() -> Student:
    return people.find_or_read_student(query="ada")


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Beginning]:
    """Begin with a running attempt; a module that begins elsewhere has a fixture of this name of its own."""
    yield from made_once(an_attempt_runs, django_db_blocker)


@pytest.fixture
def begun(beginning: Any, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a copy of the module's beginning, with the gateway connected to its own sandbox."""
    state = beginning.university.state
    copied = copy.deepcopy(beginning, {id(state.lock): threading.RLock()})
    reach(copied.university, settings, monkeypatch)
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
