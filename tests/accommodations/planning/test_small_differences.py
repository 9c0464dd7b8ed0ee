"""Small differences that decide: each test fails where one condition of the planner is left out or turned round."""

from dataclasses import replace

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.pair_status import worst
from accommodations.planning.parts import Finding
from accommodations.planning.plan import LedgerExtension, LedgerOverride, OverrideBefore, PreviousFailure, ReadsNeeded
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExtraTime, ExtraTimeMethod
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import extra_minutes
from accommodations.planning.windows import TimeNeed, fitted
from canvas_bridge.changes import MoveOutOfSharedOverride, SetQuizExtension
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentKind,
    Dates,
    ObservedAttempt,
    ObservedExtension,
    ObservedSubmission,
    overridden_to,
)
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    rule,
    settings,
    student,
    time,
    wide,
    with_overrides,
)
from tests.accommodations.planning.canvas_model import world

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
GRANTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
ENTRY = LedgerOverride(ANA, HOMEWORK, 900, put=GRANTED, class_dates=homework().base_dates)
BOTH_STUDENTS = (student(), student(BO))


def ours(*others: int, override_id: int = 900) -> object:
    """Return our override as it stands, perhaps with students whom an instructor added to it."""
    return ad_hoc(ANA, *others, override_id=override_id, unlock=OPENS, due=GRANTED.due_at, lock=GRANTED.lock_at)


# What ended and stays


def test_f35_the_renewed_id_of_an_ended_override_that_is_held_is_kept_in_the_ledger() -> None:
    shared = with_overrides(homework(), ours(BO, override_id=950))
    plan = plan_course(inputs(facts(shared, students=BOTH_STUDENTS), ledger_overrides=(ENTRY,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.SHARED_OVERRIDE)
    assert [one.override and one.override.canvas_override_id for one in plan.ledger_corrections] == [950]


def test_r2_dates_of_ours_that_are_granted_less_stay_where_an_instructor_added_another_student() -> None:
    shared = with_overrides(homework(), ours(BO))
    given = inputs(facts(shared, students=BOTH_STUDENTS), replace(TWO_DAYS, amount=1), ledger_overrides=(ENTRY,))
    plan = plan_course(given)
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)


def test_r18_a_what_closes_at_this_very_moment_is_over() -> None:
    closing = wide(base_dates=Dates(NOW - DAY, NOW - HOUR, NOW))
    at_due = wide(base_dates=Dates(NOW - DAY, NOW, NOW + DAY))
    for one in (closing, at_due):
        held = facts(one, extensions=(ObservedExtension(QUIZ, ANA, 30),))
        plan = plan_course(inputs(held, ledger_extensions=(LedgerExtension(ANA, QUIZ, put_minutes=30),)))
        assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)


def test_r18_b_of_an_ungraded_quiz_only_attempts_are_read_before_minutes_go_back() -> None:
    practice = wide(kind=AssessmentKind.PRACTICE_QUIZ, canvas_assignment_id=None)
    given = inputs(facts(practice, read=False), ledger_extensions=(LedgerExtension(ANA, practice.key, put_minutes=30),))
    assert reads_needed(given) == ReadsNeeded(extensions_of=frozenset({practice.key}))
    held = (ObservedExtension(practice.key, ANA, 30),)
    read = replace(given, facts=facts(practice, extensions=held, submissions_read=frozenset()))
    assert [action.change for action in plan_course(read).actions] == [SetQuizExtension(21, ANA, extra_minutes=0)]


def test_r12_a_copied_unlock_follows_the_class_each_time_it_moves_while_ended_dates_stay() -> None:
    """R18 keeps due and lock while it is open; nobody sees it early, however often the class moves."""
    opened = homework(base_dates=Dates(NOW - HOUR, NOW + DAY, NOW + 2 * DAY))
    here = world(inputs(facts(opened, read=False), TWO_DAYS))
    here.sync()
    here.inputs = replace(here.inputs, rules=())
    for unlock_at in (NOW - HOUR / 2, NOW - HOUR / 4, NOW - MINUTE):
        here.canvas.edit(HOMEWORK, base_dates=replace(opened.base_dates, unlock_at=unlock_at))
        here.sync()
        assert here.sync().actions == ()
        (own,) = here.canvas.facts.assessments[0].overrides
        assert own.unlock.at == unlock_at
        assert own.due.at == NOW + 3 * DAY


# Attempts


def test_an_attempt_is_not_the_only_one_where_somebody_has_given_another() -> None:
    attempt = ObservedAttempt(
        QUIZ, ANA, 1, is_running=False, has_begun=True, started_at=NOW - 3 * HOUR, end_at=NOW - 2 * HOUR
    )
    is_open = wide(base_dates=Dates(NOW - DAY, NOW + DAY, NOW + DAY))

    def reason(extra_attempts: int) -> Reason:
        held = (ObservedExtension(QUIZ, ANA, 0, extra_attempts),)
        return only_pair(plan_course(inputs(facts(is_open, extensions=held, attempts=(attempt,)), time()))).reason

    assert (reason(0), reason(1)) == (Reason.BEGUN, Reason.PLANNED)


def test_a_new_quiz_with_attempts_left_is_written_without_a_look_at_submissions() -> None:
    dates = Dates(NOW - HOUR, NOW + DAY, NOW + DAY)
    only_one = inputs(facts(new_quiz(base_dates=dates), read=False), time())
    two = inputs(facts(new_quiz(base_dates=dates, allowed_attempts=2), read=False), time())
    assert (bool(reads_needed(only_one)), len(plan_course(only_one).actions)) == (True, 0)
    assert (bool(reads_needed(two)), len(plan_course(two).actions)) == (False, 1)


# Leaving a shared override


def test_r2_a_student_leaves_a_shared_override_of_what_is_unpublished_whenever_it_opens() -> None:
    both = ad_hoc(ANA, BO, due=OPENS + 4 * DAY)
    dates = Dates(NOW - DAY, OPENS + 3 * DAY, OPENS + 4 * DAY)
    for is_published, kinds in ((False, [MoveOutOfSharedOverride]), (True, [])):
        one = with_overrides(homework(base_dates=dates, is_published=is_published), both)
        plan = plan_course(inputs(facts(one, students=BOTH_STUDENTS), TWO_DAYS))
        assert [type(action.change) for action in plan.actions] == kinds


def test_r2_a_student_leaves_a_shared_override_of_a_quiz_only_once_its_attempts_were_read() -> None:
    both = ad_hoc(ANA, BO, due=OPENS + 2 * DAY, lock=OPENS + 2 * DAY)
    given = facts(with_overrides(wide(), both), students=BOTH_STUDENTS, extensions_read=frozenset())
    assert reads_needed(inputs(given, TWO_DAYS)) == ReadsNeeded(extensions_of=frozenset({QUIZ}))
    assert plan_course(inputs(given, TWO_DAYS)).actions == ()


# Windows and amounts


def test_r9_a_due_that_moves_takes_a_lock_with_it_that_had_room_for_itself() -> None:
    """The lock alone would not have to move, and is never left before due."""
    need = TimeNeed(HOUR, 30)
    moved = fitted(Dates(OPENS, OPENS + 80 * MINUTE, OPENS + 100 * MINUTE), need)
    assert moved == Dates(OPENS, OPENS + 110 * MINUTE, OPENS + 110 * MINUTE)


@pytest.mark.parametrize(
    "amount",
    [
        ExtraTime(ExtraTimeMethod.MINUTES, minutes=-1),
        ExtraTime(ExtraTimeMethod.MINUTES_PER_HOUR, minutes=-1),
        ExtraTime(ExtraTimeMethod.MINUTES),
        ExtraTime(ExtraTimeMethod.MULTIPLIER),
    ],
)
def test_r1_an_amount_that_would_take_time_away_is_no_amount(amount: ExtraTime) -> None:
    with pytest.raises(ValueError, match="must"):
        extra_minutes(amount, limit_minutes=rule(time()).amount.multiplier * 40)


# Refusals


def test_r13_what_waits_for_a_look_is_not_told_as_refused() -> None:
    """Nothing is tried: the refusal was of something else."""
    refused = PreviousFailure(ANA, QUIZ, Reason.REFUSED, "not now")
    looked_at = settings(nobody_sets_new_quizzes_by_hand=False)
    ahead = new_quiz(base_dates=wide().base_dates)
    plan = plan_course(inputs(facts(ahead), time(), failures=(refused,), settings=looked_at))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.PLANNED)
    assert "waits for a look" in only_pair(plan).sentence


def test_r13_a_rise_goes_on_where_canvas_refuses_to_show_what_a_shrinking_beside_it_waits_for() -> None:
    both = LedgerExtension(ANA, QUIZ, put_minutes=30, put_attempts=1)
    held = facts(
        wide(),
        extensions=(ObservedExtension(QUIZ, ANA, 30, 1),),
        submissions_read=frozenset(),
        submissions_unreadable=frozenset({QUIZ}),
    )
    plan = plan_course(inputs(held, time("2"), ledger_extensions=(both,)))
    assert [action.change for action in plan.actions] == [SetQuizExtension(21, ANA, extra_minutes=60)]
    assert only_pair(plan).reason is Reason.PLANNED


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Reason.RUNNING_ATTEMPT_SHORT, Reason.REFUSED),
        (Reason.REFUSED, Reason.BEGUN),
        (Reason.CLOSED, Reason.PERMISSION_MISSING),
        (Reason.CHECKPOINTS, Reason.GUARD),
        (Reason.WOULD_UNASSIGN, Reason.PLANNED),
        (Reason.UNTIL_OVER, Reason.COURSE_END),
        (Reason.CAPPED_BY_CANVAS, Reason.ACCEPTED),
        (Reason.ACCEPTED, Reason.READ_BACK),
        (Reason.READ_BACK, Reason.OVER),
        (Reason.OVER, Reason.INSTRUCTOR_GIVES_AS_MUCH),
        (Reason.INSTRUCTOR_GIVES_AS_MUCH, Reason.NO_TIME_LIMIT),
    ],
)
def test_of_several_findings_what_needs_a_person_soonest_is_the_status(first: Reason, then: Reason) -> None:
    found = (Finding(then, "the one"), Finding(first, "the other"))
    assert worst(found) == worst(reversed(found)) == (found[1],)


def test_an_attempt_that_runs_short_is_told_before_the_refusal_of_its_minutes() -> None:
    attempt = ObservedAttempt(
        QUIZ, ANA, 1, is_running=True, has_begun=True, started_at=NOW - 10 * MINUTE, end_at=NOW + 50 * MINUTE
    )
    is_open = facts(wide(base_dates=Dates(NOW - DAY, NOW + DAY, NOW + DAY)), attempts=(attempt,))
    refused = PreviousFailure(ANA, QUIZ, Reason.REFUSED, "not now")
    plan = plan_course(inputs(is_open, time(), failures=(refused,)))
    assert (only_pair(plan).reason, only_pair(plan).short_by_minutes) == (Reason.RUNNING_ATTEMPT_SHORT, 30)
    assert len(plan.actions) == 1


def test_what_was_handed_in_is_past_though_an_instructor_gives_the_rest() -> None:
    """Dates of ours that ended stay on what was handed in; the minutes are the instructor's own."""
    ended = LedgerOverride(ANA, QUIZ, 900, put=GRANTED, class_dates=wide().base_dates)
    stands = with_overrides(wide(), ad_hoc(ANA, unlock=OPENS, due=GRANTED.due_at, lock=GRANTED.lock_at))
    given = facts(
        stands,
        extensions=(ObservedExtension(QUIZ, ANA, 90),),
        submissions=(ObservedSubmission(QUIZ, ANA, has_submitted=True),),
    )
    plan = plan_course(inputs(given, time(), ledger_overrides=(ended,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)


def test_r12_a_copied_unlock_follows_the_class_each_time_while_untimed_dates_stay_for_staff_to_decide() -> None:
    """The class's due moved earlier, and ours waits for a decision: its unlock is a copy all the same."""
    here = world(inputs(facts(homework(), read=False), TWO_DAYS))
    here.sync()
    for unlock_at in (OPENS + HOUR, OPENS + 2 * HOUR):
        here.canvas.edit(HOMEWORK, base_dates=Dates(unlock_at, OPENS + DAY, OPENS + 2 * DAY))
        here.sync()
        assert here.sync().actions == ()
        (own,) = here.canvas.facts.assessments[0].overrides
        assert (own.unlock.at, own.due.at) == (unlock_at, GRANTED.due_at)


@pytest.mark.parametrize(("minutes", "reason"), [(89, Reason.RUNNING_ATTEMPT_SHORT), (90, Reason.BEGUN)])
def test_an_attempt_is_told_as_running_short_only_while_its_granted_time_lasts(minutes: int, reason: Reason) -> None:
    """Canvas would lengthen it for a while yet, but there is nothing left to lengthen it by."""
    started_at = NOW - minutes * MINUTE
    attempt = ObservedAttempt(
        QUIZ, ANA, 1, is_running=True, has_begun=True, started_at=started_at, end_at=started_at + HOUR
    )
    is_open = facts(wide(base_dates=Dates(NOW - DAY, NOW + DAY, NOW + DAY)), attempts=(attempt,))
    assert only_pair(plan_course(inputs(is_open, time()))).reason is reason


def test_who_handed_in_early_without_the_minutes_has_missed_them() -> None:
    """Nobody knows what they would have done with them; only a later closing would have changed nothing."""
    started_at = NOW - 3 * HOUR
    attempt = ObservedAttempt(
        QUIZ, ANA, 1, is_running=False, has_begun=True, started_at=started_at, end_at=started_at + HOUR,
        finished_at=started_at + HOUR / 2,
    )  # fmt: skip
    is_open = facts(wide(base_dates=Dates(NOW - DAY, NOW + DAY, NOW + DAY)), attempts=(attempt,))
    assert only_pair(plan_course(inputs(is_open, time()))).reason is Reason.BEGUN


def test_r18_c_an_unlock_that_staff_chose_is_no_copy_though_the_class_opens_at_that_moment_too() -> None:
    """Taken for a copy it would follow the class's next move, and close what the student is at work on."""
    chosen = Dates(NOW - HOUR, OPENS + 5 * DAY, OPENS + 6 * DAY)
    entry = LedgerOverride(ANA, HOMEWORK, 900, put=chosen, class_dates=homework().base_dates)
    stands = ad_hoc(ANA, unlock=chosen.unlock_at, due=chosen.due_at, lock=chosen.lock_at)
    class_dates = Dates(NOW - HOUR, OPENS + 3 * DAY, OPENS + 9 * DAY)
    moved = with_overrides(homework(base_dates=class_dates), stands)
    (action,) = plan_course(inputs(facts(moved), ledger_overrides=(entry,))).actions
    assert action.after.dates == replace(chosen, lock_at=OPENS + 9 * DAY)
    assert action.ledger_override == replace(entry, put=action.after.dates)


MIDNIGHT = (OPENS + 4 * DAY).replace(hour=7)
"""00:00 in Denver, the token user's zone: Canvas would make it the end of that day."""


def test_r8_an_instructors_midnight_is_put_back_as_one_minute_past() -> None:
    before = OverrideBefore("Ana", NOT_OVERRIDDEN, overridden_to(MIDNIGHT), overridden_to(MIDNIGHT))
    given = inputs(facts(with_overrides(homework(), ours())), ledger_overrides=(replace(ENTRY, before=before),))
    (action,) = plan_course(given).actions
    written = overridden_to(MIDNIGHT + MINUTE)
    assert (action.change.due, action.change.lock) == (written, written)


def test_r2_nobody_leaves_a_shared_override_whose_own_date_canvas_would_move() -> None:
    for due, kinds in ((MIDNIGHT, []), (MIDNIGHT + MINUTE, [MoveOutOfSharedOverride])):
        both = with_overrides(homework(), ad_hoc(ANA, BO, due=due))
        plan = plan_course(inputs(facts(both, students=BOTH_STUDENTS), TWO_DAYS))
        assert [type(action.change) for action in plan.actions] == kinds
        assert only_pair(plan).reason is (Reason.PLANNED if kinds else Reason.SHARED_OVERRIDE)
