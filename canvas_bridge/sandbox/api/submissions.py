"""Submissions of students: reads over a course, one assignment or one student, and handing in (contract 10.7.9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import Call, find_user, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.records.work import Submission
from canvas_bridge.sandbox.rules.effective_dates import effective_dates, is_assigned
from canvas_bridge.sandbox.rules.enrollment import student_enrollments
from canvas_bridge.sandbox.shapes.times import read_time
from canvas_bridge.sandbox.shapes.work import submission_json

MOST_STUDENTS = 100
SUBMITTABLE = {"online_text_entry": "body", "online_url": "url", "online_upload": "file_ids"}
OVER_THE_LIMIT = "you have reached the maximum number of allowed attempts for this assignment"

Pair = tuple[Assignment, User]


def list_for_students(call: Call) -> Answer:
    """Answer with the submissions of students of a course."""
    return _answer_for_students(call, call.course(), None)


def list_for_section(call: Call) -> Answer:
    """Answer with the submissions of a section's students."""
    section = call.section()
    return _answer_for_students(call, call.state.courses[section.course_id], section.id)


def _answer_for_students(call: Call, course: Course, section_id: int | None) -> Answer:
    call.require(call.caller.may_read(course))
    students = _wanted_students(call, course, section_id)
    assignments = _wanted_assignments(call, course)
    since = _submitted_since(call)
    if "grouped" in call.params:
        return _answer_grouped(call, students, assignments)
    pairs = [(one, student) for student in students for one in assignments if _has_row(call, one, student)]
    rows = [(one, call.state.submission_of(one, student.id)) for one, student in pairs]
    rows = [(one, row) for one, row in rows if _matches(call, row, since)]
    rows.sort(key=lambda pair: pair[1].id)
    return call.paged(rows, lambda pair: submission_json(call.state, *pair, call.request.base_url))


def _answer_grouped(call: Call, students: Sequence[User], assignments: Sequence[Assignment]) -> Answer:
    since = _submitted_since(call)
    page = numeric_page(call.request, students)
    shapes = []
    for student in page.items:
        own = [(one, call.state.submission_of(one, student.id)) for one in assignments if _has_row(call, one, student)]
        kept = [(one, row) for one, row in own if _matches(call, row, since)]
        submissions = [submission_json(call.state, *pair, call.request.base_url) for pair in kept]
        shapes.append({"user_id": student.id, "submissions": submissions})
    return json_answer(shapes, headers=page.headers)


def _has_row(call: Call, assignment: Assignment, student: User) -> bool:
    """Whether the student has a row: who is not assigned has none."""
    return is_assigned(call.state, assignment, student.id)


def _matches(call: Call, row: Submission, since: datetime | None) -> bool:
    wanted = call.request.texts("workflow_state")
    if wanted and row.workflow_state not in wanted:
        return False
    return since is None or (row.submitted_at is not None and row.submitted_at > since)


def _submitted_since(call: Call) -> datetime | None:
    if "submitted_since" not in call.params:
        return None
    try:
        return read_time(call.params["submitted_since"], call.caller.zone)
    except ValueError as error:
        message = {"submitted_since": "Invalid datetime for submitted_since"}
        raise refusal(400, {"errors": message}) from error


def _wanted_students(call: Call, course: Course, section_id: int | None) -> list[User]:
    wanted = call.request.texts("student_ids")
    if not wanted:
        wanted = ["self"]
    if wanted == ["all"]:
        return _all_visible_students(call, course, section_id)
    if len(wanted) > MOST_STUDENTS:
        raise refusal(400, {"error": "too many students"})
    users = [find_user(call.state, text, call.caller.user) for text in wanted]
    for user in users:
        call.require(user is not None and _may_see(call, course, user, section_id))
    return list({user.id: user for user in users if user}.values())


def _may_see(call: Call, course: Course, user: User, section_id: int | None) -> bool:
    rows = student_enrollments(call.state, course.id, user.id)
    is_there = any(section_id in (None, one.section_id) for one in rows)
    may_grade = call.caller.may_view_grades(course) and call.caller.sees_student(course, user.id)
    is_own = user.id == call.caller.user.id or user.id in call.caller.observed_students(course)
    return is_there and (is_own or may_grade)


def _all_visible_students(call: Call, course: Course, section_id: int | None) -> list[User]:
    rows = call.state.enrollments.where("course", course.id)
    states = {"concluded": {"completed"}}.get(call.request.text("enrollment_state"), {"active", "invited"})
    ids = {
        one.user_id
        for one in rows
        if one.type == "StudentEnrollment" and one.workflow_state in states and section_id in (None, one.section_id)
    }
    users = [call.state.users[one] for one in sorted(ids)]
    return [one for one in users if _may_see(call, course, one, section_id)]


def _wanted_assignments(call: Call, course: Course) -> list[Assignment]:
    rows = call.state.assignments.where("course", course.id)
    published = {one.id: one for one in rows if one.published and one.workflow_state != "deleted"}
    wanted = call.request.texts("assignment_ids")
    if not wanted:
        return list(published.values())
    ids = [plain_id(text) for text in wanted]
    if any(one not in published for one in ids):
        raise refusal(403, {"error": "invalid assignment ids requested"})
    return [published[one] for one in dict.fromkeys(ids) if one is not None]


def list_for_assignment(call: Call) -> Answer:
    """Answer with the submissions of one assignment."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_view_grades(course))
    students = [one for one in _all_visible_students(call, course, None) if _has_row(call, assignment, one)]
    return call.paged(students, lambda student: _shape(call, assignment, student))


def show_submission(call: Call) -> Answer:
    """Answer with one student's submission of one assignment."""
    course = call.course()
    assignment = call.assignment(course)
    student = call.user()
    found(student if student_enrollments(call.state, course.id, student.id) else None)
    call.require(_may_see(call, course, student, None))
    found(student if _has_row(call, assignment, student) else None)
    return json_answer(_shape(call, assignment, student))


def _shape(call: Call, assignment: Assignment, student: User) -> dict[str, Any]:
    row = call.state.submission_of(assignment, student.id)
    return submission_json(call.state, assignment, row, call.request.base_url)


def hand_in(call: Call) -> Answer:
    """Hand something in, as oneself or (graders) for a student."""
    course = call.course()
    assignment = call.assignment(course)
    values = call.params.get("submission")
    values = values if isinstance(values, dict) else {}
    student = _submitter(call, course, values)
    kind = str(values.get("submission_type", ""))
    _check_submission(assignment, kind, values)
    _check_open(call, course, assignment, student)
    row = call.state.submission_of(assignment, student.id)
    if _attempts_left(assignment, row) == 0:
        raise refusal(400, {"errors": {"attempt": [{"message": OVER_THE_LIMIT}]}})
    submitted_at = read_time(values["submitted_at"], call.caller.zone) if values.get("submitted_at") else None
    row = call.state.submit(
        assignment,
        student,
        submitted_at=submitted_at,
        submission_type=kind,
        body=values.get("body"),
        url=values.get("url"),
    )
    address = f"{call.request.base_url}/api/v1{call.request.path.removeprefix('/api/v1')}/{student.id}"
    shape = submission_json(call.state, assignment, row, call.request.base_url)
    return json_answer(shape, status=201, headers={"Location": address})


def _submitter(call: Call, course: Course, values: dict[str, Any]) -> User:
    if values.get("user_id") is None:
        return call.caller.user
    call.require(call.caller.may_manage_grades(course))
    return found(find_user(call.state, str(values["user_id"]), call.caller.user))


def _check_submission(assignment: Assignment, kind: str, values: dict[str, Any]) -> None:
    if kind not in SUBMITTABLE or kind not in assignment.submission_types:
        raise refusal(400, {"message": "Invalid submission[submission_type] given"})
    needed = SUBMITTABLE[kind]
    if values.get(needed):
        return
    if kind == "online_upload":
        raise refusal(400, {"message": "No valid file ids given"})
    message = f"Invalid parameters for submission_type {kind}. Required: submission[{needed}]"
    raise refusal(400, {"message": message})


def _check_open(call: Call, course: Course, assignment: Assignment, student: User) -> None:
    """Refuse a submission that is locked for the student, or of someone who does not have the assignment."""
    dates, now = effective_dates(call.state, assignment, student.id), call.state.now()
    is_early = dates.unlock_at is not None and now < dates.unlock_at
    is_over = dates.lock_at is not None and now > dates.lock_at
    has_it = assignment.published and _has_row(call, assignment, student) and course.workflow_state == "available"
    is_held = (is_early or is_over) and not call.caller.may_manage_grades(course)
    call.require(has_it and not is_held)


def _attempts_left(assignment: Assignment, row: Submission) -> int | None:
    if assignment.allowed_attempts < 0:
        return None
    return max(0, assignment.allowed_attempts + (row.extra_attempts or 0) - (row.attempt or 0))


SUBMISSIONS = "/api/v1/courses/:course_id/assignments/:assignment_id/submissions"
ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/students/submissions", list_for_students),
    Route("GET", "/api/v1/sections/:section_id/students/submissions", list_for_section),
    Route("GET", SUBMISSIONS, list_for_assignment),
    Route("GET", f"{SUBMISSIONS}/:user_id", show_submission),
    Route("POST", SUBMISSIONS, hand_in),
]
