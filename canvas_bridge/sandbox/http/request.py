"""One HTTP request, however it came in: over a socket or through the adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from canvas_bridge.sandbox.http.parsing import parse_body, parse_query


@dataclass
class Request:
    """Method, path, query, headers (names in lower case) and body."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    scheme: str = "http"
    is_from_loopback: bool = True

    @cached_property
    def params(self) -> dict[str, Any]:
        """Return the parameters of body and query together; the body wins."""
        return {**parse_query(self.query), **parse_body(self.headers.get("content-type", ""), self.body)}

    @property
    def verb(self) -> str:
        """Return the method by which an answer is found: HEAD asks as GET does, and is given no body."""
        return "GET" if self.method == "HEAD" else self.method

    @property
    def base_url(self) -> str:
        """Return scheme and host as the caller wrote them."""
        return f"{self.scheme}://{self.headers.get('host', 'canvas.localhost')}"

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def texts(self, name: str) -> list[str]:
        """Return a list parameter as texts; a single value counts as a list of one."""
        value = self.params.get(name)
        if value is None:
            return []
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def includes(self, word: str) -> bool:
        """Whether `include[]` names the word."""
        return word in self.texts("include")

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean parameter as Rails reads it."""
        value = self.params.get(name)
        return default if value is None else as_boolean(value)


def as_boolean(value: Any) -> bool:
    """Return whether Rails takes a value for true."""
    return str(value).lower() in ("true", "t", "1", "yes", "y", "on")
