"""Bodies and queries as Rails reads them: bracket names, multipart and JSON (contract 1.1)."""

import json
import re
from collections.abc import Iterable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

NAME_AND_REST = re.compile(r"^\[*([^\[\]]+)\]*")
DEEPEST_NAME = 100


class UnreadableBody(ValueError):
    """The body is not what its content type says."""


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return form pairs as nested objects and lists: `a[][b]=1` starts a new element when `b` repeats."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        if name.count("[") > DEEPEST_NAME:
            raise UnreadableBody("a name is nested too deeply")
        _put(root, name, value)
    return root


def _put(target: dict[str, Any], name: str, value: Any) -> None:
    match = NAME_AND_REST.match(name)
    if not match:
        return
    key, rest = match.group(1), name[match.end() :]
    if rest == "":
        target[key] = value
    elif rest == "[]":
        _child(target, key, list).append(value)
    elif rest.startswith("[]"):
        _put_into_element(_child(target, key, list), rest, value)
    else:
        _put(_child(target, key, dict), rest, value)


def _put_into_element(elements: list[Any], rest: str, value: Any) -> None:
    inner = rest[2:]
    child = NAME_AND_REST.match(inner)
    is_repeated = not elements or not isinstance(elements[-1], dict) or (child and _holds(elements[-1], inner))
    if is_repeated:
        elements.append({})
    _put(elements[-1], inner, value)


def _holds(element: dict[str, Any], name: str) -> bool:
    """Whether an element has that (nested) key already; a list in it takes further values instead."""
    match = NAME_AND_REST.match(name)
    if not match or match.group(1) not in element:
        return False
    rest = name[match.end() :]
    if rest == "":
        return True
    inner = element[match.group(1)]
    return isinstance(inner, dict) and not rest.startswith("[]") and _holds(inner, rest)


def _child(target: dict[str, Any], key: str, kind: type) -> Any:
    child = target.setdefault(key, kind())
    if not isinstance(child, kind):
        raise UnreadableBody(f"expected {kind.__name__} for {key}")
    return child


def parse_query(query: str) -> dict[str, Any]:
    """Return a query string as nested parameters. Raises UnreadableBody for what is not UTF-8."""
    try:
        return nested(parse_qsl(query, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise UnreadableBody("not UTF-8") from error


def parse_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Return a body as nested parameters; a bare JSON list is found under `_json`, as in Rails."""
    if not body:
        return {}
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _parse_json(body)
    if kind == "multipart/form-data":
        return nested(_multipart_pairs(content_type, body))
    if kind in ("application/x-www-form-urlencoded", ""):
        return parse_query(_decoded(body))
    return {}


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise UnreadableBody("not UTF-8") from error


def _parse_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
        # A lone surrogate can be written as an escape, but is no text that could be stored or answered.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnreadableBody("invalid JSON") from error
    return value if isinstance(value, dict) else {"_json": value}


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(f"{name} is not JSON")


def _multipart_pairs(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a multipart body; files are passed over, as no endpoint here takes one."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise UnreadableBody("no parts")
    pairs = []
    for part in message.iter_parts():
        if part.get_filename() is not None:
            continue
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            pairs.append((name, _decoded(content)))
    return pairs


def list_or_numbered_map(value: Any) -> Any:
    """Return a list for a map with the keys "0", "1", …; anything else as it is (1.1, overrides only)."""
    if isinstance(value, dict) and value:
        keys = [str(number) for number in range(len(value))]
        if set(value) == set(keys):
            return [value[key] for key in keys]
    return value
