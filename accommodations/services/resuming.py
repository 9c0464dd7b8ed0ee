"""Work that a refused token stopped goes on when there is a new one: the sweep finds it queued again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accommodations.models import CourseSync, SyncRun
from accommodations.services.snapshots import forget_token_refused

RESUMABLE_FOR = timedelta(days=7)


@transaction.atomic
def resume_after_new_token(message: str) -> None:
    """Queue again the courses and runs of the last days that failed with this message."""
    since = timezone.now() - RESUMABLE_FOR
    stopped = CourseSync.objects.filter(status=CourseSync.Status.FAILED, message=message, ended_at__gt=since)
    runs = set(stopped.values_list("run_id", flat=True))
    stopped.update(status=CourseSync.Status.QUEUED, message="", ended_at=None, woken_at=None, next_try_at=None, tries=0)
    SyncRun.objects.filter(pk__in=runs, status__in=(SyncRun.Status.FAILED, SyncRun.Status.PARTIAL)).update(
        status=SyncRun.Status.RUNNING, ended_at=None
    )
    SyncRun.objects.filter(
        status=SyncRun.Status.FAILED, message=message, are_courses_known=False, ended_at__gt=since
    ).update(status=SyncRun.Status.QUEUED, message="", ended_at=None, woken_at=None, tries=0)
    forget_token_refused()
