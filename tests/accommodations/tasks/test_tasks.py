"""Tasks wake services: what they send, when they come again, and what the schedule holds."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
from celery import Celery, Task
from celery.signals import before_task_publish
from django.utils import timezone
from kombu import Queue
from kombu.simple import SimpleQueue
from pytest_django import DjangoCaptureOnCommitCallbacks

from accommodations import tasks
from accommodations.celery import app
from accommodations.models import CanvasConnection, Course, CourseLease, CourseSync, PairStatus, Student, SyncRun
from accommodations.services import accommodations, health, sync_runs, waking
from accommodations.services.operations import interval_of
from accommodations.tasks.base import LeewayTask
from tests.accommodations.services.conftest import University, in_days, statuses, time_and_a_half
from tests.days import TODAY
from tests.factories import make_course, make_enrollment, make_user

pytestmark = pytest.mark.django_db
Sent = tuple[str, tuple[Any, ...], float | None]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> deque[Sent]:
    """Catch what is sent, in place of Redis."""
    sent: deque[Sent] = deque()

    def apply_async(task: Task, args: Any = None, kwargs: Any = None, countdown: float | None = None, **_: Any) -> None:
        sent.append((task.name.rsplit(".", 1)[-1], tuple(args or ()), countdown))

    monkeypatch.setattr(Task, "apply_async", apply_async)
    return sent


def work(queue: deque[Sent]) -> Iterator[str]:
    """Do what is queued, as a worker would, until nothing is left; yield the names."""
    while queue:
        name, arguments, _ = queue.popleft()
        yield name
        getattr(tasks, name)(*arguments)


def record(student: Student) -> SyncRun:
    _, run = accommodations.record_accommodation(
        student=student, recorded_by=make_user(), values=time_and_a_half(), reads_before_applying=False
    )
    assert run is not None
    return run


def test_a_recorded_change_runs_from_message_to_message_into_canvas(
    ada: Student, university: University, queue: deque[Sent]
) -> None:
    tasks.prepare_sync_run.delay(record(ada).pk)
    assert list(work(queue)) == ["prepare_sync_run", "sync_course"]
    assert university.extra_time_of(university.ada) == (30, 0)


def test_f04_a_message_is_sent_only_after_the_commit(
    ada: Student, queue: deque[Sent], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = record(ada)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.prepare_sync_run.delay_on_commit(run.pk)
        assert not queue
    assert [name for name, _, _ in queue] == ["prepare_sync_run"]


def test_f04_a_task_without_a_mark_does_nothing(connection: CanvasConnection, university: University) -> None:
    tasks.prepare_sync_run(4711)
    tasks.sync_course(4711)
    assert university.requests == []


def test_f08_a_busy_course_is_come_back_to(ada: Student, university: University, queue: deque[Sent]) -> None:
    [course_sync_id] = sync_runs.prepare_run(record(ada).pk)
    course = CourseSync.objects.get(pk=course_sync_id).course
    CourseLease.objects.create(course=course, holder="alive", expires_at=timezone.now() + timedelta(seconds=30))
    tasks.sync_course(course_sync_id)
    [(name, arguments, countdown)] = queue
    assert (name, arguments) == ("sync_course", (course_sync_id,))
    assert countdown is not None
    assert 5 < countdown <= 30


def test_the_sweep_delivers_what_was_lost_and_no_more(ada: Student, university: University, queue: deque[Sent]) -> None:
    run = record(ada)
    SyncRun.objects.update(requested_at=timezone.now() - timedelta(minutes=2))
    tasks.sweep()
    assert list(queue) == [("prepare_sync_run", (run.pk,), None)]
    queue.clear()
    sync_runs.prepare_run(run.pk)
    tasks.sweep()
    assert not queue
    CourseSync.objects.update(woken_at=timezone.now() - timedelta(minutes=2))
    tasks.sweep()
    assert [name for name, _, _ in queue] == ["sync_course"]
    list(work(queue))
    assert statuses()[("ada", "Midterm")] == "read_back"
    tasks.sweep()
    assert not queue


def test_rounds_queue_the_courses_that_they_are_for(
    ada: Student,
    university: University,
    queue: deque[Sent],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    tasks.prepare_sync_run.delay(record(ada).pk)
    list(work(queue))
    make_enrollment(ada, make_course(ends_at=datetime.now(UTC) - timedelta(days=90)))

    with django_capture_on_commit_callbacks(execute=True):
        tasks.request_exams()
    assert not queue, "the exam is five days away"
    PairStatus.objects.update(is_exam=True, opens_at=in_days(1), closes_at=in_days(1.1))
    for task in (tasks.request_exams, tasks.request_hourly, tasks.request_nightly):
        with django_capture_on_commit_callbacks(execute=True):
            task()
        list(work(queue))
    runs = {run.trigger: run for run in SyncRun.objects.exclude(trigger="change")}
    assert set(runs) == {"exams", "hourly", "nightly"}
    assert {run.status for run in runs.values()} == {"done"}
    assert [row.course.name for run in runs.values() for row in run.course_syncs.all()] == ["Botany"] * 3


def test_f09_a_round_is_not_begun_while_the_last_one_runs(ada: Student, university: University) -> None:
    record(ada)
    for _ in range(2):
        tasks.request_hourly()
    assert SyncRun.objects.filter(trigger="hourly").count() == 1


def test_f05_f07_f09_a_nightly_round_that_nothing_came_of_is_begun_by_the_sweep(
    ada: Student,
    university: University,
    queue: deque[Sent],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Its message was lost, or the database was away when it came; beat sends the next one a day later."""
    record(ada)
    nightly = SyncRun.objects.filter(trigger="nightly")

    def sweep_after(hours: int) -> int:
        nightly.update(requested_at=datetime.now(UTC) - timedelta(hours=hours))
        with django_capture_on_commit_callbacks(execute=True):
            tasks.sweep()
        list(work(queue))
        return nightly.count()

    assert sweep_after(0) == 0, "the first one is the schedule's"
    tasks.request_nightly()
    assert sweep_after(24) == 1
    assert sweep_after(26) == 2
    assert set(nightly.values_list("status", flat=True)) == {"done"}
    tasks.sweep()
    assert nightly.count() == 2


def test_no_round_begins_with_a_refused_token(ada: Student, university: University) -> None:
    CanvasConnection.objects.update(is_token_refused=True)
    for task in (tasks.request_exams, tasks.request_hourly, tasks.request_nightly):
        task()
    assert not SyncRun.objects.exists()


def test_what_ran_out_is_expired_and_its_courses_are_woken(
    ada: Student,
    university: University,
    queue: deque[Sent],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    accommodations.record_accommodation(
        student=ada,
        recorded_by=make_user(),
        values=time_and_a_half(effective_from=TODAY - timedelta(days=9), effective_until=TODAY - timedelta(days=3)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        tasks.expire_accommodations()
    assert [name for name, _, _ in queue] == ["prepare_sync_run"]


@pytest.mark.parametrize("entry", sorted(app.conf.beat_schedule))
def test_each_entry_of_the_schedule_names_a_task(entry: str) -> None:
    app.loader.import_default_modules()
    assert app.conf.beat_schedule[entry]["task"] in app.tasks


INTERVALS = {
    "heartbeat": timedelta(seconds=15),
    "sweep": timedelta(seconds=30),
    "acts": timedelta(minutes=1),
    "log-checks": timedelta(minutes=1),
    "notices": timedelta(minutes=1),
    "exams": timedelta(minutes=15),
    "hourly": timedelta(hours=1),
    "hourly-addresses": timedelta(hours=1),
    "daily-expiry": timedelta(hours=6),  # so that none waits a day where beat was away at the minute
    "nightly": timedelta(days=1),
    "daily-log-check": timedelta(days=1),
    "daily-coverage": timedelta(days=1),
    "daily-imports": timedelta(days=1),
}


def test_the_schedule_is_that_of_the_product() -> None:
    assert {entry: interval_of(entry) for entry in app.conf.beat_schedule} == INTERVALS


def test_messages_of_the_schedule_that_piled_up_are_done_once(redis_url: str) -> None:
    """F06: as after a night without a worker. One that is sent later, or handed out again, is done."""
    done, task, sent = [], *a_task_of_the_schedule()

    def receive(number: int, *, is_again: bool = False) -> None:
        task.push_request(id=f"message-{number}", number=number, delivery_info={"redelivered": is_again})
        done.append(task())
        task.pop_request()

    for number in [sent() for _ in range(50)]:
        receive(number)
    assert done == ["done", *[None] * 49]
    receive(50, is_again=True)
    receive(sent())
    assert done[50:] == ["done", "done"]


@pytest.mark.parametrize("is_noted_after", [False, True], ids=["taken before", "at work meanwhile"])
def test_f05_messages_after_a_flush_are_done_though_their_numbers_begin_anew(
    is_noted_after: bool, redis_url: str
) -> None:
    """Else no sweep would be done until as many were sent as before: days."""
    task, sent = a_task_of_the_schedule()
    client = redis.Redis.from_url(redis_url)
    before = [sent() for _ in range(50)][-1]
    client.flushall()
    if is_noted_after:
        client.set(f"leeway:schedule:done:{task.name}", before)

    def receive(number: int) -> Any:
        task.push_request(id="message", number=number, delivery_info={})
        try:
            return task()
        finally:
            task.pop_request()

    assert receive(before) == "done"
    assert [receive(sent()) for _ in range(5)] == ["done"] * 5
    assert receive(5) is None


def a_task_of_the_schedule() -> tuple[Any, Callable[[], int]]:
    """Return a task, and what gives its next message a number as beat does when it sends."""
    app_of_test = Celery("scheduled", set_as_current=False)
    name = f"scheduled-{uuid4()}"
    headers: dict[str, Any] = {"is_of_schedule": True}

    def sent() -> int:
        before_task_publish.send(sender=name, headers=headers)
        return int(headers["number"])

    def work() -> str:
        return "done"

    return app_of_test.task(base=LeewayTask, name=name)(work), sent


def test_every_message_of_the_schedule_is_numbered() -> None:
    assert all(entry["options"]["headers"]["is_of_schedule"] for entry in app.conf.beat_schedule.values())


def test_the_heartbeat_is_seen(db: None) -> None:
    tasks.heartbeat()
    age = health.heartbeat_age_seconds()
    assert age is not None
    assert age < 5


def test_without_redis_the_heartbeat_is_unknown(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert health.heartbeat_age_seconds() is None


def test_f03_a_message_that_has_ended_three_workers_is_dropped(redis_url: str) -> None:
    """Celery hands a message out again when its worker dies over it, for as long as it does."""
    done = []

    def work() -> None:
        done.append(1)

    task = Celery("deadly", set_as_current=False).task(base=LeewayTask, name="deadly")(work)
    for is_again in (False, True, True, True, True):
        task.push_request(id=f"message-{redis_url}", delivery_info={"redelivered": is_again})
        task()
        task.pop_request()
    assert len(done) == 3


def test_a_recorded_change_and_exams_overtake_the_courses_of_a_round_and_the_nightly_comes_last(
    ada: Student, university: University, redis_url: str, django_assert_num_queries: Any
) -> None:
    """Queued in the order nightly, hourly, exams, change; taken from a real Redis in the order of who waits."""
    course = Course.objects.get()
    triggers = (SyncRun.Trigger.NIGHTLY, SyncRun.Trigger.HOURLY, SyncRun.Trigger.EXAMS, SyncRun.Trigger.CHANGE)
    rows = {}
    for trigger in triggers:
        run = sync_runs.request_sync_run(trigger=trigger, courses=[course])
        [rows[trigger]] = sync_runs.prepare_run(run.pk) or run.course_syncs.values_list("pk", flat=True)
    with django_assert_num_queries(1):
        places = waking.in_order_of_urgency(rows.values())
    assert [pk for pk, _ in places] == [rows[one] for one in ("exams", "change", "hourly", "nightly")]
    priorities = dict(places)
    with app.connection_for_write() as connection:
        queue = SimpleQueue(connection, Queue("of-that-test", routing_key="of-that-test"), serializer="json")
        for trigger in triggers:
            queue.put(str(trigger), priority=priorities[rows[trigger]])
        taken = [queue.get(timeout=5).payload for _ in triggers]
        queue.clear()
        queue.close()
    assert taken == ["exams", "change", "hourly", "nightly"]


def test_what_was_never_delivered_is_swept_up_in_the_order_of_who_waits(
    ada: Student, university: University, queue: deque[Sent]
) -> None:
    """Of more lost messages than one sweep sends, those that people wait for go first."""
    long_ago = timezone.now() - timedelta(hours=1)
    for trigger in (SyncRun.Trigger.NIGHTLY, SyncRun.Trigger.CHANGE):
        run = sync_runs.request_sync_run(trigger=trigger, courses=[Course.objects.get()])
        sync_runs.prepare_run(run.pk)
    CourseSync.objects.update(woken_at=long_ago)
    tasks.sweep()
    sent = [arguments[0] for name, arguments, _ in queue if name == "sync_course"]
    assert [CourseSync.objects.get(pk=pk).run.trigger for pk in sent] == ["change", "nightly"]
