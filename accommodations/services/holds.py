"""Undo and release: what was undone stays away, held by name, until a person releases it or nothing is granted."""

from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accommodations.codec import from_stored, to_stored
from accommodations.errors import LeewayError
from accommodations.models import Assessment, Course, LedgerEntry, PairHold, PairStatus, Student, SyncAction, SyncRun
from accommodations.planning.dates_part import STAYS_UNTIL_DECIDED
from accommodations.planning.plan import (
    HoldKind,
    LedgerExtension,
    LedgerOverride,
    PairOutcome,
    PlannedAction,
    Values,
)
from accommodations.planning.undo import values_before
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from accommodations.services.snapshots import foresee_statuses
from accommodations.services.sync_runs import request_sync_run

PairIds = tuple[int, int]
"""Row numbers of a student and an assessment."""


def pairs_of_student(student: Student) -> dict[PairIds, Values]:
    """Return the pairs on which something of ours stands for the student: undoing takes all of it back."""
    return {
        (student.pk, assessment): Values()
        for assessment in assessments_of_student(student).values_list("pk", flat=True)
    }


def assessments_of_student(student: Student) -> QuerySet[Assessment]:
    """Return the assessments on which something of ours stands for the student."""
    ours = LedgerEntry.objects.filter(student=student, taken_back_at=None)
    return Assessment.objects.filter(pk__in=ours.values("assessment"), is_deleted=False)


def pairs_of_run(run: SyncRun) -> dict[PairIds, Values]:
    """Return the pairs that a run has changed in Canvas, each with what of ours stood there before."""
    rows = SyncAction.objects.filter(
        course_sync__run=run, status=SyncAction.Status.APPLIED, assessment__is_deleted=False
    )
    actions: dict[PairIds, list[PlannedAction]] = {}
    for row in rows.order_by("ended_at", "pk"):
        actions.setdefault((row.student_id, row.assessment_id), []).append(from_stored(PlannedAction, row.action))
    extensions, overrides = _standing(actions)
    return {
        pair: values_before(done, extension=extensions.get(pair), override=overrides.get(pair))
        for pair, done in actions.items()
    }


def _standing(pairs: Collection[PairIds]) -> tuple[dict[PairIds, LedgerExtension], dict[PairIds, LedgerOverride]]:
    """Return the ledger's standing entries for these pairs: extensions, and overrides."""
    students, assessments = {student for student, _ in pairs}, {assessment for _, assessment in pairs}
    rows = list(LedgerEntry.objects.filter(taken_back_at=None, student__in=students, assessment__in=assessments))
    of_part = {part: [row for row in rows if row.part == part] for part in LedgerEntry.Part}
    return (
        {_ids(row): from_stored(LedgerExtension, row.value) for row in of_part[LedgerEntry.Part.EXTENSION]},
        {_ids(row): from_stored(LedgerOverride, row.value) for row in of_part[LedgerEntry.Part.OVERRIDE]},
    )


def _ids(row: LedgerEntry) -> PairIds:
    return row.student_id, row.assessment_id


@transaction.atomic
def undo_student(*, student: Student, undone_by: User, reason: str = "") -> SyncRun:
    """Take back all that stands for a student, by a plan that waits to be read. Raises LeewayError for nothing."""
    return _undo(pairs_of_student(student), undone_by=undone_by, reason=reason, student=student, run=None)


@transaction.atomic
def undo_run(*, run: SyncRun, undone_by: User, reason: str = "") -> SyncRun:
    """Bring back what stood before a run, by a plan that waits to be read. Raises LeewayError while it is at work."""
    if run.is_active:
        raise LeewayError("The run has not ended yet. Stop it first, or wait.", code="undo.active")
    return _undo(pairs_of_run(run), undone_by=undone_by, reason=reason, student=None, run=run)


def _undo(
    pairs: Mapping[PairIds, Values], *, undone_by: User, reason: str, student: Student | None, run: SyncRun | None
) -> SyncRun:
    if not pairs:
        raise LeewayError("There is nothing to undo: none of it stands in Canvas.", code="undo.nothing")
    now = timezone.now()
    for (student_id, assessment_id), kept in pairs.items():
        PairHold.objects.update_or_create(
            student_id=student_id,
            assessment_id=assessment_id,
            released_at=None,
            defaults={
                "kind": HoldKind.UNDONE.value,
                "reason": reason.strip(),
                "kept": to_stored(kept),
                "run": run,
                "held_by": undone_by,
                "held_at": now,
            },
        )
    _log("pair.undone", pairs, undone_by, {"reason": reason.strip(), "undone_run": run.pk if run else None})
    return _queue(pairs, undone_by, student=student)


@transaction.atomic
def release_holds(*, holds: Iterable[PairHold], released_by: User) -> SyncRun | None:
    """Let the grants of held pairs go to Canvas again, by a plan that waits to be read; None where none stood."""
    rows = list(
        PairHold.objects.select_for_update(of=("self",)).filter(pk__in=[hold.pk for hold in holds], released_at=None)
    )
    if not rows:
        return None
    PairHold.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=timezone.now(), released_by=released_by)
    pairs = [(row.student_id, row.assessment_id) for row in rows]
    _log("pair.released", pairs, released_by, {})
    students = {student for student, _ in pairs}
    only = Student.objects.get(pk=students.pop()) if len(students) == 1 else None
    return _queue(pairs, released_by, student=only)


def _queue(pairs: Collection[PairIds], person: User, *, student: Student | None) -> SyncRun:
    """Queue a run over exactly the courses concerned; a person reads its plan before it goes out."""
    assessments = {assessment for _, assessment in pairs}
    courses = list(Course.objects.filter(assessments__in=assessments).distinct())
    for one in Student.objects.filter(pk__in={pk for pk, _ in pairs}):
        foresee_statuses(one, courses)
    return request_sync_run(
        trigger=SyncRun.Trigger.UNDO,
        requested_by=person,
        courses=courses,
        student=student,
        reads_before_applying=True,
        is_limited_to_courses=True,
    )


def end_moot(course: Course, pairs: Collection[tuple[int, str]]) -> None:
    """Release what is held for nothing: the accommodation has ended, and nothing of it is left."""
    if pairs:
        _end_moot(course, pairs)


@transaction.atomic
def _end_moot(course: Course, pairs: Iterable[tuple[int, str]]) -> None:
    wanted = Q(pk__in=[])
    for canvas_user_id, key in pairs:
        wanted |= Q(student__canvas_user_id=canvas_user_id, assessment__key=key)
    rows = PairHold.objects.filter(wanted, assessment__course=course, released_at=None)
    ended = list(rows.select_related("student", "assessment"))
    PairHold.objects.filter(pk__in=[row.pk for row in ended]).update(released_at=timezone.now())
    action_log.record_many(
        [
            LogRecord(
                act="pair.released",
                student=row.student,
                course=course,
                assessment=row.assessment,
                payload={"why": "nothing is granted there any more"},
            )
            for row in ended
        ]
    )


def _log(act: str, pairs: Iterable[PairIds], person: User, payload: dict[str, object]) -> None:
    pairs = sorted(pairs)
    students = Student.objects.in_bulk([student for student, _ in pairs])
    assessments = Assessment.objects.select_related("course").in_bulk([assessment for _, assessment in pairs])
    action_log.record_many(
        [
            LogRecord(
                act=act,
                actor=person,
                student=students[student],
                course=assessments[assessment].course,
                assessment=assessments[assessment],
                payload=payload,
            )
            for student, assessment in pairs
        ]
    )


def may_follow_class(pair: PairStatus) -> bool:
    """Whether the pair's later dates wait for staff to decide that they follow a class that moved earlier."""
    return STAYS_UNTIL_DECIDED in pair.sentence


@transaction.atomic
def follow_class(*, pair: PairStatus, decided_by: User) -> SyncRun:
    """Let the pair's dates follow the class to its dates of now, by a plan that waits to be read.

    Raises LeewayError where nothing waits for that decision, or the pair is held.
    """
    if not may_follow_class(pair):
        raise LeewayError("The dates follow the class already.", code="follow.not_needed")
    if PairHold.objects.filter(student=pair.student, assessment=pair.assessment, released_at=None).exclude(
        kind=HoldKind.FOLLOWS.value
    ):
        raise LeewayError("It is held by a person. Release it first.", code="follow.held")
    class_dates = from_stored(PairOutcome, pair.outcome).class_dates
    PairHold.objects.update_or_create(
        student=pair.student,
        assessment=pair.assessment,
        released_at=None,
        defaults={
            "kind": HoldKind.FOLLOWS.value,
            "kept": to_stored(Values(dates=class_dates)),
            "held_by": decided_by,
            "held_at": timezone.now(),
        },
    )
    ids = [(pair.student_id, pair.assessment_id)]
    _log("pair.follows_class", ids, decided_by, {"class_dates": to_stored(class_dates)})
    return _queue(ids, decided_by, student=pair.student)
