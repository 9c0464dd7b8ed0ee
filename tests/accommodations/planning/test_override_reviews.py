"""What instructors do to our overrides between two syncs, and to their own: nobody is left below the grant (R1, R3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accommodations.planning.plan import Plan
from accommodations.planning.statuses import Reason
from accommodations.planning.titles import override_title
from canvas_bridge.changes import DeleteOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import AssessmentFacts, Dates, ObservedOverride, OverrideTarget, overridden_to
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    HOUR,
    KEY,
    MINUTE,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    exact,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    rule,
    student,
    time,
    with_overrides,
)
from tests.accommodations.planning.canvas_model import World, world

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
BASE = Dates(OPENS, OPENS + 3 * DAY, OPENS + 4 * DAY)
GRANTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
TITLE = override_title(key=KEY, canvas_user_id=ANA, assessment_key=HOMEWORK)


def synced(assessment: AssessmentFacts, *amounts: object, **fields: object) -> World:
    """Return a world after its first sync."""
    here = world(inputs(facts(assessment, **fields), *amounts))
    here.sync()
    return here


def standing(here: World) -> tuple[ObservedOverride, ...]:
    """Return the ad-hoc overrides of the one assessment."""
    (assessment,) = here.canvas.facts.assessments
    return tuple(one for one in assessment.overrides if one.target is OverrideTarget.AD_HOC)


def dates_of(here: World, user: int = ANA) -> Dates:
    (own,) = [one for one in standing(here) if user in one.canvas_user_ids]
    return Dates(own.unlock.at, own.due.at, own.lock.at)


def edited(here: World, **fields: object) -> None:
    """Let an instructor edit the only override of the only assessment."""
    (assessment,) = here.canvas.facts.assessments
    (own,) = assessment.overrides
    here.canvas.edit(assessment.key, overrides=(replace(own, **fields),))


def set_dates(here: World, dates: Dates, **fields: object) -> None:
    """Let an instructor set all three dates of the only override."""
    edited(
        here,
        unlock=overridden_to(dates.unlock_at),
        due=overridden_to(dates.due_at),
        lock=overridden_to(dates.lock_at),
        **fields,
    )


def class_moves(here: World, dates: Dates) -> None:
    (assessment,) = here.canvas.facts.assessments
    here.canvas.edit(assessment.key, base_dates=dates)


def ended(here: World) -> Plan:
    """End every accommodation, and sync until nothing is left to do."""
    here.inputs = replace(here.inputs, rules=())
    here.sync()
    return here.sync()


# Sharing what is ours


def test_r1_ours_still_follows_the_class_after_an_instructor_added_another_student_to_it() -> None:
    here = synced(homework(), TWO_DAYS, students=(student(), student(BO)))
    edited(here, canvas_user_ids=frozenset({ANA, BO}), title="2 students")
    assert here.sync().actions == ()
    class_moves(here, Dates(OPENS, OPENS + 20 * DAY, OPENS + 21 * DAY))
    (action,) = here.sync().actions
    assert isinstance(action.change, MoveOutOfSharedOverride)
    assert action.change.title == TITLE
    assert action.ledger_override is not None
    assert action.ledger_override.before is None
    assert here.sync().actions == ()
    class_moves(here, Dates(OPENS, OPENS + 24 * DAY, OPENS + 25 * DAY))
    here.sync()
    assert dates_of(here) == Dates(OPENS, OPENS + 26 * DAY, OPENS + 27 * DAY)
    assert dates_of(here, BO) == GRANTED


def test_r3_ours_that_was_shared_leaves_nothing_of_ours_at_the_end() -> None:
    here = synced(homework(), TWO_DAYS, students=(student(), student(BO)))
    edited(here, canvas_user_ids=frozenset({ANA, BO}))
    class_moves(here, Dates(OPENS, OPENS + 20 * DAY, OPENS + 21 * DAY))
    (action,) = here.sync().actions
    assert isinstance(action.change, MoveOutOfSharedOverride)
    assert action.change.shared_title == "1 student"
    assert ended(here).pairs == ()
    assert [one.canvas_user_ids for one in standing(here)] == [{BO}]
    assert not here.overrides


def test_r12_ours_that_was_shared_does_not_keep_opening_early_once_the_class_opens_later() -> None:
    here = synced(homework(), TWO_DAYS, students=(student(), student(BO)))
    edited(here, canvas_user_ids=frozenset({ANA, BO}))
    class_moves(here, Dates(OPENS + DAY, BASE.due_at, BASE.lock_at))
    (action,) = here.sync().actions
    assert isinstance(action.change, MoveOutOfSharedOverride)
    assert dates_of(here) == replace(GRANTED, unlock_at=OPENS + DAY)
    assert dates_of(here, BO) == GRANTED, "whom the instructor added is the instructor's to move (R2)"


def test_r12_where_nobody_may_leave_what_we_opened_early_it_is_held_and_says_so() -> None:
    here = synced(homework(base_dates=replace(BASE, unlock_at=None)), TWO_DAYS, students=(student(), student(BO)))
    edited(here, canvas_user_ids=frozenset({ANA, BO}))
    class_moves(here, BASE)
    plan = here.sync()
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.SHARED_OVERRIDE)
    assert "shares an override that opens before the class does" in only_pair(plan).sentence


def test_r3_two_of_ours_that_a_saved_page_merged_are_both_taken_back_at_the_end() -> None:
    both = (rule(TWO_DAYS), rule(TWO_DAYS, canvas_user_id=BO, accommodation_id=2))
    here = synced(homework(), *both, students=(student(), student(BO)))
    first, _ = standing(here)
    merged = replace(first, canvas_user_ids=frozenset({ANA, BO}), title="2 students", canvas_override_id=950)
    here.canvas.edit(HOMEWORK, overrides=(merged,))
    assert here.sync().actions == ()
    class_moves(here, Dates(OPENS, OPENS + 12 * DAY, OPENS + 13 * DAY))
    while here.sync().actions:
        pass
    moved = Dates(OPENS, OPENS + 14 * DAY, OPENS + 15 * DAY)
    assert (dates_of(here), dates_of(here, BO)) == (moved, moved)
    assert ended(here).pairs == ()
    assert standing(here) == ()
    assert not here.overrides


def test_r3_what_an_instructor_gave_more_in_a_shared_one_of_ours_stays_theirs() -> None:
    here = synced(homework(), TWO_DAYS, students=(student(), student(BO)))
    more = overridden_to(OPENS + 9 * DAY)
    edited(here, canvas_user_ids=frozenset({ANA, BO}), due=more, lock=overridden_to(GRANTED.lock_at))
    class_moves(here, Dates(OPENS, OPENS + 8 * DAY, OPENS + 9 * DAY))
    (action,) = here.sync().actions
    assert action.after.dates == Dates(OPENS, OPENS + 10 * DAY, OPENS + 11 * DAY)
    before = action.ledger_override.before if action.ledger_override else None
    assert before is not None
    assert (before.due, before.lock.is_overridden) == (more, False)
    ended(here)
    assert dates_of(here).due_at == OPENS + 9 * DAY


# An exam that an instructor rescheduled in our override


MOVED = Dates(OPENS + 7 * DAY, OPENS + 7 * DAY + 3 * HOUR, OPENS + 7 * DAY + 3 * HOUR)


def test_r1_an_exam_that_an_instructor_moved_in_our_override_stays_where_it_was_moved() -> None:
    here = synced(quiz(), time(), TWO_DAYS)
    set_dates(here, MOVED)
    for _ in range(3):
        plan = here.sync()
        assert plan.actions == ()
        assert dates_of(here) == MOVED
    assert not here.overrides


def test_r3_an_exam_that_an_instructor_moved_in_our_override_is_theirs_at_the_end() -> None:
    here = synced(quiz(), TWO_DAYS)
    set_dates(here, MOVED)
    here.sync()
    here.sync()
    assert (ended(here).pairs, dates_of(here)) == ((), MOVED)


def test_r9_an_exam_that_an_instructor_moved_in_our_override_is_lengthened_and_given_back() -> None:
    here = synced(quiz(), time())
    tight = Dates(MOVED.unlock_at, OPENS + 7 * DAY + HOUR, OPENS + 7 * DAY + HOUR)
    set_dates(here, tight)
    (action,) = here.sync().actions
    long = OPENS + 7 * DAY + 90 * MINUTE
    assert action.after.dates == Dates(MOVED.unlock_at, long, long)
    assert here.sync().actions == ()
    ended(here)
    assert dates_of(here) == tight


def test_r4_a_later_unlock_in_our_override_is_never_undone_by_its_title() -> None:
    here = synced(homework(), TWO_DAYS)
    theirs = Dates(OPENS + 2 * DAY, OPENS + 3 * DAY, OPENS + 4 * DAY)
    set_dates(here, theirs)
    reasons = [only_pair(here.sync()).reason for _ in range(3)]
    assert reasons == [Reason.INSTRUCTOR_GIVES_AS_MUCH] * 3
    assert dates_of(here) == theirs


def test_f30_a_title_alone_makes_nothing_ours_where_nothing_is_granted() -> None:
    titled = ad_hoc(ANA, title=TITLE, unlock=OPENS, due=GRANTED.due_at, lock=GRANTED.lock_at)
    here = world(inputs(facts(with_overrides(homework(), titled))))
    assert (here.sync().actions, here.overrides) == ((), {})


# Drift


@pytest.mark.parametrize("title", [TITLE, "1 student"])
def test_r1_ours_that_was_set_below_the_class_is_repaired_in_one_write(title: str) -> None:
    here = synced(homework(), TWO_DAYS)
    set_dates(here, Dates(OPENS, OPENS + 2 * DAY, OPENS + 3 * DAY), title=title)
    (action,) = here.sync().actions
    assert isinstance(action.change, UpdateOverride)
    assert action.after.dates == GRANTED
    assert action.ledger_override is not None
    assert action.ledger_override.before is None
    assert standing(here)[0].title == TITLE
    assert here.sync().actions == ()
    assert ended(here).pairs == ()
    assert standing(here) == ()


def test_r1_an_exam_of_ours_whose_lock_was_set_before_the_classs_is_repaired_in_one_write() -> None:
    here = synced(quiz(), time())
    end = OPENS + 50 * MINUTE
    set_dates(here, Dates(OPENS, end, end), title="1 student")
    (action,) = here.sync().actions
    assert action.after.dates == Dates(OPENS, OPENS + 90 * MINUTE, OPENS + 90 * MINUTE)
    assert here.sync().actions == ()


def test_r3_drift_in_an_instructors_override_goes_back_to_what_stood_before() -> None:
    own = ad_hoc(ANA, title="Ana", due=OPENS + 4 * DAY)
    here = synced(with_overrides(homework(), own), TWO_DAYS)
    edited(here, due=overridden_to(OPENS + DAY))
    here.sync()
    assert dates_of(here) == GRANTED
    ended(here)
    assert standing(here) == (own,)


# An instructor's own override that gives less


@pytest.mark.parametrize("locks_after", [timedelta(hours=-60), timedelta(hours=-12), timedelta(hours=12)])
def test_r1_an_instructors_override_on_the_classs_opening_is_lengthened_to_the_grant(locks_after: timedelta) -> None:
    own = ad_hoc(ANA, title="Ana", unlock=OPENS, due=OPENS + DAY, lock=OPENS + 4 * DAY + locks_after)
    here = synced(with_overrides(homework(), own), TWO_DAYS)
    assert dates_of(here) == GRANTED
    assert here.sync().actions == ()
    ended(here)
    assert standing(here) == (own,)


def test_r9_an_instructors_override_that_locks_before_the_time_limit_gives_the_grant() -> None:
    end = OPENS + 45 * MINUTE
    own = ad_hoc(ANA, title="Ana", unlock=OPENS, due=end, lock=end)
    here = synced(with_overrides(quiz(), own), time())
    assert dates_of(here) == Dates(OPENS, OPENS + 90 * MINUTE, OPENS + 90 * MINUTE)
    assert only_pair(here.sync()).reason is Reason.ACCEPTED


def test_r9_another_sitting_with_too_little_time_is_lengthened_and_the_rest_is_shown_as_short() -> None:
    start = OPENS + 7 * DAY
    own = ad_hoc(ANA, unlock=start, due=start + 45 * MINUTE, lock=start + 45 * MINUTE)
    here = synced(with_overrides(quiz(), own), time())
    pair = only_pair(here.sync())
    assert dates_of(here) == Dates(start, start + 75 * MINUTE, start + 75 * MINUTE)
    assert (pair.reason, pair.short_by_minutes) == (Reason.CLASS_WINDOW, 15)


# Exact dates without a due or a lock


def sitting(**dates: object) -> Dates:
    here = synced(quiz(base_dates=Dates(OPENS, OPENS + HOUR, OPENS + 2 * HOUR)), exact(sitting=True, **dates))
    return dates_of(here)


def test_r1_a_sitting_without_a_due_of_its_own_is_due_when_it_locks() -> None:
    start, end = OPENS + 7 * DAY, OPENS + 7 * DAY + 2 * HOUR
    assert sitting(unlock=start, lock=end) == Dates(start, end, end)


def test_r1_a_sitting_never_takes_a_lock_of_the_class_from_before_it_opens() -> None:
    start, end = OPENS + 7 * DAY, OPENS + 7 * DAY + 2 * HOUR
    assert sitting(unlock=start, due=end) == Dates(start, end, None)
    assert sitting(unlock=start) == Dates(start, None, None)


def test_r9_a_sitting_without_a_due_of_its_own_has_room_for_the_extra_time() -> None:
    start = OPENS + 7 * DAY
    here = synced(quiz(), time(), exact(sitting=True, unlock=start, lock=start + HOUR))
    assert dates_of(here) == Dates(start, start + 90 * MINUTE, start + 90 * MINUTE)


# More than ours


def test_r3_what_an_instructor_gave_more_stands_again_after_the_class_overtook_it() -> None:
    here = synced(homework(), TWO_DAYS)
    theirs = Dates(OPENS, OPENS + 15 * DAY, OPENS + 16 * DAY)
    set_dates(here, theirs)
    assert here.sync().actions == ()
    class_moves(here, Dates(OPENS, OPENS + 14 * DAY, OPENS + 15 * DAY))
    here.sync()
    assert dates_of(here) == Dates(OPENS, OPENS + 16 * DAY, OPENS + 17 * DAY)
    ended(here)
    (left,) = standing(here)
    assert (left.due.at, left.lock.at) == (theirs.due_at, theirs.lock_at)
    assert not here.overrides


def test_r3_only_the_date_that_was_given_more_is_kept() -> None:
    here = synced(homework(), TWO_DAYS)
    edited(here, lock=overridden_to(OPENS + 16 * DAY))
    class_moves(here, Dates(OPENS, OPENS + 14 * DAY, OPENS + 15 * DAY))
    here.sync()
    here.inputs = replace(here.inputs, rules=())
    (action,) = here.sync().actions
    assert not isinstance(action.change, DeleteOverride)
    (left,) = standing(here)
    assert (left.unlock.is_overridden, left.due.is_overridden, left.lock.at) == (False, False, OPENS + 16 * DAY)
