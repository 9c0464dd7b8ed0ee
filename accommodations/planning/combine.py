"""Which accommodations count for one student on one assessment, and how several of them come together (R6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accommodations.planning.assignment_groups import is_in_course, is_in_its_groups
from accommodations.planning.context import CourseIndex, RuleInForce
from accommodations.planning.plan import PlanningInputs
from accommodations.planning.rules import (
    AccommodationRule,
    DateShift,
    ExactDates,
    ExtraAttempts,
    ExtraTime,
    Scope,
)
from canvas_bridge.facts import AssessmentFacts, CourseSummary, Dates

_BREADTH = {scope: position for position, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Combined:
    """The rules of one pair by what they give; those that a narrower one replaces are left out."""

    times: tuple[tuple[AccommodationRule, ExtraTime], ...] = ()
    attempts: tuple[tuple[AccommodationRule, ExtraAttempts], ...] = ()
    shifts: tuple[tuple[AccommodationRule, DateShift], ...] = ()
    exacts: tuple[tuple[AccommodationRule, ExactDates], ...] = ()


def applicable_rules(
    index: CourseIndex, canvas_user_id: int, assessment: AssessmentFacts, windows: Sequence[Dates]
) -> tuple[AccommodationRule, ...]:
    """Return the student's rules that count here: by scope, by kind, and in force at any moment of a window.

    `windows` are the student's without us. Exact dates bring a window of their own, for the student's other rules too:
    who sits an exam again has extra time there, though it was approved after the class's sitting.
    """
    candidates = [
        candidate
        for candidate in index.rules_of.get(canvas_user_id, ())
        if is_in_scope(candidate.rule, index.course, assessment)
    ]
    if not candidates:
        return ()
    stated = [_stated_window(one, index.course, windows[0]) for one in candidates]
    every = (*windows, *(window for window in stated if window is not None))
    return tuple(one.rule for one in candidates if any(is_in_force(one, window, index.course) for window in every))


def is_in_scope(rule: AccommodationRule, course: CourseSummary, assessment: AssessmentFacts) -> bool:
    """Whether the rule counts for this course and assessment, whenever it is."""
    if rule.kinds and assessment.kind not in rule.kinds:
        return False
    if not is_in_its_groups(rule, assessment):
        return False
    if rule.scope is Scope.EVERY_COURSE:
        return True
    if rule.scope is Scope.TERM:
        return rule.canvas_term_id is not None and rule.canvas_term_id == course.canvas_term_id
    if rule.scope is Scope.COURSE:
        return rule.canvas_course_id == course.canvas_course_id
    return rule.assessment_key == assessment.key


def rules_awaiting_names(
    index: CourseIndex, canvas_user_id: int, assessment: AssessmentFacts, windows: Sequence[Dates]
) -> tuple[AccommodationRule, ...]:
    """Return the student's rules of which nobody knows whether they count here: the groups' names were not read."""
    if index.facts.are_groups_named:
        return ()
    return tuple(
        one.rule
        for one in index.rules_of.get(canvas_user_id, ())
        if one.rule.assignment_groups
        and is_in_scope(replace(one.rule, assignment_groups=frozenset()), index.course, assessment)
        and any(is_in_force(one, window, index.course) for window in windows)
    )


def needs_group_names(inputs: PlanningInputs) -> bool:
    """Whether a rule counts for certain assignment groups of this course alone, and their names were not read."""
    if inputs.facts.are_groups_named:
        return False
    return any(rule.assignment_groups and is_in_course(rule, inputs.facts.course) for rule in inputs.rules)


def is_in_force(candidate: RuleInForce, dates: Dates, course: CourseSummary) -> bool:
    """Whether the rule is in force at any moment of the window: from unlock to lock, due or course end.

    Without an unlock it opens with the course or its term; where nobody knows when they begin, it is taken to be a
    moment, the lock or the due: what had run out long before does not count for ever.
    """
    closes_at = dates.lock_at or dates.due_at or course.ends_at
    if closes_at is not None and candidate.starts_at >= closes_at:
        return False
    opens_at = dates.unlock_at or _without_unlock(dates, course)
    return candidate.ends_at is None or opens_at is None or candidate.ends_at > opens_at


def _without_unlock(dates: Dates, course: CourseSummary) -> datetime | None:
    starts_at, over_at = course.starts_at or course.term_starts_at, dates.lock_at or dates.due_at
    return starts_at if over_at is None else min(over_at, starts_at or over_at)


def _stated_window(candidate: RuleInForce, course: CourseSummary, class_dates: Dates) -> Dates | None:
    """Return the window that a rule of exact dates states, if it is in force then; what is left out is the class's."""
    amount = candidate.rule.amount
    if not isinstance(amount, ExactDates):
        return None
    stated = amount.dates
    window = Dates(
        stated.unlock_at or class_dates.unlock_at,
        stated.due_at or (None if stated.lock_at else class_dates.due_at),
        stated.lock_at or (None if stated.due_at else class_dates.lock_at),
    )
    return window if is_in_force(candidate, window, course) else None


def combined(rules: Sequence[AccommodationRule]) -> Combined:
    """Return the rules by what they give, without those that a narrower rule of the same provision replaces."""
    times, attempts, shifts, exacts = [], [], [], []
    for rule in rules:
        amount = rule.amount
        if isinstance(amount, ExtraTime):
            times.append((rule, amount))
        elif isinstance(amount, ExtraAttempts):
            attempts.append((rule, amount))
        elif isinstance(amount, DateShift):
            shifts.append((rule, amount))
        else:
            exacts.append((rule, amount))
    if not any(rule.replaces_broader for rule in rules):
        return Combined(tuple(times), tuple(attempts), tuple(shifts), tuple(exacts))
    return Combined(
        times=tuple(pair for pair in times if not _is_replaced(pair[0], [rule for rule, _ in times])),
        attempts=tuple(pair for pair in attempts if not _is_replaced(pair[0], [rule for rule, _ in attempts])),
        shifts=tuple(pair for pair in shifts if not _is_replaced(pair[0], [rule for rule, _ in shifts])),
        exacts=tuple(exacts),  # they are for one assessment: nothing is narrower
    )


def _is_replaced(rule: AccommodationRule, others: Sequence[AccommodationRule]) -> bool:
    return any(other.replaces_broader and _BREADTH[other.scope] > _BREADTH[rule.scope] for other in others)
