"""A file checked against what stands: every row read, its student found, and the difference that taking it makes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accommodations.errors import ValuesRefused
from accommodations.importing.columns import BY_NAME
from accommodations.importing.comparing import Difference, compare, shrinks_too_much
from accommodations.importing.entries import Entry, Key, Standing, Wanted
from accommodations.importing.rows import Known, Layout, ReadRow, Trouble, read_row
from accommodations.importing.table import TableRow
from accommodations.models import (
    Accommodation,
    Course,
    ImportChange,
    ImportFile,
    ImportSource,
    Student,
    Term,
)
from accommodations.selectors.rules import institution_today
from accommodations.services.accommodation_values import AccommodationValues, check_values, values_of

_COLUMN_OF_FIELD = {
    "multiplier": ("multiplier", "amount"),
    "minutes": ("minutes", "minutes_per_hour", "amount"),
    "attempts": ("attempts", "amount"),
    "shift_amount": ("days_later", "amount"),
}
_AMOUNT_FIELDS = (
    "extra_time_method", "multiplier", "minutes", "attempts", "shift_amount", "shift_unit",
)  # fmt: skip
FOUND, WAITING, UNKNOWN, AMBIGUOUS, UNREACHABLE = "found", "waiting", "unknown", "ambiguous", "unreachable"
WORDS_OF_LOOKUP = {
    "": "is not on record here, and Canvas has not been asked yet.",
    FOUND: "is not on record here any more.",
    WAITING: "is not on record here; Canvas is being asked.",
    UNKNOWN: "is neither an SIS id nor a login that Leeway or Canvas knows.",
    AMBIGUOUS: "fits more than one person.",
    UNREACHABLE: "is not on record here, and Canvas did not answer.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it stands at this moment; `digest` changes when anything that taking it would do does."""

    file: ImportFile
    difference: Difference
    troubles: tuple[Trouble, ...]
    unknown_keys: tuple[str, ...]
    left_out: tuple[int, ...]
    remarks: Mapping[int, tuple[str, ...]]
    cells: Mapping[int, tuple[str, ...]]
    students: Mapping[int, Student]
    accommodations: Mapping[int, Accommodation]
    courses: Mapping[int, Course]
    terms: Mapping[int, Term]
    today: date
    standing_count: int
    has_shrunk: bool
    digest: str

    @property
    def trouble_rows(self) -> frozenset[int]:
        """Return the numbers of the rows that cannot be taken."""
        return frozenset(one.row for one in self.troubles)

    def values(self, entry: Entry, before: Accommodation | None = None) -> AccommodationValues:
        """Return an entry as the values of an accommodation; what the file does not say stays as it was."""
        course = self.courses[entry.course] if entry.course else None
        term = self.terms[entry.term] if entry.term else None
        return values_of_entry(entry, today=self.today, course=course, term=term, before=before)

    @property
    def counts(self) -> dict[str, int]:
        """Return the difference in numbers."""
        found = self.difference
        return {
            "added": len(found.added),
            "changed": len(found.changed),
            "ended": len(found.ended),
            "unchanged": len(found.unchanged),
            "over": len(found.over),
            "duplicates": len(found.duplicates),
            "troubles": len(self.trouble_rows),
            "left_out": len(self.left_out),
        }


def values_of_entry(
    entry: Entry, *, today: date, course: Course | None, term: Term | None, before: Accommodation | None
) -> AccommodationValues:
    """Return the values that an entry comes to, beside those that stand where it changes something."""
    given = {name: getattr(entry, name) for name in _AMOUNT_FIELDS}
    if before is not None:
        stands = values_of(before)
        return replace(
            stands,
            **given,
            effective_from=entry.effective_from or stands.effective_from,
            effective_until=entry.effective_until,
            note=stands.note if entry.note is None else entry.note,
        )
    return AccommodationValues(
        provision=entry.provision,
        **given,
        scope=entry.scope,
        course=course,
        term=term,
        kinds=entry.kinds,
        assignment_groups=entry.assignment_groups,
        effective_from=entry.effective_from or today,
        effective_until=entry.effective_until,
        note=entry.note or "",
    )


def entry_of(accommodation: Accommodation) -> Entry:
    """Return an accommodation as a file would say it."""
    values = {one.name: getattr(accommodation, one.name) for one in fields(Entry) if one.name not in ("course", "term")}
    listed = {"kinds": tuple(accommodation.kinds), "assignment_groups": tuple(accommodation.assignment_groups)}
    return Entry(**{**values, **listed}, course=accommodation.course_id, term=accommodation.term_id)


def imported_ids(source: ImportSource) -> set[int]:
    """Return the accommodations that imports of the source brought, and those by which people replaced them."""
    ours = ImportChange.objects.filter(file__source=source, accommodation=OuterRef("pk"))
    rows = Accommodation.objects.annotate(is_ours=Exists(ours)).filter(Q(is_ours=True) | Q(replaces__isnull=False))
    found: set[int] = set()
    # What replaces another was recorded after it: in this order one pass finds whole chains.
    for pk, replaces, is_ours in rows.order_by("pk").values_list("pk", "replaces_id", "is_ours"):
        if is_ours or replaces in found:
            found.add(pk)
    return found


def check_file(file: ImportFile, *, today: date | None = None) -> Checked:
    """Read every row of the file, compare it with what stands, and return what taking it would do.

    `today` is the day in the institution's zone, where the caller knows it already.
    """
    return _Check(file, today or institution_today(timezone.now())).result()


class _Check:
    """One pass over a file; collects rows, troubles and remarks on the way."""

    def __init__(self, file: ImportFile, today: date) -> None:
        self.file, self.today = file, today
        self.layout = Layout(tuple(file.headers), file.mapping, file.day_order)
        self.courses, self.terms = _courses(self.layout), _terms(self.layout)
        known = Known(
            courses=_by_name((one.pk, name) for one in self.courses.values() for name in _names(one)),
            terms=_by_name((one.pk, one.name) for one in self.terms.values()),
        )
        stored = list(file.rows.all())
        self.cells = {row.number: tuple(row.cells) for row in stored}
        self.left_out = tuple(row.number for row in stored if row.is_left_out)
        self.rows = [read_row(TableRow(row.number, tuple(row.cells)), self.layout, known) for row in stored]
        self.students = _students({row.student_key for row in self.rows if row.student_key})
        self.troubles: list[Trouble] = []
        self.unknown: dict[str, None] = {}
        self.remarks: dict[int, tuple[str, ...]] = {}

    def result(self) -> Checked:
        """Return the file as it was checked."""
        left_out = set(self.left_out)
        wanted = [one for row in self.rows if row.number not in left_out for one in self.wanted(row)]
        people = {student.pk: student for found in self.students.values() for student in found}
        imported = imported_ids(self.file.source)
        standing = _standing(imported, set(people))
        accommodations = {row.pk: row for row in standing}
        compared = [Standing(row.pk, row.student_id, entry_of(row), row.pk in imported) for row in standing]
        shielded = frozenset(self.shielded(left_out))
        difference = compare(wanted, compared, today=self.today, shielded=shielded)
        difference = self.without_refused_changes(difference, wanted, compared, accommodations, shielded)
        for one in difference.contradictions:
            self.trouble(one.wanted.row, "", f"It contradicts row {one.other_row}: correct the file, or leave one out.")
        ours = sum(row.pk in imported for row in standing)
        source = self.file.source
        self.remark(difference, people, accommodations, imported)
        return Checked(
            file=self.file,
            difference=difference,
            troubles=tuple(sorted(self.troubles, key=lambda one: one.row)),
            unknown_keys=tuple(self.unknown),
            left_out=self.left_out,
            remarks=self.remarks,
            cells=self.cells,
            students=people | {row.student_id: row.student for row in standing},
            accommodations=accommodations,
            courses=self.courses,
            terms=self.terms,
            today=self.today,
            standing_count=ours,
            has_shrunk=shrinks_too_much(
                ending=len(difference.ended),
                standing=ours,
                percent=source.shrink_percent,
                number=source.shrink_number,
            ),
            digest=_digest(difference, accommodations, self.troubles, self.left_out),
        )

    def trouble(self, row: int, column: str, message: str) -> None:
        """Note why a row cannot be taken."""
        self.troubles.append(Trouble(row, column, message))

    def wanted(self, row: ReadRow) -> list[Wanted]:
        """Return what a row asks for; with a trouble nothing, and the trouble is noted."""
        self.troubles += row.troubles
        found = self.students.get(row.student_key.casefold(), ()) if row.student_key else ()
        if row.student_key and len(found) != 1:
            state = AMBIGUOUS if found else self.file.lookups.get(row.student_key, "")
            self.trouble(
                row.number, self.layout.header_of("student"), f"“{row.student_key[:60]}” {WORDS_OF_LOOKUP[state]}"
            )
            if not found:
                self.unknown[row.student_key] = None
        if row.troubles or len(found) != 1:
            return []
        if row.student_name and not _words(row.student_name) & _words(f"{found[0].name} {found[0].sortable_name}"):
            note = f"The file says “{row.student_name[:80]}”. Is this the right student?"
            self.remarks[row.number] = (note,)
        refused = [problem for entry in row.entries for problem in self.problems(entry, None)]
        for name, message in refused:
            self.trouble(row.number, self.header(name), message)
        return [] if refused else [Wanted(row.number, found[0].pk, entry) for entry in row.entries]

    def problems(self, entry: Entry, before: Accommodation | None) -> list[tuple[str, str]]:
        """Return why the values of an entry are refused, field by field."""
        course = self.courses[entry.course] if entry.course else None
        term = self.terms[entry.term] if entry.term else None
        try:
            check_values(
                values_of_entry(entry, today=self._start(entry, before), course=course, term=term, before=before)
            )
        except ValuesRefused as refused:
            return [(problem.field, problem.message) for problem in refused.problems]
        return []

    def _start(self, entry: Entry, before: Accommodation | None) -> date:
        """Return the day that stands in for a first day that the file leaves out: one that is over stays readable."""
        is_over = before is None and entry.effective_until is not None and entry.effective_until < self.today
        return entry.effective_until if is_over and entry.effective_until else self.today

    def header(self, field: str) -> str:
        """Return the header of the column from which a value came."""
        names = _COLUMN_OF_FIELD.get(field, (field,))
        name = next((one for one in names if one in self.layout.mapping), names[0])
        return self.layout.header_of(name) if name in BY_NAME else ""

    def shielded(self, left_out: set[int]) -> Iterable[int]:
        """Yield the students with a row that is not taken as it stands."""
        troubled = {one.row for one in self.troubles} | left_out
        for row in self.rows:
            if row.number in troubled:
                yield from (one.pk for one in self.students.get(row.student_key.casefold(), ()))

    def without_refused_changes(
        self,
        difference: Difference,
        wanted: list[Wanted],
        standing: list[Standing],
        accommodations: Mapping[int, Accommodation],
        shielded: frozenset[int],
    ) -> Difference:
        """Compare again without rows that only together with what stands come to something that is refused."""
        bad = set()
        for change in difference.changed:
            for name, message in self.problems(change.wanted.entry, accommodations[change.standing.accommodation_id]):
                self.trouble(change.wanted.row, self.header(name), message)
                bad.add(change.wanted)
        if not bad:
            return difference
        kept = [one for one in wanted if one not in bad]
        shield = shielded | {one.student_id for one in bad}
        return compare(kept, standing, today=self.today, shielded=shield)

    def remark(
        self,
        difference: Difference,
        people: Mapping[int, Student],
        accommodations: Mapping[int, Accommodation],
        imported: set[int],
    ) -> None:
        """Note what a person should know about an addition before it is taken."""
        ended = _ended_by_hand(imported, {one.wanted.student_id for one in difference.added})
        for one in difference.added:
            notes = list(self.remarks.get(one.wanted.row, ()))
            if one.beside:
                notes.append("Another one is on record, recorded by hand. The more generous counts.")
            if one.wanted.entry.key(one.wanted.student_id) in ended:
                notes.append("It was ended in Leeway by hand. Taking the row records it again.")
            if notes:
                self.remarks[one.wanted.row] = tuple(notes)


def _courses(layout: Layout) -> dict[int, Course]:
    """Return the courses by which a file may name a scope; none where it has no such column."""
    return {course.pk: course for course in Course.objects.all()} if "course" in layout.mapping else {}


def _terms(layout: Layout) -> dict[int, Term]:
    return {term.pk: term for term in Term.objects.all()} if "term" in layout.mapping else {}


def _names(course: Course) -> tuple[str, str]:
    return (course.sis_course_id, course.course_code)


def _by_name(names: Iterable[tuple[int, str]]) -> dict[str, tuple[int, ...]]:
    """Return ids by name in small letters; several where a name is not unique."""
    found: dict[str, tuple[int, ...]] = {}
    for pk, name in names:
        others = found.get(name.casefold(), ())
        if name and pk not in others:
            found[name.casefold()] = (*others, pk)
    return found


def _students(keys: set[str]) -> dict[str, tuple[Student, ...]]:
    """Return the students on record by what the file calls them: an SIS id as it is, or a login in any letters."""
    plain = {key.casefold() for key in keys}
    rows = Student.objects.annotate(plain_login=Lower("login_id")).filter(
        Q(sis_user_id__in=keys) | Q(plain_login__in=plain)
    )
    rows = rows.exclude(gone__decided_at__isnull=False)  # until then a row is ambiguous: a person decides first (F26)
    found: dict[str, tuple[Student, ...]] = {}
    for student in rows:
        for name in {student.sis_user_id.casefold(), student.login_id.casefold()} & plain:
            found[name] = (*found.get(name, ()), student)
    return found


def _standing(imported: set[int], students: set[int]) -> list[Accommodation]:
    """Return what has not ended, of the source or of the file's students; a draft stands for what it replaces."""
    rows: QuerySet[Accommodation] = (
        Accommodation.objects.filter(Q(pk__in=imported) | Q(student__in=students))
        .exclude(status=Accommodation.Status.ENDED)
        .select_related("student", "course", "term", "assessment")
    )
    found = list(rows)
    replaced = {row.replaces_id for row in found if row.status == Accommodation.Status.DRAFT}
    return [row for row in found if row.pk not in replaced]


def _ended_by_hand(imported: set[int], students: set[int]) -> set[Key]:
    rows = Accommodation.objects.filter(
        pk__in=imported,
        student__in=students,
        status=Accommodation.Status.ENDED,
        end_reason=Accommodation.EndReason.REVOKED,
    ).exclude(import_changes__kind=ImportChange.Kind.ENDED)
    return {entry_of(row).key(row.student_id) for row in rows}


def _words(name: str) -> set[str]:
    return {word for word in name.casefold().replace(",", " ").split() if len(word) > 1}


def _digest(
    difference: Difference,
    accommodations: Mapping[int, Accommodation],
    troubles: Iterable[Trouble],
    left_out: Iterable[int],
) -> str:
    parts = {
        "added": [repr(one.wanted) for one in difference.added],
        "changed": [
            (repr(one.wanted), one.standing.accommodation_id, accommodations[one.standing.accommodation_id].version)
            for one in difference.changed
        ],
        "ended": [(one.accommodation_id, accommodations[one.accommodation_id].version) for one in difference.ended],
        "troubles": sorted({one.row for one in troubles}),
        "left_out": sorted(left_out),
    }
    return sha256(json.dumps(parts).encode()).hexdigest()
