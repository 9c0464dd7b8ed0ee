"""Notices as pages show them: which a person may read, who has not answered, who cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Aggregate, Count, F, Min, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from accommodations.models import Course, LetterRecord, Notice, NoticeItem, PairStatus
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.visibility import Viewer, is_of_taught_student, own_student, sees_all_students

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "when": (Coalesce("ended_at", "created_at").desc(),),
    "recipient": (F("recipient__last_name").asc(nulls_last=True), "recipient__first_name"),
    "status": ("status", "-created_at"),
    "answer": ("answer", "-created_at"),
}
VIEWS = ("all", "unanswered", "untold", "doubtful")
_WAITS: dict[str, tuple[Q, str]] = {
    "unanswered": (Q(kind=Notice.Kind.INSTRUCTOR, status=Notice.Status.SENT, answered_at=None), "ended_at"),
    "untold": (Q(status=Notice.Status.NO_ADDRESS), "created_at"),
    "doubtful": (Q(status__in=(Notice.Status.FAILED, Notice.Status.UNKNOWN)), "created_at"),
}
"""The views in which a notice waits for somebody: which do, and the field that says since when."""


def notices_visible_to(user: Viewer) -> QuerySet[Notice]:
    """Return all notices for the office and auditors, else those sent to the person."""
    notices = Notice.objects.select_related("recipient", "student", "course")
    return notices if sees_all_students(user) else notices.filter(recipient=user.pk)


def unanswered_notices(user: Viewer) -> QuerySet[Notice]:
    """Return the digests that went to instructors and that they have neither acknowledged nor objected to."""
    return _waiting(user, "unanswered")


def untold(user: Viewer) -> QuerySet[Notice]:
    """Return what nobody could be told, since there is no address."""
    return _waiting(user, "untold")


def doubtful_notices(user: Viewer) -> QuerySet[Notice]:
    """Return the notices that were refused, or of which nobody knows whether they arrived."""
    return _waiting(user, "doubtful")


def _waiting(user: Viewer, view: str) -> QuerySet[Notice]:
    waits, since = _WAITS[view]
    return notices_visible_to(user).filter(waits).order_by(since, "pk")


def notice_list(user: Viewer, *, search: str = "", sort: str = "when", view: str = "all") -> QuerySet[Notice]:
    """Return the notices that fit, sorted, with how many things each tells; `sort` may start with a minus."""
    found = {
        "all": notices_visible_to,
        "unanswered": unanswered_notices,
        "untold": untold,
        "doubtful": doubtful_notices,
    }[view if view in VIEWS else "all"](user)
    for word in escaped_terms(search):
        people = ("recipient__first_name", "recipient__last_name", "recipient__username", "student__name")
        found = found.filter(any_contains(word, *people, "course__course_code", "subject"))
    found = found.annotate(item_count=Count("items", distinct=True), reminder_count=Count("reminders", distinct=True))
    found = found.order_by(*SORTS.get(sort.removeprefix("-"), SORTS["when"]), "-pk")
    return found.reverse() if sort.startswith("-") else found


@dataclass(frozen=True, slots=True)
class Counted:
    """How many notices of one view there are, the row number of the first, and since when the oldest waits."""

    number: int
    first: int | None = None
    since: datetime | None = None


def counts(user: Viewer) -> dict[str, Counted]:
    """Return by view how many notices wait for somebody, in one query."""
    wanted: dict[str, Aggregate] = {}
    for view, (waits, since) in _WAITS.items():
        wanted[f"{view}_number"] = Count("pk", filter=waits)
        wanted[f"{view}_first"] = Min("pk", filter=waits)
        wanted[f"{view}_since"] = Min(since, filter=waits)
    found = notices_visible_to(user).aggregate(**wanted)
    return {view: Counted(*(found[f"{view}_{name}"] for name in ("number", "first", "since"))) for view in _WAITS}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing that a notice tells, and the pair as it stands now (None: nothing is left of it)."""

    item: NoticeItem
    pair: PairStatus | None


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The things of one course."""

    course: Course
    rows: list[ItemRow]


def item_groups(items: Sequence[NoticeItem]) -> list[ItemGroup]:
    """Return the things course by course, each with its pair; two queries at most, however many they are."""
    pairs = PairStatus.objects.filter(
        student__in={item.student_id for item in items}, assessment__in={item.assessment_id for item in items}
    ).select_related("student", "assessment", "course", "settled_by")
    by_key = {(pair.student_id, pair.assessment_id): pair for pair in pairs}
    groups: dict[int, ItemGroup] = {}
    for item in items:
        group = groups.setdefault(item.course_id, ItemGroup(item.course, []))
        group.rows.append(ItemRow(item, by_key.get((item.student_id or 0, item.assessment_id or 0))))
    return list(groups.values())


def items_visible_to(user: Viewer, notice: Notice) -> QuerySet[NoticeItem]:
    """Return what a notice tells, as far as the person may still know of it."""
    items = NoticeItem.objects.filter(notice=notice).select_related("student", "course", "assessment")
    if sees_all_students(user):
        return items
    if user.has_perm("accommodations.see_taught_students"):
        return items.filter(is_of_taught_student(user))
    student = own_student(user)
    return items.filter(student=student) if student else items.none()


def waiting_for_instructor(user: Viewer, course: Course | None = None) -> QuerySet[Notice]:
    """Return the digests that an instructor has not answered yet, of all courses or of one, newest first."""
    mine = Notice.objects.filter(recipient=user.pk, kind=Notice.Kind.INSTRUCTOR, status=Notice.Status.SENT)
    of_course = Q(items__course=course) if course is not None else None
    mine = mine.filter(answered_at=None).annotate(item_count=Count("items", filter=of_course))
    return mine.filter(item_count__gt=0).order_by("-pk")


def unconfirmed_letters(user: Viewer) -> QuerySet[LetterRecord]:
    """Return what instructors recorded from letters and the office has neither confirmed nor ended, oldest first."""
    if not sees_all_students(user):
        return LetterRecord.objects.none()
    # A draft waits on the page of approvals, as every other does.
    in_force = LetterRecord.objects.filter(confirmed_at=None, accommodation__status__in=("approved", "active"))
    of = ("student", "term", "course", "assessment", "recorded_by", "approved_by")
    waiting = in_force.select_related(*(f"accommodation__{name}" for name in of), "course", "recorded_by")
    return waiting.order_by("recorded_at", "pk")
