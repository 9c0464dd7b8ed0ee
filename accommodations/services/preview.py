"""What recording or changing an accommodation would do, from the stored snapshots: no request to Canvas."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accommodations.models import Accommodation, Assessment, Course, Student
from accommodations.planning.plan import PairOutcome, Plan, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.rules import planning_inputs, rule_of, rules_for
from accommodations.selectors.sync import courses_concerned, courses_not_long_over
from accommodations.services.accommodation_values import AccommodationValues, check_values, write_values
from accommodations.services.snapshots import as_if_read, facts_for


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One assessment of the student: what Canvas holds, what it would hold, and what would be sent for it."""

    assessment: Assessment
    status: Status
    reason: Reason
    sentence: str
    before: Values
    after: Values | None
    outcome: PairOutcome
    actions: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether anything would be sent to Canvas."""
        return bool(self.actions)


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows by course, and how many there are of which kind."""

    courses: tuple[tuple[Course, tuple[PreviewRow, ...]], ...] = ()
    not_read_yet: tuple[Course, ...] = ()

    @property
    def rows(self) -> tuple[PreviewRow, ...]:
        """Return the rows of all courses."""
        return tuple(row for _, rows in self.courses for row in rows)

    @property
    def changed_count(self) -> int:
        """Return how many assessments would be written to."""
        return sum(row.is_change for row in self.rows)

    @property
    def unchanged_count(self) -> int:
        """Return how many assessments stay as they are."""
        return len(self.rows) - self.changed_count

    @property
    def course_count(self) -> int:
        """Return how many courses have at least one row."""
        return len(self.courses)


def preview_accommodation(
    *, student: Student, values: AccommodationValues, replacing: Accommodation | None = None, now: datetime
) -> Preview:
    """Return what recording these values would do. Raises ValuesRefused as recording would; nothing is stored."""
    return preview_accommodations(student=student, values=[values], replacing=replacing, now=now)


def preview_accommodations(
    *,
    student: Student,
    values: list[AccommodationValues],
    replacing: Accommodation | None = None,
    now: datetime,
) -> Preview:
    """Return what recording several provisions at once would do."""
    rules = [_rule(student, one, replacing) for one in values]
    return _preview(student, rules, leaving_out=replacing, now=now)


def preview_ending(*, accommodation: Accommodation, now: datetime) -> Preview:
    """Return what ending the accommodation would take back, and what would stay."""
    return _preview(accommodation.student, [], leaving_out=accommodation, now=now)


def _rule(student: Student, values: AccommodationValues, replacing: Accommodation | None) -> AccommodationRule:
    check_values(values)
    unsaved = Accommodation(student=student, pk=replacing.pk if replacing else None)
    write_values(unsaved, values)
    return rule_of(unsaved)


def _preview(
    student: Student, rules: list[AccommodationRule], *, leaving_out: Accommodation | None, now: datetime
) -> Preview:
    courses, not_read = [], []
    for course in _courses(student, now=now):
        facts = facts_for(course, student)
        if facts is None:
            not_read.append(course)
            continue
        kept = [rule for rule in rules_for(course) if leaving_out is None or rule.accommodation_id != leaving_out.pk]
        mine = tuple(rule for rule in (*kept, *rules) if rule.canvas_user_id == student.canvas_user_id)
        plan = plan_course(planning_inputs(course, as_if_read(course, facts), now=now, rules=mine))
        rows = _rows(course, plan, student)
        if rows:
            courses.append((course, rows))
    return Preview(courses=tuple(courses), not_read_yet=tuple(not_read))


def _courses(student: Student, *, now: datetime) -> list[Course]:
    open_courses = courses_not_long_over(now=now)
    enrolled = Q(pk__in=open_courses.filter(enrollments__student=student).values("pk"))
    concerned = Q(pk__in=courses_concerned(now=now, students=[student]).values("pk"))
    return list(open_courses.filter(enrolled | concerned))


def _rows(course: Course, plan: Plan, student: Student) -> tuple[PreviewRow, ...]:
    assessments = {row.key: row for row in Assessment.objects.filter(course=course)}
    actions: dict[str, list[str]] = {}
    for action in plan.actions:
        if action.canvas_user_id == student.canvas_user_id:
            actions.setdefault(action.assessment_key, []).append(action.sentence)
    return tuple(
        PreviewRow(
            assessment=assessments[outcome.assessment_key],
            status=outcome.status,
            reason=outcome.reason,
            sentence=outcome.sentence,
            before=outcome.observed,
            after=outcome.wanted,
            outcome=outcome,
            actions=tuple(actions.get(outcome.assessment_key, ())),
        )
        for outcome in plan.pairs
        if outcome.canvas_user_id == student.canvas_user_id and outcome.assessment_key in assessments
    )
