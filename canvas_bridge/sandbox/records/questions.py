"""Questions of classic quizzes."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class QuizQuestion:
    """A question; `answers` holds `{id, text, weight}`, where a weight above 0 marks the right ones."""

    id: int
    quiz_id: int
    question_name: str = "Question"
    question_type: str = "text_only_question"
    question_text: str = ""
    points_possible: float = 0
    position: int = 1
    answers: list[dict[str, Any]] = field(default_factory=list)
