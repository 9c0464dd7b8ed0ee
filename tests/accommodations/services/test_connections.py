"""Connecting a Canvas: address and token are proved before they are stored, and the token is never shown."""

import re
from functools import partial

import pytest
import requests
import responses
from django.db import connection as database
from pytest_django import Settings

from accommodations.errors import ConnectionRefused, NotConnected
from accommodations.models import ActionLogEntry, ActionLogPayload, CanvasConnection
from accommodations.services import connections
from canvas_bridge.gateway import CanvasGateway
from tests.accommodations.services.conftest import TOKEN, University
from tests.factories import make_user

ADDRESS = "https://canvas.example.edu"
pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_saved(connection: CanvasConnection) -> None:
    """Leave the sandbox reachable, and no connection stored."""
    connection.delete()


def refusal(**values: str) -> tuple[str, str | None]:
    with pytest.raises(ConnectionRefused) as caught:
        connections.save_connection(
            **{"base_url": ADDRESS, "token": TOKEN, "saved_by": make_user("administrator"), **values}
        )
    return caught.value.code, caught.value.field


def test_a_good_address_and_token_are_stored_encrypted(nothing_saved: None, university: University) -> None:
    stored = connections.save_connection(base_url=ADDRESS, token=TOKEN, saved_by=make_user("administrator"))
    assert connections.current_connection() == stored
    assert (stored.token_last4, stored.token_time_zone) == (TOKEN[-4:], "America/New_York")
    with database.cursor() as cursor:
        cursor.execute("SELECT token FROM accommodations_canvasconnection")
        assert TOKEN not in cursor.fetchone()[0]


def test_b28_the_token_is_in_no_log_and_no_representation(nothing_saved: None, university: University) -> None:
    stored = connections.save_connection(base_url=ADDRESS, token=TOKEN, saved_by=make_user("administrator"))
    logged = repr(list(ActionLogEntry.objects.values())) + repr(list(ActionLogPayload.objects.values()))
    assert TOKEN not in logged
    assert TOKEN not in repr(stored) + str(stored)
    assert TOKEN not in repr(connections.gateway_for(stored))


@pytest.mark.parametrize("token", ["wrong", "a" * 64])
def test_a_wrong_token_is_told_at_its_field(token: str, nothing_saved: None, university: University) -> None:
    assert refusal(token=token) == ("connection.token_wrong", "token")
    assert not CanvasConnection.objects.exists()


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tökén"])
def test_what_cannot_be_a_token_is_never_sent(token: str, nothing_saved: None, university: University) -> None:
    assert refusal(token=token) == ("connection.token_form", "token")
    assert university.requests == []


def test_an_empty_token_is_asked_for_unless_one_is_kept(nothing_saved: None, university: University) -> None:
    assert refusal(token="") == ("connection.token_missing", "token")
    connections.save_connection(base_url=ADDRESS, token=TOKEN, saved_by=make_user("administrator"))
    kept = connections.save_connection(base_url=ADDRESS, token="", saved_by=make_user("administrator"))
    assert kept.token == TOKEN
    assert CanvasConnection.objects.count() == 1


def test_canvas_that_is_down_is_told_at_the_address(nothing_saved: None, university: University) -> None:
    university.fault("drop_before")
    assert refusal() == ("connection.unreachable", "base_url")


@pytest.mark.parametrize(
    ("status", "body"), [(200, "<html>Welcome</html>"), (404, "not here"), (200, "[]"), (200, '{"hello": 1}')]
)
def test_a_server_that_is_no_canvas_is_told_at_the_address(
    status: int, body: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_CANVAS_HOSTS = ["canvas.example.edu:443"]
    monkeypatch.setattr(connections, "CanvasGateway", partial(CanvasGateway, sleep=lambda seconds: None))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback(responses.GET, url=re.compile(ADDRESS + "/.*"), callback=lambda _: (status, {}, body))
        code, field = refusal()
    assert field == "base_url"
    assert code in ("connection.not_canvas", "connection.unreachable")


def test_b24_a_refused_address_is_never_connected_to(nothing_saved: None, university: University) -> None:
    assert refusal(base_url="https://169.254.169.254") == ("connection.ip_literal", "base_url")
    assert university.requests == []


def test_the_environment_connects_where_nothing_is_saved(
    nothing_saved: None, settings: Settings, university: University
) -> None:
    assert connections.current_connection() is None
    settings.CANVAS_BASE_URL, settings.CANVAS_TOKEN = ADDRESS + "/", TOKEN
    found = connections.current_connection()
    assert found is not None
    assert (found.base_url, found.token, found.is_from_environment) == (ADDRESS, TOKEN, True)
    assert connections.current_connection() == found
    settings.CANVAS_TOKEN = "another-token-0002"
    assert connections.current_connection().token == "another-token-0002"
    saved = connections.save_connection(base_url=ADDRESS, token=TOKEN, saved_by=make_user("administrator"))
    assert connections.current_connection() == saved


def test_without_a_connection_it_is_said_who_enters_one(nothing_saved: None) -> None:
    with pytest.raises(NotConnected, match="administrator"):
        connections.usable_connection()
    with pytest.raises(NotConnected):
        connections.check_connection()


def test_checking_a_connection_writes_nothing(connection: CanvasConnection, university: University) -> None:
    checks = connections.check_connection()
    assert checks
    assert university.writes == []
    connection.refresh_from_db()
    assert connection.checked_at is not None


def test_checking_with_a_dead_token_says_so(connection: CanvasConnection, university: University) -> None:
    CanvasConnection.objects.filter(pk=connection.pk).update(token="revoked")
    with pytest.raises(NotConnected):
        connections.check_connection()
    with pytest.raises(NotConnected) as caught:
        connections.usable_connection()
    assert caught.value.code == "canvas.token_refused"


def test_b25_a_name_that_moved_inside_is_not_connected_to(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_CANVAS_HOSTS = []
    monkeypatch.setattr(connections, "CanvasGateway", partial(CanvasGateway, sleep=lambda seconds: None))
    opened: list[object] = []
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "build_response", lambda *_: opened.append(1))
    moved = CanvasConnection(base_url="https://localhost", token=TOKEN)
    with pytest.raises(Exception, match=r".") as caught:
        connections.gateway_for(moved).read_self()
    assert opened == []
    assert TOKEN not in str(caught.value)
