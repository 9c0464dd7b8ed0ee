"""Courses, terms, sections and grading periods (contract 10.5, 10.7.1, 10.7.2, 10.7.4, 10.7.5, 10.7.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged
from canvas_bridge.wire.ids import AnyId


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDates:
    """Start and end of a term for one type of enrollment."""

    start_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term. `overrides` maps a type of enrollment, such as StudentEnrollment, to its dates.

    Inside a course, start and end are those that hold for the caller's own enrollments.
    """

    id: int
    name: str | Absent | None = ABSENT
    start_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT
    grading_period_group_id: int | Absent | None = ABSENT
    sis_term_id: str | Absent | None = ABSENT
    sis_import_id: int | Absent | None = ABSENT
    overrides: dict[str, TermDates] | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TermValues:
    """A new term."""

    name: str
    start_at: datetime | Unchanged | None = UNCHANGED
    end_at: datetime | Unchanged | None = UNCHANGED
    sis_term_id: str | Unchanged = UNCHANGED
    overrides: Mapping[str, TermDates] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course. `name` is the caller's nickname for it where they set one; the real one is then `original_name`.

    `workflow_state` is unpublished, available, completed or deleted; over by date stays available. `start_at` and
    `end_at` bind students only with `restrict_enrollments_to_course_dates`.
    """

    id: int
    name: str | Absent | None = ABSENT
    original_name: str | Absent | None = ABSENT
    course_code: str | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT
    account_id: int | Absent | None = ABSENT
    root_account_id: int | Absent | None = ABSENT
    enrollment_term_id: int | Absent | None = ABSENT
    start_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT
    restrict_enrollments_to_course_dates: bool | Absent | None = ABSENT
    time_zone: str | Absent | None = ABSENT
    sis_course_id: str | Absent | None = ABSENT
    integration_id: str | Absent | None = ABSENT
    default_view: str | Absent | None = ABSENT
    is_public: bool | Absent | None = ABSENT
    grading_standard_id: int | Absent | None = ABSENT
    blueprint: bool | Absent | None = ABSENT
    template: bool | Absent | None = ABSENT
    hide_final_grades: bool | Absent | None = ABSENT
    apply_assignment_group_weights: bool | Absent | None = ABSENT
    storage_quota_mb: float | Absent | None = ABSENT
    calendar: object | Absent = ABSENT
    enrollments: object | Absent = ABSENT
    term: Term | Absent | None = ABSENT
    concluded: bool | Absent | None = ABSENT
    total_students: int | Absent | None = ABSENT
    teachers: object | Absent = ABSENT
    account_name: str | Absent | None = ABSENT
    account: object | Absent = ABSENT
    permissions: object | Absent = ABSENT
    sections: object | Absent = ABSENT
    lti_context_id: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseListing:
    """Which courses of an account to list. `state` takes created, claimed, available, completed, deleted, all.

    `include` takes term, total_students, teachers, account_name, concluded …; `search_term` has two characters or
    more.
    """

    include: Sequence[str] = ()
    state: Sequence[str] = ()
    with_enrollments: bool | None = None
    published: bool | None = None
    completed: bool | None = None
    blueprint: bool | None = None
    enrollment_type: Sequence[str] = ()
    enrollment_term_id: AnyId | None = None
    by_subaccounts: Sequence[int] = ()
    by_teachers: Sequence[int] = ()
    search_term: str | None = None
    search_by: str | None = None
    starts_before: datetime | None = None
    ends_after: datetime | None = None
    sort: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseValues:
    """What a course shall be; UNCHANGED is not sent, None clears.

    `start_at` and `end_at` are dropped on creation unless `restrict_enrollments_to_course_dates` is True. `event`,
    on an edit only, is offer, conclude, delete, undelete or claim.
    """

    name: str | Unchanged = UNCHANGED
    course_code: str | Unchanged = UNCHANGED
    start_at: datetime | Unchanged | None = UNCHANGED
    end_at: datetime | Unchanged | None = UNCHANGED
    restrict_enrollments_to_course_dates: bool | Unchanged = UNCHANGED
    term_id: AnyId | Unchanged = UNCHANGED
    sis_course_id: str | Unchanged = UNCHANGED
    time_zone: str | Unchanged = UNCHANGED
    event: str | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section. `nonxlist_course_id` is its original course while it is cross-listed, else null."""

    id: int
    name: str | Absent | None = ABSENT
    course_id: int | Absent | None = ABSENT
    nonxlist_course_id: int | Absent | None = ABSENT
    start_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    restrict_enrollments_to_section_dates: bool | Absent | None = ABSENT
    sis_section_id: str | Absent | None = ABSENT
    sis_course_id: str | Absent | None = ABSENT
    integration_id: str | Absent | None = ABSENT
    total_students: int | Absent | None = ABSENT
    students: object | Absent = ABSENT
    permissions: object | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionValues:
    """What a section shall be; UNCHANGED is not sent, None clears."""

    name: str | Unchanged = UNCHANGED
    start_at: datetime | Unchanged | None = UNCHANGED
    end_at: datetime | Unchanged | None = UNCHANGED
    restrict_enrollments_to_section_dates: bool | Unchanged = UNCHANGED
    sis_section_id: str | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingPeriod:
    """A grading period. A date is in it when start < date ≤ end; after `close_date` it is closed."""

    id: int
    title: str | Absent | None = ABSENT
    start_date: datetime | Absent | None = ABSENT
    end_date: datetime | Absent | None = ABSENT
    close_date: datetime | Absent | None = ABSENT
    weight: float | Absent | None = ABSENT
    is_last: bool | Absent | None = ABSENT
    is_closed: bool | Absent | None = ABSENT
    permissions: object | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingPeriodValues:
    """One period of a set or course, by `id`; without it a new one."""

    id: int | Unchanged = UNCHANGED
    title: str
    start_date: datetime
    end_date: datetime
    close_date: datetime | Unchanged | None = UNCHANGED
    weight: float | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingPeriodSet:
    """A set of grading periods, shared by the courses of its terms."""

    id: int
    title: str | Absent | None = ABSENT
