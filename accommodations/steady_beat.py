"""Beat's scheduler, which goes on when the machine's clock is set back."""

from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler

NOTICED = timedelta(seconds=5)
"""So far the clock may run back, as it does when it is disciplined, without anything being planned anew."""


class SteadyScheduler(PersistentScheduler):
    """Celery's own would send nothing until the clock has come back to where it was, be it hours (F09).

    What was sent "in the future" counts as sent now: nothing is sent twice, and everything comes at its next time.
    """

    _last_tick: datetime | None = None

    def setup_schedule(self) -> None:
        """Read the times at which everything was sent last, also those of a clock that was ahead."""
        super().setup_schedule()
        self._come_back(self.app.now())

    def tick(self, *args: Any, **options: Any) -> float:
        """Send what is due, and return after how many seconds to look again."""
        now = self.app.now()
        if self._last_tick is not None and now < self._last_tick - NOTICED:
            self._come_back(now)
        self._last_tick = now
        seconds: float = super().tick(*args, **options)
        return seconds

    def _come_back(self, now: datetime) -> None:
        for entry in self.schedule.values():
            if entry.last_run_at is not None:
                entry.last_run_at = min(entry.last_run_at, now)
        self._heap = None  # the next tick puts all entries into their order anew
