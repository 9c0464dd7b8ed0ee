"""Keeping how much was covered each day, for the line over the term."""

from datetime import UTC, datetime, timedelta

import pytest

from accommodations.models import CoverageDay
from accommodations.planning.statuses import Reason
from accommodations.selectors.coverage import coverage_of
from accommodations.services.coverage_days import field_of, write_coverage_day
from tests.factories import make_assessment, make_course, make_pair, make_student, make_term, make_user

pytestmark = pytest.mark.django_db
NOON = datetime.now(UTC).replace(hour=17, minute=0)


def add(course: object, *reasons: Reason, **fields: object) -> None:
    """Add a pair of a student of their own for each reason."""
    for reason in reasons:
        make_pair(make_student(), make_assessment(course), reason=reason, **fields)  # type: ignore[arg-type]  # a course


def test_a_day_counts_what_coverage_counts_by_term_and_department() -> None:
    physics = make_course(department="Physics")
    history = make_course(department="History", term=physics.term)
    old = make_course(department="History", term=make_term(ends_at=NOON - timedelta(days=9)))
    add(physics, Reason.READ_BACK, Reason.ACCEPTED, Reason.REFUSED)
    add(history, Reason.READ_BACK, Reason.CLOSED, Reason.OVER)
    add(history, Reason.CLOSED, settled_at=NOON)
    add(history, Reason.DISMISSED, is_granted=False)
    add(old, Reason.READ_BACK, Reason.CLOSED)

    assert write_coverage_day(now=NOON) == 3

    rows = {(row.department, row.term_id): row for row in CoverageDay.objects.all()}
    of_physics, of_history = rows["Physics", physics.term_id], rows["History", physics.term_id]
    assert (of_physics.read_back, of_physics.accepted, of_physics.failed) == (1, 1, 1)
    assert (of_history.read_back, of_history.missed, of_history.past, of_history.held) == (1, 1, 1, 0)
    assert rows["History", old.term_id].missed == 1, "what was missed stays until somebody wrote what was done"
    coverage = coverage_of(make_user("auditor"), now=NOON)
    assert sum(row.read_back + row.accepted for row in rows.values()) == coverage.in_place


def test_a_day_that_is_written_twice_stands_once() -> None:
    course = make_course(department="Physics")
    add(course, Reason.REFUSED)
    write_coverage_day(now=NOON)
    add(course, Reason.READ_BACK)

    write_coverage_day(now=NOON)

    row = CoverageDay.objects.get()
    assert (row.read_back, row.failed) == (1, 1)


def test_every_reason_has_its_number() -> None:
    names = {field.name for field in CoverageDay._meta.get_fields()}
    assert {field_of(reason) for reason in Reason} <= names
