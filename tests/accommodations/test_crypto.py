"""Secrets at rest: encrypted, with keys that can be rotated."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accommodations.crypto import SecretUnreadable
from accommodations.models import CanvasConnection
from tests.factories import make_connection

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    settings.LEEWAY_ENCRYPTION_KEYS = [OLD]


def stored_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM accommodations_canvasconnection")
        return str(cursor.fetchone()[0])


def test_r17_only_cipher_text_is_stored() -> None:
    make_connection(token="a-secret-token")
    assert "a-secret-token" not in stored_text()
    assert CanvasConnection.objects.get().token == "a-secret-token"


def test_b29_an_old_key_still_reads_and_the_first_key_writes(settings: Settings) -> None:
    row = make_connection(token="a-secret-token")
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW, OLD]
    row = CanvasConnection.objects.get(pk=row.pk)
    assert row.token == "a-secret-token"
    row.save()
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW]
    assert CanvasConnection.objects.get().token == "a-secret-token"


def test_b29_after_the_command_the_old_key_can_go(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    make_connection(token="a-secret-token")
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    assert "1 stored secrets" in capsys.readouterr().out
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW]
    assert CanvasConnection.objects.get().token == "a-secret-token"


def test_b29_with_the_wrong_key_the_command_changes_nothing_and_says_why(settings: Settings) -> None:
    make_connection(token="a-secret-token")
    before = stored_text()
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_keys")
    assert stored_text() == before


def test_b29_without_its_key_a_secret_is_unreadable_and_says_so(settings: Settings) -> None:
    make_connection(token="a-secret-token")
    settings.LEEWAY_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(SecretUnreadable, match="key"):
        CanvasConnection.objects.get()


def test_b29_changed_cipher_text_is_refused() -> None:
    make_connection(token="a-secret-token")
    changed = stored_text()[:-6] + "AAAAA="
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accommodations_canvasconnection SET token = %s", [changed])
    with pytest.raises(SecretUnreadable):
        CanvasConnection.objects.get()


def test_without_any_key_nothing_is_stored(settings: Settings) -> None:
    settings.LEEWAY_ENCRYPTION_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        make_connection()
