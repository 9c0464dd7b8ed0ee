"""Tags of the acting pages: what a planned action or a preview changes, as lines of before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template

from accommodations.models import Accommodation, Assessment, Course, SyncAction
from accommodations.planning.plan import Values
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors import accommodation_words
from accommodations.selectors.sync_runs import ActionRow
from accommodations.services.preview import Preview, PreviewRow
from accommodations.templatetags.badges import without_name
from canvas_bridge.facts import Dates

register = template.Library()

NEEDS_WORDS = frozenset({Status.SHORT, Status.FAILED, Status.HELD, Status.BLOCKED, Status.MISSED})
"""Statuses that a preview names: what was approved is not given, or not wholly."""
KEEPS_SOMETHING = frozenset({Status.IN_PLACE, Status.SHORT, Status.PAST})
"""Statuses of pairs that keep what Canvas holds when an accommodation ends."""
_NOTHING = Values()
_DATES = (("opens", "unlock_at"), ("due", "due_at"), ("closes", "lock_at"))


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One value that changes: `kind` is minutes, more_minutes, attempts, more_attempts or at; the word precedes it."""

    kind: str
    word: str
    before: int | datetime | None
    after: int | datetime | None


@register.simple_tag
def change_lines(assessment: Assessment, before: Values | None, after: Values | None) -> list[ChangeLine]:
    """Return what changes, in the order in which people ask: time, attempts, opens, due, closes.

    With the class's own limit the sum is shown ("60 → 90 min"); without one what is added ("0 → 30 more minutes").
    """
    old, new = before or _NOTHING, after or _NOTHING
    lines = [
        _amount("minutes", assessment.time_limit_minutes, old.extra_minutes, new.extra_minutes),
        _amount("attempts", assessment.allowed_attempts, old.extra_attempts, new.extra_attempts),
        *(_dates(old.dates, new.dates) if new.dates is not None else ()),
    ]
    return [line for line in lines if line is not None]


def _amount(kind: str, of_class: int | None, before: int | None, after: int | None) -> ChangeLine | None:
    if after is None or (before or 0) == after:
        return None
    if of_class is None:
        return ChangeLine(kind=f"more_{kind}", word="", before=before or 0, after=after)
    return ChangeLine(kind=kind, word="", before=of_class + (before or 0), after=of_class + after)


def _dates(before: Dates | None, after: Dates) -> list[ChangeLine | None]:
    pairs = [(word, getattr(before or Dates(), name), getattr(after, name)) for word, name in _DATES]
    return [ChangeLine(kind="at", word=word, before=old, after=new) if old != new else None for word, old, new in pairs]


@dataclass(frozen=True, slots=True)
class PreviewGroup:
    """The rows of one course: what changes or needs a person, and what stays as it is."""

    course: Course
    shown: tuple[PreviewRow, ...]
    quiet: tuple[PreviewRow, ...]


@register.simple_tag
def preview_groups(preview: Preview) -> list[PreviewGroup]:
    """Return the preview course by course, those with changes first."""
    groups = [
        PreviewGroup(
            course=course,
            shown=tuple(row for row in rows if row.is_change or row.status in NEEDS_WORDS),
            quiet=tuple(row for row in rows if not row.is_change and row.status not in NEEDS_WORDS),
        )
        for course, rows in preview.courses
    ]
    return sorted(groups, key=lambda group: not group.shown)


@dataclass(frozen=True, slots=True)
class EndingEffect:
    """What ending takes back, what waits until it is over, and how many assessments keep what they have."""

    groups: tuple[PreviewGroup, ...]
    later: tuple[PreviewGroup, ...]
    kept: int

    @property
    def later_count(self) -> int:
        """Return how many assessments wait until they are over."""
        return sum(len(group.shown) for group in self.later)


@register.simple_tag
def what_ending_does(preview: Preview) -> EndingEffect:
    """Return the preview of an ending as its page shows it: only what changes, and what will once it is over."""
    return EndingEffect(
        groups=_groups_of(preview, lambda row: row.is_change),
        later=_groups_of(preview, lambda row: not row.is_change and row.reason is Reason.UNTIL_OVER),
        kept=sum(not row.is_change and row.status in KEEPS_SOMETHING for row in preview.rows),
    )


def _groups_of(preview: Preview, belongs: Callable[[PreviewRow], bool]) -> tuple[PreviewGroup, ...]:
    found = [(course, tuple(row for row in rows if belongs(row))) for course, rows in preview.courses]
    return tuple(PreviewGroup(course=course, shown=rows, quiet=()) for course, rows in found if rows)


@register.simple_tag
def results_once(actions: Sequence[ActionRow]) -> list[SyncAction]:
    """Return the actions of one pair with each result once: of several that ended alike, the last."""
    last: dict[tuple[object, ...], SyncAction] = {}
    for row in (action.row for action in actions):
        is_applied = row.status == SyncAction.Status.APPLIED
        last[(row.status,) if is_applied else (row.status, row.status_code, row.message)] = row
    return list(last.values())


@register.filter
def without_name_of(sentence: str, assessment: Assessment) -> str:
    """Return a planner's sentence without the assessment's name, where that stands beside it."""
    return without_name(sentence, assessment)


@register.filter
def needs_words(row: PreviewRow) -> bool:
    """Whether the row's status is to be shown: it is not, or not wholly, what was approved."""
    return row.status in NEEDS_WORDS


@register.filter
def granted(accommodation: Accommodation) -> str:
    """Return what is granted: "Extra time 1.5×"."""
    return accommodation_words.title(accommodation)


@register.filter
def counts_for(accommodation: Accommodation) -> str:
    """Return where it counts, as the middle of a sentence has it: "every course"."""
    return accommodation_words.counts_for_in_a_sentence(accommodation)
