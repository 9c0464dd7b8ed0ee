"""Assignments, classic quizzes and New Quizzes to assessments (contract 8.2, 8.5, 9.1, 10.1)."""

from dataclasses import replace

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import AssessmentFacts, AssessmentKind
from canvas_bridge.translate.dates import base_dates
from canvas_bridge.translate.overrides import observed_override
from canvas_bridge.translate.shown import LONGEST_ADDRESS, shown
from canvas_bridge.wire.absent import Absent
from canvas_bridge.wire.assignments import Assignment
from canvas_bridge.wire.new_quizzes import NewQuiz, QuizSettings
from canvas_bridge.wire.quizzes import Quiz

UNGRADED_QUIZ_KINDS = {"practice_quiz": AssessmentKind.PRACTICE_QUIZ, "survey": AssessmentKind.SURVEY}
_UNFINISHED_STATES = frozenset(
    {"duplicating", "failed_to_duplicate", "importing", "fail_to_import", "failed_to_import"}
)
_KIND_BY_SUBMISSION_TYPE = {
    "discussion_topic": AssessmentKind.DISCUSSION,
    "external_tool": AssessmentKind.EXTERNAL_TOOL,
    "on_paper": AssessmentKind.ON_PAPER,
    "none": AssessmentKind.NO_SUBMISSION,
    "not_graded": AssessmentKind.NO_SUBMISSION,
}


def shows_overrides(found: Assignment) -> bool:
    """Whether the assignment came with its overrides: Canvas leaves the key out for who may not manage it (9.1)."""
    return not isinstance(found.overrides, Absent)


def is_unfinished(found: Assignment) -> bool:
    """Whether the assignment is still being copied or imported, so that nobody can take it yet (9.5)."""
    return found.workflow_state in _UNFINISHED_STATES


def kind_of(found: Assignment) -> AssessmentKind:
    """Return how an assignment is taken (8.5)."""
    submission_types = found.submission_types or ()
    if isinstance(found.quiz_id, int):
        return AssessmentKind.CLASSIC_QUIZ if found.is_quiz_assignment is True else AssessmentKind.GRADED_SURVEY
    if found.is_quiz_lti_assignment is True:
        return AssessmentKind.NEW_QUIZ
    if "online_quiz" in submission_types:
        raise CanvasContractError(f"assignment {found.id}: quiz_id must be there for a classic quiz")
    kinds = (_KIND_BY_SUBMISSION_TYPE[word] for word in submission_types if word in _KIND_BY_SUBMISSION_TYPE)
    return next(kinds, AssessmentKind.ASSIGNMENT if submission_types else AssessmentKind.NO_SUBMISSION)


def assessment_of_assignment(found: Assignment) -> AssessmentFacts:
    """Return the assessment of one assignment; time limit and attempts of a quiz are added by the functions below."""
    return AssessmentFacts(
        name=shown(found.name),
        kind=kind_of(found),
        canvas_assignment_id=found.id,
        canvas_quiz_id=found.quiz_id or None,
        html_url=shown(found.html_url, longest=LONGEST_ADDRESS),
        is_published=found.published is not False,
        base_dates=base_dates(found),
        only_visible_to_overrides=found.only_visible_to_overrides is True,
        allowed_attempts=_allowed_attempts(found),
        submission_types=found.submission_types or (),
        canvas_assignment_group_id=found.assignment_group_id or None,
        canvas_group_category_id=found.group_category_id or None,
        points_possible=_points(found),
        in_closed_grading_period=found.in_closed_grading_period is True,
        dates_locked_by_blueprint=_dates_locked_by_blueprint(found),
        in_paced_course=found.in_paced_course is True,
        has_checkpoints=found.has_sub_assignments is True,
        overrides=tuple(observed_override(one) for one in found.overrides or ()),
    )


def is_ungraded_quiz(found: Quiz) -> bool:
    """Whether the classic quiz is a practice quiz or an ungraded survey: these have no assignment."""
    if not found.quiz_type:
        raise CanvasContractError(f"quiz {found.id}: quiz_type must be text")
    return found.quiz_type in UNGRADED_QUIZ_KINDS


def assessment_of_ungraded_quiz(found: Quiz) -> AssessmentFacts:
    """Return the assessment of a practice quiz or ungraded survey, which only the quiz list shows."""
    bare = AssessmentFacts(
        name=shown(found.title),
        kind=UNGRADED_QUIZ_KINDS[str(found.quiz_type)],
        canvas_quiz_id=found.id,
        html_url=shown(found.html_url, longest=LONGEST_ADDRESS),
        is_published=found.published is not False,
        base_dates=base_dates(found),
        only_visible_to_overrides=found.only_visible_to_overrides is True,
        submission_types=("online_quiz",),
        canvas_assignment_group_id=found.assignment_group_id or None,
        points_possible=_points(found),
        dates_locked_by_blueprint=_dates_locked_by_blueprint(found),
        in_paced_course=found.in_paced_course is True,
    )
    return with_quiz(bare, found)


def with_quiz(assessment: AssessmentFacts, found: Quiz) -> AssessmentFacts:
    """Return the assessment with time limit (minutes) and attempts of its classic quiz."""
    limit = found.time_limit or 0
    return replace(
        assessment,
        time_limit_minutes=limit if limit > 0 else None,
        allowed_attempts=_allowed_attempts(found),
    )


def with_new_quiz(assessment: AssessmentFacts, found: NewQuiz) -> AssessmentFacts:
    """Return the assessment with time limit and attempts of its New Quiz; no settings mean untimed and one attempt.

    Canvas holds seconds, we count minutes: part of a minute becomes a whole one, so that a multiple of the limit
    and the window that it needs never come out short (R7).
    """
    settings = found.quiz_settings
    if not isinstance(settings, QuizSettings):
        return replace(assessment, time_limit_minutes=None, allowed_attempts=1)
    return replace(
        assessment,
        time_limit_minutes=_new_quiz_minutes(found, settings),
        allowed_attempts=_new_quiz_attempts(found, settings),
    )


def _new_quiz_minutes(quiz: NewQuiz, settings: QuizSettings) -> int | None:
    if settings.has_time_limit is not True:
        return None
    seconds = settings.session_time_limit_in_seconds
    if not isinstance(seconds, int):
        raise CanvasContractError(f"New Quiz {quiz.id}: session_time_limit_in_seconds must be a whole number")
    return -(-seconds // 60) if seconds > 0 else None


def _new_quiz_attempts(quiz: NewQuiz, settings: QuizSettings) -> int | None:
    """Return the attempts of a New Quiz: one unless several are enabled, None without a limit."""
    attempts = settings.multiple_attempts or None
    if attempts is None or attempts.multiple_attempts_enabled is not True:
        return 1
    if attempts.attempt_limit is not True:
        return None
    if not isinstance(attempts.max_attempts, int):
        raise CanvasContractError(f"New Quiz {quiz.id}: max_attempts must be a whole number")
    return attempts.max_attempts


def _allowed_attempts(found: Assignment | Quiz) -> int | None:
    """Return the attempts that everybody has; −1, any other negative number and null mean unlimited (5.2, 9.1)."""
    attempts = found.allowed_attempts
    return attempts if isinstance(attempts, int) and attempts >= 0 else None


def _points(found: Assignment | Quiz) -> float | None:
    return found.points_possible if isinstance(found.points_possible, float) else None


def _dates_locked_by_blueprint(found: Assignment | Quiz) -> bool:
    """Whether a blueprint course locks the dates of this copy; the blueprint's own original is not locked (10.7.11)."""
    if not (found.is_master_course_child_content is True and found.restricted_by_master_course is True):
        return False
    locked = found.master_course_restrictions or None
    return locked is not None and True in (locked.due_dates, locked.availability_dates, locked.all)
