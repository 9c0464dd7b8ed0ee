"""What Leeway put into the demo's Canvas "a week ago": sent through the gateway now, and written into the ledger.

Few situations need a past: an attempt that began with its extra time, an approval that was revoked while a quiz runs,
one that was revoked although our override is by now what assigns the work, and what ended for several students at once.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accommodations.codec import change_to_stored, to_stored
from accommodations.demo.campus import Campus
from accommodations.demo.reading import Assessments, read_assessments
from accommodations.models import CanvasConnection, LedgerEntry
from accommodations.planning.plan import LedgerExtension, LedgerOverride
from accommodations.planning.titles import override_title
from accommodations.services import action_log, connections
from accommodations.services.action_log import LogRecord
from accommodations.services.ledger import override_of
from canvas_bridge.changes import Change, CreateOverride, Outcome, OutcomeKind, SetQuizExtension
from canvas_bridge.facts import AssessmentFacts, Dates

MINUTES: tuple[tuple[str, str, int, int], ...] = (
    ("PSYC 101", "Unit test (attempts running now)", 12, 60),
    ("PHYS 131", "Bench skills quiz (open now)", 8, 45),
    # Ended yesterday, all at once: the first sync stops it.
    ("ASL 110", "Vocabulary 3: Questions", 49, 5),
    ("ASL 110", "Vocabulary 4: Family", 49, 5),
    ("ASL 110", "Vocabulary 5: Directions", 49, 5),
    ("ASL 110", "Listening 2: Introductions", 49, 10),
    ("ASL 110", "Vocabulary 3: Questions", 51, 5),
    ("ASL 110", "Vocabulary 4: Family", 51, 5),
    ("ASL 110", "Vocabulary 5: Directions", 51, 5),
    ("ASL 110", "Listening 2: Introductions", 51, 10),
    # Ended four days ago, stopped, and dismissed by a director (`decided.py`).
    ("JAPN 101", "Vocabulary 3: At the station", 50, 5),
    ("JAPN 101", "Vocabulary 4: Food", 50, 5),
    ("JAPN 101", "Vocabulary 5: Weekend plans", 50, 5),
    ("JAPN 101", "Vocabulary 3: At the station", 53, 5),
    ("JAPN 101", "Vocabulary 4: Food", 53, 5),
    ("JAPN 101", "Vocabulary 5: Weekend plans", 53, 5),
)
"""Course, quiz, student and extra minutes."""

WORK_OF_THE_REVOKED = ("ART 150", "Gallery notes (only for some students)", 16)
DAYS_LATER = 2


class EarlierWriteRefused(Exception):
    """The sandbox did not take what the demo's past needs."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One change that Canvas took, with its ledger value."""

    course: str
    assessment: str
    student: int
    change: Change
    value: LedgerExtension | LedgerOverride
    outcome: Outcome


def put_into_canvas(campus: Campus, connection: CanvasConnection) -> list[Earlier]:
    """Send the changes to Canvas and return them for the ledger. Safe to repeat."""
    found = {code: read_assessments(campus, connection, code) for code in sorted({one[0] for one in MINUTES})}
    minutes = [_put_minutes(campus, connection, found[one[0]], *one) for one in MINUTES]
    return [*minutes, _put_override(campus, connection)]


def _put_minutes(
    campus: Campus, connection: CanvasConnection, found: Assessments, code: str, name: str, number: int, extra: int
) -> Earlier:
    quiz = found.by_name[name]
    canvas_user_id = campus.student(number).canvas_user_id
    change = SetQuizExtension(quiz.canvas_quiz_id or 0, canvas_user_id, extra_minutes=extra)
    outcome = _send(connection, campus.course(code).canvas_course_id, change)
    value = LedgerExtension(canvas_user_id, quiz.key, put_minutes=extra, is_read_back=True)
    return Earlier(code, name, number, change, value, outcome)


def _put_override(campus: Campus, connection: CanvasConnection) -> Earlier:
    code, name, number = WORK_OF_THE_REVOKED
    found = read_assessments(campus, connection, code)
    work, canvas_user_id = found.by_name[name], campus.student(number).canvas_user_id
    base = work.base_dates
    dates = Dates(base.unlock_at, base.due_at + timedelta(days=DAYS_LATER) if base.due_at else None, base.lock_at)
    change = CreateOverride(
        canvas_assignment_id=work.canvas_assignment_id or 0,
        canvas_user_id=canvas_user_id,
        title=_title(canvas_user_id, work),
        dates=dates,
    )
    outcome = _standing(found, change, work) or _send(connection, found.course.canvas_course_id, change)
    value = LedgerOverride(canvas_user_id, work.key, outcome.canvas_override_id or 0, put=dates)
    return Earlier(code, name, number, change, value, outcome)


def _title(canvas_user_id: int, work: AssessmentFacts) -> str:
    key = settings.LEEWAY_TITLE_KEY.encode()
    return override_title(key=key, canvas_user_id=canvas_user_id, assessment_key=work.key)


def _standing(found: Assessments, change: CreateOverride, work: AssessmentFacts) -> Outcome | None:
    """Return the outcome of an earlier, interrupted seeding: Canvas takes a student's override only once."""
    override = override_of(found.facts, work.key, change.canvas_user_id)
    if override is None:
        return None
    return Outcome(change, OutcomeKind.APPLIED, 200, canvas_override_id=override.canvas_override_id)


def _send(connection: CanvasConnection, canvas_course_id: int, change: Change) -> Outcome:
    gateway = connections.gateway_for(connection)
    (request,) = gateway.requests_for([change])
    (outcome,) = gateway.apply(canvas_course_id=canvas_course_id, request=request)
    if outcome.kind is not OutcomeKind.APPLIED:
        raise EarlierWriteRefused(f"{type(change).__name__}: {outcome.kind} {outcome.message}")
    return outcome


def note(campus: Campus, earlier: list[Earlier], *, put_at: datetime) -> None:
    """Write what was put into the ledger, and one entry each into the log. To be called in one transaction."""
    records = []
    for one in earlier:
        student, assessment = campus.student(one.student), campus.assessment(one.course, one.assessment)
        is_extension = isinstance(one.value, LedgerExtension)
        LedgerEntry.objects.create(
            student=student,
            assessment=assessment,
            part=LedgerEntry.Part.EXTENSION if is_extension else LedgerEntry.Part.OVERRIDE,
            value=to_stored(one.value),
            evidence=LedgerEntry.Evidence.READ_BACK,
            put_at=put_at,
            confirmed_at=put_at,
        )
        shared: dict[str, Any] = {
            "student": student,
            "course": assessment.course,
            "assessment": assessment,
            "request_id": uuid.uuid4(),
        }
        intent = {"change": change_to_stored(one.change), "sentence": "Put there by the demo, as if a week ago."}
        answer = {
            "sent": one.outcome.sent,
            "answered": one.outcome.answered,
            "status_code": one.outcome.status_code,
        }
        records.append(LogRecord(act="canvas.write.started", payload=intent, **shared))
        records.append(LogRecord(act="canvas.write.applied", outcome="applied", payload=answer, **shared))
    action_log.record_many(records)
