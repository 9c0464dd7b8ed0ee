"""The table of an assessment's overrides, with whom each names and which of its dates are overridden."""

from collections.abc import Sequence
from html import escape

from canvas_bridge.sandbox.pages.held import TARGETS
from canvas_bridge.sandbox.pages.html import Dates, counted, link, table
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.state import SandboxState

HEADS = ("Title", "For", "Opens", "Due", "Closes", "Number")


def override_table(state: SandboxState, overrides: Sequence[Override], dates: Dates) -> str:
    """Return the table, or a sentence where there are none."""
    if not overrides:
        return "<p>None.</p>"
    rows = [_row(state, override, dates) for override in overrides]
    return table(counted(len(overrides), "override", "overrides"), HEADS, rows)


def _row(state: SandboxState, override: Override, dates: Dates) -> list[str]:
    names = [f"{name}_at" for name in ("unlock", "due", "lock")]
    cells = [_date_of(override, name, dates) for name in names]
    return [escape(override.title), _target_of(state, override), *cells, str(override.id)]


def _target_of(state: SandboxState, override: Override) -> str:
    people = [state.users[one] for one in override.student_ids]
    links = [link(f"/courses/{override.course_id}/users/{one.id}", one.name) for one in people]
    target = ", ".join(links) if override.set_type == "ADHOC" else TARGETS[override.set_type]
    return f"{target} <mark>unassigned</mark>" if override.unassign_item else target


def _date_of(override: Override, name: str, dates: Dates) -> str:
    is_overridden = getattr(override, f"{name}_overridden")
    return dates.html(getattr(override, name)) if is_overridden else '<span class="quiet">as the class</span>'
