"""An accommodation in words: what it grants, where it counts, whether it does."""

from collections.abc import Sequence

from accommodations.models import Accommodation
from accommodations.planning.rules import ExtraTimeMethod, Scope, ShiftUnit
from canvas_bridge.facts import AssessmentKind

_KINDS = {
    AssessmentKind.CLASSIC_QUIZ: "classic quizzes",
    AssessmentKind.GRADED_SURVEY: "graded surveys",
    AssessmentKind.PRACTICE_QUIZ: "practice quizzes",
    AssessmentKind.SURVEY: "surveys",
    AssessmentKind.NEW_QUIZ: "New Quizzes",
    AssessmentKind.ASSIGNMENT: "assignments",
    AssessmentKind.DISCUSSION: "discussions",
    AssessmentKind.EXTERNAL_TOOL: "external tools",
    AssessmentKind.ON_PAPER: "on paper",
    AssessmentKind.NO_SUBMISSION: "without submission",
}
_UNITS = {ShiftUnit.DAYS: "day", ShiftUnit.WORKING_DAYS: "working day", ShiftUnit.HOURS: "hour"}


def title(accommodation: Accommodation) -> str:
    """Return what is granted: "Extra time 1.5×", "2 extra attempts", "2 days later"."""
    if accommodation.provision == Accommodation.Provision.EXTRA_TIME:
        return _time_title(accommodation)
    if accommodation.provision == Accommodation.Provision.EXTRA_ATTEMPTS:
        number = accommodation.attempts or 0
        return "One extra attempt" if number == 1 else f"{number:,} extra attempts"
    if accommodation.shift_amount:
        unit = _UNITS.get(ShiftUnit(accommodation.shift_unit), "day")
        return f"{accommodation.shift_amount} {unit}{'' if accommodation.shift_amount == 1 else 's'} later"
    return "Another sitting" if accommodation.is_other_sitting else "Exact dates"


def _time_title(accommodation: Accommodation) -> str:
    method = accommodation.extra_time_method
    if method == ExtraTimeMethod.NO_LIMIT:
        return "No time limit"
    if method == ExtraTimeMethod.MINUTES_PER_HOUR:
        return f"Extra time {accommodation.minutes} min per hour"
    if method == ExtraTimeMethod.MINUTES:
        return f"Extra time {accommodation.minutes} min"
    multiplier = f"{accommodation.multiplier:f}".rstrip("0").rstrip(".")
    return f"Extra time {multiplier}×"


def counts_for(accommodation: Accommodation) -> str:
    """Return where it counts, as a phrase of its own: "Classic quizzes and New Quizzes, every course"."""
    words = counts_for_in_a_sentence(accommodation)
    return words[:1].upper() + words[1:]


def counts_for_in_a_sentence(accommodation: Accommodation) -> str:
    """Return where it counts, as the middle of a sentence has it: "every course", but "Fall 2026"."""
    where = {
        Scope.EVERY_COURSE: "every course",
        Scope.TERM: accommodation.term.name if accommodation.term else "one term",
        Scope.COURSE: accommodation.course.course_code or accommodation.course.name if accommodation.course else "",
        Scope.ASSESSMENT: _assessment(accommodation),
    }[Scope(accommodation.scope)]
    which = "" if accommodation.scope == Scope.ASSESSMENT else which_in_words(accommodation)
    return f"{which}, {where}" if which else where


def which_in_words(accommodation: Accommodation) -> str:
    """Return kinds and assignment groups within a sentence: "classic quizzes in the group “Exams”"; empty: all."""
    groups = groups_in_words(accommodation.assignment_groups)
    kinds = kinds_in_words(accommodation.kinds)
    return f"{kinds} in {groups}" if kinds and groups else kinds or groups


def groups_in_words(names: Sequence[str]) -> str:
    """Return names of assignment groups as a list within a sentence; empty where every group counts."""
    quoted = [f"“{name}”" for name in names]
    listed = _listed(quoted)
    return f"the assignment {'group' if len(quoted) == 1 else 'groups'} {listed}" if listed else ""


def kinds_in_words(stored: Sequence[str]) -> str:
    """Return kinds of assessments as a list within a sentence; empty where every kind counts."""
    return _listed([_KINDS[AssessmentKind(kind)] for kind in stored])


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _assessment(accommodation: Accommodation) -> str:
    if accommodation.assessment is None:
        return "one assessment"
    code = f"{accommodation.course.course_code} " if accommodation.course else ""
    return f"{code}{accommodation.assessment.name}"


def status_words(accommodation: Accommodation) -> str:
    """Return its status; a draft says that it waits, an ended one why it ended."""
    if accommodation.status == Accommodation.Status.DRAFT:
        return "Waits for approval"
    if accommodation.status != Accommodation.Status.ENDED and is_urgent(accommodation):
        return "Urgent, waits for approval"
    if accommodation.status == Accommodation.Status.ENDED and accommodation.end_reason:
        return accommodation.get_end_reason_display()
    return accommodation.get_status_display()


def is_urgent(accommodation: Accommodation) -> bool:
    """Whether it counts though nobody else has approved it yet."""
    return bool(accommodation.urgent_reason) and accommodation.approved_by_id is None


STATUS_ICONS = {
    Accommodation.Status.DRAFT: "waiting",
    Accommodation.Status.APPROVED: "past",
    Accommodation.Status.ACTIVE: "check",
    Accommodation.Status.ENDED: "not-needed",
}
