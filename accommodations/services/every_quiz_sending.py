"""Sending the same minutes and attempts to every classic quiz, logging each row of the answer, and reading it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from accommodations.errors import ChangedSinceShown, LeaseLost, LeewayError
from accommodations.locks import course_lease
from accommodations.models import Assessment, CanvasAct, Course, Student
from accommodations.services import acts, courses
from accommodations.services.acts import Intent, Part, PartOutcome
from accommodations.services.course_look import CourseLook, extension_in
from accommodations.services.every_quiz import Asked, Preview, preview_of
from canvas_bridge.changes import (
    ActOutcome,
    AnsweredRow,
    Change,
    ExtensionOnEveryQuiz,
    Outcome,
    OutcomeKind,
    SetQuizExtension,
)
from canvas_bridge.errors import CanvasError
from canvas_bridge.facts import CourseFacts

PairOfQuiz = tuple[int, int]
"""Canvas's ids of a quiz and a student."""


def apply(
    course: Course, students: Sequence[Student], asked: Asked, *, shown_digest: str, key: UUID, asked_by: User
) -> CanvasAct:
    """Write what the page showed, log every row of Canvas's answer, and bring the statuses in step.

    Raises ChangedSinceShown where Canvas holds something else by now, CourseBusy while a sync is at work there,
    ConfirmedBefore and ActAtWork as `acts.begin`. What is unclear is settled by reading, never by sending again.
    """
    with course_lease(course) as lease:
        course_look = CourseLook(course, before_request=lease.renew)
        seen = preview_of(course_look, students, asked)
        if seen.digest != shown_digest:
            raise ChangedSinceShown("Canvas has changed since you read this. Nothing was sent. Here it is again.")
        rows = courses.store_assessments(course, seen.facts.assessments)
        parts = _parts(seen, rows)
        act = acts.begin(_intent(course, seen, parts, key, asked_by))
        outcomes = [*_sent_together(course_look, seen, parts), *_sent_one_by_one(course_look, seen, parts)]
        act = _end(act, outcomes)
        return _read_back(act, course_look, seen, outcomes)


def _parts(seen: Preview, rows: Mapping[str, Assessment]) -> dict[PairOfQuiz, Part]:
    """Return what is sent, pair by pair: course-wide rows that stay as they are are written by Canvas as well."""
    users = {one.canvas_user_id for one in seen.together}
    alone = {(change.canvas_quiz_id, change.canvas_user_id) for change in seen.one_by_one}
    parts = {}
    for cell in seen.cells:
        pair = (cell.quiz.canvas_quiz_id or 0, cell.student.canvas_user_id)
        if pair[1] in users or pair in alone:
            payload = {
                "before": _values(cell.before),
                "after": _values(cell.after),
                "sentence": "The same on every quiz of the course, as a person asked.",
            }
            parts[pair] = Part(cell.student, rows.get(cell.quiz.key), payload)
    return parts


def _values(values: Asked) -> dict[str, int]:
    return {"extra_minutes": values.minutes or 0, "extra_attempts": values.attempts or 0}


def _intent(course: Course, seen: Preview, parts: Mapping[PairOfQuiz, Part], key: UUID, asked_by: User) -> Intent:
    return Intent(
        kind=CanvasAct.Kind.EVERY_QUIZ,
        lane=f"every_quiz:{course.pk}",
        key=key,
        course=course,
        asked_by=asked_by,
        asked={
            "minutes": seen.asked.minutes,
            "attempts": seen.asked.attempts,
            "students": [student.pk for student in seen.students],
        },
        before={"digest": seen.digest},
        parts=list(parts.values()),
    )


def _sent_together(course_look: CourseLook, seen: Preview, parts: Mapping[PairOfQuiz, Part]) -> list[PartOutcome]:
    """Send the course-wide request, and return one outcome for each row of its answer and each that it lacks."""
    if not seen.together:
        return []
    canvas_course_id = course_look.course.canvas_course_id
    outcome = acts.sent(
        lambda: course_look.gateway.extend_every_quiz(canvas_course_id=canvas_course_id, elements=seen.together)
    )
    users = {one.canvas_user_id: one for one in seen.together}
    alone = {(change.canvas_quiz_id, change.canvas_user_id) for change in seen.one_by_one}
    rows = {(row.canvas_quiz_id, row.canvas_user_id): row for row in outcome.rows}
    students = {student.canvas_user_id: student for student in seen.students}
    named = [
        _outcome_of_row(part, users[pair[1]], rows.get(pair), outcome)
        for pair, part in parts.items()
        if pair[1] in users and pair not in alone
    ]
    # Canvas writes deleted quizzes too (contract 4): nothing of ours stands for them, but the log knows each row.
    unnamed = [
        PartOutcome(Part(students[row.canvas_user_id], None), "applied", {"answered": row.answered})
        for pair, row in rows.items()
        if pair not in parts and row.canvas_user_id in students
    ]
    return [*named, *unnamed]


def _outcome_of_row(
    part: Part, element: ExtensionOnEveryQuiz, row: AnsweredRow | None, outcome: ActOutcome
) -> PartOutcome:
    """Return applied where the row holds what was sent; a row that is missing or differs is unknown until read."""
    sent = {**outcome.sent, "element": {"extra_time": element.extra_minutes, "extra_attempts": element.extra_attempts}}
    payload = {"sent": sent, "status_code": outcome.status_code, "message": outcome.message}
    if outcome.kind is not OutcomeKind.APPLIED:
        return PartOutcome(part, outcome.kind.value, payload)
    if row is None:
        return PartOutcome(part, "unknown", {**payload, "message": "Canvas left this quiz out of its answer."})
    holds = element.extra_minutes in (None, row.extra_minutes) and element.extra_attempts in (None, row.extra_attempts)
    return PartOutcome(part, "applied" if holds else "unknown", {**payload, "answered": row.answered})


def _sent_one_by_one(course_look: CourseLook, seen: Preview, parts: Mapping[PairOfQuiz, Part]) -> list[PartOutcome]:
    """Send what may not go course-wide, one request a quiz."""
    found: list[PartOutcome] = []
    gateway, canvas_course_id = course_look.gateway, course_look.course.canvas_course_id
    for request in gateway.requests_for(seen.one_by_one):
        try:
            outcomes: Sequence[Outcome] = gateway.apply(canvas_course_id=canvas_course_id, request=request)
        except (CanvasError, LeaseLost) as error:
            outcomes = [_not_sent(change, error) for change in request.changes]
        found += [_part_outcome(parts, one) for one in outcomes]
    return found


def _not_sent(change: Change, error: CanvasError | LeaseLost) -> Outcome:
    return Outcome(change, OutcomeKind.UNREACHABLE, message=str(error))


def _part_outcome(parts: Mapping[PairOfQuiz, Part], one: Outcome) -> PartOutcome:
    change = one.change
    if not isinstance(change, SetQuizExtension):
        raise ValueError("only quiz extensions were sent")
    payload = {"sent": one.sent, "answered": one.answered, "status_code": one.status_code, "message": one.message}
    return PartOutcome(parts[change.canvas_quiz_id, change.canvas_user_id], one.kind.value, payload)


def _end(act: CanvasAct, outcomes: Sequence[PartOutcome]) -> CanvasAct:
    words = next((str(one.payload["message"]) for one in outcomes if one.payload.get("message")), "")
    return acts.end(act, status=status_of(outcomes), outcomes=outcomes, message=words, after=_counts(outcomes))


def status_of(outcomes: Iterable[PartOutcome]) -> CanvasAct.Status:
    """Return one status for all parts: the common one, else *in part*."""
    words = {one.outcome for one in outcomes}
    if len(words) == 1:
        return CanvasAct.Status(words.pop())
    if not words:
        return CanvasAct.Status.APPLIED
    return CanvasAct.Status.PARTIAL if "applied" in words else CanvasAct.Status.UNKNOWN


def _counts(outcomes: Iterable[PartOutcome]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in outcomes:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    return counts


def _read_back(act: CanvasAct, course_look: CourseLook, seen: Preview, outcomes: Sequence[PartOutcome]) -> CanvasAct:
    """Read again what was unclear, and bring the statuses in step with what Canvas now holds."""
    try:
        facts = course_look.read_extensions(seen.facts, seen.facts.extensions_read)
        unclear = [one for one in outcomes if one.outcome == "unknown"]
        if unclear:
            certain = [one for one in outcomes if one.outcome != "unknown"]
            act = _settled(act, facts, unclear, certain)
        course_look.refresh_statuses(facts)
    except LeewayError:
        return act
    return act


def _settled(
    act: CanvasAct, facts: CourseFacts, unclear: Iterable[PartOutcome], certain: Iterable[PartOutcome]
) -> CanvasAct:
    found = [replace(one, outcome=_found(one.part, facts), payload={}) for one in unclear]
    everything = [*found, *certain]
    status = status_of(everything)
    if status not in (CanvasAct.Status.APPLIED, CanvasAct.Status.NOT_ARRIVED):
        status = CanvasAct.Status.PARTIAL
    return acts.settle(act, status=status, outcomes=found, after=_counts(everything))


def _found(part: Part, facts: CourseFacts) -> str:
    """Return whether Canvas holds what was sent for one pair."""
    held = extension_in(facts, part.assessment.key, part.student.canvas_user_id) if part.assessment else None
    wanted: dict[str, Any] = part.payload.get("after", {})
    holds = held is not None and _values(Asked(held.extra_minutes, held.extra_attempts)) == wanted
    return "applied" if holds else "not_arrived"


def settle(act: CanvasAct, course_look: CourseLook) -> CanvasAct:
    """Decide the parts whose outcome nobody heard, by what Canvas holds now. Raises LeewayError if it is not read."""
    open_parts = acts.unheard_parts_of(act)
    keys = frozenset(part.assessment.key for part in open_parts if part.assessment is not None)
    facts = course_look.read(keys)
    counts: dict[str, int] = dict(act.after or {})
    certain = [PartOutcome(open_parts[0], "applied")] * counts.get("applied", 0) if open_parts else []
    return _settled(act, facts, [PartOutcome(part, "unknown") for part in open_parts], certain)
