"""Celery tasks: each wakes one service."""

from accommodations.tasks.housekeeping import (
    check_log,
    check_log_daily,
    expire_accommodations,
    heartbeat,
    settle_acts,
    sweep_log_checks,
)
from accommodations.tasks.sync import (
    prepare_sync_run,
    request_exams,
    request_hourly,
    request_nightly,
    sweep,
    sync_course,
)

__all__ = [
    "check_log",
    "check_log_daily",
    "expire_accommodations",
    "heartbeat",
    "prepare_sync_run",
    "request_exams",
    "request_hourly",
    "request_nightly",
    "settle_acts",
    "sweep",
    "sweep_log_checks",
    "sync_course",
]
