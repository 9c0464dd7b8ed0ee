"""Ending: what is restored, what stays for good, what waits (R3, R18, R19)."""

from dataclasses import replace

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import LedgerExtension, LedgerOverride, LedgerPart, OverrideBefore, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule
from accommodations.planning.statuses import Reason, Status
from accommodations.planning.titles import override_title
from canvas_bridge.changes import (
    DeleteOverride,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    CourseState,
    Dates,
    ObservedAttempt,
    ObservedExtension,
    ObservedOverride,
    ObservedSubmission,
    overridden_to,
)
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    ONE_MORE,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    course,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    quiz,
    section_override,
    time,
    wide,
    with_overrides,
)
from tests.accommodations.planning.canvas_model import world

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
GRANTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
PUT_DATES = LedgerOverride(ANA, HOMEWORK, 900, put=GRANTED, class_dates=homework().base_dates)
PUT_MINUTES = LedgerExtension(ANA, QUIZ, put_minutes=30, before_minutes=10)


def ours(dates: Dates = GRANTED, **edited: object) -> ObservedOverride:
    given = {"unlock": dates.unlock_at, "due": dates.due_at, "lock": dates.lock_at, **edited}
    return ad_hoc(ANA, **given)


def ended_dates(assessment: AssessmentFacts, entry: LedgerOverride = PUT_DATES, **fields: object) -> PlanningInputs:
    return inputs(facts(assessment, **fields), ledger_overrides=(entry,))


def ended_minutes(assessment: AssessmentFacts, minutes: int = 30, **fields: object) -> PlanningInputs:
    held = (ObservedExtension(QUIZ, ANA, minutes),)
    return inputs(facts(assessment, extensions=held, **fields), ledger_extensions=(PUT_MINUTES,))


def test_r3_an_override_that_is_only_ours_is_deleted() -> None:
    plan = plan_course(ended_dates(with_overrides(homework(), ours())))
    (action,) = plan.actions
    assert action.change == DeleteOverride(12, 900, ANA)
    assert action.is_shrinking
    assert action.ledger_override is None
    assert "our dates are taken back" in action.sentence
    assert only_pair(plan).reason is Reason.PLANNED


def test_r3_an_instructors_override_is_restored() -> None:
    before = OverrideBefore("Ana's dates", NOT_OVERRIDDEN, overridden_to(OPENS + 4 * DAY), NOT_OVERRIDDEN)
    entry = replace(PUT_DATES, before=before)
    moved_out = replace(ours(), title=override_title(key=KEY, canvas_user_id=ANA, assessment_key=HOMEWORK))
    plan = plan_course(ended_dates(with_overrides(homework(), moved_out), entry))
    assert plan.actions[0].change == UpdateOverride(
        12, 900, ANA, NOT_OVERRIDDEN, overridden_to(OPENS + 4 * DAY), NOT_OVERRIDDEN, title="Ana's dates"
    )
    (in_place,) = plan_course(ended_dates(with_overrides(homework(), ours()), entry)).actions
    assert in_place.change == replace(plan.actions[0].change, title=None)


def test_r3_what_an_instructor_changed_since_is_kept() -> None:
    edited = with_overrides(homework(), ours(due=OPENS + 6 * DAY))
    (action,) = plan_course(ended_dates(edited)).actions
    assert action.change == UpdateOverride(12, 900, ANA, NOT_OVERRIDDEN, overridden_to(OPENS + 6 * DAY), NOT_OVERRIDDEN)
    all_edited = with_overrides(homework(), ours(unlock=None, due=OPENS + 7 * DAY, lock=OPENS + 8 * DAY))
    plan = plan_course(ended_dates(all_edited))
    assert (plan.actions, plan.pairs) == ((), ())
    (correction,) = plan.ledger_corrections
    assert (correction.part, correction.override) == (LedgerPart.OVERRIDE, None)


def test_r3_ours_that_somebody_deleted_is_forgotten() -> None:
    plan = plan_course(ended_dates(homework()))
    assert (plan.actions, plan.pairs) == ((), ())
    assert [correction.override for correction in plan.ledger_corrections] == [None]


def test_r3_minutes_go_back_to_what_stood_there_before() -> None:
    plan = plan_course(ended_minutes(wide()))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=10)
    assert plan.actions[0].ledger_extension is None
    assert plan.actions[0].is_shrinking


@pytest.mark.parametrize("minutes", [45, 20])
def test_r3_minutes_that_somebody_changed_since_are_kept(minutes: int) -> None:
    plan = plan_course(ended_minutes(wide(), minutes=minutes))
    assert (plan.actions, plan.pairs) == ((), ())
    assert [correction.extension for correction in plan.ledger_corrections] == [None]


def test_r3_ending_one_of_two_leaves_the_other() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30, put_attempts=1)
    held = (ObservedExtension(QUIZ, ANA, 30, 1),)
    plan = plan_course(inputs(facts(wide(), extensions=held), ONE_MORE, ledger_extensions=(entry,)))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=0)
    assert plan.actions[0].ledger_extension == LedgerExtension(ANA, QUIZ, put_attempts=1)
    assert only_pair(plan).status is Status.IN_PLACE


def test_a_new_quiz_is_ended_by_sending_zero_for_what_we_wrote() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30)
    quiz_ahead = new_quiz(base_dates=wide().base_dates)
    plan = plan_course(inputs(facts(quiz_ahead), ledger_extensions=(entry,)))
    assert plan.actions[0].change == SetNewQuizAccommodation(11, ANA, extra_minutes=0)


def test_an_assignments_attempts_are_taken_back() -> None:
    entry = LedgerExtension(ANA, HOMEWORK, put_attempts=2)
    held = (ObservedExtension(HOMEWORK, ANA, 0, 2),)
    plan = plan_course(inputs(facts(homework(), extensions=held), ledger_extensions=(entry,)))
    assert plan.actions[0].change == SetAssignmentExtension(12, ANA, 0)


def test_r1_nothing_is_taken_away_unread() -> None:
    minutes = inputs(facts(wide(), read=False), ledger_extensions=(PUT_MINUTES,))
    assert reads_needed(minutes).extensions_of == {QUIZ}
    assert reads_needed(minutes).submissions_of == {QUIZ}
    dates = inputs(facts(with_overrides(homework(), ours()), read=False), ledger_overrides=(PUT_DATES,))
    assert reads_needed(dates).submissions_of == {HOMEWORK}
    for given in (minutes, dates):
        plan = plan_course(given)
        assert (plan.actions, only_pair(plan).reason) == ((), Reason.PLANNED)


def test_nobody_can_have_handed_in_what_is_unpublished() -> None:
    hidden = homework(is_published=False, overrides=(ours(),))
    given = inputs(facts(hidden, read=False), ledger_overrides=(PUT_DATES,))
    assert not reads_needed(given)
    assert len(plan_course(given).actions) == 1


def test_r18_a_what_is_over_stays_for_good() -> None:
    over = Dates(NOW - 9 * DAY, NOW - HOUR, NOW - HOUR)
    past = with_overrides(homework(base_dates=Dates(NOW - 9 * DAY, NOW - 3 * DAY, NOW - 3 * DAY)), ours(over))
    plan = plan_course(ended_dates(past, replace(PUT_DATES, put=over)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)
    closed = wide(base_dates=Dates(NOW - 9 * DAY, None, NOW - HOUR))
    assert only_pair(plan_course(ended_minutes(closed))).reason is Reason.OVER


def test_r18_a_a_due_date_of_ours_that_has_passed_is_enough() -> None:
    due_passed = Dates(OPENS - 9 * DAY, NOW - HOUR, None)
    assessment = with_overrides(homework(base_dates=Dates(OPENS - 9 * DAY, NOW - DAY, None)), ours(due_passed))
    plan = plan_course(ended_dates(assessment, replace(PUT_DATES, put=due_passed)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)


def test_r18_b_what_was_handed_in_stays() -> None:
    handed_in = (ObservedSubmission(HOMEWORK, ANA, has_submitted=True),)
    plan = plan_course(ended_dates(with_overrides(homework(), ours()), submissions=handed_in))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)


@pytest.mark.parametrize("unlock", [NOW - DAY, NOW, None])
def test_r18_c_what_is_open_now_waits_until_it_is_over(unlock: object) -> None:
    dates = replace(GRANTED, unlock_at=unlock)
    is_open = with_overrides(homework(base_dates=replace(homework().base_dates, unlock_at=unlock)), ours(dates))
    given = ended_dates(is_open, replace(PUT_DATES, put=dates), read=False)
    plan = plan_course(given)
    assert (plan.actions, only_pair(plan).status, only_pair(plan).reason) == ((), Status.WAITING, Reason.UNTIL_OVER)
    assert not reads_needed(given)


def test_r18_c_an_unlock_that_staff_chose_stays_while_it_is_open_and_a_copied_one_follows_the_class() -> None:
    """Moved to the class's later unlock, it would close an exam that the student sits right now."""
    early = replace(GRANTED, unlock_at=NOW - HOUR)
    is_open = with_overrides(homework(), ours(early))
    chosen = ended_dates(is_open, replace(PUT_DATES, put=early, class_dates=homework().base_dates))
    assert plan_course(chosen).actions == ()
    was = replace(homework().base_dates, unlock_at=NOW - HOUR)
    (follows,) = plan_course(ended_dates(is_open, replace(PUT_DATES, put=early, class_dates=was))).actions
    assert follows.after.dates == replace(early, unlock_at=homework().base_dates.unlock_at)


def test_r18_c_nothing_is_taken_back_from_a_quiz_before_its_attempts_are_read() -> None:
    """Submissions do not show an attempt that is running."""
    dates = Dates(NOW - 3 * DAY, NOW + 5 * DAY, NOW + 5 * DAY)
    base = Dates(OPENS, OPENS + DAY, OPENS + DAY)
    put = replace(PUT_DATES, assessment_key=QUIZ, put=replace(dates, unlock_at=OPENS))
    stands = with_overrides(quiz(base_dates=base), ours(put.put))
    unread = ended_dates(stands, put, extensions_read=frozenset())
    assert reads_needed(unread).extensions_of == {QUIZ}
    assert plan_course(unread).actions == ()


def test_r1_attempts_on_an_assignment_are_not_taken_back_before_what_stands_there_is_read() -> None:
    """Somebody may have given more by hand since."""
    put = LedgerExtension(ANA, HOMEWORK, put_attempts=1)
    unread = inputs(facts(homework(allowed_attempts=2), extensions_read=frozenset()), ledger_extensions=(put,))
    assert reads_needed(unread).extensions_of == {HOMEWORK}
    assert plan_course(unread).actions == ()


def test_r18_c_a_running_attempt_waits_even_where_the_quiz_has_closed() -> None:
    attempt = ObservedAttempt(QUIZ, ANA, 1, is_running=True, has_begun=True, started_at=NOW - HOUR, end_at=NOW + HOUR)
    plan = plan_course(ended_minutes(wide(), attempts=(attempt,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNTIL_OVER)


@pytest.mark.parametrize("fields", [{"state": CourseState.UNPUBLISHED}, {"starts_at": NOW + DAY}])
def test_r18_c_nothing_is_open_before_the_course_is(fields: dict[str, object]) -> None:
    dates = replace(GRANTED, unlock_at=None)
    base = replace(homework().base_dates, unlock_at=None)
    ahead = with_overrides(homework(base_dates=base), ours(dates))
    plan = plan_course(ended_dates(ahead, replace(PUT_DATES, put=dates), course=course(**fields)))
    assert [type(action.change) for action in plan.actions] == [DeleteOverride]


def test_r18_a_smaller_grant_waits_too_while_it_is_open() -> None:
    dates = replace(GRANTED, unlock_at=NOW - DAY)
    base = replace(homework().base_dates, unlock_at=NOW - DAY)
    is_open = with_overrides(homework(base_dates=base), ours(dates))
    entry = replace(PUT_DATES, put=dates, class_dates=base)
    plan = plan_course(inputs(facts(is_open), replace(TWO_DAYS, amount=1), ledger_overrides=(entry,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)


def test_r18_what_stays_still_follows_a_class_that_became_more_generous() -> None:
    dates = Dates(NOW - DAY, OPENS + 5 * DAY, OPENS + 6 * DAY)
    base = Dates(NOW - DAY, OPENS + 9 * DAY, OPENS + 9 * DAY)
    outgrown = with_overrides(homework(base_dates=base), ours(dates))
    plan = plan_course(ended_dates(outgrown, replace(PUT_DATES, put=dates)))
    assert [type(action.change) for action in plan.actions] == [DeleteOverride]
    partly = with_overrides(homework(base_dates=replace(base, due_at=OPENS)), ours(dates))
    (action,) = plan_course(ended_dates(partly, replace(PUT_DATES, put=dates))).actions
    assert action.after.dates == Dates(NOW - DAY, OPENS + 5 * DAY, OPENS + 9 * DAY)


def test_r19_ours_is_not_deleted_while_it_is_what_assigns() -> None:
    assigned_by_us = homework(only_visible_to_overrides=True, overrides=(ours(),))
    plan = plan_course(ended_dates(assigned_by_us))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.WOULD_UNASSIGN)
    by_section = replace(assigned_by_us, overrides=(ours(), section_override()))
    assert [type(action.change) for action in plan_course(ended_dates(by_section)).actions] == [DeleteOverride]


def test_a_concluded_course_keeps_what_was_put() -> None:
    concluded = course(state=CourseState.COMPLETED)
    dates = plan_course(ended_dates(with_overrides(homework(), ours()), course=concluded))
    assert (dates.actions, only_pair(dates).reason) == ((), Reason.COURSE_CONCLUDED)
    minutes = plan_course(ended_minutes(wide(), course=concluded))
    assert (minutes.actions, only_pair(minutes).reason) == ((), Reason.COURSE_CONCLUDED)


def test_an_exception_takes_back_what_was_put() -> None:
    exception = ExceptionRule(ANA, HOMEWORK, "Essential")
    given = inputs(
        facts(with_overrides(homework(), ours())), TWO_DAYS, ledger_overrides=(PUT_DATES,), exceptions=(exception,)
    )
    plan = plan_course(given)
    assert [type(action.change) for action in plan.actions] == [DeleteOverride]
    assert only_pair(plan).reason is Reason.PLANNED
    after = replace(given, facts=facts(homework()), ledger_overrides=())
    assert only_pair(plan_course(after)).reason is Reason.EXCEPTION


def test_dates_that_are_no_longer_needed_are_taken_back() -> None:
    fitted = Dates(OPENS, OPENS + 90 * MINUTE, OPENS + 90 * MINUTE)
    entry = LedgerOverride(ANA, QUIZ, 900, put=fitted, class_dates=quiz().base_dates)
    widened = with_overrides(wide(), ours(fitted))
    plan = plan_course(inputs(facts(widened), time(), ledger_overrides=(entry,)))
    assert {type(action.change) for action in plan.actions} == {SetQuizExtension, DeleteOverride}


def test_shrinking_comes_last_in_the_plan() -> None:
    ended = with_overrides(homework(canvas_assignment_id=10), ours())
    entry = replace(PUT_DATES, assessment_key="assignment:10")
    only_quiz = replace(inputs(facts(ended, quiz())).settings)
    given = inputs(facts(ended, quiz()), ledger_overrides=(entry,), settings=only_quiz)
    given = replace(given, rules=inputs(facts(), time()).rules)
    kinds = [action.is_shrinking for action in plan_course(given).actions]
    assert kinds == sorted(kinds)
    assert kinds.count(True) == 1


def test_the_whole_way_there_and_back_leaves_canvas_as_it_was() -> None:
    start = facts(quiz(), homework(), with_overrides(homework(canvas_assignment_id=13), ad_hoc(ANA, due=OPENS)))
    here = world(inputs(start, time(), ONE_MORE, TWO_DAYS), {(ANA, QUIZ): (10, 0)})
    before = here.canvas.facts.assessments
    assert len(here.sync().actions) >= 5
    assert here.sync().actions == ()
    assert all(pair.status is Status.IN_PLACE for pair in plan_course(here.observe()).pairs)
    here.inputs = replace(here.inputs, rules=())
    assert here.sync().actions
    last = here.sync()
    assert (last.actions, last.pairs, here.extensions, here.overrides) == ((), (), {}, {})
    assert here.canvas.facts.assessments == before
    assert here.canvas.extensions[ANA, QUIZ] == (10, 0)
