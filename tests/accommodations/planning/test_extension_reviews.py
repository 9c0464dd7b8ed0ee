"""Extensions under adverse histories: values set by hand, mixed changes, lost answers, refused reads, late locks."""

from dataclasses import replace

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import (
    LedgerExtension,
    LedgerOverride,
    PlanningInputs,
    PreviousFailure,
    PreviousPair,
    ReadsNeeded,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExtraAttempts
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from canvas_bridge.changes import SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import (
    AssessmentFacts,
    CourseState,
    Dates,
    ObservedAttempt,
    ObservedExtension,
    ObservedSubmission,
)
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    NO_LIMIT,
    NOW,
    ONE_MORE,
    OPENS,
    ad_hoc,
    course,
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
from tests.accommodations.planning.canvas_model import world

QUIZ = "assignment:11"
READ = frozenset({QUIZ})
ANSWERED = frozenset({(QUIZ, ANA)})
PUT = LedgerExtension(ANA, QUIZ, put_minutes=30)
BOTH = LedgerExtension(ANA, QUIZ, put_minutes=30, put_attempts=1)
UNCERTAIN = frozenset({(ANA, QUIZ)})
BY_HAND = settings(nobody_sets_new_quizzes_by_hand=False)
OPEN = Dates(NOW - DAY, None, NOW + DAY)


def held(minutes: int, attempts: int = 0) -> dict[str, object]:
    return {"extensions": (ObservedExtension(QUIZ, ANA, minutes, attempts),)}


# A rise


def raised(**fields: object) -> PlanningInputs:
    """Return a quiz whose limit has doubled, so that 60 minutes are granted where we put 30."""
    return inputs(facts(wide(time_limit_minutes=120), **fields), time(), ledger_extensions=(PUT,))


def test_r1_a_rise_is_read_before_it_is_written_and_never_lowers_what_was_given_by_hand() -> None:
    unread = raised(read=False)
    assert plan_course(unread).actions == ()
    assert only_pair(plan_course(unread)).status is Status.WAITING
    assert reads_needed(unread) == ReadsNeeded(extensions_of=READ)
    plan = plan_course(raised(**held(90)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)
    assert [action.after.extra_minutes for action in plan_course(raised(**held(30))).actions] == [60]


def test_r1_in_a_world_where_an_instructor_gave_more_the_rise_leaves_it_alone() -> None:
    here = world(inputs(facts(wide()), time()))
    here.sync()
    here.canvas.extensions[ANA, QUIZ] = (90, 0)
    here.canvas.edit(QUIZ, time_limit_minutes=120)
    assert here.sync().actions == ()
    assert here.canvas.extensions[ANA, QUIZ] == (90, 0)


def test_r1_what_canvas_answered_in_the_same_work_needs_no_second_reading() -> None:
    given = raised(extensions_read=READ, answered_since=ANSWERED, **held(0))
    assert not reads_needed(given)
    assert plan_course(given).actions[0].change == SetQuizExtension(21, ANA, extra_minutes=60)


def test_what_we_did_not_put_still_stands_as_read_after_an_answer() -> None:
    given = inputs(
        facts(wide(), extensions_read=READ, answered_since=ANSWERED, **held(0, 2)),
        time(),
        ONE_MORE,
        ledger_extensions=(PUT,),
    )
    assert not reads_needed(given)
    assert only_pair(plan_course(given)).reason is Reason.ACCEPTED


def test_a_refused_pair_stays_failed_while_it_waits_to_be_read() -> None:
    failure = PreviousFailure(ANA, QUIZ, Reason.REFUSED, "no")
    pair = only_pair(plan_course(replace(raised(read=False), failures=(failure,))))
    assert pair.reason is Reason.REFUSED


# One field rises and the other shrinks


def mixed(assessment: AssessmentFacts, **fields: object) -> PlanningInputs:
    """Return a quiz on which the minutes rise from 30 to 60 and the attempt that we put is no longer granted."""
    given = {**held(30, 1), **fields}
    return inputs(facts(assessment, **given), time("2"), ledger_extensions=(BOTH,))


def test_r18_beside_a_rise_nothing_shrinks_while_it_is_open() -> None:
    attempt = ObservedAttempt(QUIZ, ANA, 1, is_running=True, has_begun=True, started_at=NOW, end_at=NOW + 2 * HOUR)
    for given in (mixed(wide(base_dates=OPEN)), mixed(wide(), attempts=(attempt,))):
        (action,) = plan_course(given).actions
        assert action.change == SetQuizExtension(21, ANA, extra_minutes=60)
        assert not action.is_shrinking
        assert action.ledger_extension == LedgerExtension(ANA, QUIZ, put_minutes=60, put_attempts=1)
        assert action.after.extra_attempts == 1


def test_r18_what_was_handed_in_keeps_its_minutes_when_attempts_are_granted() -> None:
    handed_in = (ObservedSubmission(QUIZ, ANA, has_submitted=True),)
    given = inputs(facts(wide(), submissions=handed_in, **held(30)), ONE_MORE, ledger_extensions=(PUT,))
    (action,) = plan_course(given).actions
    assert action.change == SetQuizExtension(21, ANA, extra_attempts=1)
    assert action.ledger_extension == BOTH


def test_r16_a_change_that_also_shrinks_is_counted() -> None:
    (action,) = plan_course(mixed(wide())).actions
    assert action.change == SetQuizExtension(21, ANA, extra_minutes=60, extra_attempts=0)
    assert action.is_shrinking
    assert action.ledger_extension == LedgerExtension(ANA, QUIZ, put_minutes=60)


def test_r18_submissions_are_read_before_a_field_shrinks_beside_another() -> None:
    assert reads_needed(mixed(wide(), read=False)) == ReadsNeeded(READ, READ)
    unseen = mixed(wide(), submissions_read=frozenset())
    assert reads_needed(unseen) == ReadsNeeded(submissions_of=READ)
    (action,) = plan_course(unseen).actions
    assert action.change == SetQuizExtension(21, ANA, extra_minutes=60)


def test_r5_what_waited_beside_a_rise_shrinks_once_it_may() -> None:
    here = world(inputs(facts(wide()), time(), ONE_MORE))
    here.sync()
    here.inputs = replace(here.inputs, rules=inputs(facts(), time("2")).rules)
    while here.sync().actions:
        pass
    assert here.canvas.extensions[ANA, QUIZ] == (60, 0)
    assert here.extensions[ANA, QUIZ].put_attempts is None


# What Canvas refuses to show


def test_r13_what_canvas_refuses_to_show_is_blocked_and_not_asked_for_again() -> None:
    for given in (
        inputs(facts(wide(), read=False, extensions_unreadable=READ), time()),
        raised(read=False, extensions_unreadable=READ),
    ):
        plan = plan_course(given)
        pair = only_pair(plan)
        assert (plan.actions, pair.status, pair.reason) == ((), Status.BLOCKED, Reason.PERMISSION_MISSING)
        assert "does not let Leeway read" in pair.sentence
        assert not reads_needed(given)


def test_r13_what_is_known_to_be_in_place_stays_so_where_nothing_can_be_read() -> None:
    given = inputs(facts(wide(), read=False, extensions_unreadable=READ), time(), ledger_extensions=(PUT,))
    assert (only_pair(plan_course(given)).reason, bool(reads_needed(given))) == (Reason.ACCEPTED, False)


def test_r13_what_cannot_be_taken_back_unread_is_blocked() -> None:
    minutes = inputs(facts(wide(), submissions_unreadable=READ, submissions_read=frozenset(), **held(30)))
    minutes = replace(minutes, ledger_extensions=(PUT,))
    key = homework().key
    put = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
    ours = ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    dates = replace(
        inputs(facts(with_overrides(homework(), ours), read=False, submissions_unreadable=frozenset({key}))),
        ledger_overrides=(LedgerOverride(ANA, key, 900, put=put, class_dates=homework().base_dates),),
    )
    for given in (minutes, dates):
        plan = plan_course(given)
        assert (plan.actions, only_pair(plan).reason) == ((), Reason.PERMISSION_MISSING)
        assert not reads_needed(given)


def test_a_new_quiz_is_written_though_submissions_cannot_be_seen() -> None:
    given = inputs(facts(new_quiz(base_dates=OPEN), read=False, submissions_unreadable=READ), time())
    assert not reads_needed(given)
    assert len(plan_course(given).actions) == 1


def test_r12_what_closed_unseen_is_missed() -> None:
    past = quiz(base_dates=Dates(NOW - 2 * DAY, NOW - DAY, NOW - DAY))
    given = inputs(facts(past, read=False, extensions_unreadable=READ), time())
    assert only_pair(plan_course(given)).reason is Reason.CLOSED
    assert not reads_needed(given)


# New Quizzes after a lost answer

AHEAD = new_quiz(base_dates=wide().base_dates)


def uncertain(*amounts: object, assessment: AssessmentFacts = AHEAD, **fields: object) -> PlanningInputs:
    known = {name: fields.pop(name) for name in ("settings", "ledger_extensions", "previous") if name in fields}
    given = facts(assessment, **fields)
    return inputs(given, *amounts, uncertain_extensions=UNCERTAIN, **known)


def test_r14_after_a_lost_answer_the_same_absolute_value_is_sent_again() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=60)
    plan = plan_course(uncertain(time("2"), ledger_extensions=(entry,)))
    (action,) = plan.actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=60)
    assert (action.before.extra_minutes, action.is_shrinking, action.ledger_extension) == (None, False, entry)
    pair = only_pair(plan)
    assert pair.status is Status.WAITING
    assert pair.sentence.endswith("Canvas's last answer was lost, so it is sent again.")
    assert (
        plan_course(replace(uncertain(time("2"), ledger_extensions=(entry,)), uncertain_extensions=frozenset())) != plan
    )


def test_r14_the_first_write_is_sent_again_even_where_others_set_them_by_hand() -> None:
    plan = plan_course(uncertain(time(), settings=BY_HAND))
    assert plan.actions[0].change == SetNewQuizAccommodation(11, ANA, extra_minutes=30)


def test_r5_what_was_written_without_our_knowing_is_taken_back() -> None:
    given = uncertain()
    plan = plan_course(given)
    (action,) = plan.actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=0, extra_attempts=0)
    assert (action.is_shrinking, action.ledger_extension) == (True, None)
    assert only_pair(plan).status is Status.WAITING
    assert not only_pair(plan).is_granted


def test_r3_after_a_lost_ending_what_stood_before_us_is_sent_again() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30, before_minutes=10)
    plan = plan_course(uncertain(ledger_extensions=(entry,), settings=BY_HAND))
    assert plan.actions[0].change == SetNewQuizAccommodation(11, ANA, extra_minutes=10)


def test_r1_where_others_set_them_by_hand_nothing_unknown_is_cleared() -> None:
    plan = plan_course(uncertain(settings=BY_HAND))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.PLANNED)
    assert "look in Canvas" in only_pair(plan).sentence


def test_r18_what_is_uncertain_is_not_made_less_while_it_is_open() -> None:
    is_open = new_quiz(base_dates=OPEN)
    ended = plan_course(uncertain(assessment=is_open))
    assert (ended.actions, only_pair(ended).reason) == ((), Reason.UNTIL_OVER)
    entry = LedgerExtension(ANA, QUIZ, put_minutes=60, put_attempts=1)
    (action,) = plan_course(uncertain(time(), assessment=is_open, ledger_extensions=(entry,))).actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=60)
    assert (action.is_shrinking, action.ledger_extension) == (False, entry)
    (ahead,) = plan_course(uncertain(time(), ledger_extensions=(entry,))).actions
    assert ahead.change == SetNewQuizAccommodation(11, ANA, extra_minutes=30, extra_attempts=0)


def test_r18_submissions_are_read_before_what_is_uncertain_is_taken_back() -> None:
    unread = uncertain(read=False)
    assert reads_needed(unread) == ReadsNeeded(submissions_of=READ)
    assert plan_course(unread).actions == ()


def test_r13_what_is_in_the_way_of_an_uncertain_write_is_told() -> None:
    concluded = plan_course(uncertain(course=course(state=CourseState.COMPLETED)))
    assert (concluded.actions, only_pair(concluded).reason) == ((), Reason.COURSE_CONCLUDED)
    unassigned = plan_course(uncertain(assessment=replace(AHEAD, only_visible_to_overrides=True)))
    assert (unassigned.actions, unassigned.pairs) == ((), ())


def test_an_uncertain_pair_is_never_in_place_and_a_classic_quiz_is_simply_read() -> None:
    capped = uncertain(NO_LIMIT, ledger_extensions=(LedgerExtension(ANA, QUIZ, put_minutes=10080),))
    assert only_pair(plan_course(capped)).status is Status.WAITING
    previous = (PreviousPair(ANA, QUIZ, STATUS_OF[Reason.PLANNED], Reason.PLANNED),)
    past = new_quiz(base_dates=Dates(NOW - 2 * DAY, NOW - DAY, NOW - DAY))
    gone = uncertain(time(), assessment=past, ledger_extensions=(PUT,), previous=previous)
    assert only_pair(plan_course(gone)).reason is Reason.CLOSED
    classic = uncertain(time(), assessment=wide(), ledger_extensions=(PUT,), **held(30))
    assert only_pair(plan_course(classic)).reason is Reason.READ_BACK


# The words of a cap


def test_r8_a_capped_time_says_what_was_approved_and_what_canvas_takes() -> None:
    case = wide(name="Five-day case", time_limit_minutes=7200, base_dates=Dates(OPENS, None, None))
    plan = plan_course(inputs(facts(case), time("3")))
    words = "5 days becomes 12 days instead of 15 days (3×): Canvas takes at most 10,080 extra minutes"
    assert only_pair(plan).sentence == f"Five-day case: {words}."
    entry = LedgerExtension(ANA, QUIZ, put_minutes=10080)
    stands = only_pair(plan_course(inputs(facts(case, **held(10080)), time("3"), ledger_extensions=(entry,))))
    assert (stands.reason, stands.short_by_minutes) == (Reason.CAPPED_BY_CANVAS, 4320)
    assert stands.sentence == f"Five-day case: {words}. 3 days short."


def test_no_time_limit_is_shown_as_the_most_that_canvas_takes() -> None:
    plan = plan_course(inputs(facts(wide(base_dates=Dates(OPENS, None, None))), NO_LIMIT))
    words = "60 min becomes 7 days 1 h (no time limit): Canvas takes at most 10,080 extra minutes"
    assert only_pair(plan).sentence == f"Quiz 3: {words}."


def test_r8_more_attempts_than_canvas_takes_are_short_in_words() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_attempts=1000)
    given = inputs(facts(wide(), **held(0, 1000)), ExtraAttempts(1200), ledger_extensions=(entry,))
    pair = only_pair(plan_course(given))
    assert pair.reason is Reason.CAPPED_BY_CANVAS
    assert "200 attempts short, since Canvas takes at most 1000 attempts." in pair.sentence


def test_a_dropped_student_of_an_uncertain_pair_gets_nothing() -> None:
    plan = plan_course(uncertain(students=(student(6),)))
    assert (plan.actions, plan.pairs) == ((), ())
