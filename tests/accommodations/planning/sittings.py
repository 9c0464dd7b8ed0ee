"""Other sittings that staff confirmed: the one exception to R1, and what has to hold of them instead."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accommodations.planning.dates import gives_as_much, is_later
from accommodations.planning.rules import AccommodationRule, ExactDates
from canvas_bridge.facts import CourseSummary, Dates
from tests.accommodations.planning.canvas_model import PairKey

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Sitting:
    """Another sitting as staff stated it, and the ends of course and grading periods, beyond which nothing is set."""

    dates: Dates
    limits: tuple[datetime, ...]

    def is_kept_by(self, dates: Dates) -> bool:
        """Whether it opens as stated, and no end that was stated comes earlier, but for those limits (R11)."""
        ends = ((self.dates.due_at, dates.due_at), (self.dates.lock_at, dates.lock_at))
        return self.dates.unlock_at == dates.unlock_at and all(
            stated is None or not is_later(stated, at) or self._is_a_limit(at) for stated, at in ends
        )

    def _is_a_limit(self, at: datetime | None) -> bool:
        return at is not None and any(abs(at - limit) <= MINUTE for limit in self.limits)


def sittings_in(rules: Iterable[AccommodationRule], course: CourseSummary) -> dict[PairKey, list[Sitting]]:
    """Return the other sittings that staff confirmed in a course: the one exception to R1."""
    ends = [course.ends_at, *(period.ends_at for period in course.grading_periods or ())]
    limits = tuple(at for at in ends if at is not None)
    found: dict[PairKey, list[Sitting]] = {}
    for rule in rules:
        if isinstance(rule.amount, ExactDates) and rule.amount.is_other_sitting:
            sitting = Sitting(rule.amount.dates, limits)
            found.setdefault((rule.canvas_user_id, rule.assessment_key or ""), []).append(sitting)
    return found


def keeps_r1(dates: Dates, without_us: Dates, sittings: Collection[Sitting]) -> bool:
    """Whether the dates are nowhere less than without us, or those of another sitting as staff stated it."""
    return gives_as_much(dates, without_us) or any(one.is_kept_by(dates) for one in sittings)
