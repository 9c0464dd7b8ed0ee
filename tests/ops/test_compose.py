"""The deployment in containers, as far as it can be proven without a Docker engine."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from tests.services.processes import ROOT

OURS = {"web", "worker", "beat", "sandbox"}
SERVICES = OURS | {"db", "redis", "migrate"}
Service = dict[str, Any]


@cache
def compose() -> dict[str, Any]:
    """Return the parsed compose file."""
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


def services() -> dict[str, Service]:
    """Return the services by name."""
    found: dict[str, Service] = compose()["services"]
    return found


def test_the_services_are_all_there() -> None:
    """Database, broker, the three processes of Leeway, and the step that migrates."""
    assert set(services()) == SERVICES


def test_the_sandbox_starts_only_with_the_demo_profile() -> None:
    """Nobody meets a sandbox beside a real Canvas by accident."""
    assert {name for name, service in services().items() if "profiles" in service} == {"sandbox"}
    assert services()["sandbox"]["profiles"] == ["demo"]


@pytest.mark.parametrize("name", sorted(SERVICES - {"migrate"}))
def test_every_service_has_a_health_check(name: str) -> None:
    """A service that hangs is seen."""
    assert services()[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root(name: str) -> None:
    """Each has a user, no capability, and a file system that it cannot change."""
    service = services()[name]
    assert service["user"] not in {"", "root", "0"}
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_r17_no_secret_is_inside() -> None:
    """Every secret is a variable without a default, and nothing starts while one is missing."""
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in (
        "SECRET_KEY", "LEEWAY_ENCRYPTION_KEYS", "LEEWAY_TITLE_KEY", "LEEWAY_LOG_ANCHOR_KEYS",
        "POSTGRES_PASSWORD", "APP_DATABASE_PASSWORD", "REDIS_PASSWORD",
    ):  # fmt: skip
        uses = re.findall(r"(?<!\$)\$\{" + secret + r"(.*?)\}", text)
        assert uses, secret
        assert all(use.startswith(":?") for use in uses), secret
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|TOKEN|SECRET", name):
                assert re.fullmatch(r"\$\{\w+(:\?[^}]*|:-)\}", value), name


def test_only_the_web_server_is_published_and_only_on_this_machine() -> None:
    """A proxy with TLS stands before it; database and broker are nobody else's."""
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_redis_never_drops_a_message() -> None:
    """Evicting keys would lose wake-ups silently."""
    assert "--maxmemory-policy noeviction" in services()["redis"]["command"][-1]


def test_work_starts_after_the_migration() -> None:
    """No process meets a database that is older than its code."""
    for name in ("web", "worker", "beat"):
        assert services()[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_b41_only_the_migration_has_the_role_that_owns_the_tables() -> None:
    """A server that is broken into can add to the action log, and not change it."""
    users = {
        name: re.match(r"postgres://(\w+):", service["environment"]["DATABASE_URL"]).group(1)
        for name, service in services().items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    assert users == {"migrate": "leeway", "web": "leeway_app", "worker": "leeway_app", "beat": "leeway_app"}
    assert services()["migrate"]["environment"]["APP_DATABASE_ROLE"] == "leeway_app"
    for name in ("web", "worker", "beat"):
        assert "POSTGRES_PASSWORD" not in str(services()[name]["environment"])


def test_the_image_installs_locked_packages_and_runs_as_a_user_of_its_own() -> None:
    """Hashes or nothing; not root; a health check of its own; no secret."""
    text = (ROOT / "Dockerfile").read_text()
    assert "FROM python:3.11-slim\n" in text
    assert "pip install --require-hashes --requirement requirements/production.lock" in text
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE) == ["leeway"]
    assert "HEALTHCHECK" in text
    assert not re.search(r"^(ENV|ARG).*(SECRET|TOKEN|PASSWORD|KEYS)", text, re.MULTILINE)


def test_r17_secrets_and_data_stay_out_of_the_image() -> None:
    """What the build sends to the engine holds neither the demo's secrets nor a .env file."""
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "var", ".git", ".venv"} <= set(ignored)
