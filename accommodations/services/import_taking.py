"""Taking a checked file, all at once or not at all; and undoing it through the same services that people use."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import NotPossible, PlanChanged, Problem, ValuesRefused
from accommodations.importing.comparing import Addition, Change
from accommodations.importing.entries import Standing
from accommodations.models import Accommodation, ImportChange, ImportFile
from accommodations.selectors.rules import institution_today
from accommodations.services.accommodation_values import AccommodationValues, values_of
from accommodations.services.accommodations import change_accommodation, end_accommodation, record_accommodations
from accommodations.services.change_runs import ChangeCollector
from accommodations.services.import_checking import Checked, check_file, entry_of, imported_ids
from accommodations.services.imports import close, locked, log_act

_CHANGED = "The difference has changed since you read it: it is shown again. Nothing was taken."


@transaction.atomic
def take_file(
    *, file: ImportFile, taken_by: User, digest: str, only_valid: bool = False, keeps_missing: bool = False
) -> ImportFile:
    """Record, change and end what the page showed, in one transaction, and queue one sync of each course concerned.

    `only_valid` leaves rows with troubles out; `keeps_missing` ends nothing. Raises PlanChanged where the difference
    is not the one that was read, ValuesRefused where rows still need a decision, NotPossible where the file has
    shrunk and no director has confirmed the number.
    """
    current = locked(file)
    checked = check_file(current)
    if checked.digest != digest:
        raise PlanChanged(_CHANGED)
    if checked.troubles and not only_valid:
        number = len(checked.trouble_rows)
        words = f"{number} row{'s need' if number > 1 else ' needs'} a decision. Decide, or take the valid rows only."
        raise ValuesRefused((Problem("only_valid", "import.troubles", words),))
    ending = () if keeps_missing else checked.difference.ended
    check_shrinking(checked, ending=len(ending))
    taking = _Taking(current, taken_by, checked)
    taking.add(checked.difference.added)
    taking.change(checked.difference.changed)
    taking.end(ending)
    current.counts = {**checked.counts, "ended": len(ending), "kept": len(checked.difference.ended) - len(ending)}
    current.is_partial = bool(checked.troubles)
    current.run = taking.collector.queue(requested_by=taken_by)
    close(current, status=ImportFile.Status.TAKEN, by=taken_by)
    log_act("import.taken", current, actor=taken_by, counts=current.counts)
    return current


def check_shrinking(checked: Checked, *, ending: int) -> None:
    """Raise NotPossible where so many may not end before a director has confirmed this number."""
    if ending and checked.has_shrunk and checked.file.confirmed_ending != ending:
        raise NotPossible(
            f"{ending} of {checked.standing_count} accommodations from {checked.file.source} are missing from this "
            "file. A director confirms the number first, or you leave them as they are."
        )


class _Taking:
    """One file being taken: each step goes through the ordinary service and is noted as a change of this import."""

    def __init__(self, file: ImportFile, actor: User, checked: Checked) -> None:
        self.file, self.actor, self.checked = file, actor, checked
        self.collector = ChangeCollector()

    def add(self, additions: Sequence[Addition]) -> None:
        """Record what is new."""
        for one in additions:
            recorded, _ = record_accommodations(
                student=self.checked.students[one.wanted.student_id],
                recorded_by=self.actor,
                values=[self.checked.values(one.wanted.entry)],
                queue=self.collector,
            )
            self.note(ImportChange.Kind.ADDED, recorded[0], row=one.wanted.row)

    def change(self, changes: Sequence[Change]) -> None:
        """Store a new version of what differs; with two-person approval a draft beside it."""
        for one in changes:
            before = self.checked.accommodations[one.standing.accommodation_id]
            after, _ = change_accommodation(
                accommodation=before,
                changed_by=self.actor,
                version=before.version,
                values=self.checked.values(one.wanted.entry, before),
                queue=self.collector,
            )
            version = before.version if after.pk == before.pk else None
            self.note(ImportChange.Kind.CHANGED, after, row=one.wanted.row, version_before=version)

    def end(self, missing: Sequence[Standing]) -> None:
        """End what is missing from the file."""
        for one in missing:
            row = self.checked.accommodations[one.accommodation_id]
            end_accommodation(accommodation=row, ended_by=self.actor, version=row.version, queue=self.collector)
            self.note(ImportChange.Kind.ENDED, Accommodation.objects.get(pk=row.pk), version_before=row.version)

    def note(
        self,
        kind: ImportChange.Kind,
        row_after: Accommodation,
        *,
        row: int | None = None,
        version_before: int | None = None,
    ) -> None:
        """Keep what this import did to an accommodation."""
        ImportChange.objects.create(
            file=self.file,
            kind=kind,
            row=row,
            accommodation=row_after,
            version_before=version_before,
            version_after=row_after.version,
        )


@transaction.atomic
def confirm_ending(*, file: ImportFile, confirmed_by: User, number: int) -> ImportFile:
    """Let so many accommodations end that are missing from a file. Raises ValuesRefused for any other number."""
    current = locked(file)
    checked = check_file(current)
    if number != len(checked.difference.ended):
        words = f"Enter {len(checked.difference.ended)}, the number that would end, if that is right."
        raise ValuesRefused((Problem("number", "import.number", words),))
    current.confirmed_ending, current.confirmed_by = number, confirmed_by
    current.save(update_fields=["confirmed_ending", "confirmed_by"])
    log_act("import.ending_confirmed", current, actor=confirmed_by, number=number)
    return current


END, CHANGE_BACK, RECORD_AGAIN, LEAVE = "end", "change_back", "record_again", "leave"


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What undoing an import does to one accommodation, or why it leaves it. `values`: what stands afterwards."""

    what: str
    accommodation: Accommodation
    reason: str = ""
    values: AccommodationValues | None = None


def undo_steps(file: ImportFile) -> list[UndoStep]:
    """Return what undoing would do, change by change; what people have edited since is left as they have it."""
    done = file.changes.exclude(kind=ImportChange.Kind.RESTORED).select_related(
        *(f"accommodation__{name}" for name in ("student", "course", "term", "assessment", "replaces"))
    )
    return _Undoing(file, list(done)).steps()


class _Undoing:
    """What undoing a file would do, worked out from the versions that its accommodations have had."""

    def __init__(self, file: ImportFile, changes: list[ImportChange]) -> None:
        self.changes = changes
        self.today = institution_today(timezone.now())
        rows = {change.accommodation_id for change in changes}
        # In order, so that of several records of one version the last one counts.
        records = Accommodation.history.model.objects.filter(id__in=rows).order_by("history_id")
        self.versions = {(record.id, record.version): record.instance for record in records}
        self.standing = {
            entry_of(one).key(one.student_id)
            for one in Accommodation.objects.filter(pk__in=imported_ids(file.source)).exclude(
                status=Accommodation.Status.ENDED
            )
        }

    def steps(self) -> list[UndoStep]:
        """Return one step for each change."""
        return [self.step(change) for change in self.changes]

    def step(self, change: ImportChange) -> UndoStep:
        """Return what undoing does to one accommodation."""
        row = change.accommodation
        if change.kind == ImportChange.Kind.ENDED:
            return self.step_back_from_end(row)
        if row.status == Accommodation.Status.ENDED:
            return UndoStep(LEAVE, row, "has ended already")
        if values_of(row) != self.values_at(row, change.version_after):
            return UndoStep(LEAVE, row, "was edited since")
        is_draft = row.status == Accommodation.Status.DRAFT and row.replaces_id is not None
        if change.kind == ImportChange.Kind.ADDED or is_draft:
            return UndoStep(END, row)
        before = self.values_at(row, change.version_before) if change.version_before else None
        if before is None and row.replaces is not None:
            before = values_of(row.replaces)
        return UndoStep(CHANGE_BACK, row, values=before) if before else UndoStep(LEAVE, row, "has no earlier version")

    def step_back_from_end(self, row: Accommodation) -> UndoStep:
        """Return how what the import ended stands again."""
        if row.status != Accommodation.Status.ENDED:
            return UndoStep(LEAVE, row, "is in force again")
        if row.effective_until is not None and row.effective_until < self.today:
            return UndoStep(LEAVE, row, "would be over by now")
        if entry_of(row).key(row.student_id) in self.standing:
            return UndoStep(LEAVE, row, "is on record again")
        return UndoStep(RECORD_AGAIN, row, values=values_of(row))

    def values_at(self, row: Accommodation, version: int) -> AccommodationValues | None:
        """Return the values of an earlier version, None where it is not kept."""
        kept = self.versions.get((row.pk, version))
        return values_of(kept) if kept is not None else None


@transaction.atomic
def undo_file(*, file: ImportFile, undone_by: User, number: int) -> ImportFile:
    """End what the import added, restore what it changed and ended, and queue one sync of each course concerned.

    Raises NotPossible where it is not a taken import, PlanChanged where no longer `number` steps would be made.
    """
    current = ImportFile.objects.select_for_update(of=("self",)).select_related("source").get(pk=file.pk)
    if current.status != ImportFile.Status.TAKEN:
        raise NotPossible("Only an import that was taken can be undone.")
    steps = [step for step in undo_steps(current) if step.what != LEAVE]
    if len(steps) != number:
        raise PlanChanged("What undoing would do has changed since you read it: it is shown again. Nothing was undone.")
    collector = ChangeCollector()
    for step in steps:
        _take_back(step, current, undone_by, collector)
    current.status, current.undone_by, current.undone_at = ImportFile.Status.UNDONE, undone_by, timezone.now()
    current.run = collector.queue(requested_by=undone_by)
    current.save()
    log_act("import.undone", current, actor=undone_by, steps=len(steps))
    return current


def _take_back(step: UndoStep, file: ImportFile, actor: User, collector: ChangeCollector) -> None:
    row = step.accommodation
    if step.what == END:
        end_accommodation(accommodation=row, ended_by=actor, version=row.version, queue=collector)
    elif step.values is not None and step.what == CHANGE_BACK:
        change_accommodation(
            accommodation=row, changed_by=actor, version=row.version, values=step.values, queue=collector
        )
    elif step.values is not None:
        recorded, _ = record_accommodations(
            student=row.student, recorded_by=actor, values=[step.values], queue=collector
        )
        ImportChange.objects.create(
            file=file,
            kind=ImportChange.Kind.RESTORED,
            accommodation=recorded[0],
            version_after=recorded[0].version,
        )
