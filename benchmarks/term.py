"""Q09: a simulated term. The clock jumps, instructors add and change quizzes, the schedule runs as beat starts it."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from unittest.mock import patch

from django.contrib.auth.models import User
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from accommodations.models import CanvasConnection, PairStatus
from accommodations.planning.statuses import Status
from accommodations.services import accommodations, connections, people, sync_runs, waking
from accommodations.services.accommodation_values import AccommodationValues
from accommodations.services.sync_runner import run_course_sync
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.state import SandboxState

TOKEN = "token-of-the-simulated-term"  # noqa: S105  # opens a sandbox that ends with this process
BEGIN = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
"""The morning before the clocks go back in New York."""
STEP = timedelta(minutes=5)
EXAMS_EVERY, HOURLY_AT, NIGHTLY_AT = 15, 7, (6, 23)
IN_TIME = timedelta(minutes=75)
LIMIT = 60
GAPS = (Status.MISSED.value, Status.FAILED.value, Status.SHORT.value)


@dataclass
class Simulated:
    """What came of it: openings that had to be covered, and were; late ones, and how long they lacked it.

    `longest_lack` is the longest time from an opening until Canvas held the grant or the pair said that it does not.
    """

    days: int
    openings: int = 0
    covered: int = 0
    late: int = 0
    late_settled: int = 0
    longest_lack: timedelta = timedelta()
    uncovered: list[str] = field(default_factory=list)


@dataclass
class _Opening:
    """One quiz that opens, and when it existed in its last form."""

    quiz: Quiz
    since: datetime
    is_seen: bool = False
    is_settled: bool = False

    @property
    def at(self) -> datetime:
        at = self.quiz.unlock_at
        if at is None:
            raise ValueError("every quiz of the simulation has an unlock date")
        return at

    @property
    def is_in_time(self) -> bool:
        return self.at - self.since >= IN_TIME


class Term:
    """The world: two courses, three students with time and a half, and instructors who never plan ahead."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # repeatable, not secret
        self.now = BEGIN
        self.state = SandboxState(time_zone="America/New_York", now=BEGIN)
        self.state.add_admin_token(TOKEN)
        term = self.state.add_term("Fall", start_at=BEGIN - timedelta(days=60), end_at=BEGIN + timedelta(days=120))
        self.courses = [self.state.add_course(f"Course {number}", f"C {number}", term=term) for number in (1, 2)]
        self.people = [self.state.add_user(f"Person {number}", login_id=f"person{number}") for number in range(3)]
        for person in self.people:
            for course in self.courses:
                self.state.enroll(person, course)
        self.openings: list[_Opening] = []

    def record(self) -> None:
        """Approve time and a half for everybody."""
        office = User.objects.create(username="term")
        CanvasConnection.objects.create(base_url="https://canvas.example.edu", token=TOKEN)
        for person in self.people:
            values = AccommodationValues(
                provision="extra_time",
                extra_time_method="multiplier",
                multiplier=Decimal("1.5"),
                effective_from=date(2026, 9, 1),
            )
            student = people.find_or_read_student(query=person.login_id)
            accommodations.record_accommodation(
                student=student, recorded_by=office, values=values, reads_before_applying=False
            )
        self.work()

    def go_on(self) -> None:
        """Let five minutes pass, with what an instructor and beat do in them."""
        self.now += STEP
        self.state.freeze(self.now)
        self.instruct()
        if self.now.minute % EXAMS_EVERY == 0:
            waking.request_exams()
        if self.now.minute // 5 == HOURLY_AT // 5:
            waking.request_hourly()
        if (self.now.hour, self.now.minute // 5) == (NIGHTLY_AT[0], NIGHTLY_AT[1] // 5):
            waking.request_nightly()
        self.work()

    def instruct(self) -> None:
        """Now and then add a quiz that opens in minutes or days, publish one, or change the limit of one."""
        chance = self.random.random()
        if chance < 1 / 9:
            self.add_quiz()
        elif chance < 1 / 6 and (ahead := [one for one in self.openings if one.at - self.now > timedelta(minutes=5)]):
            opening = self.random.choice(ahead)
            opening.quiz.time_limit = self.random.choice((30, LIMIT, 90))
            opening.quiz.published, opening.quiz.workflow_state = True, "available"
            opening.since = self.now

    def add_quiz(self) -> None:
        """Add a quiz to a course, published or not."""
        minutes = self.random.choice((10, 40, 75, 80, 120, 600, 3000, 6000))
        opens_at = self.now + timedelta(minutes=minutes)
        quiz = self.state.add_quiz(
            self.random.choice(self.courses),
            f"Quiz {len(self.openings) + 1}",
            time_limit=LIMIT,
            unlock_at=opens_at,
            due_at=opens_at + timedelta(hours=3),
            lock_at=opens_at + timedelta(hours=3),
            published=self.random.random() < 0.7,  # most of them
        )
        self.openings.append(_Opening(quiz, self.now))

    def work(self) -> None:
        """Do what workers do, until nothing is due."""
        while True:
            due = waking.take_due()
            numbers = [number for run_id in due.run_ids for number in sync_runs.prepare_run(run_id)]
            if not (numbers or due.course_sync_ids):
                return
            for number in {*numbers, *due.course_sync_ids}:
                run_course_sync(number)

    def look(self, found: Simulated) -> None:
        """Compare what has opened since the last look with what Canvas holds; of late ones, until they are settled."""
        for opening in self.openings:
            if not opening.is_seen and opening.at <= self.now:
                opening.is_seen = True
                self._count(opening, found)
            elif opening.is_seen and not opening.is_settled and self._is_settled(opening.quiz):
                opening.is_settled = True
                found.late_settled += 1
                found.longest_lack = max(found.longest_lack, self.now - opening.at)

    def _count(self, opening: _Opening, found: Simulated) -> None:
        opening.is_settled = is_covered = all(self._holds(opening.quiz, person.id) for person in self.people)
        if opening.is_in_time:
            found.openings += 1
            found.covered += is_covered
            if not is_covered:
                found.uncovered.append(f"{opening.quiz.title} opened at {opening.at}, as it is since {opening.since}")
        elif not is_covered:
            found.late += 1

    def _holds(self, quiz: Quiz, user_id: int) -> bool:
        """Whether Canvas gives the person half the limit more."""
        rows = (one for one in self.state.quiz_submissions if (one.quiz_id, one.user_id) == (quiz.id, user_id))
        return 2 * max((one.extra_time or 0 for one in rows), default=0) >= (quiz.time_limit or 0)

    def _is_settled(self, quiz: Quiz) -> bool:
        """Whether for each person Canvas holds the grant, or the pair says that it does not."""
        pairs = PairStatus.objects.filter(assessment__canvas_quiz_id=quiz.id)
        said = dict(pairs.values_list("student__canvas_user_id", "status"))
        return all(self._holds(quiz, one.id) or said.get(one.id) in GAPS for one in self.people)


def simulated(*, days: int, seed: int = 1) -> Simulated:
    """Let so many days pass and return what came of them; the database is as before afterwards."""
    found = Simulated(days)
    with _standing(Term(seed)) as term:
        term.record()
        while term.now < BEGIN + timedelta(days=days):
            term.go_on()
            term.look(found)
    return found


@contextmanager
def _standing(term: Term) -> Iterator[Term]:
    gateway = partial(
        CanvasGateway, adapter=SandboxAdapter(term.state), sleep=lambda seconds: None, clock=lambda: term.now
    )
    with ExitStack() as stack:
        stack.enter_context(patch.object(timezone, "now", lambda: term.now))
        stack.enter_context(patch.object(connections, "CanvasGateway", gateway))
        stack.enter_context(override_settings(ALLOWED_CANVAS_HOSTS=["canvas.example.edu:443"]))
        stack.enter_context(transaction.atomic())
        yield term
        transaction.set_rollback(True)
