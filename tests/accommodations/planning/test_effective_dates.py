"""R10: the dates that Canvas gives a student, by its own rules and against a second, plain reading of them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accommodations.planning.effective_dates import (
    class_overrides,
    effective_dates,
    is_assigned,
    own_ad_hoc_overrides,
)
from canvas_bridge.facts import (
    AssessmentFacts,
    Dates,
    EnrollmentState,
    ObservedOverride,
    OverrideTarget,
    StudentFacts,
    overridden_to,
)
from tests import strategies
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    GROUP,
    NOW,
    OPENS,
    OTHER_SECTION,
    SECTION,
    ad_hoc,
    homework,
    section_override,
    student,
    with_overrides,
)

BASE = homework().base_dates


def dates_for(assessment: AssessmentFacts, who: StudentFacts, now: datetime = NOW) -> Dates:
    found = own_ad_hoc_overrides(assessment).get(who.canvas_user_id)
    return effective_dates(assessment, who, ad_hoc=found, others=class_overrides(assessment), now=now)


def has(assessment: AssessmentFacts, who: StudentFacts) -> bool:
    found = own_ad_hoc_overrides(assessment).get(who.canvas_user_id)
    return is_assigned(assessment, who, ad_hoc=found, others=class_overrides(assessment))


def group_override(override_id: int = 600, **dates: object) -> ObservedOverride:
    return replace(
        section_override(override_id=override_id, **dates), target=OverrideTarget.GROUP, canvas_target_id=GROUP
    )


def course_override(override_id: int = 650, **dates: object) -> ObservedOverride:
    return replace(section_override(override_id=override_id, **dates), target=OverrideTarget.COURSE, canvas_target_id=1)


def test_r10_without_overrides_the_base_dates_hold() -> None:
    assert dates_for(homework(), student()) == BASE


def test_r10_fields_mix_by_where_they_are_overridden() -> None:
    mixed = with_overrides(homework(), ad_hoc(ANA, due=OPENS + DAY), section_override(lock=OPENS + 9 * DAY))
    assert dates_for(mixed, student()) == Dates(BASE.unlock_at, OPENS + DAY, OPENS + 9 * DAY)
    assert dates_for(mixed, student(BO)) == Dates(BASE.unlock_at, BASE.due_at, OPENS + 9 * DAY)


@pytest.mark.parametrize("value", [OPENS - DAY, None])
def test_r10_an_ad_hoc_value_wins_even_if_earlier_or_none(value: datetime | None) -> None:
    mixed = with_overrides(homework(), ad_hoc(ANA, due=value), section_override(due=OPENS + 9 * DAY))
    assert dates_for(mixed, student()).due_at == value


def test_r10_an_override_beats_the_base_even_when_it_is_stricter() -> None:
    stricter = with_overrides(homework(), section_override(due=OPENS, lock=OPENS, unlock=OPENS))
    assert dates_for(stricter, student()) == Dates(OPENS, OPENS, OPENS)


def test_r10_of_several_the_most_lenient_holds_and_none_is_the_most_lenient() -> None:
    both = student(sections=((SECTION, EnrollmentState.ACTIVE), (OTHER_SECTION, EnrollmentState.ACTIVE)))
    two = with_overrides(
        homework(),
        section_override(unlock=OPENS, due=OPENS, lock=OPENS),
        section_override(OTHER_SECTION, 701, unlock=OPENS - DAY, due=OPENS + DAY, lock=None),
    )
    assert dates_for(two, both) == Dates(OPENS - DAY, OPENS + DAY, None)


def test_r10_an_override_that_has_locked_no_longer_says_when_it_opens() -> None:
    locked = with_overrides(homework(), section_override(unlock=OPENS - 9 * DAY, lock=NOW - DAY))
    assert dates_for(locked, student()).unlock_at == BASE.unlock_at
    own = with_overrides(homework(), ad_hoc(ANA, unlock=OPENS - 9 * DAY, lock=NOW - DAY))
    assert dates_for(own, student()).unlock_at == OPENS - 9 * DAY


def test_r10_a_section_that_is_over_counts_only_where_nothing_else_does() -> None:
    over = student(state=EnrollmentState.COMPLETED)
    dated = with_overrides(homework(), section_override(due=OPENS))
    assert dates_for(dated, over).due_at == BASE.due_at
    assert dates_for(replace(dated, only_visible_to_overrides=True), over).due_at == OPENS


def test_r10_a_deleted_enrollment_drops_out() -> None:
    gone = student(state=EnrollmentState.DELETED)
    assert dates_for(with_overrides(homework(), section_override(due=OPENS)), gone).due_at == BASE.due_at


def test_r10_a_group_counts_for_its_members_and_everyone_for_active_students() -> None:
    dated = with_overrides(homework(), group_override(due=OPENS), course_override(lock=OPENS + 9 * DAY))
    member = student(canvas_group_ids=frozenset({GROUP}))
    assert dates_for(dated, member) == Dates(BASE.unlock_at, OPENS, OPENS + 9 * DAY)
    assert dates_for(dated, student(state=EnrollmentState.COMPLETED)) == BASE


def test_r10_an_unassigning_override_drops_itself_and_everything_after_it() -> None:
    unassigned = with_overrides(homework(), section_override(unassigns=True), course_override(due=OPENS))
    assert dates_for(unassigned, student()) == BASE
    assert not has(unassigned, student())
    rescued = with_overrides(unassigned, *unassigned.overrides, ad_hoc(ANA, due=OPENS))
    assert dates_for(rescued, student()).due_at == OPENS
    assert has(rescued, student())


def test_r19_only_visible_to_overrides_means_only_for_those_named() -> None:
    hidden = homework(only_visible_to_overrides=True)
    assert not has(hidden, student())
    assert has(with_overrides(hidden, ad_hoc(ANA)), student())
    assert has(with_overrides(hidden, section_override()), student())


def test_a_modules_override_assigns_without_dates_and_leaves_nobody_else() -> None:
    in_module = with_overrides(homework(), ad_hoc(ANA, module=9))
    assert (has(in_module, student()), has(in_module, student(BO))) == (True, False)
    assert dates_for(in_module, student()) == BASE


@pytest.mark.parametrize("state", [EnrollmentState.INVITED, EnrollmentState.COMPLETED])
def test_r10_an_invitation_is_no_active_enrollment(state: EnrollmentState) -> None:
    everyone = ObservedOverride(800, "Everyone", OverrideTarget.COURSE, due=overridden_to(OPENS + 7 * DAY))
    assert dates_for(with_overrides(homework(), everyone), student()).due_at == OPENS + 7 * DAY
    assert dates_for(with_overrides(homework(), everyone), student(state=state)) == BASE
    of_section = with_overrides(homework(), section_override(due=OPENS + 7 * DAY))
    assert dates_for(of_section, student(state=state)) == BASE


def reference_dates(assessment: AssessmentFacts, who: StudentFacts, now: datetime) -> Dates:
    """Read contract 7.1 to 7.3 a second time, as a list of sentences rather than as code to be fast."""
    order: list[ObservedOverride] = []
    by_id = sorted(assessment.overrides, key=lambda one: one.canvas_override_id)
    order += [o for o in by_id if o.target is OverrideTarget.AD_HOC and who.canvas_user_id in o.canvas_user_ids]
    order += [o for o in by_id if o.target is OverrideTarget.GROUP and o.canvas_target_id in who.canvas_group_ids]
    enrolled = {section for section, state in who.sections if state is not EnrollmentState.DELETED}
    order += [o for o in by_id if o.target is OverrideTarget.SECTION and o.canvas_target_id in enrolled]
    is_active = any(state is EnrollmentState.ACTIVE for _, state in who.sections)
    order += [o for o in by_id if o.target is OverrideTarget.COURSE and is_active]
    while any(o.unassigns for o in order):
        order.pop()
    active = {s for s, state in who.sections if state is EnrollmentState.ACTIVE}
    counting = [o for o in order if o.target is not OverrideTarget.SECTION or o.canvas_target_id in active]
    if counting or not assessment.only_visible_to_overrides:
        order = counting

    def field(name: str, base: datetime | None) -> datetime | None:
        those = [o for o in order if getattr(o, name).is_overridden]
        if name == "unlock":
            those = [
                o
                for o in those
                if o.target is OverrideTarget.AD_HOC
                or not (o.lock.is_overridden and o.lock.at is not None and o.lock.at < now)
            ]
        values = [getattr(o, name).at for o in those]
        if not those:
            return base
        if those[0].target is OverrideTarget.AD_HOC:
            return values[0]
        if None in values:
            return None
        return min(values) if name == "unlock" else max(values)

    base = assessment.base_dates
    return Dates(field("unlock", base.unlock_at), field("due", base.due_at), field("lock", base.lock_at))


@given(strategies.assessments(1), strategies.students(1), st.integers(-100, 400))
@settings(max_examples=60, deadline=None)
def test_r10_equals_an_independent_reading_of_the_contract(
    assessment: AssessmentFacts, who: StudentFacts, hours: int
) -> None:
    now = strategies.NOW + timedelta(hours=hours)
    assert dates_for(assessment, who, now) == reference_dates(assessment, who, now)
