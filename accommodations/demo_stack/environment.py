"""The demo's environment: secrets made once and kept, ports chosen once and kept while they are free."""

import os
import secrets
import socket
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from accommodations.demo_stack.layout import Layout


class PortTaken(Exception):
    """Another program listens on the port."""


def is_free(port: int) -> bool:
    """Whether nobody listens on this machine's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """Return a port that the system says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def read_kept(file: Path) -> dict[str, str]:
    """Return the NAME=value lines of an environment file; nothing where there is no file."""
    if not file.exists():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def write_kept(file: Path, values: Mapping[str, str]) -> None:
    """Write NAME=value lines to a file that only its owner may read."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.writelines(f"{name}={value}\n" for name, value in values.items())


def _kept_or_free(kept: Mapping[str, str], name: str) -> str:
    port = int(kept.get(name, "0"))
    return str(port) if port and is_free(port) else str(any_free_port())


def demo_values(layout: Layout, *, port: int) -> dict[str, str]:
    """Return the demo's variables, written to its environment file: `manage.py` can be run with them by hand.

    Secrets are generated for each installation. Raises PortTaken for the port that the person chose.
    """
    if not is_free(port):
        raise PortTaken
    kept = read_kept(layout.environment_file)
    sandbox_port = _kept_or_free(kept, "SANDBOX_PORT")
    redis_port = _kept_or_free(kept, "REDIS_PORT")
    values = {
        "DEMO": "1",
        "PORT": str(port),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "LEEWAY_ENCRYPTION_KEYS": kept.get("LEEWAY_ENCRYPTION_KEYS")
        or urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "LEEWAY_TITLE_KEY": kept.get("LEEWAY_TITLE_KEY") or secrets.token_urlsafe(32),
        "CANVAS_TOKEN": kept.get("CANVAS_TOKEN") or secrets.token_urlsafe(32),
        "SANDBOX_PORT": sandbox_port,
        "CANVAS_BASE_URL": f"http://127.0.0.1:{sandbox_port}",
        "ALLOWED_CANVAS_HOSTS": f"127.0.0.1:{sandbox_port}",
        "REDIS_PORT": redis_port,
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "DATABASE_URL": f"sqlite:///{layout.database}",
    }
    write_kept(layout.environment_file, values)
    return values


def environment_of_children(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the processes see: the caller's environment, the demo's variables, nothing that contradicts them."""
    unwanted = {"DEBUG", "SECURE_SSL_REDIRECT", "BEHIND_TLS_PROXY", "CSRF_TRUSTED_ORIGINS"}
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**inherited, **values, "DJANGO_SETTINGS_MODULE": "accommodations.settings", "PYTHONUNBUFFERED": "1"}
