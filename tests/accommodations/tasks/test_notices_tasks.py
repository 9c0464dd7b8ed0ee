"""The loop of notices: each minute, before any course of a long queue, and harmless when it comes twice."""

import pytest
from kombu import Queue
from kombu.simple import SimpleQueue

from accommodations.celery import app
from accommodations.models import Notice
from accommodations.tasks import send_notice, sync_course, tend_notices
from tests.factories import make_user


def test_an_alert_does_not_wait_behind_the_courses_of_a_round(redis_url: str) -> None:
    with app.connection_for_write() as connection:
        queue = SimpleQueue(connection, Queue("of-this-test", routing_key="of-this-test"), serializer="json")
        for task in (sync_course, sync_course, tend_notices, sync_course):
            queue.put(task.name, priority=app.amqp.router.route({}, task.name).get("priority", 0))
        taken = [queue.get(timeout=5).payload for _ in range(4)]
        queue.clear()
        queue.close()
    assert taken == [tend_notices.name, *[sync_course.name] * 3]


@pytest.mark.django_db
def test_a_wake_up_that_comes_twice_does_nothing_the_second_time() -> None:
    director = make_user("director", email="d@university.example")
    notice = Notice.objects.create(kind="alert", status="sent", recipient=director, due_at="2020-01-01T00:00Z")
    for _ in range(2):
        tend_notices()
        send_notice(notice.pk)
    assert Notice.objects.get().status == "sent"
