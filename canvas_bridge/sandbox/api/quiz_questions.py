"""Questions of classic quizzes, as far as filling a course needs them (contract 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, missing_parameter
from canvas_bridge.sandbox.http.parsing import list_or_numbered_map
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.questions import QuizQuestion
from canvas_bridge.sandbox.rules.override_saving import touch
from canvas_bridge.sandbox.rules.quiz_grading import questions_of
from canvas_bridge.sandbox.shapes.quizzes import quiz_question_json
from canvas_bridge.sandbox.shapes.times import leading_number

TEXTS = ("question_name", "question_type", "question_text")
FIRST_ANSWER = 1


def create_question(call: Call) -> Answer:
    """Add a question; the quiz's count and points follow."""
    quiz = _quiz_to_edit(call)
    values = _values(call)
    state = call.state
    position = len(state.quiz_questions.where("quiz", quiz.id)) + 1
    question = QuizQuestion(id=state.quiz_questions.take_id(), quiz_id=quiz.id, position=position)
    state.quiz_questions.add(question)
    _apply(question, values)
    _count(call, quiz)
    return json_answer(quiz_question_json(question))


def update_question(call: Call) -> Answer:
    """Change the keys that are sent."""
    quiz = _quiz_to_edit(call)
    question = _question(call, quiz)
    _apply(question, _values(call))
    _count(call, quiz)
    return json_answer(quiz_question_json(question))


def delete_question(call: Call) -> Answer:
    """Take a question out of the quiz."""
    quiz = _quiz_to_edit(call)
    call.state.quiz_questions.remove(_question(call, quiz))
    _count(call, quiz)
    return Answer(status=204)


def list_questions(call: Call) -> Answer:
    """Answer with a quiz's questions, for staff."""
    quiz = _quiz_to_edit(call)
    return call.paged(questions_of(call.state, quiz.id), quiz_question_json)


def show_question(call: Call) -> Answer:
    """Answer with one question, for staff."""
    return json_answer(quiz_question_json(_question(call, _quiz_to_edit(call))))


def _quiz_to_edit(call: Call) -> Quiz:
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    return call.quiz(course)


def _question(call: Call, quiz: Quiz) -> QuizQuestion:
    question = call.state.quiz_questions.get(plain_id(call.path["question_id"]))
    return found(question if question and question.quiz_id == quiz.id else None)


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("question")
    if not isinstance(values, dict):
        raise missing_parameter("question")
    return values


def _apply(question: QuizQuestion, values: dict[str, Any]) -> None:
    for name in TEXTS:
        if values.get(name) is not None:
            setattr(question, name, str(values[name]))
    if "points_possible" in values:
        question.points_possible = leading_number(values["points_possible"])
    if "position" in values:
        question.position = int(leading_number(values["position"]))
    answers = list_or_numbered_map(values.get("answers"))
    if isinstance(answers, list):
        numbered = enumerate((one for one in answers if isinstance(one, dict)), FIRST_ANSWER)
        question.answers = [_answer(question, number, one) for number, one in numbered]


def _answer(question: QuizQuestion, number: int, values: dict[str, Any]) -> dict[str, Any]:
    """Return an answer, given by the documented names or by those that a read shows."""
    return {
        "id": plain_id(values.get("id")) or question.id * 100 + number,
        "text": str(values.get("answer_text", values.get("text", ""))),
        "weight": leading_number(values.get("answer_weight", values.get("weight", 0))),
    }


def _count(call: Call, quiz: Quiz) -> None:
    questions = questions_of(call.state, quiz.id)
    quiz.question_count = len(questions)
    quiz.points_possible = sum(one.points_possible for one in questions)
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment:
        assignment.points_possible = quiz.points_possible
    touch(call.state, quiz)


QUESTIONS = "/api/v1/courses/:course_id/quizzes/:quiz_id/questions"
ROUTES = [
    Route("GET", QUESTIONS, list_questions),
    Route("GET", f"{QUESTIONS}/:question_id", show_question),
    Route("POST", QUESTIONS, create_question),
    Route("PUT", f"{QUESTIONS}/:question_id", update_question),
    Route("DELETE", f"{QUESTIONS}/:question_id", delete_question),
]
