"""Extra minutes and attempts of one pair: findings, and the one change between what Canvas holds and should hold."""

from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.extension import Extension, State, extension_of
from accommodations.planning.extension_action import action_of, obstacle_of, words_of
from accommodations.planning.parts import NOTHING, Finding, Part
from accommodations.planning.plan import LedgerCorrection, LedgerPart
from accommodations.planning.read_back import is_read_back_due
from accommodations.planning.sent_again import sent_again
from accommodations.planning.shrinking import Shrinking, may_shrink, needs_attempts, needs_submissions, staying
from accommodations.planning.statuses import Reason
from accommodations.planning.wording import day, grouped, span
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind


def extension_part(pair: Pair, desired: Desired) -> Part:
    """Return findings and the change of a pair's extra minutes and attempts."""
    extension = extension_of(pair, desired)
    if pair.is_uncertain:
        return sent_again(pair, desired, extension)
    if extension.is_absent:
        return NOTHING
    if extension.has(State.UNREAD):
        return _unread(pair, desired, extension)
    if extension.has(State.RAISE):
        return _raising(pair, desired, extension)
    if extension.has(State.SHRINK):
        return _shrinking(pair, desired, extension)
    return Part(
        findings=tuple(_standing(pair, desired, extension)),
        correction=_correction(pair, desired, extension),
        needs_extensions=_is_proof_old(pair, desired, extension),
    )


def _unread(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the wish to read first: an instructor may have given as much, or more (R1)."""
    obstacle = obstacle_of(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    finding = Finding(Reason.PLANNED, explain.extension_words(pair, desired), "Canvas is read first.")
    return Part(findings=(finding,), needs_extensions=True, needs_submissions=_must_see_submissions(pair, extension))


def _raising(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the change that raises what is less than granted; the other field shrinks with it only where it may.

    Our own value is no proof of what stands there: somebody may have set more by hand since (R1). Only what Canvas
    answered in this same work is.
    """
    if pair.assessment.kind is not AssessmentKind.NEW_QUIZ and not (pair.are_extensions_read or pair.is_answered_since):
        return _unread(pair, desired, extension)
    obstacle = obstacle_of(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    if extension.has(State.SHRINK) and _shrinking_allowed(pair) is not Shrinking.ALLOWED:
        needs_submissions = _must_see_submissions(pair, extension)
        extension = extension.unless_shrinking()
    else:
        needs_submissions = False
    words = words_of(pair, desired, extension)
    return Part(
        findings=(Finding(Reason.PLANNED, words),),
        action=action_of(pair, desired, extension),
        needs_submissions=needs_submissions,
    )


def _must_see_submissions(pair: Pair, extension: Extension) -> bool:
    """Whether a field that shrinks beside one that rises waits for submissions to be read."""
    return extension.has(State.SHRINK) and may_shrink(pair) is Shrinking.UNREAD and needs_submissions(pair)


def _shrinking(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the change that takes back what is no longer granted, where R18 and the course allow it.

    What is still granted speaks for the pair; only where nothing is, the waiting or staying itself is told.
    """
    standing = tuple(_standing(pair, desired, extension))
    shrinking = _shrinking_allowed(pair)
    if shrinking is Shrinking.ALLOWED and not pair.index.is_concluded:
        if not pair.has_it and pair.assessment.kind not in CLASSIC_KINDS:
            return Part(findings=standing)  # Canvas leaves out students who are not assigned (contract 5.1)
        words = words_of(pair, desired, extension)
        return Part(findings=standing or (Finding(Reason.PLANNED, words),), action=action_of(pair, desired, extension))
    is_unread = shrinking is Shrinking.UNREAD
    return Part(
        findings=standing or (staying(shrinking, explain.put_words(extension.minutes.put, extension.attempts.put)),),
        needs_extensions=(is_unread and (needs_attempts(pair) or _is_value_unread(pair)))
        or _is_proof_old(pair, desired, extension),
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


def _correction(pair: Pair, desired: Desired, extension: Extension) -> LedgerCorrection | None:
    """Return the ledger's new entry where it no longer tells the truth, or its proof is new again."""
    entry = pair.ledger_extension
    if entry is None or not pair.are_extensions_read or pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return None
    true_entry = extension.ledger_after(pair)
    if true_entry is not None:
        known = replace(true_entry, is_read_back=True, confirmed_at=entry.confirmed_at)
        if known == entry and not _is_due(pair, desired):
            return None
        true_entry = replace(known, confirmed_at=pair.index.facts.read_at)
    return LedgerCorrection(*pair.key, LedgerPart.EXTENSION, extension=true_entry)


def _is_proof_old(pair: Pair, desired: Desired, extension: Extension) -> bool:
    """Whether what we put stands by a proof that is to be read again, and was not read in this work."""
    if pair.are_extensions_read or pair.is_answered_since or not pair.can_read_extensions:
        return False
    is_held = any(field.granted is not None and field.put is not None for field in extension.fields)
    return is_held and _is_due(pair, desired)


def _is_due(pair: Pair, desired: Desired) -> bool:
    entry, starts_at = pair.ledger_extension, pair.index.course.starts_at
    unlock_at = (desired.dates.wanted if desired.dates else pair.dates_without_us).unlock_at
    opens_at = max((at for at in (unlock_at, starts_at) if at is not None), default=None)
    return entry is not None and is_read_back_due(now=pair.now, opens_at=opens_at, confirmed_at=entry.confirmed_at)


def _standing(pair: Pair, desired: Desired, extension: Extension) -> list[Finding]:
    """Return the findings of what is granted and stands in Canvas; empty where nothing is granted."""
    granted = [field for field in extension.fields if field.granted is not None]
    if not granted:
        return []
    words = explain.extension_words(pair, desired)
    if all(field.state is State.ENOUGH for field in granted):
        theirs = explain.put_words(extension.minutes.observed, extension.attempts.observed)
        findings = [
            Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, words, f"Others in the course have given {theirs} already.")
        ]
    else:
        findings = [_in_place(pair, words, is_old=_is_proof_old(pair, desired, extension))]
    for field, noun in ((extension.minutes, "min"), (extension.attempts, "attempts")):
        amount, held = field.granted, field.observed or 0
        if amount is not None and held < amount.approved:
            lacking = amount.approved - held
            why = (
                "" if noun == "min" else f", since Canvas takes at most {amount.cap} {noun}"
            )  # minutes say it in words
            note = f"{span(lacking) if noun == 'min' else f'{grouped(lacking)} {noun}'} short{why}."
            findings.append(Finding(Reason.CAPPED_BY_CANVAS, words, note, lacking if noun == "min" else None))
    return findings


def _in_place(pair: Pair, words: str, *, is_old: bool) -> Finding:
    entry = pair.ledger_extension
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return Finding(Reason.ACCEPTED, words, "Canvas accepted it; New Quizzes cannot be read back.")
    note = _old_proof(pair) if is_old else ""
    if pair.are_extensions_read or (entry is not None and entry.is_read_back):
        return Finding(Reason.READ_BACK, words, note or "Canvas was read and holds it.")
    return Finding(Reason.ACCEPTED, words, note or "Canvas accepted it.")


def _old_proof(pair: Pair) -> str:
    entry = pair.ledger_extension
    if entry is None or entry.confirmed_at is None:
        return "Canvas is read again before it opens."
    return f"The proof is from {day(entry.confirmed_at, pair.index.course_zone)} and is read again."
