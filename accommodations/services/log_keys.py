"""The keys that sign anchors of the action log. They are never in the database, and never in an anchor."""

import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings

_DERIVED = b"leeway: anchors of the action log"
_NAME = b"leeway: name of a key"


def anchor_keys() -> list[bytes]:
    """Return the keys, the signing one first; without own ones they are derived from SECRET_KEY and its fallbacks."""
    return [key.encode() for key in settings.LEEWAY_LOG_ANCHOR_KEYS if key] + list(_derived_keys())


def _derived_keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(secret.encode(), _DERIVED, hashlib.sha256)


def name_of(key: bytes) -> str:
    """Return what tells the key from others."""
    return hmac.new(key, _NAME, hashlib.sha256).hexdigest()[:16]


def signature_of(key: bytes, text: str) -> str:
    """Return the key's signature of the text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_signed(*, key_name: str, text: str, signature: str) -> bool:
    """Whether the signature is that of one of our keys, the one that is named."""
    return any(
        name_of(key) == key_name and hmac.compare_digest(signature_of(key, text).encode(), signature.encode())
        for key in anchor_keys()
    )
