"""The office's decisions beside the accommodations: exceptions and releases."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import Problem, ValuesRefused
from accommodations.models import AccommodationException, Assessment, Course, CourseRelease, Student, SyncRun
from accommodations.selectors.rules import institution_today
from accommodations.services import action_log
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
    reads_before_applying: bool = True,
) -> tuple[AccommodationException, SyncRun]:
    """Decide that nothing applies to one course or one assessment until a day. Raises ValuesRefused."""
    problems = []
    if not reason.strip():
        problems.append(Problem("reason", "exception.reason", "Say why: the student and the instructor are told."))
    if effective_until < institution_today(timezone.now()):
        problems.append(Problem("effective_until", "exception.over", "The last day must not be in the past."))
    if assessment is not None and assessment.course_id != course.pk:
        problems.append(Problem("assessment", "scope.other_course", "That assessment is of another course."))
    if problems:
        raise ValuesRefused(tuple(problems))
    exception = AccommodationException.objects.create(
        student=student,
        course=course,
        assessment=assessment,
        reason=reason.strip(),
        effective_until=effective_until,
        decided_by=decided_by,
    )
    _log("exception.recorded", exception, actor=decided_by)
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
