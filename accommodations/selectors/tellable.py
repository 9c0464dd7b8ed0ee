"""Who is to be told of what was done: the instructors of a student in a course, and the student."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from accommodations.models import Enrollment, InstitutionSettings, LinkedPerson, Student, Teaching
from accommodations.selectors.visibility import GONE

StudentInCourse = tuple[int | None, int]
"""Row numbers of a student (None: the course as such) and a course."""


def people_with(codename: str) -> QuerySet[User]:
    """Return the users at work whose role carries the permission."""
    return User.objects.filter(
        is_active=True,
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label="accommodations",
    ).distinct()


@dataclass(frozen=True, slots=True)
class Teachers:
    """Who teaches some courses: read once for many students."""

    teachings: dict[int, list[Teaching]]
    sections: dict[StudentInCourse, frozenset[int]]

    def of(self, where: StudentInCourse) -> list[User]:
        """Return the users who teach the student there; section-limited ones their own sections' students only."""
        sections = self.sections.get(where, frozenset())
        found = {
            teaching.person.user_id: teaching.person.user
            for teaching in self.teachings.get(where[1], ())
            if not teaching.is_limited_to_section or teaching.canvas_section_id in sections
        }
        return [found[pk] for pk in sorted(found)]


def teachers_of(places: Iterable[StudentInCourse]) -> Teachers:
    """Return the teachers of these students in these courses, as `visibility.is_of_taught_student` sees them."""
    wanted = set(places)
    courses = {course for _, course in wanted}
    students = {student for student, _ in wanted if student is not None}
    assistants_count = InstitutionSettings.current().assistants_see_courses
    teachings = Teaching.objects.filter(
        Q(is_assistant=False) | Q(pk__in=Teaching.objects.all() if assistants_count else []),
        course__in=courses,
        person__user__in=people_with("see_taught_students"),
    )
    of_course: defaultdict[int, list[Teaching]] = defaultdict(list)
    for teaching in teachings.select_related("person__user").order_by("pk"):
        of_course[teaching.course_id].append(teaching)
    return Teachers(dict(of_course), _sections(students, courses))


def _sections(students: Collection[int], courses: Collection[int]) -> dict[StudentInCourse, frozenset[int]]:
    rows = Enrollment.objects.filter(student__in=students, course__in=courses).exclude(state__in=GONE)
    found: defaultdict[StudentInCourse, set[int]] = defaultdict(set)
    for student, course, section in rows.values_list("student_id", "course_id", "canvas_section_id"):
        found[student, course].add(section)
    return {where: frozenset(sections) for where, sections in found.items()}


def accounts_of(students: Iterable[Student]) -> dict[int, User]:
    """Return by student the account that is theirs, where they have one: tied as `visibility.own_student` ties it."""
    listed = list(students)
    people = LinkedPerson.objects.filter(
        Q(canvas_user_id__in=[one.canvas_user_id for one in listed])
        | Q(canvas_user_id=None, login_id__in=[one.login_id for one in listed if one.login_id]),
        user__in=people_with("see_self"),
    ).select_related("user")
    by_number = {person.canvas_user_id: person.user for person in people if person.canvas_user_id is not None}
    by_login = {person.login_id: person.user for person in people if person.canvas_user_id is None}
    found = {one.pk: by_number.get(one.canvas_user_id) or by_login.get(one.login_id) for one in listed}
    return {pk: user for pk, user in found.items() if user is not None}
