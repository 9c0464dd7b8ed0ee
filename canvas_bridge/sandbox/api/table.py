"""All endpoints of the REST interface, gathered from the modules of each subject."""

from canvas_bridge.sandbox.api import (
    account_courses,
    accounts,
    assignment_extensions,
    assignment_writes,
    assignments,
    course_users,
    course_writes,
    courses,
    crosslisting,
    enrollment_writes,
    enrollments,
    grading_period_sets,
    grading_period_writes,
    grading_periods,
    group_writes,
    groups,
    memberships,
    new_quiz_writes,
    new_quizzes,
    override_batches,
    overrides,
    quiz_extensions,
    quiz_submissions,
    quizzes,
    section_writes,
    sections,
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
    assignment_extensions,
    quizzes,
    quiz_extensions,
    quiz_submissions,
    new_quizzes,
    new_quiz_writes,
    submissions,
)


def all_routes() -> list[Route]:
    """Return the routes of every subject."""
    return [route for module in MODULES for route in module.ROUTES]


def api_table() -> RouteTable:
    """Return the table of the whole REST interface."""
    return RouteTable(all_routes())
