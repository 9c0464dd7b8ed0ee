"""The assignment groups of a course as the mirror remembers them: what they are called, and what they were called."""

from collections.abc import Iterable

from accommodations.models import AssignmentGroup, Course
from accommodations.planning.assignment_groups import folded
from canvas_bridge.facts import AssignmentGroupFacts, CourseFacts

MOST_FORMER_NAMES = 5
NAME_LENGTH = 255


def with_former_names(course: Course, facts: CourseFacts) -> CourseFacts:
    """Return facts whose groups were just read with what the mirror remembers of their earlier names.

    Canvas forgets a name when a group is renamed; a rule that names it must not end for that.
    """
    known = {row.canvas_assignment_group_id: row for row in AssignmentGroup.objects.filter(course=course)}
    taken = {folded(group.name) for group in facts.assignment_groups}
    remembered = []
    for group in facts.assignment_groups:
        row = known.get(group.canvas_assignment_group_id)
        names = () if row is None else (row.name, *row.former_names)
        former = tuple(name for name in dict.fromkeys(names) if folded(name) not in taken)[:MOST_FORMER_NAMES]
        remembered.append(AssignmentGroupFacts(group.canvas_assignment_group_id, group.name, former))
    return facts.with_groups_named(remembered)


def carried_over(facts: CourseFacts, fresh: CourseFacts) -> CourseFacts:
    """Return freshly read facts with the groups' names of a moment ago, unless one has come up since."""
    known = {group.canvas_assignment_group_id for group in facts.assignment_groups}
    if not facts.are_groups_named or not fresh.assignment_group_ids <= known:
        return fresh
    return fresh.with_groups_named(facts.assignment_groups)


def store_groups(course: Course, facts: CourseFacts) -> None:
    """Write the groups into the mirror, where they were read; those that Canvas lists no more are marked as deleted."""
    if not facts.are_groups_named:
        return
    stored = {row.canvas_assignment_group_id: row for row in AssignmentGroup.objects.filter(course=course)}
    for group in facts.assignment_groups:
        row = stored.pop(group.canvas_assignment_group_id, None)
        _store_group(course, group, row)
    gone = [row.pk for row in stored.values() if not row.is_deleted]
    if gone:
        AssignmentGroup.objects.filter(pk__in=gone).update(is_deleted=True)


def _store_group(course: Course, group: AssignmentGroupFacts, row: AssignmentGroup | None) -> None:
    row = row or AssignmentGroup(course=course, canvas_assignment_group_id=group.canvas_assignment_group_id)
    values = {"name": group.name[:NAME_LENGTH], "former_names": list(group.former_names), "is_deleted": False}
    if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def cleaned_names(names: Iterable[str]) -> list[str]:
    """Return the names of groups as they are stored: without blanks around, each once, in alphabetical order."""
    by_name = {folded(name): " ".join(name.split()) for name in names}
    return [by_name[key] for key in sorted(by_name) if key]
