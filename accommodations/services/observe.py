"""Observe one course: read Canvas, keep what was read, and plan from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.errors import IncompleteRead
from accommodations.models import Assessment, Course, CourseSnapshot, CourseSync, Student
from accommodations.planning.plan import Plan, PlanningInputs, PreviousFailure
from accommodations.selectors.rules import concerned_students, enrollment_facts, planning_inputs
from accommodations.selectors.standing import standing_ledger
from accommodations.services import action_log, acts, assignment_groups, courses, guard, holds, ledger
from accommodations.services.action_log import LogRecord
from accommodations.services.guarded_plans import plan_guarded
from accommodations.services.ledger import EXTENSION_CHANGES
from accommodations.services.statuses import Seen, write_statuses
from canvas_bridge.changes import Change, SetQuizExtension
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind, CourseFacts
from canvas_bridge.gateway import CanvasGateway

MOST_ROUNDS_OF_READING = 4
READABLE_KINDS = CLASSIC_KINDS | {AssessmentKind.ASSIGNMENT}

Failures = dict[tuple[int, str], PreviousFailure]


@dataclass(frozen=True, slots=True)
class Observation:
    """Facts of a course with the plan that follows from them, and the rows that their ids stand for."""

    course: Course
    facts: CourseFacts
    inputs: PlanningInputs
    plan: Plan
    students: dict[int, Student]
    assessments: dict[str, Assessment]

    @property
    def has_unread_students(self) -> bool:
        """Whether somebody was given an accommodation here after the enrollments for this reading were taken."""
        read = {student.canvas_user_id for student in self.facts.students}
        return any(rule.canvas_user_id not in read for rule in self.inputs.rules)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan with all that it was made from, gathered at one moment."""

    inputs: PlanningInputs
    plan: Plan


def read_course(course: Course, gateway: CanvasGateway, *, token_time_zone: str) -> CourseFacts:
    """Read the course for the students for whom anything is to be planned there."""
    enrollments = enrollment_facts(course, concerned_students(course))
    summary = courses.summary_of(course)
    facts = gateway.read_course(summary, token_time_zone=token_time_zone, enrollments=enrollments)
    _check_what_is_missing(course, facts, gateway)
    return facts


def _check_what_is_missing(course: Course, facts: CourseFacts, gateway: CanvasGateway) -> None:
    """Raise IncompleteRead where the list lacks an assessment on which something of ours stands, and Canvas has it.

    Canvas counts its pages anew for each request: an assessment that moved between them is on neither (F17). What is
    really gone costs one request, once: then the ledger is closed.
    """
    listed = {assessment.key for assessment in facts.assessments}
    ours = standing_ledger([course]).filter(assessment__is_deleted=False).values("assessment")
    for row in Assessment.objects.filter(pk__in=ours).exclude(key__in=listed).order_by("pk"):
        is_gone = gateway.is_assessment_gone(
            course.canvas_course_id,
            canvas_assignment_id=row.canvas_assignment_id,
            canvas_quiz_id=row.canvas_quiz_id,
        )
        if not is_gone:
            raise IncompleteRead("Canvas's list of assessments was incomplete, so nothing was planned from it.")


def read_again(facts: CourseFacts, fresh: CourseFacts) -> CourseFacts:
    """Return freshly read facts that keep what was read beside the course a moment ago in the same work."""
    return replace(
        assignment_groups.carried_over(facts, fresh),
        extensions=facts.extensions,
        extensions_read=facts.extensions_read,
        answered_since=facts.answered_since,
        attempts=facts.attempts,
        submissions=facts.submissions,
        submissions_read=facts.submissions_read,
        extensions_unreadable=facts.extensions_unreadable,
        submissions_unreadable=facts.submissions_unreadable,
    )


def read_extensions(facts: CourseFacts, gateway: CanvasGateway, keys: frozenset[str]) -> CourseFacts:
    """Read the extensions of these assessments, leaving out those that no longer exist or cannot be read."""
    readable = keys & frozenset(one.key for one in facts.assessments if one.kind in READABLE_KINDS)
    if not readable:
        return facts
    facts = replace(facts, answered_since=frozenset(pair for pair in facts.answered_since if pair[0] not in readable))
    return gateway.read_extensions(facts, readable)


def _not_read(facts: CourseFacts, keys: frozenset[str]) -> frozenset[str]:
    """Return the keys whose extensions were not read, or of which one was replaced since; refused reads stay so."""
    not_read = (keys - facts.extensions_read) | (keys & {key for key, _ in facts.answered_since})
    return not_read - facts.extensions_unreadable


def observe(
    course: Course,
    facts: CourseFacts,
    gateway: CanvasGateway,
    *,
    failures: Failures,
    course_sync: CourseSync | None = None,
) -> Observation:
    """Read what planning still needs, keep the snapshot and the mirror, and plan.

    What people decided, and what we knew, is gathered once, and again only after Canvas was asked for more.
    """
    planned = _planned(course, facts, failures, course_sync)
    for _ in range(MOST_ROUNDS_OF_READING):
        extensions_of = _not_read(facts, planned.plan.reads_needed.extensions_of)
        submissions_of = planned.plan.reads_needed.submissions_of - facts.submissions_read
        needs_names = planned.plan.reads_needed.group_names
        if not (extensions_of or submissions_of or needs_names):
            break
        if needs_names:
            # Without them the plan is of too few rules: what it would read for an end may not be needed at all.
            facts = assignment_groups.with_former_names(course, gateway.read_group_names(facts))
            planned = _planned(course, facts, failures, course_sync)
            continue
        facts = read_extensions(facts, gateway, extensions_of)
        if submissions_of:
            facts = gateway.read_submissions(facts, submissions_of)
        planned = _planned(course, facts, failures, course_sync)
    return _keep(course, planned, failures=failures, course_sync=course_sync)


def keep(
    course: Course, facts: CourseFacts, *, failures: Failures, course_sync: CourseSync | None = None
) -> Observation:
    """Store snapshot and mirror, plan, and bring the status table in step with the plan."""
    planned = _planned(course, facts, failures, course_sync)
    return _keep(course, planned, failures=failures, course_sync=course_sync)


def _planned(course: Course, facts: CourseFacts, failures: Failures, course_sync: CourseSync | None) -> _Planned:
    """Gather and plan."""
    inputs = planning_inputs(course, facts, now=timezone.now(), failures=tuple(failures.values()))
    return _Planned(inputs, plan_guarded(course, inputs, course_sync=course_sync))


@transaction.atomic
def _keep(course: Course, planned: _Planned, *, failures: Failures, course_sync: CourseSync | None) -> Observation:
    facts = planned.inputs.facts
    assessments = courses.store_assessments(course, facts.assessments)
    assignment_groups.store_groups(course, facts)
    if _close_deleted(course):
        planned = _planned(course, facts, failures, course_sync)
    acts.forget_locked_again(course, facts)
    _keep_snapshot(course, facts)
    return _write_plan(course, planned, assessments=assessments, failures=failures, course_sync=course_sync)


def _keep_snapshot(course: Course, facts: CourseFacts) -> None:
    values = {"facts": to_stored(facts), "read_at": facts.read_at}
    if not CourseSnapshot.objects.filter(course=course).update(**values):
        CourseSnapshot.objects.create(course=course, **values)


def _close_deleted(course: Course) -> bool:
    """End what the ledger holds of assessments that were deleted in Canvas, and log each; whether there was any."""
    closed = ledger.close_deleted(course, now=timezone.now())
    action_log.record_many(
        [
            LogRecord(
                act="ledger.closed",
                student=row.student,
                course=course,
                assessment=row.assessment,
                payload={"reason": "assessment deleted in Canvas", "part": row.part, "value": row.value},
            )
            for row in closed
        ]
    )
    return bool(closed)


def replan(
    course: Course,
    facts: CourseFacts,
    *,
    assessments: dict[str, Assessment],
    failures: Failures,
    course_sync: CourseSync | None = None,
) -> Observation:
    """Plan from facts that are at hand, and write what the ledger learns, what the guard stopped, and the statuses."""
    planned = _planned(course, facts, failures, course_sync)
    with transaction.atomic():
        return _write_plan(course, planned, assessments=assessments, failures=failures, course_sync=course_sync)


def _write_plan(
    course: Course,
    planned: _Planned,
    *,
    assessments: dict[str, Assessment],
    failures: Failures,
    course_sync: CourseSync | None,
) -> Observation:
    now = timezone.now()
    facts, plan = planned.inputs.facts, planned.plan
    students = {one.canvas_user_id: one for one in concerned_students(course)}
    ledger.correct(plan.ledger_corrections, students=students, assessments=assessments, now=now)
    ledger.confirm(course, facts)
    holds.end_moot(course, plan.moot_holds)
    guard.note_stop(course, plan.stop, students=students, assessments=assessments, course_sync=course_sync)
    seen = Seen(
        read_at=facts.read_at,
        now=now,
        students=students,
        assessments=assessments,
        failures={key: failure.message for key, failure in failures.items()},
        unread=students.keys() - {student.canvas_user_id for student in facts.students},
    )
    write_statuses(course, plan, seen)
    return Observation(course, facts, planned.inputs, plan, students, assessments)


def with_answers(facts: CourseFacts, applied: Iterable[Change]) -> CourseFacts:
    """Return the facts with a mark on the pairs whose extension was just replaced: the ledger now speaks for them."""
    quiz_keys = {one.canvas_quiz_id: one.key for one in facts.assessments if one.canvas_quiz_id is not None}
    replaced = {
        (_extended_key(change, quiz_keys), change.canvas_user_id)
        for change in applied
        if isinstance(change, EXTENSION_CHANGES)
    }
    return replace(facts, answered_since=facts.answered_since | replaced)


def _extended_key(change: Change, quiz_keys: dict[int, str]) -> str:
    if isinstance(change, SetQuizExtension):
        return quiz_keys.get(change.canvas_quiz_id, "")
    return f"assignment:{change.canvas_assignment_id}"
