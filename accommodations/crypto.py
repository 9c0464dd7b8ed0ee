"""Text that is encrypted at rest, with keys that can be rotated."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("LEEWAY_ENCRYPTION_KEYS is empty: set at least one Fernet key.")
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """Return the cipher of the configured keys: the first encrypts, all decrypt."""
    return _cipher(tuple(settings.LEEWAY_ENCRYPTION_KEYS))


class SecretUnreadable(Exception):
    """The stored secret cannot be decrypted: its key is gone, or the stored text was changed."""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # the stub's parameters do not exist at run time
    """A text column that holds only cipher text. Cannot be searched or ordered."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Decrypt. Raises SecretUnreadable where no configured key fits."""
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise SecretUnreadable(
                "No configured key decrypts a stored secret. Was a key removed too early?"
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt with the first key."""
        return cipher().encrypt(str(value).encode()).decode() if value else value
