"""Submissions of students: reads over a course, a section, one assignment or one student (contract 10.7.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.sandbox.api.call import Call, find_user, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.submission_shape import shape_submission
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.records.work import Submission
from canvas_bridge.sandbox.rules.enrollment import student_enrollments
from canvas_bridge.sandbox.rules.submission_rows import has_row, is_in_state
from canvas_bridge.sandbox.shapes.times import read_time
from canvas_bridge.sandbox.shapes.work import grading_period_id

MOST_STUDENTS = 100
STATES = ("active", "concluded")

Row = tuple[Assignment, Submission]


@dataclass(frozen=True)
class Scope:
    """Where a list looks: a course, or one section of it."""

    course: Course
    section_id: int | None = None


def list_for_students(call: Call) -> Answer:
    """Answer with the submissions of students of a course."""
    return _answer_for_students(call, Scope(call.course()))


def list_for_section(call: Call) -> Answer:
    """Answer with the submissions of a section's students."""
    section = call.section()
    return _answer_for_students(call, Scope(call.state.courses[section.course_id], section.id))


def _answer_for_students(call: Call, scope: Scope) -> Answer:
    call.require(call.caller.may_read(scope.course))
    _check_parameters(call)
    students = _wanted_students(call, scope)
    assignments = _wanted_assignments(call, scope.course)
    if "grouped" in call.params:
        return _answer_grouped(call, students, assignments)
    rows = [row for student in students for row in _rows_of(call, student, assignments)]
    return call.paged(_ordered(call, rows), lambda row: shape_submission(call, *row))


def _check_parameters(call: Call) -> None:
    if "enrollment_state" in call.params and call.request.text("enrollment_state") not in STATES:
        raise refusal(400, {"error": "invalid enrollment_state"})
    for name in ("submitted_since", "graded_since"):
        _since(call, name)


def _since(call: Call, name: str) -> datetime | None:
    if name not in call.params:
        return None
    try:
        return read_time(call.params[name], call.caller.zone)
    except ValueError as error:
        raise refusal(400, {"errors": {name: f"Invalid datetime for {name}"}}) from error


def _answer_grouped(call: Call, students: Sequence[User], assignments: Sequence[Assignment]) -> Answer:
    page = numeric_page(call.request, students)
    shapes = []
    for student in page.items:
        rows = _ordered(call, _rows_of(call, student, assignments))
        shapes.append({"user_id": student.id, "submissions": [shape_submission(call, *row) for row in rows]})
    return json_answer(shapes, headers=page.headers)


def _rows_of(call: Call, student: User, assignments: Sequence[Assignment]) -> list[Row]:
    """Return a student's rows on the assignments, made where the student is assigned and has none yet."""
    own = [one for one in assignments if has_row(call.state, one, student.id)]
    rows = [(one, call.state.submission_of(one, student.id)) for one in own]
    return [row for row in rows if _matches(call, *row)]


def _matches(call: Call, assignment: Assignment, row: Submission) -> bool:
    wanted = call.request.texts("workflow_state")
    if wanted and row.workflow_state not in wanted:
        return False
    period = call.request.text("grading_period_id")
    if period and str(grading_period_id(call.state, assignment, row)) != period:
        return False
    pairs = ((_since(call, "submitted_since"), row.submitted_at), (_since(call, "graded_since"), row.graded_at))
    return all(since is None or (at is not None and at >= since) for since, at in pairs)


def _ordered(call: Call, rows: Sequence[Row]) -> list[Row]:
    by_id = sorted(rows, key=lambda row: row[1].id)
    if call.request.text("order") == "graded_at":
        by_id.sort(key=lambda row: (row[1].graded_at is None, row[1].graded_at and row[1].graded_at.timestamp()))
    if call.request.text("order_direction") == "descending":
        by_id.reverse()
    return by_id


def _wanted_students(call: Call, scope: Scope) -> list[User]:
    wanted = call.request.texts("student_ids") or ["self"]
    if "all" in wanted:
        return visible_students(call, scope)
    if len(wanted) > MOST_STUDENTS:
        raise refusal(400, {"error": "too many students"})
    users = [find_user(call.state, text, call.caller.user) for text in wanted]
    for user in users:
        call.require(user is not None and may_see(call, scope, user))
    distinct = {user.id: user for user in users if user}
    return [one for one in distinct.values() if _is_in_wanted_state(call, scope, one)]


def may_see(call: Call, scope: Scope, user: User) -> bool:
    """Whether the caller may read the submissions of a student of the scope: graders, and students their own."""
    rows = student_enrollments(call.state, scope.course.id, user.id)
    is_there = any(scope.section_id in (None, one.section_id) for one in rows)
    may_grade = call.caller.may_view_grades(scope.course) and call.caller.sees_student(scope.course, user.id)
    is_own = user.id == call.caller.user.id or user.id in call.caller.observed_students(scope.course)
    return is_there and (is_own or may_grade)


def _is_in_wanted_state(call: Call, scope: Scope, user: User) -> bool:
    wanted = call.request.text("enrollment_state")
    if not wanted:
        return True
    by_date = call.request.flag("state_based_on_date", default=True)
    rows = student_enrollments(call.state, scope.course.id, user.id)
    return any(
        is_in_state(call.state, one, wanted, by_date=by_date)
        for one in rows
        if scope.section_id in (None, one.section_id)
    )


def visible_students(call: Call, scope: Scope) -> list[User]:
    """Return all students of the scope whom the caller sees, by id."""
    rows = call.state.enrollments.where("course", scope.course.id)
    ids = {one.user_id for one in rows if one.type == "StudentEnrollment"}
    users = [call.state.users[one] for one in sorted(ids)]
    return [one for one in users if may_see(call, scope, one) and _is_in_wanted_state(call, scope, one)]


def _wanted_assignments(call: Call, course: Course) -> list[Assignment]:
    """Return the published assignments that are wanted: an unknown or unpublished one is refused for all."""
    rows = call.state.assignments.where("course", course.id)
    published = {one.id: one for one in rows if one.published and one.workflow_state != "deleted"}
    wanted = call.request.texts("assignment_ids")
    ids = [plain_id(text) for text in wanted] if wanted else list(published)
    if any(one not in published for one in ids):
        raise refusal(403, {"error": "invalid assignment ids requested"})
    chosen = [published[one] for one in dict.fromkeys(ids) if one is not None]
    return [one for one in chosen if not call.request.flag("post_to_sis") or one.extras.get("post_to_sis")]


def list_for_assignment(call: Call) -> Answer:
    """Answer with the submissions of one assignment."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_view_grades(course))
    students = [one for one in visible_students(call, Scope(course)) if has_row(call.state, assignment, one.id)]
    rows = [(assignment, call.state.submission_of(assignment, one.id)) for one in students]
    return call.paged(rows, lambda row: shape_submission(call, *row))


def show_submission(call: Call) -> Answer:
    """Answer with one student's submission of one assignment."""
    assignment, student = student_of_path(call)
    return json_answer(shape_submission(call, assignment, call.state.submission_of(assignment, student.id)))


def student_of_path(call: Call) -> tuple[Assignment, User]:
    """Return assignment and student of the path; a student without a row is not found, nor is a stranger."""
    course = call.course()
    assignment = call.assignment(course)
    student = call.user()
    found(student if student_enrollments(call.state, course.id, student.id) else None)
    call.require(may_see(call, Scope(course), student))
    found(student if has_row(call.state, assignment, student.id) else None)
    return assignment, student


SUBMISSIONS = "/api/v1/courses/:course_id/assignments/:assignment_id/submissions"
ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/students/submissions", list_for_students),
    Route("GET", "/api/v1/sections/:section_id/students/submissions", list_for_section),
    Route("GET", SUBMISSIONS, list_for_assignment),
    Route("GET", f"{SUBMISSIONS}/:user_id", show_submission),
]
