"""Assignment groups as pages know them: which names to suggest, and which names of a rule a course has not."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, F, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from accommodations.models import Accommodation, AssignmentGroup, Student
from accommodations.planning.assignment_groups import UnmatchedName, folded, is_in_course, unmatched_names
from accommodations.planning.rules import AccommodationRule, Scope
from accommodations.selectors.recording import courses_of
from accommodations.selectors.rules import counting_accommodations
from canvas_bridge.facts import AssignmentGroupFacts, CourseFacts, CourseState, CourseSummary, EnrollmentState

MOST_SUGGESTED = 24
MOST_COURSES_NAMED = 3
_RUNNING = [one.value for one in CourseState if one not in (CourseState.COMPLETED, CourseState.DELETED)]
_THERE = (EnrollmentState.ACTIVE.value, EnrollmentState.INVITED.value)


@dataclass(frozen=True, slots=True)
class _CourseOfStudent:
    """A course with the assignment groups that it has now."""

    pk: int
    term_id: int | None
    code: str
    groups: list[AssignmentGroupFacts] = field(default_factory=list)


_Courses = dict[int, dict[int, _CourseOfStudent]]
"""By student, each course by its number."""
_FIELDS_OF_GROUP = {
    "of_course": "course",
    "of_term": "course__term",
    "of_code": "course__course_code",
    "of_name": "course__name",
    "of_group": "canvas_assignment_group_id",
    "of_group_name": "name",
    "of_former_names": "former_names",
    "of_deleted": "is_deleted",
}


def suggested_names(student: Student | None = None) -> list[tuple[str, str]]:
    """Return names of groups with the courses that have them, "Exams (BIO 201)"; without a student those of any course.

    Known are the courses for which some rule named a group: only then does Leeway ask Canvas for the names.
    """
    rows = AssignmentGroup.objects.filter(is_deleted=False).exclude(name="")
    if student is not None:
        rows = rows.filter(course__in=courses_of(student))
    names: dict[str, str] = {}
    courses: dict[str, list[str]] = {}
    for name, code, course_name in rows.values_list("name", "course__course_code", "course__name"):
        names.setdefault(folded(name), name)
        courses.setdefault(folded(name), []).append(code or course_name)
    often = sorted(names, key=lambda key: (-len(courses[key]), key))[:MOST_SUGGESTED]
    return [(names[key], f"{names[key]} ({listed_courses(courses[key])})") for key in sorted(often)]


def listed_courses(codes: Sequence[str]) -> str:
    """Return "BIO 201, MAT 140 and 3 more"."""
    shown = sorted(codes)[:MOST_COURSES_NAMED]
    more = len(codes) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def notes_on_facts(facts: Iterable[CourseFacts], rules: Collection[AccommodationRule]) -> list[str]:
    """Return what is to be said of these rules in these courses, as a preview shows it."""
    found: list[tuple[str, UnmatchedName]] = []
    unread: set[str] = set()
    for one in facts:
        names = _names_for(one.course, rules)
        code = one.course.course_code or one.course.name
        if names and not one.are_groups_named:
            unread.add(code)
        elif names:
            found += [(code, lacking) for lacking in unmatched_names(names, one.assignment_groups)]
    notes = _sentences(found)
    if unread:
        words = f"Leeway reads the assignment groups of {listed_courses(list(unread))} before it writes anything there."
        notes.append(f"{words} Until then every assessment that they may hold shows as waiting.")
    return notes


class _Listed(Aggregate):
    """A JSON list of one value of each row."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return it under PostgreSQL's name for it."""
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def with_groups_of_courses(students: QuerySet[Student]) -> QuerySet[Student]:
    """Let students bring along the groups of their running courses, for `notes_on_accommodations`."""
    rows = AssignmentGroup.objects.filter(
        course__enrollments__student=OuterRef("pk"),
        course__enrollments__state__in=_THERE,
        course__state__in=_RUNNING,
    )
    listed = (
        rows.order_by().annotate(every=Value(1)).values("every").annotate(all=_Listed(JSONObject(**_FIELDS_OF_GROUP)))
    )
    return students.annotate(groups_of_courses=Subquery(listed.values("all")))


def notes_on_accommodations(student: Student, accommodations: Iterable[Accommodation]) -> dict[int, list[str]]:
    """Return by accommodation what is to be said of its groups. The student comes from `with_groups_of_courses`."""
    courses: _Courses = {}
    annotated: Any = student
    for row in annotated.groups_of_courses or ():
        _add_group(courses, student.pk, row)
    return _notes([row for row in accommodations if row.assignment_groups], courses)


def _notes(
    named: Iterable[Accommodation], courses: _Courses, *, only_without_any: bool = False
) -> dict[int, list[str]]:
    """Return the words; `only_without_any` leaves out courses that have another one of its groups: there it counts."""
    notes = {}
    for row in named:
        found = []
        for course in courses.get(row.student_id, {}).values():
            lacking = unmatched_names(row.assignment_groups, course.groups) if _reaches(row, course) else ()
            if len(lacking) == len(row.assignment_groups) or not only_without_any:
                found += [(course.code, one) for one in lacking]
        if found:
            notes[row.pk] = _sentences(found)
    return notes


def accommodations_without_their_group() -> list[tuple[Accommodation, list[str]]]:
    """Return the accommodations that have none of their groups in a course of the student, with the words for it.

    One query for all of it: each accommodation comes once for every group of every running course of its student.
    """
    group = "student__enrollments__course__assignment_groups"
    rows = counting_accommodations().exclude(status=Accommodation.Status.ENDED).exclude(assignment_groups=[])
    rows = rows.filter(
        student__enrollments__state__in=_THERE,
        student__enrollments__course__state__in=_RUNNING,
        student__enrollments__course__assignment_groups__isnull=False,
    ).select_related("student", "term", "course")
    listed: dict[int, Accommodation] = {}
    courses: _Courses = {}
    fields = {name: F(f"{group}__{path}") for name, path in _FIELDS_OF_GROUP.items()}
    for row in rows.annotate(**fields).order_by("student__sortable_name", "pk", f"{group}__course__course_code"):
        listed[row.pk] = row
        _add_group(courses, row.student_id, {name: getattr(row, name) for name in _FIELDS_OF_GROUP})
    notes = _notes(list(listed.values()), courses, only_without_any=True)
    return [(row, notes[row.pk]) for row in listed.values() if row.pk in notes]


def _reaches(accommodation: Accommodation, course: _CourseOfStudent) -> bool:
    if accommodation.scope == Scope.TERM:
        return accommodation.term_id is not None and accommodation.term_id == course.term_id
    return accommodation.scope != Scope.COURSE or accommodation.course_id == course.pk


def _names_for(course: CourseSummary, rules: Iterable[AccommodationRule]) -> set[str]:
    return {name for rule in rules if is_in_course(rule, course) for name in rule.assignment_groups}


def _sentences(found: Iterable[tuple[str, UnmatchedName]]) -> list[str]:
    """Return one sentence for each name that courses lack, and one for each group that has another name now."""
    lacking: dict[str, list[str]] = {}
    renamed: dict[tuple[str, str], list[str]] = {}
    for code, one in found:
        if one.called_now:
            renamed.setdefault((one.name, "” and “".join(one.called_now)), []).append(code)
        else:
            lacking.setdefault(one.name, []).append(code)
    missing = [f"There is no assignment group “{name}” in {listed_courses(codes)}." for name, codes in lacking.items()]
    return missing + [
        f"The assignment group “{name}” is called “{now}” in {listed_courses(codes)} now: it still counts there."
        for (name, now), codes in renamed.items()
    ]


def _add_group(found: _Courses, student: int, row: Mapping[str, Any]) -> None:
    """Add a group to its course; a course whose groups are all deleted is there without any."""
    course = _CourseOfStudent(row["of_course"], row["of_term"], row["of_code"] or row["of_name"])
    course = found.setdefault(student, {}).setdefault(course.pk, course)
    former = row["of_former_names"]
    names = json.loads(former) if isinstance(former, str) else former  # SQLite lists JSON within JSON as words
    facts = AssignmentGroupFacts(row["of_group"], row["of_group_name"], tuple(names))
    if not row["of_deleted"] and facts not in course.groups:  # who is in two sections has two enrollments
        course.groups.append(facts)
