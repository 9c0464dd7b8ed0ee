"""The Celery application and its schedule, in code."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import after_task_publish, beat_init, before_task_publish

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

OF_SCHEDULE = {"is_of_schedule": True}
"""The headers of its messages: where they pile up, the first one does the work of all (`services.collapsing`)."""

# Times are UTC.
_SCHEDULE: dict[str, dict[str, Any]] = {
    "heartbeat": {"task": HEARTBEAT, "schedule": HEARTBEAT_SECONDS},
    "sweep": {"task": _task("sync", "sweep"), "schedule": SWEEP_SECONDS},
    "acts": {"task": _task("housekeeping", "settle_acts"), "schedule": ACTS_SECONDS},
    "exams": {"task": _task("sync", "request_exams"), "schedule": crontab(minute="*/15")},
    "hourly": {"task": _task("sync", "request_hourly"), "schedule": crontab(minute=7)},
    "nightly": {"task": _task("sync", "request_nightly"), "schedule": crontab(hour=6, minute=23)},
    "daily-expiry": {
        "task": _task("housekeeping", "expire_accommodations"),
        "schedule": crontab(hour="*/6", minute=41),
    },
    "daily-log-check": {"task": _task("housekeeping", "check_log_daily"), "schedule": crontab(hour=4, minute=51)},
    "daily-coverage": {"task": _task("housekeeping", "write_coverage_day"), "schedule": crontab(hour=9, minute=17)},
    "log-checks": {"task": _task("housekeeping", "sweep_log_checks"), "schedule": LOG_CHECKS_SECONDS},
    "notices": {"task": _task("notices", "tend_notices"), "schedule": NOTICES_SECONDS},
    "hourly-addresses": {"task": _task("notices", "find_addresses"), "schedule": crontab(minute=37)},
    "daily-imports": {
        "task": _task("imports", "discard_undecided_imports"),
        "schedule": crontab(hour=5, minute=11),
    },
}
app.conf.beat_schedule = {name: {**entry, "options": {"headers": OF_SCHEDULE}} for name, entry in _SCHEDULE.items()}


@before_task_publish.connect
def _number(sender: str, headers: dict[str, Any], **kwargs: Any) -> None:
    """Number a message of the schedule."""
    if headers.get("is_of_schedule"):
        from accommodations.services.collapsing import number_of_message

        headers["number"] = number_of_message(sender)


@beat_init.connect
def _show_life_at_once(**kwargs: Any) -> None:
    """Send the first heartbeat as beat starts: the schedule would send it one interval later."""
    app.send_task(HEARTBEAT, headers=OF_SCHEDULE)


@after_task_publish.connect(sender=HEARTBEAT)
def _beat_is_alive(**kwargs: Any) -> None:
    """Note beat's life where beat sends: behind a full queue, the task itself may come late."""
    from accommodations.services.health import record_heartbeat

    record_heartbeat()
