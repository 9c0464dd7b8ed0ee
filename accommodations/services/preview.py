"""What recording or changing an accommodation would do, from the stored snapshots: no request to Canvas."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from accommodations.models import (
    Accommodation,
    Assessment,
    Course,
    InstitutionSettings,
    Student,
)
from accommodations.planning.plan import PairOutcome, Plan, PlannedAction, PlanningInputs, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.assignment_groups import notes_on_facts
from accommodations.selectors.enrolled import with_enrollments
from accommodations.selectors.rules import planning_inputs_of_courses, rule_of
from accommodations.selectors.sync import courses_concerned, courses_not_long_over
from accommodations.services.accommodation_values import AccommodationValues, check_values, write_values
from accommodations.services.snapshots import as_if_read, facts_of_courses


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
    group_notes: tuple[str, ...] = ()
    """What is to be said of the assignment groups that the rules name: which course has none of that name."""

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
    institution: InstitutionSettings | None = None,
    released: Collection[Course] = (),
    accommodations: Collection[Accommodation] | None = None,
) -> Preview:
    """Return what recording several provisions at once would do; what a page has read is not read again.

    `released`: courses that the student asks for at the same time. `accommodations`: those of the student that count.
    """
    rules = tuple(_rule(student, one, replacing) for one in values)
    asked_for = {course.canvas_course_id for course in released}

    def rows(inputs: PlanningInputs) -> list[_Row]:
        if inputs.facts.course.canvas_course_id in asked_for:
            inputs = replace(inputs, not_released=inputs.not_released - {student.canvas_user_id})
        return _rows_of_plan(plan_course(_with(inputs, rules, leaving_out=[replacing] if replacing else [])))

    known = _known(student, now=now, institution=institution, accommodations=accommodations)
    return known.with_group_notes(known.preview(rows), rules)


def preview_approval(
    *,
    drafts: Sequence[Accommodation],
    now: datetime,
    institution: InstitutionSettings | None = None,
    accommodations: Collection[Accommodation] | None = None,
) -> Preview:
    """Return what approving these records of one student would do; what each replaces ends with it.

    `accommodations`: those of the student that count, where a page has read them.
    """
    rules = tuple(rule_of(draft) for draft in drafts)
    gone = [*drafts, *(draft.replaces for draft in drafts if draft.replaces is not None)]
    known = _known(drafts[0].student, now=now, institution=institution, accommodations=accommodations)
    shown = known.preview(lambda inputs: _rows_of_plan(plan_course(_with(inputs, rules, leaving_out=gone))))
    return known.with_group_notes(shown, rules)


def preview_decision(
    *,
    student: Student,
    decided: Callable[[PlanningInputs], PlanningInputs],
    now: datetime,
    institution: InstitutionSettings | None = None,
) -> Preview:
    """Return what a decision beside the accommodations changes: `decided` gives a course's inputs as they would be.

    Both plans are made, as they stand and as decided: what else is on its way is none of the decision's doing.
    """
    return _known(student, now=now, institution=institution).preview(
        lambda inputs: _rows_between(before=plan_course(inputs), after=plan_course(decided(inputs)))
    )


def preview_ending(
    *, accommodation: Accommodation, now: datetime, institution: InstitutionSettings | None = None
) -> Preview:
    """Return what ending the accommodation would take back, and what would stay.

    Both plans are made, with it and without: what else is on its way to Canvas is none of the ending's doing.
    """
    known = _known(accommodation.student, now=now, institution=institution)
    return known.preview(
        lambda inputs: _rows_between(
            before=plan_course(inputs), after=plan_course(_with(inputs, (), leaving_out=[accommodation]))
        )
    )


def _rule(student: Student, values: AccommodationValues, replacing: Accommodation | None) -> AccommodationRule:
    check_values(values)
    unsaved = Accommodation(student=student, pk=replacing.pk if replacing else None)
    write_values(unsaved, values)
    return rule_of(unsaved)


def _with(
    inputs: PlanningInputs, rules: tuple[AccommodationRule, ...], *, leaving_out: Collection[Accommodation]
) -> PlanningInputs:
    gone = {row.pk for row in leaving_out}
    kept = [rule for rule in inputs.rules if rule.accommodation_id not in gone]
    return replace(inputs, rules=(*kept, *rules))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one student's courses, read for all of them at once."""

    student: Student
    courses: list[Course]
    inputs: dict[int, PlanningInputs]
    assessments: dict[int, dict[str, Assessment]]

    def preview(self, rows_of: Callable[[PlanningInputs], list["_Row"]]) -> Preview:
        """Return the preview made of each course's rows."""
        read = [(course, self._rows(course, rows_of)) for course in self.courses if course.pk in self.inputs]
        return Preview(
            courses=tuple((course, rows) for course, rows in read if rows),
            not_read_yet=tuple(course for course in self.courses if course.pk not in self.inputs),
        )

    def with_group_notes(self, shown: Preview, rules: Collection[AccommodationRule]) -> Preview:
        """Return the preview with what is to be said of the assignment groups that these rules name."""
        facts = [self.inputs[course.pk].facts for course in self.courses if course.pk in self.inputs]
        return replace(shown, group_notes=tuple(notes_on_facts(facts, rules)))

    def _rows(self, course: Course, rows_of: Callable[[PlanningInputs], list["_Row"]]) -> tuple[PreviewRow, ...]:
        assessments = self.assessments.get(course.pk, {})
        return tuple(
            PreviewRow(
                assessment=assessments[row.outcome.assessment_key],
                status=row.outcome.status,
                reason=row.outcome.reason,
                sentence=row.outcome.sentence,
                before=row.before,
                after=row.after,
                outcome=row.outcome,
                actions=row.actions,
            )
            for row in rows_of(self.inputs[course.pk])
            if row.outcome.canvas_user_id == self.student.canvas_user_id and row.outcome.assessment_key in assessments
        )


def _known(
    student: Student,
    *,
    now: datetime,
    institution: InstitutionSettings | None,
    accommodations: Collection[Accommodation] | None = None,
) -> _Known:
    """Read four times: courses with the student's enrollments, accommodations, what stands there, assessments."""
    courses, enrollments = with_enrollments(_courses(student, now=now), student)
    facts = facts_of_courses(courses, student, enrollments)
    inputs = planning_inputs_of_courses(
        facts, now=now, enrollments=enrollments, institution=institution, accommodations=accommodations
    )
    assessments: dict[int, dict[str, Assessment]] = {}
    for row in Assessment.objects.filter(course__in=list(facts)):
        assessments.setdefault(row.course_id, {})[row.key] = row
    return _Known(
        student=student,
        courses=courses,
        inputs={pk: replace(one, facts=as_if_read(one.facts, one.ledger_extensions)) for pk, one in inputs.items()},
        assessments=assessments,
    )


def _courses(student: Student, *, now: datetime) -> QuerySet[Course]:
    open_courses = courses_not_long_over(now=now)
    enrolled = Q(pk__in=open_courses.filter(enrollments__student=student).values("pk"))
    concerned = Q(pk__in=courses_concerned(now=now, students=[student]).values("pk"))
    return open_courses.filter(enrolled | concerned)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a plan says of one pair, as a preview shows it."""

    outcome: PairOutcome
    before: Values
    after: Values | None
    actions: tuple[str, ...] = ()


def _rows_of_plan(plan: Plan) -> list[_Row]:
    actions = _actions(plan)
    return [
        _Row(one, one.observed, one.wanted, tuple(action.sentence for action in actions.get(_key(one), ())))
        for one in plan.pairs
    ]


def _rows_between(*, before: Plan, after: Plan) -> list[_Row]:
    """Return each pair with what a decision alone changes; what both plans write alike is left out."""
    old_pairs, old_actions, actions = {_key(one): one for one in before.pairs}, _actions(before), _actions(after)
    rows = []
    for outcome in after.pairs:
        key = _key(outcome)
        held = _held_after(old_pairs.get(key, outcome), old_actions.get(key, ()))
        old, new = _differing(held, _held_after(outcome, actions.get(key, ())))
        if old != new:
            sentences = tuple(action.sentence for action in actions.get(key, ()))
            rows.append(_Row(outcome, old, new, sentences))
        elif not actions.get(key):
            rows.append(_Row(outcome, old, new))
    return rows


def _key(row: PairOutcome | PlannedAction) -> tuple[int, str]:
    return row.canvas_user_id, row.assessment_key


def _actions(plan: Plan) -> dict[tuple[int, str], list[PlannedAction]]:
    actions: dict[tuple[int, str], list[PlannedAction]] = {}
    for action in plan.actions:
        actions.setdefault(_key(action), []).append(action)
    return actions


def _held_after(outcome: PairOutcome, actions: Iterable[PlannedAction]) -> Values:
    """Return what Canvas holds for the pair once the plan is carried out: no number is the same as none extra."""
    written = [action.after for action in actions]
    minutes = [outcome.observed.extra_minutes, *(one.extra_minutes for one in written)]
    attempts = [outcome.observed.extra_attempts, *(one.extra_attempts for one in written)]
    dates = [outcome.class_dates, outcome.observed.dates, *(one.dates for one in written)]
    return Values(
        extra_minutes=next((one for one in reversed(minutes) if one is not None), 0),
        extra_attempts=next((one for one in reversed(attempts) if one is not None), 0),
        dates=next(one for one in reversed(dates) if one is not None),
    )


def _differing(before: Values, after: Values) -> tuple[Values, Values]:
    """Return both without the fields in which they are alike."""
    alike = {one.name: None for one in fields(Values) if getattr(before, one.name) == getattr(after, one.name)}
    return replace(before, **alike), replace(after, **alike)
