"""Which addresses may be a Canvas."""

import socket

import pytest
from pytest_django import Settings

from accommodations.errors import ConnectionRefused
from accommodations.services.canvas_address import checked_base_url, is_public


@pytest.fixture(autouse=True)
def no_listed_host(settings: Settings) -> None:
    settings.ALLOWED_CANVAS_HOSTS = []
    settings.DEMO = False


def resolve_to(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "not_https"),
        ("canvas.example.edu", "not_https"),
        ("http://canvas.example.edu", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("ftp://canvas.example.edu", "not_https"),
        ("https://", "not_https"),
        ("https://user:pass@canvas.example.edu", "has_credentials"),
        ("https://user@canvas.example.edu", "has_credentials"),
        ("https://canvas.example.edu/courses/1", "has_path"),
        ("https://canvas.example.edu?x=1", "has_path"),
        ("https://127.0.0.1", "ip_literal"),
        ("https://169.254.169.254", "ip_literal"),
        ("https://[::1]", "ip_literal"),
        ("https://2130706433", "ip_literal"),
        ("https://0x7f000001", "ip_literal"),
        ("https://0x7f.1", "ip_literal"),
        ("https://127.1", "ip_literal"),
        ("https://8.8.8.8", "ip_literal"),
        ("https://canvas.example.edu:22", "port"),
        ("https://canvas.example.edu:99999", "not_an_address"),
        ("https://[::1", "not_an_address"),
    ],
)
def test_b24_an_address_that_may_lead_elsewhere_is_refused_at_its_field(address: str, code: str) -> None:
    with pytest.raises(ConnectionRefused) as caught:
        checked_base_url(address)
    assert (caught.value.code, caught.value.field) == (f"connection.{code}", "base_url")


@pytest.mark.parametrize(
    "number", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "192.168.1.1", "100.64.0.1", "::1", "fe80::1"]
)
def test_b24_a_name_that_leads_into_a_private_network_is_refused(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.215.14", number)
    with pytest.raises(ConnectionRefused) as caught:
        checked_base_url("https://canvas.example.edu")
    assert caught.value.code == "connection.private_address"
    assert not is_public(number)


def test_an_unknown_name_is_told_as_such() -> None:
    with pytest.raises(ConnectionRefused) as caught:
        checked_base_url("https://canvas.example.invalid")
    assert caught.value.code == "connection.unknown_host"


@pytest.mark.parametrize(
    "typed",
    [
        "https://Canvas.Example.edu",
        " https://canvas.example.edu/ ",
        "https://canvas.example.edu:443",
        "https://canvas.example.edu.",
    ],
)
def test_a_public_address_is_stored_in_its_plain_form(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.215.14")
    assert checked_base_url(typed) == "https://canvas.example.edu"


def test_b24_a_listed_host_is_lifted_exactly(settings: Settings) -> None:
    settings.ALLOWED_CANVAS_HOSTS = ["127.0.0.1:8443"]
    assert checked_base_url("https://127.0.0.1:8443") == "https://127.0.0.1:8443"
    for other in ("https://127.0.0.1:8444", "https://127.0.0.1"):
        with pytest.raises(ConnectionRefused):
            checked_base_url(other)


def test_b24_plain_http_is_for_the_listed_host_of_the_demo_alone(settings: Settings) -> None:
    settings.ALLOWED_CANVAS_HOSTS = ["127.0.0.1:8100"]
    with pytest.raises(ConnectionRefused):
        checked_base_url("http://127.0.0.1:8100")
    settings.DEMO = True
    assert checked_base_url("http://127.0.0.1:8100") == "http://127.0.0.1:8100"
    with pytest.raises(ConnectionRefused):
        checked_base_url("http://127.0.0.1:8101")
