"""What a person decides about a student whom Canvas no longer knows: to move what was approved, or to end it (F26)."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.errors import LeewayError
from accommodations.models import (
    Accommodation,
    AccommodationException,
    CourseRelease,
    GonePerson,
    LedgerEntry,
    LinkedPerson,
    PairHold,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.planning.statuses import Status
from accommodations.selectors.rules import rule_of
from accommodations.services import action_log
from accommodations.services.accommodation_values import VALUE_NAMES
from accommodations.services.accommodations import COUNTING, mark_ended
from accommodations.services.change_runs import queue_change
from accommodations.services.people import find_or_read_student

DECIDED_ALREADY = "Somebody has decided this already."
COPIED = (*VALUE_NAMES, "status", "urgent_reason", "recorded_by", "approved_by")


def name_survivor(*, gone: GonePerson, query: str, named_by: User) -> Student:
    """Let a person say who stays, by Canvas id, SIS id or login.

    Raises StudentUnknown, StudentAmbiguous, CanvasUnreachable, NotConnected, or LeewayError for the one who is gone.
    """
    survivor = find_or_read_student(query=query)
    if survivor.pk == gone.student_id:
        raise LeewayError("That is the person whom Canvas no longer knows.", code="merged.same_person")
    GonePerson.objects.filter(pk=gone.pk, decision="").update(survivor=survivor)
    action_log.record(
        act="student.survivor_named",
        actor=named_by,
        student=gone.student,
        payload={"survivor": survivor.canvas_user_id},
    )
    return survivor


@transaction.atomic
def move_to_survivor(*, gone: GonePerson, survivor: Student, decided_by: User, reason: str) -> SyncRun | None:
    """Move what was approved, exceptions, releases and holds to the person who stays, and queue their courses.

    Nothing is sent for the id that is gone: Canvas knows none. Its ledger is closed, and its record stays readable.
    """
    current = _undecided(gone)
    student = current.student
    rows = list(_standing(student))
    moved: dict[str, Any] = {
        "accommodations": _copied_accommodations(rows, survivor, decided_by),
        "exceptions": _copied_exceptions(student, survivor),
        "releases": _copied_releases(student, survivor),
        "holds": _copied_holds(student, survivor),
        "linked": _moved_links(student, survivor),
    }
    if student.needs_release and not survivor.needs_release and moved["accommodations"]:
        Student.objects.filter(pk=survivor.pk).update(needs_release=True)
        moved["needs_release"] = True
    current.survivor = survivor
    _close(current, rows, moved, GonePerson.Decision.MOVED, decided_by, reason)
    copies = Accommodation.objects.filter(pk__in=[new for _, new in moved["accommodations"]], status__in=COUNTING)
    listed = list(copies.select_related("student", "term", "course", "assessment"))
    return queue_change(listed, requested_by=decided_by, reads_before_applying=True) if listed else None


@transaction.atomic
def end_for_gone(*, gone: GonePerson, decided_by: User, reason: str) -> None:
    """End everything of a student whom Canvas no longer knows; nothing is sent, since Canvas knows no such id."""
    current = _undecided(gone)
    _close(current, list(_standing(current.student)), {}, GonePerson.Decision.ENDED, decided_by, reason)


@transaction.atomic
def take_back(*, gone: GonePerson, taken_back_by: User) -> SyncRun | None:
    """Take a decision back: what was moved ends for the person who stays, what ended counts again for the other.

    Raises LeewayError where what was moved has been changed since: then each is edited or ended by itself.
    """
    current = GonePerson.objects.select_for_update(of=("self",)).select_related("student").get(pk=gone.pk)
    if not current.decision:
        raise LeewayError("Nothing is decided.", code="merged.undecided")
    moved = current.moved
    copies = list(Accommodation.objects.filter(pk__in=[new for _, new in moved.get("accommodations", ())]))
    if any(row.version != 1 for row in copies):
        words = "What was moved has been changed since: edit or end it on the page of the person who stays."
        raise LeewayError(words, code="merged.changed_since")
    _restore(current)
    counted = [row for row in copies if row.status in COUNTING]
    for row in copies:
        mark_ended(row, reason=Accommodation.EndReason.REVOKED, actor=taken_back_by)
    GonePerson.objects.filter(pk=current.pk).update(decision="", reason="", decided_by=None, decided_at=None, moved={})
    action_log.record(
        act="student.merge_taken_back", actor=taken_back_by, student=current.student, payload={"moved": moved}
    )
    return queue_change(counted, requested_by=taken_back_by, reads_before_applying=True) if counted else None


def _undecided(gone: GonePerson) -> GonePerson:
    current = GonePerson.objects.select_for_update(of=("self",)).select_related("student").get(pk=gone.pk)
    if current.decision:
        raise LeewayError(DECIDED_ALREADY, code="merged.decided")
    return current


def _standing(student: Student) -> Iterable[Accommodation]:
    rows = student.accommodations.exclude(status=Accommodation.Status.ENDED)
    return rows.select_related("student", "term", "course", "assessment").order_by("pk")


def _copied_accommodations(rows: Iterable[Accommodation], survivor: Student, actor: User) -> list[list[int]]:
    """Copy them to the person who stays, approved as they were, and return the numbers of both.

    A copy replaces its original, so that the import which brought that one knows it; a draft that was to replace
    another one replaces that one's copy.
    """
    copies: dict[int, Accommodation] = {}
    for row in rows:
        values = {name: getattr(row, name) for name in COPIED}
        copy = Accommodation(student=survivor, replaces=copies.get(row.replaces_id or 0, row), **values)
        copy.save()
        copies[row.pk] = copy
        payload = {"status": copy.status, "rule": to_stored(rule_of(copy)), "from": row.pk}
        action_log.record(act="accommodation.moved", actor=actor, student=survivor, accommodation=copy, payload=payload)
    return [[old, new.pk] for old, new in copies.items()]


def _copied_exceptions(student: Student, survivor: Student) -> list[int]:
    copies = []
    for row in student.exceptions.filter(withdrawn_at=None):
        copy = AccommodationException.objects.create(
            student=survivor,
            course=row.course,
            assessment=row.assessment,
            reason=row.reason,
            effective_until=row.effective_until,
            decided_by=row.decided_by,
        )
        copies.append(copy.pk)
    return copies


def _copied_releases(student: Student, survivor: Student) -> list[int]:
    copies = []
    for row in student.releases.exclude(course__in=survivor.releases.values("course")):
        copy = CourseRelease.objects.create(student=survivor, course=row.course, released_by=row.released_by)
        copies.append(copy.pk)
    return copies


def _copied_holds(student: Student, survivor: Student) -> list[int]:
    taken = survivor.holds.filter(released_at=None).values("assessment")
    copies = []
    for row in student.holds.filter(released_at=None).exclude(assessment__in=taken):
        fields = {"kind": row.kind, "reason": row.reason, "kept": row.kept, "run": row.run}
        copy = PairHold.objects.create(
            student=survivor, assessment=row.assessment, held_by=row.held_by, held_at=row.held_at, **fields
        )
        copies.append(copy.pk)
    return copies


def _moved_links(student: Student, survivor: Student) -> list[int]:
    """Tie the user who is this student to the person who stays, unless another user is."""
    if LinkedPerson.objects.filter(canvas_user_id=survivor.canvas_user_id).exists():
        return []
    links = LinkedPerson.objects.filter(canvas_user_id=student.canvas_user_id)
    numbers = list(links.values_list("pk", flat=True))
    links.update(canvas_user_id=survivor.canvas_user_id)
    return numbers


def _close(
    gone: GonePerson,
    rows: Iterable[Accommodation],
    moved: dict[str, Any],
    decision: GonePerson.Decision,
    actor: User,
    reason: str,
) -> None:
    """End what stands for the id that is gone, close its ledger, and write the decision down."""
    student, now = gone.student, timezone.now()
    is_moved = decision is GonePerson.Decision.MOVED
    ended = []
    for row in rows:
        ended.append([row.pk, row.status])
        reason_of_end = Accommodation.EndReason.REPLACED if is_moved else Accommodation.EndReason.REVOKED
        mark_ended(row, reason=reason_of_end, actor=actor)
    ledger = LedgerEntry.objects.filter(student=student, taken_back_at=None)
    moved = {**moved, "ended": ended, "ledger": list(ledger.values_list("pk", flat=True))}
    ledger.update(taken_back_at=now)
    # What was missed waits for words; of the rest nothing is left to say under an id that Canvas does not know.
    PairStatus.objects.filter(student=student).exclude(status=Status.MISSED, settled_at=None).delete()
    gone.decision, gone.reason, gone.moved = decision.value, reason.strip(), moved
    gone.decided_by, gone.decided_at = actor, now
    gone.save()
    payload = {"survivor": gone.survivor.canvas_user_id if is_moved and gone.survivor else None, "changed": moved}
    action_log.record(
        act=f"student.merge_{decision.value}", actor=actor, student=student, payload={**payload, "reason": gone.reason}
    )


def _restore(gone: GonePerson) -> None:
    """Let what the decision ended count again, and take away what it gave the person who stays."""
    moved, now = gone.moved, timezone.now()
    before = dict(moved.get("ended", ()))
    for row in Accommodation.objects.filter(pk__in=before):
        row.status, row.end_reason, row.ended_at = before[row.pk], "", None
        row.version += 1
        row.save()
    LedgerEntry.objects.filter(pk__in=moved.get("ledger", ())).update(taken_back_at=None)
    AccommodationException.objects.filter(pk__in=moved.get("exceptions", ())).update(withdrawn_at=now)
    CourseRelease.objects.filter(pk__in=moved.get("releases", ())).delete()
    PairHold.objects.filter(pk__in=moved.get("holds", ())).update(released_at=now)
    links = LinkedPerson.objects.filter(pk__in=moved.get("linked", ()))
    links.update(canvas_user_id=gone.student.canvas_user_id)
    if moved.get("needs_release") and gone.survivor is not None:
        Student.objects.filter(pk=gone.survivor.pk).update(needs_release=False)
