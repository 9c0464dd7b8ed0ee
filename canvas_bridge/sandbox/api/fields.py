"""Values of a wrapped parameter object, `course[name]`, as Rails reads them; and the refusals that come of them."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.http.answers import Refusal, invalid, model_error, search_term_too_short
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.shapes.times import read_optional_time

SHORTEST_SEARCH = 2


class Fields:
    """What a caller sent for one record; a key that was not sent is not in it."""

    def __init__(self, call: Call, values: Any) -> None:
        self.zone = call.caller.zone
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def has(self, name: str) -> bool:
        """Whether a value other than null and the empty text was sent."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str | None = None) -> str | None:
        """Return a text; the default for null, for an empty one, and where none was sent."""
        return str(self.values[name]) if self.has(name) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean as Rails reads it."""
        return as_boolean(self.values[name]) if self.has(name) else default

    def number(self, name: str) -> int | None:
        """Return a whole number, or None for anything else."""
        text = str(self.values.get(name, "")).strip()
        return int(text) if text.removeprefix("-").isdecimal() else None

    def time(self, name: str) -> datetime | None:
        """Return an instant; one that cannot be read counts as none."""
        try:
            return read_optional_time(self.values.get(name), self.zone)
        except ValueError:
            return None

    def set_texts(self, record: Any, *names: str) -> None:
        """Set the text fields that were sent; an empty one becomes None."""
        for name in names:
            if name in self.values:
                setattr(record, name, self.text(name))

    def set_times(self, record: Any, *names: str) -> None:
        """Set the instants that were sent."""
        for name in names:
            if name in self.values:
                setattr(record, name, self.time(name))

    def set_flags(self, record: Any, *names: str) -> None:
        """Set the booleans that were sent."""
        for name in names:
            if name in self.values:
                setattr(record, name, self.flag(name))


def wrapped(call: Call, name: str) -> Fields:
    """Return what was sent under a wrapper such as `course[…]`; nothing where it is missing."""
    return Fields(call, call.params.get(name))


def search_term(call: Call) -> str | None:
    """Return the search term in lower case, None where none was sent. Refuses fewer than two characters."""
    if "search_term" not in call.params:
        return None
    term = call.request.text("search_term").strip().lower()
    if len(term) < SHORTEST_SEARCH:
        raise search_term_too_short()
    return term


def taken(attribute: str) -> Refusal:
    """Return the answer to a value that another record has."""
    return invalid({attribute: [model_error(attribute, "taken")]})


def blank(attribute: str) -> Refusal:
    """Return the answer to a required value that is missing."""
    return invalid({attribute: [model_error(attribute, "blank")]})
