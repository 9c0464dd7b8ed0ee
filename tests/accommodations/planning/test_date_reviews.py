"""What one wrong word in the dates would break without anybody noticing: shifts, exact dates, sittings, titles."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accommodations.planning.dates import shifted
from accommodations.planning.plan import Hold, HoldKind, LedgerExtension, LedgerOverride, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import DateShift, Scope, ShiftUnit
from accommodations.planning.statuses import Reason
from accommodations.planning.titles import override_title
from canvas_bridge.changes import SetQuizExtension, UpdateOverride
from canvas_bridge.facts import AssessmentFacts, Dates, GradingPeriod, ObservedExtension, overridden_to
from tests.accommodations.planning.building import (
    ANA,
    BO,
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
    exact,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    rule,
    settings,
    time,
    wide,
    with_overrides,
)
from tests.accommodations.planning.canvas_model import World, world

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
SHIFTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
TITLE = override_title(key=KEY, canvas_user_id=ANA, assessment_key=HOMEWORK)
NEW_YORK = ZoneInfo("America/New_York")


def written(assessment: AssessmentFacts, *amounts: object, **fields: object) -> Dates | None:
    """Return the dates that the plan writes, or None."""
    plan = plan_course(inputs(facts(assessment, course=fields.pop("course", course())), *amounts, **fields))
    found = [action.after.dates for action in plan.actions if action.after.dates is not None]
    return found[0] if found else None


def in_zone(zone: str, wall_clock: str) -> datetime:
    return datetime.fromisoformat(wall_clock).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# Working days


@pytest.mark.parametrize(
    ("zone", "due", "days", "expected"),
    [
        ("America/New_York", "2026-03-06T23:30", 1, "2026-03-09T23:30"),  # a Friday there, a Saturday in UTC
        ("Asia/Kolkata", "2026-03-09T00:15", 1, "2026-03-10T00:15"),  # a Monday there, a Sunday in UTC
        ("Australia/Adelaide", "2026-04-03T08:00", 1, "2026-04-06T08:00"),  # the clocks go back on Sunday
        ("Australia/Adelaide", "2026-10-02T08:00", 2, "2026-10-06T08:00"),  # and forward
        ("Australia/Lord_Howe", "2026-04-03T23:45", 1, "2026-04-06T23:45"),
    ],
)
def test_working_days_are_those_of_the_courses_zone_and_keep_its_wall_clock(
    zone: str, due: str, days: int, expected: str
) -> None:
    moved = shifted(
        Dates(due_at=in_zone(zone, due)),
        DateShift(days, ShiftUnit.WORKING_DAYS),
        zone=ZoneInfo(zone),
        holidays=frozenset(),
    )
    assert moved.due_at == in_zone(zone, expected)


def test_working_days_skip_every_holiday_of_a_term() -> None:
    thanksgiving = frozenset({date(2025, 11, 27), date(2025, 11, 28)})
    winter = frozenset(date(2025, 12, 24) + timedelta(days=day) for day in range(9))
    zone, holidays = "America/New_York", thanksgiving | winter

    def due_after(start: str, days: int) -> datetime | None:
        shift = DateShift(days, ShiftUnit.WORKING_DAYS)
        return shifted(Dates(due_at=in_zone(zone, start)), shift, zone=NEW_YORK, holidays=holidays).due_at

    assert due_after("2025-11-26T23:59", 1) == in_zone(zone, "2025-12-01T23:59")
    assert due_after("2025-11-25T23:59", 3) == in_zone(zone, "2025-12-02T23:59")
    assert due_after("2025-12-23T17:00", 1) == in_zone(zone, "2026-01-02T17:00")
    assert due_after("2025-11-24T23:59", 25) == in_zone(zone, "2026-01-09T23:59")


def test_working_days_count_from_due_and_move_lock_by_as_many_days() -> None:
    friday, sunday = in_zone("America/New_York", "2026-03-13T17:00"), in_zone("America/New_York", "2026-03-15T17:00")
    moved = shifted(
        Dates(None, friday, sunday), DateShift(1, ShiftUnit.WORKING_DAYS), zone=NEW_YORK, holidays=frozenset()
    )
    assert (moved.due_at, moved.lock_at) == (friday + 3 * DAY, sunday + 3 * DAY)


def test_holidays_of_the_institution_reach_the_plan() -> None:
    two_working_days = DateShift(2, ShiftUnit.WORKING_DAYS)
    wednesday = homework(base_dates=Dates(OPENS, OPENS + HOUR, OPENS + DAY))
    assert written(wednesday, two_working_days) == Dates(OPENS, OPENS + HOUR + 2 * DAY, OPENS + 3 * DAY)
    free = settings(holidays=frozenset({date(2025, 12, 5)}))
    assert written(wednesday, two_working_days, settings=free) == Dates(OPENS, OPENS + HOUR + 5 * DAY, OPENS + 6 * DAY)


# Shifts


def test_r6_each_date_is_the_latest_of_all_shifts_whichever_is_narrower() -> None:
    narrow = rule(DateShift(3, ShiftUnit.DAYS), scope=Scope.COURSE, canvas_course_id=1)
    broad = rule(DateShift(1, ShiftUnit.DAYS), accommodation_id=2)
    assert written(homework(), narrow, broad) == Dates(OPENS, OPENS + 6 * DAY, OPENS + 7 * DAY)


def test_r7_a_lock_is_not_left_before_a_due_that_the_missing_hour_moved() -> None:
    due, lock = in_zone("America/New_York", "2026-03-07T02:30"), in_zone("America/New_York", "2026-03-07T03:00")
    spring = homework(base_dates=Dates(OPENS, due, lock))
    later = in_zone("America/New_York", "2026-03-08T03:30")
    assert written(spring, DateShift(1, ShiftUnit.DAYS), course=course(ends_at=None)) == Dates(OPENS, later, later)
    endless = facts(spring, course=course(ends_at=None))
    assert only_pair(plan_course(inputs(endless, DateShift(1, ShiftUnit.DAYS)))).grant.dates == Dates(
        OPENS, later, later
    )


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (Dates(OPENS), None),
        (Dates(), None),
        (Dates(None, OPENS), Dates(None, OPENS + 2 * DAY)),
        (Dates(None, None, OPENS), Dates(None, None, OPENS + 2 * DAY)),
        (Dates(OPENS, None, OPENS + DAY), Dates(OPENS, None, OPENS + 3 * DAY)),
        (Dates(OPENS, OPENS + DAY), Dates(OPENS, OPENS + 3 * DAY)),
    ],
)
def test_a_shift_of_windows_with_missing_dates_leaves_them_missing(dates: Dates, expected: Dates | None) -> None:
    assert written(homework(base_dates=dates), TWO_DAYS) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (Dates(OPENS), None),
        (Dates(None, OPENS + HOUR), None),
        (Dates(None, None, OPENS + HOUR), None),
        (Dates(OPENS, OPENS + HOUR), Dates(OPENS, OPENS + 90 * MINUTE)),
        (Dates(OPENS, None, OPENS + HOUR), Dates(OPENS, None, OPENS + 90 * MINUTE)),
        (Dates(OPENS, OPENS + HOUR, OPENS + DAY), Dates(OPENS, OPENS + 90 * MINUTE, OPENS + DAY)),
    ],
)
def test_r9_windows_with_missing_dates_move_only_where_the_time_does_not_fit(
    dates: Dates, expected: Dates | None
) -> None:
    assert written(quiz(base_dates=dates), time("1.5")) == expected


@pytest.mark.parametrize(("window", "is_limit"), [(360, True), (361, False)])
def test_a_window_of_exactly_six_hours_is_a_limit_and_a_minute_more_is_none(window: int, is_limit: bool) -> None:
    exam = homework(base_dates=Dates(OPENS, OPENS + window * MINUTE, OPENS + window * MINUTE))
    end = OPENS + 540 * MINUTE
    assert written(exam, time("1.5")) == (Dates(OPENS, end, end) if is_limit else None)
    assert only_pair(plan_course(inputs(facts(exam), time("1.5")))).is_exam is is_limit


def test_r9_the_time_fits_into_the_shifted_window_and_not_the_classs() -> None:
    hours = DateShift(1, ShiftUnit.HOURS)
    assert written(quiz(), time("1.5"), hours) == Dates(OPENS, OPENS + 2 * HOUR, OPENS + 2 * HOUR)


def test_r9_another_sitting_is_lengthened_though_the_classs_window_has_room() -> None:
    start = OPENS + 3 * HOUR
    tight = with_overrides(wide(), ad_hoc(ANA, unlock=start, due=start + HOUR, lock=start + HOUR))
    assert written(tight, time("1.5")) == Dates(start, start + 90 * MINUTE, start + 90 * MINUTE)


# Midnight


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("America/Denver", "2026-03-08T00:00"),  # the day the clocks go forward
        ("America/Denver", "2026-11-01T00:00"),  # and back
        ("Asia/Kolkata", "2026-03-08T00:00"),
        ("Australia/Lord_Howe", "2026-04-05T00:00"),
        ("Australia/Adelaide", "2026-10-04T00:00"),
    ],
)
def test_r8_midnight_is_the_token_users_also_on_the_days_the_clocks_change(zone: str, midnight: str) -> None:
    at = in_zone(zone, midnight)
    base = Dates(at - 9 * DAY, at - 48 * HOUR, at - 24 * HOUR)
    given = facts(homework(base_dates=base), token_time_zone=zone, course=course(time_zone="UTC", ends_at=None))
    (action,) = plan_course(inputs(given, DateShift(48, ShiftUnit.HOURS), now=base.unlock_at)).actions
    assert action.after.dates is not None
    assert action.after.dates.due_at == at + MINUTE
    assert action.after.dates.lock_at == at + DAY + (MINUTE if _is_midnight(at + DAY, zone) else timedelta(0))


def _is_midnight(at: datetime, zone: str) -> bool:
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "00:00"


# Exact dates


def test_r1_exact_dates_below_the_classs_are_no_grant() -> None:
    stated = exact(unlock=OPENS + HOUR, due=OPENS + DAY, lock=OPENS + 9 * DAY)
    pair = only_pair(plan_course(inputs(facts(homework()), stated)))
    assert pair.grant.dates == Dates(OPENS, OPENS + 3 * DAY, OPENS + 9 * DAY)
    short = exact(due=OPENS + 2 * DAY, lock=OPENS + 3 * DAY)
    assert only_pair(plan_course(inputs(facts(homework()), short))).reason is Reason.INSTRUCTOR_GIVES_AS_MUCH
    locked = exact(due=OPENS + 9 * DAY, lock=OPENS + HOUR)
    open_ended = homework(base_dates=Dates(OPENS, OPENS + DAY, OPENS + 20 * DAY))
    granted = only_pair(plan_course(inputs(facts(open_ended), locked))).grant.dates
    assert granted == Dates(OPENS, OPENS + 9 * DAY, OPENS + 20 * DAY)


def test_r6_of_two_other_sittings_the_older_record_stands() -> None:
    def sitting(days: int, number: int) -> object:
        start = OPENS + days * DAY
        stated = exact(sitting=True, unlock=start, due=start + HOUR, lock=start + HOUR)
        return rule(stated, accommodation_id=number, scope=Scope.ASSESSMENT, assessment_key=QUIZ)

    start = OPENS + 3 * DAY
    assert written(quiz(), sitting(3, 1), sitting(5, 2)) == Dates(start, start + HOUR, start + HOUR)
    assert written(quiz(), sitting(5, 2), sitting(3, 1)) == Dates(start, start + HOUR, start + HOUR)


def test_r7_a_sitting_never_locks_before_it_is_due() -> None:
    start = OPENS + 3 * DAY
    stated = exact(sitting=True, unlock=start, due=start + 2 * HOUR, lock=start + HOUR)
    for ends_at in (NOW + 60 * DAY, None):
        dates = written(quiz(), stated, course=course(ends_at=ends_at))
        assert dates == Dates(start, start + 2 * HOUR, start + 2 * HOUR)


def test_a_sitting_that_opens_as_the_class_closes_is_not_closed_at_once() -> None:
    start = OPENS + HOUR
    stated = exact(sitting=True, unlock=start, due=start + HOUR)
    assert written(quiz(), stated) == Dates(start, start + HOUR, None)


# Grading periods


def test_r11_a_due_lies_in_its_period_to_the_minute_whatever_its_seconds() -> None:
    ends = OPENS + 3 * DAY
    first = GradingPeriod("First half", NOW - 60 * DAY, ends, NOW - DAY)
    second = GradingPeriod("Second half", ends, NOW + 90 * DAY, NOW + 90 * DAY)

    def reason(due: datetime) -> Reason:
        given = facts(
            homework(base_dates=Dates(OPENS, due, OPENS + 9 * DAY)), course=course(grading_periods=(first, second))
        )
        return only_pair(plan_course(inputs(given, TWO_DAYS))).reason

    assert reason(ends + timedelta(seconds=59)) is Reason.GRADING_PERIOD_CLOSED
    assert reason(ends + MINUTE) is Reason.PLANNED


def test_r11_a_due_on_the_very_start_of_a_closed_period_does_not_move_into_it() -> None:
    closed = GradingPeriod("Closed early", OPENS + 3 * DAY, OPENS + 30 * DAY, NOW - DAY)
    given = facts(homework(), course=course(grading_periods=(closed,)))
    (action,) = plan_course(inputs(given, TWO_DAYS)).actions
    assert action.after.dates == Dates(OPENS, OPENS + 3 * DAY, OPENS + 6 * DAY)


def test_a_window_of_no_length_is_no_limit_and_no_exam() -> None:
    pair = only_pair(plan_course(inputs(facts(homework(base_dates=Dates(OPENS, OPENS, OPENS))), time())))
    assert (pair.reason, pair.is_exam) == (Reason.NO_TIME_LIMIT, False)


# Undo, titles, sharing


def undone(key: str = HOMEWORK, **kept: object) -> Hold:
    return Hold(ANA, key, HoldKind.UNDONE, "Maya Lindqvist", kept=Values(**kept))


def standing(dates: Dates = SHIFTED, **fields: object) -> AssessmentFacts:
    """Return the homework with our override of these dates."""
    own = ad_hoc(ANA, unlock=dates.unlock_at, due=dates.due_at, lock=dates.lock_at, title=TITLE)
    return with_overrides(homework(**fields), own)


ENTRY = LedgerOverride(ANA, HOMEWORK, 900, put=SHIFTED, class_dates=homework().base_dates)


def test_r1_undo_comes_back_to_no_less_than_the_class_has_by_now() -> None:
    earlier = Dates(OPENS, OPENS + 3 * DAY + HOUR, OPENS + 4 * DAY + HOUR)
    moved = Dates(OPENS + HOUR, OPENS + 4 * DAY, OPENS + 4 * DAY + 2 * HOUR)
    given = inputs(
        facts(standing(base_dates=moved)), TWO_DAYS, ledger_overrides=(ENTRY,), holds=(undone(dates=earlier),)
    )
    plan = plan_course(given)
    after = plan.actions[0].after.dates if plan.actions else None
    assert after == moved
    only_due = replace(earlier, due_at=OPENS + 5 * DAY - HOUR)
    (action,) = plan_course(replace(given, holds=(undone(dates=only_due),))).actions
    assert action.after.dates == Dates(moved.unlock_at, only_due.due_at, only_due.due_at)


def test_r3_what_an_instructor_lowered_while_it_was_undone_is_theirs() -> None:
    lowered = replace(SHIFTED, due_at=OPENS + 4 * DAY)
    given = inputs(facts(standing(lowered)), TWO_DAYS, ledger_overrides=(ENTRY,), holds=(undone(),))
    (action,) = plan_course(given).actions
    assert isinstance(action.change, UpdateOverride)
    assert action.change.due == overridden_to(OPENS + 4 * DAY)


def test_r16_a_dismissal_keeps_what_would_shrink_and_lets_what_rises_beside_it_go_on() -> None:
    hold = Hold(ANA, QUIZ, HoldKind.DISMISSED, "Rosa Almeida", "Wrong import")
    held = facts(wide(), extensions=(ObservedExtension(QUIZ, ANA, 30),))
    put = LedgerExtension(ANA, QUIZ, put_minutes=30)
    (action,) = plan_course(inputs(held, ONE_MORE, ledger_extensions=(put,), holds=(hold,))).actions
    assert action.change == SetQuizExtension(21, ANA, extra_attempts=1)


def test_f30_a_title_of_ours_on_an_override_with_others_makes_it_none_of_ours() -> None:
    together = ad_hoc(ANA, BO, unlock=OPENS, due=SHIFTED.due_at, lock=SHIFTED.lock_at, title=TITLE)
    plan = plan_course(inputs(facts(with_overrides(homework(), together)), TWO_DAYS))
    assert (plan.actions, plan.ledger_corrections) == ((), ())
    assert only_pair(plan).reason is Reason.INSTRUCTOR_GIVES_AS_MUCH


def test_r3_a_title_that_an_instructor_changed_since_is_kept() -> None:
    theirs = ad_hoc(ANA, due=OPENS + 3 * DAY + HOUR, title="Ana's dates")
    here: World = world(inputs(facts(with_overrides(homework(), theirs)), TWO_DAYS))
    here.sync()
    (ours,) = here.canvas.facts.assessments[0].overrides
    here.canvas.edit(HOMEWORK, overrides=(replace(ours, title="Ana, moved"),))
    here.inputs = replace(here.inputs, rules=(rule(DateShift(3, ShiftUnit.DAYS)),))
    here.sync()
    here.inputs = replace(here.inputs, rules=())
    here.sync()
    (after,) = here.canvas.facts.assessments[0].overrides
    assert (after.title, after.due, after.lock) == ("Ana, moved", theirs.due, theirs.lock)
