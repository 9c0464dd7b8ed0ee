"""What staff decided, as frozen values for planning: approved rules, exceptions, releases and settings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from canvas_bridge.facts import AssessmentKind, Dates


class ExtraTimeMethod(StrEnum):
    """How extra time is stated in the approval."""

    MULTIPLIER = "multiplier"
    MINUTES = "minutes"
    MINUTES_PER_HOUR = "minutes_per_hour"
    NO_LIMIT = "no_limit"


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """Extra time on timed assessments. `multiplier` 1.01–10, or `minutes` (in all, or per hour); None otherwise."""

    method: ExtraTimeMethod
    multiplier: Decimal | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ExtraAttempts:
    """1–1000 attempts more than the class has, where attempts are limited."""

    attempts: int


class ShiftUnit(StrEnum):
    """Days keep the wall clock in the course's zone, hours are absolute, working days skip weekends and holidays."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class DateShift:
    """Due and lock later by the same amount; unlock never moves, a missing date stays missing."""

    amount: int
    unit: ShiftUnit


@dataclass(frozen=True, slots=True)
class ExactDates:
    """Exact dates for one assessment. `is_other_sitting`: staff confirmed that it opens later than for the class."""

    dates: Dates
    is_other_sitting: bool = False


Amount = ExtraTime | ExtraAttempts | DateShift | ExactDates


class Scope(StrEnum):
    """Where an accommodation counts, broadest first."""

    EVERY_COURSE = "every_course"
    TERM = "term"
    COURSE = "course"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class AccommodationRule:
    """One approved accommodation of one student, as planning sees it.

    `kinds` empty means every kind, `assignment_groups` empty every assignment group; case and blanks around a name
    make no difference. `effective_from` and `effective_until` are inclusive days in the institution's zone.
    `may_pass_end`: staff confirmed that its dates may lie beyond the end of the course or of a grading period (R11).
    """

    accommodation_id: int
    canvas_user_id: int
    amount: Amount
    scope: Scope
    effective_from: date
    effective_until: date | None = None
    canvas_term_id: int | None = None
    canvas_course_id: int | None = None
    assessment_key: str | None = None
    kinds: frozenset[AssessmentKind] = frozenset()
    assignment_groups: frozenset[str] = frozenset()
    replaces_broader: bool = False
    may_pass_end: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """The office decided that nothing applies to this student on this assessment (None: in the whole course)."""

    canvas_user_id: int
    assessment_key: str | None
    reason: str


class WindowMode(StrEnum):
    """Whether the window moves only as far as the extra time needs (R9), or always by the extra minutes."""

    FIT = "fit"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class PlanningSettings:
    """The institution's settings that planning needs.

    `exam_window_minutes`: an untimed assessment whose window is at most this long is limited by its window.
    `title_key`: secret bytes for the short code that ends the titles of our overrides (R15).
    `nobody_sets_new_quizzes_by_hand`: New Quizzes cannot be read, so this decides whether the first write may go out.
    """

    institution_time_zone: str
    title_key: bytes
    exam_window_minutes: int = 360
    window_mode: WindowMode = WindowMode.FIT
    holidays: frozenset[date] = frozenset()
    nobody_sets_new_quizzes_by_hand: bool = True
