"""The commands work on the same small university as the services."""

from tests.accommodations.services.conftest import ada, connection, university

__all__ = ["ada", "connection", "university"]
