"""Assignments, classic quizzes and overrides: everything that carries dates."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(kw_only=True)
class Dated:
    """Base dates of an assignment or quiz; `all_day` follows the local clock at the last change of `due_at`."""

    due_at: datetime | None = None
    unlock_at: datetime | None = None
    lock_at: datetime | None = None
    all_day: bool = False
    all_day_date: date | None = None
    only_visible_to_overrides: bool = False


@dataclass(kw_only=True)
class Assignment(Dated):
    """An assignment: ordinary, of a classic quiz (`quiz_id`), of a discussion, a tool, or a New Quiz.

    `allowed_attempts` −1 means unlimited. `blueprint_restrictions` holds words such as due_dates.
    `extras` keeps the keys that are only stored and echoed (contract 9.8).
    """

    id: int
    course_id: int
    name: str
    assignment_group_id: int
    submission_types: list[str] = field(default_factory=lambda: ["online_upload"])
    description: str = ""
    points_possible: float = 0
    grading_type: str = "points"
    allowed_attempts: int = -1
    published: bool = True
    position: int = 1
    quiz_id: int | None = None
    is_new_quiz: bool = False
    quiz_settings: dict[str, Any] | None = None
    instructions: str = ""
    group_category_id: int | None = None
    grade_group_students_individually: bool = False
    moderated_grading: bool = False
    final_grader_id: int | None = None
    has_checkpoints: bool = False
    discussion_topic_id: int | None = None
    blueprint_restrictions: list[str] = field(default_factory=list)
    sis_assignment_id: str | None = None
    workflow_state: str = "published"
    extras: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Quiz(Dated):
    """A classic quiz. A graded one shares its dates with its assignment, which then holds them (`state.dated`).

    `time_limit` is in minutes. `quiz_type`: assignment, practice_quiz, graded_survey or survey. Blueprint restrictions
    of a graded quiz are those of its assignment; an ungraded one has its own.
    """

    id: int
    course_id: int
    title: str
    quiz_type: str = "assignment"
    assignment_id: int | None = None
    time_limit: int | None = None
    allowed_attempts: int = 1
    published: bool = True
    description: str = ""
    points_possible: float | None = None
    question_count: int = 0
    access_code: str | None = None
    ip_filter: str | None = None
    cant_go_back: bool = False
    one_question_at_a_time: bool = False
    shuffle_answers: bool = False
    scoring_policy: str = "keep_highest"
    hide_results: str | None = None
    show_correct_answers: bool = True
    show_correct_answers_at: datetime | None = None
    hide_correct_answers_at: datetime | None = None
    show_correct_answers_last_attempt: bool = False
    one_time_results: bool = False
    require_lockdown_browser: bool = False
    blueprint_restrictions: list[str] = field(default_factory=list)
    version_number: int = 1
    workflow_state: str = "available"
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Override:
    """An override. A date counts only where its `…_overridden` flag is set; set and None means "no date" (6.2).

    `set_type`: ADHOC, CourseSection, Group, Course or Noop; `set_id` is None for ADHOC.
    """

    id: int
    course_id: int
    assignment_id: int | None = None
    quiz_id: int | None = None
    set_type: str
    set_id: int | None = None
    title: str = ""
    student_ids: list[int] = field(default_factory=list)
    due_at: datetime | None = None
    due_at_overridden: bool = False
    unlock_at: datetime | None = None
    unlock_at_overridden: bool = False
    lock_at: datetime | None = None
    lock_at_overridden: bool = False
    all_day: bool = False
    all_day_date: date | None = None
    unassign_item: bool = False
    context_module_id: int | None = None
    discussion_topic_id: int | None = None
    wiki_page_id: int | None = None
    checkpoint_id: int | None = None
    workflow_state: str = "active"
    created_at: datetime
    updated_at: datetime
