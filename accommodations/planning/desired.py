"""What one student is due on one assessment: minutes, attempts and dates, after all rules and limits."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accommodations.planning.combine import Combined, combined
from accommodations.planning.context import Pair
from accommodations.planning.desired_dates import DesiredDates, desired_dates
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import MOST_ATTEMPTS, Amount, most_generous, most_minutes
from accommodations.planning.windows import TimeNeed, exam_window, in_minutes
from canvas_bridge.facts import AssessmentFacts, AssessmentKind, Dates

OUTSIDE_KINDS = frozenset({AssessmentKind.EXTERNAL_TOOL, AssessmentKind.ON_PAPER})
"""Taken where Canvas keeps no time: a person has to give extra time there."""

_UPLOAD_TYPES = frozenset({"online_upload", "online_url", "online_text_entry"})


@dataclass(frozen=True, slots=True)
class Desired:
    """The grant of a pair in Canvas's terms. `verdicts` are reasons that need no look at what Canvas holds."""

    minutes: Amount | None = None
    attempts: Amount | None = None
    window_minutes: Amount | None = None
    need: TimeNeed | None = None
    dates: DesiredDates | None = None
    verdicts: tuple[Reason, ...] = ()


def desired_for(pair: Pair) -> Desired:
    """Return what the pair's rules come to."""
    if not pair.rules:
        return Desired()
    rules = combined(pair.rules)
    minutes, window_minutes, need, time_verdict = _time(pair, rules)
    attempts, attempts_verdict = _attempts(pair, rules)
    dates = desired_dates(pair, shifts=rules.shifts, exacts=rules.exacts, need=need)
    verdicts = [verdict for verdict in (time_verdict, attempts_verdict) if verdict is not None]
    if rules.exacts and dates is None:
        verdicts.append(Reason.INSTRUCTOR_GIVES_AS_MUCH)
    elif rules.shifts and pair.class_dates.due_at is None and pair.class_dates.lock_at is None:
        verdicts.append(Reason.NO_DATE_TO_MOVE)
    return Desired(
        minutes=minutes,
        attempts=attempts,
        window_minutes=window_minutes,
        need=need,
        dates=dates,
        verdicts=tuple(verdicts),
    )


def is_exam(pair: Pair) -> bool:
    """Whether it counts as an exam: by itself, or because staff marked it."""
    index, assessment = pair.index, pair.assessment
    return assessment.key in index.inputs.marked_exams or is_exam_by_itself(
        assessment.time_limit_minutes, pair.class_dates, exam_window_minutes=index.settings.exam_window_minutes
    )


def is_exam_by_itself(time_limit_minutes: int | None, class_dates: Dates, *, exam_window_minutes: int) -> bool:
    """Whether it is an exam with nobody marking it: a timed quiz, or a window short enough to limit the time."""
    return bool(time_limit_minutes) or exam_window(class_dates, at_most_minutes=exam_window_minutes) is not None


def takes_extra_attempts(assessment: AssessmentFacts) -> bool:
    """Whether Canvas can hold extra attempts for it (contract 3.4, 5.2)."""
    if assessment.is_quiz:
        return True
    is_uploaded = not _UPLOAD_TYPES.isdisjoint(assessment.submission_types)
    return assessment.kind is AssessmentKind.ASSIGNMENT and is_uploaded


def _time(pair: Pair, rules: Combined) -> tuple[Amount | None, Amount | None, TimeNeed | None, Reason | None]:
    """Return minutes on the time limit, minutes on the window, what must fit into the window, and a verdict."""
    if not rules.times:
        return None, None, None, None
    assessment = pair.assessment
    if assessment.kind in OUTSIDE_KINDS:
        return None, None, None, Reason.OUTSIDE_CANVAS
    limit = assessment.time_limit_minutes
    if limit:
        minutes = most_minutes(rules.times, limit_minutes=Decimal(limit))
        need = TimeNeed(timedelta(minutes=limit), minutes.within_cap if minutes else 0)
        return minutes, None, need, None
    window = _class_window(pair)
    if window is None or assessment.kind is AssessmentKind.NO_SUBMISSION:
        return None, None, None, Reason.NO_TIME_LIMIT
    on_window = most_minutes(rules.times, limit_minutes=in_minutes(window), cap=None)
    return None, on_window, TimeNeed(window, on_window.approved if on_window else 0), None


def _attempts(pair: Pair, rules: Combined) -> tuple[Amount | None, Reason | None]:
    if not rules.attempts:
        return None, None
    if pair.assessment.allowed_attempts is None:
        return None, Reason.UNLIMITED_ATTEMPTS
    if not takes_extra_attempts(pair.assessment):
        return None, Reason.OUTSIDE_CANVAS
    cap = MOST_ATTEMPTS if pair.assessment.is_quiz else None
    return most_generous(Amount(amount.attempts, cap, rule) for rule, amount in rules.attempts), None


def _class_window(pair: Pair) -> timedelta | None:
    return exam_window(pair.class_dates, at_most_minutes=pair.index.settings.exam_window_minutes)
