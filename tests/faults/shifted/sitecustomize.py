"""Loaded by Python at its start where this folder is on its path: the process's clock is wrong."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

SHIFT = timedelta(seconds=float(os.environ.get("CLOCK_SHIFT_SECONDS", "0")))

time_machine.travel(datetime.now(UTC) + SHIFT, tick=True).start()
