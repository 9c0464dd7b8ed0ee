"""What instructors and students of the seeded university have done, as frozen data naming courses and people."""

from dataclasses import dataclass
from typing import Literal

from canvas_bridge.sandbox.seed.moments import Moment

FaultWord = Literal["refuses", "does_not_answer", "forbids"]


@dataclass(frozen=True, slots=True)
class StaffOverride:
    """An override that an instructor made: for students (by SIS id) or for a section (counted from 1).

    All three dates are written; None overrides that date to "no date".
    """

    course: str
    assessment: str
    opens: Moment | None
    due: Moment | None
    closes: Moment | None
    students: tuple[str, ...] = ()
    section: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionByHand:
    """Extra minutes and attempts that an instructor typed into Canvas for one student on one classic quiz."""

    course: str
    assessment: str
    student: str
    minutes: int | None = None
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt of one student on a classic quiz; running where it has not been `finished`."""

    course: str
    assessment: str
    student: str
    started: Moment
    finished: Moment | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Work that one student has handed in on an assignment."""

    course: str
    assessment: str
    student: str
    at: Moment


@dataclass(frozen=True, slots=True)
class StandingFault:
    """Canvas misbehaves, until cleared, whenever the extensions of one classic quiz are written."""

    course: str
    assessment: str
    word: FaultWord


def student(number: int) -> str:
    """Return the SIS id of the n-th student, counted from 1; the same under every seed."""
    return f"S100{number:03d}"
