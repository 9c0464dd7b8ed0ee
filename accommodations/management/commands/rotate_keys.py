"""manage.py rotate_keys: encrypt every stored secret anew, with the first of LEEWAY_ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accommodations.crypto import SecretUnreadable
from accommodations.services import secret_keys


class Command(BaseCommand):
    """Exit code 0 done, 1 a stored secret cannot be read with any of the keys; then nothing was changed."""

    help = "Encrypts every stored secret with the newest key, after which the older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Encrypt anew, and say how many."""
        try:
            number = secret_keys.encrypt_anew()
        except SecretUnreadable as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"{number} stored secrets are encrypted with the newest key. Older keys can be removed now.")
