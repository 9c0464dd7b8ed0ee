"""Reading all pages of a list: only ever `rel="next"`, only on the same host, and not without end (contract 1.4)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from canvas_bridge.client.answers import shown_path
from canvas_bridge.client.endpoints import pattern_of
from canvas_bridge.client.session import Answer, CanvasSession, Params
from canvas_bridge.errors import CanvasContractError

PER_PAGE = 100
MOST_PAGES = 500
_LINK = re.compile(r"<([^<>]*)>([^<>]*)")
_NEXT = re.compile(r"""\brel\s*=\s*"?next\b""")


def read_pages(
    session: CanvasSession, path: str, params: Params = (), *, envelope: str | None = None, endpoint: str = ""
) -> list[object]:
    """Return the items of all pages, in order.

    `envelope` names the key that holds the list, where Canvas wraps it. Raises CanvasContractError where a page is
    no list, a link leads to another host or was followed before, or there are more than 500 pages: a list that is
    not complete is never returned.
    """
    items: list[object] = []
    for body in read_bodies(session, path, params, endpoint=endpoint):
        items += _items(body, path, envelope)
    return items


def read_first_page(
    session: CanvasSession, path: str, params: Params = (), *, envelope: str | None = None, endpoint: str = ""
) -> list[object]:
    """Return the items of the first page alone (at most 100)."""
    return _items(session.read(path, [*params, ("per_page", PER_PAGE)], endpoint=endpoint).body, path, envelope)


def read_bodies(session: CanvasSession, path: str, params: Params = (), *, endpoint: str = "") -> Iterator[object]:
    """Yield the bodies of all pages, for an object that is itself paged inside."""
    return (answer.body for answer in _pages(session, path, params, endpoint))


def path_on_same_host(base_url: str, link: str, path: str, *, what: str = "the link to the next page") -> str:
    """Return path and query of a link. A proxy in front of Canvas may change scheme and port, never the host."""
    try:
        ours, theirs = urlsplit(base_url), urlsplit(link)
    except ValueError:
        raise _broken(path, f"{what} cannot be read") from None
    if theirs.scheme not in ("http", "https") or theirs.hostname != ours.hostname:
        raise _broken(path, f"{what} leads to another host")
    if not theirs.path.startswith("/api/"):
        raise _broken(path, f"{what} leads out of the API")
    return f"{theirs.path}?{theirs.query}" if theirs.query else theirs.path


def _pages(session: CanvasSession, path: str, params: Params, endpoint: str) -> Iterator[Answer]:
    endpoint = endpoint or pattern_of(path)
    answer = session.read(path, [*params, ("per_page", PER_PAGE)], endpoint=endpoint)
    yield answer
    followed: set[str] = set()
    while (link := _next_link(answer.links, path)) is not None:
        next_path = path_on_same_host(session.base_url, link, path)
        if next_path in followed:
            raise _broken(path, "a link to the next page came twice")
        followed.add(next_path)
        if len(followed) >= MOST_PAGES:
            raise _broken(path, f"there are more than {MOST_PAGES} pages")
        answer = session.read(next_path, endpoint=endpoint)
        yield answer


def _next_link(links: str, path: str) -> str | None:
    """Return the one link to the next page. One that cannot be read must not pass for the end of the list."""
    found = [link for link, parameters in _LINK.findall(links) if _NEXT.search(parameters)]
    if len(found) != len(_NEXT.findall(links)) or len(found) > 1:
        raise _broken(path, "the link to the next page cannot be read")
    return found[0] if found else None


def _items(body: object, path: str, envelope: str | None) -> list[object]:
    if envelope is not None:
        body = body.get(envelope) if isinstance(body, dict) else None
    if not isinstance(body, list):
        raise _broken(path, f"a list was due{f' under {envelope}' if envelope else ''}")
    return body


def _broken(path: str, what: str) -> CanvasContractError:
    return CanvasContractError(f"GET {shown_path(path)}: {what}", method="GET", path=shown_path(path))
