"""After a restore: what stands in Canvas exactly as granted, and the ledger has forgotten, is ours if a person says so.

Overrides are known again by the keyed code in their titles. Extra time and extra attempts carry no mark: an instructor
may have set the very same, and ending the accommodation would then take away what is theirs. So a person decides (F30).
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accommodations.codec import from_stored, to_stored
from accommodations.errors import LeewayError
from accommodations.models import LedgerEntry, PairStatus
from accommodations.planning.plan import LedgerExtension, PairOutcome
from accommodations.planning.statuses import Status
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord

OVER = (Status.PAST.value, Status.MISSED.value)


class NumberHasChanged(LeewayError):
    """Since somebody looked, it has become more or less."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A pair whose extension stands as granted and is in no ledger, with the entry that would say that it is ours."""

    pair: PairStatus
    extension: LedgerExtension


def forgotten_extensions() -> list[Forgotten]:
    """Return them in the order of courses and students, as Canvas was last read; nothing is asked of Canvas."""
    found = ((pair, _as_ours(pair)) for pair in _without_ledger().iterator(chunk_size=500))
    return [Forgotten(pair, extension) for pair, extension in found if extension is not None]


@transaction.atomic
def adopt(*, confirmed: int, by: User, reason: str) -> int:
    """Write all of them into the ledger as ours, with nothing before them, and log each; return how many.

    Raises NumberHasChanged where they are not as many as were shown.
    """
    forgotten = forgotten_extensions()
    if len(forgotten) != confirmed:
        raise NumberHasChanged(f"It is {len(forgotten)} now, not {confirmed}. Look again, and confirm that number.")
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            student=one.pair.student,
            assessment=one.pair.assessment,
            part=LedgerEntry.Part.EXTENSION,
            value=to_stored(one.extension),
            evidence=LedgerEntry.Evidence.READ_BACK,
            put_at=one.pair.read_at,
            confirmed_at=one.pair.read_at,
        )
        for one in forgotten
    )
    action_log.record_many([_told(one, by=by, reason=reason) for one in forgotten])
    return len(forgotten)


def _without_ledger() -> QuerySet[PairStatus]:
    known = LedgerEntry.objects.filter(
        student=OuterRef("student"),
        assessment=OuterRef("assessment"),
        part=LedgerEntry.Part.EXTENSION,
        taken_back_at=None,
    )
    pairs = PairStatus.objects.filter(~Exists(known), is_granted=True).exclude(status__in=OVER)
    return pairs.select_related("student", "assessment", "course").order_by("course", "student", "assessment")


def _as_ours(pair: PairStatus) -> LedgerExtension | None:
    """Return what the ledger would hold, where each granted amount stands exactly: more is somebody else's."""
    outcome = from_stored(PairOutcome, pair.outcome)
    granted = (outcome.grant.extra_minutes or None, outcome.grant.extra_attempts or None)
    stands = (outcome.observed.extra_minutes or None, outcome.observed.extra_attempts or None)
    if granted == (None, None) or granted != stands:
        return None
    return LedgerExtension(
        pair.student.canvas_user_id,
        pair.assessment.key,
        put_minutes=granted[0],
        put_attempts=granted[1],
        is_read_back=True,
        confirmed_at=pair.read_at,
    )


def _told(one: Forgotten, *, by: User, reason: str) -> LogRecord:
    return LogRecord(
        act="ledger.adopted",
        actor=by,
        student=one.pair.student,
        course=one.pair.course,
        assessment=one.pair.assessment,
        payload={
            "reason": reason,
            "extra_minutes": one.extension.put_minutes,
            "extra_attempts": one.extension.put_attempts,
        },
    )
