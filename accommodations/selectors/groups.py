"""Who works with a student in the group of a group assignment: named to those who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accommodations.models import Course, CourseSnapshot
from accommodations.planning.statuses import Reason
from accommodations.selectors.pairs import PairRow
from accommodations.selectors.visibility import Viewer, sees_all_students, teachings_of

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The student's group on one assessment, without the student."""

    name: str
    others: tuple[str, ...]
    other_count: int


def tell_groups(user: Viewer, rows: Iterable[PairRow]) -> None:
    """Write beside each pair that a group assignment holds whom a date for one would concern.

    The office reads the names; so do instructors of the whole course. Those limited to sections, who need not know of
    the others, read how many they are; students read nothing.
    """
    held = [row for row in rows if row.pair.reason == Reason.GROUP_ASSIGNMENT]
    if not held:
        return
    courses = {row.pair.course_id for row in held}
    named = courses if sees_all_students(user) else _taught_in_full(user, courses)
    counted = named | (set() if sees_all_students(user) else _taught(user, courses))
    groups = _groups_of(courses)
    for row in held:
        course_id = row.pair.course_id
        group = groups.get((course_id, row.pair.assessment.key, row.pair.student.canvas_user_id))
        if group is not None and course_id in counted:
            row.group_note = _words(group, with_names=course_id in named)


def _taught(user: Viewer, courses: set[int]) -> set[int]:
    return set(teachings_of(user).filter(course__in=courses).values_list("course", flat=True))


def _taught_in_full(user: Viewer, courses: set[int]) -> set[int]:
    teachings = teachings_of(user).filter(course__in=courses, is_limited_to_section=False)
    return set(teachings.values_list("course", flat=True))


def _words(group: WorkGroup, *, with_names: bool) -> str:
    name = f" “{group.name}”" if group.name and with_names else ""
    if not group.other_count:
        return f"Nobody else is in the group{name} now."
    if not with_names or not group.others:
        return f"The group has {group.other_count} other member{'s' if group.other_count > 1 else ''}."
    shown = ", ".join(group.others[:MOST_NAMED])
    more = group.other_count - len(group.others[:MOST_NAMED])
    return f"In the group{name}: {shown}{f' and {more} more' if more else ''}."


def _groups_of(course_ids: set[int]) -> dict[tuple[int, str, int], WorkGroup]:
    """Return the groups as they were last read, by course, assessment and Canvas user id of the student."""
    found: dict[tuple[int, str, int], WorkGroup] = {}
    snapshots = CourseSnapshot.objects.filter(course__in=Course.objects.filter(pk__in=course_ids))
    for course_id, groups, assessments in snapshots.values_list("course", "facts__groups", "facts__assessments"):
        for assessment in assessments or ():
            in_set = [one for one in groups or () if _is_of(one, assessment)]
            for group in in_set:
                for user_id in group["canvas_user_ids"]:
                    found[course_id, _key(assessment), user_id] = _work_group(group, without=user_id)
    return found


def _is_of(group: dict[str, Any], assessment: dict[str, Any]) -> bool:
    category = assessment.get("canvas_group_category_id")
    return category is not None and group["canvas_group_category_id"] == category


def _key(assessment: dict[str, Any]) -> str:
    return f"assignment:{assessment['canvas_assignment_id']}"


def _work_group(group: dict[str, Any], *, without: int) -> WorkGroup:
    others = tuple(name for user_id, name in group["member_names"] if user_id != without)
    return WorkGroup(name=group["name"], others=others, other_count=len(set(group["canvas_user_ids"]) - {without}))
