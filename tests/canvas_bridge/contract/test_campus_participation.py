"""Section 10.7.2 of the contract: when a person may take part."""

from datetime import datetime, timedelta

import pytest

from canvas_bridge.sandbox.records.courses import TermDates
from canvas_bridge.sandbox.rules.enrollment import (
    is_over_by_date,
    may_take_part,
    participation_dates,
    student_may_take_part,
    validity_end,
)

DAY = timedelta(days=1)


@pytest.fixture
def row(state, campus):
    """Give term, course, section and enrollment of Ana dates that all differ, and return the enrollment."""
    now = state.now()
    term, course, section = state.terms[campus.course.term_id], campus.course, campus.morning
    term.start_at, term.end_at = now - 4 * DAY, now + 4 * DAY
    course.start_at, course.end_at = now - 3 * DAY, now + 3 * DAY
    section.start_at, section.end_at = now - 2 * DAY, now + 2 * DAY
    return state.enrollments.first("course_user", (course.id, campus.ana.id))


def dates(state, row):
    """Return the dates that hold for an enrollment, in days from now."""
    found = participation_dates(state, row)
    return tuple(None if one is None else (one - state.now()) / DAY for one in found)


def test_contract_10_7_2_the_terms_dates_where_nothing_else_binds(state, row):
    assert dates(state, row) == (-4, 4)


def test_contract_10_7_2_the_terms_override_for_the_type(state, campus, row):
    now = state.now()
    state.terms[campus.course.term_id].overrides = {
        "StudentEnrollment": TermDates(start_at=now - DAY, end_at=now + DAY),
        "TeacherEnrollment": TermDates(end_at=now + 9 * DAY),
    }
    assert dates(state, row) == (-1, 1)
    teacher = state.enrollments.first("course_user", (campus.course.id, campus.teacher.id))
    assert dates(state, teacher) == (-4, 9)


def test_contract_10_7_2_the_courses_then_the_sections_then_the_own_dates(state, campus, row):
    campus.course.restrict_enrollments_to_course_dates = True
    assert dates(state, row) == (-3, 3)
    campus.morning.restrict_enrollments_to_section_dates = True
    assert dates(state, row) == (-2, 2)
    row.start_at = state.now() - DAY
    assert dates(state, row) == (-2, 2)
    row.end_at = state.now() + DAY
    assert dates(state, row) == (-1, 1)


def test_contract_10_7_2_a_null_side_is_open(state, campus, row):
    campus.course.restrict_enrollments_to_course_dates = True
    campus.course.end_at = None
    assert dates(state, row) == (-3, None)
    assert validity_end(state, campus.course.id, campus.ana.id) is None
    state.freeze(state.now() + 999 * DAY)
    assert student_may_take_part(state, campus.course.id, campus.ana.id)


def test_contract_10_7_2_instructors_have_the_terms_dates_in_addition(state, campus, row):
    campus.course.restrict_enrollments_to_course_dates = True
    teacher = state.enrollments.first("course_user", (campus.course.id, campus.teacher.id))
    state.freeze(state.now() + 3 * DAY + timedelta(hours=1))
    assert (may_take_part(state, row), may_take_part(state, teacher)) == (False, True)
    assert (is_over_by_date(state, row), is_over_by_date(state, teacher)) == (True, False)
    state.freeze(state.now() + DAY)
    assert may_take_part(state, teacher) is False


# (days from now, whether Ana may take part with dates from 4 days ago to in 4 days)
MOMENTS = [(-5, False), (-4, True), (0, True), (4, True), (5, False)]


@pytest.mark.parametrize(("days", "expected"), MOMENTS)
def test_contract_10_7_2_within_the_dates(state, campus, row, days, expected):
    state.freeze(state.now() + days * DAY)
    assert student_may_take_part(state, campus.course.id, campus.ana.id) is expected


@pytest.mark.parametrize("word", ["invited", "creation_pending", "completed", "inactive", "rejected", "deleted"])
def test_contract_10_7_2_only_active_enrollments_take_part(state, campus, row, word):
    row.workflow_state = word
    assert student_may_take_part(state, campus.course.id, campus.ana.id) is False


@pytest.mark.parametrize("word", ["unpublished", "completed", "deleted"])
def test_contract_10_7_2_nobody_takes_part_in_a_course_that_is_not_open(state, campus, row, word):
    campus.course.workflow_state = word
    assert student_may_take_part(state, campus.course.id, campus.ana.id) is False


def test_contract_10_7_2_any_enrollment_will_do_and_the_last_end_counts(state, campus, row):
    campus.morning.restrict_enrollments_to_section_dates = True
    state.enroll(campus.ana, campus.course, section=campus.evening)
    end = validity_end(state, campus.course.id, campus.ana.id)
    assert isinstance(end, datetime)
    assert (end - state.now()) / DAY == 4
    state.freeze(state.now() + 3 * DAY)
    assert student_may_take_part(state, campus.course.id, campus.ana.id) is True
