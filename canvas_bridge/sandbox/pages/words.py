"""What is held, in words and cells: limits, attempts, work, suppliers of dates."""

from html import escape

from canvas_bridge.sandbox.pages.held import DATE_NAMES, TARGETS, Held, Limits
from canvas_bridge.sandbox.pages.html import Dates, beside, counted, listed
from canvas_bridge.sandbox.records.assessments import Override

DATE_WORDS = {"unlock_at": "opening time", "due_at": "due date", "lock_at": "closing time"}
CELL_HEADS = (*DATE_NAMES.values(), "Time limit", "Attempts", "Work")


def minutes_text(limit: int | None) -> str:
    """Return a time limit in words."""
    return "no limit" if limit is None else f"{limit}\N{NO-BREAK SPACE}min"


def attempts_text(attempts: int | None) -> str:
    """Return a number of attempts in words."""
    return "any number" if attempts is None else str(attempts)


def own_minutes(held: Held, limits: Limits) -> str:
    """Return the student's time limit in words; extra minutes without a limit do nothing, and are told."""
    if limits.minutes is None:
        return f"no limit (+{held.minutes}\N{NO-BREAK SPACE}min on record)" if held.minutes else minutes_text(None)
    return minutes_text(limits.minutes + held.minutes)


def own_attempts(held: Held, limits: Limits) -> str:
    """Return the student's attempts in words."""
    if limits.attempts is None:
        return f"any number (+{held.attempts} on record)" if held.attempts else attempts_text(None)
    return attempts_text(limits.attempts + held.attempts)


def minutes_bar(held: Held, limits: Limits) -> str:
    """Return the time limit and what is added to it as a bar, for the eye alone: the words stand beside it."""
    if not limits.minutes or not held.minutes:
        return ""
    share = round(100 * limits.minutes / (limits.minutes + held.minutes))
    return (
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="limit" width="{share - 1}" height="6"/>'
        f'<rect class="more" x="{share}" width="{100 - share}" height="6"/></svg>'
    )


def work_text(held: Held, dates: Dates) -> str:
    """Return how far the student is, as HTML."""
    work = held.work
    if work is None:
        return '<span class="quiet">not begun</span>'
    if not work.is_running:
        return f"attempt {work.attempt} handed in {dates.html(work.finished_at)}"
    end = f"ends {dates.html(work.end_at)}" if work.end_at else "has no end"
    return f"attempt {work.attempt} is running, {end}"


def cells_of(held: Held, limits: Limits, dates: Dates) -> list[str]:
    """Return a student's values as cells, each with the class's where they differ."""
    if not held.has_it:
        return ["does not have this assessment", *[""] * 5]
    base = {name: dates.html(getattr(held.item, name)) for name in DATE_NAMES}
    shown = [beside(dates.html(at), base[name]) for name, at in held.dates.items()]
    limit = beside(own_minutes(held, limits), minutes_text(limits.minutes)) + minutes_bar(held, limits)
    attempts = beside(own_attempts(held, limits), attempts_text(limits.attempts))
    unlocked = "<br><mark>unlocked by hand</mark>" if held.is_unlocked_by_hand else ""
    return [*shown, limit, attempts, work_text(held, dates) + unlocked]


def difference(held: Held, limits: Limits) -> str:
    """Return in one sentence what the student has that the class has not."""
    name = held.user.name
    if not held.has_it:
        return f"{name} does not have this assessment."
    words = []
    if held.minutes:
        words.append(counted(held.minutes, "extra minute", "extra minutes"))
    if held.attempts:
        words.append(counted(held.attempts, "extra attempt", "extra attempts"))
    if held.changed_dates:
        words.append(f"their own {listed([DATE_WORDS[one] for one in held.changed_dates])}")
    if held.is_unlocked_by_hand:
        words.append("the quiz unlocked by hand")
    return f"{name} has {listed(words)}." if words else f"{name} has exactly what the class has."


def supplier_text(override: Override | None) -> str:
    """Return in words where a date comes from."""
    if override is None:
        return '<span class="quiet">base date</span>'
    return f"{TARGETS[override.set_type]} override “{escape(override.title)}” ({override.id})"
