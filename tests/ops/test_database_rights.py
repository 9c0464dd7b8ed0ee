"""B41: the role with which the servers work may add to the action log and read it; the database refuses the rest."""

from collections.abc import Iterator

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accommodations.database_rights import APPEND_ONLY, write_rights
from accommodations.models import ActionLogEntry, ActionLogPayload, LogAnchor, Student
from accommodations.services import action_log, log_anchors, log_redacting
from accommodations.services.action_log import Verified
from accommodations.services.log_redacting import Redactable
from tests.factories import make_student, make_user

pytestmark = pytest.mark.django_db
ROLE = "leeway_app_of_the_tests"


@pytest.fixture
def as_app(settings: Settings) -> Iterator[None]:
    """Work as the servers do: with the weaker role, after two entries and an anchor."""
    settings.APP_DATABASE_ROLE, settings.APP_DATABASE_PASSWORD = ROLE, 'it\'s-a-"password"'
    action_log.record(act="test.one", student=make_student(), payload={"note": "x"})
    log_anchors.add_anchor()
    for _ in range(2):  # safe to repeat
        write_rights()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refused(sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_servers_role_records_reads_and_verifies(as_app: None) -> None:
    action_log.record(act="test.two", actor=make_user("coordinator"), payload={"note": "y"})
    assert log_anchors.add_anchor() is not None
    assert action_log.verify() == Verified(entries=2)
    Student.objects.update(name="Somebody Else")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_b41_sql_as_the_servers_role_is_refused(table: str, as_app: None) -> None:
    for sql in (
        "UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
    ):  # fmt: skip
        refused(sql.format(table))
    refused("SET session_replication_role = replica")
    refused("CREATE TABLE public.of_my_own (id int)")


def test_b41_the_orm_as_the_servers_role_is_refused(as_app: None) -> None:
    for rows in (ActionLogEntry.objects.all(), ActionLogPayload.objects.all(), LogAnchor.objects.all()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.update(id=9)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ActionLogEntry.objects.get().payload.delete()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ActionLogEntry.objects.bulk_update([ActionLogEntry.objects.get()], ["act"])


def test_b41_the_servers_role_cannot_redact(as_app: None) -> None:
    user, student = make_user("director"), Student.objects.get()
    with pytest.raises(DatabaseError, match="permission denied"):
        log_redacting.redact(Redactable(student=student), by=user, reason="x", confirmed=1)


def test_b41_the_admin_offers_no_change_and_the_database_would_refuse_it(
    as_app: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user("administrator", is_staff=True, is_superuser=True)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)
    payload = ActionLogPayload.objects.get()
    address = reverse("admin:accommodations_actionlogpayload_delete", args=[payload.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    monkeypatch.setattr(type(site._registry[ActionLogPayload]), "has_delete_permission", lambda *_, **__: True)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        client.post(address, {"post": "yes"})
    assert ActionLogPayload.objects.filter(pk=payload.pk).exists()


def test_a_role_from_which_nothing_could_be_kept_is_refused(settings: Settings) -> None:
    settings.APP_DATABASE_ROLE = connection.settings_dict["USER"]
    with pytest.raises(ImproperlyConfigured, match="superuser"):
        write_rights()


def test_without_a_role_of_their_own_nothing_is_written(settings: Settings) -> None:
    settings.APP_DATABASE_ROLE = ""
    write_rights()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [ROLE])
        assert cursor.fetchone() == (0,)
