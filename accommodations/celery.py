"""The Celery application and its schedule, in code."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import after_task_publish, beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accommodations.settings")

app = Celery("leeway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["accommodations"])

SWEEP_SECONDS = float(os.environ.get("SWEEP_SECONDS", "30"))
"""How often what was never delivered is looked for. Not one of the settings: these import this module."""
HEARTBEAT_SECONDS = 15
ACTS_SECONDS = 60
LOG_CHECKS_SECONDS = 60
NOTICES_SECONDS = 60


def _task(module: str, name: str) -> str:
    return f"accommodations.tasks.{module}.{name}"


HEARTBEAT = _task("housekeeping", "heartbeat")

# Times are UTC. A message that waits longer than the next one is due is dropped: the next one does its work.
app.conf.beat_schedule = {
    "heartbeat": {
        "task": HEARTBEAT,
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": 4 * HEARTBEAT_SECONDS},
    },
    "sweep": {
        "task": _task("sync", "sweep"),
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 2 * SWEEP_SECONDS},
    },
    "acts": {
        "task": _task("housekeeping", "settle_acts"),
        "schedule": ACTS_SECONDS,
        "options": {"expires": 2 * ACTS_SECONDS},
    },
    "exams": {
        "task": _task("sync", "request_exams"),
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * 60},
    },
    "hourly": {
        "task": _task("sync", "request_hourly"),
        "schedule": crontab(minute=7),
        "options": {"expires": 3600},
    },
    "nightly": {"task": _task("sync", "request_nightly"), "schedule": crontab(hour=6, minute=23)},
    "daily-expiry": {
        "task": _task("housekeeping", "expire_accommodations"),
        "schedule": crontab(hour="*/6", minute=41),
    },
    "daily-log-check": {"task": _task("housekeeping", "check_log_daily"), "schedule": crontab(hour=4, minute=51)},
    "daily-coverage": {"task": _task("housekeeping", "write_coverage_day"), "schedule": crontab(hour=9, minute=17)},
    "log-checks": {
        "task": _task("housekeeping", "sweep_log_checks"),
        "schedule": LOG_CHECKS_SECONDS,
        "options": {"expires": 2 * LOG_CHECKS_SECONDS},
    },
    "notices": {
        "task": _task("notices", "tend_notices"),
        "schedule": NOTICES_SECONDS,
        "options": {"expires": 2 * NOTICES_SECONDS},
    },
    "hourly-addresses": {
        "task": _task("notices", "find_addresses"),
        "schedule": crontab(minute=37),
        "options": {"expires": 3600},
    },
    "daily-imports": {
        "task": _task("imports", "discard_undecided_imports"),
        "schedule": crontab(hour=5, minute=11),
    },
}


@beat_init.connect
def _show_life_at_once(**kwargs: Any) -> None:
    """Send the first heartbeat as beat starts: the schedule would send it one interval later."""
    app.send_task(HEARTBEAT, expires=4 * HEARTBEAT_SECONDS)


@after_task_publish.connect(sender=HEARTBEAT)
def _beat_is_alive(**kwargs: Any) -> None:
    """Note beat's life where beat sends: behind a full queue, the task itself may come late."""
    from accommodations.services.health import record_heartbeat

    record_heartbeat()
