"""Extra minutes and attempts of one pair: findings, and the one change between what Canvas holds and should hold."""

from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.extension import Extension, State, extension_of
from accommodations.planning.parts import NOTHING, Finding, Part
from accommodations.planning.plan import LedgerCorrection, LedgerPart, PlannedAction, Values
from accommodations.planning.shrinking import Shrinking, may_shrink, needs_attempts, needs_submissions
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import Change, SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind


def extension_part(pair: Pair, desired: Desired) -> Part:
    """Return findings and the change of a pair's extra minutes and attempts."""
    extension = extension_of(pair, desired)
    if all(field.state is State.ABSENT for field in extension.fields):
        return NOTHING
    if extension.has(State.UNREAD):
        return _unread(pair, desired, extension)
    if extension.has(State.RAISE):
        return _raising(pair, desired, extension)
    if extension.has(State.SHRINK):
        return _shrinking(pair, desired, extension)
    return Part(findings=tuple(_standing(pair, desired, extension)), correction=_correction(pair, extension))


def _unread(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the wish to read first: an instructor may have given as much, or more (R1)."""
    obstacle = _obstacle(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    finding = Finding(Reason.PLANNED, explain.extension_words(pair, desired), "Canvas is read first.")
    return Part(findings=(finding,), needs_extensions=True)


def _raising(pair: Pair, desired: Desired, extension: Extension) -> Part:
    obstacle = _obstacle(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    action, words = _action(pair, desired, extension)
    return Part(findings=(Finding(Reason.PLANNED, words),), action=action)


def _shrinking(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the change that takes back what is no longer granted, where R18 and the course allow it.

    What is still granted speaks for the pair; only where nothing is, the waiting or staying itself is told.
    """
    standing = tuple(_standing(pair, desired, extension))
    shrinking = _shrinking_allowed(pair)
    if shrinking is Shrinking.ALLOWED and not pair.index.is_concluded:
        if not pair.has_it and pair.assessment.kind not in CLASSIC_KINDS:
            return Part(findings=standing)  # Canvas leaves out students who are not assigned (contract 5.1)
        action, words = _action(pair, desired, extension)
        return Part(findings=standing or (Finding(Reason.PLANNED, words),), action=action)
    is_unread = shrinking is Shrinking.UNREAD
    return Part(
        findings=standing or (_staying(shrinking),),
        needs_extensions=is_unread and (needs_attempts(pair) or _is_value_unread(pair)),
        needs_submissions=is_unread and needs_submissions(pair),
    )


def _shrinking_allowed(pair: Pair) -> Shrinking:
    """Return what R18 says; the stored value itself must be read too, since nothing is set lower unread (R1)."""
    shrinking = may_shrink(pair)
    if shrinking is Shrinking.ALLOWED and _is_value_unread(pair):
        return Shrinking.UNREAD
    return shrinking


def _is_value_unread(pair: Pair) -> bool:
    return pair.assessment.kind is not AssessmentKind.NEW_QUIZ and not pair.are_extensions_read


def _staying(shrinking: Shrinking) -> Finding:
    what = "what was put for this student"
    return {
        Shrinking.STAYS: Finding(Reason.OVER, f"{what} stays, since it was handed in or is over"),
        Shrinking.WAITS: Finding(Reason.UNTIL_OVER, f"{what} stays until it is over, since it is open now"),
        Shrinking.UNREAD: Finding(Reason.PLANNED, f"{what} is taken back once Canvas was read"),
        Shrinking.ALLOWED: Finding(Reason.COURSE_CONCLUDED, f"{what} stays, since the course is concluded"),
    }[shrinking]


def _obstacle(pair: Pair, desired: Desired, extension: Extension) -> Finding | None:
    """Return why a rise cannot be written, or None."""
    words, assessment = explain.extension_words(pair, desired), pair.assessment
    if pair.index.is_concluded:
        return Finding(Reason.COURSE_CONCLUDED, words, "It cannot be written, since the course is concluded.")
    if not pair.has_it:
        return Finding(Reason.WOULD_ASSIGN, words, "It is not written, since the student does not have it.")
    if assessment.in_closed_grading_period:
        return Finding(Reason.GRADING_PERIOD_CLOSED, words, "It is not written, since its grading period is closed.")
    if extension.attempts.granted is not None and assessment.canvas_group_category_id is not None:
        return Finding(Reason.GROUP_ASSIGNMENT, words, "A person decides, since a group hands it in together.")
    is_new = assessment.kind is AssessmentKind.NEW_QUIZ
    if is_new and pair.ledger_extension is None and not pair.index.settings.nobody_sets_new_quizzes_by_hand:
        return Finding(Reason.PLANNED, words, "It waits for a look in Canvas: it may have been set by hand already.")
    return None


def _action(pair: Pair, desired: Desired, extension: Extension) -> tuple[PlannedAction, str]:
    """Return one change that carries only the keys that must change, and its words."""
    minutes, attempts = extension.minutes.to_send, extension.attempts.to_send
    words = []
    if minutes is not None:
        words.append(explain.minutes_change(pair, extension.minutes.observed, minutes, desired.minutes))
    if attempts is not None:
        words.append(explain.attempts_change(pair, extension.attempts.observed, attempts))
    user, key = pair.key
    action = PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=_change(pair, minutes, attempts),
        before=Values(extra_minutes=extension.minutes.observed, extra_attempts=extension.attempts.observed),
        after=Values(extra_minutes=extension.minutes.wanted, extra_attempts=extension.attempts.wanted),
        sentence=explain.sentence(pair, "; ".join(words)),
        is_shrinking=extension.has(State.SHRINK) and not extension.has(State.RAISE),
        ledger_extension=extension.ledger_after(pair),
    )
    return action, "; ".join(words)


def _change(pair: Pair, minutes: int | None, attempts: int | None) -> Change:
    assessment, user = pair.assessment, pair.student.canvas_user_id
    if assessment.kind is AssessmentKind.NEW_QUIZ and assessment.canvas_assignment_id is not None:
        return SetNewQuizAccommodation(assessment.canvas_assignment_id, user, minutes, attempts)
    if assessment.kind in CLASSIC_KINDS and assessment.canvas_quiz_id is not None:
        return SetQuizExtension(assessment.canvas_quiz_id, user, minutes, attempts)
    if assessment.canvas_assignment_id is None:
        raise ValueError(f"{assessment.key} has no id under which Canvas takes extensions")
    return SetAssignmentExtension(assessment.canvas_assignment_id, user, attempts)


def _correction(pair: Pair, extension: Extension) -> LedgerCorrection | None:
    """Return the ledger's new entry where it no longer tells the truth, or can now say *read back*."""
    entry = pair.ledger_extension
    if entry is None or not pair.are_extensions_read or pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return None
    true_entry = extension.ledger_after(pair)
    if true_entry is not None:
        true_entry = replace(true_entry, is_read_back=True)
    return None if true_entry == entry else LedgerCorrection(*pair.key, LedgerPart.EXTENSION, extension=true_entry)


def _standing(pair: Pair, desired: Desired, extension: Extension) -> list[Finding]:
    """Return the findings of what is granted and stands in Canvas; empty where nothing is granted."""
    granted = [field for field in extension.fields if field.granted is not None]
    if not granted:
        return []
    words = explain.extension_words(pair, desired)
    if all(field.state is State.ENOUGH for field in granted):
        findings = [Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, words, "Others in the course have given it already.")]
    else:
        findings = [_in_place(pair, words)]
    for field, noun in ((extension.minutes, "min"), (extension.attempts, "attempts")):
        amount, held = field.granted, field.observed or 0
        if amount is not None and held < amount.approved:
            lacking = amount.approved - held
            note = f"{lacking} {noun} short, since Canvas takes at most {amount.cap} {noun}."
            findings.append(Finding(Reason.CAPPED_BY_CANVAS, words, note, lacking if noun == "min" else None))
    return findings


def _in_place(pair: Pair, words: str) -> Finding:
    entry = pair.ledger_extension
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return Finding(Reason.ACCEPTED, words, "Canvas accepted it; New Quizzes cannot be read back.")
    if pair.are_extensions_read or (entry is not None and entry.is_read_back):
        return Finding(Reason.READ_BACK, words, "Canvas was read and holds it.")
    return Finding(Reason.ACCEPTED, words, "Canvas accepted it.")
