"""For whom a digest collects: an instructor, a student, or a course of which nobody can be told."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.models import Notice, NoticeItem
from accommodations.selectors.tellable import accounts_of, teachers_of

Kind, Status = Notice.Kind, Notice.Status


@dataclass(frozen=True, slots=True)
class Target:
    """Exactly one of the three, by row number: an instructor's account, a student, a course without instructors."""

    recipient: int | None = None
    student: int | None = None
    course: int | None = None


def collecting(target: Target, *, recipient: User | None, due_at: datetime) -> Notice:
    """Return the digest that collects for the target, begun where there is none. `recipient`: a student's account."""
    if target.course is not None:
        notice, _ = Notice.objects.get_or_create(
            kind=Kind.INSTRUCTOR,
            status=Status.NO_ADDRESS,
            recipient=None,
            course_id=target.course,
            defaults={"due_at": due_at},
        )
        return notice
    if target.student is not None:
        notice, _ = Notice.objects.get_or_create(
            kind=Kind.STUDENT,
            status=Status.COLLECTING,
            student_id=target.student,
            defaults={"due_at": due_at, "recipient": recipient},
        )
        return notice
    notice, _ = Notice.objects.get_or_create(
        kind=Kind.INSTRUCTOR,
        status=Status.COLLECTING,
        recipient_id=target.recipient,
        defaults={"due_at": due_at},
    )
    return notice


@transaction.atomic
def find_addresses(*, now: datetime) -> int:
    """Hand on what could not be told to those who can be told by now; return how many digests that was."""
    waiting = Notice.objects.select_for_update(of=("self",)).filter(status=Status.NO_ADDRESS, kind__in=Notice.DIGESTS)
    rows = list(waiting.select_related("recipient", "student").order_by("pk"))
    accounts = accounts_of(row.student for row in rows if row.student is not None)
    return sum(_hand_on(row, accounts, now) for row in rows)


def _hand_on(row: Notice, accounts: dict[int, User], now: datetime) -> bool:
    if row.kind == Kind.STUDENT:
        user = accounts.get(row.student_id or 0)
        return user is not None and bool(user.email) and _merged(row, Target(student=row.student_id), user, now)
    if row.recipient is not None:
        is_known = row.recipient.is_active and bool(row.recipient.email)
        return is_known and _merged(row, Target(recipient=row.recipient_id), None, now)
    return _to_new_teachers(row, now)


def _merged(row: Notice, target: Target, account: User | None, now: datetime) -> bool:
    notice = collecting(target, recipient=account, due_at=now)
    if account is not None and notice.recipient_id != account.pk:
        notice.recipient = account
        notice.save(update_fields=["recipient"])
    _move_items(row, notice)
    row.delete()
    return True


def _move_items(source: Notice, to: Notice) -> None:
    """Move what one digest tells to another, save what that one tells already."""
    known = {_key(item) for item in to.items.all()}
    new = [item.pk for item in source.items.all() if _key(item) not in known]
    source.items.filter(pk__in=new).update(notice=to)


def _key(item: NoticeItem) -> tuple[str, int | None, int, int | None]:
    return item.event, item.student_id, item.course_id, item.assessment_id


def _to_new_teachers(row: Notice, now: datetime) -> bool:
    """Give what a course's nobody collected to those who teach it now; what is nobody's yet stays."""
    items = list(row.items.all())
    teachers = teachers_of((item.student_id, item.course_id) for item in items)
    moved = False
    for item in items:
        users = teachers.of((item.student_id, item.course_id))
        for user in users:
            _copy(item, collecting(Target(recipient=user.pk), recipient=None, due_at=now))
        if users:
            item.delete()
            moved = True
    if moved and not row.items.exists():
        row.delete()
    return moved


def _copy(item: NoticeItem, notice: Notice) -> None:
    fields = {name: getattr(item, name) for name in ("event", "student_id", "course_id", "assessment_id")}
    NoticeItem.objects.get_or_create(notice=notice, **fields, defaults={"at": item.at})


def merge_into_untold(notice: Notice) -> Notice:
    """Keep one row for each person who cannot be told: later things go to the first one."""
    same = {"kind": notice.kind, "recipient": notice.recipient_id, "student": notice.student_id}
    first = Notice.objects.filter(status=Status.NO_ADDRESS, course=None, **same).exclude(pk=notice.pk).first()
    if first is None:
        notice.status = Status.NO_ADDRESS
        notice.save(update_fields=["status"])
        return notice
    _move_items(notice, first)
    notice.delete()
    return first
