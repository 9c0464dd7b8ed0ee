"""The dates that Canvas gives one student on one assessment (R10), and whether it is assigned to them at all.

Source: contract 7.1 to 7.3. Canvas looks at the overrides in the order ad-hoc, group, section, everyone; an unassigning
one drops itself and all after it; then unlock, due and lock are each collapsed for themselves. An invitation that is
not accepted yet is no active enrollment: such a student has other dates on accepting, and the next sync follows them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

from canvas_bridge.facts import (
    AssessmentFacts,
    Dates,
    DateSetting,
    EnrollmentState,
    ObservedOverride,
    OverrideTarget,
    StudentFacts,
)


class _Level(IntEnum):
    """Canvas's order of looking at overrides."""

    AD_HOC = 0
    GROUP = 1
    SECTION = 2
    COURSE = 3


_Applying = tuple[_Level, ObservedOverride]


def own_ad_hoc_overrides(assessment: AssessmentFacts) -> dict[int, ObservedOverride]:
    """Return the assessment's own ad-hoc override of each student; Canvas allows at most one each (contract 6.4)."""
    named: dict[int, ObservedOverride] = {}
    for override in sorted(assessment.overrides, key=lambda override: override.canvas_override_id):
        if _is_own_ad_hoc(override):
            for canvas_user_id in override.canvas_user_ids:
                named.setdefault(canvas_user_id, override)
    return named


def class_overrides(assessment: AssessmentFacts) -> tuple[ObservedOverride, ...]:
    """Return the assessment's overrides that are not ad-hoc ones of its own."""
    return tuple(override for override in assessment.overrides if not _is_own_ad_hoc(override))


def effective_dates(
    assessment: AssessmentFacts,
    student: StudentFacts,
    *,
    ad_hoc: ObservedOverride | None,
    others: Sequence[ObservedOverride],
    now: datetime,
) -> Dates:
    """Return the student's dates if `ad_hoc` were their ad-hoc override beside the `others` (`class_overrides`).

    `ad_hoc` None gives the class dates.
    """
    applying = _before_unassigning(_applying(student, ad_hoc, others))
    if not applying:
        return assessment.base_dates
    applying = _of_active_enrollments(assessment, student, applying)
    base = assessment.base_dates
    unlocks = [
        (level, override.unlock)
        for level, override in applying
        if level is _Level.AD_HOC or not _has_locked(override, now)
    ]
    return Dates(
        unlock_at=_collapsed(unlocks, base.unlock_at, earliest=True),
        due_at=_collapsed([(level, override.due) for level, override in applying], base.due_at),
        lock_at=_collapsed([(level, override.lock) for level, override in applying], base.lock_at),
    )


def is_assigned(
    assessment: AssessmentFacts,
    student: StudentFacts,
    *,
    ad_hoc: ObservedOverride | None,
    others: Sequence[ObservedOverride],
) -> bool:
    """Whether the student has the assessment if `ad_hoc` were their ad-hoc override (contract 7.2)."""
    if ad_hoc is None and not others:
        return not assessment.only_visible_to_overrides
    applying = _applying(student, ad_hoc, others)
    if applying:
        return bool(_before_unassigning(applying))
    is_for_overrides_only = assessment.only_visible_to_overrides or any(
        override.canvas_module_id is not None for override in others
    )
    return not is_for_overrides_only


def _is_own_ad_hoc(override: ObservedOverride) -> bool:
    return override.target is OverrideTarget.AD_HOC and override.canvas_module_id is None


def _applying(
    student: StudentFacts, ad_hoc: ObservedOverride | None, others: Sequence[ObservedOverride]
) -> list[_Applying]:
    """Return the overrides that hold for the student, in Canvas's order of looking."""
    found: list[_Applying] = [] if ad_hoc is None else [(_Level.AD_HOC, ad_hoc)]
    for override in others:
        level = _level_for(override, student)
        if level is None or (level is _Level.AD_HOC and ad_hoc is not None):
            continue
        found.append((level, override))
    if len(found) > 1:
        found.sort(key=lambda pair: (pair[0], pair[1].canvas_override_id))
    return found


def _level_for(override: ObservedOverride, student: StudentFacts) -> _Level | None:
    """Return where Canvas looks at this override for this student, or None where it does not concern them."""
    if override.target is OverrideTarget.AD_HOC:
        return _Level.AD_HOC if student.canvas_user_id in override.canvas_user_ids else None
    if override.target is OverrideTarget.SECTION:
        states = [state for section, state in student.sections if section == override.canvas_target_id]
        return _Level.SECTION if any(state is not EnrollmentState.DELETED for state in states) else None
    if override.target is OverrideTarget.GROUP:
        return _Level.GROUP if override.canvas_target_id in student.canvas_group_ids else None
    if override.target is OverrideTarget.COURSE:
        is_active = any(state is EnrollmentState.ACTIVE for _, state in student.sections)
        return _Level.COURSE if is_active else None
    return None


def _before_unassigning(applying: list[_Applying]) -> list[_Applying]:
    """Drop the first unassigning override and everything after it."""
    for position, (_, override) in enumerate(applying):
        if override.unassigns:
            return applying[:position]
    return applying


def _of_active_enrollments(
    assessment: AssessmentFacts, student: StudentFacts, applying: list[_Applying]
) -> list[_Applying]:
    """Drop section overrides of past enrollments, unless nothing else applies and only overrides are visible."""
    active_sections = {section for section, state in student.sections if state is EnrollmentState.ACTIVE}
    kept = [pair for pair in applying if pair[0] is not _Level.SECTION or pair[1].canvas_target_id in active_sections]
    return applying if not kept and assessment.only_visible_to_overrides else kept


def _has_locked(override: ObservedOverride, now: datetime) -> bool:
    """Whether the override's own lock is over; such a one no longer says when the assessment opens."""
    return override.lock.is_overridden and override.lock.at is not None and override.lock.at < now


def _collapsed(
    settings: Iterable[tuple[_Level, DateSetting]], base: datetime | None, *, earliest: bool = False
) -> datetime | None:
    """Return one field's value: the ad-hoc one, else none if any is none, else the most lenient, else the base."""
    overridden = [(level, setting.at) for level, setting in settings if setting.is_overridden]
    if not overridden:
        return base
    for level, at in overridden:
        if level is _Level.AD_HOC:
            return at
    instants = [at for _, at in overridden if at is not None]
    if len(instants) < len(overridden):
        return None
    return min(instants) if earliest else max(instants)
