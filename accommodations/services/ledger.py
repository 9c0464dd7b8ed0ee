"""The ledger: what we put into Canvas, what stood there before, and whether Canvas was read and still holds it.

Planning says what the ledger must hold; here it is only stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from accommodations.codec import from_stored, to_stored
from accommodations.models import Assessment, Course, CourseSync, LedgerEntry, Student, SyncAction
from accommodations.planning.dates import is_later
from accommodations.planning.plan import LedgerCorrection, LedgerExtension, LedgerOverride, PlannedAction
from accommodations.selectors.rules import standing_ledger
from canvas_bridge.changes import SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import CourseFacts, Dates, DateSetting, ObservedExtension, ObservedOverride, OverrideTarget

EXTENSION_CHANGES = (SetQuizExtension, SetAssignmentExtension, SetNewQuizAccommodation)


def note_applied(row: SyncAction, planned: PlannedAction, *, canvas_override_id: int | None, now: datetime) -> None:
    """Write that Canvas took one planned action; safe to repeat."""
    if isinstance(planned.change, EXTENSION_CHANGES):
        _put(row.student, row.assessment, LedgerEntry.Part.EXTENSION, planned.ledger_extension, now)
        return
    value = planned.ledger_override
    if value is not None and canvas_override_id is not None:
        value = replace(value, canvas_override_id=canvas_override_id)
    _put(row.student, row.assessment, LedgerEntry.Part.OVERRIDE, value, now)


def note_uncertain(row: SyncAction, planned: PlannedAction, *, now: datetime) -> None:
    """Write what may stand in a New Quiz after a write that nobody heard of, so that it can be taken back.

    What we knew before stays: the next write is absolute, and until then planning is told that the pair is uncertain.
    """
    attempted = planned.ledger_extension
    if attempted is None:
        return
    standing = LedgerEntry.objects.filter(
        student=row.student, assessment=row.assessment, part=LedgerEntry.Part.EXTENSION, taken_back_at=None
    )
    entry = standing.first() or LedgerEntry(
        student=row.student, assessment=row.assessment, part=LedgerEntry.Part.EXTENSION, put_at=now
    )
    if entry.pk is not None:
        known = from_stored(LedgerExtension, entry.value)
        if known.put_minutes is not None:
            attempted = replace(attempted, put_minutes=known.put_minutes, before_minutes=known.before_minutes)
        if known.put_attempts is not None:
            attempted = replace(attempted, put_attempts=known.put_attempts, before_attempts=known.before_attempts)
    entry.value, entry.evidence = to_stored(attempted), LedgerEntry.Evidence.UNCERTAIN
    entry.save()


def close_deleted(course: Course, *, now: datetime) -> list[LedgerEntry]:
    """End the standing entries of assessments that Canvas no longer lists, and return them: nothing is left there."""
    gone = list(standing_ledger(course).filter(assessment__is_deleted=True).select_related("student", "assessment"))
    LedgerEntry.objects.filter(pk__in=[row.pk for row in gone]).update(taken_back_at=now)
    return gone


def is_drift(row: SyncAction, planned: PlannedAction) -> bool:
    """Whether the action raises again what we had put and what somebody made less in Canvas."""
    part = LedgerEntry.Part.EXTENSION if isinstance(planned.change, EXTENSION_CHANGES) else LedgerEntry.Part.OVERRIDE
    entry = LedgerEntry.objects.filter(
        student=row.student, assessment=row.assessment, part=part, taken_back_at=None
    ).first()
    if entry is None or entry.evidence == LedgerEntry.Evidence.UNCERTAIN:
        return False
    before, after = planned.before, planned.after
    if part == LedgerEntry.Part.OVERRIDE:
        return _have_dates_drifted(from_stored(LedgerOverride, entry.value).put, before.dates, after.dates)
    ours = from_stored(LedgerExtension, entry.value)
    fields = (
        (ours.put_minutes, before.extra_minutes, after.extra_minutes),
        (ours.put_attempts, before.extra_attempts, after.extra_attempts),
    )
    return any(
        put is not None and found is not None and wanted is not None and found < put and found < wanted
        for put, found, wanted in fields
    )


def _have_dates_drifted(put: Dates, found: Dates | None, wanted: Dates | None) -> bool:
    """Whether due or lock was less than we had put, and becomes more again."""
    if found is None or wanted is None:
        return False
    fields = ((put.due_at, found.due_at, wanted.due_at), (put.lock_at, found.lock_at, wanted.lock_at))
    return any(is_later(ours, held) and is_later(aimed, held) for ours, held, aimed in fields)


def correct(
    corrections: Iterable[LedgerCorrection],
    *,
    students: Mapping[int, Student],
    assessments: Mapping[str, Assessment],
    now: datetime,
) -> None:
    """Write what an observation taught about the ledger although nothing was sent."""
    for correction in corrections:
        student = students.get(correction.canvas_user_id)
        assessment = assessments.get(correction.assessment_key)
        if student is None or assessment is None:
            continue
        value = correction.extension or correction.override
        _put(student, assessment, correction.part.value, value, now, is_correction=True)


def _put(
    student: Student,
    assessment: Assessment,
    part: str,
    value: LedgerExtension | LedgerOverride | None,
    now: datetime,
    *,
    is_correction: bool = False,
) -> None:
    standing = LedgerEntry.objects.filter(student=student, assessment=assessment, part=part, taken_back_at=None)
    if value is None:
        standing.update(taken_back_at=now)
        return
    row = standing.first() or LedgerEntry(student=student, assessment=assessment, part=part, put_at=now)
    row.value = to_stored(value)
    if not is_correction:
        row.put_at, row.evidence, row.confirmed_at = now, LedgerEntry.Evidence.ACCEPTED, None
    row.save()


def confirm(course: Course, facts: CourseFacts) -> None:
    """Mark what an observation found standing as read back."""
    held = HeldExtensions(facts)
    standing = [row.pk for row in standing_ledger(course) if _stands(row, facts, held)]
    LedgerEntry.objects.filter(pk__in=standing).update(
        evidence=LedgerEntry.Evidence.READ_BACK, confirmed_at=facts.read_at
    )


class HeldExtensions:
    """What a course's facts say of extensions, by pair."""

    def __init__(self, facts: CourseFacts) -> None:
        self._facts = facts
        self._rows = {(one.assessment_key, one.canvas_user_id): one for one in facts.extensions}

    def of(self, assessment_key: str, canvas_user_id: int) -> ObservedExtension | None:
        """Return what Canvas holds, with zeros where it was read and holds nothing; None where it was not read."""
        pair = (assessment_key, canvas_user_id)
        if assessment_key not in self._facts.extensions_read or pair in self._facts.answered_since:
            return None
        return self._rows.get(pair, ObservedExtension(*pair))


def _stands(row: LedgerEntry, facts: CourseFacts, held: HeldExtensions) -> bool:
    if row.part == LedgerEntry.Part.OVERRIDE:
        override = from_stored(LedgerOverride, row.value)
        found = override_of(facts, override.assessment_key, override.canvas_user_id)
        return found is not None and dates_of(found) == override.put
    extension = from_stored(LedgerExtension, row.value)
    stands = held.of(extension.assessment_key, extension.canvas_user_id)
    if stands is None:
        return False
    return stands.extra_minutes >= (extension.put_minutes or 0) and stands.extra_attempts >= (
        extension.put_attempts or 0
    )


def extensions_not_read_back(course_sync: CourseSync) -> frozenset[str]:
    """Return the assessments whose extensions this course sync set and of which only Canvas's answer is known."""
    students = course_sync.actions.filter(status=SyncAction.Status.APPLIED).values("student")
    assessments = course_sync.actions.filter(status=SyncAction.Status.APPLIED).values("assessment")
    rows = LedgerEntry.objects.filter(
        part=LedgerEntry.Part.EXTENSION,
        evidence=LedgerEntry.Evidence.ACCEPTED,
        taken_back_at=None,
        student__in=students,
        assessment__in=assessments,
    )
    return frozenset(rows.values_list("assessment__key", flat=True))


def override_of(facts: CourseFacts, assessment_key: str, canvas_user_id: int) -> ObservedOverride | None:
    """Return the ad-hoc override that names the student on the assessment, alone or with others."""
    for assessment in facts.assessments:
        if assessment.key != assessment_key:
            continue
        for override in assessment.overrides:
            if override.target is OverrideTarget.AD_HOC and canvas_user_id in override.canvas_user_ids:
                return override
    return None


def dates_of(override: ObservedOverride) -> Dates:
    """Return the dates that an override sets; None also where it sets none."""

    def at(setting: DateSetting) -> datetime | None:
        return setting.at if setting.is_overridden else None

    return Dates(unlock_at=at(override.unlock), due_at=at(override.due), lock_at=at(override.lock))
