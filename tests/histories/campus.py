"""One course in the in-process sandbox under a clock that tests move, and Leeway connected to it with its services."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch

import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from accommodations import locks
from accommodations.models import (
    Accommodation,
    Assessment,
    CanvasConnection,
    Course,
    CourseLease,
    LedgerEntry,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.services import accommodations, acts_settling, connections, people, sync_runs, waking
from accommodations.services.accommodations import AccommodationValues
from accommodations.services.sync_runner import run_course_sync
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.people import User as CanvasUser
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault
from tests import invariants
from tests.factories import make_user
from tests.histories.door import Disturbances, WatchedAdapter
from tests.histories.world import DAY, START, WITH_RECORDS, fill

UNSETTLED = ("planned", "refused", "unreachable")
"""Reasons of what Leeway itself still has to do."""
HOST = "https://canvas.example.edu"
TOKEN = "token-of-the-sandbox-0001"
DONE: Counter[str] = Counter()
"""How many syncs of a course, and of everything, the histories of this process had."""
LONG_ENOUGH = timedelta(minutes=65)
"""After this long what waited for Canvas is tried again, and an empty list of enrollments is believed (F18)."""


class Campus:
    """The world of a history: Canvas, its people and assessments, the clock, and what staff do in Leeway."""

    tick = timedelta(seconds=2)
    """Between any two things that happen, so that none of them is at the same instant."""

    def __init__(self) -> None:
        self.now = self.synced_at = START
        self.stack = ExitStack()
        self.stack.enter_context(patch("django.utils.timezone.now", lambda: self.now))
        self.stack.enter_context(_rolled_back())
        self.state = SandboxState(time_zone="America/New_York", now=START)
        self._fill()
        self.disturbances = Disturbances()
        self.denied: list[Fault] = []
        self.before: invariants.Picture = {}
        self.missed: set[tuple[int, int]] = set()
        self.set_by_hand_unread: set[tuple[int, str]] = set()
        """Students and New Quizzes whose minutes and attempts an instructor set: no endpoint shows them to anybody."""
        self.set_by_hand_at = START - DAY
        """When an instructor last set minutes or attempts of a classic quiz: older proofs of them say nothing of it."""
        self.forgotten: list[tuple[tuple[int, int], str]] = []
        self.stack.enter_context(patch.object(settings, "ALLOWED_CANVAS_HOSTS", ["canvas.example.edu:443"]))
        gateway = partial(
            CanvasGateway,
            adapter=WatchedAdapter(self.state, self.disturbances),
            sleep=lambda seconds: None,
            clock=lambda: self.now,
        )
        self.stack.enter_context(patch.object(connections, "CanvasGateway", gateway))
        self.office: User = make_user("director", username="director")  # type: ignore[assignment]
        CanvasConnection.objects.create(base_url=HOST, token=TOKEN, token_last4=TOKEN[-4:])
        self.token = TOKEN
        self.students = {login: people.find_or_read_student(query=login) for login in WITH_RECORDS}

    def close(self) -> None:
        """Forget everything."""
        self.stack.close()

    def _fill(self) -> None:
        self.state.add_admin_token(TOKEN)
        self.registrars_token = self.state.add_admin_token("token-of-the-registrar-0002")
        self.world = fill(self.state)
        self.courses, self.sections, self.people = self.world.courses, self.world.sections, self.world.people
        self.quizzes, self.papers = self.world.quizzes, self.world.papers
        self.course = self.courses[0]
        self.teacher: CanvasUser = self.world.teacher  # type: ignore[assignment]  # filled just now
        self.teachers_token = self.state.add_token(self.teacher)

    @property
    def user_ids(self) -> list[int]:
        """Return the Canvas ids of the course's students."""
        return [user.id for user in self.people.values()]

    @property
    def assignments(self) -> list[Assignment]:
        """Return every assignment that is there, those of graded quizzes too."""
        return [one for one in self.state.assignments if one.workflow_state != "deleted"]

    def picture(self) -> invariants.Picture:
        """Return what Canvas gives everybody on everything now."""
        return invariants.picture(self.state, self.user_ids)

    def pass_time(self, by: timedelta) -> None:
        """Let the clocks of Canvas and of Leeway go on; leases are by the database's own, which stands still.

        What the clock alone changes is no deed of the sync: a section's dates say nothing more once its lock is over.
        """
        before = self.picture()
        self.now += by
        self.state.freeze(self.now)
        self._was_no_deed_of_the_sync(before)
        if by >= locks.lease_duration():
            CourseLease.objects.exclude(expires_at=None).update(expires_at=START)

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> requests.Response:
        """Ask Canvas as the instructor, past Leeway and past its faults."""
        faults, self.state.control.faults = self.state.control.faults, []
        session = requests.Session()
        session.mount(HOST, SandboxAdapter(self.state))
        headers = {"Authorization": f"Bearer {token or self.teachers_token}"}
        answer = session.request(method, HOST + path, json=body, headers=headers, timeout=5)
        self.state.control.faults = faults
        return answer

    def item(self, key: str) -> Assignment | Quiz | None:
        """Return the assessment of a key, as Leeway names it; None where it is deleted."""
        return next((one for one in invariants.items_of(self.state) if invariants.key_of(one) == key), None)

    def override_of(self, user: CanvasUser, assignment: Assignment | Quiz) -> Override | None:
        """Return the ad-hoc override that names the student."""
        for one in self.state.active_overrides(assignment):
            if one.set_type == "ADHOC" and user.id in one.student_ids:
                return one
        return None

    def record(self, login: str, **values: Any) -> Accommodation:
        """Record an accommodation that is applied without being read first."""
        given = AccommodationValues(**{"effective_from": (self.now - 30 * DAY).date(), **values})
        row, _ = accommodations.record_accommodation(
            student=self.students[login], recorded_by=self.office, values=given, reads_before_applying=False
        )
        return row

    def counting(self) -> list[Accommodation]:
        """Return the accommodations that staff can end or change."""
        return list(Accommodation.objects.filter(status__in=("approved", "active")).order_by("pk"))

    def sync(self) -> None:
        """Read enrollments and courses anew and bring everything into step, as the nightly round does."""
        self.synced_at = self.now
        with self.disturbances.at_work():
            self._carry_out(sync_runs.request_sync_run(trigger=SyncRun.Trigger.NIGHTLY))

    def sync_course(self, course: Course) -> None:
        """Sync one course, as a person does on its page."""
        with self.disturbances.at_work():
            run = sync_runs.request_sync_run(
                trigger=SyncRun.Trigger.PERSON, requested_by=self.office, courses=[course], is_limited_to_courses=True
            )
            self._carry_out(run)

    def _carry_out(self, run: SyncRun) -> None:
        DONE["runs"] += 1
        self._sync_each(sync_runs.prepare_run(run.pk))

    def _sync_each(self, course_syncs: Iterable[int]) -> None:
        for number in course_syncs:
            DONE["course syncs"] += 1
            run_course_sync(number)
            self.look_at_what_was_missed()

    def look_at_what_was_missed(self) -> None:
        """Note what is told as missed, and what was a moment ago and is forgotten though nobody wrote about it."""
        rows = {
            (row.student_id, row.assessment_id): row
            for row in PairStatus.objects.select_related("student", "assessment").defer("outcome")
        }
        kept = Assessment.objects.filter(is_deleted=False).values_list("pk", flat=True)
        for key in self.missed:
            row = rows.get(key)
            if key[1] in kept and (row is None or (row.status == "past" and row.settled_at is None)):
                self.forgotten.append((key, row.sentence if row else "no status"))
        self.missed = {key for key, row in rows.items() if row.status == "missed" and row.settled_at is None}

    @property
    def gone(self) -> set[int]:
        """Return the Canvas ids of those whom Canvas knows no more: merged with another person, or deleted."""
        return {user.id for user in self.people.values() if user.workflow_state == "deleted"}

    def sweep(self) -> None:
        """Work off what is queued or waits for its next try, and settle what people confirmed."""
        with self.disturbances.at_work():
            acts_settling.settle_unknown_acts()
            due = waking.take_due()
            course_syncs = [number for run_id in due.run_ids for number in sync_runs.prepare_run(run_id)]
            self._sync_each([*course_syncs, *due.course_sync_ids])

    def meanwhile(self, act: Callable[[], None], *, by: timedelta) -> None:
        """Let somebody act while a sync is at work; what they change in Canvas is no deed of the sync."""
        before = self.picture()
        act()
        self._was_no_deed_of_the_sync(before)
        self.pass_time(by)

    def _was_no_deed_of_the_sync(self, before: invariants.Picture) -> None:
        """Let what has changed since count as how it was before the sync."""
        self.before.update({key: one for key, one in self.picture().items() if before.get(key) != one})

    def fault(self, kind: str, **fields: Any) -> None:
        """Disturb the next requests that match."""
        self.state.control.faults.append(Fault(kind=kind, **fields))

    def settle(self) -> None:
        """Let every fault pass, and sync until whatever waited for Canvas has been tried again."""
        self.state.control.faults[:] = self.denied
        self.state.control.buckets.clear()
        self.disturbances.forget()
        self.pass_time(LONG_ENOUGH)
        self.renew_token()
        self.sweep()
        self.sync()
        if Student.objects.exclude(enrollments_doubted_at=None).exists():
            self.pass_time(LONG_ENOUGH)
            self.sync()

    def renew_token(self) -> None:
        """Enter a new token where the last one was revoked, as an administrator does on the connection's page."""
        row = CanvasConnection.objects.get()
        if row.is_token_refused or self.state.tokens.first("text", self.token).is_revoked:  # type: ignore[union-attr]
            self.token = self.state.add_admin_token(f"token-of-the-sandbox-{len(self.state.tokens):04}")
            connections.save_connection(base_url=HOST, token=self.token, saved_by=self.office)

    def deny(self, method: str, path: str) -> None:
        """Let Canvas refuse a kind of request, every time, until somebody gives the token's user that permission."""
        body = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
        self.denied.append(Fault("status", method=method, path=path, value={"code": 403, "body": body}))
        self.state.control.faults += self.denied[-1:]

    def permit_everything(self) -> None:
        """Give the token's user every permission again."""
        faults = self.state.control.faults
        faults[:] = [one for one in faults if one not in self.denied]
        self.denied.clear()

    @property
    def is_undisturbed(self) -> bool:
        """Whether nothing stands in the way of the next sync, as far as one can see."""
        is_token_good = not self.state.tokens.first("text", self.token).is_revoked  # type: ignore[union-attr]
        return not self.state.control.faults and self.disturbances.is_quiet and is_token_good

    def is_anything_left(self) -> bool:
        """Whether something waits for Canvas, or a list of enrollments is not believed yet."""
        is_doubted = Student.objects.exclude(enrollments_doubted_at=None).exists()
        return is_doubted or self.unsettled().exists()

    def unsettled(self) -> QuerySet[PairStatus]:
        """Return the pairs with which Leeway itself is not done; whom Canvas knows no more, a person has to find.

        Canvas lets nobody out of an override that also names people of another course: they are no students there.
        """
        rows = PairStatus.objects.filter(reason__in=UNSETTLED)
        stuck = [row.pk for row in rows.filter(reason="refused") if self.is_with_strangers(row)]
        return rows.exclude(reason="refused", student__canvas_user_id__in=self.gone).exclude(pk__in=stuck)

    def is_with_strangers(self, row: PairStatus) -> bool:
        """Whether the pair's override also names somebody whom a registrar has taken to another course."""
        item = self.item(row.assessment.key)
        found = None if item is None else self.override_of(self.state.users[row.student.canvas_user_id], item)
        return found is not None and any(
            all(
                one.workflow_state == "deleted"
                for one in self.state.enrollments.where("course_user", (item.course_id, user))
            )
            for user in found.student_ids
        )

    @property
    def refuses_for_good(self) -> bool:
        """Whether something is tried at each sync and refused each time, until a person does something about it."""
        refused = PairStatus.objects.filter(reason="refused").select_related("student", "assessment")
        return bool(self.denied or self.gone) or any(self.is_with_strangers(row) for row in refused)

    def users_with_us(self) -> set[int]:
        """Return the Canvas ids of students with an accommodation, a status or anything of ours."""
        numbers = set(Accommodation.objects.values_list("student__canvas_user_id", flat=True))
        numbers |= set(LedgerEntry.objects.values_list("student__canvas_user_id", flat=True))
        return numbers | set(PairStatus.objects.values_list("student__canvas_user_id", flat=True))

    def is_enrolled(self, user: CanvasUser, course_id: int) -> bool:
        """Whether the person is an active student of the course."""
        rows = self.state.enrollments.where("course_user", (course_id, user.id))
        return any(one.workflow_state == "active" and one.type == "StudentEnrollment" for one in rows)

    def status_of(self, login: str, name: str) -> str:
        """Return the reason of a pair."""
        return str(PairStatus.objects.get(student=self.students[login], assessment__name=name).reason)

    def course_row(self) -> Course:
        """Return Leeway's mirror of the course."""
        return Course.objects.get(canvas_course_id=self.course.id)

    def student(self, login: str) -> Student:
        """Return Leeway's row of the student."""
        return self.students[login]

    def quiz(self, name: str) -> Quiz:
        """Return a quiz by its title."""
        return next(one for one in self.state.quizzes if one.title == name)

    def assignment(self, name: str) -> Assignment:
        """Return an assignment by its name."""
        return next(one for one in self.assignments if one.name == name)


class _rolled_back(ExitStack):  # noqa: N801  # reads as a block: everything in it is rolled back
    """A database transaction of which nothing remains."""

    def __enter__(self) -> "_rolled_back":
        super().__enter__()
        self.enter_context(transaction.atomic())
        self.callback(transaction.set_rollback, True)
        return self


def time_and_a_half(multiplier: str = "1.5", **fields: Any) -> dict[str, Any]:
    """Return the values of an extra time."""
    return {
        "provision": "extra_time",
        "extra_time_method": "multiplier",
        "multiplier": Decimal(multiplier),
        **fields,
    }


def more_attempts(attempts: int = 1, **fields: Any) -> dict[str, Any]:
    """Return the values of extra attempts."""
    return {"provision": "extra_attempts", "attempts": attempts, **fields}


def later_dates(amount: int = 2, unit: str = "days", **fields: Any) -> dict[str, Any]:
    """Return the values of a shift."""
    return {"provision": "alternative_dates", "shift_amount": amount, "shift_unit": unit, **fields}
