"""What an instructor records for their course from a letter that a student handed to them; the office confirms it."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError, Problem, StudentAmbiguous, StudentUnknown, ValuesRefused
from accommodations.models import Course, Enrollment, InstitutionSettings, LetterRecord, Student, SyncRun
from accommodations.planning.rules import Scope
from accommodations.selectors.visibility import GONE, is_of_taught_student
from accommodations.services import action_log
from accommodations.services.accommodation_values import AccommodationValues
from accommodations.services.people import find_or_read_student, known_student, read_enrollments_now
from accommodations.services.recording_once import record_once

NOT_THERE = "Nobody of your students in this course has this login or id. Look at the letter again, or ask the office."


def record_letter(
    *, course: Course, recorded_by: User, query: str, values: Sequence[AccommodationValues]
) -> tuple[list[LetterRecord], SyncRun | None]:
    """Record what a letter says, for this course alone; it counts as any other, and the office is asked to confirm it.

    Raises ValuesRefused, at the field `student` for somebody whom the instructor does not teach there: whether such a
    person exists is not told. Raises LeewayError where the institution does not want it.
    """
    if not InstitutionSettings.current().instructors_record_letters:
        raise LeewayError("Here only the office records. Ask the student to go there.", code="letter.off")
    student = _taught_student(query, course, recorded_by)
    for_course = [replace(one, scope=Scope.COURSE.value, course=course, term=None, assessment=None) for one in values]
    return _record(student, course, recorded_by, for_course)


def _taught_student(query: str, course: Course, user: User) -> Student:
    refused = ValuesRefused((Problem("student", "letter.student", NOT_THERE),))
    try:
        known = known_student(query=query)
        student = known or find_or_read_student(query=query)
    except (StudentUnknown, StudentAmbiguous) as error:
        raise refused from error
    if _is_taught(student, course, user):
        return student
    if known is None:
        student.delete()  # nobody's record begins because somebody typed a name
        raise refused
    # Whom Leeway knows may have come into the course since enrollments were last read: Canvas has the last word.
    read_enrollments_now(student)
    if not _is_taught(student, course, user):
        raise refused
    return student


def _is_taught(student: Student, course: Course, user: User) -> bool:
    enrollments = Enrollment.objects.filter(student=student, course=course).exclude(state__in=GONE)
    return enrollments.filter(is_of_taught_student(user)).exists()


@transaction.atomic
def _record(
    student: Student, course: Course, recorded_by: User, values: Sequence[AccommodationValues]
) -> tuple[list[LetterRecord], SyncRun | None]:
    # Who hands over a letter asks for it in this course.
    released = [course] if student.needs_release else []
    rows, run = record_once(student=student, recorded_by=recorded_by, values=values, released=released)
    records = []
    for row in rows:
        record, is_new = LetterRecord.objects.get_or_create(
            accommodation=row, defaults={"course": course, "recorded_by": recorded_by}
        )
        records.append(record)
        if is_new:
            action_log.record(
                act="letter.recorded", actor=recorded_by, student=student, course=course, accommodation=row
            )
    return records, run


@transaction.atomic
def confirm_letter(*, record: LetterRecord, confirmed_by: User) -> LetterRecord:
    """Note that the office has seen the letter's record and lets it stand. A second time changes nothing."""
    current = LetterRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if current.confirmed_at is not None:
        return current
    current.confirmed_by, current.confirmed_at = confirmed_by, timezone.now()
    current.save(update_fields=["confirmed_by", "confirmed_at"])
    action_log.record(
        act="letter.confirmed",
        actor=confirmed_by,
        student=current.accommodation.student,
        course=current.course,
        accommodation=current.accommodation,
    )
    return current
