"""The dates of one pair: which override stands there, what it should say, and the one change between (R1, R2, R19)."""

from dataclasses import replace
from datetime import timedelta

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import gives_as_much, is_later, is_later_unlock, off_midnight
from accommodations.planning.desired import Desired
from accommodations.planning.desired_dates import DesiredDates
from accommodations.planning.ended_override import corrected_override, ended_override
from accommodations.planning.override_actions import create, move_out, update
from accommodations.planning.parts import Finding, Part
from accommodations.planning.plan import HoldKind, PlannedAction
from accommodations.planning.shrinking import (
    Shrinking,
    counted_from,
    kept_for_now,
    may_shrink,
    needs_attempts,
    needs_submissions,
)
from accommodations.planning.statuses import Reason
from accommodations.planning.wording import dates_change, span
from canvas_bridge.facts import Dates

_LEAST_NOTICE = timedelta(hours=1)
STAYS_UNTIL_DECIDED = "The class's dates moved earlier; these stay until staff decide that they follow."
"""What an untimed pair's sentence says where a person has to decide: pages offer the decision where they find it."""


def dates_part(pair: Pair, desired: Desired) -> Part:
    """Return findings and the change of a pair's dates."""
    dates = desired.dates
    if dates is None or not dates.is_needed:
        return _not_needed(pair, dates)
    target = _target(pair, desired, dates)
    part = _towards(pair, desired, dates, target)
    if target == dates.wanted or may_shrink(pair) is not Shrinking.UNREAD:
        return part
    return replace(part, needs_extensions=needs_attempts(pair), needs_submissions=needs_submissions(pair))


def _not_needed(pair: Pair, dates: DesiredDates | None) -> Part:
    """Return what follows where the student needs no dates of ours: ours goes, and a cap or an instructor is named."""
    finding = _why_not_needed(pair, dates) if dates is not None else None
    findings = () if finding is None else (finding,)
    is_theirs_now = pair.ad_hoc_without_us is not None and pair.dates_without_us == pair.observed_dates
    if finding is not None and is_theirs_now:  # someone gave more on our override: nothing of ours counts any more
        return Part(findings=findings, correction=corrected_override(pair))
    part = ended_override(pair)
    return replace(part, findings=(*findings, *part.findings))


def _why_not_needed(pair: Pair, dates: DesiredDates) -> Finding | None:
    shortage = _shortage(dates)
    if shortage is not None:
        return shortage
    if pair.ad_hoc_without_us is None or dates.granted == pair.class_dates:
        return None
    if dates.is_instructors_sitting:
        words = "the instructor set another sitting for this student, and no shift is added to it"
    else:
        change = dates_change(pair.class_dates, pair.observed_dates, pair.index.course_zone)
        words = f"the instructor's dates for this student give as much already{f': {change}' if change else ''}"
    return Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, words)


def _target(pair: Pair, desired: Desired, dates: DesiredDates) -> Dates:
    """Return what the override should say: what is wanted; R18, or the class's move, keeps due and lock later."""
    wanted, observed = dates.wanted, pair.observed_dates
    is_later_now = is_later(observed.due_at, wanted.due_at) or is_later(observed.lock_at, wanted.lock_at)
    if pair.ledger_override is None or not is_later_now or not _stays_later(pair, desired):
        return wanted
    return kept_for_now(pair, wanted)


def _stays_later(pair: Pair, desired: Desired) -> bool:
    """Whether dates of ours that are later than wanted stay: R18, or the class moved earlier and nothing is timed."""
    if may_shrink(pair) is not Shrinking.ALLOWED:
        return True
    return desired.need is None and _has_class_moved_earlier(pair) and not _follows_class(pair)


def _follows_class(pair: Pair) -> bool:
    """Whether staff decided, for the class's dates as they are now, that this student's follow them."""
    hold = pair.index.holds.get(pair.key)
    return hold is not None and hold.kind is HoldKind.FOLLOWS and hold.kept.dates == pair.class_dates


def _has_class_moved_earlier(pair: Pair) -> bool:
    """Whether the class's due or lock is earlier now than when we put ours; then staff decide about untimed ones."""
    entry = pair.ledger_override
    if entry is None or entry.class_dates is None:
        return False
    then, now = entry.class_dates, pair.class_dates
    return is_later(then.due_at, now.due_at) or is_later(then.lock_at, now.lock_at)


def _towards(pair: Pair, desired: Desired, dates: DesiredDates, target: Dates) -> Part:
    """Return how the pair's dates come to the target."""
    if pair.observed_dates == target or _is_left_shared(pair, target):
        return _standing(pair, desired, dates, target)
    obstacle = _obstacle(pair, desired)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    if _might_close_at_work(pair, dates, target):
        return _waits_for_attempt(pair, desired, target)
    if pair.is_shared:
        return _from_shared(pair, desired, target)
    words = explain.dates_words(pair, desired, pair.observed_dates, target)
    action = _write(pair, dates, target, explain.sentence(pair, words))
    return Part(findings=(Finding(Reason.PLANNED, words),), action=action)


def _might_close_at_work(pair: Pair, dates: DesiredDates, target: Dates) -> bool:
    """Whether another sitting would close what the student may be working on at this moment (R18).

    That it opens later for the student is what staff confirmed; that answers are lost in mid-attempt is not.
    """
    opens_later = target.unlock_at is not None and target.unlock_at > pair.now
    return dates.is_own_sitting and opens_later and pair.is_open and (pair.is_attempt_running or needs_attempts(pair))


def _waits_for_attempt(pair: Pair, desired: Desired, target: Dates) -> Part:
    """Return the other sitting as it waits for an attempt that runs, or for the reading that tells of one."""
    words = explain.dates_words(pair, desired, pair.observed_dates, target)
    if not pair.is_attempt_running:
        finding = Finding(Reason.PLANNED, words, "It is set once Canvas was read for a running attempt.")
        return Part(findings=(finding,), needs_extensions=True)
    note = "The student is working on it now, so it is set when this attempt is over."
    return Part(findings=(Finding(Reason.UNTIL_OVER, words, note),))


def _is_left_shared(pair: Pair, target: Dates) -> bool:
    """Whether a shared override gives as much, and does not open early, as a stale copy of ours would (R12)."""
    return pair.is_shared and gives_as_much(pair.observed_dates, target) and not _opens_early(pair, target)


def _opens_early(pair: Pair, target: Dates) -> bool:
    return is_later_unlock(target.unlock_at, pair.observed_dates.unlock_at)


def _standing(pair: Pair, desired: Desired, dates: DesiredDates, target: Dates) -> Part:
    """Return the findings of dates that stand in Canvas as they should, or later."""
    words = explain.dates_words(pair, desired, pair.class_dates, pair.observed_dates)
    findings = [Finding(Reason.READ_BACK, words, "Canvas was read and holds it.")]
    if target != dates.wanted:
        findings.append(Finding(Reason.READ_BACK, words, _why_later(pair)))
    shortage = _shortage(dates)
    if shortage is not None:
        findings.append(shortage)
    return Part(findings=tuple(findings), correction=corrected_override(pair))


def _why_later(pair: Pair) -> str:
    if may_shrink(pair) is Shrinking.ALLOWED:
        return STAYS_UNTIL_DECIDED
    return "Later dates of ours stay for now."


def _shortage(dates: DesiredDates) -> Finding | None:
    """Return by how much the dates stay behind the grant, and why."""
    if dates.end_takes_minutes:
        minutes = dates.end_takes_minutes
        words = f"{span(minutes)} short, since nothing is set beyond the end of the course"
        return Finding(Reason.COURSE_END, words, short_by_minutes=minutes)
    if dates.period_takes_minutes:
        minutes = dates.period_takes_minutes
        words = f"{span(minutes)} short, since no due date is set beyond the end of its grading period"
        return Finding(Reason.GRADING_PERIOD, words, short_by_minutes=minutes)
    if dates.window_lacks_minutes:
        minutes = dates.window_lacks_minutes
        words = f"{span(minutes)} short, since the class's own window is shorter than the time limit"
        return Finding(Reason.CLASS_WINDOW, words, short_by_minutes=minutes)
    return None


def _obstacle(pair: Pair, desired: Desired) -> Finding | None:
    """Return why the dates cannot be written, or None."""
    assessment = pair.assessment
    would_assign = not pair.has_it_without_us and pair.ledger_override is None
    obstacles = (
        (pair.index.is_concluded, Reason.COURSE_CONCLUDED, "the course is concluded"),
        (assessment.canvas_assignment_id is None, Reason.UNGRADED_QUIZ, "it is an ungraded quiz"),
        (would_assign, Reason.WOULD_ASSIGN, "the student does not have it, and an override would assign it"),
        (_is_closed(pair, desired), Reason.GRADING_PERIOD_CLOSED, "its grading period is closed"),
        (assessment.has_checkpoints, Reason.CHECKPOINTS, "a discussion with checkpoints keeps its dates elsewhere"),
        (assessment.in_paced_course, Reason.PACED_COURSE, "the course's pace would overwrite it"),
        (assessment.dates_locked_by_blueprint, Reason.BLUEPRINT_LOCK, "the blueprint course locks its dates"),
        (
            assessment.canvas_group_category_id is not None,
            Reason.GROUP_ASSIGNMENT,
            "a group hands it in together, so a person decides",
        ),
    )
    for holds, reason, why in obstacles:
        if holds:
            words = explain.dates_words(pair, desired, pair.class_dates, _wanted(pair, desired))
            return Finding(reason, words, f"It is not written: {why}.")
    return None


def _is_closed(pair: Pair, desired: Desired) -> bool:
    """Whether the grading period is closed, and staff have not confirmed that dates may lie in it (R11)."""
    source = desired.dates.source if desired.dates is not None else None
    return pair.is_in_closed_period and not (source is not None and source.may_pass_end)


def _wanted(pair: Pair, desired: Desired) -> Dates:
    return desired.dates.wanted if desired.dates is not None else pair.class_dates


def _write(pair: Pair, dates: DesiredDates, target: Dates, sentence: str) -> PlannedAction:
    if pair.ad_hoc is None:
        return create(pair, target, sentence)
    class_dates = pair.class_dates if target == dates.wanted else counted_from(pair, target)
    return update(pair, pair.ad_hoc, target, sentence, class_dates=class_dates)


def _from_shared(pair: Pair, desired: Desired, target: Dates) -> Part:
    """Return the move out of a shared override where nobody can notice it, else why it is held (R2)."""
    words = explain.dates_words(pair, desired, pair.observed_dates, target)
    wrong = "opens before the class does" if _opens_early(pair, target) else "gives less"
    held = Finding(Reason.SHARED_OVERRIDE, words, f"The student shares an override that {wrong}; a person decides.")
    shared = pair.ad_hoc
    if shared is None:
        return Part(findings=(held,))
    if pair.is_last_of_shared:  # Canvas takes nobody out of an override that would be empty: the last one keeps it
        action = update(pair, shared, target, explain.sentence(pair, words), class_dates=pair.class_dates)
        return Part(findings=(Finding(Reason.PLANNED, words),), action=replace(action, waits_for_moves=True))
    if pair.has_submitted or not _could_move(pair):
        return Part(findings=(held,))
    if needs_submissions(pair) or needs_attempts(pair):
        return Part(
            findings=(Finding(Reason.PLANNED, words, "The student leaves a shared override once Canvas was read."),),
            needs_extensions=needs_attempts(pair),
            needs_submissions=needs_submissions(pair),
        )
    moved, user = pair.index.moved_out.setdefault(shared.canvas_override_id, set()), pair.student.canvas_user_id
    remaining = shared.canvas_user_ids - moved - {user}
    if pair.key not in pair.index.failures:  # whom Canvas did not let go last time, nobody counts on
        moved.add(user)
    words = f"{words}, by an override of the student's own instead of a shared one"
    action = move_out(pair, shared, target, explain.sentence(pair, words), remaining=remaining)
    return Part(findings=(Finding(Reason.PLANNED, words),), action=action)


def _would_move_others(pair: Pair) -> bool:
    """Whether writing the shared override anew would move its own dates: 00:00 goes to that day's end (R2, R8)."""
    zone, shared = pair.index.token_zone, pair.ad_hoc
    ends = () if shared is None else (shared.due.at, shared.lock.at)
    return any(off_midnight(at, token_zone=zone) != at for at in ends)


def _could_move(pair: Pair) -> bool:
    """Whether the student has it without the shared override, and it opens in more than an hour either way."""
    if not pair.is_assigned_by_class or _would_move_others(pair):
        return False
    if not pair.assessment.is_published:
        return True
    opens_at = (pair.observed_dates.unlock_at, pair.class_dates.unlock_at)
    return all(at is not None and at > pair.now + _LEAST_NOTICE for at in opens_at)
