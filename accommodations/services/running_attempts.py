"""The attempt that a student is working on now: read afresh, moved to a later end when a person confirms it.

Minutes put into Canvas later do not reach a running attempt (contract 3.3); this is the one way to give them.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from accommodations.codec import from_stored, to_stored
from accommodations.errors import ChangedSinceShown, CourseBusy, LeewayError, NotPossible, Problem, ValuesRefused
from accommodations.locks import Lease, course_lease
from accommodations.models import CanvasAct, Course, PairStatus
from accommodations.planning.plan import PairOutcome
from accommodations.planning.wording import span
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
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentFacts, AssessmentKind, CourseFacts, ObservedAttempt

FEWEST_MINUTES, MOST_MINUTES = 1, 1440
GRACE = timedelta(hours=1)
"""An attempt can be extended until an hour after its end, as long as it was not handed in (contract 3.3)."""
SAME_END = timedelta(seconds=30)
MINUTES_WORDS = f"Enter a whole number of minutes from {FEWEST_MINUTES} to {MOST_MINUTES}."


@dataclass(frozen=True, slots=True)
class RunningAttempt:
    """What Canvas holds of a student's attempt now, and the end that the approved time comes to.

    `problem` says why it cannot be extended; then nothing else counts.
    """

    pair: PairStatus
    facts: CourseFacts | None = None
    problem: str = ""
    attempt: ObservedAttempt | None = None
    limit_minutes: int = 0
    granted_minutes: int = 0
    held_lock_at: datetime | None = None
    is_unlocked: bool = False
    due_end_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """Return when Canvas ends the attempt as it stands."""
        return self.attempt.end_at if self.attempt else None

    @property
    def minutes_missing(self) -> int:
        """Return by how many minutes the attempt ends before the approved time is up; 0 where it does not."""
        if self.ends_at is None or self.due_end_at is None or self.due_end_at <= self.ends_at:
            return 0
        return ceil((self.due_end_at - self.ends_at) / timedelta(minutes=1))

    @property
    def suggested_minutes(self) -> int | None:
        """Return what the field starts with: the missing minutes, as far as Canvas takes them at once."""
        return min(self.minutes_missing, MOST_MINUTES) or None

    def new_end(self, minutes: int) -> datetime:
        """Return the end after adding so many minutes."""
        if self.ends_at is None:
            raise ValueError("an attempt without an end cannot be extended")
        return self.ends_at + timedelta(minutes=minutes)

    def locks_before(self, minutes: int) -> bool:
        """Whether the quiz locks for the student before that end, so that answers after the lock are refused."""
        return self.held_lock_at is not None and not self.is_unlocked and self.held_lock_at < self.new_end(minutes)


def is_thinkable(pair: PairStatus, now: datetime) -> bool:
    """Whether an attempt may be running on the pair, as far as can be told without asking Canvas."""
    assessment = pair.assessment
    if assessment.kind not in CLASSIC_KINDS or assessment.time_limit_minutes is None or assessment.is_deleted:
        return False
    has_opened = pair.opens_at is None or pair.opens_at <= now
    return has_opened and (pair.closes_at is None or now < pair.closes_at + GRACE)


def look(pair: PairStatus) -> RunningAttempt:
    """Read the attempt from Canvas. Raises LeewayError where Canvas cannot be read."""
    if words := _never(pair):
        return RunningAttempt(pair, problem=words)
    return _seen(pair, CourseLook(pair.course).read(frozenset({pair.assessment.key})))


def extend(
    pair: PairStatus, *, minutes: int, shown_end_at: datetime, key: UUID, asked_by: User
) -> tuple[CanvasAct, bool]:
    """Add minutes to the attempt that ends when the page said so, and return the act, and whether statuses follow.

    Raises ValuesRefused for other minutes than Canvas takes, ChangedSinceShown where the end is no longer the one
    that was shown, NotPossible where the attempt has ended, ConfirmedBefore and ActAtWork as `acts.begin`. Where the
    answer is unclear, Canvas is read and the act says what it holds: nothing is sent a second time.
    """
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValuesRefused((Problem("minutes", "act.minutes", MINUTES_WORDS),))
    with _lease_if_free(pair.course) as lease:
        course_look = CourseLook(pair.course, before_request=lease.renew if lease else None)
        attempt = _checked(pair, course_look, shown_end_at)
        act = acts.begin(_intent(attempt, minutes, key, asked_by))
        outcome = acts.sent(
            lambda: course_look.gateway.extend_running_attempt(
                canvas_course_id=pair.course.canvas_course_id,
                canvas_quiz_id=_quiz_id(attempt),
                canvas_user_id=pair.student.canvas_user_id,
                minutes_from_end=minutes,
            )
        )
        act = _finish(act, attempt, outcome, course_look)
        return act, lease is not None and _refreshed(attempt, course_look)


@contextmanager
def _lease_if_free(course: Course) -> Iterator[Lease | None]:
    """Hold the course where nobody is at it: an attempt that runs out does not wait for a sync.

    The act's lane guards it against a second act, and a sync never touches an attempt's end.
    """
    with ExitStack() as stack:
        try:
            lease = stack.enter_context(course_lease(course))
        except CourseBusy:
            yield None
        else:
            yield lease


def _checked(pair: PairStatus, course_look: CourseLook, shown_end_at: datetime) -> RunningAttempt:
    """Return the attempt as Canvas holds it now. Raises NotPossible or ChangedSinceShown: then nothing is sent."""
    if words := _never(pair):
        raise NotPossible(words)
    attempt = _seen(pair, course_look.read(frozenset({pair.assessment.key})))
    if attempt.problem:
        raise NotPossible(attempt.problem, code="act.not_running")
    if attempt.ends_at != shown_end_at:
        raise ChangedSinceShown("The attempt no longer ends when this page said. Nothing was sent. Read it again.")
    return attempt


def _never(pair: PairStatus) -> str:
    """Return why an attempt on this assessment can never be extended here, whatever Canvas holds."""
    if pair.assessment.kind == AssessmentKind.NEW_QUIZ:
        return (
            "Canvas gives no other program a way to extend a running attempt on a New Quiz. "
            "The instructor does it in the New Quiz itself, under Moderate."
        )
    return "" if pair.assessment.kind in CLASSIC_KINDS else "Only attempts on quizzes run against a clock."


def _seen(pair: PairStatus, facts: CourseFacts) -> RunningAttempt:
    assessment, student = assessment_in(facts, pair.assessment.key), student_in(facts, pair.student)
    attempt = attempt_in(facts, assessment.key, student.canvas_user_id)
    if problem := _problem(facts, assessment, attempt):
        return RunningAttempt(pair, facts=facts, problem=problem, attempt=attempt)
    extension = extension_in(facts, assessment.key, student.canvas_user_id)
    held = dates_held(facts, assessment, student)
    outcome = from_stored(PairOutcome, pair.outcome) if pair.outcome else None
    granted = (outcome.grant.extra_minutes if outcome else None) or 0
    granted_dates = outcome.grant.dates if outcome else None
    limit = assessment.time_limit_minutes or 0
    lock_at = granted_dates.lock_at if granted_dates else held.lock_at
    return RunningAttempt(
        pair,
        facts=facts,
        attempt=attempt,
        limit_minutes=limit,
        granted_minutes=granted,
        held_lock_at=held.lock_at,
        is_unlocked=extension is not None and extension.is_manually_unlocked,
        due_end_at=_due_end(attempt, limit + granted, lock_at),
    )


def _problem(facts: CourseFacts, assessment: AssessmentFacts, attempt: ObservedAttempt | None) -> str:
    """Return why there is nothing to extend (contract 3.3, *extendable*), or an empty text."""
    if assessment.key not in facts.extensions_read:
        return "Canvas does not let Leeway’s user read the attempts on this quiz. Ask the Canvas administrators."
    if not assessment.time_limit_minutes:
        return "This quiz has no time limit in Canvas, so an attempt has no end that could be moved."
    return _problem_of(attempt)


def _problem_of(attempt: ObservedAttempt | None) -> str:
    if attempt is None:
        return "The student has not begun this quiz. Minutes that are in Canvas count from the start."
    if not attempt.is_running:
        return "The attempt is over: it was handed in, and Canvas cannot extend it."
    if attempt.end_at is None:
        return "The attempt has no end in Canvas: there is nothing to extend."
    if attempt.end_at + GRACE <= timezone.now():
        return "The attempt ended more than an hour ago: Canvas no longer extends it."
    return ""


def _due_end(attempt: ObservedAttempt | None, minutes: int, lock_at: datetime | None) -> datetime | None:
    """Return when the approved time is up: start, limit and granted minutes, but not after the granted lock."""
    if attempt is None or attempt.started_at is None:
        return None
    end = attempt.started_at + timedelta(minutes=minutes)
    return end if lock_at is None else min(end, lock_at)


def _quiz_id(attempt: RunningAttempt) -> int:
    quiz_id = attempt.pair.assessment.canvas_quiz_id
    if quiz_id is None:
        raise NotPossible("Canvas has no such quiz any more.", code="canvas.not_found")
    return quiz_id


def _intent(attempt: RunningAttempt, minutes: int, key: UUID, asked_by: User) -> Intent:
    return intent_on(
        attempt.pair,
        kind=CanvasAct.Kind.EXTEND_ATTEMPT,
        lane="attempt",
        key=key,
        asked_by=asked_by,
        asked={"end_at": to_stored(attempt.new_end(minutes)), "minutes": minutes},
        before={"end_at": to_stored(attempt.ends_at)},
        sentence=f"The running attempt ends {span(minutes)} later.",
    )


def _finish(act: CanvasAct, attempt: RunningAttempt, outcome: ActOutcome, course_look: CourseLook) -> CanvasAct:
    """Write the outcome. Canvas ignores silently what comes too late: an end that stays as it was is a refusal."""
    row = outcome.rows[0] if outcome.rows else None
    status, words = acts.STATUS_OF_OUTCOME[outcome.kind], outcome.message
    if row is not None and row.end_at == attempt.ends_at:
        status, words = CanvasAct.Status.REFUSED, "Canvas left the end as it was: the attempt no longer runs."
    return finish(
        act,
        outcome,
        status=status,
        message=words,
        after={"end_at": to_stored(row.end_at)} if row else None,
        settle=lambda: settle(act, course_look),
    )


def settle(act: CanvasAct, course_look: CourseLook) -> CanvasAct:
    """Decide an act of unknown outcome by the end that Canvas holds now. Raises LeewayError where it cannot be read."""
    if act.student is None or act.assessment is None:
        raise ValueError("an attempt is one student's, on one quiz")
    facts = course_look.read(frozenset({act.assessment.key}))
    attempt = attempt_in(facts, act.assessment.key, act.student.canvas_user_id)
    end_at = attempt.end_at if attempt else None
    asked = from_stored(datetime, act.asked["end_at"])
    has_arrived = end_at is not None and end_at >= asked - SAME_END
    return settled(act, has_arrived=has_arrived, after={"end_at": to_stored(end_at)})


def _refreshed(attempt: RunningAttempt, course_look: CourseLook) -> bool:
    """Read the attempt back and bring the statuses in step; False where Canvas did not answer that."""
    if attempt.facts is None:
        return False
    try:
        key = frozenset({attempt.pair.assessment.key})
        course_look.refresh_statuses(course_look.read_extensions(attempt.facts, key))
    except LeewayError:
        return False
    return True


def end_after(act: CanvasAct) -> datetime | None:
    """Return the end that Canvas held after the act; None where nobody knows it."""
    text = (act.after or {}).get("end_at")
    return from_stored(datetime, text) if text else None
