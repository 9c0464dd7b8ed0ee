"""`python -m benchmarks [--write] [--smallest]`: print the tables, and with --write keep them in docs/benchmarks.md."""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import tables

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main(arguments: list[str]) -> None:
    """Measure on a database of this process's own, and print."""
    parser = argparse.ArgumentParser(prog="make bench", description="Counts, ratios and times; nothing is asserted.")
    parser.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")
    parser.add_argument("--smallest", action="store_true", help="the smallest sizes, to see that everything runs")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as directory:
        _set_up(Path(directory))
        text = tables.text(smallest=options.smallest)
    sys.stdout.write(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


def _set_up(directory: Path) -> None:
    """Let Django use an empty SQLite file, with secrets that end with it."""
    os.environ.update(
        {
            "DEMO": "1",
            "SECRET_KEY": "a-secret-of-the-benchmark-that-nothing-else-uses-0123",
            "LEEWAY_ENCRYPTION_KEYS": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
            "LEEWAY_TITLE_KEY": "a-title-key-of-the-benchmark",
            "DATABASE_URL": f"sqlite:///{directory / 'bench.sqlite3'}",
            "ALLOWED_HOSTS": "localhost",
            "CANVAS_BASE_URL": "",
            "CANVAS_TOKEN": "",
            "DJANGO_SETTINGS_MODULE": "accommodations.settings",
        }
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
