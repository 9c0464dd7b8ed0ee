"""The whole derivation of one pair: from the accommodations that apply to what happens next, in plain sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accommodations.planning import explain
from accommodations.planning.assignment_groups import is_in_its_groups, unmatched_names
from accommodations.planning.combine import Combined, combined, is_in_force, is_in_scope
from accommodations.planning.context import CourseIndex, Pair, RuleInForce
from accommodations.planning.desired import Desired, desired_for
from accommodations.planning.explain_next import next_words
from accommodations.planning.explain_sources import (
    SuppliedDate,
    class_dates_supplied,
    dates_without_us_supplied,
    observed_dates_supplied,
)
from accommodations.planning.explain_steps import Step, steps_of
from accommodations.planning.extension import Extension, extension_of
from accommodations.planning.plan import PlanningInputs
from accommodations.planning.planner import PlannedPair, planned_pairs
from accommodations.planning.rules import AccommodationRule
from accommodations.planning.statuses import Reason
from accommodations.planning.wording import counted, dates_change, instant, rule_in_words, span
from canvas_bridge.facts import AssessmentKind, Dates


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One accommodation of the student: what it says, whether it counts here, and why or why not."""

    accommodation_id: int
    words: str
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Amounts:
    """Minutes and attempts in words, as they stand somewhere: "60 min and 30 min extra", "1 attempt"."""

    time: str
    attempts: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One pair from end to end. `grant` and `ledger` are sentences; `sentence` is empty where nothing is planned."""

    rules: tuple[RuleVerdict, ...]
    class_dates: tuple[SuppliedDate, ...]
    class_amounts: Amounts
    without_us: tuple[SuppliedDate, ...]
    without_us_amounts: Amounts
    observed: tuple[SuppliedDate, ...]
    observed_amounts: Amounts
    grant: tuple[str, ...]
    steps: tuple[Step, ...]
    ledger: tuple[str, ...]
    reason: Reason | None
    sentence: str
    planned: tuple[str, ...]
    next_words: str


def explained(inputs: PlanningInputs, *, canvas_user_id: int, assessment_key: str) -> Explanation | None:
    """Return the derivation of one pair; None where the facts hold no such student or assessment.

    It asks the planner itself, so what is told and what is done cannot drift apart.
    """
    facts = inputs.facts
    student = next((one for one in facts.students if one.canvas_user_id == canvas_user_id), None)
    assessment = next((one for one in facts.assessments if one.key == assessment_key), None)
    if student is None or assessment is None:
        return None
    # Everybody's pairs on the assessment: who leaves a shared override is decided among those who share it.
    narrowed = replace(inputs, facts=replace(facts, assessments=(assessment,)))
    planned = next((one for one in planned_pairs(narrowed) if one.pair.key == (canvas_user_id, assessment_key)), None)
    if planned is None:
        index = CourseIndex(narrowed)
        pair = Pair(index, student, assessment, index.class_dates(assessment, student))
        planned = PlannedPair(pair, desired_for(pair), (), ())
    return _explanation(planned)


def _explanation(planned: PlannedPair) -> Explanation:
    pair, desired = planned.pair, planned.desired
    extension = extension_of(pair, desired)
    actions = tuple(part.action.sentence for part in planned.parts if part.action is not None)
    finding = planned.findings[0] if planned.findings else None
    return Explanation(
        rules=tuple(_verdicts(pair, desired)),
        class_dates=class_dates_supplied(pair),
        class_amounts=_amounts(pair, 0, 0),
        without_us=dates_without_us_supplied(pair),
        without_us_amounts=_amounts(pair, extension.minutes.without_us or 0, extension.attempts.without_us or 0),
        observed=observed_dates_supplied(pair),
        observed_amounts=_observed_amounts(pair, extension),
        grant=tuple(_grant(pair, desired)),
        steps=steps_of(pair, desired, planned.parts),
        ledger=tuple(_ledger(pair)),
        reason=finding.reason if finding is not None else None,
        sentence=explain.told(pair, planned.findings) if planned.findings else "",
        planned=actions,
        next_words=next_words(finding.reason if finding is not None else None, has_actions=bool(actions)),
    )


def _verdicts(pair: Pair, desired: Desired) -> Iterator[RuleVerdict]:
    """Yield what each of the student's accommodations means here, those that count first."""
    counting = {source.accommodation_id: source.field for source in explain.sources(desired)}
    rules, stop = combined(pair.rules), _stopped_by(pair)
    found = [
        _verdict(pair, candidate, rules, counting, stop)
        for candidate in pair.index.rules_of.get(pair.student.canvas_user_id, ())
    ]
    yield from sorted(found, key=lambda verdict: (not verdict.counts, verdict.accommodation_id))


def _stopped_by(pair: Pair) -> str:
    """Return why nothing counts on the pair at all: an exception, or no release; empty otherwise."""
    exception = pair.index.exception_for(*pair.key)
    if exception is not None:
        return f"an exception holds here ({exception.reason})"
    if pair.student.canvas_user_id in pair.index.inputs.not_released:
        return "the student has not asked for the accommodations in this course"
    return ""


def _verdict(pair: Pair, candidate: RuleInForce, rules: Combined, counting: dict[int, str], stop: str) -> RuleVerdict:
    rule = candidate.rule
    number, words = rule.accommodation_id, rule_in_words(rule)
    if rule.assignment_groups and not pair.index.facts.are_groups_named:
        why = "Which assignment group this is in has not been read yet."
        return RuleVerdict(number, words, counts=False, why=why)
    if rule not in pair.rules:
        return RuleVerdict(number, words, counts=False, why=_why_not(pair, candidate, stop))
    if number in counting:
        return RuleVerdict(number, words, counts=True, why=f"It gives the {_FIELD_WORDS[counting[number]]}.")
    kept = (*rules.times, *rules.attempts, *rules.shifts, *rules.exacts)
    if rule not in [one for one, _ in kept]:
        return RuleVerdict(number, words, counts=False, why="A narrower one replaces it here.")
    return RuleVerdict(number, words, counts=False, why="It gives no more here than others, or nothing at all.")


_FIELD_WORDS = {"extra_minutes": "extra time", "extra_attempts": "extra attempts", "dates": "dates"}


def _why_not(pair: Pair, candidate: RuleInForce, stop: str) -> str:
    rule, zone = candidate.rule, pair.index.course_zone
    if not is_in_scope(rule, pair.index.course, pair.assessment):
        return _scope_missed(pair, rule)
    if stop:
        return f"Stopped, since {stop}."
    if not is_in_force(candidate, pair.class_dates, pair.index.course):
        until = f" until {instant(candidate.ends_at, zone)}" if candidate.ends_at is not None else ""
        return f"It is in force from {instant(candidate.starts_at, zone)}{until}, not while this is open."
    return "It counts, and nothing is planned for the student here."


def _scope_missed(pair: Pair, rule: AccommodationRule) -> str:
    if rule.kinds and pair.assessment.kind not in rule.kinds:
        return "It was not approved for this kind of assessment."
    if not is_in_its_groups(rule, pair.assessment):
        return _group_missed(pair, rule)
    return "It was not approved for this assessment, course or term."


def _group_missed(pair: Pair, rule: AccommodationRule) -> str:
    """Return in which assignment group the assessment is, and which ones the rule names that the course has not."""
    here = pair.assessment.assignment_group
    words = f"This is in the assignment group “{here}”." if here else "This is in no assignment group."
    lacking = [one.name for one in unmatched_names(rule.assignment_groups, pair.index.facts.assignment_groups)]
    course = pair.index.course
    missing = (f"There is no assignment group “{name}” in {course.course_code or course.name}." for name in lacking)
    return " ".join(("It was not approved for this assignment group.", words, *missing))


def _amounts(pair: Pair, minutes: int, attempts: int) -> Amounts:
    limit, allowed = pair.assessment.time_limit_minutes, pair.assessment.allowed_attempts
    time = "no time limit" if limit is None else span(limit + minutes)
    if limit is not None and minutes:
        time = f"{time} ({span(limit)} and {span(minutes)} extra)"
    return Amounts(time, "unlimited attempts" if allowed is None else counted(allowed + attempts, "attempt"))


def _observed_amounts(pair: Pair, extension: Extension) -> Amounts:
    """Return what Canvas holds; what was not read, or cannot be, is told as such."""
    minutes, attempts = extension.minutes, extension.attempts
    row = pair.index.extensions.get(pair.key)
    known = _amounts(
        pair,
        minutes.observed or (row.extra_minutes if row else 0),
        attempts.observed or (row.extra_attempts if row else 0),
    )
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        said = " (Canvas accepted it; New Quizzes cannot be read)" if pair.ledger_extension else " (cannot be read)"
    elif not pair.can_read_extensions:
        said = " (Canvas does not let Leeway read it)"
    elif pair.are_extensions_read:
        said = ""
    else:
        said = " (as Leeway put it)" if pair.ledger_extension else " (not read yet)"
    return Amounts(known.time + said, known.attempts + said)


def _grant(pair: Pair, desired: Desired) -> Iterator[str]:
    """Yield the grant, a sentence for each field."""
    numbers = explain.extension_words(pair, desired)
    if numbers:
        yield f"{numbers}."
    dates = desired.dates
    if dates is not None and dates.granted != pair.class_dates:
        yield f"Dates: {dates_change(pair.class_dates, dates.granted, pair.index.course_zone)}."
    if not pair.rules:
        yield "Nothing is granted here."
    elif not numbers and (dates is None or dates.granted == pair.class_dates):
        yield "The accommodations come to nothing more than the class has here."


def _ledger(pair: Pair) -> Iterator[str]:
    """Yield what Leeway put here, and what stood there before."""
    entry = pair.ledger_extension
    if entry is not None and entry.put_minutes is not None:
        yield f"Leeway put {span(entry.put_minutes)} extra; {span(entry.before_minutes)} stood there before."
    if entry is not None and entry.put_attempts is not None:
        yield f"Leeway put {counted(entry.put_attempts, 'extra attempt')}; {entry.before_attempts} stood there before."
    override = pair.index.ledger_overrides.get(pair.key)
    if override is not None:
        yield f"Leeway put dates: {_listed(pair, override.put)}."
        if override.before is None:
            yield "No override of the student’s own stood there before: Leeway made it."
        else:
            before = override.before
            dates = Dates(before.unlock.at, before.due.at, before.lock.at)
            yield f"The instructor’s own override stood there before, with: {_listed(pair, dates)}."
    if entry is None and override is None:
        yield "Leeway has put nothing here."


def _listed(pair: Pair, dates: Dates) -> str:
    zone = pair.index.course_zone
    named = (("opens", dates.unlock_at), ("due", dates.due_at), ("closes", dates.lock_at))
    return ", ".join(f"{word} {instant(at, zone) if at is not None else 'no date'}" for word, at in named)
