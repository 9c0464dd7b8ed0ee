"""The office's decisions beside the accommodations: exceptions and releases."""

from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import Problem, ValuesRefused
from accommodations.models import (
    AccommodationException,
    Assessment,
    ConfirmedEnding,
    Course,
    CourseRelease,
    Student,
    SyncRun,
)
from accommodations.selectors.rules import institution_today
from accommodations.selectors.sync import courses_concerned
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from accommodations.services.change_runs import queue_student_change


@transaction.atomic
def record_exception(
    *,
    student: Student,
    course: Course,
    assessment: Assessment | None = None,
    reason: str,
    effective_until: date,
    decided_by: User,
    confirmed_number: int | None = None,
    reads_before_applying: bool = True,
) -> tuple[AccommodationException, SyncRun | None]:
    """Decide that nothing applies to one course or one assessment until a day. Raises ValuesRefused.

    `confirmed_number`: how many assessments the page said that it takes back (R16). The same decision confirmed twice
    is one: the second time no run follows.
    """
    problems = []
    if not reason.strip():
        problems.append(Problem("reason", "exception.reason", "Say why: the student and the instructor are told."))
    if effective_until < institution_today(timezone.now()):
        problems.append(Problem("effective_until", "exception.over", "The last day must not be in the past."))
    if assessment is not None and assessment.course_id != course.pk:
        problems.append(Problem("assessment", "scope.other_course", "That assessment is of another course."))
    if problems:
        raise ValuesRefused(tuple(problems))
    Student.objects.select_for_update().get(pk=student.pk)
    exception, is_new = AccommodationException.objects.get_or_create(
        student=student,
        course=course,
        assessment=assessment,
        withdrawn_at=None,
        effective_until=effective_until,
        reason=reason.strip(),
        defaults={"decided_by": decided_by},
    )
    if not is_new:
        return exception, None
    _log("exception.recorded", exception, actor=decided_by)
    _note_confirmed(student, confirmed_number, decided_by)
    return exception, _queue(exception, decided_by, reads_before_applying)


@transaction.atomic
def withdraw_exception(
    *, exception: AccommodationException, withdrawn_by: User, reads_before_applying: bool = True
) -> SyncRun | None:
    """Let the accommodations apply again; None where it was withdrawn before."""
    now = timezone.now()
    if not AccommodationException.objects.filter(pk=exception.pk, withdrawn_at=None).update(withdrawn_at=now):
        return None
    exception.withdrawn_at = now
    _log("exception.withdrawn", exception, actor=withdrawn_by)
    return _queue(exception, withdrawn_by, reads_before_applying)


@transaction.atomic
def release_course(
    *, student: Student, course: Course, released_by: User, reads_before_applying: bool = True
) -> tuple[CourseRelease, SyncRun | None]:
    """Put the student's accommodations into this course, on their request; nothing happens the second time."""
    release, is_new = CourseRelease.objects.get_or_create(
        student=student, course=course, defaults={"released_by": released_by}
    )
    if not is_new:
        return release, None
    action_log.record(act="course.released", actor=released_by, student=student, course=course)
    run = queue_student_change(
        student,
        courses=[course],
        is_limited_to_courses=True,
        requested_by=released_by,
        reads_before_applying=reads_before_applying,
    )
    return release, run


@transaction.atomic
def change_releases(
    *,
    student: Student,
    needs_release: bool,
    released: Collection[Course],
    offered: Collection[Course],
    changed_by: User,
    confirmed_number: int | None = None,
) -> SyncRun | None:
    """Set whether the student's courses are released one by one, and which are; None where nothing changes.

    `offered`: the courses that the page showed. One that it did not show keeps what it has. Where nothing needs a
    release, the releases stay as they are for the day on which it does.
    """
    current = Student.objects.select_for_update().get(pk=student.pk)
    standing = {row.course_id: row for row in CourseRelease.objects.filter(student=current)}
    wanted = {course.pk for course in released}
    added = [course for course in offered if needs_release and course.pk in wanted and course.pk not in standing]
    removed = [course for course in offered if needs_release and course.pk not in wanted and course.pk in standing]
    is_switched = current.needs_release != needs_release
    if not added and not removed and not is_switched:
        return None
    if is_switched:
        Student.objects.filter(pk=current.pk).update(needs_release=needs_release)
        student.needs_release = current.needs_release = needs_release
        act = "student.release_needed" if needs_release else "student.released_everywhere"
        action_log.record(act=act, actor=changed_by, student=current)
    CourseRelease.objects.bulk_create(
        [CourseRelease(student=current, course=one, released_by=changed_by) for one in added]
    )
    CourseRelease.objects.filter(pk__in=[standing[one.pk].pk for one in removed]).delete()
    for act, courses in (("course.released", added), ("course.release_taken_back", removed)):
        action_log.record_many([LogRecord(act=act, actor=changed_by, student=current, course=one) for one in courses])
    _note_confirmed(current, confirmed_number, changed_by)
    every = set(courses_concerned(now=timezone.now(), students=[current])) if is_switched else set()
    return queue_student_change(
        current,
        courses={*added, *removed, *every},
        is_limited_to_courses=not is_switched,
        requested_by=changed_by,
        reads_before_applying=True,
    )


def _note_confirmed(student: Student, number: int | None, person: User) -> None:
    """Note how many assessments a person saw to be taken back: the safety guard does not count these (R16)."""
    if number:
        ConfirmedEnding.objects.create(student=student, number=number, confirmed_by=person, confirmed_at=timezone.now())


def _log(act: str, exception: AccommodationException, *, actor: User) -> None:
    action_log.record(
        act=act,
        actor=actor,
        student=exception.student,
        course=exception.course,
        assessment=exception.assessment,
        payload={"exception": exception.pk, "reason": exception.reason, "until": exception.effective_until},
    )


def _queue(exception: AccommodationException, person: User, reads_before_applying: bool) -> SyncRun:
    return queue_student_change(
        exception.student,
        courses=[exception.course],
        is_limited_to_courses=True,
        requested_by=person,
        reads_before_applying=reads_before_applying,
    )
