"""Students and linked people: found in the mirror or in Canvas, with their enrollments and teachings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accommodations.errors import CanvasUnreachable, NotConnected, StudentAmbiguous, StudentUnknown
from accommodations.models import CanvasConnection, Enrollment, InstitutionSettings, LinkedPerson, Student, Teaching
from accommodations.services import action_log, connections
from accommodations.services.courses import courses_known_or_read
from canvas_bridge.errors import CanvasError, CanvasNotFound, CanvasUnauthorized
from canvas_bridge.facts import EnrollmentFacts, EnrollmentState, PersonFacts
from canvas_bridge.gateway import CanvasGateway

LONGEST_CANVAS_ID = 18
DOUBT_LASTS = timedelta(hours=1)
"""How long an empty list of enrollments must last before it counts, for a student who had some."""
TEACHER_TYPES = ("TeacherEnrollment", "TaEnrollment")


def find_or_read_student(*, query: str, takes_canvas_id: bool = True) -> Student:
    """Return the student with this Canvas id, SIS id or login id, asking Canvas where the mirror has none.

    `takes_canvas_id` False: a file of another system never means Canvas's own ids, and a number may be anybody's.
    Raises StudentUnknown, StudentAmbiguous, CanvasUnreachable or NotConnected.
    """
    query = query.strip()
    if not query or len(query) > 255 or "\x00" in query:
        raise StudentUnknown("Enter a Canvas id, SIS id or login id.", field="student")
    canvas_user_id = _canvas_id(query) if takes_canvas_id else None
    return _student_in_mirror(query, canvas_user_id) or _student_from_canvas(query, canvas_user_id)


def known_student(*, query: str) -> Student | None:
    """Return the student whom Leeway knows by this id or login, without asking Canvas. Raises StudentAmbiguous."""
    return _student_in_mirror(query.strip(), _canvas_id(query.strip()))


def _canvas_id(query: str) -> int | None:
    return int(query) if query.isascii() and query.isdigit() and len(query) <= LONGEST_CANVAS_ID else None


def _student_in_mirror(query: str, canvas_user_id: int | None) -> Student | None:
    # Whom Canvas no longer knows has left these to somebody else (F26).
    condition = (Q(sis_user_id=query) | Q(login_id__iexact=query)) & Q(gone=None)
    if canvas_user_id is not None:
        condition |= Q(canvas_user_id=canvas_user_id)
    found = list(Student.objects.filter(condition)[:2])
    if len(found) > 1:
        raise _ambiguous(query)
    return found[0] if found else None


def _student_from_canvas(query: str, canvas_user_id: int | None) -> Student:
    connection = connections.usable_connection()
    gateway = connections.gateway_for(connection, most_tries=connections.TRIES_WHILE_A_PERSON_WAITS)
    with canvas_told(connection):
        people = _people_in_canvas(query, canvas_user_id, gateway)
        if len(people) > 1:
            raise _ambiguous(query)
        if not people:
            raise StudentUnknown(f"Canvas knows nobody with the id or login “{query}”.", field="student")
        student = store_student(next(iter(people.values())))
        refresh_enrollments(student, gateway)
    return student


def _people_in_canvas(query: str, canvas_user_id: int | None, gateway: CanvasGateway) -> dict[int, PersonFacts]:
    people = {}
    attempts: list[dict[str, object]] = [{"sis_user_id": query}, {"login_id": query}]
    if canvas_user_id is not None:
        attempts.insert(0, {"canvas_user_id": canvas_user_id})
    for attempt in attempts:
        try:
            person = gateway.find_person(**attempt)  # type: ignore[arg-type]  # one keyword of three
        except CanvasNotFound:
            continue
        people[person.canvas_user_id] = person
    return people


def student_of_canvas(*, canvas_user_id: int) -> Student:
    """Return the student with exactly this Canvas id, read anew.

    Raises StudentUnknown, CanvasUnreachable or NotConnected.
    """
    connection = connections.usable_connection()
    gateway = connections.gateway_for(connection, most_tries=connections.TRIES_WHILE_A_PERSON_WAITS)
    with canvas_told(connection):
        try:
            student = store_student(gateway.find_person(canvas_user_id=canvas_user_id))
        except CanvasNotFound as error:
            raise StudentUnknown("Canvas does not know this person any more.", field="student") from error
        refresh_enrollments(student, gateway)
    return student


def read_enrollments_now(student: Student) -> None:
    """Read the student's enrollments while a person waits. Raises CanvasUnreachable or NotConnected.

    Whom Canvas does not know any more has those that were known.
    """
    connection = connections.usable_connection()
    gateway = connections.gateway_for(connection, most_tries=connections.TRIES_WHILE_A_PERSON_WAITS)
    with canvas_told(connection), suppress(CanvasNotFound):
        refresh_enrollments(student, gateway)


@contextmanager
def canvas_told(connection: CanvasConnection) -> Iterator[None]:
    """Turn Canvas's errors into what a person who waits can read."""
    try:
        yield
    except CanvasUnauthorized as error:
        connections.note_token_refused(connection)
        raise NotConnected("Canvas does not accept the token any more.", code="canvas.token_refused") from error
    except CanvasError as error:
        raise CanvasUnreachable("Canvas did not answer. Nothing is lost: try again in a few minutes.") from error


def _ambiguous(query: str) -> StudentAmbiguous:
    return StudentAmbiguous(
        f"“{query}” fits more than one person. Enter an id that only one of them has.", field="student"
    )


def store_student(person: PersonFacts) -> Student:
    """Write a person of Canvas into the mirror; a new one needs releases where the institution says so."""
    student, _ = Student.objects.update_or_create(
        canvas_user_id=person.canvas_user_id,
        defaults=_names(person),
        create_defaults={
            **_names(person),
            "canvas_user_id": person.canvas_user_id,
            "needs_release": InstitutionSettings.current().release_per_course,
        },
    )
    return student


def _names(person: PersonFacts) -> dict[str, str]:
    return {
        "name": person.name.replace("\x00", "")[:255],
        "sortable_name": (person.sortable_name or person.name).replace("\x00", "")[:255],
        "sis_user_id": person.sis_user_id or "",
        "login_id": person.login_id or "",
    }


def refresh_enrollments(student: Student, gateway: CanvasGateway | None = None) -> list[Enrollment]:
    """Read a student's enrollments into the mirror, with courses that are new to it, and return them.

    A list that is empty, or has lost more than the set share of what was known, is not believed at once (F18): the
    mirror stays as it was, and what is still so an hour later, or more, is true. The hourly round asks again.
    """
    gateway = gateway or connections.gateway_for(connections.usable_connection())
    found = gateway.read_enrollments(canvas_user_id=student.canvas_user_id)
    known = list(student.enrollments.all())
    if _has_shrunk_much(known, found) and not _is_believed(student, found=len(found)):
        return known
    courses = courses_known_or_read({enrollment.canvas_course_id for enrollment in found}, gateway)
    with transaction.atomic():
        student.enrollments.exclude(canvas_enrollment_id__in=[one.canvas_enrollment_id for one in found]).delete()
        rows = [
            Enrollment.objects.update_or_create(
                canvas_enrollment_id=one.canvas_enrollment_id,
                defaults={
                    "student": student,
                    "course": courses[one.canvas_course_id],
                    "canvas_section_id": one.canvas_section_id,
                    "state": one.state.value,
                },
            )[0]
            for one in found
        ]
        student.enrollments_read_at, student.enrollments_doubted_at = timezone.now(), None
        student.save(update_fields=["enrollments_read_at", "enrollments_doubted_at"])
    return rows


def _has_shrunk_much(known: Sequence[Enrollment], found: Sequence[EnrollmentFacts]) -> bool:
    """Whether more of the known enrollments are missing than the institution's share, by its own number.

    A single one that is missing is a dropped course, however few there are; an empty list is always in doubt.
    """
    if not known:
        return False
    there = {one.canvas_enrollment_id for one in found}
    missing = sum(row.canvas_enrollment_id not in there for row in known)
    if not found:
        return True
    return missing > 1 and 100 * missing > InstitutionSettings.current().doubt_percent * len(known)


@transaction.atomic
def _is_believed(student: Student, *, found: int) -> bool:
    """Whether a list that lost so much is the second one, long enough after the first; else note the doubt."""
    current = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    now = timezone.now()
    if current.enrollments_doubted_at is not None:
        return now - current.enrollments_doubted_at >= DOUBT_LASTS
    Student.objects.filter(pk=student.pk).update(enrollments_doubted_at=now)
    action_log.record(
        act="enrollments.not_believed", student=student, payload={"kept": student.enrollments.count(), "found": found}
    )
    return False


def refresh_teachings(person: LinkedPerson) -> list[Teaching]:
    """Read the courses that a linked person teaches into the mirror: active enrollments only, so it ends with them."""
    connection: CanvasConnection = connections.usable_connection()
    gateway = connections.gateway_for(connection)
    try:
        found = gateway.read_enrollments(login_id=person.login_id, role_types=TEACHER_TYPES)
    except CanvasNotFound:
        found = ()
    active = [enrollment for enrollment in found if enrollment.state is EnrollmentState.ACTIVE]
    courses = courses_known_or_read({enrollment.canvas_course_id for enrollment in active}, gateway)
    with transaction.atomic():
        person.teachings.exclude(canvas_enrollment_id__in=[one.canvas_enrollment_id for one in active]).delete()
        rows = [_store_teaching(person, one, courses[one.canvas_course_id].pk) for one in active]
        person.teachings_read_at = timezone.now()
        if active and person.canvas_user_id is None:
            person.canvas_user_id = active[0].canvas_user_id
        person.save(update_fields=["teachings_read_at", "canvas_user_id"])
    return rows


def _store_teaching(person: LinkedPerson, enrollment: EnrollmentFacts, course_id: int) -> Teaching:
    teaching, _ = Teaching.objects.update_or_create(
        canvas_enrollment_id=enrollment.canvas_enrollment_id,
        defaults={
            "person": person,
            "course_id": course_id,
            "canvas_section_id": enrollment.canvas_section_id,
            "is_limited_to_section": enrollment.is_limited_to_section,
            "is_assistant": enrollment.role_type != "TeacherEnrollment",
        },
    )
    return teaching
