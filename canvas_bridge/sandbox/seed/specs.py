"""Courses and assessments of the seeded university as frozen data, before anything is put into a Canvas."""

from dataclasses import dataclass
from typing import Any, Literal

from canvas_bridge.sandbox.seed.moments import HOME_ZONE, Moment

Kind = Literal["quiz", "graded_survey", "practice_quiz", "survey", "new_quiz", "assignment", "discussion"]
Pattern = Literal[
    "problem_sets", "laboratory", "seminar", "cases", "language", "studio", "projects", "clinical", "lectures"
]
TermWord = Literal["previous", "current", "next"]

UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class AssessmentSpec:
    """One assessment. `minutes` is the time limit of a quiz; `attempts` −1 means unlimited.

    `group` names the assignment group, such as "Exams". `is_group_work` is done by the groups of the course.
    """

    name: str
    kind: Kind
    opens: Moment | None = None
    due: Moment | None = None
    closes: Moment | None = None
    minutes: int | None = None
    attempts: int = UNLIMITED
    submission_types: tuple[str, ...] = ()
    group: str = "Assignments"
    points: float = 10
    is_published: bool = True
    only_for_overrides: bool = False
    is_group_work: bool = False
    has_checkpoints: bool = False
    is_moderated: bool = False
    blueprint_locks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseSpec:
    """One course of the catalogue. `topics` (six, in the order of the term) name its assessments.

    `own_last_day`, counted from today, ends the course for its students instead of the term.
    """

    code: str
    title: str
    pattern: Pattern
    topics: tuple[str, ...]
    term: TermWord = "current"
    zone: str = HOME_ZONE
    sections: int = 2
    is_paced: bool = False
    is_concluded: bool = False
    own_last_day: int | None = None
    is_blueprint_child: bool = False


def course(code: str, title: str, pattern: Pattern, topics: str, **more: Any) -> CourseSpec:
    """Return a course; `topics` are separated by semicolons."""
    return CourseSpec(code, title, pattern, tuple(topic.strip() for topic in topics.split(";")), **more)


def quiz(
    name: str,
    *,
    opens: Moment | None = None,
    closes: Moment | None = None,
    due: Moment | None = None,
    minutes: int | None = None,
    attempts: int = 1,
    kind: Kind = "quiz",
    points: float = 10,
    is_published: bool = True,
) -> AssessmentSpec:
    """Return a quiz, classic unless `kind` says otherwise; due when it closes unless told."""
    return AssessmentSpec(
        name=name,
        kind=kind,
        opens=opens,
        due=due or closes,
        closes=closes,
        minutes=minutes,
        attempts=attempts,
        group="Quizzes",
        points=points,
        is_published=is_published,
    )


def exam(
    name: str,
    *,
    opens: Moment,
    closes: Moment,
    minutes: int | None,
    kind: Kind = "quiz",
    is_published: bool = True,
    points: float = 100,
) -> AssessmentSpec:
    """Return an exam: one attempt, in the group Exams; `minutes` None leaves its window as the only limit."""
    return AssessmentSpec(
        name=name,
        kind=kind,
        opens=opens,
        due=closes,
        closes=closes,
        minutes=minutes,
        attempts=1,
        group="Exams",
        points=points,
        is_published=is_published,
    )


def work(
    name: str,
    *submission_types: str,
    due: Moment | None = None,
    opens: Moment | None = None,
    closes: Moment | None = None,
    attempts: int = UNLIMITED,
    group: str = "Assignments",
    points: float = 20,
    is_published: bool = True,
    **more: object,
) -> AssessmentSpec:
    """Return an assignment with Canvas's submission types, such as "online_upload"."""
    return AssessmentSpec(
        name=name,
        kind="assignment",
        opens=opens,
        due=due,
        closes=closes,
        attempts=attempts,
        submission_types=submission_types or ("online_upload",),
        group=group,
        points=points,
        is_published=is_published,
        **more,  # type: ignore[arg-type]  # further fields of AssessmentSpec
    )


def discussion(
    name: str, *, due: Moment | None = None, closes: Moment | None = None, opens: Moment | None = None, **more: object
) -> AssessmentSpec:
    """Return a graded discussion."""
    return AssessmentSpec(
        name=name,
        kind="discussion",
        opens=opens,
        due=due,
        closes=closes,
        submission_types=("discussion_topic",),
        group="Discussions",
        **more,  # type: ignore[arg-type]  # further fields of AssessmentSpec
    )
