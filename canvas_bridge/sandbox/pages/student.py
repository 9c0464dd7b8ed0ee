"""The pages of one student: all assessments of a course, and one assessment side by side with everybody's."""

from collections.abc import Sequence
from html import escape

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.pages.held import (
    DATE_NAMES,
    Assessment,
    Held,
    Limits,
    address_of,
    assessments_of,
    held_by,
    kind_of,
    limits_of,
    name_of,
)
from canvas_bridge.sandbox.pages.html import Dates, counted, dates_of, link, page, table
from canvas_bridge.sandbox.pages.overrides import override_table
from canvas_bridge.sandbox.pages.words import (
    CELL_HEADS,
    attempts_text,
    cells_of,
    difference,
    minutes_bar,
    minutes_text,
    own_attempts,
    own_minutes,
    supplier_text,
    work_text,
)
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.effective_dates import matching_overrides
from canvas_bridge.sandbox.rules.enrollment import student_enrollments
from canvas_bridge.sandbox.state import SandboxState


def student_page(state: SandboxState, course: Course, user: User) -> Answer:
    """Return the page of all assessments. Raises KeyError for someone who is no student of the course."""
    enrollments = _enrollments(state, course, user)
    dates, items = dates_of(state, course.time_zone), assessments_of(state, course)
    rows = [held_by(state, item, user) for item in items]
    own = sum(row.is_own for row in rows)
    body = (
        f"<h1>{escape(user.name)}</h1>"
        f'<p class="lead">{counted(own, "assessment differs", "assessments differ")} from what the class has, '
        f"of {len(items)}. Times are in {escape(course.time_zone)}.</p>"
        f'<p class="quiet">{escape(_person(user))}; {escape(_sections(state, enrollments))}</p>'
        + _table(state, rows, dates)
    )
    return page(state, f"{user.name}, {course.name}", body, crumbs=_crumbs(course))


def _enrollments(state: SandboxState, course: Course, user: User) -> list[Enrollment]:
    enrollments = student_enrollments(state, course.id, user.id)
    if not enrollments:
        raise KeyError(user.id)
    return enrollments


def _crumbs(course: Course) -> list[tuple[str, str]]:
    return [("/", "All courses"), (f"/courses/{course.id}", course.name)]


def _person(user: User) -> str:
    sis = f", SIS id {user.sis_user_id}" if user.sis_user_id else ""
    return f"Number {user.id}, login {user.login_id}{sis}"


def _sections(state: SandboxState, enrollments: Sequence[Enrollment]) -> str:
    return ", ".join(f"{state.sections[one.section_id].name} ({one.workflow_state})" for one in enrollments)


def _table(state: SandboxState, rows: Sequence[Held], dates: Dates) -> str:
    if not rows:
        return "<p>The course has no assessments.</p>"
    return table(
        f"{counted(len(rows), 'assessment', 'assessments')}; what differs from the class is marked",
        ("Assessment", *CELL_HEADS),
        [[_name(state, row), *cells_of(row, limits_of(state, row.item), dates)] for row in rows],
    )


def _name(state: SandboxState, row: Held) -> str:
    kind = f'<span class="class">{escape(kind_of(state, row.item))}</span>'
    return link(address_of(row.item, row.user), name_of(row.item)) + kind


def pair_page(state: SandboxState, course: Course, item: Assessment, user: User) -> Answer:
    """Return what one student has on one assessment beside what everybody has. Raises KeyError as above."""
    _enrollments(state, course, user)
    dates, held, limits = dates_of(state, course.time_zone), held_by(state, item, user), limits_of(state, item)
    naming = matching_overrides(state, item, user.id)
    body = (
        f"<h1>{escape(name_of(item))}</h1>"
        f'<p class="lead">{escape(difference(held, limits))}</p>'
        + _running(held, dates)
        + (_side_by_side(state, held, limits, dates) if held.has_it else "")
        + f"<p class='quiet'>Times are in {escape(course.time_zone)}. "
        + f"{link(address_of(item), 'Everybody on this assessment')}</p>"
        + f"<h2>Overrides that name this student</h2>{override_table(state, naming, dates)}"
    )
    crumbs = [*_crumbs(course), (f"/courses/{course.id}/users/{user.id}", user.name)]
    return page(state, f"{user.name}: {name_of(item)}", body, crumbs=crumbs)


def _running(held: Held, dates: Dates) -> str:
    if held.work is None or not held.work.is_running:
        return ""
    words = work_text(held, dates).replace("attempt", "Attempt", 1)
    return f'<p class="notice">{words}; it began {dates.html(held.work.started_at)}.</p>'


def _side_by_side(state: SandboxState, held: Held, limits: Limits, dates: Dates) -> str:
    rows = [
        (word, dates.html(getattr(held.item, name)), dates.html(held.dates[name]), supplier_text(held.suppliers[name]))
        for name, word in DATE_NAMES.items()
    ]
    source = _extension_word(state, held)
    rows += [
        ("Time limit", minutes_text(limits.minutes), own_minutes(held, limits), source if held.minutes else ""),
        ("Attempts", attempts_text(limits.attempts), own_attempts(held, limits), source if held.attempts else ""),
    ]
    if held.is_unlocked_by_hand:
        rows.append(("Locked", "by its dates", "unlocked by hand", source))
    rows.append(("Work", "", work_text(held, dates), ""))
    heads = ("", "Everybody", held.user.name, "Comes from")
    bar = minutes_bar(held, limits)
    cells = [
        [word, everybody, _marked(own, everybody) + (bar if word == "Time limit" else ""), origin]
        for word, everybody, own, origin in rows
    ]
    return table(f"What everybody has and what {held.user.name} has", ("Value", *heads[1:]), cells)


def _marked(own: str, everybody: str) -> str:
    return f"<mark>{own}</mark>" if everybody and own != everybody else own


def _extension_word(state: SandboxState, held: Held) -> str:
    kind = kind_of(state, held.item)
    words = {"New Quiz": "New Quizzes accommodation of this quiz and the course"}
    is_classic = kind in ("Classic quiz", "Practice quiz", "Graded survey", "Survey")
    return words.get(kind, "quiz extension" if is_classic else "assignment extension")
