"""What a person may know of: the one place that decides which courses, students and pairs exist for them."""

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accommodations.models import Course, Enrollment, InstitutionSettings, LinkedPerson, PairStatus, Student, Teaching
from canvas_bridge.facts import EnrollmentState

Viewer = AbstractUser | AnonymousUser

GONE = (EnrollmentState.DELETED.value, EnrollmentState.REJECTED.value)
"""States of an enrollment that no longer tie a student to a course."""


def sees_all_students(user: Viewer) -> bool:
    """Whether the person's role sees every student: the office and auditors."""
    return user.has_perm("accommodations.see_all_students")


def teachings_of(user: Viewer) -> QuerySet[Teaching]:
    """Return the person's teachings that count; assistants' only where the institution says so."""
    if not user.has_perm("accommodations.see_taught_students"):
        return Teaching.objects.none()
    # Asked within the same query: this filter is part of nearly everything that an instructor opens.
    assistants_count = Exists(InstitutionSettings.objects.filter(assistants_see_courses=True))
    return Teaching.objects.filter(Q(is_assistant=False) | assistants_count, person__user=user.pk)


def courses_visible_to(user: Viewer) -> QuerySet[Course]:
    """Return every course for the office, the own ones for instructors, none for others."""
    if sees_all_students(user):
        return Course.objects.all()
    return Course.objects.filter(pk__in=teachings_of(user).values("course"))


def is_of_taught_student(user: Viewer, *, student: str = "student", course: str = "course") -> Q:
    """Return the filter on rows with paths to a student and a course: those whom the person teaches there.

    Section-limited instructors see the students of their own sections only; Canvas's section ids are unique.
    """
    teachings = teachings_of(user)
    unlimited = teachings.filter(course=OuterRef(course), is_limited_to_section=False)
    sections = teachings.filter(is_limited_to_section=True).values("canvas_section_id")
    in_section = Enrollment.objects.filter(
        student=OuterRef(student), course=OuterRef(course), canvas_section_id__in=sections
    ).exclude(state__in=GONE)
    return Q(Exists(unlimited)) | Q(Exists(in_section))


def students_visible_to(user: Viewer) -> QuerySet[Student]:
    """Return the students whose record the person may open: all for the office and auditors, else none.

    Instructors see pairs of their students on the course's page, not the record; students have their own page.
    """
    return Student.objects.all() if sees_all_students(user) else Student.objects.none()


def own_student(user: Viewer) -> Student | None:
    """Return the student record of the person themself, tied by the Canvas person of their account."""
    if not user.has_perm("accommodations.see_self"):
        return None
    person = LinkedPerson.objects.filter(user=user.pk)
    # The login id is the tie; once Canvas has told the person's number, that is used, since logins may be reused.
    by_number = Q(canvas_user_id__in=person.exclude(canvas_user_id=None).values("canvas_user_id"))
    by_login = Q(login_id__in=person.filter(canvas_user_id=None).exclude(login_id="").values("login_id"))
    return Student.objects.filter(by_number | by_login & Q(gone=None)).order_by("pk").first()


def pairs_visible_to(user: Viewer) -> QuerySet[PairStatus]:
    """Return the pairs that the person may know of: all, those of taught students, or the own ones."""
    if sees_all_students(user):
        return PairStatus.objects.all()
    if user.has_perm("accommodations.see_taught_students"):
        return PairStatus.objects.filter(is_of_taught_student(user))
    student = own_student(user)
    return PairStatus.objects.filter(student=student) if student else PairStatus.objects.none()
