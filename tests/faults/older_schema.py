"""The lab's rows in the tables of an earlier release, as an upgrade finds them."""

import psycopg
from django.db import connection
from psycopg import sql

from tests.faults.lab import LAB, Lab

ROWS = "rows"
OF_DJANGO_ITSELF = "django_migrations"


def put_back_to(lab: Lab, migration: str) -> None:
    """Make the lab's database what it would be after this migration, with every row and column that it then had.

    Nobody may be at work in it. Raises AssertionError where the earlier tables cannot be made.
    """
    lab.keep_database(ROWS)
    connection.close()
    with psycopg.connect(lab.server.url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{LAB}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{LAB}"')
    for goal in (["auth"], ["accommodations", migration]):
        made = lab.manage("migrate", *goal, "--no-input")
        assert made.returncode == 0, made.stderr
    with (
        psycopg.connect(lab.server.url_of(ROWS)) as source,
        psycopg.connect(lab.server.url_of(LAB)) as target,
    ):
        # The log's triggers and foreign keys would refuse rows that come table by table.
        target.execute("SET session_replication_role = replica")
        earlier, now = _columns(target), _columns(source)
        for table in sorted(earlier.keys() & now.keys() - {OF_DJANGO_ITSELF}):
            _copy(source, target, table, [name for name in earlier[table] if name in now[table]])


def _columns(database: psycopg.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = database.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY ordinal_position"
    )
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _copy(source: psycopg.Connection, target: psycopg.Connection, table: str, columns: list[str]) -> None:
    """Copy one table, and let its next number come after the highest."""
    place, names = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    target.execute(sql.SQL("DELETE FROM {}").format(place))  # what a migration has put in, such as the roles
    reading = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, place)
    writing = sql.SQL("COPY {} ({}) FROM STDIN").format(place, names)
    with source.cursor().copy(reading) as rows, target.cursor().copy(writing) as into:
        for chunk in rows:
            into.write(chunk)
    if "id" in columns:
        target.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {}))").format(place), [table]
        )
