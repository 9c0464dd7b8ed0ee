"""Who may steer the sandbox: only this machine, and no page of a browser on it that came from elsewhere."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_from_this_machine(address: str, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from this machine and asks for it by a name of its own.

    The Host header is looked at, as a foreign page can have its name resolve to 127.0.0.1; so is Origin, which browsers
    send with a page's requests; and what a proxy has handed on comes from elsewhere.
    """
    if not _is_loopback_address(address) or any(name in headers for name in FORWARDED):
        return False
    if not _is_loopback_name(_host_of(f"//{headers.get('host', '')}")):
        return False
    origin = headers.get("origin")
    return origin is None or _is_loopback_name(_host_of(origin))


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback_name(name: str) -> bool:
    return name == "localhost" or _is_loopback_address(name)


def _is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
