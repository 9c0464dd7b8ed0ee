"""Handing something in, as oneself or on someone's behalf, and grading it (contract 5.2, 10.7.9)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import Call, find_user, found
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.submission_shape import shape_submission
from canvas_bridge.sandbox.api.submissions import SUBMISSIONS, student_of_path
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, missing_parameter, model_error, refusal
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.records.work import Submission
from canvas_bridge.sandbox.rules.effective_dates import effective_dates
from canvas_bridge.sandbox.rules.enrollment import student_may_take_part
from canvas_bridge.sandbox.rules.submission_rows import has_row, who_hands_in
from canvas_bridge.sandbox.shapes.times import leading_number, read_time

SUBMITTABLE = {"online_text_entry": "body", "online_url": "url", "online_upload": "file_ids"}
OVER_THE_LIMIT = "you have reached the maximum number of allowed attempts for this assignment"
WHOLE = ("pass", "complete")
NOTHING = ("fail", "incomplete")


def hand_in(call: Call) -> Answer:
    """Hand something in, as oneself or (graders) for a student."""
    course = call.course()
    assignment = call.assignment(course)
    values = _values(call)
    student = _submitter(call, course, values)
    _check_open(call, course, assignment, student)
    kind = str(values.get("submission_type") or "")
    _check_submission(assignment, kind, values)
    row = call.state.submission_of(assignment, student.id)
    if _attempts_left(assignment, row) == 0:
        raise invalid({"attempt": [model_error("attempt", OVER_THE_LIMIT)]})
    submitted_at = _submitted_at(call, course, values)
    for user_id in who_hands_in(call.state, assignment, student.id):
        call.state.submit(
            assignment,
            call.state.users[user_id],
            submitted_at=submitted_at,
            submission_type=kind,
            body=values.get("body") if kind == "online_text_entry" else None,
            url=values.get("url") if kind == "online_url" else None,
        )
    _keep_comment(call, row)
    address = f"{call.request.base_url}/api/v1/courses/{course.id}/assignments/{assignment.id}/submissions/{student.id}"
    return json_answer(shape_submission(call, assignment, row), status=201, headers={"Location": address})


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("submission")
    return values if isinstance(values, dict) else {}


def _submitter(call: Call, course: Course, values: dict[str, Any]) -> User:
    if values.get("user_id") in (None, ""):
        return call.caller.user
    student = found(find_user(call.state, str(values["user_id"]), call.caller.user))
    is_own = student.id == call.caller.user.id
    may_grade = call.caller.may_manage_grades(course) and call.caller.sees_student(course, student.id)
    call.require(is_own or may_grade)
    return student


def _submitted_at(call: Call, course: Course, values: dict[str, Any]) -> datetime | None:
    """Return the instant that a grader gives; a student's own work is handed in now."""
    if not values.get("submitted_at") or not call.caller.may_manage_grades(course):
        return None
    try:
        return read_time(values["submitted_at"], call.caller.zone)
    except ValueError as error:
        raise refusal(400, {"message": "Invalid submission[submitted_at] given"}) from error


def _check_submission(assignment: Assignment, kind: str, values: dict[str, Any]) -> None:
    if kind not in SUBMITTABLE or kind not in assignment.submission_types:
        raise refusal(400, {"message": "Invalid submission[submission_type] given"})
    needed = SUBMITTABLE[kind]
    if kind == "online_upload":
        # Files are not among what the sandbox holds, so no id is a file's; Canvas passes over unknown ones.
        raise refusal(400, {"message": "No valid file ids given"})
    if not values.get(needed):
        message = f"Invalid parameters for submission_type {kind}. Required: submission[{needed}]"
        raise refusal(400, {"message": message})


def _check_open(call: Call, course: Course, assignment: Assignment, student: User) -> None:
    """Refuse a submission that is locked for the student, or of someone who does not have the assignment."""
    has_it = assignment.published and has_row(call.state, assignment, student.id)
    call.require(has_it and course.workflow_state == "available")
    if call.caller.may_manage_grades(course):
        return
    dates, now = effective_dates(call.state, assignment, student.id), call.state.now()
    is_early = dates.unlock_at is not None and now < dates.unlock_at
    is_over = dates.lock_at is not None and now > dates.lock_at
    call.require(student_may_take_part(call.state, course.id, student.id) and not is_early and not is_over)


def _attempts_left(assignment: Assignment, row: Submission) -> int | None:
    if assignment.allowed_attempts < 0:
        return None
    return max(0, assignment.allowed_attempts + (row.extra_attempts or 0) - (row.attempt or 0))


def _keep_comment(call: Call, row: Submission) -> None:
    comment = call.params.get("comment")
    if isinstance(comment, dict) and comment.get("text_comment"):
        row.comments.append(str(comment["text_comment"]))


def grade(call: Call) -> Answer:
    """Grade or excuse a student's work, or set its late status by hand."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    assignment, student = student_of_path(call)
    values = _values(call)
    if not values and "comment" not in call.params:
        raise missing_parameter("submission")
    row = call.state.submission_of(assignment, student.id)
    if "posted_grade" in values:
        _post_grade(call, assignment, row, values["posted_grade"])
    if "excuse" in values:
        _excuse(call, row, as_boolean(values["excuse"]))
    if "late_policy_status" in values:
        row.late_policy_status = str(values["late_policy_status"] or "") or None
    _keep_comment(call, row)
    return json_answer(shape_submission(call, assignment, row))


def _post_grade(call: Call, assignment: Assignment, row: Submission, posted: Any) -> None:
    text = str(posted if posted is not None else "").strip().lower()
    if text == "ex":
        _excuse(call, row, True)
        return
    row.excused = False
    row.score = _score(assignment, text)
    row.grade = None if row.score is None else f"{row.score:g}"
    _mark_graded(call, row, is_graded=row.score is not None)


def _score(assignment: Assignment, text: str) -> float | None:
    if text in WHOLE:
        return assignment.points_possible
    if text == "":
        return None
    if text in NOTHING:
        return 0.0
    number = leading_number(text)
    return number * assignment.points_possible / 100 if text.endswith("%") else number


def _excuse(call: Call, row: Submission, is_excused: bool) -> None:
    row.excused = is_excused
    if is_excused:
        row.score = row.grade = None
    _mark_graded(call, row, is_graded=is_excused or row.score is not None)


def _mark_graded(call: Call, row: Submission, *, is_graded: bool) -> None:
    ungraded = "unsubmitted" if row.submitted_at is None else "submitted"
    row.workflow_state = "graded" if is_graded else ungraded
    row.graded_at = call.state.now() if is_graded else None
    row.grader_id = call.caller.user.id if is_graded else None


ROUTES = [
    Route("POST", SUBMISSIONS, hand_in),
    Route("PUT", f"{SUBMISSIONS}/:user_id", grade),
]
