"""The one change of a pair's extra minutes and attempts, and what may stand in its way."""

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.extension import Extension, State
from accommodations.planning.parts import Finding
from accommodations.planning.plan import PlannedAction, Values
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import Change, SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind


def obstacle_of(pair: Pair, desired: Desired, extension: Extension) -> Finding | None:
    """Return why a rise cannot be written, or None. A closed grading period holds dates alone (R11), never these."""
    words, assessment = explain.extension_words(pair, desired), pair.assessment
    if pair.index.is_concluded:
        return Finding(Reason.COURSE_CONCLUDED, words, "It cannot be written, since the course is concluded.")
    if not pair.has_it:
        return Finding(Reason.WOULD_ASSIGN, words, "It is not written, since the student does not have it.")
    if extension.attempts.granted is not None and assessment.canvas_group_category_id is not None:
        return Finding(Reason.GROUP_ASSIGNMENT, words, "A person decides, since a group hands it in together.")
    is_first = pair.ledger_extension is None and not pair.is_uncertain
    is_new = assessment.kind is AssessmentKind.NEW_QUIZ
    if is_new and is_first and not pair.index.settings.nobody_sets_new_quizzes_by_hand:
        return Finding(Reason.PLANNED, words, "It waits for a look in Canvas: it may have been set by hand already.")
    return None


def action_of(
    pair: Pair, desired: Desired, extension: Extension, words: str | None = None, note: str = ""
) -> PlannedAction:
    """Return one change that carries only the keys that must change.

    Where one value rises and the other shrinks, the rise alone is what goes on if the shrinking is stopped (R16).
    """
    user, key = pair.key
    words = words_of(pair, desired, extension) if words is None else words
    kept = extension.unless_shrinking() if extension.has(State.SHRINK) else extension
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=_change(pair, extension.minutes.to_send, extension.attempts.to_send),
        before=Values(extra_minutes=extension.minutes.observed, extra_attempts=extension.attempts.observed),
        after=Values(extra_minutes=extension.minutes.wanted, extra_attempts=extension.attempts.wanted),
        sentence=explain.sentence(pair, words, (note,)),
        is_shrinking=extension.has(State.SHRINK),
        ledger_extension=extension.ledger_after(pair),
        if_held=action_of(pair, desired, kept) if kept is not extension and kept.has(State.RAISE) else None,
    )


def words_of(pair: Pair, desired: Desired, extension: Extension) -> str:
    """Return what a change says: "60 min becomes 90 min (1.5×); 1 attempt becomes 2"."""
    minutes, attempts = extension.minutes.to_send, extension.attempts.to_send
    words = []
    if minutes is not None:
        words.append(explain.minutes_change(pair, extension.minutes.observed, minutes, desired.minutes))
    if attempts is not None:
        words.append(explain.attempts_change(pair, extension.attempts.observed, attempts))
    return "; ".join(words)


def _change(pair: Pair, minutes: int | None, attempts: int | None) -> Change:
    assessment, user = pair.assessment, pair.student.canvas_user_id
    if assessment.kind is AssessmentKind.NEW_QUIZ and assessment.canvas_assignment_id is not None:
        return SetNewQuizAccommodation(assessment.canvas_assignment_id, user, minutes, attempts)
    if assessment.kind in CLASSIC_KINDS and assessment.canvas_quiz_id is not None:
        return SetQuizExtension(assessment.canvas_quiz_id, user, minutes, attempts)
    if assessment.canvas_assignment_id is None:
        raise ValueError(f"{assessment.key} has no id under which Canvas takes extensions")
    return SetAssignmentExtension(assessment.canvas_assignment_id, user, attempts)
