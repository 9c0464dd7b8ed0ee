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
from accommodations.selectors.standing import standing_ledger
from canvas_bridge.changes import SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import CourseFacts, Dates, DateSetting, ObservedExtension, ObservedOverride, OverrideTarget

EXTENSION_CHANGES = (SetQuizExtension, SetAssignmentExtension, SetNewQuizAccommodation)


class StandingEntries:
    """What the ledger says of some pairs: read in one query, changed in memory, and written in two by `save`."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Read the standing entries of these pairs, each a student's and an assessment's row number."""
        pairs = set(pairs)
        rows = LedgerEntry.objects.filter(
            student__in={student for student, _ in pairs},
            assessment__in={assessment for _, assessment in pairs},
            taken_back_at=None,
        )
        self._standing = {(row.student_id, row.assessment_id, row.part): row for row in rows}
        self._changed: dict[int, LedgerEntry] = {}

    @classmethod
    def of_actions(cls, rows: Iterable[SyncAction]) -> "StandingEntries":
        """Read those of the pairs of planned actions."""
        return cls((row.student_id, row.assessment_id) for row in rows)

    def is_drift(self, row: SyncAction, planned: PlannedAction) -> bool:
        """Whether the action raises again what we had put and what somebody made less in Canvas."""
        part = _part_of(planned)
        entry = self._standing.get((row.student_id, row.assessment_id, part))
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

    def note_applied(
        self, row: SyncAction, planned: PlannedAction, *, canvas_override_id: int | None, now: datetime
    ) -> None:
        """Write that Canvas took one planned action; safe to repeat."""
        value: LedgerExtension | LedgerOverride | None = planned.ledger_extension
        part = _part_of(planned)
        if part == LedgerEntry.Part.OVERRIDE:
            value = planned.ledger_override
            if value is not None and canvas_override_id is not None:
                value = replace(value, canvas_override_id=canvas_override_id)
        entry = self.put(row.student_id, row.assessment_id, part, value, now)
        if entry is not None:
            entry.put_at, entry.evidence, entry.confirmed_at = now, LedgerEntry.Evidence.ACCEPTED, None

    def put(
        self,
        student_id: int,
        assessment_id: int,
        part: str,
        value: LedgerExtension | LedgerOverride | None,
        now: datetime,
    ) -> LedgerEntry | None:
        """Let the value stand there and return its entry; None takes back what stands."""
        key = (student_id, assessment_id, part)
        if value is None:
            if key in self._standing:
                gone = self._standing.pop(key)
                gone.taken_back_at = now
                self._changed[id(gone)] = gone
            return None
        entry = self._standing.get(key)
        if entry is None:
            entry = LedgerEntry(student_id=student_id, assessment_id=assessment_id, part=part, put_at=now)
        entry.value = to_stored(value)
        self._standing[key] = self._changed[id(entry)] = entry
        return entry

    def save(self) -> None:
        """Write what was changed."""
        changed = list(self._changed.values())
        known = [entry for entry in changed if entry.pk is not None]
        fields = ["value", "put_at", "evidence", "confirmed_at", "taken_back_at"]
        LedgerEntry.objects.bulk_update(known, fields, batch_size=200)
        LedgerEntry.objects.bulk_create([entry for entry in changed if entry.pk is None], batch_size=500)
        self._changed.clear()


def _part_of(planned: PlannedAction) -> str:
    is_extension = isinstance(planned.change, EXTENSION_CHANGES)
    return LedgerEntry.Part.EXTENSION if is_extension else LedgerEntry.Part.OVERRIDE


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
    gone = list(standing_ledger([course]).filter(assessment__is_deleted=True).select_related("student", "assessment"))
    LedgerEntry.objects.filter(pk__in=[row.pk for row in gone]).update(taken_back_at=now)
    return gone


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
    known = [
        (one, students[one.canvas_user_id].pk, assessments[one.assessment_key].pk)
        for one in corrections
        if one.canvas_user_id in students and one.assessment_key in assessments
    ]
    if not known:
        return
    entries = StandingEntries((student, assessment) for _, student, assessment in known)
    for one, student, assessment in known:
        entries.put(student, assessment, one.part.value, one.extension or one.override, now)
    entries.save()


def confirm(course: Course, facts: CourseFacts) -> None:
    """Mark what an observation found standing as read back."""
    held = HeldExtensions(facts)
    standing = [row.pk for row in standing_ledger([course]) if _stands(row, facts, held)]
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
