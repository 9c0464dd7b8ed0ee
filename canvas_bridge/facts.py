"""What Canvas says of a course, as frozen values. No decision is taken here.

Instants are aware and in UTC. Minutes and attempts are whole numbers. Canvas's ids are `canvas_…_id`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class AssessmentKind(StrEnum):
    """How an assessment is taken, told apart by the keys of an assignment (contract 8.5)."""

    CLASSIC_QUIZ = "classic_quiz"
    GRADED_SURVEY = "graded_survey"
    PRACTICE_QUIZ = "practice_quiz"
    SURVEY = "survey"
    NEW_QUIZ = "new_quiz"
    ASSIGNMENT = "assignment"
    DISCUSSION = "discussion"
    EXTERNAL_TOOL = "external_tool"
    ON_PAPER = "on_paper"
    NO_SUBMISSION = "no_submission"


CLASSIC_KINDS = frozenset(
    {
        AssessmentKind.CLASSIC_QUIZ,
        AssessmentKind.GRADED_SURVEY,
        AssessmentKind.PRACTICE_QUIZ,
        AssessmentKind.SURVEY,
    }
)
UNGRADED_KINDS = frozenset({AssessmentKind.PRACTICE_QUIZ, AssessmentKind.SURVEY})


@dataclass(frozen=True, slots=True)
class Dates:
    """Unlock, due and lock of an assessment; None means that Canvas has no such date."""

    unlock_at: datetime | None = None
    due_at: datetime | None = None
    lock_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DateSetting:
    """One date of an override: not overridden (falls through), overridden to none, or overridden to an instant."""

    is_overridden: bool = False
    at: datetime | None = None


NOT_OVERRIDDEN = DateSetting()


def overridden_to(at: datetime | None) -> DateSetting:
    """Return the setting "overridden to `at`"; None means "overridden to no date"."""
    return DateSetting(is_overridden=True, at=at)


class OverrideTarget(StrEnum):
    """Whom an override names (contract 6.2)."""

    AD_HOC = "ad_hoc"
    SECTION = "section"
    GROUP = "group"
    COURSE = "course"
    MASTERY_PATH = "mastery_path"


@dataclass(frozen=True, slots=True)
class ObservedOverride:
    """An active assignment override as Canvas shows it (contract 6.2).

    `canvas_user_ids` holds the students of an ad-hoc override, else it is empty;
    `canvas_target_id` is the section, group or course of the other kinds.
    """

    canvas_override_id: int
    title: str
    target: OverrideTarget
    canvas_user_ids: frozenset[int] = frozenset()
    canvas_target_id: int | None = None
    unlock: DateSetting = NOT_OVERRIDDEN
    due: DateSetting = NOT_OVERRIDDEN
    lock: DateSetting = NOT_OVERRIDDEN
    unassigns: bool = False
    canvas_module_id: int | None = None


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """An assignment, classic quiz, New Quiz or graded discussion of a course.

    A classic graded quiz and its assignment are one assessment: both ids are set. Practice quizzes and ungraded
    surveys have only a quiz id; assignments and New Quizzes only an assignment id.
    `time_limit_minutes` None means untimed, `allowed_attempts` None means unlimited.
    `base_dates` are read with `override_assignment_dates=false`: never collapsed for the caller.
    `assignment_group` is the name of the group that it is in, where the names were asked for; what that group was
    called before, as far as somebody has told, stands in `former_assignment_groups`.
    """

    name: str
    kind: AssessmentKind
    canvas_assignment_id: int | None = None
    canvas_quiz_id: int | None = None
    html_url: str = ""
    is_published: bool = True
    base_dates: Dates = Dates()
    only_visible_to_overrides: bool = False
    time_limit_minutes: int | None = None
    allowed_attempts: int | None = None
    submission_types: tuple[str, ...] = ()
    canvas_assignment_group_id: int | None = None
    canvas_group_category_id: int | None = None
    assignment_group: str | None = None
    former_assignment_groups: tuple[str, ...] = ()
    points_possible: float | None = None
    in_closed_grading_period: bool = False
    dates_locked_by_blueprint: bool = False
    in_paced_course: bool = False
    has_checkpoints: bool = False
    overrides: tuple[ObservedOverride, ...] = ()
    key: str = field(init=False, repr=False, compare=False)
    """The assessment's key within Canvas: "assignment:ID", or "quiz:ID" where there is no assignment."""

    def __post_init__(self) -> None:
        """Make the key once: every look-up asks for it."""
        is_assignment = self.canvas_assignment_id is not None
        key = f"assignment:{self.canvas_assignment_id}" if is_assignment else f"quiz:{self.canvas_quiz_id}"
        object.__setattr__(self, "key", key)

    @property
    def is_quiz(self) -> bool:
        """Whether it is taken as a quiz: classic of any type, or New."""
        return self.kind in CLASSIC_KINDS or self.kind is AssessmentKind.NEW_QUIZ


class EnrollmentState(StrEnum):
    """State of an enrollment (contract 10.2); an unknown word of Canvas is a contract error."""

    ACTIVE = "active"
    INVITED = "invited"
    CREATION_PENDING = "creation_pending"
    COMPLETED = "completed"
    INACTIVE = "inactive"
    REJECTED = "rejected"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class EnrollmentFacts:
    """One enrollment of one person, one of several perhaps. `role_type` is Canvas's, e.g. StudentEnrollment."""

    canvas_enrollment_id: int
    canvas_user_id: int
    canvas_course_id: int
    canvas_section_id: int
    role_type: str
    state: EnrollmentState
    is_limited_to_section: bool = False


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student of the course: sections with the state of the enrollment there, and accepted group memberships."""

    canvas_user_id: int
    sections: tuple[tuple[int, EnrollmentState], ...] = ()
    canvas_group_ids: frozenset[int] = frozenset()

    @property
    def is_current(self) -> bool:
        """Whether at least one enrollment is active or invited: only then do extensions reach the student."""
        return any(state in (EnrollmentState.ACTIVE, EnrollmentState.INVITED) for _, state in self.sections)


class CourseState(StrEnum):
    """Canvas's word for a course (contract 10.7.1); over by date stays `available`."""

    UNPUBLISHED = "unpublished"
    AVAILABLE = "available"
    COMPLETED = "completed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class GradingPeriod:
    """A grading period of a course or its term: a due date lies in it when start < due ≤ end (contract 10.7.5)."""

    title: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """A course as the account's list shows it. `ends_at` binds students: the course's own end, else the term's.

    `term_has_grading_periods`: its term has a set of them. `grading_periods` None: they were never read.
    """

    canvas_course_id: int
    name: str
    course_code: str
    state: CourseState
    time_zone: str
    canvas_term_id: int | None = None
    term_name: str = ""
    term_starts_at: datetime | None = None
    term_ends_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    sis_course_id: str | None = None
    term_has_grading_periods: bool = False
    grading_periods: tuple[GradingPeriod, ...] | None = None
    canvas_account_id: int | None = None
    account_name: str = ""
    """The department that the course belongs to; only the account's list names it."""


@dataclass(frozen=True, slots=True)
class ObservedExtension:
    """Extra minutes and attempts that Canvas holds for one student on one assessment; 0 where none was ever set.

    Classic quizzes: `GET …/quizzes/:id/submissions` or the answer of the extension request. Assignments: the
    submission's `extra_attempts`. New Quizzes cannot be read: only the answer of our own request.
    """

    assessment_key: str
    canvas_user_id: int
    extra_minutes: int = 0
    extra_attempts: int = 0
    is_manually_unlocked: bool = False
    """Classic quizzes: it counts as not locked for this student, whatever its dates say (contract 3.3)."""


@dataclass(frozen=True, slots=True)
class ObservedAttempt:
    """The student's latest attempt on a classic quiz. `is_running`: Canvas's state `untaken` (contract 3.3)."""

    assessment_key: str
    canvas_user_id: int
    canvas_quiz_submission_id: int
    is_running: bool
    has_begun: bool
    started_at: datetime | None = None
    end_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObservedSubmission:
    """Whether the student has handed something in on an assessment."""

    assessment_key: str
    canvas_user_id: int
    has_submitted: bool
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group of a group assignment's set that holds one of the students asked for, with all of its members.

    `member_names` are by Canvas user id, as the list of groups tells them; a member without a name there is left out
    of it. `canvas_group_category_id` is the set.
    """

    canvas_group_id: int
    canvas_group_category_id: int
    name: str = ""
    canvas_user_ids: frozenset[int] = frozenset()
    member_names: tuple[tuple[int, str], ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class QuizDates:
    """Base dates and overrides of one classic quiz as `date_details` shows them: all pages (contract 10.7.3).

    The one way to the dates of practice quizzes and ungraded surveys. Overrides of modules are among them.
    """

    canvas_quiz_id: int
    base_dates: Dates = Dates()
    only_visible_to_overrides: bool = False
    overrides: tuple[ObservedOverride, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentGroupFacts:
    """An assignment group of a course. `former_names`: what it was called before; Canvas itself does not tell."""

    canvas_assignment_group_id: int
    name: str
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """Everything that one observation of a course found, for the students that were asked for.

    `extensions_read` names the assessments whose extensions (and attempts) were really read: for those a student
    without a row has none. `submissions_read` names the assessments whose submissions were read.
    `answered_since` holds the pairs (assessment key, Canvas user id) whose extension was replaced after that read: for
    them Canvas's answer is all that is known. `are_groups_named`: the names of the assignment groups were read,
    and `assignment_groups` holds them all, those without an assessment too.
    `extensions_unreadable` and `submissions_unreadable` name the assessments of which Canvas refuses to show these.
    `groups` holds those of group assignments' sets in which one of the students is.
    `token_time_zone` is the zone in which Canvas moves 00:00 to the end of the day (contract 1.7).
    """

    course: CourseSummary
    read_at: datetime
    token_time_zone: str
    assessments: tuple[AssessmentFacts, ...] = ()
    students: tuple[StudentFacts, ...] = ()
    extensions: tuple[ObservedExtension, ...] = ()
    extensions_read: frozenset[str] = frozenset()
    answered_since: frozenset[tuple[str, int]] = frozenset()
    attempts: tuple[ObservedAttempt, ...] = ()
    submissions: tuple[ObservedSubmission, ...] = ()
    are_groups_named: bool = False
    assignment_groups: tuple[AssignmentGroupFacts, ...] = ()
    submissions_read: frozenset[str] = frozenset()
    extensions_unreadable: frozenset[str] = frozenset()
    submissions_unreadable: frozenset[str] = frozenset()
    groups: tuple[GroupFacts, ...] = ()

    @property
    def assignment_group_ids(self) -> frozenset[int]:
        """Return the ids of the assignment groups that assessments are in."""
        ids = (one.canvas_assignment_group_id for one in self.assessments)
        return frozenset(group_id for group_id in ids if group_id is not None)

    def with_groups_named(self, groups: Iterable[AssignmentGroupFacts]) -> "CourseFacts":
        """Return the facts with these assignment groups, each assessment with the names of its own."""
        by_id = {group.canvas_assignment_group_id: group for group in groups}
        named = tuple(_with_group(one, by_id.get(one.canvas_assignment_group_id or 0)) for one in self.assessments)
        return replace(self, assessments=named, are_groups_named=True, assignment_groups=tuple(by_id.values()))


def _with_group(assessment: AssessmentFacts, group: AssignmentGroupFacts | None) -> AssessmentFacts:
    if group is None:
        return replace(assessment, assignment_group=None, former_assignment_groups=())
    return replace(assessment, assignment_group=group.name, former_assignment_groups=group.former_names)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person of the Canvas account, as a search or a profile shows them."""

    canvas_user_id: int
    name: str = field(repr=False)
    sortable_name: str = field(repr=False, default="")
    sis_user_id: str | None = field(repr=False, default=None)
    login_id: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class PermissionCheck:
    """What one read-only probe of a Canvas found: `words` says what was seen, `remedy` what to do if not `is_ok`."""

    name: str
    is_ok: bool
    words: str
    remedy: str = ""
