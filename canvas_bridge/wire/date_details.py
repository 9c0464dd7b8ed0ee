"""Dates of learning objects, ungraded quizzes among them, and overrides of modules (contract 10.7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN, UNCHANGED, Absent, OverrideDate, Unchanged
from canvas_bridge.wire.assignments import Checkpoint
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.overrides import NamedId, Override, check_named_students


@dataclass(frozen=True, slots=True, kw_only=True)
class DateDetails:
    """Base dates of one item, never collapsed for the caller, and its active overrides, those of its modules too.

    `due_at` is ABSENT for kinds without one. `blueprint_date_locks` names what a blueprint locks on this copy.
    """

    id: int
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    only_visible_to_overrides: bool | Absent | None = ABSENT
    visible_to_everyone: bool | Absent | None = ABSENT
    group_category_id: int | Absent | None = ABSENT
    graded: bool | Absent | None = ABSENT
    blueprint_date_locks: tuple[str, ...] | Absent | None = ABSENT
    checkpoints: tuple[Checkpoint, ...] | Absent | None = ABSENT
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedOverride:
    """One entry of the complete list of an item's overrides.

    With `id` it is that override: a target left UNCHANGED is kept, a date left NOT_OVERRIDDEN stops being overridden.
    Without, it is made anew each time that the list is sent. Students go with a title, as in OverrideValues.
    """

    id: int | Unchanged = UNCHANGED
    title: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    due_at: OverrideDate = NOT_OVERRIDDEN
    unlock_at: OverrideDate = NOT_OVERRIDDEN
    lock_at: OverrideDate = NOT_OVERRIDDEN
    student_ids: Sequence[AnyId] | Unchanged = UNCHANGED
    course_section_id: AnyId | Unchanged = UNCHANGED
    course_id: int | Unchanged = UNCHANGED
    group_id: int | Unchanged = UNCHANGED
    noop_id: int | Unchanged = UNCHANGED
    unassign_item: bool | Unchanged = UNCHANGED
    reply_to_topic_due_at: datetime | Unchanged | None = UNCHANGED
    required_replies_due_at: datetime | Unchanged | None = UNCHANGED

    def __post_init__(self) -> None:
        check_named_students(self.student_ids, self.title)

    @classmethod
    def kept(cls, override: Override) -> "DatedOverride":
        """Return the entry that leaves an override just as it was read."""
        return cls(id=override.id, due_at=override.due_at, unlock_at=override.unlock_at, lock_at=override.lock_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateDetailsValues:
    """New dates of one item. UNCHANGED base dates stay; None clears.

    `assignment_overrides` UNCHANGED leaves the overrides alone; a list is the complete one: what it does not hold is
    deleted. The two `…_due_at` of a checkpointed discussion stand beside its other dates.
    """

    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED
    only_visible_to_overrides: bool | Unchanged = UNCHANGED
    reply_to_topic_due_at: datetime | Unchanged | None = UNCHANGED
    required_replies_due_at: datetime | Unchanged | None = UNCHANGED
    assignment_overrides: Sequence[DatedOverride] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleOverride:
    """Who is assigned the items of a module: students, a section or a group. It carries no dates."""

    id: int
    context_module_id: int | Absent | None = ABSENT
    title: str | Absent | None = field(default=ABSENT, repr=False)
    students: tuple[NamedId, ...] | Absent = field(default=ABSENT, repr=False)
    course_section: NamedId | Absent = ABSENT
    group: NamedId | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleOverrideValues:
    """One entry of the complete list of a module's overrides: one target, by plain numbers."""

    id: int | Unchanged = UNCHANGED
    title: str | Unchanged = field(default=UNCHANGED, repr=False)
    student_ids: Sequence[int] | Unchanged = UNCHANGED
    course_section_id: int | Unchanged = UNCHANGED
    group_id: int | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module of a course."""

    id: int
    name: str | Absent | None = ABSENT
    position: int | Absent | None = ABSENT
    published: bool | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleItem:
    """One item of a module."""

    id: int
    module_id: int | Absent | None = ABSENT
    type: str | Absent | None = ABSENT
    content_id: int | Absent | None = ABSENT
    title: str | Absent | None = ABSENT
