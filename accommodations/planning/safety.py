"""The safety guard (R16): what deletes or shrinks unusually much waits for a director; everything else goes on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accommodations.planning.plan import GuardState, PlannedAction, Stop
from accommodations.planning.wording import counted as counted_words
from accommodations.planning.wording import grouped


@dataclass(frozen=True, slots=True)
class Guarded:
    """A plan's actions after the guard: what goes on, in its order, and what was stopped (None: nothing)."""

    going: tuple[PlannedAction, ...]
    stop: Stop | None = None


def guarded(actions: Sequence[PlannedAction], *, grants: int, guard: GuardState | None) -> Guarded:
    """Return what goes on and what is stopped. `grants` are the pairs of the course with a grant or something of ours.

    Counted is what deletes or shrinks, save ends recorded in advance, confirmed revokes and undos, and what a director
    has let through. What waits for a director already stays stopped, though it alone would not be too much.
    """
    if guard is None:
        return Guarded(tuple(actions))
    confirmed = _confirmed(actions, guard)
    counted = [action for action in actions if _is_counted(action, guard) and action.canvas_user_id not in confirmed]
    if not _is_too_much(counted, grants=grants, guard=guard):
        counted = [action for action in counted if action.digest in guard.stopped]
    if not counted:
        return Guarded(tuple(actions))
    stopped = {action.digest for action in counted}
    going = (action.if_held if action.digest in stopped else action for action in actions)
    return Guarded(tuple(action for action in going if action is not None), _stop(counted, grants=grants, guard=guard))


def _is_counted(action: PlannedAction, guard: GuardState) -> bool:
    return action.is_shrinking and not action.is_expected and action.digest not in guard.approved


def _confirmed(actions: Sequence[PlannedAction], guard: GuardState) -> set[int]:
    """Return the students whose revoke was confirmed, where it takes back no more than the page had named."""
    if not guard.confirmed:
        return set()
    shrinking = {action.pair_key for action in actions if action.is_shrinking and not action.is_expected}
    number_of = Counter(user for user, _ in shrinking)
    return {user for user, number in guard.confirmed if number_of[user] <= number}


def _is_too_much(counted: Sequence[PlannedAction], *, grants: int, guard: GuardState) -> bool:
    if not counted:
        return False
    is_too_much_here = len(counted) > guard.course_actions and 100 * _pairs(counted) > guard.percent * grants
    return is_too_much_here or len(counted) + guard.counted_elsewhere > guard.run_actions


def _pairs(actions: Sequence[PlannedAction]) -> int:
    return len({action.pair_key for action in actions})


def _stop(counted: Sequence[PlannedAction], *, grants: int, guard: GuardState) -> Stop:
    pairs, in_run = _pairs(counted), len(counted) + guard.counted_elsewhere
    ordered = tuple(sorted(counted, key=lambda action: (action.assessment_key, action.canvas_user_id, action.digest)))
    return Stop(
        actions=ordered,
        pairs=pairs,
        grants=grants,
        counted_in_run=in_run,
        is_of_the_run=in_run > guard.run_actions,
        message=_message(len(counted), pairs=pairs, grants=grants, in_run=in_run, guard=guard),
    )


def _message(number: int, *, pairs: int, grants: int, in_run: int, guard: GuardState) -> str:
    """Return why it was stopped, with its figures and the limits."""
    share = f"{_percent(pairs, grants)} of the course's {counted_words(grants, 'grant')}"
    elsewhere = f", {grouped(in_run)} in the whole run" if in_run > number else ""
    return (
        f"{counted_words(number, 'change')} would delete or shrink what stands "
        f"on {grouped(pairs)} ({share}){elsewhere}. "
        f"The limits are {guard.percent} % and {guard.course_actions} in a course, {guard.run_actions} in a run."
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "100 %"
