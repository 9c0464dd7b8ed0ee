"""Coverage of the demo's past weeks, as the nightly work would have kept it: numbers alone, invented like the rest.

The real mechanism counts the status table, which is empty until the first sync; from tonight on it adds its own rows.
"""

from datetime import date, timedelta

from accommodations.models import Course, CoverageDay, Term

WEEKS_KEPT = 9
_UNCOVERED_SHARES = (("waiting", 0.5), ("blocked", 0.2), ("short", 0.15), ("held", 0.1), ("failed", 0.05))
NEEDED_PER_COURSE = 22


def note_days(term: Term, *, today: date) -> int:
    """Write a row for each day and department of the term so far, and return how many. Safe to repeat."""
    departments = Course.objects.filter(term=term).exclude(department="").values_list("department", flat=True)
    courses = {name: list(departments).count(name) for name in set(departments)}
    first = today - timedelta(weeks=WEEKS_KEPT)
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    CoverageDay.objects.filter(day__in=days, term=term).delete()
    rows = [
        _row(day, term, name, number * NEEDED_PER_COURSE, share=(day - first) / (today - first))
        for day in days
        for name, number in sorted(courses.items())
    ]
    return len(CoverageDay.objects.bulk_create(rows))


def _row(day: date, term: Term, department: str, most: int, *, share: float) -> CoverageDay:
    """Return one row: more needed as the term goes on, and more of it in place, with a dip in the sixth week."""
    needed = int(most * (0.45 + 0.55 * share))
    dip = 0.03 if 0.55 < share < 0.68 else 0.0
    uncovered = int(needed * (0.16 * (1 - share) ** 2 + 0.035 + dip))
    covered = needed - uncovered
    parts = {name: int(uncovered * part) for name, part in _UNCOVERED_SHARES}
    parts["waiting"] += uncovered - sum(parts.values())
    return CoverageDay(
        day=day,
        term=term,
        department=department,
        read_back=covered * 4 // 5,
        accepted=covered - covered * 4 // 5,
        not_needed=needed // 4,
        past=int(needed * share * 0.4),
        **parts,
    )
