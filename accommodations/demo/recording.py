"""Writes the demo's approvals, exceptions and releases, each logged, without queueing a sync for every one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.demo.approvals import APPROVALS, Approval
from accommodations.demo.campus import Campus
from accommodations.demo.decisions import EXCEPTIONS, NEEDS_RELEASE, ExceptionSpec
from accommodations.models import Accommodation, AccommodationException, CourseRelease, InstitutionSettings
from accommodations.planning.rules import Scope
from accommodations.selectors.rules import rule_of
from accommodations.services import action_log
from accommodations.services.accommodation_values import AccommodationValues, check_values, write_values
from accommodations.services.action_log import LogRecord

END_REASONS = {
    "expired": Accommodation.EndReason.EXPIRED,
    "revoked": Accommodation.EndReason.REVOKED,
    "replaced": Accommodation.EndReason.REPLACED,
}


def record_everything(campus: Campus, *, recorded_by: User, approved_by: User) -> int:
    """Record the demo's decisions and return how many accommodations there are. To be called in one transaction."""
    today = _today()
    records = [
        _record(approval, campus, today=today, recorded_by=recorded_by, approved_by=approved_by)
        for approval in APPROVALS
    ]
    for spec in EXCEPTIONS:
        records.append(_except(spec, campus, today=today, decided_by=recorded_by))
    records.extend(_release_courses(campus, released_by=recorded_by))
    action_log.record_many(records)
    return len(APPROVALS)


def _today() -> date:
    return timezone.now().astimezone(ZoneInfo(InstitutionSettings.current().time_zone)).date()


def _record(approval: Approval, campus: Campus, *, today: date, recorded_by: User, approved_by: User) -> LogRecord:
    values = values_for(approval, campus, today=today)
    check_values(values)
    row = Accommodation(student=campus.student(approval.student), recorded_by=recorded_by)
    write_values(row, values)
    _set_status(row, approval, today=today)
    if row.status != Accommodation.Status.DRAFT:
        row.approved_by = approved_by
    row.save()
    return LogRecord(
        act="accommodation.recorded",
        actor=recorded_by,
        student=row.student,
        course=row.course,
        assessment=row.assessment,
        accommodation=row,
        payload={
            "version": row.version,
            "status": row.status,
            "end_reason": row.end_reason,
            "rule": to_stored(rule_of(row)),
        },
    )


def _set_status(row: Accommodation, approval: Approval, *, today: date) -> None:
    if approval.word in END_REASONS:
        row.status, row.end_reason = Accommodation.Status.ENDED, END_REASONS[approval.word]
        row.ended_at = timezone.now() - timedelta(days=approval.ended_days_ago)
    elif approval.word == "draft":
        row.status = Accommodation.Status.DRAFT
    else:
        starts_later = row.effective_from > today
        row.status = Accommodation.Status.APPROVED if starts_later else Accommodation.Status.ACTIVE


def values_for(approval: Approval, campus: Campus, *, today: date) -> AccommodationValues:
    """Return what a coordinator would have typed for this approval."""
    exact = _exact_dates(approval, campus)
    return AccommodationValues(
        provision=_provision(approval),
        effective_from=today + timedelta(days=approval.from_day),
        effective_until=None if approval.until_day is None else today + timedelta(days=approval.until_day),
        extra_time_method=approval.method or "",
        multiplier=approval.multiplier,
        minutes=approval.minutes,
        attempts=approval.attempts,
        shift_amount=approval.shift,
        shift_unit=approval.unit if approval.shift else "",
        exact_unlock_at=exact[0],
        exact_due_at=exact[1],
        exact_lock_at=exact[2],
        is_other_sitting=approval.exact_hours_later is not None,
        scope=_scope(approval),
        term=campus.this_term if approval.is_for_this_term else None,
        course=campus.course(approval.course) if approval.course else None,
        assessment=campus.assessment(approval.course, approval.assessment) if approval.assessment else None,
        kinds=tuple(kind.value for kind in approval.kinds),
        replaces_broader=approval.replaces_broader,
        note=approval.note,
    )


def _provision(approval: Approval) -> str:
    if approval.method is not None:
        return Accommodation.Provision.EXTRA_TIME
    return Accommodation.Provision.EXTRA_ATTEMPTS if approval.attempts else Accommodation.Provision.ALTERNATIVE_DATES


def _scope(approval: Approval) -> str:
    if approval.assessment:
        return Scope.ASSESSMENT
    if approval.course:
        return Scope.COURSE
    return Scope.TERM if approval.is_for_this_term else Scope.EVERY_COURSE


def _exact_dates(approval: Approval, campus: Campus) -> tuple[datetime | None, datetime | None, datetime | None]:
    if approval.exact_hours_later is None:
        return None, None, None
    assessment = campus.assessment(approval.course, approval.assessment)
    moved = timedelta(hours=approval.exact_hours_later)
    unlock, due, lock = (
        at + moved if at else None for at in (assessment.unlock_at, assessment.due_at, assessment.lock_at)
    )
    return unlock, due, lock


def _except(spec: ExceptionSpec, campus: Campus, *, today: date, decided_by: User) -> LogRecord:
    row = AccommodationException.objects.create(
        student=campus.student(spec.student),
        course=campus.course(spec.course),
        assessment=campus.assessment(spec.course, spec.assessment),
        reason=spec.reason,
        effective_until=today + timedelta(days=60),
        decided_by=decided_by,
    )
    return LogRecord(
        act="exception.recorded",
        actor=decided_by,
        student=row.student,
        course=row.course,
        assessment=row.assessment,
        payload={"exception": row.pk, "reason": row.reason, "until": row.effective_until},
    )


def _release_courses(campus: Campus, *, released_by: User) -> list[LogRecord]:
    records = []
    for number, kept_back in NEEDS_RELEASE.items():
        student = campus.student(number)
        student.needs_release = True
        student.save(update_fields=["needs_release"])
        courses = {one.course for one in student.enrollments.select_related("course")}
        for course in sorted(courses, key=lambda course: course.pk):
            if course.course_code != kept_back:
                CourseRelease.objects.create(student=student, course=course, released_by=released_by)
                records.append(LogRecord(act="course.released", actor=released_by, student=student, course=course))
    return records
