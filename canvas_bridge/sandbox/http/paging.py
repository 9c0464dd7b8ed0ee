"""Numeric and bookmark paging with Link headers (contract 1.4)."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from canvas_bridge.sandbox.http.answers import not_found
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.shapes.times import leading_integer

T = TypeVar("T")

DEFAULT_PAGE_SIZE = 10
LARGEST_PAGE_SIZE = 100
DROPPED_FROM_LINKS = ("page", "per_page", "access_token", "api_key")
BOOKMARK = "bookmark:"
FIRST_PAGE = ("first", "1")
LONGEST_LINK_HEADER = 6 * 1024
LEAST_IMPORTANT_FIRST = ("first", "current", "prev", "last", "next")


@dataclass
class Page:
    """One page of a list, with its Link header."""

    items: list[Any]
    headers: dict[str, str]


def page_size(request: Request) -> int:
    """Return `per_page`: 10 unless sent, clamped to 1…100; text that begins with no number counts as 1."""
    if request.params.get("per_page") is None:
        return DEFAULT_PAGE_SIZE
    return min(max(leading_integer(request.params["per_page"]), 1), LARGEST_PAGE_SIZE)


def numeric_page(request: Request, items: Sequence[T], *, has_total: bool = True) -> Page:
    """Return the page that the request asks for; past the end it is empty, a nonsense page is not found."""
    number, size = _page_number(request), page_size(request)
    page_count = max(1, -(-len(items) // size))
    links = {"current": number}
    if number < page_count:
        links["next"] = number + 1
    if number > 1:
        links["prev"] = number - 1
    links["first"] = 1
    if has_total:
        links["last"] = page_count
    start = (number - 1) * size
    return Page(list(items[start : start + size]), _link_header(request, links, size))


def _page_number(request: Request) -> int:
    text = request.text("page", "1")
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise not_found()
    return int(text)


def bookmark_page(request: Request, items: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> Page:
    """Return a page of a list in order of `key`; the next one starts after the last key seen, not at a number."""
    size = page_size(request)
    token = request.text("page")
    rows = sorted(items, key=key)
    if token and token not in FIRST_PAGE:
        seen = _read_bookmark(token)
        try:
            rows = [row for row in rows if key(row) > seen]
        except TypeError as error:
            raise not_found() from error
    shown = rows[:size]
    links: dict[str, int | str] = {"current": token or "first"}
    if len(rows) > size:
        links["next"] = _bookmark(key(shown[-1]))
    links["first"] = "first"
    return Page(shown, _link_header(request, links, size))


def _bookmark(key: tuple[Any, ...]) -> str:
    return BOOKMARK + base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _read_bookmark(token: str) -> tuple[Any, ...]:
    try:
        seen = json.loads(base64.urlsafe_b64decode(token.removeprefix(BOOKMARK)))
    except (ValueError, RecursionError) as error:
        raise not_found() from error
    if not token.startswith(BOOKMARK) or not isinstance(seen, list):
        raise not_found()
    return tuple(seen)


def _link_header(request: Request, links: dict[str, Any], size: int) -> dict[str, str]:
    kept = [(k, v) for k, v in parse_qsl(request.query, keep_blank_values=True) if k not in DROPPED_FROM_LINKS]
    address = request.base_url + request.path
    written = {
        rel: f'<{address}?{urlencode([*kept, ("page", page), ("per_page", size)], safe=":")}>; rel="{rel}"'
        for rel, page in links.items()
    }
    for rel in LEAST_IMPORTANT_FIRST:
        if len(",".join(written.values())) <= LONGEST_LINK_HEADER:
            break
        written.pop(rel, None)
    return {"Link": ",".join(written.values())} if written else {}
