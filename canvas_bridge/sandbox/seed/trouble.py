"""The assessments that stand out: each is there to show one situation, and its name says which."""

from canvas_bridge.sandbox.seed.moments import CURRENT_TERM, Calendar, FromNow, day
from canvas_bridge.sandbox.seed.specs import AssessmentSpec, discussion, exam, quiz, work


def special_assessments(calendar: Calendar) -> dict[str, tuple[AssessmentSpec, ...]]:
    """Return the special assessments of each course, by course code."""
    term_ends = calendar.monday + CURRENT_TERM.last_day
    return {**_quizzes_and_exams(), **_dates(term_ends), **_what_others_decide(), **_ran_or_running()}


def _quizzes_and_exams() -> dict[str, tuple[AssessmentSpec, ...]]:
    return {
        "CHEM 110": (
            quiz(
                "Safety quiz (open for less than its time limit)",
                opens=day(4, "09:00"),
                closes=day(4, "09:45"),
                minutes=60,
            ),
        ),
        "MATH 205": (
            exam("Exam 1 (window as long as its limit)", opens=day(5, "10:00"), closes=day(5, "11:15"), minutes=75),
        ),
        "LAW 210": (
            quiz("Five-day take-home case", opens=day(3, "08:00"), closes=day(24), minutes=5 * 24 * 60, points=50),
        ),
        "STAT 150": (
            exam("Exam 1: Chance (opens tomorrow)", opens=day(1, "09:00"), closes=day(1, "10:15"), minutes=60),
            quiz("Open-book concept quiz (no time limit)", opens=day(-1, "08:00"), closes=day(5)),
        ),
        "PHIL 130": (
            exam(
                "In-class essay exam (no time limit, 3 hours)",
                opens=day(6, "13:00"),
                closes=day(6, "16:00"),
                minutes=None,
            ),
            discussion("Two-step discussion: first post, then replies", due=day(7), has_checkpoints=True),
        ),
        "CHEM 231": (
            quiz("Bench practical (essential requirement)", opens=day(6, "14:00"), closes=day(6, "17:00"), minutes=45),
        ),
        "ARCH 230": (exam("Slide exam", opens=day(8, "10:00"), closes=day(8, "12:00"), minutes=90),),
        "MATH 121": (quiz("Derivative drills (any number of attempts)", closes=day(20), minutes=20, attempts=-1),),
        "NURS 305": (
            quiz(
                "Dosage check (Canvas refuses extra time here)",
                opens=day(2, "08:00"),
                closes=day(4),
                minutes=40,
            ),
        ),
        "NURS 310": (
            quiz("Outbreak quiz (Canvas does not answer here)", opens=day(3, "08:00"), closes=day(5), minutes=40),
        ),
        "MUSI 200": (
            quiz("Ear training test (the token may not edit it)", opens=day(5, "08:00"), closes=day(7), minutes=40),
        ),
    }


def _dates(term_ends: int) -> dict[str, tuple[AssessmentSpec, ...]]:
    return {
        "ENGL 101": (work("Source essay (already extended by the instructor)", due=day(5), closes=day(7)),),
        "ENGL 215": (
            work("Close reading (extended by the instructor, by less)", due=day(6), closes=day(8)),
            work("Final portfolio (due at the end of the course)", due=day(term_ends - 1), points=100),
        ),
        "FREN 201": (work("Oral report", "media_recording", due=day(6), closes=day(8)),),
        "SOCI 120": (
            work(
                "Field notes (shared extension by the instructor)",
                "online_text_entry",
                opens=day(-3, "08:00"),
                due=day(1),
                closes=day(2),
            ),
        ),
        "MKTG 240": (work("Group campaign", due=day(10), closes=day(12), is_group_work=True, points=60),),
        "THEA 120": (work("Costume sketch (no date)"),),
        "SPAN 102": (
            quiz("Practice dialogue (ungraded)", closes=day(6), attempts=-1, kind="practice_quiz"),
            work("Conversation in class", "on_paper", group="Participation"),
        ),
        "ENGR 115": (work("Design brief (due just before a grading period ends)", due=day(9), closes=day(10)),),
        "HIST 210": (work("Archive exercise", "online_url", due=day(9), closes=day(11), attempts=1),),
    }


def _what_others_decide() -> dict[str, tuple[AssessmentSpec, ...]]:
    return {
        "ART 150": (
            work("Print workshop plan (only for some students)", due=day(8), only_for_overrides=True),
            work("Gallery notes (only for some students)", opens=day(3, "08:00"), due=day(9), only_for_overrides=True),
        ),
        "CLAS 180": (work("Essay for an incomplete grade", due=day(20), closes=day(22)),),
        "GEOG 160": (work("Field journal (due in a closed grading period)", due=day(-8), closes=day(12)),),
        "CSCI 140": (
            work("Codeworks unit 3 (external tool)", "external_tool", due=day(4), closes=day(6)),
            work(
                "Paper exam in the lecture hall", "on_paper", opens=day(9, "10:00"), due=day(9, "11:30"), group="Exams"
            ),
        ),
        "NURS 210": (
            work(
                "Skills log (dates locked by the blueprint)",
                due=day(9),
                closes=day(11),
                blueprint_locks=("due_dates", "availability_dates"),
            ),
        ),
        "PHED 105": (work("Training diary (paced course)", "online_text_entry", due=day(6)),),
        "BIOL 201": (work("Microscopy portfolio (moderated grading)", due=day(12), closes=day(14), is_moderated=True),),
    }


def _ran_or_running() -> dict[str, tuple[AssessmentSpec, ...]]:
    return {
        "PSYC 101": (
            quiz("Unit test (attempts running now)", opens=FromNow(-180), closes=FromNow(1200), minutes=120, points=50),
        ),
        "PHYS 131": (
            quiz("Bench skills quiz (open now)", opens=FromNow(-180), closes=FromNow(1200), minutes=90, points=30),
        ),
        "POLI 105": (
            quiz("Source quiz (closed, extra time forgotten)", opens=day(-4, "08:00"), closes=day(-1), minutes=30),
        ),
        "HIST 118": (
            quiz("Map quiz (taken without the extra time)", opens=day(-2, "08:00"), closes=day(2), minutes=30),
        ),
        "ASTR 101": (
            quiz(
                "Observing quiz (over, extended by the instructor)", opens=day(-6, "08:00"), closes=day(-2), minutes=30
            ),
        ),
    }
