"""What the demo's office has approved, as plain data: who, what, where, from when, and how it stands."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from accommodations.planning.rules import ExtraTimeMethod, ShiftUnit
from canvas_bridge.facts import AssessmentKind

Word = Literal["draft", "counting", "expired", "revoked", "replaced"]

QUIZZES = (AssessmentKind.CLASSIC_QUIZ, AssessmentKind.NEW_QUIZ)
CLASSIC_QUIZZES = (AssessmentKind.CLASSIC_QUIZ,)
WRITTEN_WORK = (AssessmentKind.ASSIGNMENT, AssessmentKind.DISCUSSION)
UNTIL_TERM_ENDS = 100
SINCE_TERM_BEGAN = -27


@dataclass(frozen=True, slots=True)
class Approval:
    """One accommodation of the demo. Days count from the day of seeding.

    `student` is a number: 1 is the SIS id S100001. `course` is a course code, `assessment` a name in it;
    `exact_hours_later` shifts exact dates from the class's own; `ended_days_ago` tells when what is over ended.
    """

    student: int
    multiplier: Decimal | None = None
    minutes: int | None = None
    method: ExtraTimeMethod | None = None
    attempts: int | None = None
    shift: int | None = None
    unit: ShiftUnit = ShiftUnit.DAYS
    exact_hours_later: int | None = None
    course: str = ""
    assessment: str = ""
    is_for_this_term: bool = False
    kinds: tuple[AssessmentKind, ...] = ()
    replaces_broader: bool = False
    from_day: int = 0
    until_day: int | None = UNTIL_TERM_ENDS
    note: str = ""
    word: Word = "counting"
    ended_days_ago: int = 0


def time(student: int, multiplier: str, **more: object) -> Approval:
    """Return extra time as a multiplier, such as "1.5"."""
    return replace(
        Approval(student, multiplier=Decimal(multiplier), method=ExtraTimeMethod.MULTIPLIER),
        **more,  # type: ignore[arg-type]  # further fields of Approval
    )


def minutes(student: int, amount: int | None, method: ExtraTimeMethod, **more: object) -> Approval:
    """Return extra time as minutes, in all or per hour, or without any limit."""
    return replace(Approval(student, minutes=amount, method=method), **more)  # type: ignore[arg-type]  # further fields


def attempts(student: int, amount: int, **more: object) -> Approval:
    """Return extra attempts."""
    return replace(Approval(student, attempts=amount), **more)  # type: ignore[arg-type]  # further fields


def later(student: int, amount: int, unit: ShiftUnit = ShiftUnit.DAYS, **more: object) -> Approval:
    """Return due and lock dates that are later by days, working days or hours."""
    return replace(Approval(student, shift=amount, unit=unit), **more)  # type: ignore[arg-type]  # further fields


ON_RECORD_FOR_ONE_SITUATION: tuple[Approval, ...] = (
    time(3, "3", course="LAW 210"),
    later(4, 7, course="ENGL 215", note="Agreed with the instructor at the start of the term."),
    time(8, "1.5", course="PHYS 131", from_day=-14, word="revoked"),
    later(13, 4, course="SOCI 120"),
    later(14, 3, course="MKTG 240"),
    later(15, 2, course="ART 150"),
    later(16, 2, course="ART 150", from_day=-14, word="revoked"),
    later(17, 5, course="CLAS 180", assessment="Essay for an incomplete grade"),
    later(18, 5, course="GEOG 160"),
    later(20, 3, course="SPAN 102"),
    later(21, 3, course="NURS 210"),
    later(22, 2, course="PHED 105", assessment="Training diary (paced course)"),
    later(23, 2, course="PHIL 130"),
    attempts(26, 2),
    later(27, 1, course="THEA 120"),
    later(30, 3, course="ENGL 101"),
    time(31, "1.5", course="POLI 105", assessment="Source quiz (closed, extra time forgotten)", from_day=-7),
    time(31, "1.25"),
    time(32, "1.5", course="HIST 118", assessment="Map quiz (taken without the extra time)", from_day=-7),
    time(32, "1.25"),
    time(33, "1.5", from_day=SINCE_TERM_BEGAN, kinds=CLASSIC_QUIZZES),
    later(34, 4, course="ENGL 215"),
    Approval(35, exact_hours_later=24, course="ARCH 230", assessment="Slide exam"),
    later(36, 2, course="FREN 201"),
    later(42, 4, course="ENGR 115", assessment="Design brief (due just before a grading period ends)"),
    time(49, "1.5", course="ASL 110", from_day=-20, word="revoked", ended_days_ago=1),
    time(51, "1.5", course="ASL 110", from_day=-20, word="revoked", ended_days_ago=1),
    time(50, "1.5", course="JAPN 101", from_day=-20, word="revoked", ended_days_ago=4),
    time(53, "1.5", course="JAPN 101", from_day=-20, word="revoked", ended_days_ago=4),
)
"""Each of these makes one situation of `situations.py` arise; the number is that of the seeded student."""

EVERYDAY: tuple[Approval, ...] = (
    time(1, "1.5", note="Prefers to be written to, not called."),
    attempts(1, 1, kinds=QUIZZES),
    later(1, 2, kinds=WRITTEN_WORK),
    time(2, "2"),
    time(3, "1.25", is_for_this_term=True),
    time(4, "1.5"),
    time(5, "1.5"),
    time(6, "1.5"),
    time(7, "1.5"),
    time(9, "1.5"),
    time(10, "1.5"),
    time(11, "1.5"),
    time(12, "1.5"),
    time(14, "1.25"),
    time(15, "1.25", kinds=QUIZZES),
    time(18, "1.5", kinds=QUIZZES),
    time(19, "1.5"),
    time(21, "1.5", kinds=QUIZZES),
    time(24, "1.5"),
    time(25, "1.25"),
    time(27, "1.5", kinds=QUIZZES),
    time(28, "1.5"),
    time(29, "1.5"),
    time(34, "1.25"),
    time(36, "1.5"),
    time(37, "1.5"),
    time(38, "1.5"),
    time(39, "1.5", from_day=SINCE_TERM_BEGAN, kinds=CLASSIC_QUIZZES),
    time(40, "1.25", from_day=SINCE_TERM_BEGAN, kinds=CLASSIC_QUIZZES),
    minutes(41, 30, ExtraTimeMethod.MINUTES),
    minutes(42, 10, ExtraTimeMethod.MINUTES_PER_HOUR),
    minutes(43, None, ExtraTimeMethod.NO_LIMIT, course="MATH 205", note="Agreed with the department."),
    later(44, 24, ShiftUnit.HOURS, kinds=WRITTEN_WORK),
    later(45, 2, ShiftUnit.WORKING_DAYS, kinds=WRITTEN_WORK),
    time(46, "1.5", is_for_this_term=True),
    time(47, "2"),
    time(47, "1.25", course="BIOL 340", replaces_broader=True, note="Shorter blocks suit better in the laboratory."),
    time(48, "1.5"),
    attempts(48, 1),
    time(49, "1.5", word="draft", note="Waits for the signed form."),
    later(50, 2, word="draft"),
    attempts(51, 2, word="draft"),
    time(52, "1.5", from_day=30),
    later(53, 3, from_day=95, until_day=210),
    time(54, "1.5", from_day=-300, until_day=-30, word="expired"),
    time(55, "1.25", from_day=-27, word="replaced"),
    time(55, "1.5"),
    later(56, 2, from_day=-27, word="revoked"),
    time(57, "1.5", until_day=None),
    later(57, 3, kinds=WRITTEN_WORK),
    time(58, "3"),
    time(59, "1.75"),
    attempts(59, 1, kinds=QUIZZES),
    minutes(60, 15, ExtraTimeMethod.MINUTES_PER_HOUR),
    later(60, 48, ShiftUnit.HOURS, kinds=WRITTEN_WORK),
)
"""Students for whom nothing unusual happens: most of what an office sees on a good day."""

APPROVALS: tuple[Approval, ...] = (*ON_RECORD_FOR_ONE_SITUATION, *EVERYDAY)
