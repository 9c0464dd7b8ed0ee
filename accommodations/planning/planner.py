"""Plan one course: what each pair is due, what Canvas holds, what is to be done and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from accommodations.planning import explain
from accommodations.planning.adoption import with_adopted
from accommodations.planning.attempts import attempt_finding, must_look_for_attempts, must_look_for_submissions
from accommodations.planning.collector import no_search_for_cycles
from accommodations.planning.combine import applicable_rules, needs_group_names, rules_awaiting_names
from accommodations.planning.context import CourseIndex, Pair
from accommodations.planning.dates import is_later_unlock
from accommodations.planning.dates_part import dates_part
from accommodations.planning.desired import Desired, desired_for, is_exam
from accommodations.planning.extension import Extension, extension_of
from accommodations.planning.extension_part import extension_part
from accommodations.planning.held import (
    as_expected,
    dismissed,
    expected,
    keeps_away,
    kept_desired,
    stopped,
    undone_finding,
)
from accommodations.planning.pair_status import is_past, past_part, with_failure, without_refused_reads, worst
from accommodations.planning.parts import Finding, Part
from accommodations.planning.plan import (
    Hold,
    HoldKind,
    PairOutcome,
    Plan,
    PlannedAction,
    PlanningInputs,
    ReadsNeeded,
    Stop,
    Values,
)
from accommodations.planning.safety import guarded
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.changes import MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import AssessmentFacts, Dates, EnrollmentState, StudentFacts


@dataclass(frozen=True, slots=True)
class PlannedPair:
    """One pair with its parts and the findings that become its status; none where there is nothing to say of it.

    `is_granted`: something applies here, also where a person holds it back. `is_held`: a hold has something to hold.
    """

    pair: Pair
    desired: Desired
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    is_granted: bool = False
    is_held: bool = False


@no_search_for_cycles()
def plan_course(inputs: PlanningInputs) -> Plan:
    """Return the plan of one course. The same inputs give the same plan, whatever the order of their tuples."""
    planned = list(planned_pairs(inputs))
    actions = [(one.pair, part.action) for one in planned for part in one.parts if part.action is not None]
    actions.sort(key=_urgency)
    actions = _with_moves_in_order(actions)
    grants = sum(one.is_granted or _has_ours(one.pair) for one in planned) if inputs.guard else 0
    decided = guarded([action for _, action in actions], grants=grants, guard=inputs.guard)
    if decided.stop is not None:
        planned = with_stop(planned, decided.stop)
    return Plan(
        canvas_course_id=inputs.facts.course.canvas_course_id,
        made_at=inputs.now,
        actions=decided.going,
        pairs=tuple(_outcome(one) for one in planned if one.findings),
        ledger_corrections=tuple(part.correction for one in planned for part in one.parts if part.correction),
        stop=decided.stop,
        moot_holds=_moot_holds(inputs, planned) if inputs.holds else (),
        reads_needed=reads_of(planned, inputs),
    )


def reads_of(planned: Iterable[PlannedPair], inputs: PlanningInputs) -> ReadsNeeded:
    """Return the assessments whose extensions or submissions these pairs wait for.

    Extensions are needed before the first write, for running attempts, before anything shrinks, and to tell past from
    missed; submissions before anything shrinks or moves out of a shared override. New Quizzes cannot be read, and what
    Canvas refused to show is not asked for again.
    """
    extensions: set[str] = set()
    submissions: set[str] = set()
    for one in planned:
        for part in one.parts:
            if part.needs_extensions:
                extensions.add(one.pair.assessment.key)
            if part.needs_submissions:
                submissions.add(one.pair.assessment.key)
    facts = inputs.facts
    return ReadsNeeded(
        frozenset(extensions - facts.extensions_unreadable),
        frozenset(submissions - facts.submissions_unreadable),
        group_names=needs_group_names(inputs),
    )


def with_stop(planned: Sequence[PlannedPair], stop: Stop) -> list[PlannedPair]:
    """Return the pairs, those of which something was stopped as held by the guard."""
    keys = {action.pair_key for action in stop.actions}
    return [
        replace(one, findings=stopped(one.findings, stop.message)) if one.pair.key in keys else one for one in planned
    ]


def _has_ours(pair: Pair) -> bool:
    return pair.ledger_extension is not None or pair.ledger_override is not None


def _moot_holds(inputs: PlanningInputs, planned: Sequence[PlannedPair]) -> tuple[tuple[int, str], ...]:
    """Return the undone pairs of which nothing is granted any more: there is nothing left to keep away."""
    held = {one.pair.key for one in planned if one.is_held}
    keys = {assessment.key for assessment in inputs.facts.assessments}
    students = {student.canvas_user_id for student in inputs.facts.students if student.is_current}
    return tuple(
        sorted(
            (hold.canvas_user_id, hold.assessment_key)
            for hold in inputs.holds
            if hold.kind is HoldKind.UNDONE
            and hold.assessment_key in keys
            and hold.canvas_user_id in students
            and (hold.canvas_user_id, hold.assessment_key) not in held
        )
    )


def planned_pairs(inputs: PlanningInputs) -> list[PlannedPair]:
    """Return every pair that has a rule or something of ours, by student and then by assessment."""
    index = CourseIndex(inputs)
    ours = (*index.ledger_extensions, *index.ledger_overrides, *inputs.uncertain_extensions, *index.holds)
    with_ours = {user for user, _ in ours}
    assessments = sorted(inputs.facts.assessments, key=lambda assessment: assessment.key)
    found = [
        planned
        for student in sorted(inputs.facts.students, key=lambda student: student.canvas_user_id)
        if (student.canvas_user_id in index.rules_of or student.canvas_user_id in with_ours)
        and _takes_part(index, student)
        for assessment in assessments
        if (planned := _planned_pair(index, student, assessment)) is not None
    ]
    return _with_last_ones(found) if index.moved_out else found


def _with_last_ones(found: list[PlannedPair]) -> list[PlannedPair]:
    """Return the pairs, those planned anew who came before the others of their shared override left it."""
    return [
        (_planned_pair(one.pair.index, one.pair.student, one.pair.assessment) or one)
        if any(finding.reason is Reason.SHARED_OVERRIDE for finding in one.findings) and one.pair.is_last_of_shared
        else one
        for one in found
    ]


def _takes_part(index: CourseIndex, student: StudentFacts) -> bool:
    """Whether anything is planned or told for the student: a dropped one gets nothing, and the ledger stays.

    When a course is concluded by hand, Canvas makes its enrollments *completed*: their pairs are still told.
    """
    if student.is_current:
        return True
    is_completed = any(state is EnrollmentState.COMPLETED for _, state in student.sections)
    return index.is_concluded and is_completed


def _planned_pair(index: CourseIndex, student: StudentFacts, assessment: AssessmentFacts) -> PlannedPair | None:
    user = student.canvas_user_id
    bare = Pair(index, student, assessment, index.class_dates(assessment, student))
    windows = _windows(bare)
    rules = applicable_rules(index, user, assessment, windows)
    awaiting = rules_awaiting_names(index, user, assessment, windows)
    hold = index.holds.get(bare.key)
    has_ours = index.has_ours(bare.key)
    if awaiting or user in index.inputs.gone:
        known = bool(rules) or hold is not None or has_ours or (bool(awaiting) and bare.key in index.previous)
        return _left_alone(replace(bare, rules=(*rules, *awaiting)), hold, is_known=known)
    if not rules and hold is None and not has_ours:
        return None
    stop = _stop(index, user, assessment) if rules else None
    pair = with_adopted(bare if stop or not rules else Pair(index, student, assessment, bare.class_dates, rules))
    desired = desired_for(pair)
    if hold is not None and stop is None and hold.kind is HoldKind.UNDONE and keeps_away(pair, desired, hold):
        return _undone(bare, hold, is_granted=bool(rules))
    parts = as_expected(pair, _parts(pair, desired))
    if hold is not None and hold.kind is HoldKind.DISMISSED:
        parts = tuple(dismissed(part, hold) for part in parts)
    findings = [finding for part in parts for finding in part.findings]
    if stop is not None:
        findings.append(stop)
    return PlannedPair(pair, desired, parts, worst(findings), is_granted=bool(pair.rules))


_NAMES_FIRST = Finding(Reason.PLANNED, "its assignment group is read first; it says which accommodations count")
_GONE = Finding(
    Reason.REFUSED,
    "Canvas no longer knows this student",
    "Nothing is sent until somebody decides, on the student’s page, who they are now.",
)


def _left_alone(pair: Pair, hold: Hold | None, *, is_known: bool) -> PlannedPair | None:
    """Return a pair of which nobody knows which rules count before the assignment groups' names are read, or who it is.

    Nothing is planned: neither a grant that may not be due, nor to take back one that is. What is over stays as known.
    """
    desired = desired_for(pair)
    previous = pair.index.previous.get(pair.key)
    is_over = is_past(pair, desired) or (previous is not None and previous.status is Status.MISSED)
    if not is_known and (is_over or not pair.rules):
        return None
    is_gone = pair.student.canvas_user_id in pair.index.inputs.gone
    part = past_part(pair, desired) if is_over else Part(findings=(_GONE if is_gone else _NAMES_FIRST,))
    if hold is not None and hold.kind is HoldKind.UNDONE:
        part = Part(findings=(undone_finding(hold, ()),))
    is_held = hold is not None
    return PlannedPair(pair, desired, (part,), part.findings, is_granted=bool(pair.rules), is_held=is_held)


def _undone(pair: Pair, hold: Hold, *, is_granted: bool) -> PlannedPair:
    """Return the plan of a pair whose actions a person has undone: back to what stood there before them."""
    desired = kept_desired(pair, hold)
    parts = tuple(expected(part) for part in _parts(pair, desired))
    findings = [finding for part in parts for finding in part.findings]
    told = worst([*findings, undone_finding(hold, findings)])
    return PlannedPair(pair, desired, parts, told, is_granted=is_granted, is_held=True)


def _windows(pair: Pair) -> tuple[Dates, ...]:
    """Return the class's window, and the student's own where an instructor gave one, such as a make-up sitting."""
    if pair.ad_hoc is None or pair.key in pair.index.titled_as_ours or pair.dates_without_us == pair.class_dates:
        return (pair.class_dates,)
    return pair.class_dates, pair.dates_without_us


def _stop(index: CourseIndex, user: int, assessment: AssessmentFacts) -> Finding | None:
    """Return what stops every grant on the pair: an exception, or no release."""
    exception = index.exception_for(user, assessment.key)
    if exception is not None:
        return Finding(Reason.EXCEPTION, "an exception holds here", exception.reason)
    if user in index.inputs.not_released:
        return Finding(Reason.NOT_RELEASED, "the student has not asked for the accommodations in this course")
    return None


def _parts(pair: Pair, desired: Desired) -> tuple[Part, ...]:
    """Return the parts of a pair; what is over, or begun and beyond help, is left alone (R12)."""
    if pair.rules and is_past(pair, desired):
        return (past_part(pair, desired),)
    begun = attempt_finding(pair, desired)
    if begun is not None and begun.reason is Reason.BEGUN:
        return (Part(findings=(begun,)),)
    if must_look_for_submissions(pair, desired):
        waits = Finding(Reason.PLANNED, explain.grant_words(pair, desired), "Submissions are read first.")
        return (Part(findings=(waits,), needs_submissions=True),)
    told = Part(
        findings=(*_verdicts(pair, desired), *((begun,) if begun else ())),
        needs_extensions=must_look_for_attempts(pair, desired),
    )
    parts = (extension_part(pair, desired), dates_part(pair, desired))
    return *(with_failure(pair, without_refused_reads(pair, part)) for part in parts), told


def _verdicts(pair: Pair, desired: Desired) -> Iterator[Finding]:
    for reason in desired.verdicts:
        if reason is Reason.OUTSIDE_CANVAS and pair.key in pair.index.inputs.done_by_hand:
            yield Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, "it is taken outside Canvas, and was marked as done by hand")
        else:
            yield Finding(reason, explain.verdict_words(pair, reason))


def _urgency(planned: tuple[Pair, PlannedAction]) -> tuple[object, ...]:
    """Return the place of an action: what would show an exam early first, then the next to open, shrinking last."""
    pair, action = planned
    before, after = action.before.dates, action.after.dates
    opens_early = before is not None and after is not None and is_later_unlock(after.unlock_at, before.unlock_at)
    opens_at = pair.class_dates.unlock_at
    opens = opens_at.timestamp() if opens_at is not None and opens_at > pair.now else 0.0
    return (
        not opens_early or action.is_shrinking,
        action.is_shrinking,
        opens,
        action.assessment_key,
        action.canvas_user_id,
        type(action.change).__name__,
    )


def _with_moves_in_order(actions: list[tuple[Pair, PlannedAction]]) -> list[tuple[Pair, PlannedAction]]:
    """Return the actions with those that leave one shared override in the order in which they count on each other."""
    places: dict[int, list[int]] = {}
    for place, (_, action) in enumerate(actions):
        shared = _shared_override_of(action)
        if shared is not None:
            places.setdefault(shared, []).append(place)
    ordered = list(actions)
    for taken in places.values():
        # Whom fewer stay behind leaves later; the last one, who keeps the override, comes last.
        leaving = sorted((actions[place] for place in taken), key=lambda one: -_stay_behind(one[1]))
        for place, one in zip(taken, leaving, strict=True):
            ordered[place] = one
    return ordered


def _shared_override_of(action: PlannedAction) -> int | None:
    change = action.change
    if isinstance(change, MoveOutOfSharedOverride):
        return change.canvas_shared_override_id
    return change.canvas_override_id if isinstance(change, UpdateOverride) and action.waits_for_moves else None


def _stay_behind(action: PlannedAction) -> int:
    change = action.change
    return len(change.remaining_canvas_user_ids) if isinstance(change, MoveOutOfSharedOverride) else 0


def _outcome(planned: PlannedPair) -> PairOutcome:
    pair, desired = planned.pair, planned.desired
    finding = planned.findings[0]
    extension = extension_of(pair, desired)
    dates = desired.dates
    final = dates.wanted if dates is not None else pair.dates_without_us
    user, key = pair.key
    return PairOutcome(
        canvas_user_id=user,
        assessment_key=key,
        reason=finding.reason,
        sentence=explain.told(pair, planned.findings),
        grant=Values(
            desired.minutes.approved if desired.minutes else None,
            desired.attempts.approved if desired.attempts else None,
            dates.granted if dates is not None and dates.granted != pair.class_dates else None,
        ),
        observed=_values(extension.minutes.observed, extension.attempts.observed, pair.observed_dates, extension),
        class_dates=pair.class_dates,
        without_us=_values(
            extension.minutes.without_us, extension.attempts.without_us, pair.dates_without_us, extension
        ),
        wanted=_wanted(desired, extension),
        sources=explain.sources(desired),
        is_exam=is_exam(pair),
        is_granted=planned.is_granted,
        opens_at=final.unlock_at,
        closes_at=final.lock_at,
        short_by_minutes=next((one.short_by_minutes for one in planned.findings if one.short_by_minutes), None),
    )


def _values(minutes: int | None, attempts: int | None, dates: Dates, extension: Extension) -> Values:
    """Return values as they stand; minutes and attempts only where they play a part."""
    has_minutes = extension.minutes.granted is not None or extension.minutes.put is not None
    has_attempts = extension.attempts.granted is not None or extension.attempts.put is not None
    return Values(minutes if has_minutes else None, attempts if has_attempts else None, dates)


def _wanted(desired: Desired, extension: Extension) -> Values | None:
    """Return what Leeway aims at; None where nothing is granted."""
    dates = desired.dates.wanted if desired.dates is not None and desired.dates.is_needed else None
    if desired.minutes is None and desired.attempts is None and dates is None:
        return None
    return Values(
        _aimed(extension.minutes.wanted, desired.minutes.within_cap if desired.minutes else None),
        _aimed(extension.attempts.wanted, desired.attempts.within_cap if desired.attempts else None),
        dates,
    )


def _aimed(wanted: int | None, granted: int | None) -> int | None:
    """Return what is aimed at: unread, the grant itself; None where the field plays no part."""
    return None if granted is None else wanted if wanted is not None else granted
