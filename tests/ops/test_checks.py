"""Start-up checks: what must never be served does not start."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.core.exceptions import ImproperlyConfigured

from accommodations import checks
from accommodations.celery import app
from tests.services.processes import ROOT, free_port

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "a-long-random-text-of-a-production-server-0123456789-abcdefgh",
    "LEEWAY_ENCRYPTION_KEYS": "cHJvZHVjdGlvbi1vbmx5LXByb2R1Y3Rpb24tb25seTE=",
    "LEEWAY_TITLE_KEY": "a-title-key-of-a-production-server",
    "ALLOWED_HOSTS": "leeway.example.edu",
    "DATABASE_URL": "sqlite:////tmp/leeway-never-opened.sqlite3",
}
Settings = Any


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Return settings under which a production server starts."""
    settings.DEMO = settings.DEBUG = False
    settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]
    settings.LEEWAY_ENCRYPTION_KEYS = [PRODUCTION["LEEWAY_ENCRYPTION_KEYS"]]
    settings.LEEWAY_TITLE_KEY = PRODUCTION["LEEWAY_TITLE_KEY"]
    settings.ALLOWED_HOSTS = ["leeway.example.edu"]
    settings.LEEWAY_SENDS_MAIL = False
    return settings


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with the production environment and what differs from it."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**PRODUCTION, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_b45_check_deploy_finds_nothing_with_production_settings() -> None:
    """Django's own deployment checks and ours agree."""
    result = manage("check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, 0),
        ({"EMAIL_URL": ""}, 0),
        ({"MAIL_FROM": "Leeway <leeway@example.edu>", "LEEWAY_URL": "https://leeway.example.edu"}, 0),
        ({"MAIL_FROM": "Leeway <leeway@example.edu>", "LEEWAY_URL": "http://leeway.example.edu"}, 1),
        ({"LEEWAY_URL": "https://leeway.example.edu"}, 1),
    ],
    ids=["no mail", "empty", "right", "plain links", "no sender"],
)
def test_a_mail_server_needs_a_sender_and_links_that_lead_somewhere(environment: dict[str, str], code: int) -> None:
    server = {"EMAIL_URL": "smtp+tls://leeway:secret-of-mail@mail.example.edu:587"} if environment else {}
    result = manage("check", "--deploy", "--fail-level", "WARNING", **server | environment)
    assert result.returncode == code, result.stderr
    assert ("leeway.E020" in result.stderr) == bool(code)
    assert "secret-of-mail" not in result.stdout + result.stderr


def test_b43_a_web_server_without_secrets_does_not_start() -> None:
    """The WSGI entry point itself refuses: gunicorn runs no Django check."""
    script = "import accommodations.wsgi"
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": PRODUCTION["DATABASE_URL"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    for code in ("leeway.E001", "leeway.E002", "leeway.E004"):
        assert code in result.stderr


@pytest.mark.parametrize("role", ["worker", "beat"])
def test_b43_a_celery_process_without_secrets_ends_at_once(role: str, tmp_path: object) -> None:
    """Celery would log an exception of a start-up handler and go on; ours ends the process."""
    result = subprocess.run(
        [sys.executable, "-m", "celery", "--app", "accommodations", role],
        cwd=str(tmp_path),
        env={"PATH": os.environ["PATH"], "DATABASE_URL": PRODUCTION["DATABASE_URL"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "leeway.E001" in result.stdout + result.stderr


def test_b43_good_settings_start(production: Settings) -> None:
    """The checks let a sound installation through."""
    checks.refuse_unsafe_start()


Change = Callable[[Settings], None]


def changed(**values: object) -> Change:
    """Return a function that changes settings."""

    def change(settings: Settings) -> None:
        for name, value in values.items():
            setattr(settings, name, value)

    return change


UNSAFE = {
    "a known SECRET_KEY": ("leeway.E001", changed(SECRET_KEY="insecure-key-for-tools-only-never-for-serving")),
    "a short SECRET_KEY": ("leeway.E001", changed(SECRET_KEY="short")),
    "no encryption key": ("leeway.E002", changed(LEEWAY_ENCRYPTION_KEYS=[])),
    "the published encryption key": (
        "leeway.E002",
        changed(LEEWAY_ENCRYPTION_KEYS=["bGVld2F5LWluc2VjdXJlLWtleS1mb3ItdG9vbHMtISE="]),
    ),
    "an encryption key that is none": ("leeway.E003", changed(LEEWAY_ENCRYPTION_KEYS=["secret-but-no-key"])),
    "a title key equal to the SECRET_KEY": ("leeway.E004", changed(LEEWAY_TITLE_KEY=PRODUCTION["SECRET_KEY"])),
    "the demo with a real Canvas": (
        "leeway.E005",
        changed(DEMO=True, CANVAS_BASE_URL="https://canvas.example.edu", ALLOWED_CANVAS_HOSTS=["canvas.example.edu"]),
    ),
    "the demo with a host that is not named": (
        "leeway.E005",
        changed(DEMO=True, CANVAS_BASE_URL="http://127.0.0.1:9000", ALLOWED_CANVAS_HOSTS=["127.0.0.1:9001"]),
    ),
    "DEBUG for other machines": ("leeway.E006", changed(DEBUG=True)),
    "messages acknowledged before the work": ("leeway.E007", changed(CELERY_TASK_ACKS_LATE=False)),
    "a killed worker's task dropped": ("leeway.E007", changed(CELERY_TASK_REJECT_ON_WORKER_LOST=False)),
    "tasks fetched in advance": ("leeway.E007", changed(CELERY_WORKER_PREFETCH_MULTIPLIER=4)),
    "results kept twice": ("leeway.E007", changed(CELERY_TASK_IGNORE_RESULT=False)),
    "pickled tasks": ("leeway.E007", changed(CELERY_ACCEPT_CONTENT=["json", "pickle"])),
    "a task handed out again while it runs": (
        "leeway.E007",
        changed(CELERY_BROKER_TRANSPORT_OPTIONS={"visibility_timeout": 1800}),
    ),
    "a hard limit that no soft one comes before": ("leeway.E007", changed(CELERY_TASK_SOFT_TIME_LIMIT=1320)),
    "beat in local time": ("leeway.E008", changed(CELERY_ENABLE_UTC=False)),
    "a token for metrics that can be guessed": ("leeway.E009", changed(METRICS_TOKEN="monitoring")),
    "a budget with no room for us": ("leeway.E010", changed(CANVAS_BUDGET_ROOM=600.0)),
    "beat in another zone": ("leeway.E008", changed(CELERY_TIMEZONE="America/New_York")),
}


@pytest.mark.parametrize(("code", "change"), UNSAFE.values(), ids=UNSAFE.keys())
def test_b43_unsafe_settings_are_refused(production: Settings, code: str, change: Change) -> None:
    """Each fault is named by its code, and no secret is repeated in the words."""
    change(production)
    with pytest.raises(ImproperlyConfigured, match=code) as refusal:
        checks.refuse_unsafe_start()
    assert "secret-but-no-key" not in str(refusal.value)


@pytest.fixture
def evicting_redis(redis_url: str) -> Iterator[str]:
    """Return a Redis that may drop what it holds."""
    client = redis.Redis.from_url(redis_url)
    client.config_set("maxmemory-policy", "allkeys-lru")
    yield redis_url
    client.config_set("maxmemory-policy", "noeviction")


def test_f05_a_redis_that_may_drop_messages_is_refused_at_the_start(evicting_redis: str) -> None:
    """The fault is named with what to set."""
    (fault,) = checks.redis_drops_no_message()
    assert fault.id == "leeway.E011"
    assert "allkeys-lru" in fault.msg


def test_f05_a_worker_does_not_start_on_a_redis_that_may_drop_messages(evicting_redis: str, tmp_path: object) -> None:
    """The process itself ends."""
    result = subprocess.run(
        [sys.executable, "-m", "celery", "--app", "accommodations", "worker", "--pool", "solo"],
        cwd=str(tmp_path),
        env={**PRODUCTION, "REDIS_URL": evicting_redis, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "leeway.E011" in result.stdout + result.stderr


def test_f05_a_redis_that_is_down_does_not_keep_anybody_from_starting(settings: Settings, redis_url: str) -> None:
    """It comes back, and the worker waits for it; a sound one is let through too."""
    assert list(checks.redis_drops_no_message()) == []
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert list(checks.redis_drops_no_message()) == []


@pytest.mark.parametrize("options", [{"prefetch_multiplier": 4}, {"prefetch_multiplier": 0}, {"time_limit": 1801.0}])
def test_f06_a_workers_command_line_cannot_overrule_the_settings(options: dict[str, float]) -> None:
    """Celery takes the command line before the settings."""
    assert [fault.id for fault in checks.command_line_is_safe(options)] == ["leeway.E012"]
    assert list(checks.command_line_is_safe({"prefetch_multiplier": None, "time_limit": None})) == []


def test_f01_every_task_is_acknowledged_after_its_work() -> None:
    """A task may have options of its own: none of ours weakens the settings."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if name.startswith("accommodations.")]
    assert len(ours) > 5
    assert [task.name for task in ours if not (task.acks_late and task.reject_on_worker_lost)] == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "http://localhost:9000", "http://sandbox:9000"])
def test_b24_the_demo_works_with_its_sandbox(production: Settings, address: str) -> None:
    """Plain http is fine there, and only there."""
    production.DEMO = True
    production.CANVAS_BASE_URL = address
    production.ALLOWED_CANVAS_HOSTS = [address.removeprefix("http://")]
    checks.refuse_unsafe_start()


def test_f08_a_lease_must_outlive_the_request_of_its_holder(production: Settings) -> None:
    """Else a new holder would write while the old one's last request is still under way."""
    assert list(checks.leases_outlive_requests()) == []
    production.COURSE_LEASE_SECONDS = production.CANVAS_TOTAL_SECONDS
    assert [fault.id for fault in checks.leases_outlive_requests()] == ["leeway.E013"]
    production.COURSE_LEASE_SECONDS = production.DELIVERY_PATIENCE_SECONDS
    assert [fault.id for fault in checks.leases_outlive_requests()] == ["leeway.E013"]
