"""The four changes of an override, with what the ledger says after each."""

from collections.abc import Set
from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import is_later, later, off_midnight
from accommodations.planning.plan import LedgerOverride, OverrideBefore, PlannedAction, Values
from accommodations.planning.titles import override_title
from accommodations.planning.wording import counted, dates_change
from canvas_bridge.changes import CreateOverride, DeleteOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import Dates, ObservedOverride, overridden_to


def create(pair: Pair, dates: Dates, sentence: str) -> PlannedAction:
    """Return the making of an override of the student's own; all three dates are written."""
    user, key = pair.key
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=CreateOverride(_assignment_id(pair), user, _title(pair), dates),
        before=Values(dates=pair.observed_dates),
        after=Values(dates=dates),
        sentence=sentence,
        ledger_override=LedgerOverride(user, key, 0, put=dates, class_dates=pair.class_dates),
    )


def update(
    pair: Pair, override: ObservedOverride, dates: Dates, sentence: str, *, class_dates: Dates | None
) -> PlannedAction:
    """Return the rewriting of an override that names this student alone.

    An instructor's keeps its title; one that is ours alone gets ours back, where a page saved in Canvas took it.
    """
    user, key = pair.key
    observed = pair.observed_dates
    is_shrinking = _is_less(observed, dates)
    kept = Dates(dates.unlock_at, later(dates.due_at, observed.due_at), later(dates.lock_at, observed.lock_at))
    goes_on = is_shrinking and kept != observed
    has_lost_title = pair.ad_hoc_without_us is None and override.title != _title(pair)
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=UpdateOverride(
            canvas_assignment_id=_assignment_id(pair),
            canvas_override_id=override.canvas_override_id,
            canvas_user_id=user,
            unlock=overridden_to(dates.unlock_at),
            due=overridden_to(dates.due_at),
            lock=overridden_to(dates.lock_at),
            title=_title(pair) if has_lost_title else None,
        ),
        before=Values(dates=pair.observed_dates),
        after=Values(dates=dates),
        sentence=sentence,
        is_shrinking=is_shrinking,
        if_held=update(pair, override, kept, sentence, class_dates=class_dates) if goes_on else None,
        ledger_override=LedgerOverride(
            user,
            key,
            override.canvas_override_id,
            put=dates,
            before=_before(pair, override),
            class_dates=class_dates,
        ),
    )


def move_out(
    pair: Pair, shared: ObservedOverride, dates: Dates, sentence: str, *, remaining: Set[int]
) -> PlannedAction:
    """Return the move of the student out of a shared override, in which `remaining` stay, into one of their own.

    Where the shared one was ours before an instructor added others to it, nothing of it is remembered as theirs, and
    it does not keep the title by which we know our own.
    """
    user, key = pair.key
    before = _before(pair, shared)
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=MoveOutOfSharedOverride(
            canvas_assignment_id=_assignment_id(pair),
            canvas_shared_override_id=shared.canvas_override_id,
            canvas_user_id=user,
            remaining_canvas_user_ids=tuple(sorted(remaining)),
            shared_title=counted(len(remaining), "student") if shared.title == _title(pair) else shared.title,
            shared_unlock=shared.unlock,
            shared_due=shared.due,
            shared_lock=shared.lock,
            title=_title(pair),
            dates=dates,
        ),
        before=Values(dates=pair.observed_dates),
        after=Values(dates=dates),
        sentence=sentence,
        ledger_override=LedgerOverride(user, key, 0, put=dates, before=before, class_dates=pair.class_dates),
    )


def take_back(pair: Pair, override: ObservedOverride) -> tuple[PlannedAction, str]:
    """Return the restoring of what stood there before us, or the deleting of what is only ours (R3), and its words.

    A title goes back only where ours stands: one that an instructor has given since is theirs.
    """
    user, key = pair.key
    restored, entry = pair.ad_hoc_without_us, pair.ledger_override
    before = entry.before if entry is not None else None
    after = pair.dates_without_us
    words = dates_change(pair.observed_dates, after, pair.index.course_zone) or "dates stay"
    change: DeleteOverride | UpdateOverride
    if restored is None:
        change = DeleteOverride(_assignment_id(pair), override.canvas_override_id, user)
        words = f"our dates are taken back; {words}"
    else:
        change = UpdateOverride(
            canvas_assignment_id=_assignment_id(pair),
            canvas_override_id=override.canvas_override_id,
            canvas_user_id=user,
            unlock=restored.unlock,
            due=replace(restored.due, at=off_midnight(restored.due.at, token_zone=pair.index.token_zone)),
            lock=replace(restored.lock, at=off_midnight(restored.lock.at, token_zone=pair.index.token_zone)),
            title=before.title if before is not None and override.title == _title(pair) else None,
        )
        words = f"the instructor's own dates are put back; {words}"
    action = PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=change,
        before=Values(dates=pair.observed_dates),
        after=Values(dates=after),
        sentence=explain.sentence(pair, words),
        is_shrinking=True,
    )
    return action, words


def _is_less(before: Dates, after: Dates) -> bool:
    """Whether due or lock becomes earlier, whatever the other does; a later unlock only follows the class's."""
    return is_later(before.due_at, after.due_at) or is_later(before.lock_at, after.lock_at)


def _before(pair: Pair, override: ObservedOverride) -> OverrideBefore | None:
    """Return what would stand there without us, for the day on which ours ends; None: nothing."""
    entry, theirs = pair.ledger_override, pair.ad_hoc_without_us
    if theirs is None:
        return None
    known = entry.before if entry is not None and override.title == _title(pair) else None
    return OverrideBefore(known.title if known is not None else override.title, theirs.unlock, theirs.due, theirs.lock)


def _assignment_id(pair: Pair) -> int:
    return pair.assessment.canvas_assignment_id or 0


def _title(pair: Pair) -> str:
    return override_title(
        key=pair.index.settings.title_key,
        canvas_user_id=pair.student.canvas_user_id,
        assessment_key=pair.assessment.key,
    )
