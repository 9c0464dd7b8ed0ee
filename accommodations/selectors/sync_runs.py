"""Sync runs as pages show them: which a person may see, how far one has come, its plan and its results."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accommodations.codec import from_stored
from accommodations.models import Assessment, Course, CourseSync, PairStatus, Student, SyncAction, SyncRun
from accommodations.planning.plan import PlannedAction, Values
from accommodations.planning.statuses import Status
from accommodations.selectors.visibility import Viewer, is_of_taught_student, sees_all_students, teachings_of

PROBLEMS = (SyncAction.Status.REFUSED, SyncAction.Status.UNREACHABLE, SyncAction.Status.UNKNOWN)
FINISHED = (*PROBLEMS, SyncAction.Status.APPLIED, SyncAction.Status.DROPPED, SyncAction.Status.HELD)
ENDED = CourseSync.ENDED_STATUSES
LEFT_ALONE = (Status.SHORT, Status.FAILED, Status.HELD, Status.BLOCKED, Status.NOT_NEEDED, Status.MISSED)
"""Statuses that a plan explains beside its changes, in their usual order."""
LEFT_ALONE_SHOWN = 50


def may_see_every_run(user: Viewer) -> bool:
    """Whether the person's role sees all runs."""
    return user.has_perm("accommodations.see_all_runs")


def may_see_changes(user: Viewer) -> bool:
    """Whether the person may see which student a change is for; administrators see numbers only."""
    return sees_all_students(user) or user.has_perm("accommodations.see_taught_students")


def taught_courses(user: Viewer) -> QuerySet[Course]:
    """Return the courses that the person teaches."""
    return Course.objects.filter(pk__in=teachings_of(user).values("course"))


def courses_syncable_by(user: Viewer) -> QuerySet[Course]:
    """Return the courses of which the person may start a sync."""
    if user.has_perm("accommodations.start_sync"):
        return Course.objects.all()
    return taught_courses(user) if user.has_perm("accommodations.start_taught_sync") else Course.objects.none()


def runs_visible_to(user: Viewer) -> QuerySet[SyncRun]:
    """Return the runs that the person may know of: all, or those that they started for a course they teach."""
    if may_see_every_run(user):
        return SyncRun.objects.all()
    return SyncRun.objects.filter(requested_by=user.pk, course_syncs__course__in=taught_courses(user)).distinct()


def listed_runs(user: Viewer) -> QuerySet[SyncRun]:
    """Return the visible runs for the list, newest first, each with how many courses and actions it has.

    Counted by subqueries: only the rows of one page are counted, however many runs there are.
    """
    actions = SyncAction.objects.filter(course_sync__run=OuterRef("pk")).order_by().values("course_sync__run")
    parts = CourseSync.objects.filter(run=OuterRef("pk")).order_by().values("run")
    return (
        runs_visible_to(user)
        .select_related("requested_by", "student")
        .annotate(
            course_count=_number_of(parts),
            action_count=_number_of(actions),
            problem_count=_number_of(actions.filter(status__in=PROBLEMS)),
        )
        .order_by("-pk")
    )


def _number_of(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def active_run_of(user: Viewer, course: Course, *, reads_before_applying: bool) -> SyncRun | None:
    """Return the visible run that a person started for this course and that has not ended, if there is one."""
    return (
        runs_visible_to(user)
        .filter(
            trigger=SyncRun.Trigger.PERSON,
            student=None,
            course_syncs__course=course,
            status__in=SyncRun.ACTIVE_STATUSES,
            reads_before_applying=reads_before_applying,
        )
        .first()
    )


def active_run_for(student: Student) -> SyncRun | None:
    """Return the run that a person started for this student and that has not ended, if there is one."""
    return SyncRun.objects.filter(
        trigger=SyncRun.Trigger.PERSON, student=student, status__in=SyncRun.ACTIVE_STATUSES
    ).first()


def course_syncs_visible_to(user: Viewer, run: SyncRun) -> QuerySet[CourseSync]:
    """Return the run's courses that the person may see."""
    parts = run.course_syncs.select_related("course").order_by("course__course_code", "pk")
    return parts if may_see_every_run(user) else parts.filter(course__in=taught_courses(user))


def actions_visible_to(user: Viewer, run: SyncRun) -> QuerySet[SyncAction]:
    """Return the run's planned actions that the person may see, course by course in the order of the plan."""
    actions = counted_actions(user, run)
    if not may_see_changes(user):
        return actions.none()
    return actions.select_related("student", "assessment", "course_sync__course")


def counted_actions(user: Viewer, run: SyncRun) -> QuerySet[SyncAction]:
    """Return the run's planned actions whose number the person may know: administrators all, though not whose."""
    actions = SyncAction.objects.filter(course_sync__in=course_syncs_visible_to(user, run))
    if not may_see_every_run(user):
        actions = actions.filter(is_of_taught_student(user, course="course_sync__course"))
    return actions


class Phase(StrEnum):
    """How far a run has come, as its page tells it."""

    QUEUED = "queued"
    OBSERVING = "observing"
    READABLE = "readable"
    APPLYING = "applying"
    ENDED = "ended"


MOVING = frozenset({Phase.QUEUED, Phase.OBSERVING, Phase.APPLYING})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in numbers of courses and of planned actions."""

    phase: Phase
    courses: int
    courses_planned: int
    courses_ended: int
    actions: int
    finished: int
    applied: int
    failed: int
    dropped: int
    to_apply: int
    to_apply_shrinking: int
    of_others: int
    held: int = 0

    @property
    def is_moving(self) -> bool:
        """Whether more will happen without a person."""
        return self.phase in MOVING

    @property
    def percent(self) -> int:
        """Return how many of a hundred actions are finished."""
        return 100 * self.finished // self.actions if self.actions else 0

    @property
    def waiting(self) -> int:
        """Return how many actions are still ahead."""
        return self.actions - self.finished

    @property
    def announcement_key(self) -> str:
        """Return a key that changes exactly when something is to be announced: start, each quarter, failure, end."""
        quarter = self.percent // 25 if self.phase is Phase.APPLYING else 0
        return f"{self.phase}-{quarter}-{int(self.failed > 0)}"

    @property
    def token(self) -> str:
        """Return a key that changes exactly when the page would look different."""
        numbers = (self.courses, self.courses_planned, self.courses_ended, self.actions, self.finished, self.failed)
        return "_".join([self.announcement_key, *map(str, numbers)])

    def has_news_since(self, token: str) -> bool:
        """Whether something is to be announced to one who has been told of the state with this token."""
        return token.split("_", 1)[0] != self.announcement_key


def progress_of(run: SyncRun, parts: Sequence[CourseSync], actions: QuerySet[SyncAction]) -> Progress:
    """Return how far the run has come with these courses and actions."""
    readable = [part.pk for part in parts if part.status == CourseSync.Status.PLANNED]
    waiting = Q(course_sync__in=readable, status=SyncAction.Status.PLANNED)
    counted = actions.order_by().aggregate(
        actions=Count("pk"),
        finished=Count("pk", filter=Q(status__in=FINISHED)),
        applied=Count("pk", filter=Q(status=SyncAction.Status.APPLIED)),
        failed=Count("pk", filter=Q(status__in=PROBLEMS)),
        dropped=Count("pk", filter=Q(status=SyncAction.Status.DROPPED)),
        to_apply=Count("pk", filter=waiting),
        to_apply_shrinking=Count("pk", filter=waiting & Q(is_shrinking=True)),
        of_others=Count("pk", filter=~Q(student=run.student_id)),
        held=Count("pk", filter=Q(status=SyncAction.Status.HELD)),
    )
    return Progress(
        phase=_phase(run, parts),
        courses=len(parts),
        courses_planned=sum(part.planned_at is not None or part.status in ENDED for part in parts),
        courses_ended=sum(part.status in ENDED for part in parts),
        **counted,
    )


def _phase(run: SyncRun, parts: Sequence[CourseSync]) -> Phase:
    if not run.is_active:
        return Phase.ENDED
    if run.status == SyncRun.Status.READING:
        return Phase.READABLE
    working = (CourseSync.Status.APPLYING, CourseSync.Status.VERIFYING)
    if any(part.status in working or part.is_approved for part in parts):
        return Phase.APPLYING
    return Phase.QUEUED if run.status == SyncRun.Status.QUEUED else Phase.OBSERVING


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One planned action for a page: the stored row, and what it changes."""

    row: SyncAction
    before: Values
    after: Values

    @property
    def course_sync(self) -> CourseSync:
        """Return the course part that it belongs to."""
        return self.row.course_sync

    @property
    def is_problem(self) -> bool:
        """Whether it did not reach Canvas."""
        return self.row.status in PROBLEMS


def action_rows(actions: Sequence[SyncAction]) -> list[ActionRow]:
    """Return the actions with their before and after read from the stored plan."""
    rows = []
    for row in actions:
        planned = from_stored(PlannedAction, row.action)
        rows.append(ActionRow(row=row, before=planned.before, after=planned.after))
    return rows


@dataclass(frozen=True, slots=True)
class PairChanges:
    """The actions of one plan on one (student, assessment) pair, in their order."""

    student: Student
    assessment: Assessment
    actions: tuple[ActionRow, ...]

    @property
    def is_problem(self) -> bool:
        """Whether one of them did not reach Canvas."""
        return any(action.is_problem for action in self.actions)

    @property
    def is_shrinking(self) -> bool:
        """Whether one of them takes something back."""
        return any(action.row.is_shrinking for action in self.actions)


@dataclass(frozen=True, slots=True)
class CourseChanges:
    """The changes of one course on one page of a plan."""

    part: CourseSync
    pairs: tuple[PairChanges, ...]

    @property
    def count(self) -> int:
        """Return how many actions there are."""
        return sum(len(pair.actions) for pair in self.pairs)


def by_course(rows: Sequence[ActionRow]) -> list[CourseChanges]:
    """Return the rows by course and by pair, each where its first row came."""
    courses: dict[int, dict[tuple[int, int], list[ActionRow]]] = {}
    for row in rows:
        pairs = courses.setdefault(row.course_sync.pk, {})
        pairs.setdefault((row.row.student_id, row.row.assessment_id), []).append(row)
    return [
        CourseChanges(part=next(iter(pairs.values()))[0].course_sync, pairs=tuple(map(_pair_changes, pairs.values())))
        for pairs in courses.values()
    ]


def _pair_changes(rows: list[ActionRow]) -> PairChanges:
    return PairChanges(student=rows[0].row.student, assessment=rows[0].row.assessment, actions=tuple(rows))


def in_plan_order(actions: QuerySet[SyncAction]) -> QuerySet[SyncAction]:
    """Return the actions course by course, in the order in which they would run."""
    return actions.order_by("course_sync__course__course_code", "course_sync_id", "position")


def problems_first(actions: QuerySet[SyncAction]) -> QuerySet[SyncAction]:
    """Return the actions with what failed on top, then in the order of the plan."""
    rank = Case(When(status__in=PROBLEMS, then=Value(0)), default=Value(1), output_field=IntegerField())
    return actions.order_by(rank, "course_sync__course__course_code", "course_sync_id", "position")


def left_alone(user: Viewer, run: SyncRun, parts: Sequence[CourseSync]) -> QuerySet[PairStatus]:
    """Return the pairs of the run's courses that its plan does not change and that somebody may ask about."""
    if not may_see_changes(user):
        return PairStatus.objects.none()
    pairs = PairStatus.objects.filter(course__in=[part.course_id for part in parts], status__in=LEFT_ALONE)
    pairs = pairs.filter(settled_at=None)
    if run.student_id is None and len(parts) > 1:
        # A round over many courses: what needs nothing would bury what needs somebody.
        pairs = pairs.exclude(status=Status.NOT_NEEDED)
    if run.student_id is not None:
        pairs = pairs.filter(student_id=run.student_id)
    if not sees_all_students(user):
        pairs = pairs.filter(is_of_taught_student(user))
    order = Case(
        *(When(status=status.value, then=Value(place)) for place, status in enumerate(LEFT_ALONE)),
        output_field=IntegerField(),
    )
    return pairs.select_related("student", "assessment", "course").order_by(order, "course", "assessment", "student")


def failed_courses(run: SyncRun) -> QuerySet[Course]:
    """Return the courses of a run that could not be synced, or in which a change did not reach Canvas."""
    parts = run.course_syncs.filter(Q(status=CourseSync.Status.FAILED) | Q(actions__status__in=PROBLEMS))
    return Course.objects.filter(pk__in=parts.values("course")).order_by("course_code", "pk")
