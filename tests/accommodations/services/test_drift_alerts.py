"""Drift is repaired every time; from the third time on a person is alerted."""

import pytest

from accommodations.models import ActionLogEntry, Alert, Student
from accommodations.services.alerts import mark_seen
from tests.accommodations.services.conftest import University, give, sync_now, two_days_later
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def make_less(university: University) -> None:
    (override,) = university.overrides_of(university.ada, university.paper)
    override.due_at = university.paper.due_at


def test_drift_is_repaired_each_time_and_alerted_from_the_third_time_on(ada: Student, university: University) -> None:
    give(ada, two_days_later())
    (given,) = university.overrides_of(university.ada, university.paper)
    wanted = given.due_at
    for repairs, alerts in ((1, 0), (2, 0), (3, 1), (4, 1)):
        make_less(university)
        sync_now()
        (override,) = university.overrides_of(university.ada, university.paper)
        assert override.due_at == wanted
        assert ActionLogEntry.objects.filter(act="drift.repaired").count() == repairs
        assert Alert.objects.filter(seen_at=None).count() == alerts
    alert = Alert.objects.get()
    assert (alert.number, alert.student) == (4, ada)
    assert "4 times" in alert.message
    assert ActionLogEntry.objects.filter(act="alert.raised", student_id_logged=ada.pk).count() == 2
    mark_seen(alert=alert, seen_by=make_user())
    make_less(university)
    sync_now()
    assert Alert.objects.filter(seen_at=None).get().number == 5
