"""Database triggers that refuse to change, delete or empty the action log, whoever asks.

One change is let through: a payload may lose its data and salt, once, to an entry that says who took them out.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accommodations_actionlogentry"
PAYLOADS = "accommodations_actionlogpayload"
ANCHORS = "accommodations_loganchor"
REDACTED = "log.redacted"
"""The act of the entry that a redacted payload names; such an entry's own payload is never redacted."""

_SQLITE_VERBS = ("update", "delete", "insert")
_WORDS = "the action log is append-only"
_REFUSE_ON_POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION accommodations_refuse_log_change() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{_WORDS}'; END;
    $$ LANGUAGE plpgsql
"""
_IS_REDACTION = f"""
    OLD.redaction_id IS NULL AND NEW.redaction_id IS NOT NULL AND NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id
    AND NEW.salt = '' AND {{data}} = '{{{{}}}}'
    AND EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.redaction_id AND act = '{REDACTED}')
    AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.entry_id AND act = '{REDACTED}')
"""  # noqa: S608  # our own constants
_GUARD_PAYLOADS_ON_POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION accommodations_guard_log_payload() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF {_IS_REDACTION.format(data="NEW.data::text")} THEN RETURN NEW; END IF;
      END IF;
      RAISE EXCEPTION '{_WORDS}: a payload can only be redacted';
    END;
    $$ LANGUAGE plpgsql
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing those that stand; other databases than PostgreSQL and SQLite have none.

    An older migration lays the log before payloads can be redacted: it then guards the entries alone.
    """
    remove(connection)
    _execute(connection, _entry_guards(connection))
    if ANCHORS in connection.introspection.table_names():
        _execute(connection, _payload_and_anchor_guards(connection))


def install_for_entries(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on the entries alone: for a migration backwards."""
    remove(connection)
    _execute(connection, _entry_guards(connection))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for a migration backwards, and for tests that empty their tables."""
    if connection.vendor == "postgresql":
        _execute(connection, [f"DROP TRIGGER IF EXISTS action_log_{one} ON {TABLE}" for one in ("rows", "table")])
        tables = set(connection.introspection.table_names())
        for name, table in (("log_payload", PAYLOADS), ("log_anchor", ANCHORS)):
            if table in tables:
                _execute(connection, [f"DROP TRIGGER IF EXISTS {name}_{one} ON {table}" for one in ("rows", "table")])
    elif connection.vendor == "sqlite":
        guards = ("action_log", "log_payload", "log_anchor")
        names = [f"{of}_{verb}" for of in guards for verb in _SQLITE_VERBS]
        _execute(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in names])


def _entry_guards(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return [_REFUSE_ON_POSTGRESQL, *_refusals_on_postgresql("action_log", TABLE)]
    return _refusals_on_sqlite("action_log", TABLE, "sequence") if connection.vendor == "sqlite" else []


def _payload_and_anchor_guards(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        rows, table = _refusals_on_postgresql("log_payload", PAYLOADS)
        rows = rows.replace("accommodations_refuse_log_change", "accommodations_guard_log_payload")
        return [_GUARD_PAYLOADS_ON_POSTGRESQL, rows, table, *_refusals_on_postgresql("log_anchor", ANCHORS)]
    if connection.vendor == "sqlite":
        update, *others = _refusals_on_sqlite("log_payload", PAYLOADS, "entry_id")
        update = update.replace("BEGIN", f"WHEN NOT ({_IS_REDACTION.format(data='NEW.data')}) BEGIN")
        return [update, *others, *_refusals_on_sqlite("log_anchor", ANCHORS, "id")]
    return []


def _refusals_on_postgresql(name: str, table: str) -> list[str]:
    call = "EXECUTE FUNCTION accommodations_refuse_log_change()"
    return [
        f"CREATE TRIGGER {name}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {name}_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]


def _refusals_on_sqlite(name: str, table: str, unique: str) -> list[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    # INSERT OR REPLACE takes the old row away without asking a trigger on DELETE.
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR {unique} = NEW.{unique})"  # noqa: S608  # our own
    return [
        f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {name}_delete BEFORE DELETE ON {table} {refusal}",
        f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} WHEN {exists} {refusal}",
    ]


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
