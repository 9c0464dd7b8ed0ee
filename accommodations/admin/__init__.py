"""The Django admin: for operators. What the app owns is shown there and never edited."""

from accommodations.admin import accommodations, acts, canvas, courses, holds, imports, log, notices, people, sync

__all__ = ["accommodations", "acts", "canvas", "courses", "holds", "imports", "log", "notices", "people", "sync"]
