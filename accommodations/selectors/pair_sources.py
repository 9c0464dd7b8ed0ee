"""Which accommodations of a student count on one assessment, and for which field."""

from dataclasses import dataclass

from accommodations.codec import from_stored
from accommodations.models import Accommodation, PairStatus
from accommodations.planning.plan import GrantSource, PairOutcome
from accommodations.selectors import accommodation_words as words


@dataclass(frozen=True, slots=True)
class Source:
    """An accommodation of the student and what it means for one assessment."""

    row: Accommodation
    title: str
    counts_for: str
    status: str
    icon: str
    fields: tuple[GrantSource, ...]

    @property
    def counts(self) -> bool:
        """Whether some field of the grant comes from it."""
        return bool(self.fields)


def sources_of(pair: PairStatus) -> list[Source]:
    """Return the student's accommodations that have not ended, those that count here first."""
    outcome = from_stored(PairOutcome, pair.outcome) if pair.outcome else None
    by_accommodation: dict[int, list[GrantSource]] = {}
    for source in outcome.sources if outcome else ():
        by_accommodation.setdefault(source.accommodation_id, []).append(source)
    everything = Accommodation.objects.filter(student=pair.student_id).select_related(
        "term", "course", "assessment", "recorded_by", "approved_by"
    )
    kept = [row for row in everything if row.status != Accommodation.Status.ENDED or row.pk in by_accommodation]
    found = [
        Source(
            row=row,
            title=words.title(row),
            counts_for=words.counts_for(row),
            status=words.status_words(row),
            icon=words.STATUS_ICONS[Accommodation.Status(row.status)],
            fields=tuple(by_accommodation.get(row.pk, ())),
        )
        for row in kept
    ]
    return sorted(found, key=lambda source: (not source.counts, source.row.provision, source.row.pk))
