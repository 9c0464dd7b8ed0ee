"""The small campus of the reading pages with people who can be written to, and mail that stays in memory."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test.client import Client

from accommodations.models import InstitutionSettings, Notice, NoticeItem
from accommodations.services import mailing, notice_closing, notices
from tests.accommodations.views_a.conftest import Campus, as_role
from tests.accommodations.views_a.conftest import campus as campus_without_addresses

__all__ = ["as_role", "campus_without_addresses"]


@pytest.fixture
def campus(campus_without_addresses: Campus) -> Campus:
    """Return the small campus; everybody has an address."""
    for role, user in campus_without_addresses.users.items():
        user.email = f"{role}@university.example"
        user.save()
    return campus_without_addresses


def later(minutes: int = 2000) -> datetime:
    """Return an instant at which every digest that collects now is due."""
    return datetime.now(UTC) + timedelta(minutes=minutes)


def tend(*, is_due: bool = True, minutes: int = 2000) -> list[Notice]:
    """Do what beat does once, and return what was sent, oldest first."""
    notices.collect(now=datetime.now(UTC))
    notice_closing.close_due(now=later(minutes) if is_due else datetime.now(UTC))
    Notice.objects.filter(status=Notice.Status.QUEUED, due_at__gt=datetime.now(UTC)).update(due_at=datetime.now(UTC))
    sent = [mailing.send(pk) for pk in mailing.due_notices(now=later(minutes))]
    return [one for one in sent if one is not None]


@pytest.fixture
def told(campus: Campus) -> Callable[[], Notice]:
    """Return a function that gives a digest which the instructor was sent, about Amara's Quiz 8."""

    def make() -> Notice:
        notice = Notice.objects.create(
            kind=Notice.Kind.INSTRUCTOR,
            status=Notice.Status.SENT,
            recipient=campus.users["instructor"],
            address="instructor@university.example",
            subject="Your Canvas courses: what was done",
            body="BIO 101",
            due_at=datetime.now(UTC),
            ended_at=datetime.now(UTC),
        )
        NoticeItem.objects.create(
            notice=notice,
            event=NoticeItem.Event.WRITE,
            what=NoticeItem.What.NEW,
            student=campus.amara,
            course=campus.own,
            assessment=campus.quiz,
            at=datetime.now(UTC),
        )
        return notice

    return make


def institution(**fields: object) -> InstitutionSettings:
    """Change the institution's settings."""
    row = InstitutionSettings.current()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


SignIn = Callable[[str], Client]
