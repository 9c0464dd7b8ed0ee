"""Who takes and who teaches which course of the seeded university."""

import random

from canvas_bridge.sandbox.seed.catalogue import courses_of
from canvas_bridge.sandbox.seed.events import student

STUDENT_COUNT = 600
ON_RECORD_COUNT = 60
"""The first sixty students are those for whom the demo's office has accommodations on record."""

COURSES_PER_STUDENT = 5
TEACHING_COUNT = 34

FIRST_STUDENT = ("Noor", "Haddad")
FIRST_INSTRUCTOR = ("Iris", "Lindqvist")
"""Student and instructor as whom the demo signs in are called the same under every seed."""

TAUGHT_BY_THE_FIRST = frozenset({"PSYC 101", "MATH 121", "CHEM 110", "ENGL 101"})

PLACED: dict[str, tuple[str, ...]] = {
    student(1): ("MATH 121", "PSYC 101", "ECON 101", "ENGL 101", "BIOL 201"),
    student(2): ("ECON 101", "STAT 150"),
    student(3): ("LAW 210",),
    student(4): ("ENGL 215",),
    student(5): ("CHEM 110",),
    student(6): ("MATH 205",),
    student(7): ("HIST 210",),
    student(8): ("PHYS 131",),
    student(9): ("NURS 305",),
    student(10): ("NURS 310",),
    student(11): ("PSYC 101",),
    student(12): ("PSYC 101",),
    student(13): ("SOCI 120",),
    student(14): ("MKTG 240",),
    student(15): ("ART 150",),
    student(16): ("ART 150",),
    student(17): ("CLAS 180",),
    student(18): ("GEOG 160",),
    student(19): ("CSCI 140",),
    student(20): ("SPAN 102",),
    student(21): ("NURS 210",),
    student(22): ("PHED 105",),
    student(23): ("PHIL 130",),
    student(24): ("MUSI 200",),
    student(25): ("STAT 150", "JAPN 101"),
    student(26): ("MATH 121",),
    student(27): ("THEA 120",),
    student(28): ("CHEM 231",),
    student(29): ("COMM 110",),
    student(30): ("ENGL 101",),
    student(31): ("POLI 105",),
    student(32): ("HIST 118",),
    student(33): ("ASTR 101",),
    student(34): ("ENGL 215",),
    student(35): ("ARCH 230",),
    student(36): ("FREN 201",),
    student(37): ("STAT 150",),
    student(38): ("PHIL 130",),
    student(42): ("ENGR 115",),
    student(43): ("MATH 205",),
    student(46): ("ASL 110",),
    student(47): ("BIOL 340",),
    student(49): ("ASL 110",),
    student(50): ("JAPN 101",),
    student(51): ("ASL 110",),
    student(53): ("JAPN 101",),
    student(113): ("SOCI 120",),
    student(130): ("ENGL 101",),
    student(213): ("SOCI 120",),
}
"""Students who must be in a course for a situation to arise there; they sit in its first section."""

KEPT_CLEAR = frozenset(
    {
        "ART 150", "ASL 110", "CHEM 110", "CSCI 140", "ENGR 115", "GEOG 160", "HIST 210", "JAPN 101", "LAW 210",
        "MKTG 240", "MUSI 200", "NURS 210", "NURS 305", "NURS 310", "PHED 105", "PHIL 130", "POLI 105", "PSYC 101",
        "SPAN 102",
    }
)  # fmt: skip
"""Courses with trouble: of the students on record only the placed ones take them, so that it stays the exception."""


def courses_taken(rng: random.Random, sis_user_id: str, *, number: int) -> list[str]:
    """Return the codes of the courses that the n-th student takes: about five in this term, some before and after."""
    placed = PLACED.get(sis_user_id, ())
    is_on_record = number <= ON_RECORD_COUNT
    free = [
        spec.code
        for spec in courses_of("current")
        if spec.code not in placed and not (is_on_record and spec.code in KEPT_CLEAR)
    ]
    missing = COURSES_PER_STUDENT - len([code for code in placed if code not in _PREVIOUS])
    taken = [*placed, *rng.sample(free, max(0, missing))]
    if number % 2 == 0:
        taken.append(rng.choice(_NEXT))
    if number % 8 == 0 and not placed:
        taken.append(rng.choice(_PREVIOUS))
    return taken


_NEXT = tuple(spec.code for spec in courses_of("next"))
_PREVIOUS = tuple(spec.code for spec in courses_of("previous"))
