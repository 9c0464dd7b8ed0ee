"""A small campus for the reading pages: two courses, three students, an instructor, and pairs of several kinds."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accommodations.codec import to_stored
from accommodations.models import Assessment, Course, InstitutionSettings, PairStatus, Student
from accommodations.planning.plan import GrantSource, PairOutcome, Values
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import Dates
from tests.factories import (
    make_accommodation,
    make_assessment,
    make_course,
    make_enrollment,
    make_linked_person,
    make_pair,
    make_student,
    make_teaching,
    make_user,
)

ROLES = ("coordinator", "director", "auditor", "instructor", "student", "administrator")
MOST_QUERIES = 12
_OF_THE_LOG = re.compile(r"actionlog|loghead|SAVEPOINT", re.IGNORECASE)


@dataclass
class Campus:
    """What the tests look at. The instructor teaches `own` alone; the student's account is `amara`."""

    users: dict[str, AbstractUser]
    own: Course
    foreign: Course
    amara: Student
    bo: Student
    quiz: Assessment
    foreign_quiz: Assessment
    own_pair: PairStatus
    foreign_pair: PairStatus


def outcome_of(pair_of: Student, quiz: Assessment, reason: Reason, *, extra: int = 30) -> dict[str, Any]:
    """Return a stored outcome: a quiz of 60 minutes that opens in three days, with `extra` minutes."""
    dates = Dates(quiz.unlock_at, quiz.due_at, quiz.lock_at)
    moved = Dates(quiz.unlock_at, quiz.due_at, quiz.lock_at + timedelta(minutes=extra)) if quiz.lock_at else dates
    grant = Values(extra_minutes=extra, dates=moved)
    return to_stored(
        PairOutcome(
            canvas_user_id=pair_of.canvas_user_id,
            assessment_key=quiz.key,
            reason=reason,
            sentence="60 min becomes 90 min (1.5×).",
            grant=grant,
            observed=grant if reason in (Reason.READ_BACK, Reason.ACCEPTED) else Values(extra_minutes=0, dates=dates),
            class_dates=dates,
            without_us=Values(extra_minutes=0, dates=dates),
            wanted=grant,
            sources=(GrantSource("extra_minutes", pair_of.accommodations.first().pk, "60 × 0.5 = 30"),),
        )
    )


def add_pair(student: Student, quiz: Assessment, reason: Reason = Reason.READ_BACK, **fields: Any) -> PairStatus:
    """Return a pair with its outcome."""
    fields.setdefault("sentence", f"{quiz.name}: 60 min becomes 90 min (1.5×).")
    return make_pair(student, quiz, reason=reason, outcome=outcome_of(student, quiz, reason), **fields)


@pytest.fixture
def campus(db: None) -> Campus:
    """Return the small campus."""
    InstitutionSettings.current()
    users = {role: make_user(role, first_name=role.capitalize(), last_name="Person") for role in ROLES}
    own, foreign = make_course(course_code="BIO 101"), make_course(course_code="ART 150")
    amara = make_student(name="Amara Okonkwo", sortable_name="Okonkwo, Amara", login_id="aokonkwo")
    bo = make_student(name="Bo Lindqvist", sortable_name="Lindqvist, Bo")
    for student in (amara, bo):
        make_accommodation(student, recorded_by=users["coordinator"], note="Only for the office.")
        make_enrollment(student, own, canvas_section_id=1)
    make_enrollment(bo, foreign, canvas_section_id=2)
    make_teaching(make_linked_person(users["instructor"]), own, canvas_section_id=1)
    make_linked_person(users["student"], login_id="aokonkwo", canvas_user_id=amara.canvas_user_id)
    quiz, foreign_quiz = make_assessment(own, name="Quiz 8"), make_assessment(foreign, name="Critique 4")
    return Campus(
        users=users,
        own=own,
        foreign=foreign,
        amara=amara,
        bo=bo,
        quiz=quiz,
        foreign_quiz=foreign_quiz,
        own_pair=add_pair(amara, quiz, evidence_at=datetime.now(UTC)),
        foreign_pair=add_pair(bo, foreign_quiz),
    )


@pytest.fixture
def as_role(campus: Campus) -> Callable[[str], Client]:
    """Return a function that gives a client signed in as a role."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(campus.users[role])
        return client

    return sign_in


@contextmanager
def at_most_queries(most: int = MOST_QUERIES) -> Iterator[None]:
    """Fail where a page asks the database more often; what the append-only log needs is not counted."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if not _OF_THE_LOG.search(query["sql"])]
    assert len(asked) <= most, "\n".join(sql[:160] for sql in asked)
