"""The small university of the services' tests, with a student whose attempt is running, and people who act."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accommodations.models import ActionLogEntry, CanvasConnection, PairStatus, Student
from accommodations.services import accommodations
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from tests.accommodations.services.conftest import (
    University,
    ada,
    ben,
    carry_out,
    connection,
    time_and_a_half,
    university,
)
from tests.factories import make_user

__all__ = ["ada", "ben", "connection", "university"]


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


@pytest.fixture
def running(connection: CanvasConnection, university: University, ada: Student) -> Running:
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
    give(ada, time_and_a_half())
    pair = PairStatus.objects.get(student=ada, assessment__canvas_quiz_id=quiz.id)
    return Running(university, quiz, row, pair)


def log_of(pair: PairStatus) -> list[str]:
    """Return the writes that the log tells of a pair, oldest first."""
    entries = ActionLogEntry.objects.filter(
        student_id_logged=pair.student_id, assessment_id_logged=pair.assessment_id, act__startswith="canvas.write"
    )
    return [entry.act for entry in entries.order_by("sequence")]
