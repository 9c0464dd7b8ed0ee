"""People and their enrollments (contract 10.2, 10.3, 10.4, 10.7.7, 10.7.10). Nothing personal is in a `repr`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged
from canvas_bridge.wire.ids import AnyId


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, as far as the caller may see them: login, SIS id and address by right, else ABSENT."""

    id: int
    name: str | Absent | None = field(default=ABSENT, repr=False)
    sortable_name: str | Absent | None = field(default=ABSENT, repr=False)
    short_name: str | Absent | None = field(default=ABSENT, repr=False)
    created_at: datetime | Absent | None = ABSENT
    sis_user_id: str | Absent | None = field(default=ABSENT, repr=False)
    integration_id: str | Absent | None = field(default=ABSENT, repr=False)
    login_id: str | Absent | None = field(default=ABSENT, repr=False)
    email: str | Absent | None = field(default=ABSENT, repr=False)
    avatar_url: str | Absent | None = field(default=ABSENT, repr=False)
    locale: str | Absent | None = ABSENT
    effective_locale: str | Absent | None = ABSENT
    permissions: object | Absent = ABSENT
    enrollments: object | Absent = field(default=ABSENT, repr=False)
    group_ids: tuple[int, ...] | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person's profile. `time_zone` is the zone in which Canvas reads their times and moves 00:00 (contract 1.7)."""

    id: int
    time_zone: str | Absent | None = ABSENT
    name: str | Absent | None = field(default=ABSENT, repr=False)
    sortable_name: str | Absent | None = field(default=ABSENT, repr=False)
    short_name: str | Absent | None = field(default=ABSENT, repr=False)
    login_id: str | Absent | None = field(default=ABSENT, repr=False)
    sis_user_id: str | Absent | None = field(default=ABSENT, repr=False)
    integration_id: str | Absent | None = field(default=ABSENT, repr=False)
    primary_email: str | Absent | None = field(default=ABSENT, repr=False)
    avatar_url: str | Absent | None = field(default=ABSENT, repr=False)
    title: str | Absent | None = field(default=ABSENT, repr=False)
    bio: str | Absent | None = field(default=ABSENT, repr=False)
    pronouns: str | Absent | None = field(default=ABSENT, repr=False)
    locale: str | Absent | None = ABSENT
    effective_locale: str | Absent | None = ABSENT
    lti_user_id: str | Absent | None = field(default=ABSENT, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserListing:
    """Which people of a course to list. The default states are active and invited.

    `enrollment_type` takes teacher, student, student_view, ta, observer, designer; `sort` username, last_login, email,
    sis_id; `include` enrollments, locked, avatar_url, test_student, bio, custom_links, uuid, group_ids ….
    """

    search_term: str | None = field(default=None, repr=False)
    enrollment_type: Sequence[str] = ()
    enrollment_role_id: int | None = None
    enrollment_state: Sequence[str] = ()
    include_inactive: bool | None = None
    user_ids: Sequence[int] = ()
    user_id: int | None = None
    include: Sequence[str] = ()
    sort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One enrollment of one person, in one section and role; a person may have several.

    `enrollment_state` is active, invited, creation_pending, completed, inactive, rejected or deleted.
    """

    id: int
    user_id: int
    course_id: int
    course_section_id: int
    type: str
    enrollment_state: str
    role: str | Absent | None = ABSENT
    role_id: int | Absent | None = ABSENT
    associated_user_id: int | Absent | None = ABSENT
    limit_privileges_to_course_section: bool | Absent | None = ABSENT
    root_account_id: int | Absent | None = ABSENT
    start_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    updated_at: datetime | Absent | None = ABSENT
    html_url: str | Absent | None = ABSENT
    sis_account_id: str | Absent | None = ABSENT
    sis_course_id: str | Absent | None = ABSENT
    course_integration_id: str | Absent | None = ABSENT
    sis_section_id: str | Absent | None = ABSENT
    section_integration_id: str | Absent | None = ABSENT
    sis_user_id: str | Absent | None = field(default=ABSENT, repr=False)
    grades: object | Absent = field(default=ABSENT, repr=False)
    user: User | Absent = field(default=ABSENT, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentListing:
    """Which enrollments to list. Without `state`: active and invited ones.

    `type` takes StudentEnrollment, TeacherEnrollment, TaEnrollment, DesignerEnrollment, ObserverEnrollment. The `sis_…`
    filters need the right to read SIS data. `enrollment_term_id` counts in the list of a user only, `user_id` in the
    others.
    """

    type: Sequence[str] = ()
    role: Sequence[str] = ()
    state: Sequence[str] = ()
    include: Sequence[str] = ()
    user_id: AnyId | None = None
    enrollment_term_id: AnyId | None = None
    grading_period_id: int | None = None
    sis_user_id: Sequence[str] = field(default=(), repr=False)
    sis_course_id: Sequence[str] = ()
    sis_section_id: Sequence[str] = ()
    sis_account_id: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentValues:
    """A new enrollment: StudentEnrollment unless `type` says otherwise, and `invited` unless a state is sent."""

    user_id: int
    type: str | Unchanged = UNCHANGED
    role_id: int | Unchanged = UNCHANGED
    enrollment_state: str | Unchanged = UNCHANGED
    course_section_id: int | Unchanged = UNCHANGED
    limit_privileges_to_course_section: bool | Unchanged = UNCHANGED
    start_at: datetime | Unchanged = UNCHANGED
    end_at: datetime | Unchanged = UNCHANGED
    associated_user_id: int | Unchanged = UNCHANGED
    notify: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Canvas's short answer to accepting or leaving."""

    success: bool | Absent = ABSENT
    ok: bool | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class UserValues:
    """A new person. `unique_id` is the login. Without `skip_registration` they stay unregistered."""

    unique_id: str = field(repr=False)
    password: str | Unchanged = field(default=UNCHANGED, repr=False)
    sis_user_id: str | Unchanged = field(default=UNCHANGED, repr=False)
    name: str | Unchanged = field(default=UNCHANGED, repr=False)
    time_zone: str | Unchanged = UNCHANGED
    skip_registration: bool | Unchanged = UNCHANGED
    email: str | Unchanged = field(default=UNCHANGED, repr=False)
    skip_confirmation: bool | Unchanged = UNCHANGED

    def body(self) -> dict[str, object]:
        """Return the body of the request, in Canvas's three parts."""
        body: dict[str, object] = {
            "pseudonym": {"unique_id": self.unique_id, "password": self.password, "sis_user_id": self.sis_user_id},
            "user": {
                "name": self.name,
                "time_zone": self.time_zone,
                "skip_registration": self.skip_registration,
            },
        }
        if not isinstance(self.email, Unchanged):
            channel = {"type": "email", "address": self.email, "skip_confirmation": self.skip_confirmation}
            body["communication_channel"] = channel
        return body
