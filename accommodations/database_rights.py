"""What the database role of the servers may do, written by the owner's role after each migration.

The servers work with a role that owns nothing: it reads and writes rows, and of the action log it may only read and
add. A trigger could be switched off by whoever owns its table; this role does not.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ("accommodations_actionlogentry", "accommodations_actionlogpayload", "accommodations_loganchor")
READ_ONLY = ("django_migrations",)


def write_rights(sender: object = None, using: str = "default", **kwargs: Any) -> None:
    """Make the servers' role where APP_DATABASE_ROLE names one, and give it exactly its rights; safe to repeat."""
    connection = connections[using]
    role = settings.APP_DATABASE_ROLE
    if not role or connection.vendor != "postgresql":
        return
    # In one transaction: servers that are at work meanwhile never see a role without its rights.
    with transaction.atomic(using=using):
        _refuse_a_strong_role(connection, role)
        _make(connection, role, settings.APP_DATABASE_PASSWORD)
        _grant(connection, role)


def _refuse_a_strong_role(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolname = current_user OR pg_has_role(rolname, current_user, 'member')"
            " FROM pg_roles WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
    if found and found[0]:
        raise ImproperlyConfigured(
            f"The database role {role} owns the tables or is a superuser: nothing could be kept from it. "
            "Name another one in APP_DATABASE_ROLE."
        )


def _make(connection: BaseDatabaseWrapper, role: str, password: str) -> None:
    """Make the role, or give it its password anew; without a password it is the database's administrator who does."""
    if not password:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(_composed(cursor, f"{verb} ROLE {{}} LOGIN PASSWORD {{}}", role, password=password))


def _grant(connection: BaseDatabaseWrapper, role: str) -> None:
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {{}}" for table in APPEND_ONLY),
        *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {{}}" for table in READ_ONLY),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(_composed(cursor, statement, role) if "{}" in statement else statement)


def _composed(cursor: Any, statement: str, role: str, *, password: str | None = None) -> Any:
    """Return the statement with the role's name and the password quoted as PostgreSQL wants them."""
    from psycopg import sql

    values: list[Any] = [sql.Identifier(role)] + ([sql.Literal(password)] if password is not None else [])
    return sql.SQL(statement).format(*values).as_string(cursor.connection)
