"""Database triggers that refuse to change, delete or empty the action log, whoever asks."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accommodations_actionlogentry"

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION accommodations_refuse_log_change() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the action log is append-only'; END;
    $$ LANGUAGE plpgsql
    """,
    f"""
    CREATE TRIGGER action_log_rows BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION accommodations_refuse_log_change()
    """,
    f"""
    CREATE TRIGGER action_log_table BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION accommodations_refuse_log_change()
    """,
)
_SQLITE = tuple(
    f"""
    CREATE TRIGGER action_log_{verb.lower()} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'the action log is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
)
_DROP_POSTGRESQL = (
    f"DROP TRIGGER IF EXISTS action_log_rows ON {TABLE}",
    f"DROP TRIGGER IF EXISTS action_log_table ON {TABLE}",
)
_DROP_SQLITE = ("DROP TRIGGER IF EXISTS action_log_update", "DROP TRIGGER IF EXISTS action_log_delete")


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing those that stand; other databases than PostgreSQL and SQLite have none."""
    remove(connection)
    _execute(connection, {"postgresql": _POSTGRESQL, "sqlite": _SQLITE})


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for a migration backwards, and for tests that empty their tables."""
    _execute(connection, {"postgresql": _DROP_POSTGRESQL, "sqlite": _DROP_SQLITE})


def _execute(connection: BaseDatabaseWrapper, statements: dict[str, tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements.get(connection.vendor, ()):
            cursor.execute(statement)
