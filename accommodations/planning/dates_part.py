"""The dates of one pair: which override stands there, what it should say, and the one change between (R1, R3, R19)."""

from dataclasses import replace
from datetime import timedelta

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import gives_as_much, is_later, later, most_lenient
from accommodations.planning.desired import Desired
from accommodations.planning.desired_dates import DesiredDates
from accommodations.planning.override_actions import create, move_out, take_back, update
from accommodations.planning.parts import Finding, Part
from accommodations.planning.plan import LedgerCorrection, LedgerPart, PlannedAction
from accommodations.planning.shrinking import Shrinking, is_over, may_shrink, needs_attempts, needs_submissions
from accommodations.planning.statuses import Reason
from accommodations.planning.wording import dates_change
from canvas_bridge.facts import Dates, ObservedOverride

_LEAST_NOTICE = timedelta(hours=1)


def dates_part(pair: Pair, desired: Desired) -> Part:
    """Return findings and the change of a pair's dates."""
    dates = desired.dates
    if dates is None or not dates.is_needed:
        return _not_needed(pair, desired, dates)
    target = _target(pair, desired, dates)
    part = _towards(pair, desired, dates, target)
    must_read = target != dates.wanted and may_shrink(pair) is Shrinking.UNREAD
    return replace(
        part,
        needs_extensions=part.needs_extensions or (must_read and needs_attempts(pair)),
        needs_submissions=part.needs_submissions or (must_read and needs_submissions(pair)),
    )


def _towards(pair: Pair, desired: Desired, dates: DesiredDates, target: Dates) -> Part:
    """Return how the pair's dates come to the target."""
    if pair.observed_dates == target or (pair.is_shared and gives_as_much(pair.observed_dates, target)):
        return _standing(pair, desired, dates, target)
    obstacle = _obstacle(pair, desired)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    if pair.is_shared:
        return _from_shared(pair, desired, target)
    action = _write(pair, desired, dates, target)
    return Part(findings=(Finding(Reason.PLANNED, action.sentence),), action=action)


def _not_needed(pair: Pair, desired: Desired, dates: DesiredDates | None) -> Part:
    """Return what follows where the student needs no dates of ours: ours goes, and a cap or an instructor is named."""
    findings = []
    if dates is not None:
        finding = _why_not_needed(pair, dates)
        if finding is not None:
            findings.append(finding)
    part = ended_override(pair)
    return replace(part, findings=(*findings, *part.findings))


def _why_not_needed(pair: Pair, dates: DesiredDates) -> Finding | None:
    shortage = _shortage(pair, dates)
    if shortage is not None:
        return shortage
    if pair.ad_hoc_without_us is None or dates.granted == pair.class_dates:
        return None
    name = explain.title(pair)
    if dates.is_instructors_sitting:
        words = f"{name}: the instructor set another sitting for this student, and no shift is added to it."
    else:
        words = f"{name}: the instructor's dates for this student give as much already."
    return Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, words)


def _target(pair: Pair, desired: Desired, dates: DesiredDates) -> Dates:
    """Return what the override should say: what is wanted; R18, or the class's move, keeps due and lock later."""
    wanted, entry = dates.wanted, pair.ledger_override
    if entry is None:
        return wanted
    observed = pair.observed_dates
    if not (is_later(observed.due_at, wanted.due_at) or is_later(observed.lock_at, wanted.lock_at)):
        return wanted
    if not _stays_later(pair, desired):
        return wanted
    return Dates(wanted.unlock_at, later(wanted.due_at, observed.due_at), later(wanted.lock_at, observed.lock_at))


def _stays_later(pair: Pair, desired: Desired) -> bool:
    """Whether dates of ours that are later than wanted stay: R18, or the class moved earlier and nothing is timed."""
    if may_shrink(pair) is not Shrinking.ALLOWED:
        return True
    return desired.need is None and _has_class_moved_earlier(pair)


def _has_class_moved_earlier(pair: Pair) -> bool:
    """Whether the class's due or lock is earlier now than when we put ours; then staff decide about untimed ones."""
    entry = pair.ledger_override
    if entry is None or entry.class_dates is None:
        return False
    then, now = entry.class_dates, pair.class_dates
    return is_later(then.due_at, now.due_at) or is_later(then.lock_at, now.lock_at)


def _standing(pair: Pair, desired: Desired, dates: DesiredDates, target: Dates) -> Part:
    """Return the findings of dates that stand in Canvas as they should, or later."""
    name = explain.title(pair)
    words = explain.dates_words(pair, desired, pair.class_dates, pair.observed_dates)
    kept = " Later dates of ours stay for now." if target != dates.wanted else ""
    findings = [Finding(Reason.READ_BACK, f"{name}: {words}. Canvas was read and holds it.{kept}")]
    shortage = _shortage(pair, dates)
    if shortage is not None:
        findings.append(shortage)
    return Part(findings=tuple(findings), correction=corrected_override(pair))


def _shortage(pair: Pair, dates: DesiredDates) -> Finding | None:
    """Return by how much the dates stay behind the grant, and why."""
    name = explain.title(pair)
    if dates.end_takes_minutes:
        minutes = dates.end_takes_minutes
        words = f"{name}: {minutes} min short, since nothing is set beyond the end of the course."
        return Finding(Reason.COURSE_END, words, minutes)
    if dates.window_lacks_minutes:
        minutes = dates.window_lacks_minutes
        words = f"{name}: {minutes} min short, since the class's own window is that much shorter than the time limit."
        return Finding(Reason.CLASS_WINDOW, words, minutes)
    return None


def _obstacle(pair: Pair, desired: Desired) -> Finding | None:
    """Return why the dates cannot be written, or None."""
    assessment = pair.assessment
    obstacles = (
        (pair.index.is_concluded, Reason.COURSE_CONCLUDED, "cannot be written, since the course is concluded"),
        (
            assessment.canvas_assignment_id is None,
            Reason.UNGRADED_QUIZ,
            "cannot be written, since Canvas takes no dates for single students on an ungraded quiz this way",
        ),
        (
            not pair.has_it_without_us and pair.ledger_override is None,
            Reason.WOULD_ASSIGN,
            "is not written, since the student does not have it and an override would assign it",
        ),
        (
            assessment.in_closed_grading_period,
            Reason.GRADING_PERIOD_CLOSED,
            "cannot be written, since its grading period is closed",
        ),
        (
            assessment.has_checkpoints,
            Reason.CHECKPOINTS,
            "cannot be written, since a discussion with checkpoints keeps its due dates elsewhere",
        ),
        (
            assessment.in_paced_course,
            Reason.PACED_COURSE,
            "cannot be written, since the course pace would overwrite it; ask for a pace of the student's own",
        ),
        (
            assessment.dates_locked_by_blueprint,
            Reason.BLUEPRINT_LOCK,
            "is not written, since the blueprint course locks the dates",
        ),
        (
            assessment.canvas_group_category_id is not None,
            Reason.GROUP_ASSIGNMENT,
            "waits for a person, since a group hands it in together",
        ),
    )
    for holds, reason, words in obstacles:
        if holds:
            return Finding(reason, f"{explain.title(pair)}: {explain.grant_words(pair, desired)} {words}.")
    return None


def _write(pair: Pair, desired: Desired, dates: DesiredDates, target: Dates) -> PlannedAction:
    change = explain.dates_words(pair, desired, pair.observed_dates, target)
    sentence = f"{explain.title(pair)}: {change}."
    if pair.ad_hoc is None:
        return create(pair, target, sentence)
    entry = pair.ledger_override
    # Dates that stay later than wanted keep the class dates that they were counted from: else the next plan would
    # take the class's move for a grant that was lowered.
    class_dates = entry.class_dates if entry is not None and target != dates.wanted else pair.class_dates
    return update(pair, pair.ad_hoc, target, sentence, class_dates=class_dates)


def _from_shared(pair: Pair, desired: Desired, target: Dates) -> Part:
    """Return the move out of a shared override where nobody can notice it, else why it is held (R2)."""
    held = Finding(
        Reason.SHARED_OVERRIDE,
        f"{explain.title(pair)}: the student shares an override that gives less "
        f"({explain.dates_words(pair, desired, pair.observed_dates, target)}); a person decides.",
    )
    shared = pair.ad_hoc
    if shared is None or not _could_move(pair):
        return Part(findings=(held,))
    if needs_submissions(pair) or needs_attempts(pair):
        words = f"{explain.title(pair)}: leaves a shared override once Canvas was read."
        return Part(
            findings=(Finding(Reason.PLANNED, words),),
            needs_extensions=needs_attempts(pair),
            needs_submissions=needs_submissions(pair),
        )
    if pair.has_submitted:
        return Part(findings=(held,))
    if shared.canvas_override_id in pair.index.moves_out_of:
        words = f"{explain.title(pair)}: leaves a shared override after another student has."
        return Part(findings=(Finding(Reason.PLANNED, words),))
    pair.index.moves_out_of.add(shared.canvas_override_id)
    change = explain.dates_words(pair, desired, pair.observed_dates, target)
    action = move_out(pair, shared, target, f"{explain.title(pair)}: leaves a shared override for its own; {change}.")
    return Part(findings=(Finding(Reason.PLANNED, action.sentence),), action=action)


def _could_move(pair: Pair) -> bool:
    """Whether the student has it without the shared override, and it opens in more than an hour for both."""
    if not pair.is_assigned_by_class:
        return False
    if not pair.assessment.is_published:
        return True
    opens_at = (pair.observed_dates.unlock_at, pair.class_dates.unlock_at)
    return all(at is not None and at > pair.now + _LEAST_NOTICE for at in opens_at)


def ended_override(pair: Pair) -> Part:
    """Return the taking back of what we put, where R18 and R19 allow it; NOTHING where nothing of ours stands."""
    entry, override = pair.ledger_override, pair.ad_hoc
    if entry is None or override is None:
        return Part(correction=corrected_override(pair))
    if pair.ad_hoc_without_us == override:
        return Part(correction=LedgerCorrection(*pair.key, LedgerPart.OVERRIDE))
    finding = _why_held(pair, override)
    if finding is not None:
        return Part(findings=(finding,), correction=corrected_override(pair))
    # Where the class has become more generous than what we put, taking ours back takes nothing away.
    is_less = not gives_as_much(pair.dates_without_us, pair.observed_dates)
    shrinking = may_shrink(pair) if is_less else Shrinking.ALLOWED
    if shrinking is not Shrinking.ALLOWED:
        return _staying(pair, override, shrinking)
    action = take_back(pair, override)
    return Part(findings=(Finding(Reason.PLANNED, action.sentence),), action=action)


def _staying(pair: Pair, override: ObservedOverride, shrinking: Shrinking) -> Part:
    """Return what stays for now (R18), brought up to the class's dates where these are more generous by now."""
    name = explain.title(pair)
    kept = most_lenient(pair.dates_without_us, pair.observed_dates)
    if kept != pair.observed_dates and shrinking is not Shrinking.UNREAD:
        words = dates_change(pair.observed_dates, kept, pair.index.course_zone)
        entry = pair.ledger_override
        class_dates = entry.class_dates if entry is not None else pair.class_dates
        action = update(pair, override, kept, f"{name}: follows the class; {words}.", class_dates=class_dates)
        return Part(findings=(Finding(Reason.PLANNED, action.sentence),), action=action)
    findings = {
        Shrinking.STAYS: Finding(Reason.OVER, f"{name}: the dates stay, since it was handed in or is over."),
        Shrinking.WAITS: Finding(Reason.UNTIL_OVER, f"{name}: it is open now, so the dates stay until it is over."),
        Shrinking.UNREAD: Finding(Reason.PLANNED, f"{name}: the dates are taken back once Canvas was read."),
    }
    must_read = shrinking is Shrinking.UNREAD
    return Part(
        findings=(findings[shrinking],),
        correction=corrected_override(pair),
        needs_extensions=must_read and needs_attempts(pair),
        needs_submissions=must_read and needs_submissions(pair),
    )


def _why_held(pair: Pair, override: ObservedOverride) -> Finding | None:
    """Return why what we put cannot be taken back whatever R18 says, or None."""
    name = explain.title(pair)
    if is_over(pair):
        return None
    if pair.index.is_concluded:
        return Finding(Reason.COURSE_CONCLUDED, f"{name}: the dates stay, since the course is concluded.")
    if len(override.canvas_user_ids) > 1:
        return Finding(
            Reason.SHARED_OVERRIDE, f"{name}: our dates are in an override with other students now; a person decides."
        )
    if pair.has_it and not pair.has_it_without_us:
        return Finding(
            Reason.WOULD_UNASSIGN, f"{name}: our override is what assigns it to the student, so it is not deleted."
        )
    return None


def corrected_override(pair: Pair) -> LedgerCorrection | None:
    """Return what the ledger must say without any write: gone, renewed id (F35), or known by title alone (F30)."""
    stored = pair.index.ledger_overrides.get(pair.key)
    entry, override = pair.ledger_override, pair.ad_hoc
    if entry is None or override is None:
        return LedgerCorrection(*pair.key, LedgerPart.OVERRIDE) if stored is not None else None
    if override.canvas_override_id != entry.canvas_override_id:
        entry = replace(entry, canvas_override_id=override.canvas_override_id)
    return None if entry == stored else LedgerCorrection(*pair.key, LedgerPart.OVERRIDE, override=entry)


def is_given(pair: Pair, dates: DesiredDates) -> bool:
    """Whether Canvas holds at least the wanted dates."""
    return gives_as_much(pair.observed_dates, dates.wanted)
