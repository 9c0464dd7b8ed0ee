"""Rules that count in certain assignment groups alone: which those are in a course, and what a course lacks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accommodations.planning.rules import AccommodationRule, Scope
from canvas_bridge.facts import AssessmentFacts, AssignmentGroupFacts, CourseSummary


@dataclass(frozen=True, slots=True)
class UnmatchedName:
    """A group that a rule names and the course has not; `called_now`, where the course gave the group another name."""

    name: str
    called_now: tuple[str, ...] = ()


def is_same_name(one: str, other: str) -> bool:
    """Whether two names mean one group: case and blanks make no difference."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(name.split()).casefold()


def is_in_its_groups(rule: AccommodationRule, assessment: AssessmentFacts) -> bool:
    """Whether the assessment is in one of the assignment groups that the rule names, if it names any.

    A group that was renamed still counts by the name that it had, as long as no other group has taken that name:
    who renames a group in Canvas takes nothing away from anyone.
    """
    if not rule.assignment_groups:
        return True
    wanted = {folded(name) for name in rule.assignment_groups}
    names = (assessment.assignment_group or "", *assessment.former_assignment_groups)
    return any(folded(name) in wanted for name in names)


def is_in_course(rule: AccommodationRule, course: CourseSummary) -> bool:
    """Whether the rule's scope reaches into the course."""
    if rule.scope is Scope.TERM:
        return rule.canvas_term_id == course.canvas_term_id
    return rule.scope is not Scope.COURSE or rule.canvas_course_id == course.canvas_course_id


def unmatched_names(names: Iterable[str], groups: Collection[AssignmentGroupFacts]) -> tuple[UnmatchedName, ...]:
    """Return those of the names that no group of the course has now, in alphabetical order."""
    known = {folded(group.name) for group in groups}
    return tuple(
        UnmatchedName(name, tuple(group.name for group in groups if _was_called(group, name)))
        for name in sorted(names, key=folded)
        if folded(name) not in known
    )


def _was_called(group: AssignmentGroupFacts, name: str) -> bool:
    return any(is_same_name(former, name) for former in group.former_names)
