"""Canvas's own words in a refusal, as one readable line (contract 1.2, 1.3, 6.3, 6.9)."""

import json
import re
from collections.abc import Iterator

LONGEST_LINE = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_MESSAGE_KEYS = ("message", "errors", "error")


def readable_words(words: object) -> str:
    """Return one line without control characters, cut to 500; "" where Canvas said nothing.

    Takes every shape in which Canvas puts its errors: a text, a list of texts or of objects with `message`, a map
    from attribute to such a list. A text that comes twice is said once.
    """
    line = "; ".join(dict.fromkeys(text for text in _texts(words) if text))
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def words_by_index(words: object, count: int) -> list[str | None] | None:
    """Return the words for each element of a refused batch, None for a good one; None where they are not by index.

    Canvas answers with a list as long as the request's, null for the good elements (contract 6.9).
    """
    if not isinstance(words, list) or len(words) != count:
        return None
    return [None if word is None else readable_words(word) or "refused" for word in words]


def _texts(words: object) -> Iterator[str]:
    if isinstance(words, str):
        yield _UNPRINTABLE.sub(" ", words).strip()
    elif isinstance(words, list):
        for word in words:
            yield from _texts(word)
    elif isinstance(words, dict):
        yield from _texts_of_map(words)
    elif words is not None:
        yield json.dumps(words)


def _texts_of_map(words: dict[str, object]) -> Iterator[str]:
    """Yield the message of an error object, or "attribute: message" for each attribute of a map."""
    message = next((words[key] for key in _MESSAGE_KEYS if words.get(key)), None)
    if message is not None:
        yield from _texts(message)
        return
    for attribute, inner in words.items():
        for text in _texts(inner):
            yield f"{_UNPRINTABLE.sub(' ', attribute)}: {text}"
