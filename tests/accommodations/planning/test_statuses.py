"""The table "Status of every pair": each reason from a course that has it, and which of several is told."""

from dataclasses import replace

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import (
    LedgerExtension,
    PairOutcome,
    PlanningInputs,
    PreviousFailure,
    PreviousPair,
    Values,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExtraAttempts
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from canvas_bridge.changes import SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import (
    AssessmentFacts,
    AssessmentKind,
    CourseState,
    Dates,
    EnrollmentState,
    ObservedExtension,
)
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    NO_LIMIT,
    NOW,
    ONE_MORE,
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
    quiz,
    settings,
    student,
    time,
    wide,
    with_overrides,
)

QUIZ = "assignment:11"
PUT = LedgerExtension(ANA, QUIZ, put_minutes=30)


def pair_of(given: PlanningInputs) -> PairOutcome:
    return only_pair(plan_course(given))


def reason_of(given: PlanningInputs) -> Reason:
    return pair_of(given).reason


def held(minutes: int = 0, attempts: int = 0, key: str = QUIZ) -> dict[str, object]:
    return {"extensions": (ObservedExtension(key, ANA, minutes, attempts),)}


def test_a_planned_extension_waits_and_says_its_numbers() -> None:
    plan = plan_course(inputs(facts(wide()), time(), ONE_MORE))
    (action,) = plan.actions
    assert action.change == SetQuizExtension(21, ANA, extra_minutes=30, extra_attempts=1)
    assert (action.before, action.after) == (Values(0, 0), Values(30, 1))
    assert action.ledger_extension == LedgerExtension(ANA, QUIZ, 30, 0, 1, 0)
    pair = only_pair(plan)
    assert (pair.status, pair.reason) == (Status.WAITING, Reason.PLANNED)
    assert pair.sentence == "Quiz 3: 60 min becomes 90 min (1.5×); 1 attempt becomes 2."
    assert pair.wanted == Values(30, 1, None)
    assert (pair.is_exam, pair.opens_at, pair.closes_at) == (True, OPENS, OPENS + 2 * DAY)


def test_what_was_read_and_stands_is_read_back() -> None:
    given = inputs(facts(wide(), **held(30)), time(), ledger_extensions=(PUT,))
    assert reason_of(given) is Reason.READ_BACK
    assert plan_course(given).actions == ()


@pytest.mark.parametrize(("is_read_back", "reason"), [(True, Reason.READ_BACK), (False, Reason.ACCEPTED)])
def test_what_was_not_read_again_stands_by_the_ledger(is_read_back: bool, reason: Reason) -> None:
    entry = replace(PUT, is_read_back=is_read_back)
    assert reason_of(inputs(facts(wide(), read=False), time(), ledger_extensions=(entry,))) is reason


def test_a_new_quiz_is_only_ever_accepted() -> None:
    plan = plan_course(inputs(facts(new_quiz(base_dates=wide().base_dates)), time(), ONE_MORE))
    assert plan.actions[0].change == SetNewQuizAccommodation(11, ANA, extra_minutes=30, extra_attempts=1)
    entry = LedgerExtension(ANA, QUIZ, 30, 0, 1, 0)
    given = inputs(facts(new_quiz(base_dates=wide().base_dates)), time(), ONE_MORE, ledger_extensions=(entry,))
    assert (reason_of(given), plan_course(given).actions) == (Reason.ACCEPTED, ())


def test_a_first_write_to_a_new_quiz_waits_for_a_look_where_others_set_them_by_hand() -> None:
    by_hand = settings(nobody_sets_new_quizzes_by_hand=False)
    plan = plan_course(inputs(facts(new_quiz(base_dates=wide().base_dates)), time(), settings=by_hand))
    assert plan.actions == ()
    assert only_pair(plan).reason is Reason.PLANNED
    assert "look in Canvas" in only_pair(plan).sentence


def test_extra_attempts_go_to_assignments_that_take_uploads() -> None:
    plan = plan_course(inputs(facts(homework()), ONE_MORE))
    assert plan.actions[0].change == SetAssignmentExtension(12, ANA, 1)
    assert plan.actions[0].sentence == "Homework 1: 1 attempt becomes 2."


@pytest.mark.parametrize(
    ("assessment", "amount", "reason"),
    [
        (homework(), time(), Reason.NO_TIME_LIMIT),
        (wide(time_limit_minutes=None), time(), Reason.NO_TIME_LIMIT),
        (homework(kind=AssessmentKind.NO_SUBMISSION), time(), Reason.NO_TIME_LIMIT),
        (homework(allowed_attempts=None), ONE_MORE, Reason.UNLIMITED_ATTEMPTS),
        (wide(allowed_attempts=None), ONE_MORE, Reason.UNLIMITED_ATTEMPTS),
        (homework(base_dates=Dates(OPENS)), TWO_DAYS, Reason.NO_DATE_TO_MOVE),
        (homework(), exact(due=OPENS), Reason.INSTRUCTOR_GIVES_AS_MUCH),
        (homework(kind=AssessmentKind.EXTERNAL_TOOL), time(), Reason.OUTSIDE_CANVAS),
        (homework(kind=AssessmentKind.ON_PAPER), time(), Reason.OUTSIDE_CANVAS),
        (homework(kind=AssessmentKind.EXTERNAL_TOOL), ONE_MORE, Reason.OUTSIDE_CANVAS),
        (homework(submission_types=("media_recording",)), ONE_MORE, Reason.OUTSIDE_CANVAS),
    ],
)
def test_some_grants_say_nothing_here_or_lie_outside_canvas(
    assessment: AssessmentFacts, amount: object, reason: Reason
) -> None:
    plan = plan_course(inputs(facts(assessment), amount))
    assert (plan.actions, only_pair(plan).reason) == ((), reason)


@pytest.mark.parametrize("kind", [AssessmentKind.EXTERNAL_TOOL, AssessmentKind.ON_PAPER])
def test_dates_still_move_on_what_is_taken_outside_canvas(kind: AssessmentKind) -> None:
    plan = plan_course(inputs(facts(homework(kind=kind)), TWO_DAYS, time()))
    assert len(plan.actions) == 1
    assert only_pair(plan).reason is Reason.OUTSIDE_CANVAS


def test_done_by_hand_settles_what_lies_outside_canvas() -> None:
    paper = homework(kind=AssessmentKind.ON_PAPER)
    done = frozenset({(ANA, paper.key)})
    assert reason_of(inputs(facts(paper), time(), done_by_hand=done)) is Reason.INSTRUCTOR_GIVES_AS_MUCH


def test_r8_more_than_canvas_takes_is_short_by_its_minutes() -> None:
    long = wide(time_limit_minutes=2000, base_dates=Dates(OPENS, None, None))
    given = inputs(facts(long, **held(10080)), time("10"), ledger_extensions=(LedgerExtension(ANA, QUIZ, 10080),))
    pair = pair_of(given)
    assert (pair.reason, pair.short_by_minutes) == (Reason.CAPPED_BY_CANVAS, 18000 - 10080)
    assert (pair.grant.extra_minutes, pair.wanted.extra_minutes if pair.wanted else None) == (18000, 10080)


def test_r8_no_time_limit_is_not_short() -> None:
    long = wide(base_dates=Dates(OPENS, None, None))
    given = inputs(facts(long, **held(10080)), NO_LIMIT, ledger_extensions=(LedgerExtension(ANA, QUIZ, 10080),))
    assert reason_of(given) is Reason.READ_BACK


def test_r9_the_classs_own_short_window_is_short_by_the_same_minutes() -> None:
    tight = quiz(base_dates=Dates(OPENS, None, OPENS + HOUR / 2))
    first = plan_course(inputs(facts(tight), time()))
    made = next(action for action in first.actions if action.ledger_override)
    dates = made.after.dates
    assert dates is not None
    stands = with_overrides(tight, ad_hoc(ANA, title="x", unlock=dates.unlock_at, due=dates.due_at, lock=dates.lock_at))
    entry = replace(made.ledger_override, canvas_override_id=900)
    pair = pair_of(inputs(facts(stands, **held(30)), time(), ledger_extensions=(PUT,), ledger_overrides=(entry,)))
    assert (pair.status, pair.reason, pair.short_by_minutes) == (Status.SHORT, Reason.CLASS_WINDOW, 30)


@pytest.mark.parametrize(
    ("fields", "reason", "dates_only"),
    [
        ({"in_closed_grading_period": True}, Reason.GRADING_PERIOD_CLOSED, True),
        ({"dates_locked_by_blueprint": True}, Reason.BLUEPRINT_LOCK, True),
        ({"in_paced_course": True}, Reason.PACED_COURSE, True),
        ({"has_checkpoints": True}, Reason.CHECKPOINTS, True),
        ({"only_visible_to_overrides": True}, Reason.WOULD_ASSIGN, False),
    ],
)
def test_r13_what_cannot_be_done_is_told_and_the_rest_goes_on(
    fields: dict[str, object], reason: Reason, dates_only: bool
) -> None:
    plan = plan_course(inputs(facts(quiz(**fields)), time()))
    assert only_pair(plan).reason is reason
    assert [type(action.change) for action in plan.actions] == ([SetQuizExtension] if dates_only else [])


def test_r13_a_practice_quiz_gets_its_minutes_but_no_dates() -> None:
    practice = quiz(kind=AssessmentKind.PRACTICE_QUIZ, canvas_assignment_id=None)
    plan = plan_course(inputs(facts(practice), time()))
    assert [action.change for action in plan.actions] == [SetQuizExtension(21, ANA, extra_minutes=30)]
    assert only_pair(plan).reason is Reason.UNGRADED_QUIZ


@pytest.mark.parametrize("amount", [TWO_DAYS, ONE_MORE])
def test_r13_a_group_assignment_is_held(amount: object) -> None:
    plan = plan_course(inputs(facts(homework(canvas_group_category_id=7)), amount))
    assert (plan.actions, only_pair(plan).status, only_pair(plan).reason) == ((), Status.HELD, Reason.GROUP_ASSIGNMENT)


def test_r13_a_concluded_course_blocks_and_its_students_are_still_told() -> None:
    over = course(state=CourseState.COMPLETED)
    concluded = student(state=EnrollmentState.COMPLETED)
    plan = plan_course(inputs(facts(quiz(), course=over, students=(concluded,)), time(), TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.COURSE_CONCLUDED)


@pytest.mark.parametrize("state", [EnrollmentState.INACTIVE, EnrollmentState.DELETED, EnrollmentState.COMPLETED])
def test_a_dropped_student_gets_nothing_and_the_ledger_stays(state: EnrollmentState) -> None:
    given = inputs(facts(quiz(), students=(student(state=state),)), time(), ledger_extensions=(PUT,))
    plan = plan_course(given)
    assert (plan.actions, plan.pairs, plan.ledger_corrections) == ((), (), ())
    assert not reads_needed(given)


def test_r13_unpublished_is_written_ahead() -> None:
    assert len(plan_course(inputs(facts(quiz(is_published=False)), time())).actions) == 2


@pytest.mark.parametrize("reason", [Reason.REFUSED, Reason.UNREACHABLE, Reason.PERMISSION_MISSING])
def test_r13_a_refused_pair_says_so_and_is_tried_again(reason: Reason) -> None:
    failure = PreviousFailure(ANA, QUIZ, reason, "user not authorized")
    plan = plan_course(inputs(facts(wide()), time(), failures=(failure,)))
    assert len(plan.actions) == 1
    assert only_pair(plan).reason is reason
    what = "did not answer" if reason is Reason.UNREACHABLE else "refused it"
    assert only_pair(plan).sentence.endswith(f"Canvas {what} last time.")
    assert "user not authorized" not in only_pair(plan).sentence  # the page shows Canvas's own words beside it
    settled = inputs(facts(wide(), **held(30)), time(), ledger_extensions=(PUT,), failures=(failure,))
    assert reason_of(settled) is Reason.READ_BACK


PAST = quiz(base_dates=Dates(NOW - 2 * DAY, NOW - DAY, NOW - DAY))


@pytest.mark.parametrize(
    ("status_reason", "expected"),
    [
        (Reason.READ_BACK, Reason.OVER),
        (Reason.ACCEPTED, Reason.OVER),
        (Reason.CLASS_WINDOW, Reason.OVER),
        (Reason.NO_TIME_LIMIT, Reason.OVER),
        (Reason.OVER, Reason.OVER),
        (Reason.PLANNED, Reason.CLOSED),
        (Reason.SHARED_OVERRIDE, Reason.CLOSED),
        (Reason.GRADING_PERIOD_CLOSED, Reason.CLOSED),
        (Reason.CLOSED, Reason.CLOSED),
        (Reason.BEGUN, Reason.BEGUN),
        (Reason.RUNNING_ATTEMPT_SHORT, Reason.BEGUN),
    ],
)
def test_r12_what_we_knew_before_it_closed_tells_past_from_missed(status_reason: Reason, expected: Reason) -> None:
    previous = PreviousPair(ANA, QUIZ, STATUS_OF[status_reason], status_reason)
    given = inputs(facts(PAST, read=False), time(), previous=(previous,))
    assert (reason_of(given), plan_course(given).actions) == (expected, ())


@pytest.mark.parametrize(("minutes", "reason"), [(30, Reason.OVER), (29, Reason.CLOSED), (0, Reason.CLOSED)])
def test_r12_a_past_pair_that_we_never_saw_is_read_once(minutes: int, reason: Reason) -> None:
    unread = inputs(facts(PAST, read=False), time())
    assert reads_needed(unread).extensions_of == {QUIZ}
    assert plan_course(unread).actions == ()
    assert reason_of(inputs(facts(PAST, **held(minutes)), time())) is reason


def test_r12_a_past_new_quiz_without_a_ledger_entry_is_missed() -> None:
    past = new_quiz(base_dates=PAST.base_dates)
    assert reason_of(inputs(facts(past, read=False), time())) is Reason.CLOSED
    assert reason_of(inputs(facts(past, read=False), time(), ledger_extensions=(PUT,))) is Reason.OVER


def test_r12_past_counts_from_the_grant_as_computed_now() -> None:
    yesterday = homework(base_dates=Dates(OPENS - 9 * DAY, NOW - DAY, NOW - DAY))
    plan = plan_course(inputs(facts(yesterday), TWO_DAYS))
    assert len(plan.actions) == 1
    assert only_pair(plan).reason is Reason.PLANNED
    long_ago = homework(base_dates=Dates(OPENS - 9 * DAY, NOW - 3 * DAY, NOW - 3 * DAY))
    assert reason_of(inputs(facts(long_ago), TWO_DAYS)) is Reason.CLOSED


def test_r12_without_lock_and_due_the_courses_end_decides() -> None:
    undated = homework(base_dates=Dates())
    assert reason_of(inputs(facts(undated, course=course(ends_at=NOW - DAY)), ONE_MORE)) is Reason.CLOSED
    assert reason_of(inputs(facts(undated, course=course(ends_at=NOW + DAY)), ONE_MORE)) is Reason.PLANNED
    assert reason_of(inputs(facts(undated, course=course(ends_at=None)), ONE_MORE)) is Reason.PLANNED


def test_r12_what_nobody_could_take_was_not_missed() -> None:
    assert reason_of(inputs(facts(replace(PAST, is_published=False)), time())) is Reason.OVER
    assert reason_of(inputs(facts(replace(PAST, only_visible_to_overrides=True)), time())) is Reason.OVER


def test_past_outside_canvas_is_missed_until_somebody_writes_that_it_was_done() -> None:
    paper = homework(kind=AssessmentKind.ON_PAPER, base_dates=PAST.base_dates)
    assert reason_of(inputs(facts(paper), time())) is Reason.CLOSED
    done = frozenset({(ANA, paper.key)})
    assert reason_of(inputs(facts(paper), time(), done_by_hand=done)) is Reason.OVER


def test_past_and_not_needed_is_past() -> None:
    assert reason_of(inputs(facts(homework(base_dates=PAST.base_dates)), time())) is Reason.OVER


def test_the_worst_field_is_told() -> None:
    blocked = plan_course(inputs(facts(quiz(dates_locked_by_blueprint=True)), time(), ONE_MORE))
    assert only_pair(blocked).status is Status.BLOCKED
    waiting = plan_course(inputs(facts(wide(allowed_attempts=None)), time(), ExtraAttempts(2)))
    assert only_pair(waiting).status is Status.WAITING
    in_place = inputs(facts(wide(allowed_attempts=None), **held(30)), time(), ONE_MORE, ledger_extensions=(PUT,))
    assert pair_of(in_place).status is Status.IN_PLACE


def test_an_extension_that_others_gave_is_enough_and_never_lowered() -> None:
    plan = plan_course(inputs(facts(wide(), **held(45)), time()))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)
    plan = plan_course(inputs(facts(wide(), **held(20)), time()))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=30)
    assert plan.actions[0].ledger_extension == LedgerExtension(ANA, QUIZ, put_minutes=30, before_minutes=20)
    assert plan.actions[0].sentence == "Quiz 3: 80 min becomes 90 min (1.5×)."


def test_an_element_carries_only_the_keys_that_must_rise() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30)
    plan = plan_course(inputs(facts(wide(), **held(30)), time(), ONE_MORE, ledger_extensions=(entry,)))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=None, extra_attempts=1)
    assert plan.actions[0].ledger_extension == LedgerExtension(ANA, QUIZ, 30, 0, 1, 0)


def test_drift_is_repaired() -> None:
    plan = plan_course(inputs(facts(wide(), **held(10)), time(), ledger_extensions=(PUT,)))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=30)
    assert plan.actions[0].ledger_extension == LedgerExtension(ANA, QUIZ, put_minutes=30, before_minutes=10)


def test_a_changed_time_limit_changes_the_grant() -> None:
    longer = wide(time_limit_minutes=90)
    plan = plan_course(inputs(facts(longer, **held(30)), time(), ledger_extensions=(PUT,)))
    assert plan.actions[0].change == SetQuizExtension(21, ANA, extra_minutes=45)
    shorter = wide(time_limit_minutes=40)
    (action,) = plan_course(inputs(facts(shorter, **held(30)), time(), ledger_extensions=(PUT,))).actions
    assert action.change == SetQuizExtension(21, ANA, extra_minutes=20)
    assert action.is_shrinking


def test_a_long_name_does_not_drown_the_sentence() -> None:
    sentence = pair_of(inputs(facts(wide(name="x" * 5000)), time())).sentence
    assert len(sentence) < 200
