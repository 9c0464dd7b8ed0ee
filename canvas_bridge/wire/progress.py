"""Work that Canvas does in the background (contract 9.7)."""

from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, Absent

_OVER = frozenset({"completed", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is; `completion` in percent. `results` is there when it has ended."""

    id: int
    workflow_state: str
    context_id: int | Absent | None = ABSENT
    context_type: str | Absent | None = ABSENT
    user_id: int | Absent | None = ABSENT
    tag: str | Absent | None = ABSENT
    completion: float | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    updated_at: datetime | Absent | None = ABSENT
    message: str | Absent | None = ABSENT
    results: object | Absent = ABSENT
    url: str | Absent | None = ABSENT

    @property
    def is_over(self) -> bool:
        """Whether it has completed or failed."""
        return self.workflow_state in _OVER

    @property
    def has_failed(self) -> bool:
        """Whether nothing was saved: `results` says why."""
        return self.workflow_state == "failed"
