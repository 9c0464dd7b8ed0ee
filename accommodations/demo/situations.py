"""Every reason that a pair can have, and where in the seeded university it arises after the first sync."""

from dataclasses import dataclass

from accommodations.planning.statuses import Reason


@dataclass(frozen=True, slots=True)
class Situation:
    """One student on one assessment, the reason that their pair has after the first sync, and how that comes."""

    reason: Reason
    course: str
    assessment: str
    student: int
    words: str


SITUATIONS: tuple[Situation, ...] = (
    Situation(
        Reason.ACCEPTED,
        "STAT 150",
        "Exam 1: Chance (opens tomorrow)",
        37,
        "60 → 90 minutes, and the window of 75 minutes moves with them; extensions are read back before it opens",
    ),
    Situation(
        Reason.ACCEPTED,
        "MATH 205",
        "Exam 1 (window as long as its limit)",
        6,
        "the window leaves no room for extra time, so it moves",
    ),
    Situation(
        Reason.READ_BACK,
        "PHIL 130",
        "In-class essay exam (no time limit, 3 hours)",
        38,
        "the window is the only limit, so it moves by half of itself",
    ),
    Situation(
        Reason.READ_BACK,
        "ENGL 215",
        "Close reading (extended by the instructor, by less)",
        34,
        "the instructor's own override of one day is raised in place to four",
    ),
    Situation(Reason.READ_BACK, "FREN 201", "Oral report", 36, "two days after the section's own date"),
    Situation(Reason.READ_BACK, "ARCH 230", "Slide exam", 35, "another sitting, a day later"),
    Situation(Reason.READ_BACK, "PSYC 101", "Unit test (attempts running now)", 12, "the running attempt has its time"),
    Situation(Reason.ACCEPTED, "ECON 101", "Midterm exam", 2, "a New Quiz, which nobody can read back"),
    Situation(Reason.CAPPED_BY_CANVAS, "LAW 210", "Five-day take-home case", 3, "three times five days is too much"),
    Situation(
        Reason.COURSE_END,
        "ENGL 215",
        "Final portfolio (due at the end of the course)",
        4,
        "seven days later would be after the end of the term",
    ),
    Situation(
        Reason.GRADING_PERIOD,
        "ENGR 115",
        "Design brief (due just before a grading period ends)",
        42,
        "four days later would be after the end of the grading period that it is due in",
    ),
    Situation(
        Reason.CLASS_WINDOW,
        "CHEM 110",
        "Safety quiz (open for less than its time limit)",
        5,
        "nobody in the class has the whole hour",
    ),
    Situation(Reason.PLANNED, "HIST 210", "Midterm exam", 7, "a coordinator wants to read the plan first"),
    Situation(
        Reason.UNTIL_OVER,
        "PHYS 131",
        "Bench skills quiz (open now)",
        8,
        "revoked while the student sits the quiz: the minutes stay until it is over",
    ),
    Situation(Reason.REFUSED, "NURS 305", "Dosage check (Canvas refuses extra time here)", 9, "Canvas answers 400"),
    Situation(Reason.UNREACHABLE, "NURS 310", "Outbreak quiz (Canvas does not answer here)", 10, "Canvas answers 503"),
    Situation(
        Reason.RUNNING_ATTEMPT_SHORT,
        "PSYC 101",
        "Unit test (attempts running now)",
        11,
        "the attempt began before the extra time was there",
    ),
    Situation(
        Reason.GUARD,
        "ASL 110",
        "Vocabulary 3: Questions",
        49,
        "the office ended two accommodations yesterday: more at once than the safety guard lets pass",
    ),
    Situation(Reason.GUARD, "ASL 110", "Listening 2: Introductions", 51, "the same, of the other student"),
    Situation(Reason.UNDONE, "PSYC 101", "Quiz 6: Groups", 12, "Ruth undid it, and gave a reason"),
    Situation(
        Reason.DISMISSED,
        "JAPN 101",
        "Vocabulary 4: Food",
        50,
        "David dismissed what the safety guard had stopped: the minutes stay, held by his name",
    ),
    Situation(
        Reason.SHARED_OVERRIDE,
        "SOCI 120",
        "Field notes (shared extension by the instructor)",
        13,
        "a shared override gives less, and the assignment is open",
    ),
    Situation(Reason.GROUP_ASSIGNMENT, "MKTG 240", "Group campaign", 14, "a date for one is a date for the team"),
    Situation(
        Reason.WOULD_ASSIGN,
        "ART 150",
        "Print workshop plan (only for some students)",
        15,
        "an override would assign what the student does not have",
    ),
    Situation(
        Reason.WOULD_UNASSIGN,
        "ART 150",
        "Gallery notes (only for some students)",
        16,
        "revoked, but our override is what assigns it by now",
    ),
    Situation(Reason.COURSE_CONCLUDED, "CLAS 180", "Essay for an incomplete grade", 17, "the course is concluded"),
    Situation(
        Reason.GRADING_PERIOD_CLOSED,
        "GEOG 160",
        "Field journal (due in a closed grading period)",
        18,
        "the grading period of its due date has closed",
    ),
    Situation(Reason.OUTSIDE_CANVAS, "CSCI 140", "Codeworks unit 3 (external tool)", 19, "the tool keeps its own time"),
    Situation(Reason.OUTSIDE_CANVAS, "CSCI 140", "Paper exam in the lecture hall", 19, "written on paper"),
    Situation(
        Reason.UNGRADED_QUIZ, "SPAN 102", "Practice dialogue (ungraded)", 20, "no override reaches an ungraded quiz"
    ),
    Situation(
        Reason.BLUEPRINT_LOCK, "NURS 210", "Skills log (dates locked by the blueprint)", 21, "locked by the blueprint"
    ),
    Situation(Reason.PACED_COURSE, "PHED 105", "Training diary (paced course)", 22, "course pacing sets the dates"),
    Situation(
        Reason.CHECKPOINTS, "PHIL 130", "Two-step discussion: first post, then replies", 23, "it has two due dates"
    ),
    Situation(
        Reason.PERMISSION_MISSING,
        "MUSI 200",
        "Ear training test (the token may not edit it)",
        24,
        "Canvas answers 403 to this token",
    ),
    Situation(Reason.NO_TIME_LIMIT, "STAT 150", "Open-book concept quiz (no time limit)", 25, "nothing to extend"),
    Situation(
        Reason.UNLIMITED_ATTEMPTS,
        "MATH 121",
        "Derivative drills (any number of attempts)",
        26,
        "the class has any number of attempts",
    ),
    Situation(Reason.NO_DATE_TO_MOVE, "THEA 120", "Costume sketch (no date)", 27, "it has no date"),
    Situation(
        Reason.EXCEPTION, "CHEM 231", "Bench practical (essential requirement)", 28, "the office made an exception"
    ),
    Situation(Reason.NOT_RELEASED, "COMM 110", "Midterm exam", 29, "the student has not released the course"),
    Situation(
        Reason.INSTRUCTOR_GIVES_AS_MUCH,
        "ENGL 101",
        "Source essay (already extended by the instructor)",
        30,
        "the instructor gives ten days, the office three",
    ),
    Situation(
        Reason.CLOSED, "POLI 105", "Source quiz (closed, extra time forgotten)", 31, "closed without the extra time"
    ),
    Situation(
        Reason.BEGUN, "HIST 118", "Map quiz (taken without the extra time)", 32, "taken before the extra time was there"
    ),
    Situation(
        Reason.OVER,
        "ASTR 101",
        "Observing quiz (over, extended by the instructor)",
        33,
        "the instructor had typed it in by hand",
    ),
)
