"""What an undo would do, from what was last read of each course: no request to Canvas, and nothing is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from accommodations.codec import from_stored
from accommodations.models import Assessment, Course, Student
from accommodations.planning.plan import Hold, HoldKind, PlannedAction, PlanningInputs, Values
from accommodations.planning.planner import plan_course
from accommodations.selectors.rules import planning_inputs_of_courses
from accommodations.services.holds import PairIds
from accommodations.services.snapshots import as_if_read
from canvas_bridge.facts import CourseFacts


@dataclass(frozen=True, slots=True)
class UndoRow:
    """One pair of an undo: what would change, empty where it stays as it is for now."""

    student: Student
    assessment: Assessment
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True)
class UndoCourse:
    """What an undo does in one course."""

    course: Course
    rows: tuple[UndoRow, ...]

    @property
    def changed(self) -> list[UndoRow]:
        """Return what would be written to."""
        return [row for row in self.rows if row.actions]

    @property
    def kept(self) -> list[UndoRow]:
        """Return what stays as it is for now: handed in, over, or open."""
        return [row for row in self.rows if not row.actions]


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """The courses, those in which something changes first; what waits or stays is among their rows, without actions."""

    courses: tuple[UndoCourse, ...] = ()

    @property
    def rows(self) -> tuple[UndoRow, ...]:
        """Return the rows of all courses."""
        return tuple(row for one in self.courses for row in one.rows)

    @property
    def changed_count(self) -> int:
        """Return how many assessments would be written to."""
        return sum(bool(row.actions) for row in self.rows)

    @property
    def kept_count(self) -> int:
        """Return how many stay as they are for now: handed in, over, or open."""
        return len(self.rows) - self.changed_count


def preview_undo(pairs: Mapping[PairIds, Values], *, by: str, now: datetime) -> UndoPreview:
    """Return what undoing these pairs would do; `pairs` as `services.holds` gives them."""
    students = Student.objects.in_bulk({student for student, _ in pairs})
    assessments = Assessment.objects.select_related("course__snapshot").in_bulk({one for _, one in pairs})
    held: dict[Course, list[tuple[Student, Assessment, Values]]] = {}
    for (student, assessment), kept in sorted(pairs.items(), key=lambda item: item[0]):
        row = assessments[assessment]
        held.setdefault(row.course, []).append((students[student], row, kept))
    facts = {course: _facts(course) for course in held}
    read = {course: found for course, found in facts.items() if found is not None}
    inputs = planning_inputs_of_courses(read, now=now)
    courses = [UndoCourse(course, tuple(_rows(inputs.get(course.pk), listed, by))) for course, listed in held.items()]
    return UndoPreview(tuple(sorted(courses, key=lambda one: not one.changed)))


def _facts(course: Course) -> CourseFacts | None:
    snapshot = getattr(course, "snapshot", None)
    return None if snapshot is None else from_stored(CourseFacts, snapshot.facts)


def _rows(
    inputs: PlanningInputs | None, listed: Iterable[tuple[Student, Assessment, Values]], by: str
) -> Iterable[UndoRow]:
    listed = list(listed)
    actions: dict[tuple[int, str], list[PlannedAction]] = {}
    if inputs is not None:
        holds = {
            (student.canvas_user_id, assessment.key): Hold(
                student.canvas_user_id, assessment.key, HoldKind.UNDONE, by, kept=kept
            )
            for student, assessment, kept in listed
        }
        others = [hold for hold in inputs.holds if (hold.canvas_user_id, hold.assessment_key) not in holds]
        facts = as_if_read(inputs.facts, inputs.ledger_extensions)
        for action in plan_course(replace(inputs, facts=facts, holds=(*others, *holds.values()))).actions:
            actions.setdefault(action.pair_key, []).append(action)
    for student, assessment, _ in listed:
        yield UndoRow(student, assessment, tuple(actions.get((student.canvas_user_id, assessment.key), ())))
