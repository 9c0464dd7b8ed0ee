"""The four changes of an override, with what the ledger says after each."""

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import is_later
from accommodations.planning.plan import LedgerOverride, OverrideBefore, PlannedAction, Values
from accommodations.planning.titles import override_title
from accommodations.planning.wording import dates_change
from canvas_bridge.changes import CreateOverride, DeleteOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    Dates,
    DateSetting,
    ObservedOverride,
    overridden_to,
)


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
    """Return the rewriting of an override that names this student alone; its title stays."""
    user, key = pair.key
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
        ),
        before=Values(dates=pair.observed_dates),
        after=Values(dates=dates),
        sentence=sentence,
        is_shrinking=_is_shrinking(pair.observed_dates, dates),
        ledger_override=LedgerOverride(
            user,
            key,
            override.canvas_override_id,
            put=dates,
            before=_before(pair, override, dates),
            class_dates=class_dates,
        ),
    )


def move_out(pair: Pair, shared: ObservedOverride, dates: Dates, sentence: str) -> PlannedAction:
    """Return the move of the student out of a shared override into one of their own."""
    user, key = pair.key
    before = _before(pair, shared, dates)
    return PlannedAction(
        canvas_user_id=user,
        assessment_key=key,
        change=MoveOutOfSharedOverride(
            canvas_assignment_id=_assignment_id(pair),
            canvas_shared_override_id=shared.canvas_override_id,
            canvas_user_id=user,
            remaining_canvas_user_ids=tuple(sorted(shared.canvas_user_ids - {user})),
            shared_title=shared.title,
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
    """Return the restoring of what stood there before us, or the deleting of what is only ours (R3), and its words."""
    user, key = pair.key
    restored, entry = pair.ad_hoc_without_us, pair.ledger_override
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
            due=restored.due,
            lock=restored.lock,
            title=entry.before.title if entry is not None and entry.before is not None else None,
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


def _is_shrinking(before: Dates, after: Dates) -> bool:
    """Whether due or lock becomes earlier and neither later; a later unlock only follows the class's."""
    is_less = is_later(before.due_at, after.due_at) or is_later(before.lock_at, after.lock_at)
    is_more = is_later(after.due_at, before.due_at) or is_later(after.lock_at, before.lock_at)
    return is_less and not is_more


def _before(pair: Pair, override: ObservedOverride, dates: Dates) -> OverrideBefore | None:
    """Return what would stand there without us, for the day on which ours ends; None: nothing.

    What someone set *more* generously since is theirs and is kept; what they set lower is drift, not a wish: there
    the date goes back to what stood before, else to the class's.
    """
    entry = pair.ledger_override
    if entry is None:
        return OverrideBefore(override.title, override.unlock, override.due, override.lock)
    before = entry.before
    old = before or OverrideBefore("", NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN)
    put = entry.put
    kept_due = override.due if _is_kept(override.due, put.due_at, dates.due_at) else old.due
    kept_lock = override.lock if _is_kept(override.lock, put.lock_at, dates.lock_at) else old.lock
    is_unlock_theirs = override.unlock.is_overridden and override.unlock != overridden_to(put.unlock_at)
    kept_unlock = override.unlock if is_unlock_theirs else old.unlock
    kept = (kept_unlock, kept_due, kept_lock)
    if before is None and not any(setting.is_overridden for setting in kept):
        return None
    return OverrideBefore(before.title if before else override.title, *kept)


def _is_kept(observed: DateSetting, put: object, written: object) -> bool:
    """Whether someone set this date since, and it is what we write too: then it is theirs."""
    return observed.is_overridden and observed.at != put and observed.at == written


def _assignment_id(pair: Pair) -> int:
    return pair.assessment.canvas_assignment_id or 0


def _title(pair: Pair) -> str:
    return override_title(
        key=pair.index.settings.title_key,
        canvas_user_id=pair.student.canvas_user_id,
        assessment_key=pair.assessment.key,
    )
