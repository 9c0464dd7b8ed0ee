"""A sync under the shared rate budget: put off while Canvas's rate limit holds, and carried to its end afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from accommodations.models import CanvasConnection, CourseSync, Student, SyncRun
from accommodations.services import accommodations, connections, sync_runs
from accommodations.services import rate_budget as budgets
from accommodations.services.rate_budget import RateBudget, state_of
from accommodations.services.rate_model import Lane
from accommodations.services.readiness import canvas_word
from accommodations.services.sync_runner import SyncResult, run_course_sync
from canvas_bridge.client.metering import RequestMeter
from tests.accommodations.services.conftest import TOKEN, University, statuses, time_and_a_half
from tests.factories import make_run, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_budget", "connection")]


@pytest.fixture
def rate_budget(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the budget be real."""
    monkeypatch.setattr(budgets, "_process", budgets._Process())
    yield
    redis.Redis.from_url(redis_url).flushall()


def queued(student: Student) -> int:
    """Record time and a half, find its courses, and return the course sync that waits for a worker."""
    _, run = accommodations.record_accommodations(
        student=student, recorded_by=make_user(), values=[time_and_a_half()], reads_before_applying=False
    )
    assert run is not None
    (course_sync_id,) = sync_runs.prepare_run(run.pk)
    return course_sync_id


def refuse() -> None:
    """Let Canvas have refused a request of this token a moment ago."""
    budget = RateBudget(TOKEN, lane=Lane.BACKGROUND)
    budget.before_request()
    budget.on_answer(RequestMeter("/", "GET", 403, None, 0.0, 0.1, 0, 20.0))


def test_f13_a_course_that_finds_no_room_is_put_off_and_reaches_its_grant_later(
    ada: Student, university: University, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent meanwhile, nothing is lost, and the row says when it goes on."""
    course_sync_id = queued(ada)
    refuse()
    monkeypatch.setattr(connections, "PATIENCE_SECONDS", 0.0)
    assert run_course_sync(course_sync_id) is SyncResult.WAITING
    row = CourseSync.objects.get(pk=course_sync_id)
    assert (row.status, row.tries, university.writes) == (CourseSync.Status.QUEUED, 1, [])
    assert row.next_try_at is not None
    assert row.next_try_at > timezone.now()

    redis.Redis.from_url(redis_url).flushall()
    budgets._process.alone.clear()
    CourseSync.objects.filter(pk=course_sync_id).update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert run_course_sync(course_sync_id) is SyncResult.ENDED
    assert statuses()["ada", "Midterm"] in {"read_back", "accepted"}


def test_every_request_of_a_sync_goes_through_the_budget_and_gives_its_slot_back(ada: Student, redis_url: str) -> None:
    run_course_sync(queued(ada))
    counted = budgets.counters()
    assert counted is not None
    assert sum(number for key, number in counted.items() if key[0] == "requests" and key[1] != "GET") >= 1
    assert not [key for key in counted if key[0] == "requests" and any(part.isdigit() for part in key[2].split("/"))]
    state = state_of(TOKEN)
    assert state is not None
    assert state.in_flight == 0


@pytest.mark.parametrize(
    ("trigger", "lane"),
    [
        (SyncRun.Trigger.EXAMS, Lane.URGENT),
        (SyncRun.Trigger.CHANGE, Lane.URGENT),
        (SyncRun.Trigger.PERSON, Lane.URGENT),
        (SyncRun.Trigger.UNDO, Lane.URGENT),
        (SyncRun.Trigger.HOURLY, Lane.BACKGROUND),
        (SyncRun.Trigger.NIGHTLY, Lane.BACKGROUND),
        (SyncRun.Trigger.FIRST, Lane.BACKGROUND),
    ],
)
def test_exams_changes_and_people_go_before_the_rounds(trigger: str, lane: Lane) -> None:
    assert connections.lane_of(make_run(trigger=trigger)) is lane


def test_f13_a_throttled_token_does_not_make_canvas_look_away(connection: CanvasConnection) -> None:
    """Readiness: Canvas answers and knows the token, so traffic need not be taken from this server."""
    refuse()
    assert canvas_word() == "ok"
