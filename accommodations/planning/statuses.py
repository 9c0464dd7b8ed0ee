"""The status of every (student, assessment) pair, and the reasons that go with each."""

from enum import StrEnum


class Status(StrEnum):
    """The nine statuses of product.md, in the order in which every legend, filter and bar shows them."""

    IN_PLACE = "in_place"
    SHORT = "short"
    WAITING = "waiting"
    FAILED = "failed"
    HELD = "held"
    BLOCKED = "blocked"
    NOT_NEEDED = "not_needed"
    MISSED = "missed"
    PAST = "past"


class Reason(StrEnum):
    """Why a pair has its status. Each reason belongs to exactly one status (`STATUS_OF`)."""

    READ_BACK = "read_back"
    ACCEPTED = "accepted"

    CAPPED_BY_CANVAS = "capped_by_canvas"
    COURSE_END = "course_end"
    GRADING_PERIOD = "grading_period"
    CLASS_WINDOW = "class_window"

    PLANNED = "planned"
    UNTIL_OVER = "until_over"

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RUNNING_ATTEMPT_SHORT = "running_attempt_short"

    GUARD = "guard"
    UNDONE = "undone"
    DISMISSED = "dismissed"
    SHARED_OVERRIDE = "shared_override"
    GROUP_ASSIGNMENT = "group_assignment"
    WOULD_ASSIGN = "would_assign"
    WOULD_UNASSIGN = "would_unassign"

    COURSE_CONCLUDED = "course_concluded"
    GRADING_PERIOD_CLOSED = "grading_period_closed"
    OUTSIDE_CANVAS = "outside_canvas"
    UNGRADED_QUIZ = "ungraded_quiz"
    BLUEPRINT_LOCK = "blueprint_lock"
    PACED_COURSE = "paced_course"
    CHECKPOINTS = "checkpoints"
    PERMISSION_MISSING = "permission_missing"

    NO_TIME_LIMIT = "no_time_limit"
    UNLIMITED_ATTEMPTS = "unlimited_attempts"
    NO_DATE_TO_MOVE = "no_date_to_move"
    EXCEPTION = "exception"
    NOT_RELEASED = "not_released"
    INSTRUCTOR_GIVES_AS_MUCH = "instructor_gives_as_much"

    CLOSED = "closed"
    BEGUN = "begun"

    OVER = "over"


STATUS_OF: dict[Reason, Status] = {
    Reason.READ_BACK: Status.IN_PLACE,
    Reason.ACCEPTED: Status.IN_PLACE,
    Reason.CAPPED_BY_CANVAS: Status.SHORT,
    Reason.COURSE_END: Status.SHORT,
    Reason.GRADING_PERIOD: Status.SHORT,
    Reason.CLASS_WINDOW: Status.SHORT,
    Reason.PLANNED: Status.WAITING,
    Reason.UNTIL_OVER: Status.WAITING,
    Reason.REFUSED: Status.FAILED,
    Reason.UNREACHABLE: Status.FAILED,
    Reason.RUNNING_ATTEMPT_SHORT: Status.FAILED,
    Reason.GUARD: Status.HELD,
    Reason.UNDONE: Status.HELD,
    Reason.DISMISSED: Status.HELD,
    Reason.SHARED_OVERRIDE: Status.HELD,
    Reason.GROUP_ASSIGNMENT: Status.HELD,
    Reason.WOULD_ASSIGN: Status.HELD,
    Reason.WOULD_UNASSIGN: Status.HELD,
    Reason.COURSE_CONCLUDED: Status.BLOCKED,
    Reason.GRADING_PERIOD_CLOSED: Status.BLOCKED,
    Reason.OUTSIDE_CANVAS: Status.BLOCKED,
    Reason.UNGRADED_QUIZ: Status.BLOCKED,
    Reason.BLUEPRINT_LOCK: Status.BLOCKED,
    Reason.PACED_COURSE: Status.BLOCKED,
    Reason.CHECKPOINTS: Status.BLOCKED,
    Reason.PERMISSION_MISSING: Status.BLOCKED,
    Reason.NO_TIME_LIMIT: Status.NOT_NEEDED,
    Reason.UNLIMITED_ATTEMPTS: Status.NOT_NEEDED,
    Reason.NO_DATE_TO_MOVE: Status.NOT_NEEDED,
    Reason.EXCEPTION: Status.NOT_NEEDED,
    Reason.NOT_RELEASED: Status.NOT_NEEDED,
    Reason.INSTRUCTOR_GIVES_AS_MUCH: Status.NOT_NEEDED,
    Reason.CLOSED: Status.MISSED,
    Reason.BEGUN: Status.MISSED,
    Reason.OVER: Status.PAST,
}

NOT_COVERED = frozenset({Status.SHORT, Status.WAITING, Status.FAILED, Status.HELD, Status.BLOCKED, Status.MISSED})
"""Statuses in the whole of coverage and not in its covered part."""
