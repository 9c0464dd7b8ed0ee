"""Signs of life: alive, ready, and one word for each part that fails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.test import Client
from django.utils import timezone

from accommodations.services import health, readiness
from tests.factories import make_connection
from tests.services.processes import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_words_are_looked_up")]
Settings = Any


@pytest.fixture
def _words_are_looked_up(redis_url: str) -> Iterator[None]:
    readiness.forget_words()
    redis.Redis.from_url(redis_url).flushall()
    yield
    redis.Redis.from_url(redis_url).config_set("maxmemory-policy", "noeviction")


def test_b44_healthz_answers_a_stranger_without_any_data(client: Client) -> None:
    """A load balancer asks often, and nothing is looked up for it."""
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}


def test_b44_readyz_says_one_word_each_and_503_while_a_part_fails(client: Client) -> None:
    """Here no worker runs and no Canvas is connected."""
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": "ok",
        "redis": "ok",
        "budget": "ok",
        "worker": "silent",
        "beat": "silent",
        "canvas": "unconnected",
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_b07_signs_of_life_are_only_read(client: Client, path: str) -> None:
    """Nothing can be posted there, and nothing is kept by a cache on the way."""
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path)["Cache-Control"]


def test_f05_a_redis_that_is_down_is_unreachable(settings: Settings) -> None:
    """The page still answers."""
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert readiness.redis_word() == "unreachable"
    assert readiness.beat_word() == "silent"
    assert readiness.budget_word() == "alone"


def test_f05_a_redis_that_may_drop_messages_is_named(redis_url: str) -> None:
    """Messages must not be the price of memory."""
    redis.Redis.from_url(redis_url).config_set("maxmemory-policy", "allkeys-lru")
    assert readiness.redis_word() == "evicts"


def test_f09_a_recent_heartbeat_of_beat_counts_and_an_old_one_does_not(redis_url: str) -> None:
    """Beat that has stopped is seen within minutes, by Redis's clock: those of the machines may differ."""
    health.record_heartbeat()
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
        assert readiness.beat_word() == "ok"
    readiness.forget_words()
    client = redis.Redis.from_url(redis_url)
    client.set(health.BEAT_KEY, client.time()[0] - 300)
    assert readiness.beat_word() == "silent"


@pytest.mark.parametrize("stored", ["2026-11-22T09:00:00+00:00", ""])
def test_f29_a_heartbeat_of_another_release_is_none(stored: str, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).set(health.BEAT_KEY, stored)
    assert readiness.beat_word() == "silent"


def test_f15_a_refused_token_is_named() -> None:
    """Nothing is asked of Canvas with a token that it has refused."""
    make_connection(is_token_refused=True)
    assert readiness.canvas_word() == "refused"


def test_f10_a_canvas_that_does_not_answer_is_unreachable(settings: Settings) -> None:
    """One try, no retries: the next probe asks again."""
    host = f"127.0.0.1:{free_port()}"
    settings.ALLOWED_CANVAS_HOSTS = [host]
    make_connection(base_url=f"http://{host}")
    assert readiness.canvas_word() == "unreachable"


def test_words_are_kept_for_a_while_so_that_probes_stay_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often somebody asks, Canvas is asked at most every few seconds."""
    asked: list[int] = []
    kept = readiness._Kept(lambda: asked.append(1) or "ok", seconds=60)
    assert {kept.word() for _ in range(5)} == {"ok"}
    assert len(asked) == 1
