"""All endpoints of the REST interface, gathered from the modules of each subject."""

from canvas_bridge.sandbox.api import (
    assignment_extensions,
    assignment_writes,
    assignments,
    courses,
    enrollment_writes,
    enrollments,
    grading_periods,
    groups,
    new_quiz_writes,
    new_quizzes,
    override_batches,
    overrides,
    quiz_extensions,
    quiz_submissions,
    quizzes,
    sections,
    submissions,
    users,
)
from canvas_bridge.sandbox.api.routes import Route, RouteTable

MODULES = (
    users,
    courses,
    sections,
    enrollments,
    enrollment_writes,
    groups,
    grading_periods,
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
