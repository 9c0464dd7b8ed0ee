"""Celery tasks: each wakes one service."""

from accommodations.tasks.housekeeping import (
    check_log,
    check_log_daily,
    expire_accommodations,
    heartbeat,
    settle_acts,
    sweep_log_checks,
)
from accommodations.tasks.imports import discard_undecided_imports, look_up_students
from accommodations.tasks.notices import find_addresses, send_notice, tend_notices
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
    "discard_undecided_imports",
    "expire_accommodations",
    "find_addresses",
    "heartbeat",
    "look_up_students",
    "prepare_sync_run",
    "request_exams",
    "request_hourly",
    "request_nightly",
    "send_notice",
    "settle_acts",
    "sweep",
    "sweep_log_checks",
    "sync_course",
    "tend_notices",
]
