"""Tables, clock, switches, faults and the request log: the ground that the builders and handlers stand on."""

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Override, Quiz
from canvas_bridge.sandbox.records.content import (
    Checkpoint,
    Discussion,
    Item,
    Module,
    ModuleItem,
    Page,
    Progress,
    override_key,
)
from canvas_bridge.sandbox.records.courses import (
    AssignmentGroup,
    Course,
    Enrollment,
    GradingPeriod,
    GradingPeriodSet,
    Group,
    GroupCategory,
    Membership,
    Section,
    Term,
)
from canvas_bridge.sandbox.records.people import Account, Token, User, opaque_id
from canvas_bridge.sandbox.records.questions import QuizQuestion
from canvas_bridge.sandbox.records.work import NewQuizAccommodation, NewQuizSession, QuizSubmission, Submission
from canvas_bridge.sandbox.switches import Switches
from canvas_bridge.sandbox.tables import Table


@dataclass
class Fault:
    """A disturbance of matching requests, `count` times (None: until cleared). See `faults.py` for the kinds."""

    kind: str
    method: str | None = None
    path: str | None = None
    count: int | None = None
    value: Any = None


@dataclass
class RequestRecord:
    """One request that the sandbox answered."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    endpoint: str
    status: int
    cost: float
    caller_id: int | None
    body: str = ""
    fault: str | None = None


@dataclass
class Bucket:
    """The leaky bucket of one token: its level when last looked at (contract 1.5)."""

    level: float = 0.0
    looked_at: float = 0.0


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Quota:
    """The numbers of the rate limit (contract 1.5)."""

    high_water_mark: float = 600.0
    maximum: float = 800.0
    outflow: float = 10.0
    up_front_cost: float = 50.0


@dataclass
class Control:
    """What tests steer and read: switches, faults, the request log and the rate limit. Not part of "Canvas"."""

    switches: Switches = field(default_factory=Switches)
    quota: Quota = field(default_factory=Quota)
    faults: list[Fault] = field(default_factory=list)
    requests: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=20_000))
    request_count: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    buckets: dict[str, Bucket] = field(default_factory=dict)


class Store:
    """Everything that the sandbox Canvas holds. `lock` is held by whoever reads or writes it over several steps."""

    def __init__(
        self,
        *,
        account_name: str = "Maplewater University",
        time_zone: str = "America/New_York",
        now: datetime | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.control = Control()
        self.account = Account(id=1, name=account_name, time_zone=time_zone)
        self.frozen_at = now
        self.writes = 0
        self._make_tables()
        self.tables: dict[str, Table[Any]] = {
            name: table for name, table in vars(self).items() if isinstance(table, Table)
        }

    def _make_tables(self) -> None:
        self.sub_accounts = Table(Account, 2, sis=lambda account: account.sis_account_id)
        self.users = Table(
            User,
            1,
            login=_login_key,
            sis=lambda user: user.sis_user_id,
            integration=lambda user: user.integration_id,
            lti=lambda user: opaque_id("lti", user.id),
            uuid=lambda user: opaque_id("user", user.id),
        )
        self.tokens = Table(Token, 1, text=lambda token: token.text)
        self.terms = Table(Term, 21, sis=lambda term: term.sis_term_id)
        self.grading_period_sets = Table(GradingPeriodSet, 41)
        self.grading_periods = Table(
            GradingPeriod, 51, set=lambda period: period.set_id, course=lambda period: period.course_id
        )
        self.courses = Table(
            Course,
            2001,
            sis=lambda course: course.sis_course_id,
            integration=lambda course: course.integration_id,
            lti=lambda course: opaque_id("course", course.id),
        )
        self.sections = Table(
            Section,
            3001,
            course=lambda section: section.course_id,
            sis=lambda section: section.sis_section_id,
            integration=lambda section: section.integration_id,
        )
        self.enrollments = Table(
            Enrollment,
            10_001,
            course=lambda enrollment: enrollment.course_id,
            user=lambda enrollment: enrollment.user_id,
            section=lambda enrollment: enrollment.section_id,
            course_user=lambda enrollment: (enrollment.course_id, enrollment.user_id),
        )
        self.group_categories = Table(GroupCategory, 401, course=lambda category: category.course_id)
        self.groups = Table(
            Group,
            501,
            category=lambda group: group.category_id,
            course=lambda group: group.course_id,
            sis=lambda group: group.sis_group_id,
        )
        self.memberships = Table(
            Membership,
            7001,
            group=lambda membership: membership.group_id,
            user=lambda membership: membership.user_id,
        )
        self.assignment_groups = Table(AssignmentGroup, 4001, course=lambda group: group.course_id)
        self._make_assessment_tables()

    def _make_assessment_tables(self) -> None:
        self.assignments = Table(
            Assignment, 30_001, course=lambda assignment: assignment.course_id, sis=lambda one: one.sis_assignment_id
        )
        self.quizzes = Table(Quiz, 60_001, course=lambda quiz: quiz.course_id)
        self.quiz_questions = Table(QuizQuestion, 70_001, quiz=lambda question: question.quiz_id)
        self.overrides = Table(
            Override,
            80_001,
            assignment=lambda override: override.assignment_id,
            quiz=lambda override: override.quiz_id,
            course=lambda override: override.course_id,
            discussion=lambda override: override.discussion_topic_id,
            page=lambda override: override.wiki_page_id,
            module=lambda override: override.context_module_id,
            checkpoint=lambda override: override.checkpoint_id,
        )
        self._make_content_tables()
        self.quiz_submissions = Table(
            QuizSubmission, 90_001, quiz=lambda row: row.quiz_id, quiz_user=lambda row: (row.quiz_id, row.user_id)
        )
        self.submissions = Table(
            Submission,
            200_001,
            assignment=lambda row: row.assignment_id,
            assignment_user=lambda row: (row.assignment_id, row.user_id),
        )
        self.new_quiz_accommodations = Table(
            NewQuizAccommodation,
            1,
            course=lambda row: row.course_id,
            target=lambda row: (row.course_id, row.assignment_id, row.user_id),
        )
        self.new_quiz_sessions = Table(
            NewQuizSession,
            1,
            assignment=lambda session: session.assignment_id,
            assignment_user=lambda session: (session.assignment_id, session.user_id),
        )

    def _make_content_tables(self) -> None:
        self.discussions = Table(Discussion, 300_001, course=lambda topic: topic.course_id)
        self.pages = Table(Page, 340_001, course=lambda page: page.course_id)
        self.modules = Table(Module, 380_001, course=lambda module: module.course_id)
        self.module_items = Table(
            ModuleItem,
            400_001,
            module=lambda item: item.module_id,
            content=lambda item: (item.type, item.content_id),
        )
        self.checkpoints = Table(Checkpoint, 460_001, assignment=lambda one: one.assignment_id)
        self.progresses = Table(Progress, 501_001)

    @property
    def switches(self) -> Switches:
        """Return the switches of section 13."""
        return self.control.switches

    def now(self) -> datetime:
        """Return the frozen time, or the system's."""
        return self.frozen_at or _system_now()

    def freeze(self, at: datetime | None) -> None:
        """Stop the clock at an instant; None lets it run with the system's again."""
        self.frozen_at = at

    def zone_of(self, user: User | None) -> str:
        """Return the zone in which Canvas reads and judges a caller's times: their own, else the account's (1.7)."""
        return (user.time_zone if user else None) or self.account.time_zone

    def dated(self, item: Item) -> Dated:
        """Return what holds an item's base dates: graded quizzes and discussions share those of their assignment."""
        if isinstance(item, Quiz | Discussion) and item.assignment_id is not None:
            return self.assignments[item.assignment_id]
        return item

    def active_overrides(self, item: Item) -> list[Override]:
        """Return an item's own overrides that are not deleted, oldest first."""
        found = self.overrides.where(*override_key(item))
        return sorted((one for one in found if one.workflow_state == "active"), key=lambda one: one.id)

    def name_of_target(self, set_type: str, set_id: int | None) -> str | None:
        """Return the current name of an override's section, group or course; None for other kinds."""
        names = {"CourseSection": self.sections, "Group": self.groups, "Course": self.courses}
        record: Any = names[set_type].get(set_id) if set_type in names else None  # type: ignore[attr-defined]  # tables
        return str(record.name) if record else None

    def title_of(self, override: Override) -> str:
        """Return an override's title: of a section, group or course always its current name (6.6)."""
        return self.name_of_target(override.set_type, override.set_id) or override.title


def _login_key(user: User) -> str:
    return user.login_id.lower()
