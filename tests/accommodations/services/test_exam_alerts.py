"""What a sync finds of an exam that was, or may be, taken without what was approved reaches a director."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AbstractUser

from accommodations.models import ActionLogEntry, Alert, Notice, Student
from accommodations.services.director_alerts import tend_alerts
from tests.accommodations.services.conftest import (
    University,
    give,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> AbstractUser:
    return make_user("director", username="dina", email="dina@university.example")


def told_to(director: AbstractUser) -> list[str]:
    """Look at what stands, as each minute, and return what the director's mails are about."""
    tend_alerts(now=datetime.now(UTC))
    alerts = Notice.objects.filter(kind=Notice.Kind.ALERT, recipient=director, status=Notice.Status.QUEUED)
    return list(alerts.order_by("pk").values_list("event", flat=True))


def test_q09_what_was_taken_uncovered_is_missed_with_the_next_look_and_a_director_is_told(
    ada: Student, university: University, director: AbstractUser
) -> None:
    give(ada, time_and_a_half())
    assert told_to(director) == []
    now = datetime.now(UTC)
    quiz = university.state.add_quiz(
        university.course,
        "Pop quiz",
        time_limit=20,
        allowed_attempts=1,
        unlock_at=now - timedelta(minutes=40),
        lock_at=now + timedelta(hours=3),
    )
    attempt = university.state.start_attempt(quiz, university.ada, started_at=now - timedelta(minutes=35))
    university.state.complete_attempt(attempt, finished_at=now - timedelta(minutes=15))
    sync_now()
    assert statuses()[("ada", "Pop quiz")] == "begun"
    assert told_to(director) == ["missed"]


@pytest.mark.parametrize(("opens", "alerts"), [(timedelta(hours=1), 1), (timedelta(hours=3), 0)])
def test_r12_an_unlock_that_we_copied_and_the_class_moved_later_is_told_where_it_may_have_been_seen(
    opens: timedelta, alerts: int, ada: Student, university: University, director: AbstractUser
) -> None:
    copied = (datetime.now(UTC) + opens).replace(microsecond=0)
    university.paper.unlock_at = copied
    give(ada, two_days_later())
    (override,) = university.overrides_of(university.ada, university.paper)
    assert override.unlock_at == copied
    university.paper.unlock_at = copied + timedelta(days=3)
    sync_now()
    (override,) = university.overrides_of(university.ada, university.paper)
    assert override.unlock_at == university.paper.unlock_at
    assert Alert.objects.filter(kind=Alert.Kind.EARLY_UNLOCK, student=ada).count() == alerts
    assert ActionLogEntry.objects.filter(act="alert.raised", student_id_logged=ada.pk).count() == alerts
    assert told_to(director) == ["early_unlock"] * alerts
