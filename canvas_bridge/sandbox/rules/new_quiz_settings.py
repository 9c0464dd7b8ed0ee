"""The settings of a New Quiz: key by key, with the types that they are read with (contract 8.2, 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.shapes.times import leading_integer

Settings = dict[str, Any]

FLAGS = {
    "filter_ip_address", "allow_backtracking", "shuffle_answers", "shuffle_questions", "require_student_access_code",
    "has_time_limit", "multiple_attempts_enabled", "attempt_limit", "cooling_period", "result_view_restricted",
    "display_items", "display_item_response", "display_item_response_correctness", "display_item_correct_answer",
    "display_item_feedback", "display_points_awarded", "display_points_possible",
}  # fmt: skip
NUMBERS = {"session_time_limit_in_seconds", "max_attempts", "cooling_period_seconds"}


def merged(stored: Settings, sent: Settings) -> Settings:
    """Return settings with the sent keys in place of the stored ones, also within those that are objects."""
    changed = dict(stored)
    for name, value in sent.items():
        kept = stored.get(name)
        is_nested = isinstance(kept, dict) and isinstance(value, dict)
        changed[name] = merged(kept, value) if is_nested and kept is not None else _read(name, value)
    return changed


def _read(name: str, value: Any) -> Any:
    """Return a value in its type: forms can only send texts, and an empty one is none."""
    if isinstance(value, dict):
        return {key: _read(key, one) for key, one in value.items()}
    if name in FLAGS:
        return as_boolean(value)
    if name in NUMBERS:
        return None if value in (None, "") else leading_integer(value)
    return value
