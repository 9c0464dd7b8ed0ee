"""The same minutes and attempts on every classic quiz of a course, by Canvas's course-wide extension (contract 4).

A person's choice, never the planner's. Canvas replaces what stands, on every quiz there is; so a value goes out
course-wide only where it lowers nothing anywhere (R1). Else it is written quiz by quiz, where it raises.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accommodations.models import Course, Student
from accommodations.services.course_look import CourseLook, extension_in
from canvas_bridge.changes import (
    ExtensionOnEveryQuiz,
    SetQuizExtension,
)
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentFacts, CourseFacts

MOST_MINUTES, MOST_ATTEMPTS = 10_080, 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to hold on every quiz; None leaves that value as it is."""

    minutes: int | None = None
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One student on one quiz: what Canvas holds, and what it will hold."""

    student: Student
    quiz: AssessmentFacts
    before: Asked
    after: Asked
    is_known: bool = True
    keeps_more: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is written."""
        return self.is_known and self.before != self.after


@dataclass(frozen=True, slots=True)
class QuizLine:
    """One classic quiz of the course and its students; `notes` say what stays without effect there."""

    quiz: AssessmentFacts
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a confirmation would do, quiz by quiz; `together` goes course-wide, `one_by_one` does not."""

    asked: Asked
    students: tuple[Student, ...]
    lines: tuple[QuizLine, ...]
    together: tuple[ExtensionOnEveryQuiz, ...]
    one_by_one: tuple[SetQuizExtension, ...]
    facts: CourseFacts
    absent: tuple[Student, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return all pairs of a quiz and a student."""
        return tuple(cell for line in self.lines for cell in line.cells)

    @property
    def change_count(self) -> int:
        """Return how many pairs get another value."""
        return sum(cell.changes for cell in self.cells)

    @property
    def lowers_nothing(self) -> bool:
        """Whether everything can go out course-wide."""
        return not self.one_by_one

    @property
    def unreadable(self) -> tuple[QuizLine, ...]:
        """Return the quizzes whose values Canvas does not show: nothing is written there, and nothing course-wide."""
        return tuple(line for line in self.lines if any(not cell.is_known for cell in line.cells))

    @property
    def digest(self) -> str:
        """Return a digest of everything that the page shows: another one means another page."""
        shown = [
            repr(self.asked),
            *(repr((cell.quiz.key, cell.student.pk, cell.before, cell.after)) for cell in self.cells),
        ]
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()


def preview(course: Course, students: Sequence[Student], asked: Asked) -> Preview:
    """Read the course and return what would be written. Sends nothing. Raises LeewayError."""
    return preview_of(CourseLook(course), students, asked)


def preview_of(course_look: CourseLook, students: Sequence[Student], asked: Asked) -> Preview:
    """Read the course by a look that is at hand, and return what would be written."""
    facts = course_look.read()
    quizzes = [one for one in facts.assessments if one.kind in CLASSIC_KINDS and one.canvas_quiz_id is not None]
    facts = course_look.read_extensions(facts, frozenset(quiz.key for quiz in quizzes))
    current = {one.canvas_user_id for one in facts.students if one.is_current}
    reached = tuple(student for student in students if student.canvas_user_id in current)
    lines = [_line(facts, quiz, reached, asked) for quiz in quizzes]
    together, one_by_one = _split(lines, reached, asked)
    return Preview(
        asked=asked,
        students=reached,
        lines=tuple(lines),
        together=together,
        one_by_one=one_by_one,
        facts=facts,
        absent=tuple(student for student in students if student not in reached),
    )


def _line(facts: CourseFacts, quiz: AssessmentFacts, students: Iterable[Student], asked: Asked) -> QuizLine:
    cells = tuple(_cell(facts, quiz, student, asked) for student in students)
    return QuizLine(quiz, cells, notes=_notes(quiz, asked))


def _cell(facts: CourseFacts, quiz: AssessmentFacts, student: Student, asked: Asked) -> Cell:
    held = extension_in(facts, quiz.key, student.canvas_user_id)
    if held is None:
        return Cell(student, quiz, Asked(), Asked(), is_known=False)
    before = Asked(held.extra_minutes, held.extra_attempts)
    after = Asked(max(held.extra_minutes, asked.minutes or 0), max(held.extra_attempts, asked.attempts or 0))
    keeps_more = held.extra_minutes > (asked.minutes or MOST_MINUTES) or held.extra_attempts > (
        asked.attempts or MOST_ATTEMPTS
    )
    return Cell(student, quiz, before, after, keeps_more=keeps_more)


def _notes(quiz: AssessmentFacts, asked: Asked) -> tuple[str, ...]:
    """Return what is worth knowing of the quiz (contract 3.4)."""
    notes = []
    if not quiz.is_published:
        notes.append("unpublished: written ahead")
    if asked.minutes and not quiz.time_limit_minutes:
        notes.append("no time limit: the minutes stay without effect")
    if asked.attempts and quiz.allowed_attempts is None:
        notes.append("unlimited attempts: more stay without effect")
    return tuple(notes)


def _split(
    lines: Sequence[QuizLine], students: Iterable[Student], asked: Asked
) -> tuple[tuple[ExtensionOnEveryQuiz, ...], tuple[SetQuizExtension, ...]]:
    """Return what lowers nothing anywhere, for one request, and the rest, which goes where it raises."""
    together, one_by_one = [], []
    for student in students:
        cells = [cell for line in lines for cell in line.cells if cell.student == student]
        minutes = asked.minutes if _raises_all([cell.before.minutes for cell in cells], asked.minutes) else None
        attempts = asked.attempts if _raises_all([cell.before.attempts for cell in cells], asked.attempts) else None
        if minutes is not None or attempts is not None:
            together.append(ExtensionOnEveryQuiz(student.canvas_user_id, minutes, attempts))
        rest = Asked(asked.minutes if minutes is None else None, asked.attempts if attempts is None else None)
        one_by_one += [change for cell in cells if (change := _change(cell, rest)) is not None]
    return tuple(together), tuple(one_by_one)


def _raises_all(held: Sequence[int | None], asked: int | None) -> bool:
    """Whether the value is above, or equal to, what stands on every quiz, and above on one; unknown is no proof."""
    if asked is None or any(value is None for value in held):
        return False
    values = [value for value in held if value is not None]
    return all(value <= asked for value in values) and any(value < asked for value in values)


def _change(cell: Cell, rest: Asked) -> SetQuizExtension | None:
    if not cell.is_known or cell.quiz.canvas_quiz_id is None:
        return None
    minutes = rest.minutes if rest.minutes is not None and (cell.before.minutes or 0) < rest.minutes else None
    attempts = rest.attempts if rest.attempts is not None and (cell.before.attempts or 0) < rest.attempts else None
    if minutes is None and attempts is None:
        return None
    return SetQuizExtension(cell.quiz.canvas_quiz_id, cell.student.canvas_user_id, minutes, attempts)
