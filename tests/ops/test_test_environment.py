"""The tests' own ground: real servers, and no way off this machine."""

import socket

import pytest
import redis
from django.db import connection
from pytest_socket import SocketConnectBlockedError


@pytest.mark.django_db
def test_database_tests_run_on_a_real_postgresql() -> None:
    """Nothing is proven on SQLite alone."""
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_a_real_redis_answers_beside_the_database(settings: object) -> None:
    """The broker of the tests is a server, not a fake."""
    assert redis.Redis.from_url(settings.REDIS_URL).ping()


def test_b24_no_packet_leaves_loopback() -> None:
    """Connecting elsewhere fails before a packet is sent."""
    with socket.socket() as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect(("192.0.2.1", 443))


def test_b24_no_foreign_name_is_looked_up() -> None:
    """The resolver is guarded too: a look-up is a packet."""
    with pytest.raises(OSError, match="stay on this machine"):
        socket.getaddrinfo("canvas.example.edu", 443)
