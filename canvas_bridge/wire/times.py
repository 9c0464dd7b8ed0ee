"""Instants as Canvas reads and prints them (contract 1.7)."""

from datetime import UTC, datetime, timedelta


def instant_text(instant: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with whole seconds and a Z, as Canvas prints it; part of a second counts as a whole one.

    Raises ValueError for a time without zone: Canvas would read it in the zone of the token's user.
    """
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError("a time sent to Canvas must have a zone")
    whole = instant.astimezone(UTC)
    if whole.microsecond:
        whole = whole.replace(microsecond=0) + timedelta(seconds=1)
    return f"{whole:%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0")
