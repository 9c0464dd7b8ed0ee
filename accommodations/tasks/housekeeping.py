"""Daily work, and the sign of life."""

from celery import shared_task
from django.utils import timezone

from accommodations.selectors.rules import institution_today
from accommodations.services import accommodations, acts_settling, coverage_days, health, log_checks
from accommodations.tasks.base import LeewayTask
from accommodations.tasks.sync import prepare_sync_run


@shared_task(base=LeewayTask)
def expire_accommodations() -> None:
    """End what has run out and start what begins today, and wake the syncs of it."""
    for run in accommodations.expire_accommodations(today=institution_today(timezone.now())):
        prepare_sync_run.delay_on_commit(run.pk)


@shared_task(base=LeewayTask)
def write_coverage_day() -> None:
    """Keep how much is covered today, for the line over the term."""
    coverage_days.write_coverage_day(now=timezone.now())


@shared_task(base=LeewayTask)
def settle_acts() -> None:
    """Ask Canvas what became of people's acts whose answer was lost."""
    acts_settling.settle_unknown_acts()


@shared_task(base=LeewayTask)
def check_log(check_id: int) -> None:
    """Verify the action log for a check that somebody asked for."""
    log_checks.run(check_id)


@shared_task(base=LeewayTask)
def check_log_daily() -> None:
    """Verify the action log and anchor it."""
    log_checks.run_daily(now=timezone.now())


@shared_task(base=LeewayTask)
def sweep_log_checks() -> None:
    """Wake the checks of the log that were never delivered, or whose worker has died."""
    for check_id in log_checks.due():
        check_log.delay(check_id)


@shared_task(base=LeewayTask)
def heartbeat() -> None:
    """Prove that beat sends and a worker works."""
    health.record_heartbeat()
