"""Pairs as pages show them: what the class has, what the student gets, what Canvas holds; lists and filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from accommodations.codec import from_stored
from accommodations.models import Assessment, Concern, PairStatus, Student
from accommodations.planning.plan import GrantSource, PairOutcome, Values
from accommodations.planning.statuses import NOT_COVERED, Reason, Status
from accommodations.selectors.next_steps import NextStep, next_step, with_step_targets
from accommodations.selectors.pair_filters import PairFilter as PairFilter
from accommodations.selectors.pair_filters import any_contains as any_contains
from accommodations.selectors.pair_filters import escaped_terms as escaped_terms
from accommodations.selectors.pair_filters import matching
from accommodations.selectors.visibility import Viewer, pairs_visible_to
from canvas_bridge.facts import AssessmentKind, Dates

KIND_WORDS = {
    AssessmentKind.CLASSIC_QUIZ: "quiz",
    AssessmentKind.GRADED_SURVEY: "graded survey",
    AssessmentKind.PRACTICE_QUIZ: "practice quiz",
    AssessmentKind.SURVEY: "survey",
    AssessmentKind.NEW_QUIZ: "New Quiz",
    AssessmentKind.ASSIGNMENT: "assignment",
    AssessmentKind.DISCUSSION: "discussion",
    AssessmentKind.EXTERNAL_TOOL: "external tool",
    AssessmentKind.ON_PAPER: "on paper",
    AssessmentKind.NO_SUBMISSION: "no submission",
}
QUIET_REASONS = frozenset({Reason.NO_TIME_LIMIT, Reason.UNLIMITED_ATTEMPTS, Reason.NO_DATE_TO_MOVE})
"""Nothing is needed, and nobody decided so: the badge has said it all."""
_WINDOW_IS_LIMIT_UP_TO = timedelta(hours=24)
_AS_AIMED_AT = (Status.IN_PLACE, Status.SHORT, Status.WAITING, Status.PAST)
_DATE_FIELDS = (("opens", "unlock_at"), ("due", "due_at"), ("closes", "lock_at"))


@dataclass(frozen=True, slots=True)
class DateChange:
    """One date of the class and the student's own; equal where nothing moves."""

    label: str
    before: datetime | None
    after: datetime | None

    @property
    def moves(self) -> bool:
        """Whether the student has another date than the class."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One line of the derivation: a field with the class's value, without us, approved, and what Canvas holds."""

    label: str
    unit: str
    class_value: int | datetime | None
    without_us: int | datetime | None
    approved: int | datetime | None
    observed: int | datetime | None
    is_observed_known: bool = True

    @property
    def is_changed(self) -> bool:
        """Whether more is approved than the class has."""
        return self.approved != self.class_value

    @property
    def is_behind(self) -> bool:
        """Whether Canvas is known to hold something else than what is approved."""
        return self.is_observed_known and self.approved != self.observed


class PairRow:
    """A pair with its stored outcome opened, for templates. Reads no further rows."""

    def __init__(self, pair: PairStatus, *, step: NextStep | None = None) -> None:
        self.pair = pair
        self.group_note = ""
        """Whom a date for one would concern on a group assignment; written by `selectors.groups`."""
        self.step = step
        """The one button that helps; written where the pair came with what its button needs."""
        number = getattr(pair, "open_concern_id", None)
        self.concerns: list[Concern] = [Concern(pk=number)] if number else []
        """The open questions about it; written by `selectors.concerns`, or annotated by the list (its number alone)."""

    @cached_property
    def outcome(self) -> PairOutcome | None:
        """Return the planner's outcome; None where it was never planned in full."""
        return from_stored(PairOutcome, self.pair.outcome) if self.pair.outcome else None

    @property
    def assessment(self) -> Assessment:
        """Return the assessment."""
        return self.pair.assessment

    @property
    def kind_words(self) -> str:
        """Return the kind in words, with the limit where the class has one."""
        kind = KIND_WORDS[AssessmentKind(self.assessment.kind)]
        return kind if self.assessment.is_published else f"{kind}, unpublished"

    @property
    def needs_somebody(self) -> bool:
        """Whether the row is marked: not covered, not merely on its way, and nobody has settled it."""
        return self.pair.status in NOT_COVERED - {Status.WAITING} and self.pair.settled_at is None

    @property
    def is_danger(self) -> bool:
        """Whether the mark is red: failed or missed."""
        return self.needs_somebody and self.pair.status in (Status.FAILED, Status.MISSED)

    @property
    def is_running_short(self) -> bool:
        """Whether an attempt is running right now with less time than was approved."""
        return self.pair.reason == Reason.RUNNING_ATTEMPT_SHORT and self.pair.settled_at is None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is needed for a plain reason: lists fold these into one line."""
        return self.pair.reason in QUIET_REASONS

    @property
    def is_settled(self) -> bool:
        """Whether a person wrote what was done."""
        return self.pair.settled_at is not None

    @property
    def shown(self) -> Values | None:
        """Return what the student gets (or is to get); None where it is the same as for the class."""
        if self.outcome is None or self.pair.status == Status.NOT_NEEDED:
            return None
        if self.pair.status in _AS_AIMED_AT and self.outcome.wanted is not None:
            return self.outcome.wanted
        return self.outcome.grant

    @property
    def minutes_before(self) -> int | None:
        """Return the class's time limit; where there is none, the short window that counts as one."""
        return self.assessment.time_limit_minutes or self._window(self._class_dates)

    @property
    def minutes_after(self) -> int | None:
        """Return the student's time on it, None where it is not limited or does not change."""
        limit = self.assessment.time_limit_minutes
        if limit is not None:
            extra = self.shown.extra_minutes if self.shown else None
            return limit + extra if extra else None
        after = self._window(self.shown.dates) if self.shown and self.shown.dates else None
        return after if after and self.minutes_before and after > self.minutes_before else None

    @property
    def is_window_only(self) -> bool:
        """Whether the minutes are those of the window, since the assessment has no time limit."""
        return self.assessment.time_limit_minutes is None

    @property
    def attempts_before(self) -> int | None:
        """Return how many attempts the class has; None means unlimited."""
        return self.assessment.allowed_attempts

    @property
    def attempts_after(self) -> int | None:
        """Return the student's attempts, None where they do not change."""
        extra = self.shown.extra_attempts if self.shown else None
        return self.attempts_before + extra if extra and self.attempts_before else None

    @property
    def date_changes(self) -> list[DateChange]:
        """Return the dates that are the student's own."""
        dates = self.shown.dates if self.shown else None
        if dates is None:
            return []
        changes: list[DateChange] = []
        for label, name in _DATE_FIELDS:
            before, after = getattr(self._class_dates, name), getattr(dates, name)
            if after is None or after == before:
                continue
            last = changes[-1] if changes else None
            if last is not None and (last.before, last.after) == (before, after):
                changes[-1] = DateChange(f"{last.label} and {label}", before, after)
            else:
                changes.append(DateChange(label, before, after))
        return changes

    @property
    def class_opens_at(self) -> datetime | None:
        """Return when it opens for the class."""
        return self._class_dates.unlock_at

    @property
    def class_due_at(self) -> datetime | None:
        """Return when it is due for the class; where nothing is due, when it closes."""
        return self._class_dates.due_at or self._class_dates.lock_at

    @property
    def sources(self) -> tuple[GrantSource, ...]:
        """Return which accommodation each field of the grant comes from."""
        return self.outcome.sources if self.outcome else ()

    @property
    def gives_nothing(self) -> bool:
        """Whether the student has it as everybody."""
        return not (self.minutes_after or self.attempts_after or self.date_changes)

    @property
    def fields(self) -> list[FieldLine]:
        """Return the derivation, field by field."""
        outcome = self.outcome
        if outcome is None:
            return []
        return [*self._number_lines(outcome), *self._date_lines(outcome)]

    @property
    def _class_dates(self) -> Dates:
        if self.outcome is not None:
            return self.outcome.class_dates
        return Dates(self.assessment.unlock_at, self.assessment.due_at, self.assessment.lock_at)

    @staticmethod
    def _window(dates: Dates | None) -> int | None:
        if dates is None or dates.unlock_at is None or dates.lock_at is None:
            return None
        window = dates.lock_at - dates.unlock_at
        return int(window.total_seconds() // 60) if window <= _WINDOW_IS_LIMIT_UP_TO else None

    def _number_lines(self, outcome: PairOutcome) -> list[FieldLine]:
        lines = []
        limit, attempts = self.assessment.time_limit_minutes, self.assessment.allowed_attempts
        if limit is not None:
            lines.append(self._number_line("Time limit", "minutes", limit, "extra_minutes", outcome))
        if attempts is not None:
            lines.append(self._number_line("Attempts", "attempts", attempts, "extra_attempts", outcome))
        return lines

    def _number_line(self, label: str, unit: str, base: int, name: str, outcome: PairOutcome) -> FieldLine:
        def total(values: Values) -> int:
            return base + (getattr(values, name) or 0)

        return FieldLine(
            label=label,
            unit=unit,
            class_value=base,
            without_us=total(outcome.without_us),
            approved=total(outcome.grant),
            observed=total(outcome.observed),
            is_observed_known=getattr(outcome.observed, name) is not None or getattr(outcome.grant, name) is None,
        )

    @staticmethod
    def _date_lines(outcome: PairOutcome) -> list[FieldLine]:
        class_dates = outcome.class_dates

        def of(values: Values, name: str) -> datetime | None:
            at: datetime | None = getattr(values.dates or class_dates, name)
            return at

        return [
            FieldLine(
                label=label.capitalize(),
                unit="instant",
                class_value=getattr(class_dates, name),
                without_us=of(outcome.without_us, name),
                approved=of(outcome.grant, name),
                observed=of(outcome.observed, name),
            )
            for label, name in _DATE_FIELDS
        ]


SORTS = {
    "opens": ("is_over", F("opens_at").asc(nulls_last=True), "assessment__name"),
    "student": ("student__sortable_name",),
    "assessment": ("course__course_code", "assessment__name"),
    "status": ("status_rank",),
}


def status_rank() -> Case:
    """Return the order in which every list shows statuses."""
    return Case(
        *(When(status=status.value, then=Value(rank)) for rank, status in enumerate(Status)),
        output_field=IntegerField(),
    )


def _is_over(now: datetime) -> Case:
    """Return 1 for what has closed, so that it comes after what is ahead."""
    return Case(When(closes_at__lt=now, then=Value(1)), default=Value(0), output_field=IntegerField())


def pair_list(user: Viewer, narrowed: PairFilter, *, sort: str = "opens", now: datetime) -> QuerySet[PairStatus]:
    """Return the pairs that the person may see, narrowed and sorted; `sort` may start with a minus."""
    pairs = pairs_visible_to(user).filter(matching(narrowed, now))
    name = sort.removeprefix("-")
    order = SORTS.get(name, SORTS["opens"])
    pairs = pairs.annotate(status_rank=status_rank(), is_over=_is_over(now))
    pairs = pairs.order_by(*order, "student__sortable_name", "pk")
    if sort.startswith("-"):
        pairs = pairs.reverse()
    return pairs.select_related("student", "assessment", "course", "settled_by")


def rows(pairs: Iterable[PairStatus]) -> list[PairRow]:
    """Return the pairs opened for templates."""
    return [PairRow(pair) for pair in pairs]


def rows_with_steps(user: Viewer, pairs: QuerySet[PairStatus]) -> list[PairRow]:
    """Return the pairs opened for templates, each with the one button that helps this person."""
    found = rows(with_step_targets(pairs, user))
    for row in found:
        row.step = next_step(user, row.pair)
    return found


def names_of(user: Viewer, narrowed: PairFilter) -> dict[str, Student | Assessment | None]:
    """Return the student and the assessment to which a list is narrowed by number, if the person may know of them."""
    visible = pairs_visible_to(user).select_related("student", "assessment", "assessment__course")
    student = visible.filter(student=narrowed.student_id).first() if narrowed.student_id else None
    assessment = visible.filter(assessment=narrowed.assessment_id).first() if narrowed.assessment_id else None
    return {
        "student": student.student if student else None,
        "assessment": assessment.assessment if assessment else None,
    }
