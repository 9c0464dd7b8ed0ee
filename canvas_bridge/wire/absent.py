"""What is not there is not null: one type for each way in which a value can be missing.

`None` always means that Canvas said, or shall be told, `null`. An enum of one member is a type of its own, so the type
checker keeps the two apart.
"""

from datetime import datetime
from enum import Enum
from typing import Literal


class Absent(Enum):
    """The key was not in Canvas's answer: this Canvas, or this caller's rights, do not show it."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> Literal[False]:
        return False


class Unchanged(Enum):
    """The key is not sent, so that Canvas leaves the value as it is."""

    UNCHANGED = "unchanged"

    def __repr__(self) -> str:
        return "UNCHANGED"

    def __bool__(self) -> Literal[False]:
        return False


class NotOverridden(Enum):
    """An override says nothing about this date: it falls through to what holds otherwise (contract 6.2, 6.7).

    In answers the key was absent; in requests it is left out, which *stops* overriding the date.
    """

    NOT_OVERRIDDEN = "not overridden"

    def __repr__(self) -> str:
        return "NOT_OVERRIDDEN"

    def __bool__(self) -> Literal[False]:
        return False


ABSENT = Absent.ABSENT
UNCHANGED = Unchanged.UNCHANGED
NOT_OVERRIDDEN = NotOverridden.NOT_OVERRIDDEN

LEFT_OUT = (Absent, Unchanged, NotOverridden)
"""Whatever is of one of these types is never sent."""

OverrideDate = datetime | None | NotOverridden
"""One date of an override: not overridden, overridden to "no date", or overridden to an instant."""
