"""Settings of those tests that are run a second time, on SQLite, the database of the demo."""

from tests.settings import *  # noqa: F403  # settings are names

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;"},
    }
}
