"""Whole Leeways for the flows: the same tests on SQLite, as in the demo, and on PostgreSQL, as in production."""

from collections.abc import Iterator

import pytest

from tests.services.stack import Stack, running_stack


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Return a running Leeway with the seeded university, in which nobody has an accommodation yet."""
    url = None
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create_database(f"stack_{request.module.__name__.rpartition('.')[2]}")
    with running_stack(database_url=url) as stack:
        yield stack
