"""All endpoints of the REST interface, gathered from the modules of each subject."""

from functools import cache

from canvas_bridge.sandbox.api import (
    account_courses,
    accounts,
    assignment_copies,
    assignment_extensions,
    assignment_groups,
    assignment_writes,
    assignments,
    attempts,
    bulk_dates,
    bulk_enrollments,
    content,
    course_users,
    course_writes,
    courses,
    crosslisting,
    date_details,
    enrollment_writes,
    enrollments,
    grading_period_sets,
    grading_period_writes,
    grading_periods,
    group_writes,
    groups,
    memberships,
    modules,
    new_quiz_accommodation_reads,
    new_quiz_writes,
    new_quizzes,
    override_batches,
    overrides,
    quiz_dates,
    quiz_extensions,
    quiz_questions,
    quiz_submissions,
    quiz_writes,
    quizzes,
    section_writes,
    sections,
    submission_writes,
    submissions,
    terms,
    user_writes,
    users,
)
from canvas_bridge.sandbox.api.routes import Route, RouteTable

MODULES = (
    users,
    user_writes,
    accounts,
    terms,
    courses,
    account_courses,
    course_writes,
    course_users,
    sections,
    section_writes,
    crosslisting,
    enrollments,
    enrollment_writes,
    bulk_enrollments,
    groups,
    group_writes,
    memberships,
    grading_periods,
    grading_period_writes,
    grading_period_sets,
    assignments,
    assignment_writes,
    overrides,
    override_batches,
    bulk_dates,
    assignment_copies,
    assignment_groups,
    date_details,
    quiz_dates,
    content,
    modules,
    assignment_extensions,
    quizzes,
    quiz_writes,
    quiz_extensions,
    quiz_questions,
    quiz_submissions,
    attempts,
    new_quizzes,
    new_quiz_accommodation_reads,
    new_quiz_writes,
    submission_writes,
    submissions,
)


def all_routes() -> list[Route]:
    """Return the routes of every subject."""
    return [route for module in MODULES for route in module.ROUTES]


@cache
def api_table() -> RouteTable:
    """Return the table of the whole REST interface."""
    return RouteTable(all_routes())
