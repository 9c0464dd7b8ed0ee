"""What one wrong word about a pair would break unnoticed: who has what, what is open or begun, where dates end."""

from dataclasses import replace
from datetime import datetime

import pytest

from accommodations.planning.early_unlock import is_late_copy_of_unlock
from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import (
    LedgerExtension,
    LedgerOverride,
    OverrideBefore,
    PlannedAction,
    PlanningInputs,
    ReadsNeeded,
    Values,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule, Scope
from accommodations.planning.statuses import Reason
from accommodations.planning.titles import override_title
from canvas_bridge.changes import DeleteOverride, SetNewQuizAccommodation
from canvas_bridge.facts import (
    AssessmentFacts,
    AssessmentKind,
    CourseState,
    Dates,
    GradingPeriod,
    ObservedAttempt,
    ObservedExtension,
    ObservedOverride,
    OverrideTarget,
    overridden_to,
)
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    GROUP,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    course,
    exact,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    rule,
    section_override,
    student,
    time,
    wide,
    with_overrides,
)

QUIZ, HOMEWORK = "assignment:11", "assignment:12"


def written(assessment: AssessmentFacts, *amounts: object, **fields: object) -> Dates | None:
    """Return the dates that the plan writes for Ana, or None."""
    plan = plan_course(inputs(facts(assessment, **fields), *amounts))
    found = [action.after.dates for action in plan.actions if action.after.dates is not None]
    return found[0] if found else None


# Class dates


def test_r10_each_students_class_dates_are_their_groups_and_modules_own() -> None:
    of_group = ObservedOverride(
        800, "Group", OverrideTarget.GROUP, canvas_target_id=GROUP, due=overridden_to(OPENS + 9 * DAY)
    )
    of_module = ad_hoc(BO, override_id=801, due=OPENS + 20 * DAY, module=7)
    rules = [rule(TWO_DAYS, accommodation_id=user, canvas_user_id=user) for user in (ANA, BO, 7)]
    students = (student(ANA, canvas_group_ids=frozenset({GROUP})), student(BO), student(7))

    def dues(*overrides: ObservedOverride) -> dict[int, object]:
        plan = plan_course(inputs(facts(with_overrides(homework(), *overrides), students=students), *rules))
        return {one.canvas_user_id: one.class_dates.due_at for one in plan.pairs}

    assert dues(of_group) == {ANA: OPENS + 9 * DAY, BO: OPENS + 3 * DAY, 7: OPENS + 3 * DAY}
    assert dues(of_module)[BO] == OPENS + 20 * DAY
    assert dues(of_module)[ANA] == dues(of_module)[7] == OPENS + 3 * DAY


def test_a_term_rule_without_a_term_counts_in_no_course_of_no_term() -> None:
    termless = facts(wide(), course=course(canvas_term_id=None))
    assert plan_course(inputs(termless, rule(time(), scope=Scope.TERM))).pairs == ()


# Open, begun, handed in (R18)


def ended(assessment: AssessmentFacts, **fields: object) -> PlanningInputs:
    """Return a course in which 30 minutes of ours stand and nothing is granted any more."""
    held = (ObservedExtension(QUIZ, ANA, 30),)
    return inputs(
        facts(assessment, extensions=held, **fields), ledger_extensions=(LedgerExtension(ANA, QUIZ, put_minutes=30),)
    )


IS_OPEN = Dates(NOW - HOUR, NOW + DAY, NOW + DAY)


@pytest.mark.parametrize(
    ("fields", "of_course", "reason"),
    [
        ({}, {}, Reason.UNTIL_OVER),
        ({"is_published": False}, {}, Reason.PLANNED),
        ({}, {"state": CourseState.UNPUBLISHED}, Reason.PLANNED),
        ({}, {"starts_at": NOW + MINUTE}, Reason.PLANNED),
        ({}, {"starts_at": NOW}, Reason.UNTIL_OVER),
    ],
)
def test_r18_c_open_is_what_the_student_can_work_on_now(
    fields: dict[str, object], of_course: dict[str, object], reason: Reason
) -> None:
    plan = plan_course(ended(wide(base_dates=IS_OPEN, **fields), course=course(**of_course)))
    assert only_pair(plan).reason is reason
    assert len(plan.actions) == (reason is Reason.PLANNED)


def test_r18_b_a_finished_attempt_is_handed_in_and_one_only_made_for_the_extension_is_not() -> None:
    attempt = ObservedAttempt(QUIZ, ANA, 1, is_running=False, has_begun=True, finished_at=NOW - HOUR)
    plan = plan_course(ended(wide(), attempts=(attempt,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)
    settings_only = replace(attempt, has_begun=False, finished_at=None)
    assert len(plan_course(ended(wide(), attempts=(settings_only,))).actions) == 1


# Ends (R11)


def test_r11_a_closed_period_is_that_of_the_students_own_due() -> None:
    closed = GradingPeriod("First half", NOW - 60 * DAY, NOW - 4 * DAY, NOW - DAY)
    later = GradingPeriod("Second half", NOW - 4 * DAY, NOW + 30 * DAY, NOW + 30 * DAY)
    late = homework(base_dates=Dates(NOW - 9 * DAY, NOW - 5 * DAY, NOW + 9 * DAY))
    of_their_own = with_overrides(late, ad_hoc(ANA, due=NOW + HOUR, lock=NOW + 9 * DAY))
    given = {"course": course(grading_periods=(closed, later))}
    assert written(late, exact(due=NOW + 5 * DAY), **given) is None
    assert written(of_their_own, exact(due=NOW + 5 * DAY), **given) == Dates(
        NOW - 9 * DAY, NOW + 5 * DAY, NOW + 9 * DAY
    )


def test_r11_a_sitting_beyond_the_courses_end_stays_as_stated_where_the_class_goes_on_longer() -> None:
    ends = OPENS + DAY
    start = OPENS + 2 * DAY
    open_ended = wide(base_dates=Dates(OPENS, OPENS + 9 * DAY, OPENS + 9 * DAY))
    sitting = exact(sitting=True, unlock=start, due=start + HOUR, lock=start + HOUR)
    assert written(open_ended, sitting, course=course(ends_at=ends)) == Dates(start, start + HOUR, start + HOUR)


def test_r11_a_lock_capped_at_the_courses_end_is_not_left_before_a_due_beyond_it() -> None:
    ends = OPENS + 5 * DAY
    beyond = with_overrides(homework(), section_override(due=OPENS + 7 * DAY))
    assert written(beyond, TWO_DAYS, course=course(ends_at=ends)) == Dates(OPENS, OPENS + 7 * DAY, OPENS + 7 * DAY)


def test_r11_a_grading_period_that_ends_at_the_tokens_midnight_is_not_passed_by_the_minute_of_r8() -> None:
    midnight = OPENS.replace(hour=7) + 4 * DAY  # 00:00 in Denver
    period = GradingPeriod("First half", NOW - 60 * DAY, midnight, NOW + 90 * DAY)
    dates = written(homework(), TWO_DAYS, course=course(grading_periods=(period,)))
    assert dates == Dates(OPENS, midnight - MINUTE, OPENS + 6 * DAY)


# New Quizzes whose last answer was lost


def uncertain(assessment: AssessmentFacts, *amounts: object, put: int = 60, read: bool = True) -> PlanningInputs:
    return inputs(
        facts(assessment, read=read),
        *amounts,
        ledger_extensions=(LedgerExtension(ANA, QUIZ, put_minutes=put),),
        uncertain_extensions=frozenset({(ANA, QUIZ)}),
    )


def test_r13_r19_an_uncertain_grant_is_not_sent_again_to_a_student_who_does_not_have_it() -> None:
    roomy = new_quiz(base_dates=Dates(OPENS, None, OPENS + 2 * DAY), only_visible_to_overrides=True)
    plan = plan_course(uncertain(roomy, time()))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.WOULD_ASSIGN)


def test_r18_an_uncertain_value_is_lowered_only_once_submissions_were_read() -> None:
    roomy = new_quiz(base_dates=Dates(OPENS, None, OPENS + 2 * DAY))
    unread = uncertain(roomy, time(), read=False)
    assert reads_needed(unread) == ReadsNeeded(submissions_of=frozenset({QUIZ}))
    (action,) = plan_course(unread).actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=60)
    (action,) = plan_course(uncertain(roomy, time())).actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=30)


# R18 for each way in which a grant ends


@pytest.mark.parametrize("how", ["expired", "replaced", "exception", "revoked"])
@pytest.mark.parametrize(("dates", "reason"), [("over", Reason.OVER), ("open", Reason.UNTIL_OVER), ("ahead", None)])
def test_r18_every_way_of_ending_leaves_what_is_over_or_open_and_takes_back_what_is_ahead(
    how: str, dates: str, reason: Reason | None
) -> None:
    base = {
        "over": Dates(NOW - 9 * DAY, NOW - 6 * DAY, NOW - 5 * DAY),
        "open": Dates(NOW - DAY, NOW + DAY, NOW + 2 * DAY),
        "ahead": Dates(OPENS, OPENS + 3 * DAY, OPENS + 4 * DAY),
    }[dates]
    put = Dates(base.unlock_at, base.due_at + 2 * DAY, base.lock_at + 2 * DAY)
    ours = ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    rules = {
        "expired": (rule(TWO_DAYS, effective_until=(NOW - 30 * DAY).date()),),
        "replaced": (rule(time()),),
        "exception": (rule(TWO_DAYS),),
        "revoked": (),
    }[how]
    exceptions = () if how != "exception" else (ExceptionRule(ANA, HOMEWORK, "It is what is examined."),)
    entry = LedgerOverride(ANA, HOMEWORK, 900, put=put, class_dates=base)
    given = inputs(
        facts(with_overrides(homework(base_dates=base), ours)),
        *rules,
        ledger_overrides=(entry,),
        exceptions=exceptions,
    )
    plan = plan_course(given)
    if reason is None:
        assert [type(action.change) for action in plan.actions] == [DeleteOverride]
    else:
        assert plan.actions == ()
        if how in ("expired", "revoked"):
            assert only_pair(plan).reason is reason


def test_r6_a_shift_that_a_replacing_one_lowers_stays_while_it_is_open() -> None:
    base = Dates(NOW - DAY, NOW + DAY, NOW + 2 * DAY)
    put = Dates(base.unlock_at, NOW + 3 * DAY, NOW + 4 * DAY)
    ours = ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    less = replace(TWO_DAYS, amount=1)
    entry = LedgerOverride(ANA, HOMEWORK, 900, put=put, class_dates=base)
    given = inputs(facts(with_overrides(homework(base_dates=base), ours)), rule(less), ledger_overrides=(entry,))
    assert (plan_course(given).actions, only_pair(plan_course(given)).reason) == ((), Reason.READ_BACK)
    ahead = replace(base, unlock_at=NOW + HOUR)
    stands = replace(ours, unlock=overridden_to(ahead.unlock_at))
    moved = replace(entry, put=replace(put, unlock_at=ahead.unlock_at), class_dates=ahead)
    (action,) = plan_course(
        replace(
            given,
            facts=facts(with_overrides(homework(base_dates=ahead), stands)),
            ledger_overrides=(moved,),
        )
    ).actions
    assert action.after.dates == Dates(ahead.unlock_at, NOW + 2 * DAY, NOW + 3 * DAY)


def test_practice_quizzes_surveys_and_what_is_outside_canvas_never_stop_the_rest() -> None:
    kinds = (AssessmentKind.PRACTICE_QUIZ, AssessmentKind.SURVEY, AssessmentKind.EXTERNAL_TOOL, AssessmentKind.ON_PAPER)
    odd = tuple(
        replace(
            wide(),
            kind=kind,
            canvas_assignment_id=None if number < 2 else 50 + number,
            canvas_quiz_id=50 + number if number < 2 else None,
            time_limit_minutes=60 if number < 2 else None,
        )
        for number, kind in enumerate(kinds)
    )
    plan = plan_course(inputs(facts(*odd, wide()), time()))
    reasons = {one.assessment_key: one.reason for one in plan.pairs}
    assert reasons == {
        "quiz:50": Reason.PLANNED,
        "quiz:51": Reason.PLANNED,
        "assignment:52": Reason.OUTSIDE_CANVAS,
        "assignment:53": Reason.OUTSIDE_CANVAS,
        QUIZ: Reason.PLANNED,
    }


# Which of ours is known again, and what an early look is


def test_f30_a_title_of_ours_on_the_classs_own_dates_makes_it_none_of_ours() -> None:
    title = override_title(key=KEY, canvas_user_id=ANA, assessment_key=HOMEWORK)
    base = homework().base_dates
    titled = ad_hoc(ANA, unlock=base.unlock_at, due=base.due_at, lock=base.lock_at, title=title)
    capped = course(ends_at=OPENS)  # nothing may be set beyond it: what the class has stays
    plan = plan_course(inputs(facts(with_overrides(homework(), titled), course=capped), TWO_DAYS))
    assert (plan.actions, plan.ledger_corrections) == ((), ())


@pytest.mark.parametrize(
    ("before", "after", "is_late"),
    [
        (NOW + 2 * HOUR, OPENS, True),
        (NOW + 2 * HOUR + MINUTE, OPENS, False),
        (None, OPENS, True),
        (NOW + HOUR, NOW + HOUR, False),
        (NOW + HOUR, NOW, False),
        (NOW + HOUR, None, False),
    ],
)
def test_r12_the_early_look_is_an_unlock_that_moves_later_from_within_two_hours(
    before: datetime | None, after: datetime | None, is_late: bool
) -> None:
    action = PlannedAction(
        ANA, HOMEWORK, DeleteOverride(12, 900, ANA), Values(dates=Dates(before)), Values(dates=Dates(after)), ""
    )
    assert is_late_copy_of_unlock(action, NOW) is is_late


def test_r3_what_is_all_theirs_by_now_is_given_up_without_a_write() -> None:
    put = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
    theirs = OverrideBefore("Ana", overridden_to(OPENS), overridden_to(put.due_at), overridden_to(put.lock_at))
    stands = ad_hoc(ANA, unlock=OPENS, due=put.due_at, lock=put.lock_at)
    entry = LedgerOverride(ANA, HOMEWORK, 900, put=put, before=theirs, class_dates=homework().base_dates)
    plan = plan_course(inputs(facts(with_overrides(homework(), stands)), ledger_overrides=(entry,)))
    assert (plan.actions, plan.pairs) == ((), ())
    (correction,) = plan.ledger_corrections
    assert correction.override is None


@pytest.mark.parametrize("fields", [{"state": CourseState.COMPLETED}, {}])
def test_r18_a_what_is_over_is_told_as_over_and_not_as_in_the_way(fields: dict[str, object]) -> None:
    base = Dates(NOW - 9 * DAY, NOW - 6 * DAY, NOW - 5 * DAY)
    put = Dates(base.unlock_at, NOW - 4 * DAY, NOW - 3 * DAY)
    shared = ad_hoc(ANA, BO, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    entry = LedgerOverride(ANA, HOMEWORK, 900, put=put, class_dates=base)
    given = facts(with_overrides(homework(base_dates=base), shared), course=course(**fields))
    plan = plan_course(inputs(given, ledger_overrides=(entry,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.OVER)


@pytest.mark.parametrize(("due", "reason"), [(NOW, Reason.CLOSED), (NOW + MINUTE, Reason.PLANNED)])
def test_r12_without_a_lock_the_due_decides_what_is_past(due: datetime, reason: Reason) -> None:
    no_lock = wide(base_dates=Dates(NOW - 9 * DAY, due, None))
    assert only_pair(plan_course(inputs(facts(no_lock), time()))).reason is reason
