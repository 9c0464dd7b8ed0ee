"""What planning finds out about one part of a pair, extension or override, on the way to its status."""

from dataclasses import dataclass

from accommodations.planning.plan import LedgerCorrection, PlannedAction
from accommodations.planning.statuses import Reason


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason with what it is about in words, and a note on it; the worst finding of a pair becomes its status."""

    reason: Reason
    words: str
    note: str = ""
    short_by_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Findings, at most one action, and what must be read first for want of which there is none."""

    findings: tuple[Finding, ...] = ()
    action: PlannedAction | None = None
    correction: LedgerCorrection | None = None
    needs_extensions: bool = False
    needs_submissions: bool = False


NOTHING = Part()
