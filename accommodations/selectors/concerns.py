"""Concerns: open questions of instructors, and which of them stand beside a pair."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from accommodations.models import Concern, PairStatus
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.pairs import PairRow
from accommodations.selectors.visibility import Viewer, courses_visible_to, is_of_taught_student, sees_all_students

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "raised": (F("answered_at").desc(nulls_first=True), "-raised_at"),
    "course": ("course__course_code", "assessment__name", "-raised_at"),
    "by": ("raised_by__last_name", "-raised_at"),
}


def concerns_visible_to(user: Viewer) -> QuerySet[Concern]:
    """Return every concern for the office and auditors; for instructors their own, and those about their students."""
    concerns = Concern.objects.select_related("course", "assessment", "student", "raised_by", "answered_by")
    if sees_all_students(user):
        return concerns
    if not user.has_perm("accommodations.see_taught_students"):
        return concerns.none()
    # Access ends with the enrollment: also to what one has written there oneself.
    own = Q(raised_by=user.pk, course__in=courses_visible_to(user))
    return concerns.filter(Q(student=None) & own | is_of_taught_student(user, student="student", course="course"))


def open_concerns(user: Viewer) -> QuerySet[Concern]:
    """Return the concerns that wait for the office's answer, the oldest first."""
    return concerns_visible_to(user).filter(answered_at=None).order_by("raised_at", "pk")


def concern_list(user: Viewer, *, search: str = "", sort: str = "raised", only_open: bool = False) -> QuerySet[Concern]:
    """Return the concerns that fit, sorted; `sort` may start with a minus."""
    found = open_concerns(user) if only_open else concerns_visible_to(user)
    for word in escaped_terms(search):
        fields = ("words", "course__course_code", "course__name", "assessment__name", "student__name")
        found = found.filter(any_contains(word, *fields))
    found = found.order_by(*SORTS.get(sort.removeprefix("-"), SORTS["raised"]), "-pk")
    return found.reverse() if sort.startswith("-") else found


def concerns_beside(user: Viewer, pairs: Iterable[PairStatus]) -> dict[int, list[Concern]]:
    """Return by pair the open concerns about it, about its whole assessment or its course, in one query."""
    listed = list(pairs)
    about = open_concerns(user).filter(course__in={pair.course_id for pair in listed})
    by_course: defaultdict[int, list[Concern]] = defaultdict(list)
    for concern in about if listed else ():
        by_course[concern.course_id].append(concern)
    return {pair.pk: [one for one in by_course[pair.course_id] if _is_about(one, pair)] for pair in listed}


def open_concern_of_pair() -> Subquery:
    """Return the number of the oldest open question about a pair, for lists that have no query to spare."""
    about = Concern.objects.filter(
        Q(assessment=None) | Q(assessment=OuterRef("assessment")),
        Q(student=None) | Q(student=OuterRef("student")),
        course=OuterRef("course"),
        answered_at=None,
    )
    return Subquery(about.order_by("pk").values("pk")[:1])


def tell_concerns(user: Viewer, rows: Iterable[PairRow]) -> None:
    """Write into each row the open questions that stand beside its status, in one query."""
    listed = list(rows)
    beside = concerns_beside(user, [row.pair for row in listed])
    for row in listed:
        row.concerns = beside[row.pair.pk]


def _is_about(concern: Concern, pair: PairStatus) -> bool:
    same_assessment = concern.assessment_id in (None, pair.assessment_id)
    return same_assessment and concern.student_id in (None, pair.student_id)
