"""Stored secrets, encrypted anew when the key changes."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from accommodations.crypto import EncryptedTextField
from accommodations.services import action_log


@transaction.atomic
def encrypt_anew() -> int:
    """Encrypt every stored secret with the newest key and return how many there are.

    Raises SecretUnreadable where no configured key decrypts one: then nothing is changed.
    """
    number = 0
    for model, name in _secrets():
        rows = model._default_manager.select_for_update().exclude(**{name: ""})
        for row in rows:
            row.save(update_fields=[name])
            number += 1
    action_log.record(act="secrets.encrypted_anew", payload={"number": number})
    return number


def _secrets() -> Iterator[tuple[type[models.Model], str]]:
    """Return each model with the name of its encrypted column."""
    for model in apps.get_app_config("accommodations").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, EncryptedTextField):
                yield model, field.name
