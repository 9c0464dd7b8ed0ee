"""The small campus of the sandbox's tests, for the tests that go through the contract row by row."""

from tests.canvas_bridge.sandbox.conftest import (
    CanvasCaller,
    admin,
    ana,
    caller_for,
    campus,
    server,
    session,
    state,
    teacher,
)

__all__ = ["CanvasCaller", "admin", "ana", "caller_for", "campus", "server", "session", "state", "teacher"]
