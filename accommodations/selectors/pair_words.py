"""The words of a pair's status and reason for each reader: the office, an instructor, the student."""

from dataclasses import dataclass

from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.planning.wording import span

OFFICE, INSTRUCTOR, STUDENT = "office", "instructor", "student"

STATUS_WORDS = {
    Status.IN_PLACE: "In place",
    Status.SHORT: "Short",
    Status.WAITING: "Waiting",
    Status.FAILED: "Failed",
    Status.HELD: "Held",
    Status.BLOCKED: "Blocked",
    Status.NOT_NEEDED: "Not needed",
    Status.MISSED: "Missed",
    Status.PAST: "Past",
}

REASON_WORDS = {
    Reason.READ_BACK: "read back",
    Reason.ACCEPTED: "accepted",
    Reason.CAPPED_BY_CANVAS: "capped by Canvas",
    Reason.COURSE_END: "course ends",
    Reason.GRADING_PERIOD: "grading period ends",
    Reason.CLASS_WINDOW: "class’s own window",
    Reason.PLANNED: "planned",
    Reason.UNTIL_OVER: "until it is over",
    Reason.REFUSED: "Canvas refused",
    Reason.UNREACHABLE: "Canvas did not answer",
    Reason.RUNNING_ATTEMPT_SHORT: "running attempt short",
    Reason.GUARD: "safety guard",
    Reason.UNDONE: "undone",
    Reason.DISMISSED: "dismissed",
    Reason.SHARED_OVERRIDE: "shared override",
    Reason.GROUP_ASSIGNMENT: "group assignment",
    Reason.WOULD_ASSIGN: "would assign",
    Reason.WOULD_UNASSIGN: "would unassign",
    Reason.COURSE_CONCLUDED: "course concluded",
    Reason.GRADING_PERIOD_CLOSED: "grading period closed",
    Reason.OUTSIDE_CANVAS: "outside Canvas",
    Reason.UNGRADED_QUIZ: "ungraded quiz",
    Reason.BLUEPRINT_LOCK: "locked by a blueprint",
    Reason.PACED_COURSE: "course pacing",
    Reason.CHECKPOINTS: "checkpoints",
    Reason.PERMISSION_MISSING: "permission missing",
    Reason.NO_TIME_LIMIT: "no time limit",
    Reason.UNLIMITED_ATTEMPTS: "unlimited attempts",
    Reason.NO_DATE_TO_MOVE: "no date to move",
    Reason.EXCEPTION: "exception",
    Reason.NOT_RELEASED: "not released",
    Reason.INSTRUCTOR_GIVES_AS_MUCH: "instructor gives as much",
    Reason.CLOSED: "closed without it",
    Reason.BEGUN: "begun without it",
    Reason.OVER: "over",
}

REASON_IS_TOLD = frozenset({Status.SHORT, Status.HELD, Status.BLOCKED, Status.NOT_NEEDED})
"""Statuses whose reason stands after the word, since it decides what to do."""

WHO_ACTS = {
    Reason.CAPPED_BY_CANVAS: "Canvas takes no more. Agree on the rest with the instructor.",
    Reason.COURSE_END: "The office decides whether to go beyond the course’s end in Canvas.",
    Reason.GRADING_PERIOD: "The office decides whether to go beyond the end of the grading period.",
    Reason.CLASS_WINDOW: "The class’s window is shorter than its time limit: ask the instructor to widen it.",
    Reason.PLANNED: "Nothing to do: the next sync writes it.",
    Reason.UNTIL_OVER: "Nothing to do: it follows when the assessment is over for the student.",
    Reason.REFUSED: "Read what Canvas said, then sync the course again.",
    Reason.UNREACHABLE: "Leeway tries again by itself. Sync the course to try now.",
    Reason.RUNNING_ATTEMPT_SHORT: "Extend the running attempt now: you see the new end before anything is sent.",
    Reason.GUARD: "A director approves or dismisses what the safety guard stopped.",
    Reason.UNDONE: "Release it, and the next sync puts it back; or end the accommodation.",
    Reason.DISMISSED: "Release it, and the next sync takes back what is no longer granted.",
    Reason.SHARED_OVERRIDE: "The instructor’s override names several students. Ask for one of the student’s own.",
    Reason.GROUP_ASSIGNMENT: "A date for one would move the whole group. Agree on it with the instructor.",
    Reason.WOULD_ASSIGN: "The student does not have this assessment. Ask the instructor whether that is right.",
    Reason.WOULD_UNASSIGN: "Taking our dates back would take the assessment away. Ask the instructor to assign it.",
    Reason.COURSE_CONCLUDED: "The course is concluded in Canvas. Ask whoever runs the course to reopen it.",
    Reason.GRADING_PERIOD_CLOSED: "Its grading period is closed. Ask the Canvas administrators.",
    Reason.OUTSIDE_CANVAS: "Give it by hand, then write down what was done.",
    Reason.UNGRADED_QUIZ: "No sync moves dates of an ungraded quiz. Set the student’s on the course’s page.",
    Reason.BLUEPRINT_LOCK: "A blueprint locks the dates. Ask whoever runs the blueprint course.",
    Reason.PACED_COURSE: "Course pacing sets the dates. Ask the instructor to change the student’s pace.",
    Reason.CHECKPOINTS: "Discussions with checkpoints are moved by hand. Ask the instructor.",
    Reason.PERMISSION_MISSING: "Leeway’s Canvas user may not do this. Ask the Canvas administrators.",
    Reason.CLOSED: "Write down what was done about it.",
    Reason.BEGUN: "Write down what was done about it.",
}
"""What a person of the office can do; reasons without an entry need nobody."""

_FOR_OTHERS = {
    Status.IN_PLACE: "In place",
    Status.SHORT: "In place, but less",
    Status.WAITING: "On its way",
    Status.FAILED: "Not yet in place",
    Status.HELD: "Being decided",
    Status.BLOCKED: "Not possible yet",
    Status.NOT_NEEDED: "Not needed",
    Status.MISSED: "Was not in place",
    Status.PAST: "Over",
}
_REASONS_FOR_OTHERS = {Reason.EXCEPTION: "Does not apply", Reason.NOT_RELEASED: "Not released"}

_STUDENT_EVIDENCE = {
    Status.SHORT: "Part of it is in Canvas. The office decides about the rest.",
    Status.WAITING: "It is written to Canvas with the next sync.",
    Status.FAILED: "The office knows and is on it. If it is not in place when you start, call the office first.",
    Status.HELD: "The office decides, and this page will say so.",
    Status.BLOCKED: "Canvas cannot do this by itself. The office knows.",
    Status.NOT_NEEDED: "You already have as much as was approved.",
    Status.MISSED: "Ask the office what happens now.",
    Status.PAST: "",
}
_STUDENT_REASONS = {
    Reason.NOT_RELEASED: "You have not asked for it in this course, so your instructor knows nothing.",
    Reason.EXCEPTION: "Decided by the office. You can ask for the reason.",
    Reason.NO_TIME_LIMIT: "Take as long as you like.",
    Reason.UNLIMITED_ATTEMPTS: "You can try as often as you like.",
    Reason.NO_DATE_TO_MOVE: "It has no date that could be moved.",
    Reason.OUTSIDE_CANVAS: "It is not taken in Canvas. Ask your instructor how you get it.",
}
_INSTRUCTOR_EVIDENCE = {
    Status.SHORT: "The office decides about the rest.",
    Status.WAITING: "With the next sync. Nothing for you to do.",
    Status.FAILED: "Leeway tries again. Nothing for you to do.",
    Status.HELD: "The office decides.",
    Status.MISSED: "The office asks what can be done.",
}


@dataclass(frozen=True, slots=True)
class PairWords:
    """A status as one reader reads it: the label on the badge and the icon's name."""

    label: str
    icon: str
    status: str
    is_accepted_only: bool


def status_slug(status: str) -> str:
    """Return the status as stylesheet and icons spell it."""
    return Status(status).value.replace("_", "-")


def pair_words(*, status: str, reason: str, audience: str = OFFICE, short_by_minutes: int | None = None) -> PairWords:
    """Return the label and icon of a status with its reason for one reader."""
    is_accepted_only = reason == Reason.ACCEPTED
    slug = status_slug(status)
    label = (_label_for_office if audience == OFFICE else _label_for_others)(Status(status), reason)
    if reason == Reason.RUNNING_ATTEMPT_SHORT:
        minutes = f"{span(short_by_minutes)} short" if short_by_minutes else "short"
        label = f"Running attempt {minutes}" if audience == OFFICE else f"Running, {minutes}"
    if reason == Reason.OUTSIDE_CANVAS and audience == INSTRUCTOR:
        label = "Not possible in Canvas"
    icon = "accepted" if is_accepted_only else slug
    return PairWords(label=label, icon=icon, status=slug, is_accepted_only=is_accepted_only)


def _label_for_office(status: Status, reason: str) -> str:
    word = STATUS_WORDS[status]
    return f"{word}: {REASON_WORDS[Reason(reason)]}" if reason and status in REASON_IS_TOLD else word


def _label_for_others(status: Status, reason: str) -> str:
    told = _REASONS_FOR_OTHERS.get(Reason(reason)) if reason else None
    return told or _FOR_OTHERS[status]


def words_for_student(reason: str) -> str:
    """Return the sentence below the badge on the student's own page, where it is not proof with a date."""
    word = Reason(reason)
    return _STUDENT_REASONS.get(word, _STUDENT_EVIDENCE.get(STATUS_OF[word], ""))


def words_for_instructor(reason: str, *, short_by_minutes: int | None = None) -> str:
    """Return what an instructor has to know or do, where the planner's own sentence is not for them; else empty."""
    if reason == Reason.RUNNING_ATTEMPT_SHORT:
        by = f" by {span(short_by_minutes)}" if short_by_minutes else ""
        return f"Extend the running attempt{by} now: you see the new end first."
    return _INSTRUCTOR_EVIDENCE.get(STATUS_OF[Reason(reason)], "")


def reason_label(reason: str) -> str:
    """Return a reason in sentence case, for lists and filters."""
    words = REASON_WORDS[Reason(reason)]
    return words[0].upper() + words[1:]
