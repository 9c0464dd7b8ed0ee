"""Who supplies each date of a student: the class's own dates, or the override that wins the field (R10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from accommodations.planning.context import Pair
from accommodations.planning.effective_dates import effective_dates
from accommodations.planning.wording import counted
from canvas_bridge.facts import Dates, DateSetting, ObservedOverride, OverrideTarget

FIELDS = (("Opens", "unlock_at", "unlock"), ("Due", "due_at", "due"), ("Closes", "lock_at", "lock"))
"""Every date as people read it, with its name in `Dates` and in an override."""

_NOBODY = datetime(1, 1, 1, tzinfo=UTC)
"""A date that nothing in Canvas has: it shows whether an override alone supplies a field."""

_TARGETS = {
    OverrideTarget.AD_HOC: "the override for named students",
    OverrideTarget.SECTION: "the section’s override",
    OverrideTarget.GROUP: "the group’s override",
    OverrideTarget.COURSE: "the override for everyone",
    OverrideTarget.MASTERY_PATH: "the mastery path’s override",
}


@dataclass(frozen=True, slots=True)
class SuppliedDate:
    """One date of a student, and who says so."""

    label: str
    at: datetime | None
    supplied_by: str


def class_dates_supplied(pair: Pair) -> tuple[SuppliedDate, ...]:
    """Return the class dates, each with who supplied it."""
    return _supplied(pair, pair.class_dates, None)


def dates_without_us_supplied(pair: Pair) -> tuple[SuppliedDate, ...]:
    """Return the dates that stand without what we wrote, each with who supplied it."""
    return _supplied(pair, pair.dates_without_us, pair.ad_hoc_without_us)


def observed_dates_supplied(pair: Pair) -> tuple[SuppliedDate, ...]:
    """Return the dates that Canvas holds for the student, each with who supplied it."""
    return _supplied(pair, pair.observed_dates, pair.ad_hoc)


def _supplied(pair: Pair, dates: Dates, ad_hoc: ObservedOverride | None) -> tuple[SuppliedDate, ...]:
    return tuple(
        SuppliedDate(label, getattr(dates, name), _by_whom(pair, ad_hoc, getattr(dates, name), name, setting))
        for label, name, setting in FIELDS
    )


def _by_whom(pair: Pair, ad_hoc: ObservedOverride | None, at: datetime | None, name: str, setting: str) -> str:
    if ad_hoc is not None and _setting(ad_hoc, setting).is_overridden:
        return _words_for_ad_hoc(pair, ad_hoc)
    others = pair.index.others_of[pair.assessment.key]
    found = [one for one in others if _setting(one, setting).at == at and _supplies(pair, one, name, setting)]
    return " and ".join(dict.fromkeys(_words_for(one) for one in found)) or "the assessment itself"


def _words_for_ad_hoc(pair: Pair, override: ObservedOverride) -> str:
    if len(override.canvas_user_ids) > 1:
        return f"an override shared by {counted(len(override.canvas_user_ids), 'student')}"
    return "Leeway’s override" if _is_ours_alone(pair) and override == pair.ad_hoc else "the instructor’s override"


def _is_ours_alone(pair: Pair) -> bool:
    return pair.ledger_override is not None


def _words_for(override: ObservedOverride) -> str:
    what = "the module’s override" if override.canvas_module_id is not None else _TARGETS[override.target]
    return f"{what} “{override.title}”" if override.title else what


def _setting(override: ObservedOverride, name: str) -> DateSetting:
    setting: DateSetting = getattr(override, name)
    return setting


def _supplies(pair: Pair, override: ObservedOverride, name: str, setting: str) -> bool:
    """Whether the override, were it the only one, would give the student this date."""
    if not _setting(override, setting).is_overridden:
        return False
    bare = replace(pair.assessment, base_dates=Dates(_NOBODY, _NOBODY, _NOBODY))
    alone: Sequence[ObservedOverride] = (override,)
    dates = effective_dates(bare, pair.student, ad_hoc=None, others=alone, now=pair.now)
    return bool(getattr(dates, name) != _NOBODY)
