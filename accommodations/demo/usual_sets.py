"""The sets that the demo's office grants again and again."""

from typing import Any

from django.contrib.auth.models import User

from accommodations.forms.kinds import KINDS_OF_WORD
from accommodations.models import UsualSet
from accommodations.services.usual_sets import record_usual_set

QUIZZES = sorted(KINDS_OF_WORD["classic"] | KINDS_OF_WORD["new"])
ASSIGNMENTS = sorted(KINDS_OF_WORD["assignment"])


def _time(multiplier: str) -> dict[str, Any]:
    return {
        "provision": "extra_time",
        "extra_time_method": "multiplier",
        "multiplier": multiplier,
        "kinds": QUIZZES,
    }


def _later(amount: int, unit: str) -> dict[str, Any]:
    return {"provision": "alternative_dates", "shift_amount": amount, "shift_unit": unit, "kinds": ASSIGNMENTS}


_ATTEMPT = {"provision": "extra_attempts", "attempts": 1, "kinds": []}

USUAL_SETS: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    ("Time and a half on quizzes", UsualSet.Period.OPEN, [_time("1.5")]),
    ("Double time, one more attempt", UsualSet.Period.OPEN, [_time("2"), _ATTEMPT]),
    (
        "This term: 1.5×, one attempt, two working days",
        UsualSet.Period.THIS_TERM,
        [_time("1.5"), _ATTEMPT, _later(2, "working_days")],
    ),
)


def record_usual_sets(recorded_by: User) -> None:
    """Add the three sets. To be called in one transaction."""
    for name, period, provisions in USUAL_SETS:
        record_usual_set(name=name, provisions=provisions, period=period, recorded_by=recorded_by)
