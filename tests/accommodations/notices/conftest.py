"""The small campus of the reading pages, and mail that stays in memory."""

from tests.accommodations.views_a.conftest import as_role, campus

__all__ = ["as_role", "campus"]
