"""New Quizzes after a write whose outcome nobody knows: the same absolute value is sent again (R5, R14)."""

from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.extension import CLEARED, Extension, Field, State
from accommodations.planning.extension_action import action_of, obstacle_of, words_of
from accommodations.planning.parts import NOTHING, Finding, Part
from accommodations.planning.shrinking import Shrinking, may_shrink, needs_submissions, staying
from accommodations.planning.statuses import Reason

_LOST = "Canvas's last answer was lost, so it is sent again."
_UNKNOWN = "nobody knows whether the last change reached the New Quiz"


def sent_again(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the change that makes certain what stands in a New Quiz; until then the pair waits."""
    if all(field.granted is None for field in extension.fields):
        return _taken_back(pair, desired, extension)
    obstacle = obstacle_of(pair, desired, extension)
    if obstacle is not None:
        return Part(findings=(obstacle,))
    may = may_shrink(pair) if extension.has(State.SHRINK) else Shrinking.ALLOWED
    if may is not Shrinking.ALLOWED:
        extension = extension.unless_shrinking()
    words = words_of(pair, desired, extension)
    return Part(
        findings=(Finding(Reason.PLANNED, words, _LOST),),
        action=action_of(pair, desired, extension, words, _LOST),
        needs_submissions=may is Shrinking.UNREAD and needs_submissions(pair),
    )


def _taken_back(pair: Pair, desired: Desired, extension: Extension) -> Part:
    """Return the taking back of what may or may not have arrived: the value before us, else none."""
    if not pair.has_it:
        return NOTHING  # Canvas leaves out students who are not assigned (contract 5.1)
    if pair.index.settings.nobody_sets_new_quizzes_by_hand:
        extension = replace(extension, minutes=_cleared(extension.minutes), attempts=_cleared(extension.attempts))
    if not extension.has(State.SHRINK):
        waits = Finding(Reason.PLANNED, _UNKNOWN, "It waits for a look in Canvas: others may have set it by hand.")
        return Part(findings=(waits,))
    shrinking = may_shrink(pair)
    if shrinking is not Shrinking.ALLOWED or pair.index.is_concluded:
        is_unread = shrinking is Shrinking.UNREAD
        told = staying(shrinking, explain.put_words(extension.minutes.put, extension.attempts.put))
        return Part(findings=(told,), needs_submissions=is_unread and needs_submissions(pair))
    words = "what was put for this student is taken back"
    action = action_of(pair, desired, extension, words, _LOST)
    return Part(findings=(Finding(Reason.PLANNED, words, _LOST),), action=action)


def _cleared(field: Field) -> Field:
    return CLEARED if field.state is State.ABSENT else field
