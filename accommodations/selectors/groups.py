"""Who works with a student in the group of a group assignment: named to those who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, JSONField, QuerySet, When

from accommodations.models import PairStatus
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


def with_facts_of_groups(pairs: QuerySet[PairStatus]) -> QuerySet[PairStatus]:
    """Let the pairs that a group assignment holds bring their course's facts along, for `tell_groups`; others none."""
    held = When(reason=Reason.GROUP_ASSIGNMENT, then=F("course__snapshot__facts"))
    return pairs.annotate(facts_of_groups=Case(held, output_field=JSONField()))


def tell_groups(user: Viewer, rows: Iterable[PairRow]) -> None:
    """Write beside each pair that a group assignment holds whom a date for one would concern.

    The office reads the names; so do instructors of the whole course. Those limited to sections, who need not know of
    the others, read how many they are; students read nothing. The pairs come from `with_facts_of_groups`.
    """
    held = [row for row in rows if row.pair.reason == Reason.GROUP_ASSIGNMENT]
    if not held:
        return
    courses = {row.pair.course_id for row in held}
    is_named = dict.fromkeys(courses, True) if sees_all_students(user) else _taught(user, courses)
    annotated: list[Any] = [row.pair for row in held]
    facts = {pair.course_id: pair.facts_of_groups for pair in annotated}
    groups = {course_id: _groups_in(of_course) for course_id, of_course in facts.items() if of_course is not None}
    for row in held:
        course_id = row.pair.course_id
        group = groups.get(course_id, {}).get((row.pair.assessment.key, row.pair.student.canvas_user_id))
        if group is not None and course_id in is_named:
            row.group_note = _words(group, with_names=is_named[course_id])


def _taught(user: Viewer, courses: set[int]) -> dict[int, bool]:
    """Return which of the courses the person teaches, and whether the whole of it."""
    taught: dict[int, bool] = {}
    for course_id, is_limited in (
        teachings_of(user).filter(course__in=courses).values_list("course", "is_limited_to_section")
    ):
        taught[course_id] = taught.get(course_id, False) or not is_limited
    return taught


def _words(group: WorkGroup, *, with_names: bool) -> str:
    name = f" “{group.name}”" if group.name and with_names else ""
    if not group.other_count:
        return f"Nobody else is in the group{name} now."
    if not with_names or not group.others:
        return f"The group has {group.other_count} other member{'s' if group.other_count > 1 else ''}."
    shown = ", ".join(group.others[:MOST_NAMED])
    more = group.other_count - len(group.others[:MOST_NAMED])
    return f"In the group{name}: {shown}{f' and {more} more' if more else ''}."


def _groups_in(facts: dict[str, Any]) -> dict[tuple[str, int], WorkGroup]:
    """Return the groups as they were last read, by assessment and Canvas user id of the student."""
    found: dict[tuple[str, int], WorkGroup] = {}
    for assessment in facts.get("assessments") or ():
        for group in facts.get("groups") or ():
            if _is_of(group, assessment):
                for user_id in group["canvas_user_ids"]:
                    found[_key(assessment), user_id] = _work_group(group, without=user_id)
    return found


def _is_of(group: dict[str, Any], assessment: dict[str, Any]) -> bool:
    category = assessment.get("canvas_group_category_id")
    return category is not None and group["canvas_group_category_id"] == category


def _key(assessment: dict[str, Any]) -> str:
    return f"assignment:{assessment['canvas_assignment_id']}"


def _work_group(group: dict[str, Any], *, without: int) -> WorkGroup:
    others = tuple(name for user_id, name in group["member_names"] if user_id != without)
    return WorkGroup(name=group["name"], others=others, other_count=len(set(group["canvas_user_ids"]) - {without}))
