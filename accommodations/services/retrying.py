"""Trying again what failed: a run of its own, of those courses alone, planned afresh and tied to the one before."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.errors import LeewayError
from accommodations.models import Course, SyncRun
from accommodations.selectors.sync_runs import failed_courses
from accommodations.services.sync_runs import request_sync_run


@transaction.atomic
def retry_run(
    *, run: SyncRun, requested_by: User, among: Iterable[Course] | None = None, reads_before_applying: bool = True
) -> SyncRun:
    """Queue a run of the courses in which something of an ended run failed; `among`: only those of them.

    Nothing of the old plan is sent again: each course is read and planned anew, since Canvas may hold by now what
    was not answered. Asked twice, it is the same run. Raises LeewayError where it has not ended, or nothing failed.
    """
    run = SyncRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.is_active:
        raise LeewayError("The run has not ended yet. Stop it first, or wait.", code="retry.active")
    standing = run.retried_by.filter(status__in=SyncRun.ACTIVE_STATUSES, requested_by=requested_by).first()
    if standing is not None:
        return standing
    courses = failed_courses(run)
    if among is not None:
        courses = courses.filter(pk__in=[course.pk for course in among])
    found = list(courses)
    if not found:
        raise LeewayError("Nothing of this run failed: there is nothing to try again.", code="retry.nothing")
    return request_sync_run(
        trigger=SyncRun.Trigger.PERSON,
        requested_by=requested_by,
        courses=found,
        reads_before_applying=reads_before_applying,
        retries=run,
    )
