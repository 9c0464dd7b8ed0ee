"""What an attempt on a classic quiz scores by itself, and when a person has to look at it."""

from typing import Any

from canvas_bridge.sandbox.records.questions import QuizQuestion
from canvas_bridge.sandbox.records.work import QuizSubmission
from canvas_bridge.sandbox.store import Store

ONE_RIGHT_ID = ("multiple_choice_question", "true_false_question")
RIGHT_TEXT = ("short_answer_question", "numerical_question")


def questions_of(store: Store, quiz_id: int) -> list[QuizQuestion]:
    """Return a quiz's questions by position."""
    return sorted(store.quiz_questions.where("quiz", quiz_id), key=lambda one: (one.position, one.id))


def graded(store: Store, row: QuizSubmission) -> tuple[float | None, bool]:
    """Return the points of the answers, and whether a person has to grade some; no score without questions."""
    questions = [one for one in questions_of(store, row.quiz_id) if one.question_type != "text_only_question"]
    if not questions:
        return None, False
    points = [_points(one, row.answers.get(str(one.id))) for one in questions]
    return sum(one for one in points if one is not None), None in points


def _points(question: QuizQuestion, answer: Any) -> float | None:
    right = [one for one in question.answers if one["weight"] > 0]
    if question.question_type in ONE_RIGHT_ID:
        is_right = str(answer) in [str(one["id"]) for one in right]
    elif question.question_type in RIGHT_TEXT:
        is_right = str(answer).strip().lower() in [str(one["text"]).strip().lower() for one in right]
    elif question.question_type == "multiple_answers_question":
        chosen = answer if isinstance(answer, list) else []
        is_right = {str(one) for one in chosen} == {str(one["id"]) for one in right}
    else:
        return None
    return question.points_possible if is_right else 0.0
