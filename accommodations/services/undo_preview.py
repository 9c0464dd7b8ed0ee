"""What an undo would do, from what was last read of each course: no request to Canvas, and nothing is stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from accommodations.codec import from_stored
from accommodations.models import Accommodation, Assessment, Course, InstitutionSettings, Student
from accommodations.planning.plan import Hold, HoldKind, PlannedAction, PlanningInputs, Values
from accommodations.planning.planner import plan_course
from accommodations.selectors.enrolled import with_enrollments
from accommodations.selectors.rules import planning_inputs_of_courses
from accommodations.services.holds import PairIds, assessments_of_student
from accommodations.services.snapshots import as_if_read, facts_of_courses
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
    shown: tuple[UndoRow, ...] = ()
    """Of these rows the ones on a page."""

    @property
    def shown_changed(self) -> list[UndoRow]:
        """Return what of the page would be written to."""
        return [row for row in self.shown if row.actions]

    @property
    def shown_kept(self) -> list[UndoRow]:
        """Return what of the page stays as it is for now."""
        return [row for row in self.shown if not row.actions]

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
    def in_order(self) -> list[tuple[UndoCourse, UndoRow]]:
        """Return each row beside its course, in the order of the page: of a course what changes comes first."""
        return [(one, row) for one in self.courses for row in (*one.changed, *one.kept)]

    @property
    def changed_count(self) -> int:
        """Return how many assessments would be written to."""
        return sum(bool(row.actions) for row in self.rows)

    @property
    def kept_count(self) -> int:
        """Return how many stay as they are for now: handed in, over, or open."""
        return len(self.rows) - self.changed_count


def preview_undo(
    pairs: Mapping[PairIds, Values], *, by: str, now: datetime, institution: InstitutionSettings | None = None
) -> UndoPreview:
    """Return what undoing these pairs would do; `pairs` as `services.holds` gives them."""
    students = Student.objects.in_bulk({student for student, _ in pairs})
    assessments = Assessment.objects.in_bulk({one for _, one in pairs})
    courses = Course.objects.select_related("snapshot").in_bulk({row.course_id for row in assessments.values()})
    listed = [
        (students[student], assessments[assessment], kept)
        for (student, assessment), kept in sorted(pairs.items(), key=lambda item: item[0])
    ]
    held = _by_course(listed, courses)
    return _preview(held, planning_inputs_of_courses(_facts_of(held), now=now, institution=institution), by)


def preview_undo_of_student(
    student: Student,
    *,
    by: str,
    now: datetime,
    accommodations: Collection[Accommodation],
    institution: InstitutionSettings | None = None,
) -> UndoPreview:
    """Return the same for all of one student, whose `accommodations` that count the caller has read."""
    standing = list(assessments_of_student(student).order_by("pk"))
    courses, enrollments = with_enrollments(Course.objects.filter(pk__in={row.course_id for row in standing}), student)
    held = _by_course([(student, row, Values()) for row in standing], {course.pk: course for course in courses})
    inputs = planning_inputs_of_courses(
        facts_of_courses(held, student, enrollments),
        now=now,
        enrollments=enrollments,
        accommodations=accommodations,
        institution=institution,
    )
    return _preview(held, inputs, by)


_Pair = tuple[Student, Assessment, Values]
_Held = Mapping[Course, list[_Pair]]


def _by_course(pairs: Iterable[_Pair], courses: Mapping[int, Course]) -> _Held:
    """Return the pairs course by course; each course comes with its snapshot, which is read once."""
    held: dict[Course, list[_Pair]] = {}
    for student, row, kept in pairs:
        row.course = courses[row.course_id]
        held.setdefault(row.course, []).append((student, row, kept))
    return held


def _facts_of(courses: Iterable[Course]) -> dict[Course, CourseFacts]:
    snapshots = {course: getattr(course, "snapshot", None) for course in courses}
    return {course: from_stored(CourseFacts, one.facts) for course, one in snapshots.items() if one is not None}


def _preview(held: _Held, inputs: Mapping[int, PlanningInputs], by: str) -> UndoPreview:
    courses = [UndoCourse(course, tuple(_rows(inputs.get(course.pk), listed, by))) for course, listed in held.items()]
    return UndoPreview(tuple(sorted(courses, key=lambda one: not one.changed)))


def _rows(inputs: PlanningInputs | None, listed: list[_Pair], by: str) -> Iterable[UndoRow]:
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


def shown_courses(listed: Iterable[tuple[UndoCourse, UndoRow]]) -> list[UndoCourse]:
    """Return the courses of a page's rows (of `UndoPreview.in_order`), each with these rows as shown."""
    by_course: dict[int, tuple[UndoCourse, list[UndoRow]]] = {}
    for one, row in listed:
        by_course.setdefault(one.course.pk, (one, []))[1].append(row)
    return [replace(one, shown=tuple(rows)) for one, rows in by_course.values()]
