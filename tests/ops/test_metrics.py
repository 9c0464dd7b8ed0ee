"""Metrics for named callers: figures of the database and of the rate budget, nothing about a person."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accommodations.models import Alert, CourseSync, SyncRun
from accommodations.planning.statuses import Reason
from accommodations.services import action_log, metrics, rate_budget
from accommodations.services.rate_budget import RateBudget
from accommodations.services.rate_model import Lane
from canvas_bridge.client.metering import RequestMeter
from tests.factories import (
    make_assessment,
    make_connection,
    make_course,
    make_course_sync,
    make_pair,
    make_run,
    make_student,
)
from tests.services.processes import free_port

pytestmark = pytest.mark.django_db
Settings = Any
TOKEN = "a-token-of-the-monitoring-0123456789abcdef"
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?\d+(\.\d+)?')


@pytest.fixture(autouse=True)
def _named_caller(settings: Settings, redis_url: str) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    yield
    redis.Redis.from_url(redis_url).flushall()


def samples() -> dict[str, float]:
    """Return the page's samples by name and labels."""
    lines = metrics.exposition(now=timezone.now()).splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_b44_without_a_token_set_there_is_no_such_page(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    answer = client.get("/metrics", headers={"authorization": "Bearer "})
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_b44_a_stranger_gets_no_data_and_no_versions(client: Client, sent: str | None) -> None:
    answer = client.get("/metrics", headers={} if sent is None else {"authorization": sent})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_named_caller_gets_the_text_format(client: Client) -> None:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    lines = answer.content.decode().splitlines()
    assert [line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) > 12


def test_b07_metrics_are_only_read(client: Client) -> None:
    assert client.post("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_ages_and_counts_come_from_the_status_table() -> None:
    now = timezone.now()
    quiz = make_assessment(make_course())
    soon = {"is_exam": True, "opens_at": now + timedelta(hours=3)}
    make_pair(make_student(), quiz, reason=Reason.PLANNED, since=now - timedelta(hours=2), **soon)
    make_pair(make_student(), quiz, reason=Reason.REFUSED, **soon)
    make_pair(make_student(), quiz, reason=Reason.READ_BACK, **soon)
    make_pair(make_student(), quiz, reason=Reason.CLOSED, since=now - timedelta(days=9), is_exam=True)
    make_pair(make_student(), quiz, reason=Reason.RUNNING_ATTEMPT_SHORT, opens_at=now - timedelta(minutes=5))
    found = samples()
    assert found['leeway_oldest_unapplied_grant_seconds{status="waiting"}'] == pytest.approx(7200, abs=30)
    assert found['leeway_unapplied_grants{status="failed"}'] == 2
    assert 'leeway_unapplied_grants{status="missed"}' not in found
    assert found["leeway_exams_at_risk"] == 1
    assert found["leeway_grants_at_risk"] == 2
    assert found["leeway_next_exam_at_risk_seconds"] == pytest.approx(10800, abs=30)
    assert found["leeway_running_attempts_short"] == 1


def test_without_an_exam_at_risk_nothing_says_that_it_opens_now() -> None:
    assert "leeway_next_exam_at_risk_seconds" not in samples()


def test_the_queues_age_is_that_of_the_oldest_work_that_is_due() -> None:
    now = timezone.now()
    run = make_run(are_courses_known=True, status=SyncRun.Status.RUNNING)
    SyncRun.objects.filter(pk=run.pk).update(requested_at=now - timedelta(minutes=10))
    make_course_sync(run, make_course(), next_try_at=now + timedelta(minutes=5))
    assert samples()["leeway_queue_age_seconds"] == 0
    make_course_sync(run, make_course())
    make_course_sync(run, make_course(), status=CourseSync.Status.APPLYING)
    found = samples()
    assert found["leeway_queue_age_seconds"] == pytest.approx(600, abs=30)
    assert (found["leeway_course_syncs_waiting"], found["leeway_course_syncs_at_work"]) == (2, 1)
    assert found['leeway_sync_runs{trigger="hourly",status="running"}'] == 1


def test_drift_alerts_and_the_logs_length_are_counted() -> None:
    student, quiz = make_student(), make_assessment(make_course())
    before = samples()["leeway_action_log_entries"]
    action_log.record(act="drift.repaired", student=student)
    Alert.objects.create(
        kind=Alert.Kind.DRIFT, student=student, assessment=quiz, course=quiz.course, raised_at=timezone.now()
    )
    found = samples()
    assert found["leeway_drift_repaired_total"] == 1
    assert found["leeway_action_log_entries"] == before + 1
    assert found['leeway_alerts_open{kind="drift"}'] == 1
    assert found['leeway_alerts_open{kind="early_unlock"}'] == 0


def test_requests_are_counted_over_all_workers_by_endpoint_and_status(rate_budget: None) -> None:
    connection = make_connection()
    for status, throttled in ((200, None), (403, 20.0)):
        budget = RateBudget(connection.token, lane=Lane.URGENT)
        budget.before_request()
        cost = None if throttled else 0.25
        budget.on_answer(RequestMeter("/api/v1/courses/:id", "GET", status, cost, 590.0, 0.1, 1, throttled))
    found = samples()
    assert found['leeway_canvas_requests_total{method="GET",endpoint="/api/v1/courses/:id",status="200"}'] == 1
    assert found['leeway_canvas_cost_total{method="GET",endpoint="/api/v1/courses/:id",status="200"}'] == 0.25
    assert found['leeway_canvas_requests_total{method="GET",endpoint="/api/v1/courses/:id",status="403"}'] == 1
    assert found['leeway_canvas_retries_total{method="GET",endpoint="/api/v1/courses/:id"}'] == 2
    assert found['leeway_throttle_refusals_total{lane="urgent"}'] == 1
    assert found['leeway_throttle_refused_seconds_total{lane="urgent"}'] == 20
    assert found["leeway_budget_shared"] == 1
    assert 0 < found["leeway_budget_frozen_seconds"] <= 20


@pytest.fixture(name="rate_budget")
def _real_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_budget, "_process", rate_budget._Process())


def test_f05_without_redis_the_page_says_so_and_tells_the_rest(settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    found = samples()
    assert found["leeway_budget_shared"] == 0
    assert "leeway_budget_level" not in found
    assert "leeway_exams_at_risk" in found


def test_i7_no_name_no_id_and_no_token_is_told(client: Client) -> None:
    connection = make_connection()
    course = make_course(name="Botany of Named Plants")
    student = make_student(name="Amara Nwosu")
    make_pair(student, make_assessment(course, name="Named Midterm"), reason=Reason.PLANNED, is_exam=True)
    page = metrics.exposition(now=timezone.now())
    told = ("Amara", "Nwosu", "Botany", "Midterm", student.sis_user_id, connection.token, connection.base_url)
    assert [one for one in told if one in page] == []


def test_q06_the_page_takes_at_most_twelve_queries_whatever_there_is(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    course = make_course()
    for _ in range(5):
        make_pair(make_student(), make_assessment(course), reason=Reason.PLANNED, is_exam=True)
        make_course_sync(make_run(), course)
    with django_assert_max_num_queries(12):
        metrics.exposition(now=timezone.now())
