"""Enrolling many people in many courses by one call (contract 11)."""

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.finding import find_course, find_user
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.records.content import Progress
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.shapes.content import progress_json

MOST_ENROLLMENTS = 500
LIVE_STATES = ("active", "invited")


def enroll_in_bulk(call: Call) -> Answer:
    """Enroll each of `user_ids[]` as a student in each of `course_ids[]`; answers with the job that has done it."""
    call.account()
    call.require(call.caller.is_admin)
    user_ids, course_ids = call.request.texts("user_ids"), call.request.texts("course_ids")
    if not user_ids or not course_ids:
        raise refusal(400, {"message": "user_ids and course_ids are required"})
    if len(user_ids) * len(course_ids) > MOST_ENROLLMENTS:
        raise refusal(400, {"message": f"Too many enrollments. Limit {MOST_ENROLLMENTS}"})
    users = [find_user(call.state, text, call.caller.user) for text in user_ids]
    courses = [found(find_course(call.state, text)) for text in course_ids]
    known = [one for one in users if one is not None]
    for course in courses:
        for user in known:
            _enroll(call, user, course)
    job = _job(call, courses[0], {"enrolled": len(known) * len(courses), "unknown_users": len(users) - len(known)})
    return json_answer(progress_json(job, call.request.base_url))


def _enroll(call: Call, user: User, course: Course) -> None:
    rows = call.state.enrollments.where("course_user", (course.id, user.id))
    is_there = any(one.type == "StudentEnrollment" and one.workflow_state in LIVE_STATES for one in rows)
    if not is_there:
        call.state.enroll(user, course)


def _job(call: Call, course: Course, results: dict[str, int]) -> Progress:
    """Return the finished job; the first of the courses is its context."""
    now = call.state.now()
    return call.state.progresses.add(
        Progress(
            id=call.state.progresses.take_id(),
            course_id=course.id,
            user_id=call.caller.user.id,
            tag="bulk_enrollment",
            completion=100,
            workflow_state="completed",
            results=results,
            created_at=now,
            updated_at=now,
        )
    )


ROUTES = [Route("POST", "/api/v1/accounts/:account_id/bulk_enrollment", enroll_in_bulk)]
