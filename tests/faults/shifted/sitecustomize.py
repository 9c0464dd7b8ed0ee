"""Loaded by Python at its start where this folder is on its path: the process's clock is wrong, or steps.

CLOCK_SHIFT_SECONDS is how wrong it is. Once a file at CLOCK_STEP_FILE says another number, that is.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

SHIFT = float(os.environ.get("CLOCK_SHIFT_SECONDS", "0"))
clock = time_machine.travel(datetime.now(UTC) + timedelta(seconds=SHIFT), tick=True).start()


def _step_once(file: Path) -> None:
    while not file.exists():
        time.sleep(0.1)
    clock.shift(timedelta(seconds=float(file.read_text()) - SHIFT))


if "CLOCK_STEP_FILE" in os.environ:
    threading.Thread(target=_step_once, args=(Path(os.environ["CLOCK_STEP_FILE"]),), daemon=True).start()
