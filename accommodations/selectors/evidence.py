"""What an auditor asks of one student and exam: what was in place, who decided, when Canvas confirmed, who looked.

Everything here comes from the action log and from the versions of the accommodations, never from what stands now alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

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
    too_late: Write | None
    """The first confirmed write, where it came only after that moment."""
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
    found = log_lines(_entries(pair), about=pair)
    lines = [line for line in found if 0 < _place(line) <= MOST_LINES]
    writes = _confirmed([line for line in found if line.entry.act.startswith("canvas.")])
    moment = pair.opens_at if pair.opens_at is not None and pair.opens_at < now else now
    sources = sources_of(pair)
    counting = [source.row for source in sources if source.counts]
    in_place = next((write for write in writes if write.at <= moment), None)
    return Evidence(
        moment=moment,
        is_over=moment < now,
        in_place=in_place,
        too_late=writes[-1] if writes and in_place is None else None,
        later=next((write for write in writes if write.at > moment), None),
        decided=tuple(accommodation_lines(counting)),
        others=_others(sources),
        onlookers=_onlookers(found),
        lines=lines,
        is_cut=any(_place(line) > MOST_LINES for line in found),
    )


def _entries(pair: PairStatus) -> QuerySet[ActionLogEntry]:
    """Return the newest entries of the timeline, with all writes and the last look of each onlooker, in one query.

    The timeline: what is about this assessment, and what is about the student's record and bears on it. `position` is
    the entry's place in it from the newest, `times` how often its actor did that act.
    """
    of_pair = Q(assessment_id_logged=pair.assessment_id)
    of_record = Q(assessment_id_logged=None) & (Q(course_id_logged=None) | Q(course_id_logged=pair.course_id))
    acts = Q(act=VIEWED)
    for prefix in _OF_STUDENT:
        acts |= Q(act__startswith=prefix)
    of_timeline = of_pair | (of_record & acts)
    is_told = Case(When(of_timeline, then=Value(0)), default=Value(1))
    by_actor: dict[str, Any] = {"partition_by": [F("act"), F("actor")], "order_by": F("sequence").desc()}
    entries = ActionLogEntry.objects.filter(Q(student_id_logged=pair.student_id) & (of_timeline | Q(act=VIEWED)))
    entries = entries.annotate(
        position=Window(RowNumber(), order_by=[is_told, F("sequence").desc()]),
        times=Window(Count("pk"), partition_by=by_actor["partition_by"]),
        last=Window(RowNumber(), **by_actor),
    ).annotate(is_told=is_told)
    is_shown = Q(is_told=0) & (Q(position__lte=MOST_LINES + 1) | Q(act__startswith="canvas."))
    return entries.filter(is_shown | Q(act=VIEWED, last=1)).select_related(*_WITH).order_by("-sequence")


def _place(line: LogLine) -> int:
    """Return the entry's place in the timeline; 0 where it is only there to tell of an onlooker."""
    entry: Any = line.entry  # annotated
    return int(entry.position) if entry.is_told == 0 else 0


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


def _onlookers(listed: Iterable[LogLine]) -> tuple[Onlooker, ...]:
    """Return who looked at the student's record, the last one first."""
    entries: list[Any] = [line.entry for line in listed if line.entry.act == VIEWED]  # annotated
    views = [(entry, _name_of(entry)) for entry in entries if entry.last == 1]
    times: Counter[str] = Counter()
    last_at: dict[str, datetime] = {}
    for view, name in views:  # the newest first
        times[name] += view.times
        last_at.setdefault(name, view.at)
    return tuple(Onlooker(name, times[name], at) for name, at in last_at.items())


def _name_of(entry: ActionLogEntry) -> str:
    return (entry.actor.get_full_name() or entry.actor.get_username()) if entry.actor else "Leeway"
