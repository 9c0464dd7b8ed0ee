"""Bring database and static files up to date, in one process since each start of Django costs a second."""

import django
from django.core.management import call_command


def main() -> None:
    """Migrate, then collect the static files."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
