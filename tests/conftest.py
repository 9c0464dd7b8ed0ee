"""What every test may use: a real PostgreSQL and Redis where the database is asked for, and no way off loopback."""

import socket
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.services.postgres import Postgres
from tests.services.processes import ROOT
from tests.services.redis import running_redis

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "", None})
_real_getaddrinfo = socket.getaddrinfo


class NameLookupRefused(OSError):
    """A test asked for the address of a name that is not this machine's."""


WHOLE_STACKS = ("browser", "flows")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of whole stacks go first: started last, one of them would keep a single worker busy for minutes.

    Those of the browser share a running demo, so they keep an order, and the tour sees the demo before anybody acts.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, str, int]:
    folder, *_ = item.path.relative_to(ROOT / "tests").parts
    if folder not in WHOLE_STACKS:
        return 2, "", 0
    is_first = item.path.stem == "test_tour"
    return 0 if is_first else 1, str(item.path), item.location[1] or 0


class StacksTogether(LoadFileScheduling):
    """Gives each process whole files, and all files that use the running demo to one process, which starts it once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "the demo" if _uses_the_demo(file) else file


@cache
def _uses_the_demo(file: str) -> bool:
    return file.startswith("tests/browser/") and "demo_stack" in (ROOT / file).read_text()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> StacksTogether:
    """Let whatever `--dist` says be this."""
    return StacksTogether(config, log)


def _loopback_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOOPBACK_NAMES:
        raise NameLookupRefused(f"Tests stay on this machine; asked for {name!r}.")
    return _real_getaddrinfo(host, *arguments, **options)


@pytest.fixture(autouse=True)
def _no_name_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to resolve foreign names; the addresses themselves are refused by pytest-socket (pyproject.toml)."""
    monkeypatch.setattr(socket, "getaddrinfo", _loopback_getaddrinfo)


@pytest.fixture(autouse=True)
def _nothing_is_known_from_before() -> None:
    """Look at every part anew: how Canvas was is kept for 20 s, and the test before had another Canvas."""
    from accommodations.services import readiness

    readiness.forget_words()


@pytest.fixture(autouse=True)
def _nobody_waits_for_canvas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let gateways go without the shared rate budget, whose waits are real: its own tests ask for `rate_budget`."""
    if "rate_budget" not in request.fixturenames:
        from accommodations.services.rate_budget import RateBudget

        monkeypatch.setattr(RateBudget, "before_request", _only_the_inner_function)


def _only_the_inner_function(budget: Any) -> None:
    if budget._inner is not None:
        budget._inner()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a real PostgreSQL, started once for this pytest process."""
    from django.conf import settings

    directory = Path(tempfile.mkdtemp(prefix="leeway-postgres-"))
    with Postgres(directory=directory, port=settings.TEST_POSTGRES_PORT) as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real Redis, started once for this pytest process."""
    from django.conf import settings

    with running_redis(settings.TEST_REDIS_PORT, tmp_path_factory.mktemp("redis")):
        yield settings.REDIS_URL


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Postgres, redis_url: str) -> None:
    """Let everything that uses the database run on the real servers."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let the emptying of tables between tests past the triggers that keep the action log append-only."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from accommodations.models import log_guard

    real_flush = BaseDatabaseOperations.execute_sql_flush

    def flush_past_the_guard(operations: Any, sql_list: list[str]) -> None:
        log_guard.remove(operations.connection)
        real_flush(operations, sql_list)
        log_guard.install(operations.connection)

    BaseDatabaseOperations.execute_sql_flush = flush_past_the_guard
    yield
    BaseDatabaseOperations.execute_sql_flush = real_flush
