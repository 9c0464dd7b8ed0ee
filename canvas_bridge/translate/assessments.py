"""Assignments, classic quizzes and New Quizzes to assessments (contract 8.2, 8.5, 9.1, 10.1)."""

from dataclasses import replace

from canvas_bridge.facts import AssessmentFacts, AssessmentKind
from canvas_bridge.translate.dates import base_dates
from canvas_bridge.translate.overrides import observed_override
from canvas_bridge.wire.fields import JsonObject

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


def shows_overrides(value: object) -> bool:
    """Whether the assignment came with its overrides: Canvas leaves the key out for who may not manage it (9.1)."""
    return "overrides" in JsonObject(value, "assignment")


def is_unfinished(value: object) -> bool:
    """Whether the assignment is still being copied or imported, so that nobody can take it yet (9.5)."""
    return JsonObject(value, "assignment").short_text("workflow_state") in _UNFINISHED_STATES


def kind_of(value: object) -> AssessmentKind:
    """Return how an assignment is taken (8.5)."""
    found = JsonObject(value, "assignment").named("assignment")
    return _kind(found, found.words("submission_types"))


def assessment_of_assignment(value: object) -> AssessmentFacts:
    """Return the assessment of one assignment; time limit and attempts of a quiz are added by the functions below."""
    found = JsonObject(value, "assignment").named("assignment")
    submission_types = found.words("submission_types")
    return AssessmentFacts(
        name=found.short_text("name"),
        kind=_kind(found, submission_types),
        canvas_assignment_id=found.whole_number("id"),
        canvas_quiz_id=found.optional_whole_number("quiz_id"),
        html_url=found.short_text("html_url", longest=2000),
        is_published=found.flag("published", default=True),
        base_dates=base_dates(found),
        only_visible_to_overrides=found.flag("only_visible_to_overrides"),
        allowed_attempts=_allowed_attempts(found),
        submission_types=submission_types,
        canvas_assignment_group_id=found.optional_whole_number("assignment_group_id"),
        canvas_group_category_id=found.optional_whole_number("group_category_id"),
        points_possible=found.optional_number("points_possible"),
        in_closed_grading_period=found.flag("in_closed_grading_period"),
        dates_locked_by_blueprint=_dates_locked_by_blueprint(found),
        in_paced_course=found.flag("in_paced_course"),
        has_checkpoints=found.flag("has_sub_assignments"),
        overrides=tuple(observed_override(one) for one in found.values("overrides")),
    )


def item_id(value: object) -> int:
    """Return the id of an assignment or classic quiz."""
    return JsonObject(value, "item of a list").whole_number("id")


def new_quiz_assignment_id(value: object) -> int:
    """Return the assignment id of a New Quiz. Assumed: its `id`, text in the documentation, is the assignment's."""
    return JsonObject(value, "New Quiz").whole_number("id")


def is_ungraded_quiz(value: object) -> bool:
    """Whether the classic quiz is a practice quiz or an ungraded survey: these have no assignment."""
    return JsonObject(value, "quiz").text("quiz_type") in UNGRADED_QUIZ_KINDS


def assessment_of_ungraded_quiz(value: object) -> AssessmentFacts:
    """Return the assessment of a practice quiz or ungraded survey, which only the quiz list shows."""
    found = JsonObject(value, "quiz").named("quiz")
    bare = AssessmentFacts(
        name=found.short_text("title"),
        kind=UNGRADED_QUIZ_KINDS[found.text("quiz_type")],
        canvas_quiz_id=found.whole_number("id"),
        html_url=found.short_text("html_url", longest=2000),
        is_published=found.flag("published", default=True),
        base_dates=base_dates(found),
        only_visible_to_overrides=found.flag("only_visible_to_overrides"),
        submission_types=("online_quiz",),
        canvas_assignment_group_id=found.optional_whole_number("assignment_group_id"),
        points_possible=found.optional_number("points_possible"),
        dates_locked_by_blueprint=_dates_locked_by_blueprint(found),
        in_paced_course=found.flag("in_paced_course"),
    )
    return with_quiz(bare, value)


def with_quiz(assessment: AssessmentFacts, value: object) -> AssessmentFacts:
    """Return the assessment with time limit (minutes) and attempts of its classic quiz."""
    found = JsonObject(value, "quiz").named("quiz")
    limit = found.optional_whole_number("time_limit")
    return replace(
        assessment,
        time_limit_minutes=limit if limit is not None and limit > 0 else None,
        allowed_attempts=_allowed_attempts(found),
    )


def with_new_quiz(assessment: AssessmentFacts, value: object) -> AssessmentFacts:
    """Return the assessment with time limit and attempts of its New Quiz; no settings mean untimed and one attempt.

    Canvas holds seconds, we count minutes: part of a minute becomes a whole one, so that a multiple of the limit
    and the window that it needs never come out short (R7).
    """
    settings = JsonObject(value, "New Quiz").named("New Quiz").optional_object("quiz_settings")
    if settings is None:
        return replace(assessment, time_limit_minutes=None, allowed_attempts=1)
    return replace(
        assessment, time_limit_minutes=_new_quiz_minutes(settings), allowed_attempts=_new_quiz_attempts(settings)
    )


def _new_quiz_minutes(settings: JsonObject) -> int | None:
    if not settings.flag("has_time_limit"):
        return None
    seconds = settings.whole_number("session_time_limit_in_seconds")
    return -(-seconds // 60) if seconds > 0 else None


def _new_quiz_attempts(settings: JsonObject) -> int | None:
    """Return the attempts of a New Quiz: one unless several are enabled, None without a limit."""
    attempts = settings.optional_object("multiple_attempts")
    if attempts is None or not attempts.flag("multiple_attempts_enabled"):
        return 1
    return attempts.whole_number("max_attempts") if attempts.flag("attempt_limit") else None


def _allowed_attempts(found: JsonObject) -> int | None:
    """Return the attempts that everybody has; −1, any other negative number and null mean unlimited (5.2, 9.1)."""
    attempts = found.optional_whole_number("allowed_attempts")
    return attempts if attempts is not None and attempts >= 0 else None


def _kind(found: JsonObject, submission_types: tuple[str, ...]) -> AssessmentKind:
    if found.optional_whole_number("quiz_id") is not None:
        return AssessmentKind.CLASSIC_QUIZ if found.flag("is_quiz_assignment") else AssessmentKind.GRADED_SURVEY
    if found.flag("is_quiz_lti_assignment"):
        return AssessmentKind.NEW_QUIZ
    if "online_quiz" in submission_types:
        raise found.wrong("quiz_id", "there for a classic quiz")
    kinds = (_KIND_BY_SUBMISSION_TYPE[word] for word in submission_types if word in _KIND_BY_SUBMISSION_TYPE)
    return next(kinds, AssessmentKind.ASSIGNMENT if submission_types else AssessmentKind.NO_SUBMISSION)


def _dates_locked_by_blueprint(found: JsonObject) -> bool:
    """Whether a blueprint course locks the dates of this copy; the blueprint's own original is not locked (10.7.11)."""
    if not (found.flag("is_master_course_child_content") and found.flag("restricted_by_master_course")):
        return False
    locked = found.optional_object("master_course_restrictions")
    return locked is not None and any(locked.flag(key) for key in ("due_dates", "availability_dates", "all"))
