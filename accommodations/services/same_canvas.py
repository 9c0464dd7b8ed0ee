"""Which Canvas our records are about: its ids mean other courses and people in any other one, so nothing is sent there.

A test instance holds a copy with the same ids, a swapped address does not say so: the host's name is what we go by.
"""

from urllib.parse import urlsplit

from django.db import transaction

from accommodations.errors import NotConnected
from accommodations.models import InstitutionSettings, LedgerEntry, SyncAction
from accommodations.services import action_log

OTHER_CANVAS = "canvas.other_host"


def check_same_canvas(base_url: str, *, known: str | None = None) -> None:
    """Raise NotConnected where our records are about a Canvas of another name; the first one is simply noted.

    `known` is the name of that Canvas, where the caller has read it.
    """
    host = _host_of(base_url)
    if known is None:
        known = InstitutionSettings.current().canvas_host
    if known == host:
        return
    if known and _has_written():
        raise NotConnected(
            f"What Leeway has written stands in the Canvas at {known}, and the address now names {host}. Nothing is "
            f"sent there. If it is the same Canvas under a new name, an administrator says so with: manage.py "
            f"confirm_canvas {host}",
            code=OTHER_CANVAS,
        )
    InstitutionSettings.objects.update(canvas_host=host)


@transaction.atomic
def confirm_same_canvas(host: str) -> str:
    """Note that the Canvas of our records goes by this name now, and return the one it had."""
    known = InstitutionSettings.current().canvas_host
    InstitutionSettings.objects.update(canvas_host=host.lower())
    action_log.record(act="connection.renamed", payload={"from": known, "to": host.lower()})
    return known


def _host_of(base_url: str) -> str:
    return (urlsplit(base_url).hostname or "").lower()


def _has_written() -> bool:
    return LedgerEntry.objects.exists() or SyncAction.objects.exclude(request_id=None).exists()
