"""Which addresses may be a Canvas: public names over https, or those that the operator has listed exactly."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accommodations.errors import ConnectionRefused

HTTPS_PORT = 443
_LOOKS_NUMERIC = re.compile(r"^(0x[0-9a-f]*|[0-9]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Address:
    parts: SplitResult
    port: int

    @property
    def host(self) -> str:
        return (self.parts.hostname or "").rstrip(".")

    @property
    def host_and_port(self) -> str:
        return f"{self.host}:{self.port}"


def checked_base_url(text: str) -> str:
    """Return the address in its plain form, scheme and host only.

    Raises ConnectionRefused with field base_url: no https, a user or password, a path, a number in place of a name,
    another port than 443, or a name that leads into a private network. `ALLOWED_CANVAS_HOSTS` (exact host:port) lifts
    the rules on the host; plain http is left to the sandbox of `DEMO=1`.
    """
    address = _parsed(text.strip())
    has_listed_host = address.host_and_port in settings.ALLOWED_CANVAS_HOSTS
    _check_scheme(address, is_listed=has_listed_host)
    if not has_listed_host:
        _check_public(address)
    default_port = HTTPS_PORT if address.parts.scheme == "https" else 80
    port = "" if address.port == default_port else f":{address.port}"
    return f"{address.parts.scheme}://{address.host}{port}"


def is_listed(base_url: str) -> bool:
    """Whether the operator has listed this exact host and port."""
    return _parsed(base_url).host_and_port in settings.ALLOWED_CANVAS_HOSTS


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public internet; asked again at each connection, as names may move."""
    return ipaddress.ip_address(number.split("%")[0]).is_global


def _parsed(text: str) -> _Address:
    try:
        parts = urlsplit(text)
        port = parts.port or (HTTPS_PORT if parts.scheme == "https" else 80)
    except ValueError as error:
        raise _refused("That is not a web address.", "not_an_address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refused("Enter the address as https:// and the name of your Canvas.", "not_https")
    if parts.username is not None or parts.password is not None:
        raise _refused("The address must not hold a user name or password.", "has_credentials")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _refused("Enter only the address, such as https://canvas.example.edu, without a path.", "has_path")
    return _Address(parts=parts, port=port)


def _check_scheme(address: _Address, *, is_listed: bool) -> None:
    if address.parts.scheme == "https" or (settings.DEMO and is_listed):
        return
    raise _refused("The address must begin with https://, so that the token is never sent in the clear.", "not_https")


def _check_public(address: _Address) -> None:
    if address.port != HTTPS_PORT:
        raise _refused("Only port 443 is allowed.", "port")
    if _is_number(address.host):
        raise _refused("Enter the name of your Canvas, not a number.", "ip_literal")
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(address.host, HTTPS_PORT, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise _refused("No server of that name was found. Check the spelling.", "unknown_host") from error
    if not all(is_public(number) for number in found):
        raise _refused("That name leads into a private network.", "private_address")


def _is_number(host: str) -> bool:
    """Whether a resolver might read the name as an address: dotted, decimal, hexadecimal or IPv6."""
    if ":" in host:
        return True
    return bool(_LOOKS_NUMERIC.match(host.rsplit(".", 1)[-1]))


def _refused(message: str, code: str) -> ConnectionRefused:
    return ConnectionRefused(message, code=f"connection.{code}", field="base_url")
