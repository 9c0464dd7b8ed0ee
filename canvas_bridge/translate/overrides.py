"""Overrides from Canvas's JSON, and the JSON to create or update one (contract 6)."""

from canvas_bridge.changes import CreateOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import ObservedOverride, OverrideTarget
from canvas_bridge.translate.dates import date_setting, dates_json, whole_dates_json
from canvas_bridge.wire.fields import JsonObject

_KEPT_KEYS = ("id", "assignment_id", "title", "due_at", "unlock_at", "lock_at")
_TARGET_KEYS = {
    "group_id": OverrideTarget.GROUP,
    "course_section_id": OverrideTarget.SECTION,
    "course_id": OverrideTarget.COURSE,
    "noop_id": OverrideTarget.MASTERY_PATH,
}


def observed_override(value: object) -> ObservedOverride:
    """Return one override. A target of a kind that nobody has described is a contract error: its dates may count."""
    found = JsonObject(value, "override").named("override")
    target, target_id, user_ids = _target(found)
    return ObservedOverride(
        canvas_override_id=found.whole_number("id"),
        title=found.short_text("title"),
        target=target,
        canvas_user_ids=user_ids,
        canvas_target_id=target_id,
        unlock=date_setting(found, "unlock_at"),
        due=date_setting(found, "due_at"),
        lock=date_setting(found, "lock_at"),
        unassigns=found.flag("unassign_item"),
        canvas_module_id=found.optional_whole_number("context_module_id"),
    )


def create_element(change: CreateOverride) -> dict[str, object]:
    """Return the element of a batch create: all three dates, one student."""
    return {
        "assignment_id": change.canvas_assignment_id,
        "student_ids": [change.canvas_user_id],
        "title": change.title,
        **whole_dates_json(change.dates),
    }


def update_element(change: UpdateOverride) -> dict[str, object]:
    """Return the element of a batch update.

    Students are sent together with a title, or not at all: students without a title make Canvas rename the override
    to "1 student" (contract 6.6), and left out they stay as they are.
    """
    students: dict[str, object] = {}
    if change.title is not None:
        students = {"student_ids": [change.canvas_user_id], "title": change.title}
    dates = dates_json(unlock=change.unlock, due=change.due, lock=change.lock)
    return {"id": change.canvas_override_id, "assignment_id": change.canvas_assignment_id, **students, **dates}


def shared_override_json(change: MoveOutOfSharedOverride, *, with_student: bool) -> dict[str, object]:
    """Return the shared override as it shall stand: its own title and dates, with or without the student."""
    user_ids = [*change.remaining_canvas_user_ids, *([change.canvas_user_id] if with_student else [])]
    dates = dates_json(unlock=change.shared_unlock, due=change.shared_due, lock=change.shared_lock)
    return {"student_ids": user_ids, "title": change.shared_title, **dates}


def own_override_json(change: MoveOutOfSharedOverride) -> dict[str, object]:
    """Return the student's own override after the move: all three dates."""
    return {"student_ids": [change.canvas_user_id], "title": change.title, **whole_dates_json(change.dates)}


def answered_override(value: object, canvas_user_id: int) -> dict[str, object]:
    """Return what may be kept of an override that Canvas answered with: never another student's id."""
    found = JsonObject(value, "override").named("override")
    kept = found.part(_KEPT_KEYS)
    if "student_ids" in found:
        kept["student_ids"] = [user_id for user_id in found.whole_numbers("student_ids") if user_id == canvas_user_id]
    return kept


def override_id(value: object) -> int:
    """Return the id of an override."""
    return JsonObject(value, "override").whole_number("id")


def names_student(value: object, canvas_user_id: int) -> bool:
    """Whether it is an ad-hoc override that names the student."""
    found = JsonObject(value, "override")
    return "student_ids" in found and canvas_user_id in found.whole_numbers("student_ids")


def _target(found: JsonObject) -> tuple[OverrideTarget, int | None, frozenset[int]]:
    if "student_ids" in found:
        return OverrideTarget.AD_HOC, None, frozenset(found.whole_numbers("student_ids"))
    for key, target in _TARGET_KEYS.items():
        target_id = found.optional_whole_number(key)
        if target_id is not None:
            return target, target_id, frozenset()
    raise found.wrong("student_ids", "there, or group_id, course_section_id, course_id or noop_id")
