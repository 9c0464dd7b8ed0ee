"""Rules that count in certain assignment groups: which those are, and what is not known is not acted on."""

from dataclasses import replace
from typing import Any

import pytest

from accommodations.planning.assignment_groups import UnmatchedName, unmatched_names
from accommodations.planning.explain_pair import explained
from accommodations.planning.plan import Hold, HoldKind, LedgerOverride, PreviousPair
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.facts import AssignmentGroupFacts, Dates
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    NOW,
    TWO_DAYS,
    ad_hoc,
    facts,
    homework,
    inputs,
    only_pair,
    rule,
    with_overrides,
)

HOMEWORK = homework().key
OPENS, DUE, LOCK = NOW + DAY, NOW + 3 * DAY, NOW + 4 * DAY
EXAMS = AssignmentGroupFacts(31, "Exams")
PAPERS = AssignmentGroupFacts(32, "Papers")
MOVED = Dates(OPENS, DUE + 2 * DAY, LOCK + 2 * DAY)
OURS = LedgerOverride(ANA, HOMEWORK, 900, put=MOVED)


def two_days(**fields: Any) -> Any:
    return rule(TWO_DAYS, assignment_groups=frozenset({"Exams"}), **fields)


def in_group(group: AssignmentGroupFacts | None, *, overrides: Any = (), groups: Any = (EXAMS, PAPERS)) -> Any:
    """Return a course whose homework is in the group; None: the names were not read."""
    assessment = with_overrides(homework(base_dates=Dates(OPENS, DUE, LOCK), canvas_assignment_group_id=31), *overrides)
    if group is None:
        return facts(assessment)
    moved = replace(assessment, canvas_assignment_group_id=group.canvas_assignment_group_id)
    return facts(moved).with_groups_named(groups)


def put_by_us() -> Any:
    return ad_hoc(ANA, unlock=MOVED.unlock_at, due=MOVED.due_at, lock=MOVED.lock_at)


def test_r3_what_we_put_is_taken_back_when_the_assessment_leaves_the_group() -> None:
    left = plan_course(inputs(in_group(PAPERS, overrides=(put_by_us(),)), two_days(), ledger_overrides=(OURS,)))
    [action] = left.actions
    assert (type(action.change).__name__, action.is_shrinking) == ("DeleteOverride", True)
    stays = plan_course(inputs(in_group(EXAMS, overrides=(put_by_us(),)), two_days(), ledger_overrides=(OURS,)))
    assert (stays.actions, only_pair(stays).status) == ((), Status.IN_PLACE)


def test_r18_what_is_open_for_the_student_stays_though_the_assessment_has_left_the_group() -> None:
    known = in_group(PAPERS, overrides=(put_by_us(),))
    plan = plan_course(inputs(known, two_days(), ledger_overrides=(OURS,), now=OPENS + DAY))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNTIL_OVER)


def test_r3_nothing_is_taken_back_before_the_names_of_the_groups_are_read() -> None:
    plan = plan_course(inputs(in_group(None, overrides=(put_by_us(),)), two_days(), ledger_overrides=(OURS,)))
    assert (plan.actions, only_pair(plan).status) == ((), Status.WAITING)
    assert plan.reads_needed.group_names


def test_r1_a_group_that_was_renamed_still_counts_until_another_takes_its_name() -> None:
    renamed = replace(EXAMS, name="Tests", former_names=("Exams",))
    plan = plan_course(inputs(in_group(renamed, groups=(renamed, PAPERS)), two_days()))
    assert only_pair(plan).grant.dates == MOVED
    assert unmatched_names(["Exams"], [renamed, PAPERS]) == (UnmatchedName("Exams", ("Tests",)),)
    assert unmatched_names(["exams ", "Labs"], [EXAMS]) == (UnmatchedName("Labs"),)


def test_r12_what_is_over_or_was_missed_stays_as_known_until_the_names_are_read() -> None:
    late = LOCK + 9 * DAY
    assert plan_course(inputs(in_group(None), two_days(), now=late)).pairs == ()
    for status, reason in ((Status.IN_PLACE, Reason.OVER), (Status.MISSED, Reason.CLOSED)):
        before = PreviousPair(ANA, HOMEWORK, status, Reason.READ_BACK if reason is Reason.OVER else reason)
        plan = plan_course(inputs(in_group(None), two_days(), now=late, previous=(before,)))
        assert only_pair(plan).reason is reason


def test_a_pair_that_a_person_undid_stays_held_until_the_names_are_read() -> None:
    hold = Hold(ANA, HOMEWORK, HoldKind.UNDONE, by="Ruth", reason="Asked for.")
    plan = plan_course(inputs(in_group(None), two_days(), holds=(hold,)))
    assert (only_pair(plan).reason, plan.moot_holds) == (Reason.UNDONE, ())


@pytest.mark.parametrize(
    ("course", "why"),
    [
        (in_group(None), "Which assignment group this is in has not been read yet."),
        (in_group(PAPERS), "This is in the assignment group “Papers”."),
        (in_group(PAPERS, groups=(PAPERS,)), "There is no assignment group “Exams” in BIO 1."),
    ],
)
def test_r13_the_derivation_says_what_is_with_the_group(course: Any, why: str) -> None:
    told = explained(inputs(course, two_days()), canvas_user_id=ANA, assessment_key=HOMEWORK)
    assert told is not None
    [verdict] = told.rules
    assert why in verdict.why
    assert "“Exams” in every course" in verdict.words
