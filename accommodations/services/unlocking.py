"""Unlocking one classic quiz for one student, and locking it again: `manually_unlocked` (contract 3.3), by hand only.

While it is on, the quiz counts as not locked for the student whatever its dates say. A sync never sends it. What
somebody else unlocked in Canvas is theirs: only what was unlocked from here is locked again from here (R3).
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from accommodations.errors import ChangedSinceShown, NotPossible
from accommodations.locks import course_lease
from accommodations.models import CanvasAct, PairStatus
from accommodations.services import acts
from accommodations.services.acts import Intent
from accommodations.services.acts_on_pairs import finish, intent_on, settled
from accommodations.services.course_look import (
    CourseLook,
    assessment_in,
    attempt_in,
    dates_held,
    extension_in,
    student_in,
)
from canvas_bridge.changes import ActOutcome
from canvas_bridge.facts import CLASSIC_KINDS, UNGRADED_KINDS, AssessmentFacts, CourseFacts, CourseState, Dates

NO_DATES = Dates()


@dataclass(frozen=True, slots=True)
class QuizLock:
    """What Canvas holds of the pair's lock now. `problem` says why nothing can be done about it here."""

    pair: PairStatus
    facts: CourseFacts | None = None
    dates: Dates = NO_DATES
    is_unlocked: bool = False
    is_attempt_running: bool = False
    standing: CanvasAct | None = None
    problem: str = ""


def may_be_thought_of(pair: PairStatus) -> bool:
    """Whether the pair is one that could be unlocked, as far as can be told without asking Canvas."""
    return pair.assessment.kind in CLASSIC_KINDS and not pair.assessment.is_deleted


def look(pair: PairStatus) -> QuizLock:
    """Read the pair's lock from Canvas. Raises LeewayError where Canvas cannot be read."""
    if not may_be_thought_of(pair):
        return QuizLock(pair, problem="Only classic quizzes can be unlocked for one student.")
    return _seen(pair, CourseLook(pair.course).read(frozenset({pair.assessment.key})))


def change(pair: PairStatus, *, to_unlocked: bool, key: UUID, asked_by: User) -> CanvasAct:
    """Unlock the quiz for the student, or lock it again, and return the act.

    Raises NotPossible, ChangedSinceShown where it is so already, CourseBusy while a sync is at work on the course,
    ConfirmedBefore and ActAtWork as `acts.begin`. An unclear answer is settled by reading.
    """
    with course_lease(pair.course) as lease:
        course_look = CourseLook(pair.course, before_request=lease.renew)
        lock = _checked(pair, course_look, to_unlocked=to_unlocked)
        act = acts.begin(_intent(lock, to_unlocked=to_unlocked, key=key, asked_by=asked_by))
        outcome = acts.sent(
            lambda: course_look.gateway.set_unlocked(
                canvas_course_id=pair.course.canvas_course_id,
                canvas_quiz_id=pair.assessment.canvas_quiz_id or 0,
                canvas_user_id=pair.student.canvas_user_id,
                is_unlocked=to_unlocked,
            )
        )
        return _finish(act, outcome, course_look)


def _checked(pair: PairStatus, course_look: CourseLook, *, to_unlocked: bool) -> QuizLock:
    if not may_be_thought_of(pair):
        raise NotPossible("Only classic quizzes can be unlocked for one student.")
    lock = _seen(pair, course_look.read(frozenset({pair.assessment.key})))
    if lock.is_unlocked == to_unlocked:
        words = "unlocked for the student already" if to_unlocked else "locked again already"
        raise ChangedSinceShown(f"The quiz is {words}. Nothing was sent.")
    if lock.problem:
        raise NotPossible(lock.problem)
    return lock


def _seen(pair: PairStatus, facts: CourseFacts) -> QuizLock:
    quiz, student = assessment_in(facts, pair.assessment.key), student_in(facts, pair.student)
    held = extension_in(facts, quiz.key, student.canvas_user_id)
    if held is None:
        words = "Canvas does not let Leeway’s user read what stands on this quiz. Ask the Canvas administrators."
        return QuizLock(pair, facts=facts, problem=words)
    standing = _standing(pair)
    if standing is not None and not held.is_manually_unlocked:
        acts.stop_standing(CanvasAct.Kind.UNLOCK, pair.student, pair.assessment)
        standing = None
    attempt = attempt_in(facts, quiz.key, student.canvas_user_id)
    dates = dates_held(facts, quiz, student)
    return QuizLock(
        pair,
        facts=facts,
        dates=dates,
        is_unlocked=held.is_manually_unlocked,
        is_attempt_running=attempt is not None and attempt.is_running,
        standing=standing,
        problem=_problem(facts, quiz, dates, is_unlocked=held.is_manually_unlocked, standing=standing),
    )


def _standing(pair: PairStatus) -> CanvasAct | None:
    found = CanvasAct.objects.filter(
        kind=CanvasAct.Kind.UNLOCK, student=pair.student, assessment=pair.assessment, is_standing=True
    )
    return found.select_related("asked_by").first()


def _problem(
    facts: CourseFacts, quiz: AssessmentFacts, dates: Dates, *, is_unlocked: bool, standing: CanvasAct | None
) -> str:
    if is_unlocked:
        words = "It was unlocked for this student in Canvas, not from here. Whoever did it locks it again there."
        return "" if standing is not None else words
    if facts.course.state is CourseState.COMPLETED:
        return "The course is concluded in Canvas: unlocking a quiz would open nothing."
    if dates.unlock_at is not None and dates.unlock_at > facts.read_at:
        return "It has not opened for the student yet. Unlocking would show it early, so Leeway does not do that."
    is_closed = dates.lock_at is not None and dates.lock_at <= facts.read_at
    if not is_closed and quiz.kind not in UNGRADED_KINDS:
        return "It is not closed for the student: there is nothing to unlock."
    return ""


def _intent(lock: QuizLock, *, to_unlocked: bool, key: UUID, asked_by: User) -> Intent:
    return intent_on(
        lock.pair,
        kind=CanvasAct.Kind.UNLOCK,
        lane="unlock",
        key=key,
        asked_by=asked_by,
        asked={"is_unlocked": to_unlocked},
        before={"is_unlocked": lock.is_unlocked},
        sentence="Unlocked for this student." if to_unlocked else "Locked again for this student.",
        undoes=None if to_unlocked else lock.standing,
    )


def _finish(act: CanvasAct, outcome: ActOutcome, course_look: CourseLook) -> CanvasAct:
    row = outcome.rows[0] if outcome.rows else None
    status = acts.STATUS_OF_OUTCOME[outcome.kind]
    if status == CanvasAct.Status.APPLIED and (row is None or row.is_manually_unlocked != act.asked["is_unlocked"]):
        status = CanvasAct.Status.UNKNOWN
    return finish(
        act,
        outcome,
        status=status,
        message=outcome.message,
        after={"is_unlocked": row.is_manually_unlocked} if row else None,
        settle=lambda: settle(act, course_look),
        is_standing=bool(act.asked["is_unlocked"]),
    )


def settle(act: CanvasAct, course_look: CourseLook) -> CanvasAct:
    """Decide an act of unknown outcome by what Canvas holds now. Raises LeewayError where it cannot be read."""
    if act.student is None or act.assessment is None:
        raise ValueError("a quiz is unlocked for one student")
    facts = course_look.read(frozenset({act.assessment.key}))
    held = extension_in(facts, act.assessment.key, act.student.canvas_user_id)
    if held is None:
        raise NotPossible("Canvas does not show what stands on the quiz.", code="canvas.forbidden")
    asked, after = act.asked["is_unlocked"], {"is_unlocked": held.is_manually_unlocked}
    return settled(act, has_arrived=held.is_manually_unlocked == asked, after=after, is_standing=bool(asked))
