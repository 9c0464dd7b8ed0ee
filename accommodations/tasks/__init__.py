"""Celery tasks: each wakes one service."""

from accommodations.tasks.housekeeping import expire_accommodations, heartbeat, settle_acts
from accommodations.tasks.sync import (
    prepare_sync_run,
    request_exams,
    request_hourly,
    request_nightly,
    sweep,
    sync_course,
)

__all__ = [
    "expire_accommodations",
    "heartbeat",
    "prepare_sync_run",
    "request_exams",
    "request_hourly",
    "request_nightly",
    "settle_acts",
    "sweep",
    "sync_course",
]
