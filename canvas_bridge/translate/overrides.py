"""Overrides from Canvas's words, and what to send to create or update one (contract 6)."""

from canvas_bridge.changes import CreateOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import ObservedOverride, OverrideTarget
from canvas_bridge.translate.dates import date_setting, override_date
from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.absent import UNCHANGED, Absent
from canvas_bridge.wire.overrides import Override, OverrideCreation, OverrideUpdate, OverrideValues
from canvas_bridge.wire.writing import json_of

_KEPT_KEYS = ("id", "assignment_id", "title", "due_at", "unlock_at", "lock_at")


def observed_override(found: Override) -> ObservedOverride:
    """Return one override. A target of a kind that nobody has described is a contract error: its dates may count."""
    target, target_id, user_ids = _target(found)
    return ObservedOverride(
        canvas_override_id=found.id,
        title=shown(found.title),
        target=target,
        canvas_user_ids=user_ids,
        canvas_target_id=target_id,
        unlock=date_setting(found.unlock_at),
        due=date_setting(found.due_at),
        lock=date_setting(found.lock_at),
        unassigns=found.unassign_item is True,
        canvas_module_id=found.context_module_id or None,
    )


def creation(change: CreateOverride) -> OverrideCreation:
    """Return the element of a batch create: all three dates, one student."""
    values = OverrideValues(
        student_ids=[change.canvas_user_id],
        title=change.title,
        unlock_at=change.dates.unlock_at,
        due_at=change.dates.due_at,
        lock_at=change.dates.lock_at,
    )
    return OverrideCreation(assignment_id=change.canvas_assignment_id, values=values)


def update(change: UpdateOverride) -> OverrideUpdate:
    """Return the element of a batch update: dates, and a title where it is not to stay as it is.

    It names no students: Canvas takes those whom a list leaves out from the override before it judges the batch, and
    lets them out for good where it then refuses (contract 6.9). Whom an instructor has just put in stays (F20, R2).
    A title without students is taken as sent (contract 6.6).
    """
    unlock, due, lock = (override_date(one) for one in (change.unlock, change.due, change.lock))
    title = UNCHANGED if change.title is None else change.title
    values = OverrideValues(title=title, unlock_at=unlock, due_at=due, lock_at=lock)
    return OverrideUpdate(id=change.canvas_override_id, assignment_id=change.canvas_assignment_id, values=values)


def shared_override(change: MoveOutOfSharedOverride, *, with_student: bool) -> OverrideValues:
    """Return the shared override as it shall stand: its own title and dates, with or without the student."""
    return OverrideValues(
        student_ids=[*change.remaining_canvas_user_ids, *([change.canvas_user_id] if with_student else [])],
        title=change.shared_title,
        unlock_at=override_date(change.shared_unlock),
        due_at=override_date(change.shared_due),
        lock_at=override_date(change.shared_lock),
    )


def own_override(change: MoveOutOfSharedOverride) -> OverrideValues:
    """Return the student's own override after the move: all three dates."""
    return OverrideValues(
        student_ids=[change.canvas_user_id],
        title=change.title,
        unlock_at=change.dates.unlock_at,
        due_at=change.dates.due_at,
        lock_at=change.dates.lock_at,
    )


def answered_override(found: Override, canvas_user_id: int) -> dict[str, object]:
    """Return what may be kept of an override that Canvas answered with: never another student's id."""
    kept: dict[str, object] = {key: getattr(found, key) for key in _KEPT_KEYS}
    if not isinstance(found.student_ids, Absent):
        kept["student_ids"] = [user_id for user_id in found.student_ids if user_id == canvas_user_id]
    json = json_of(kept)
    return json if isinstance(json, dict) else {}


def names_student(found: Override, canvas_user_id: int) -> bool:
    """Whether it is an ad-hoc override that names the student."""
    return canvas_user_id in (found.student_ids or ())


def _target(found: Override) -> tuple[OverrideTarget, int | None, frozenset[int]]:
    if not isinstance(found.student_ids, Absent):
        return OverrideTarget.AD_HOC, None, frozenset(found.student_ids)
    targets = (
        (OverrideTarget.GROUP, found.group_id),
        (OverrideTarget.SECTION, found.course_section_id),
        (OverrideTarget.COURSE, found.course_id),
        (OverrideTarget.MASTERY_PATH, found.noop_id),
    )
    for target, target_id in targets:
        if isinstance(target_id, int):
            return target, target_id, frozenset()
    raise CanvasContractError(
        f"override {found.id}: student_ids must be there, or group_id, course_section_id, course_id or noop_id"
    )
