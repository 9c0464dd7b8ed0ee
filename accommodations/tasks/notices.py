"""Thin shells that wake the work on notices. The rows are the queue."""

from celery import shared_task
from django.utils import timezone

from accommodations.services import director_alerts, mailing, notice_closing, notice_targets, notices
from accommodations.tasks.base import LeewayTask


@shared_task(base=LeewayTask)
def tend_notices() -> None:
    """Collect what was done, close due digests, look for what directors must know, and wake a worker for each mail."""
    now = timezone.now()
    notices.collect(now=now)
    notice_closing.close_due(now=now)
    director_alerts.tend_alerts(now=now)
    for notice_id in mailing.due_notices(now=timezone.now()):
        send_notice.delay(notice_id)


@shared_task(base=LeewayTask)
def send_notice(notice_id: int) -> None:
    """Send one mail, once."""
    mailing.send(notice_id)


@shared_task(base=LeewayTask)
def find_addresses() -> None:
    """Hand on what nobody could be told to those who have an address by now."""
    notice_targets.find_addresses(now=timezone.now())
