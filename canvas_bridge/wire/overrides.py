"""Assignment overrides, as Canvas shows them and as they are written (contract 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN, UNCHANGED, Absent, OverrideDate, Unchanged
from canvas_bridge.wire.ids import AnyId, in_list
from canvas_bridge.wire.writing import json_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedId:
    """A student, section or group with its name."""

    id: int
    name: str | Absent | None = field(default=ABSENT, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An active override. `student_ids` is there for an ad-hoc one only, limited to students the caller can see.

    Which of the other ids is there tells the target: `group_id`, `course_section_id`, `course_id` (everyone) or
    `noop_id` (mastery paths). `context_module_id` marks a module's override, which only its module can change.
    `students` is there in the answers of date details.
    """

    id: int
    title: str | Absent | None = field(default=ABSENT, repr=False)
    assignment_id: int | Absent | None = ABSENT
    quiz_id: int | Absent | None = ABSENT
    discussion_topic_id: int | Absent | None = ABSENT
    wiki_page_id: int | Absent | None = ABSENT
    attachment_id: int | Absent | None = ABSENT
    unassign_item: bool | Absent | None = ABSENT
    due_at: OverrideDate = NOT_OVERRIDDEN
    unlock_at: OverrideDate = NOT_OVERRIDDEN
    lock_at: OverrideDate = NOT_OVERRIDDEN
    all_day: bool | Absent | None = ABSENT
    all_day_date: str | Absent | None = ABSENT
    student_ids: tuple[int, ...] | Absent = ABSENT
    students: tuple[NamedId, ...] | Absent = field(default=ABSENT, repr=False)
    group_id: int | Absent | None = ABSENT
    group_category_id: int | Absent | None = ABSENT
    non_collaborative: bool | Absent | None = ABSENT
    course_section_id: int | Absent | None = ABSENT
    course_id: int | Absent | None = ABSENT
    noop_id: int | Absent | None = ABSENT
    context_module_id: int | Absent | None = ABSENT
    sub_assignment_due_dates: object | Absent = ABSENT


def check_named_students(student_ids: Sequence[AnyId] | Unchanged, title: str | Unchanged | None) -> None:
    """Raise ValueError for students without a title, or by a form of id that no list of students takes."""
    if isinstance(student_ids, Unchanged):
        return
    for student_id in student_ids:
        in_list(student_id)
    if isinstance(title, Unchanged):
        raise ValueError("students are sent with the override's title, or with None for Canvas's count")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideValues:
    """What an override shall be: its target and *all* its dates. A date left NOT_OVERRIDDEN stops being overridden.

    Exactly one target on creation: `student_ids` (numbers, `sis_user_id` or `sis_login_id`), `group_id` (a number),
    `course_section_id`, `course_id` (everyone) or `noop_id`. On an update only `student_ids` counts, replaces the
    students, and may not be empty. Students go with a title: left out, Canvas would rename the override to their
    count; None asks for just that. Canvas does not check the order of the dates. `unassign_item` cannot be switched
    off again. Raises ValueError for students without a title, or by another form of id.
    """

    student_ids: Sequence[AnyId] | Unchanged = UNCHANGED
    group_id: int | Unchanged = UNCHANGED
    course_section_id: AnyId | Unchanged = UNCHANGED
    course_id: int | Unchanged = UNCHANGED
    noop_id: int | Unchanged = UNCHANGED
    title: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    due_at: OverrideDate = NOT_OVERRIDDEN
    unlock_at: OverrideDate = NOT_OVERRIDDEN
    lock_at: OverrideDate = NOT_OVERRIDDEN
    unassign_item: bool | Unchanged = UNCHANGED

    def __post_init__(self) -> None:
        check_named_students(self.student_ids, self.title)

    @property
    def target_count(self) -> int:
        """Return how many targets are named."""
        targets = (self.student_ids, self.group_id, self.course_section_id, self.course_id, self.noop_id)
        return sum(not isinstance(target, Unchanged) for target in targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideKey:
    """One override of a batch, by plain numbers."""

    id: int
    assignment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideCreation:
    """A new override of one assignment, in a batch."""

    assignment_id: int
    values: OverrideValues

    def element(self) -> object:
        """Return the element of the request."""
        return json_of({"assignment_id": self.assignment_id, **_values(self.values)})


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideUpdate:
    """New values for one override, in a batch. Students left out of its list stay removed even where it is refused."""

    id: int
    assignment_id: int
    values: OverrideValues

    def element(self) -> object:
        """Return the element of the request."""
        return json_of({"id": self.id, "assignment_id": self.assignment_id, **_values(self.values)})


def _values(values: OverrideValues) -> dict[str, object]:
    json = json_of(values)
    return json if isinstance(json, dict) else {}
