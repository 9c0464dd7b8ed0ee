"""Extra minutes and attempts of one pair: what Canvas holds, what it should hold, and the one change between."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.parts import NOTHING, Finding, Part
from accommodations.planning.plan import (
    LedgerCorrection,
    LedgerExtension,
    LedgerPart,
    PlannedAction,
    Values,
)
from accommodations.planning.shrinking import Shrinking, may_shrink, needs_attempts, needs_submissions
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import Amount
from canvas_bridge.changes import Change, SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind


class State(Enum):
    """How one field stands."""

    ABSENT = auto()
    UNREAD = auto()
    HOLDS = auto()
    ENOUGH = auto()
    RAISE = auto()
    SHRINK = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """Extra minutes or attempts: granted by rules, put by us (None: not ours), observed in Canvas (None: unread)."""

    granted: Amount | None
    put: int | None
    before: int
    observed: int | None

    @property
    def without_us(self) -> int | None:
        """Return what would stand there without us: what someone changed since counts as theirs (R3)."""
        return self.before if self.put is not None and self.observed == self.put else self.observed

    @property
    def wanted(self) -> int | None:
        """Return what should stand there: the grant, or more where others give more (R1)."""
        without_us = self.without_us
        if self.granted is None:
            return without_us
        return max(self.granted.within_cap, without_us or 0)

    @property
    def state(self) -> State:
        """Return how the field stands."""
        if self.granted is None and self.put is None:
            return State.ABSENT
        if self.observed is None or self.wanted is None:
            return State.UNREAD
        if self.observed < self.wanted:
            return State.RAISE
        if self.observed > self.wanted:
            return State.SHRINK
        if self.granted is None:
            return State.GONE
        return State.HOLDS if self.observed == self.put else State.ENOUGH


@dataclass(frozen=True, slots=True)
class Extension:
    """Both fields of a pair's extension."""

    minutes: Field
    attempts: Field

    @property
    def fields(self) -> tuple[Field, Field]:
        """Return both fields."""
        return self.minutes, self.attempts

    def has(self, state: State) -> bool:
        """Whether one of the fields stands so."""
        return any(field.state is state for field in self.fields)


def extension_of(pair: Pair, desired: Desired) -> Extension:
    """Return the pair's extension: what is granted, put by us and observed."""
    entry = pair.ledger_extension or LedgerExtension(*pair.key)
    row = pair.index.extensions.get(pair.key)
    return Extension(
        minutes=Field(
            desired.minutes,
            entry.put_minutes,
            entry.before_minutes,
            _observed(pair, entry.put_minutes, row.extra_minutes if row else 0),
        ),
        attempts=Field(
            desired.attempts,
            entry.put_attempts,
            entry.before_attempts,
            _observed(pair, entry.put_attempts, row.extra_attempts if row else 0),
        ),
    )


def _observed(pair: Pair, put: int | None, read: int) -> int | None:
    """Return what Canvas holds: as read, else as we put it, else unknown. New Quizzes can only be remembered."""
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return put or 0
    if pair.are_extensions_read:
        return read
    return put


def extension_part(pair: Pair, desired: Desired) -> Part:
    """Return findings and the change of a pair's extra minutes and attempts."""
    extension = extension_of(pair, desired)
    if all(field.state is State.ABSENT for field in extension.fields):
        return NOTHING
    if extension.has(State.UNREAD):
        obstacle = _obstacle(pair, desired, extension)
        if obstacle is not None:
            return Part(findings=(obstacle,))
        words = explain.grant_words(pair, desired)
        finding = Finding(Reason.PLANNED, f"{explain.title(pair)}: {words}. Canvas is read first.")
        return Part(findings=(finding,), needs_extensions=True)
    if extension.has(State.RAISE):
        return _raising(pair, desired, extension)
    if extension.has(State.SHRINK):
        return _shrinking(pair, desired, extension)
    return Part(findings=tuple(_standing(pair, desired, extension)), correction=_correction(pair, extension))


def _raising(pair: Pair, desired: Desired, extension: Extension) -> Part:
    obstacle = _obstacle(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    action = _action(pair, desired, extension)
    return Part(findings=(Finding(Reason.PLANNED, action.sentence),), action=action)


def _shrinking(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the change that takes back what is no longer granted, where R18 and the course allow it."""
    standing = _standing(pair, desired, extension)
    shrinking = may_shrink(pair)
    if shrinking is Shrinking.UNREAD or (shrinking is Shrinking.ALLOWED and _must_read_value(pair)):
        return Part(
            findings=(*standing, *_of_ended(pair, standing, Reason.PLANNED, "is taken back once Canvas was read")),
            needs_extensions=needs_attempts(pair) or _must_read_value(pair),
            needs_submissions=needs_submissions(pair),
        )
    if shrinking is Shrinking.STAYS:
        ended = _of_ended(pair, standing, Reason.OVER, "stays, since it was handed in or is over")
        return Part(findings=(*standing, *ended))
    if shrinking is Shrinking.WAITS:
        ended = _of_ended(pair, standing, Reason.UNTIL_OVER, "is open now, so what was put stays until it is over")
        return Part(findings=(*standing, *ended))
    if pair.index.is_concluded:
        ended = _of_ended(pair, standing, Reason.COURSE_CONCLUDED, "the course is concluded, so what was put stays")
        return Part(findings=(*standing, *ended))
    if not pair.has_it and pair.assessment.kind not in CLASSIC_KINDS:
        return Part(findings=tuple(standing))
    action = _action(pair, desired, extension)
    findings = standing or [Finding(Reason.PLANNED, action.sentence)]
    return Part(findings=tuple(findings), action=action)


def _must_read_value(pair: Pair) -> bool:
    """Whether the stored value itself was not read: nothing is set lower unread (R1)."""
    return pair.assessment.kind is not AssessmentKind.NEW_QUIZ and not pair.are_extensions_read


def _of_ended(pair: Pair, standing: list[Finding], reason: Reason, words: str) -> tuple[Finding, ...]:
    """Return the finding of something that is no longer granted; what is still granted speaks for the pair."""
    return () if standing else (Finding(reason, f"{explain.title(pair)}: {words}."),)


def _obstacle(pair: Pair, desired: Desired, extension: Extension) -> Finding | None:
    """Return why a rise cannot be written, or None."""
    name, words = explain.title(pair), explain.grant_words(pair, desired)
    if pair.index.is_concluded:
        return Finding(Reason.COURSE_CONCLUDED, f"{name}: {words} cannot be written, since the course is concluded.")
    if not pair.has_it:
        return Finding(
            Reason.WOULD_ASSIGN, f"{name}: the student does not have it, and {words} must not assign it to them."
        )
    if pair.assessment.in_closed_grading_period:
        return Finding(
            Reason.GRADING_PERIOD_CLOSED, f"{name}: {words} cannot be written, since its grading period is closed."
        )
    if extension.attempts.state is State.RAISE and pair.assessment.canvas_group_category_id is not None:
        return Finding(
            Reason.GROUP_ASSIGNMENT, f"{name}: a group hands it in together, so a person decides about {words}."
        )
    is_new = pair.assessment.kind is AssessmentKind.NEW_QUIZ
    if is_new and pair.ledger_extension is None and not pair.index.settings.nobody_sets_new_quizzes_by_hand:
        return Finding(
            Reason.PLANNED, f"{name}: {words} waits for a look in Canvas, where it may have been set by hand already."
        )
    return None


def _action(pair: Pair, desired: Desired, extension: Extension) -> PlannedAction:
    """Return one change that carries only the keys that must change."""
    minutes = _to_send(extension.minutes)
    attempts = _to_send(extension.attempts)
    words = []
    if minutes is not None:
        words.append(explain.minutes_change(pair, extension.minutes.observed, minutes, desired.minutes))
    if attempts is not None:
        words.append(explain.attempts_change(pair, extension.attempts.observed, attempts))
    user, key = pair.key
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=_change(pair, minutes, attempts),
        before=Values(extra_minutes=extension.minutes.observed, extra_attempts=extension.attempts.observed),
        after=Values(extra_minutes=extension.minutes.wanted, extra_attempts=extension.attempts.wanted),
        sentence=f"{explain.title(pair)}: {'; '.join(words)}.",
        is_shrinking=extension.has(State.SHRINK) and not extension.has(State.RAISE),
        ledger_extension=_ledger_after(pair, extension),
    )


def _to_send(field: Field) -> int | None:
    return field.wanted if field.state in (State.RAISE, State.SHRINK) else None


def _change(pair: Pair, minutes: int | None, attempts: int | None) -> Change:
    assessment, user = pair.assessment, pair.student.canvas_user_id
    if assessment.kind is AssessmentKind.NEW_QUIZ and assessment.canvas_assignment_id is not None:
        return SetNewQuizAccommodation(assessment.canvas_assignment_id, user, minutes, attempts)
    if assessment.canvas_quiz_id is not None:
        return SetQuizExtension(assessment.canvas_quiz_id, user, minutes, attempts)
    return SetAssignmentExtension(assessment.canvas_assignment_id or 0, user, attempts)


def _ledger_after(pair: Pair, extension: Extension) -> LedgerExtension | None:
    """Return what of the extension is ours once the plan is in Canvas; None: nothing."""
    minutes, before_minutes = _ours_after(extension.minutes)
    attempts, before_attempts = _ours_after(extension.attempts)
    if minutes is None and attempts is None:
        return None
    return LedgerExtension(*pair.key, minutes, before_minutes, attempts, before_attempts)


def _ours_after(field: Field) -> tuple[int | None, int]:
    """Return value put and value before of one field, as they are after the plan."""
    wanted, without_us = field.wanted, field.without_us
    if wanted is None or without_us is None or wanted <= without_us:
        return None, 0
    return wanted, without_us


def _correction(pair: Pair, extension: Extension) -> LedgerCorrection | None:
    """Return the ledger's new entry where it no longer tells the truth, or can now say *read back*."""
    entry = pair.ledger_extension
    if entry is None or not pair.are_extensions_read or pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return None
    true_entry = _ledger_after(pair, extension)
    if true_entry is not None:
        true_entry = replace(true_entry, is_read_back=True)
    return None if true_entry == entry else LedgerCorrection(*pair.key, LedgerPart.EXTENSION, extension=true_entry)


def _standing(pair: Pair, desired: Desired, extension: Extension) -> list[Finding]:
    """Return the findings of what is granted and stands in Canvas."""
    findings = []
    granted = [field for field in extension.fields if field.granted is not None]
    words = explain.grant_words(pair, desired)
    if not granted:
        return []
    if all(field.state is State.ENOUGH for field in granted):
        findings.append(
            Finding(Reason.INSTRUCTOR_GIVES_AS_MUCH, f"{explain.title(pair)}: {words} is given by others already.")
        )
    else:
        findings.append(_in_place(pair, words))
    for field, noun in ((extension.minutes, "min"), (extension.attempts, "attempts")):
        if field.granted is not None and field.granted.short_by and (field.observed or 0) < field.granted.approved:
            lacking = field.granted.approved - (field.observed or 0)
            sentence = (
                f"{explain.title(pair)}: {lacking} {noun} short, since Canvas takes at most {field.granted.cap} {noun}."
            )
            findings.append(Finding(Reason.CAPPED_BY_CANVAS, sentence, lacking if noun == "min" else None))
    return findings


def _in_place(pair: Pair, words: str) -> Finding:
    name, entry = explain.title(pair), pair.ledger_extension
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return Finding(Reason.ACCEPTED, f"{name}: {words}. Canvas accepted it; New Quizzes cannot be read back.")
    if pair.are_extensions_read or (entry is not None and entry.is_read_back):
        return Finding(Reason.READ_BACK, f"{name}: {words}. Canvas was read and holds it.")
    return Finding(Reason.ACCEPTED, f"{name}: {words}. Canvas accepted it.")
