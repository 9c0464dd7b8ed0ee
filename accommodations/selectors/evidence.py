"""What an auditor asks of one student and exam: what was in place, who decided, when Canvas confirmed, who looked.

Everything here comes from the action log and from the versions of the accommodations, never from what stands now alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accommodations.models import ActionLogEntry, PairStatus
from accommodations.selectors.log import LogLine, log_lines
from accommodations.selectors.pair_sources import Source, sources_of
from accommodations.selectors.students import AccommodationLine, accommodation_lines

MOST_LINES = 300
VIEWED = "student.viewed"
STARTED, APPLIED, SETTLED = "canvas.write.started", "canvas.write.applied", "canvas.write.settled"
_WITH = ("actor", "payload__redaction__actor")
_OF_STUDENT = ("accommodation.", "exception.", "course.released")
"""Acts on the student's record that may bear on every assessment, and name none."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who looked at the student's record: how often, and when last."""

    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Write:
    """A write that Canvas confirmed: what it was for, and when the answer came."""

    sentence: str
    at: datetime
    run_id: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers, and the whole timeline behind them, newest first."""

    moment: datetime
    """When the exam opened, or now where it has not."""
    is_over: bool
    in_place: Write | None
    """The last confirmed write before that moment."""
    later: Write | None
    """The last confirmed write after it, where there is one."""
    decided: tuple[AccommodationLine, ...]
    """The accommodations that count here, with their versions."""
    others: int
    """How many accommodations of the student play no part here."""
    onlookers: tuple[Onlooker, ...]
    lines: Sequence[LogLine]
    is_cut: bool


def evidence_of(pair: PairStatus, *, now: datetime) -> Evidence:
    """Return the evidence about one pair."""
    found = _entries(pair)
    newest = list(found.order_by("-sequence")[: MOST_LINES + 1])
    lines = log_lines(newest[:MOST_LINES], about=pair)
    writes = _confirmed(log_lines(found.filter(act__startswith="canvas.").order_by("-sequence"), about=pair))
    moment = pair.opens_at if pair.opens_at is not None and pair.opens_at < now else now
    sources = sources_of(pair)
    counting = [source.row for source in sources if source.counts]
    return Evidence(
        moment=moment,
        is_over=moment < now,
        in_place=next((write for write in writes if write.at <= moment), None),
        later=next((write for write in writes if write.at > moment), None),
        decided=tuple(accommodation_lines(counting)),
        others=_others(sources),
        onlookers=_onlookers(pair),
        lines=lines,
        is_cut=len(newest) > MOST_LINES,
    )


def _entries(pair: PairStatus) -> QuerySet[ActionLogEntry]:
    """Return the entries about this assessment, and those about the student's record that bear on it."""
    of_pair = Q(assessment_id_logged=pair.assessment_id)
    of_record = Q(assessment_id_logged=None) & (Q(course_id_logged=None) | Q(course_id_logged=pair.course_id))
    acts = Q(act=VIEWED)
    for prefix in _OF_STUDENT:
        acts |= Q(act__startswith=prefix)
    entries = ActionLogEntry.objects.filter(Q(student_id_logged=pair.student_id) & (of_pair | (of_record & acts)))
    return entries.select_related(*_WITH)


def _confirmed(listed: Sequence[LogLine]) -> list[Write]:
    """Return the writes that Canvas accepted, newest first; the sentence stands in the entry of the intent."""
    sentences = {
        (line.entry.request_id, line.entry.action_id_logged): line.sentence
        for line in listed
        if line.entry.act == STARTED
    }
    return [
        Write(
            sentence=sentences.get((line.entry.request_id, line.entry.action_id_logged), "") or line.sentence,
            at=line.entry.at,
            run_id=line.entry.run_id_logged,
        )
        for line in listed
        if line.entry.act == APPLIED or (line.entry.act == SETTLED and line.entry.outcome == "applied")
    ]


def _others(sources: Iterable[Source]) -> int:
    return sum(not source.counts for source in sources)


def _onlookers(pair: PairStatus) -> tuple[Onlooker, ...]:
    """Return who looked at the student's record, the last one first."""
    views = ActionLogEntry.objects.filter(act=VIEWED, student_id_logged=pair.student_id).select_related("actor")
    times: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for view in views.order_by("sequence").iterator(chunk_size=2000):
        name = (view.actor.get_full_name() or view.actor.get_username()) if view.actor else "Leeway"
        times[name] += 1
        last[name] = view.at
    newest_first = sorted(last, key=lambda name: last[name], reverse=True)
    return tuple(Onlooker(name, times[name], last[name]) for name in newest_first)
