"""The coverage board at the size of a tier: queries, rows that come out of the database, and seconds of a page."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accommodations.models import Assessment, Course, InstitutionSettings, PairStatus, Student, Term
from accommodations.planning.statuses import STATUS_OF, Reason

COURSES_OF_A_STUDENT = 5
ASSESSMENTS_OF_A_COURSE = 7
"""So many of a course's 25 an accommodation changes: about the grants of the tiers."""
BATCH = 2000
REASONS = (Reason.READ_BACK, Reason.READ_BACK, Reason.ACCEPTED, Reason.PLANNED, Reason.REFUSED, Reason.NO_TIME_LIMIT)


@dataclass(frozen=True)
class Size:
    """How many students have accommodations, in how many courses."""

    tier: str
    students: int
    courses: int


SIZES = (Size("S", 250, 529), Size("M", 1_600, 2_411), Size("L", 4_500, 7_182))


@dataclass(frozen=True)
class Opened:
    """One page of the board at one size."""

    tier: str
    pairs: int
    case: str
    queries: int
    rows: int
    seconds: float


def measured(sizes: tuple[Size, ...] = SIZES) -> list[Opened]:
    """Return every page at every size; nothing of it stays in the database."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        return [one for size in sizes for one in _measured(size)]


def _measured(size: Size) -> list[Opened]:
    with transaction.atomic():
        course = _filled(size)
        office = User.objects.create(username="board")
        office.groups.add(Group.objects.get(name="director"))
        client = Client()
        client.force_login(office)
        pairs = PairStatus.objects.count()
        found = [_opened(client, size, pairs, case, path) for case, path in _pages(course)]
        transaction.set_rollback(True)
    return found


def _pages(course: Course) -> Iterator[tuple[str, str]]:
    board = reverse("coverage_board")
    yield "this week", board
    yield "one course", f"{board}?course={course.pk}"
    yield "the whole term", f"{board}?term={course.term_id}"
    yield "its tenth page", f"{board}?term={course.term_id}&page=10&columns=10"
    yield "what is not covered", f"{board}?term={course.term_id}&status=failed"


def _opened(client: Client, size: Size, pairs: int, case: str, path: str) -> Opened:
    began = time.perf_counter()
    with _counted_rows() as rows, CaptureQueriesContext(connection) as captured:
        answer = client.get(path, HTTP_HOST="localhost")
    seconds = time.perf_counter() - began
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return Opened(size.tier, pairs, case, len(captured), sum(rows), seconds)


@contextmanager
def _counted_rows() -> Iterator[list[int]]:
    """Collect how many rows each query hands over; what the database itself looks at is in the seconds alone."""
    counted: list[int] = []

    def fetchmany(cursor: Any, *size: int) -> Any:
        rows = cursor.cursor.fetchmany(*size)
        counted.append(len(rows))
        return rows

    def fetchone(cursor: Any) -> Any:
        row = cursor.cursor.fetchone()
        counted.append(row is not None)
        return row

    with (
        patch.object(CursorWrapper, "fetchmany", fetchmany, create=True),
        patch.object(CursorWrapper, "fetchone", fetchone, create=True),
    ):
        yield counted


def _filled(size: Size) -> Course:
    """Fill the tables that the board reads, and return one of the courses."""
    now = datetime.now(UTC)
    InstitutionSettings.current()
    term = Term.objects.create(
        canvas_term_id=1, name="Term", starts_at=now - timedelta(days=30), ends_at=now + timedelta(days=90)
    )
    courses = Course.objects.bulk_create(
        (Course(canvas_course_id=one, name=f"Course {one}", course_code=f"C {one}", state="available",
                time_zone="America/New_York", term=term) for one in range(1, size.courses + 1)),
        batch_size=BATCH,
    )  # fmt: skip
    students = Student.objects.bulk_create(
        (Student(canvas_user_id=one, name=f"Person {one}", sortable_name=f"{one}, Person", login_id=f"p{one}")
         for one in range(1, size.students + 1)),
        batch_size=BATCH,
    )  # fmt: skip
    assessments = Assessment.objects.bulk_create(_assessments(courses, now), batch_size=BATCH)
    PairStatus.objects.bulk_create(_pairs(students, assessments, size, now), batch_size=BATCH)
    return courses[0]


def _assessments(courses: list[Course], now: datetime) -> Iterator[Assessment]:
    for position, course in enumerate(courses):
        for number in range(ASSESSMENTS_OF_A_COURSE):
            key = position * ASSESSMENTS_OF_A_COURSE + number + 1
            opens_at = now + timedelta(days=12 * number - 20, minutes=position % 600)
            yield Assessment(
                course=course, key=f"assignment:{key}", canvas_assignment_id=key, canvas_quiz_id=key,
                name=f"Quiz {number + 1}", kind="classic_quiz", time_limit_minutes=60, allowed_attempts=1,
                unlock_at=opens_at, due_at=opens_at + timedelta(hours=2), lock_at=opens_at + timedelta(hours=2),
            )  # fmt: skip


def _pairs(students: list[Student], assessments: list[Assessment], size: Size, now: datetime) -> Iterator[PairStatus]:
    for position, student in enumerate(students):
        for turn in range(COURSES_OF_A_STUDENT):
            course = (position * COURSES_OF_A_STUDENT + turn) % size.courses
            first = course * ASSESSMENTS_OF_A_COURSE
            for number, assessment in enumerate(assessments[first : first + ASSESSMENTS_OF_A_COURSE]):
                reason = REASONS[(position + turn + number) % len(REASONS)]
                yield PairStatus(
                    student=student, assessment=assessment, course_id=assessment.course_id, reason=reason,
                    status=STATUS_OF[reason], sentence="60 → 90 min", outcome={}, is_exam=number in (3, 6),
                    opens_at=assessment.unlock_at, closes_at=assessment.lock_at, since=now, read_at=now,
                )  # fmt: skip
