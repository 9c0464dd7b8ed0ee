"""Classic quizzes: list and get (contract 10.1)."""

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.reader_dates import quiz_dates_for, readers_of
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, search_term_too_short
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.attempts import is_locked_for
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.quiz_kinds import course_order
from canvas_bridge.sandbox.shapes.quizzes import Json, quiz_json

SHORTEST_SEARCH = 2


def list_quizzes(call: Call) -> Answer:
    """Answer with a course's classic quizzes, by lock, title and id; New Quizzes are not among them."""
    course = call.course()
    call.require(call.caller.may_read(course))
    quizzes = [one for one in call.state.quizzes.where("course", course.id) if _is_visible(call, course, one)]
    if "search_term" in call.params:
        term = call.request.text("search_term").lower()
        if len(term) < SHORTEST_SEARCH:
            raise search_term_too_short()
        quizzes = [one for one in quizzes if term in one.title.lower()]
    quizzes.sort(key=lambda one: course_order(call.state, one))
    return call.paged(quizzes, lambda one: shape_quiz(call, one))


def _is_visible(call: Call, course: Course, quiz: Quiz) -> bool:
    """Whether the caller has the quiz: staff all, students and their observers what is published and assigned."""
    if quiz.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    item = call.state.assignments.get(quiz.assignment_id) or quiz
    return quiz.published and any(is_assigned(call.state, item, one) for one in readers_of(call.caller, quiz))


def show_quiz(call: Call) -> Answer:
    """Answer with one classic quiz."""
    course = call.course()
    call.require(call.caller.may_read(course))
    quiz = call.quiz(course)
    call.require(_is_visible(call, course, quiz))
    return json_answer(shape_quiz(call, quiz))


def shape_quiz(call: Call, quiz: Quiz) -> Json:
    """Return a quiz as the caller reads it."""
    course = call.state.courses[quiz.course_id]
    is_staff = call.caller.sees_as_staff(course)
    dates = quiz_dates_for(call.state, call.caller, quiz)
    is_locked = not is_staff and is_locked_for(call.state, quiz, call.caller.user.id)
    return quiz_json(call.state, quiz, call.request.base_url, dates, is_staff=is_staff, is_locked=is_locked)


QUIZZES = "/api/v1/courses/:course_id/quizzes"
ROUTES = [
    Route("GET", QUIZZES, list_quizzes),
    Route("GET", f"{QUIZZES}/:quiz_id", show_quiz),
]
