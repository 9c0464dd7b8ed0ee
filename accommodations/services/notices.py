"""Digests: what was done is collected from the action log, each thing for those whom it concerns.

The log is the source, since it says what was done and nothing is missing from it. One row, the cursor, says how far
people have been told of it; it moves in the transaction that writes the items, so a crash tells nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accommodations.models import (
    ActionLogEntry,
    Alert,
    Assessment,
    Concern,
    Course,
    InstitutionSettings,
    LogHead,
    Notice,
    NoticeCursor,
    NoticeItem,
    PairStatus,
    Student,
)
from accommodations.planning.statuses import Reason
from accommodations.selectors.tellable import Teachers, accounts_of, teachers_of
from accommodations.services.notice_targets import Target, collecting

Event = NoticeItem.Event
MOST_ENTRIES = 2000
MOST_BY_HAND = 500
EVENT_OF_ACT = {
    "canvas.write.applied": Event.WRITE,
    "canvas.write.settled": Event.WRITE,
    "exception.recorded": Event.EXCEPTION,
    "exception.withdrawn": Event.EXCEPTION_OVER,
    "alert.raised": Event.DRIFT,
    "concern.answered": Event.ANSWER,
}
TOLD_TO_STUDENTS = frozenset({Event.WRITE, Event.EXCEPTION, Event.EXCEPTION_OVER})


@dataclass(frozen=True, slots=True)
class News:
    """One thing that was done, by row numbers. `only_to`: the one user whom it concerns."""

    event: Event
    student: int | None
    course: int
    assessment: int | None
    at: datetime
    only_to: int | None = None


@transaction.atomic
def collect(*, now: datetime) -> int:
    """Take what was logged since the last time into the digests of those concerned; return how many things it was."""
    NoticeCursor.objects.get_or_create(pk=1)
    cursor = NoticeCursor.objects.select_for_update().get(pk=1)
    institution = InstitutionSettings.current()
    head = LogHead.objects.filter(pk=1).first()
    end = head.sequence if head is not None else 0
    if not institution.sends_notices:
        _move(cursor, end)  # who turns notices on is told of what is done from then on
        return 0
    entries = list(_entries(cursor.sequence, end))
    if len(entries) == MOST_ENTRIES:
        end = entries[-1].sequence
    news = [*_known(_news_of(entry) for entry in entries), *_by_hand(now)]
    _hand_out(news, due_at=now + timedelta(minutes=institution.digest_minutes))
    _move(cursor, end)
    return len(news)


def _move(cursor: NoticeCursor, end: int) -> None:
    if cursor.sequence < end:
        cursor.sequence = end
        cursor.save(update_fields=["sequence"])


def _entries(after: int, end: int) -> Iterable[ActionLogEntry]:
    """Return the entries that tell somebody something; the head was read first, so none before `end` is still open."""
    rows = ActionLogEntry.objects.filter(sequence__gt=after, sequence__lte=end, act__in=EVENT_OF_ACT)
    rows = rows.exclude(~Q(outcome="applied"), act="canvas.write.settled")
    return rows.select_related("payload").order_by("sequence")[:MOST_ENTRIES]


def _news_of(entry: ActionLogEntry) -> News | None:
    event = EVENT_OF_ACT[entry.act]
    data = entry.payload.data if hasattr(entry, "payload") and isinstance(entry.payload.data, dict) else {}
    if entry.course_id_logged is None or (event is Event.DRIFT and data.get("kind") != Alert.Kind.DRIFT):
        return None
    only_to = None
    if event is Event.ANSWER:
        concern = int(data.get("concern") or 0)
        only_to = Concern.objects.filter(pk=concern).values_list("raised_by", flat=True).first()
        if only_to is None:
            return None
    elif entry.student_id_logged is None or (event is Event.WRITE and entry.assessment_id_logged is None):
        return None
    return News(
        event=event,
        student=entry.student_id_logged,
        course=entry.course_id_logged,
        assessment=entry.assessment_id_logged,
        at=entry.at,
        only_to=only_to,
    )


def _known(found: Iterable[News | None]) -> list[News]:
    """Return the news whose rows still stand: the log outlives what it names."""
    news = [one for one in found if one is not None]
    students = set(Student.objects.filter(pk__in={one.student for one in news}).values_list("pk", flat=True))
    courses = set(Course.objects.filter(pk__in={one.course for one in news}).values_list("pk", flat=True))
    assessments = set(Assessment.objects.filter(pk__in={one.assessment for one in news}).values_list("pk", flat=True))
    return [
        one
        for one in news
        if one.course in courses and one.student in students | {None} and one.assessment in assessments | {None}
    ]


def _by_hand(now: datetime) -> list[News]:
    """Return what an instructor has to give outside Canvas and was not told of yet: no write tells of it."""
    told = NoticeItem.objects.filter(
        event=Event.BY_HAND, student=OuterRef("student"), assessment=OuterRef("assessment")
    )
    pairs = PairStatus.objects.filter(
        ~Exists(told),
        Q(closes_at=None) | Q(closes_at__gt=now),
        status="blocked",
        reason=Reason.OUTSIDE_CANVAS,
        settled_at=None,
        is_granted=True,
    )
    rows = pairs.order_by("pk").values_list("student_id", "course_id", "assessment_id")[:MOST_BY_HAND]
    return [News(Event.BY_HAND, student, course, assessment, now) for student, course, assessment in rows]


def _hand_out(news: list[News], *, due_at: datetime) -> None:
    """Add each thing to the digests of those concerned; the same thing once more stands there once, with its time."""
    teachers = teachers_of((one.student, one.course) for one in news)
    students = Student.objects.in_bulk({one.student for one in news if one.student is not None})
    accounts = accounts_of(students.values())
    by_target: dict[Target, list[News]] = {}
    for one in news:
        for target in _targets(one, teachers):
            by_target.setdefault(target, []).append(one)
    for target, listed in by_target.items():
        account = accounts.get(target.student) if target.student is not None else None
        notice = collecting(target, recipient=account, due_at=due_at)
        add_items(notice, listed)


def _targets(one: News, teachers: Teachers) -> list[Target]:
    if one.only_to is not None:
        return [Target(recipient=one.only_to)]
    found = [Target(recipient=user.pk) for user in teachers.of((one.student, one.course))]
    found = found or [Target(course=one.course)]
    if one.event in TOLD_TO_STUDENTS and one.student is not None:
        found.append(Target(student=one.student))
    return found


def add_items(notice: Notice, news: Iterable[News]) -> None:
    """Add things to a digest. Two writes for one pair are one thing."""
    stored = {(row.event, row.student_id, row.course_id, row.assessment_id): row for row in notice.items.all()}
    for one in news:
        key = (one.event.value, one.student, one.course, one.assessment)
        if key in stored:
            continue
        stored[key] = NoticeItem(
            notice=notice,
            event=one.event,
            student_id=one.student,
            course_id=one.course,
            assessment_id=one.assessment,
            at=one.at,
        )
    NoticeItem.objects.bulk_create([row for row in stored.values() if row.pk is None], batch_size=500)
