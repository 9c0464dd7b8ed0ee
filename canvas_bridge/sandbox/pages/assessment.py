"""The page of one assessment: what everybody has, who has something of their own, and the overrides."""

from html import escape

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.pages.held import (
    DATE_NAMES,
    Assessment,
    Held,
    address_of,
    held_by,
    kind_of,
    limits_of,
    name_of,
    students_of,
)
from canvas_bridge.sandbox.pages.html import Dates, counted, dates_of, facts, link, page, table
from canvas_bridge.sandbox.pages.overrides import override_table
from canvas_bridge.sandbox.pages.words import CELL_HEADS, attempts_text, cells_of, minutes_text
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.state import SandboxState


def assessment_page(state: SandboxState, course: Course, item: Assessment) -> Answer:
    """Return the page of one assessment."""
    dates = dates_of(state, course.time_zone)
    rows = [held_by(state, item, user) for user in students_of(state, course)]
    own = [one for one in rows if one.is_own]
    others = [one for one in rows if not one.is_own]
    body = (
        f"<h1>{escape(name_of(item))}</h1>"
        f'<p class="lead">{counted(len(own), "student has", "students have")} something of their own here. '
        f"Times are in {escape(course.time_zone)}.</p>"
        + _everybody(state, item, dates)
        + f"<h2>Students with something of their own</h2>{_own_table(state, item, own, dates)}"
        + f"<h2>Everybody else</h2>{_others(others)}"
        + f"<h2>Overrides</h2>{override_table(state, state.active_overrides(item), dates)}"
    )
    crumbs = [("/", "All courses"), (f"/courses/{course.id}", course.name)]
    return page(state, f"{name_of(item)}, {course.name}", body, crumbs=crumbs)


def _everybody(state: SandboxState, item: Assessment, dates: Dates) -> str:
    limits = limits_of(state, item)
    pairs = [
        ("Kind", escape(kind_of(state, item))),
        ("Published", "yes" if item.published else "no"),
        *[(word, dates.html(getattr(item, name))) for name, word in DATE_NAMES.items()],
        ("Time limit", minutes_text(limits.minutes)),
        ("Attempts", attempts_text(limits.attempts)),
    ]
    if state.dated(item).only_visible_to_overrides:
        pairs.append(("Assigned to", "only those whom an override names"))
    return facts(pairs)


def _own_table(state: SandboxState, item: Assessment, rows: list[Held], dates: Dates) -> str:
    if not rows:
        return "<p>Nobody: each student has what the class has.</p>"
    limits = limits_of(state, item)
    return table(
        f"{counted(len(rows), 'student', 'students')}; what differs from the class is marked",
        ("Student", *CELL_HEADS),
        [[link(address_of(item, row.user), row.user.name), *cells_of(row, limits, dates)] for row in rows],
    )


def _others(rows: list[Held]) -> str:
    if not rows:
        return "<p>Nobody.</p>"
    names = "".join(f"<li>{link(address_of(row.item, row.user), row.user.name)}</li>" for row in rows)
    count = counted(len(rows), "student has", "students have")
    return f'<details><summary>{count} exactly what the class has</summary><ul class="names">{names}</ul></details>'
