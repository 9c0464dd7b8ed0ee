"""What instructors and students did in the seeded courses before Leeway first looked at them, and Canvas's faults."""

from canvas_bridge.sandbox.seed.events import (
    Attempt,
    ExtensionByHand,
    HandedIn,
    StaffOverride,
    StandingFault,
    student,
)
from canvas_bridge.sandbox.seed.moments import FromNow, day

STAFF_OVERRIDES: tuple[StaffOverride, ...] = (
    # As much as the office approved, or more: left alone.
    StaffOverride(
        "ENGL 101",
        "Source essay (already extended by the instructor)",
        opens=None,
        due=day(15),
        closes=day(17),
        students=(student(30),),
        title="Extension agreed in class",
    ),
    # Less than the office approved, for this student alone: raised in place.
    StaffOverride(
        "ENGL 215",
        "Close reading (extended by the instructor, by less)",
        opens=None,
        due=day(7),
        closes=day(8),
        students=(student(34),),
        title="One more day",
    ),
    # Less than approved, shared with classmates, and already open: a person must decide.
    StaffOverride(
        "SOCI 120",
        "Field notes (shared extension by the instructor)",
        opens=day(-3, "08:00"),
        due=day(2),
        closes=day(3),
        students=(student(13), student(113), student(213)),
        title="Saturday group",
    ),
    # Sections with dates of their own: one later, one earlier than the class.
    StaffOverride("FREN 201", "Oral report", opens=None, due=day(9), closes=day(10), section=1),
    StaffOverride("FREN 201", "Oral report", opens=None, due=day(4), closes=day(6), section=2),
    # Only the students of the second section have these.
    StaffOverride(
        "ART 150", "Print workshop plan (only for some students)", opens=None, due=day(8), closes=day(10), section=2
    ),
    StaffOverride(
        "ART 150",
        "Gallery notes (only for some students)",
        opens=day(3, "08:00"),
        due=day(9),
        closes=day(11),
        section=2,
    ),
)

EXTENSIONS_BY_HAND: tuple[ExtensionByHand, ...] = (
    ExtensionByHand("ASTR 101", "Observing quiz (over, extended by the instructor)", student(33), minutes=15),
    ExtensionByHand("PSYC 101", "Unit test (attempts running now)", student(12), minutes=60),
    ExtensionByHand("PHYS 131", "Bench skills quiz (open now)", student(8), minutes=45),
)
"""The last two stand for what Leeway itself put there a week ago; the demo's ledger says so."""

PAST_QUIZZES_EXTENDED_BY_HAND: dict[str, int] = {student(33): 50, student(39): 50, student(40): 25}
"""Students whose instructors typed this many percent into every timed classic quiz that is over by now."""

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt("PSYC 101", "Unit test (attempts running now)", student(11), started=FromNow(-20)),
    Attempt("PSYC 101", "Unit test (attempts running now)", student(12), started=FromNow(-15)),
    Attempt("PHYS 131", "Bench skills quiz (open now)", student(8), started=FromNow(-10)),
    Attempt(
        "HIST 118",
        "Map quiz (taken without the extra time)",
        student(32),
        started=FromNow(-1500),
        finished=FromNow(-1470),
    ),
    Attempt(
        "ASTR 101",
        "Observing quiz (over, extended by the instructor)",
        student(33),
        started=day(-4, "10:00"),
        finished=day(-4, "10:41"),
    ),
)

HANDED_IN: tuple[HandedIn, ...] = (
    HandedIn("SOCI 120", "Field notes (shared extension by the instructor)", student(213), at=FromNow(-600)),
    HandedIn("ENGL 101", "Source essay (already extended by the instructor)", student(130), at=FromNow(-300)),
)

STANDING_FAULTS: tuple[StandingFault, ...] = (
    StandingFault("NURS 305", "Dosage check (Canvas refuses extra time here)", "refuses"),
    StandingFault("NURS 310", "Outbreak quiz (Canvas does not answer here)", "does_not_answer"),
    StandingFault("MUSI 200", "Ear training test (the token may not edit it)", "forbids"),
)
