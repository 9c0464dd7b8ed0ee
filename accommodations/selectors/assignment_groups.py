"""Assignment groups as pages know them: which names to suggest, and which names of a rule a course has not."""

from collections.abc import Collection, Iterable, Sequence

from accommodations.models import Accommodation, AssignmentGroup, Course, Enrollment, Student
from accommodations.planning.assignment_groups import UnmatchedName, folded, is_in_course, unmatched_names
from accommodations.planning.rules import AccommodationRule, Scope
from accommodations.selectors.recording import courses_of
from accommodations.selectors.rules import counting_accommodations
from canvas_bridge.facts import AssignmentGroupFacts, CourseFacts, CourseState, CourseSummary, EnrollmentState

MOST_SUGGESTED = 24
MOST_COURSES_NAMED = 3
_OVER = (CourseState.COMPLETED.value, CourseState.DELETED.value)
_THERE = (EnrollmentState.ACTIVE.value, EnrollmentState.INVITED.value)


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


def notes_on_accommodations(accommodations: Sequence[Accommodation]) -> dict[int, list[str]]:
    """Return by accommodation what is to be said of its groups; as many queries for many as for one."""
    named = [row for row in accommodations if row.assignment_groups]
    if not named:
        return {}
    students = {row.student_id for row in named}
    courses = _courses_by_student(students)
    groups = _groups_of({course.pk for listed in courses.values() for course in listed})
    notes = {}
    for row in named:
        found = []
        for course in courses.get(row.student_id, ()):
            if course.pk in groups and _reaches(row, course):
                lacking = unmatched_names(row.assignment_groups, groups[course.pk])
                found += [(course.course_code or course.name, one) for one in lacking]
        if found:
            notes[row.pk] = _sentences(found)
    return notes


def accommodations_without_their_group() -> list[tuple[Accommodation, list[str]]]:
    """Return the accommodations that name an assignment group which a course of the student has not, with the words."""
    rows = counting_accommodations().exclude(status=Accommodation.Status.ENDED).exclude(assignment_groups=[])
    listed = list(rows.select_related("student", "term", "course").order_by("student__sortable_name", "pk"))
    notes = notes_on_accommodations(listed)
    return [(row, notes[row.pk]) for row in listed if row.pk in notes]


def _reaches(accommodation: Accommodation, course: Course) -> bool:
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


def _courses_by_student(students: Collection[int]) -> dict[int, list[Course]]:
    rows = Enrollment.objects.filter(student__in=students, state__in=_THERE).exclude(course__state__in=_OVER)
    found: dict[int, dict[int, Course]] = {}
    for row in rows.select_related("course__term").order_by("course__course_code", "pk"):
        found.setdefault(row.student_id, {})[row.course_id] = row.course
    return {student: list(courses.values()) for student, courses in found.items()}


def _groups_of(courses: Collection[int]) -> dict[int, list[AssignmentGroupFacts]]:
    found: dict[int, list[AssignmentGroupFacts]] = {}
    for row in AssignmentGroup.objects.filter(course__in=courses):
        listed = found.setdefault(row.course_id, [])
        if not row.is_deleted:
            listed.append(AssignmentGroupFacts(row.canvas_assignment_group_id, row.name, tuple(row.former_names)))
    return found
