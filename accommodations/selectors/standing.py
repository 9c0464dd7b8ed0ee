"""What stands in courses beside the rules, for planning: ledger, known pairs, holds, exceptions, marked exams.

All of it comes in one query, one part under the other: pages plan for a person who waits.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, JSONField, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Trim

from accommodations.codec import from_stored
from accommodations.models import (
    AccommodationException,
    Assessment,
    Course,
    LedgerEntry,
    PairHold,
    PairStatus,
    SyncAction,
)
from accommodations.planning.plan import Hold, HoldKind, LedgerExtension, LedgerOverride, PreviousPair, Values
from accommodations.planning.rules import ExceptionRule
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.facts import AssessmentKind

BY_HAND_KINDS = (AssessmentKind.EXTERNAL_TOOL, AssessmentKind.ON_PAPER, AssessmentKind.NO_SUBMISSION)
_NO_WORDS, _NO_VALUE = Value("", output_field=TextField()), Value(None, output_field=JSONField())
_NOBODY = Value(None, output_field=BigIntegerField())
_HOLDER = Trim(Concat("held_by__first_name", Value(" "), "held_by__last_name"))
_USER, _KEY = "student__canvas_user_id", "assessment__key"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the query: each kind of row uses the parts that it needs."""

    kind: str
    course_id: int
    pk: int
    canvas_user_id: int | None
    key: str | None
    word: str
    words: str
    name: str
    value: Any
    at: datetime | None


@dataclass(slots=True)
class Standing:
    """What stands in one course."""

    ledger_extensions: list[LedgerExtension] = field(default_factory=list)
    ledger_overrides: list[LedgerOverride] = field(default_factory=list)
    previous: list[PreviousPair] = field(default_factory=list)
    done_by_hand: list[tuple[int, str]] = field(default_factory=list)
    uncertain_extensions: list[tuple[int, str]] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    exceptions: list[ExceptionRule] = field(default_factory=list)
    marked_exams: list[str] = field(default_factory=list)

    def inputs(self) -> dict[str, Any]:
        """Return it as `PlanningInputs` takes it."""
        return {
            "ledger_extensions": tuple(self.ledger_extensions),
            "ledger_overrides": tuple(self.ledger_overrides),
            "previous": tuple(self.previous),
            "done_by_hand": frozenset(self.done_by_hand),
            "uncertain_extensions": frozenset(self.uncertain_extensions),
            "holds": tuple(self.holds),
            "exceptions": tuple(self.exceptions),
            "marked_exams": frozenset(self.marked_exams),
        }


def unheard_actions() -> QuerySet[SyncAction]:
    """Return the actions that were sent and of which nobody knows what became."""
    return SyncAction.objects.filter(status__in=(SyncAction.Status.UNKNOWN, SyncAction.Status.STARTED))


def standing_ledger(courses: Collection[Course]) -> QuerySet[LedgerEntry]:
    """Return what we put into the courses and have not taken back."""
    return LedgerEntry.objects.filter(assessment__course__in=courses, taken_back_at=None).order_by("pk")


def standing_in(courses: Collection[Course], *, today: date, only: PairStatus | None = None) -> Mapping[int, Standing]:
    """Return what stands in each course by its number.

    `only` is the one pair that somebody wants to know of, with what is known of it: others are not read.
    """
    parts = [_ledger(courses), _holds(courses), _exceptions(courses, today)]
    if only is None:
        parts += [_pairs(courses), _marked(courses)]
    if only is None or only.assessment.kind == AssessmentKind.NEW_QUIZ:
        parts.append(_uncertain(courses))
    found: defaultdict[int, Standing] = defaultdict(Standing)
    lines = [Line(*row) for row in parts[0].union(*parts[1:], all=True)]
    # In the order of the rows, on which the digest of what people have decided stands.
    for line in sorted(lines, key=lambda line: line.pk):
        _READERS[line.kind](found[line.course_id], line)
    if only is not None:
        _tell_of(found[only.course_id], only)
    return found


def holds_and_exceptions(course: Course, *, today: date) -> Standing:
    """Return of what stands in the course only what people have decided."""
    found = Standing()
    rows = _holds([course]).union(_exceptions([course], today), all=True)
    for line in sorted((Line(*row) for row in rows), key=lambda line: line.pk):
        _READERS[line.kind](found, line)
    return found


def _tell_of(standing: Standing, pair: PairStatus) -> None:
    """Add what is known of one pair from its own row."""
    user, assessment = pair.student.canvas_user_id, pair.assessment
    standing.previous.append(PreviousPair(user, assessment.key, Status(pair.status), Reason(pair.reason)))
    if pair.settled_at and assessment.kind in BY_HAND_KINDS:
        standing.done_by_hand.append((user, assessment.key))
    if assessment.is_marked_exam:
        standing.marked_exams.append(assessment.key)


# The parts of the query. The ledger comes first: its columns have the types of all.


def _ledger(courses: Collection[Course]) -> QuerySet[Any, Any]:
    rows = standing_ledger(courses).order_by()
    at = Coalesce("confirmed_at", "put_at")
    return rows.values_list(
        Value("ledger"), "assessment__course", "pk", _USER, _KEY, "part", _NO_WORDS, _NO_WORDS, "value", at
    )


def _pairs(courses: Collection[Course]) -> QuerySet[Any, Any]:
    rows = PairStatus.objects.filter(course__in=courses).order_by()
    return rows.values_list(
        Value("pair"), "course", "pk", _USER, _KEY, "status", "reason", "assessment__kind", _NO_VALUE, "settled_at"
    )


def _uncertain(courses: Collection[Course]) -> QuerySet[Any, Any]:
    rows = unheard_actions().filter(assessment__course__in=courses, action__change__type="SetNewQuizAccommodation")
    return rows.order_by().values_list(
        Value("uncertain"), "assessment__course", "pk", _USER, _KEY,
        _NO_WORDS, _NO_WORDS, _NO_WORDS, _NO_VALUE, "ended_at",
    )  # fmt: skip


def _holds(courses: Collection[Course]) -> QuerySet[Any, Any]:
    rows = PairHold.objects.filter(assessment__course__in=courses, released_at=None).annotate(holder=_HOLDER)
    holder = Case(When(holder="", then="held_by__username"), default="holder")
    return rows.order_by().values_list(
        Value("hold"), "assessment__course", "pk", _USER, _KEY, "kind", "reason", holder, "kept", "held_at"
    )


def _exceptions(courses: Collection[Course], today: date) -> QuerySet[Any, Any]:
    rows = AccommodationException.objects.filter(course__in=courses, withdrawn_at=None, effective_until__gte=today)
    return rows.order_by().values_list(
        Value("exception"), "course", "pk", _USER, _KEY, _NO_WORDS, "reason", _NO_WORDS, _NO_VALUE, "withdrawn_at"
    )


def _marked(courses: Collection[Course]) -> QuerySet[Any, Any]:
    rows = Assessment.objects.filter(course__in=courses, is_marked_exam=True)
    return rows.order_by().values_list(
        Value("marked"), "course", "pk", _NOBODY, "key", _NO_WORDS, _NO_WORDS, _NO_WORDS, _NO_VALUE, "unlock_at"
    )


# What each kind of row says.


def _read_ledger(standing: Standing, line: Line) -> None:
    if line.word == LedgerEntry.Part.EXTENSION:
        # With the age of its proof: the last reading, else Canvas's own answer.
        standing.ledger_extensions.append(replace(from_stored(LedgerExtension, line.value), confirmed_at=line.at))
    else:
        standing.ledger_overrides.append(from_stored(LedgerOverride, line.value))


def _read_pair(standing: Standing, line: Line) -> None:
    user, key = line.canvas_user_id or 0, line.key or ""
    standing.previous.append(PreviousPair(user, key, Status(line.word), Reason(line.words)))
    if line.at and line.name in BY_HAND_KINDS:
        standing.done_by_hand.append((user, key))


def _read_uncertain(standing: Standing, line: Line) -> None:
    standing.uncertain_extensions.append((line.canvas_user_id or 0, line.key or ""))


def _read_hold(standing: Standing, line: Line) -> None:
    kept = from_stored(Values, line.value)
    hold = Hold(line.canvas_user_id or 0, line.key or "", HoldKind(line.word), line.name, line.words, kept)
    standing.holds.append(hold)


def _read_exception(standing: Standing, line: Line) -> None:
    standing.exceptions.append(ExceptionRule(line.canvas_user_id or 0, line.key, line.words))


def _read_marked(standing: Standing, line: Line) -> None:
    standing.marked_exams.append(line.key or "")


_READERS = {
    "ledger": _read_ledger,
    "pair": _read_pair,
    "uncertain": _read_uncertain,
    "hold": _read_hold,
    "exception": _read_exception,
    "marked": _read_marked,
}


def by_course(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    """Return the rows by their course's number; a course without any has an empty list."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for course_id, row in rows:
        found[course_id].append(row)
    return found
