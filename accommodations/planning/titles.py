"""Neutral titles for our overrides, ending in a short keyed code by which we know our own again (R15)."""

import hashlib
import hmac
import re

_CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"  # no vowels and nothing that reads like another: no words, no mistakes
_CODE_LENGTH = 6
_CODED_TITLE = re.compile(rf" · ([{_CODE_ALPHABET}]{{{_CODE_LENGTH}}})$")


def override_title(*, key: bytes, canvas_user_id: int, assessment_key: str) -> str:
    """Return the title of our override for one student: it names neither the student nor why."""
    return f"Dates for 1 student · {_code(key, canvas_user_id, assessment_key)}"


def is_ours(title: str, *, key: bytes, canvas_user_id: int, assessment_key: str) -> bool:
    """Whether the title ends in the code that only we can have made for this student and assessment."""
    found = _CODED_TITLE.search(title)
    return found is not None and hmac.compare_digest(found[1], _code(key, canvas_user_id, assessment_key))


def _code(key: bytes, canvas_user_id: int, assessment_key: str) -> str:
    """Return the keyed code: without the key nobody can tell what it stands for, or make one."""
    digest = hmac.digest(key, f"{canvas_user_id}:{assessment_key}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:8])
    letters = []
    for _ in range(_CODE_LENGTH):
        number, position = divmod(number, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[position])
    return "".join(letters)
