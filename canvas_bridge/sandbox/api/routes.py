"""The table of routes: method and path pattern to handler, with the pattern as name of the endpoint and its scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from canvas_bridge.sandbox.api.call import Handler

NAMED_PART = re.compile(r"/:\w+")


@dataclass(frozen=True)
class Route:
    """One endpoint; parts of the pattern that begin with a colon are taken from the path."""

    method: str
    pattern: str
    handler: Handler

    @property
    def endpoint(self) -> str:
        """Return the endpoint's name, as it is counted in the request log."""
        return f"{self.method} {self.pattern}"

    @property
    def scope(self) -> str:
        """Return the name of the scope that a token needs (contract 1.2)."""
        return f"url:{self.method}|{self.pattern}"

    def is_opened_by(self, scopes: Iterable[str]) -> bool:
        """Whether one of the scopes is this route's; how a part of the address is named makes no difference."""
        return unnamed(self.scope) in map(unnamed, scopes)


def unnamed(scope: str) -> str:
    """Return a scope without the names of its parts: Canvas has `:id` for what further down is `:course_id`."""
    return NAMED_PART.sub("/:", scope)


class RouteTable:
    """Finds the route of a path; a fixed part is preferred to one with a colon."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[Route, list[str]]]] = {}
        for route in routes:
            parts = route.pattern.strip("/").split("/")
            self._by_length.setdefault((route.method, len(parts)), []).append((route, parts))
        for candidates in self._by_length.values():
            candidates.sort(key=lambda candidate: [part.startswith(":") for part in candidate[1]])

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a path and the values of its named parts."""
        parts = path.strip("/").removesuffix(".json").split("/")
        for route, pattern in self._by_length.get((method, len(parts)), []):
            values = _match(pattern, parts)
            if values is not None:
                return route, values
        return None

    def methods_of(self, path: str) -> list[str]:
        """Return the methods that a path answers, in the order of the alphabet."""
        methods = {method for method, _ in self._by_length}
        return sorted(method for method in methods if self.find(method, path))


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    values = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith(":"):
            values[expected[1:]] = part
        elif expected != part:
            return None
    return values
