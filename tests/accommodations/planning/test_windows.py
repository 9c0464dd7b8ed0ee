"""Extra time must fit between unlock and lock (R9), and nothing goes beyond the course's end (R11)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accommodations.planning.planner import plan_course
from accommodations.planning.rules import WindowMode
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import CreateOverride, SetQuizExtension
from canvas_bridge.facts import AssessmentFacts, Dates
from tests.accommodations.planning.building import (
    DAY,
    HOUR,
    MINUTE,
    NO_LIMIT,
    OPENS,
    TWO_DAYS,
    course,
    exact,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    settings,
    time,
    wide,
)


def written_dates(assessment: AssessmentFacts, *amounts: object, **fields: object) -> Dates | None:
    """Return the dates of the override that the plan makes, or None."""
    plan = plan_course(inputs(facts(assessment, course=fields.pop("course", course())), *amounts, **fields))
    found = [action.change.dates for action in plan.actions if isinstance(action.change, CreateOverride)]
    return found[0] if found else None


def test_r9_a_window_of_exactly_the_limit_closes_later_by_the_extra_minutes() -> None:
    assert written_dates(quiz(), time("1.5")) == Dates(OPENS, OPENS + 90 * MINUTE, OPENS + 90 * MINUTE)


def test_r9_the_sentence_says_why_the_window_moves() -> None:
    sentences = [action.sentence for action in plan_course(inputs(facts(quiz()), time("1.5"))).actions]
    assert "Quiz 3: 60 min becomes 90 min (1.5×)." in sentences
    (window,) = [sentence for sentence in sentences if "closes" in sentence]
    assert "closes 30 min later for this student" in window
    assert "because the window was exactly 60 min" in window


def test_r9_a_window_that_has_room_does_not_move() -> None:
    plan = plan_course(inputs(facts(wide()), time("1.5")))
    assert [type(action.change) for action in plan.actions] == [SetQuizExtension]


def test_r9_a_window_that_fits_to_the_minute_does_not_move() -> None:
    assert written_dates(quiz(base_dates=Dates(OPENS, None, OPENS + 90 * MINUTE)), time("1.5")) is None
    just_short = quiz(base_dates=Dates(OPENS, None, OPENS + 89 * MINUTE))
    assert written_dates(just_short, time("1.5")) == Dates(OPENS, None, OPENS + 119 * MINUTE)


def test_r9_due_moves_where_there_is_no_lock() -> None:
    no_lock = quiz(base_dates=Dates(OPENS, OPENS + HOUR, None))
    assert written_dates(no_lock, time("1.5")) == Dates(OPENS, OPENS + 90 * MINUTE, None)


def test_r9_without_an_unlock_nothing_is_too_short() -> None:
    assert written_dates(quiz(base_dates=Dates(None, OPENS, OPENS)), time("1.5")) is None


def test_r9_the_setting_always_moves_a_window_that_has_room() -> None:
    always = settings(window_mode=WindowMode.ALWAYS)
    dates = written_dates(wide(), time("1.5"), settings=always)
    assert dates == Dates(OPENS, OPENS + 2 * DAY + 30 * MINUTE, OPENS + 2 * DAY + 30 * MINUTE)


def test_r9_a_class_window_shorter_than_the_limit_leaves_the_student_as_short_as_the_class() -> None:
    tight = quiz(base_dates=Dates(OPENS, None, OPENS + 45 * MINUTE))
    assert written_dates(tight, time("1.5")) == Dates(OPENS, None, OPENS + 75 * MINUTE)


def test_r9_counts_from_the_dates_that_the_student_will_really_have() -> None:
    shifted = written_dates(quiz(), time("1.5"), TWO_DAYS)
    assert shifted == Dates(OPENS, OPENS + HOUR + 2 * DAY, OPENS + HOUR + 2 * DAY)


def test_a_short_window_without_a_time_limit_is_the_limit() -> None:
    exam = homework(base_dates=Dates(OPENS, OPENS + 2 * HOUR, OPENS + 3 * HOUR))
    dates = written_dates(exam, time("1.5"))
    assert dates == Dates(OPENS, OPENS + 3 * HOUR + 30 * MINUTE, OPENS + 4 * HOUR + 30 * MINUTE)
    assert only_pair(plan_course(inputs(facts(exam), time("1.5")))).is_exam


def test_an_exam_is_what_staff_marked_and_no_grant_depends_on_it() -> None:
    exam = homework(base_dates=Dates(OPENS, None, OPENS + 2 * DAY))
    plain = plan_course(inputs(facts(exam), time("1.5"), TWO_DAYS))
    marked = plan_course(inputs(facts(exam), time("1.5"), TWO_DAYS, marked_exams=frozenset({exam.key})))
    assert (only_pair(plain).is_exam, only_pair(marked).is_exam) == (False, True)
    assert replace(only_pair(marked), is_exam=False) == only_pair(plain)
    assert marked.actions == plain.actions
    other = plan_course(inputs(facts(exam), time("1.5"), marked_exams=frozenset({"assignment:another"})))
    assert not only_pair(other).is_exam


def test_r7_a_window_with_seconds_is_rounded_up() -> None:
    exam = homework(base_dates=Dates(OPENS, None, OPENS + timedelta(minutes=60, seconds=59)))
    assert written_dates(exam, time("1.5")) == Dates(OPENS, None, OPENS + timedelta(minutes=91, seconds=59))


@pytest.mark.parametrize("window", [timedelta(hours=6, minutes=1), timedelta(days=3)])
def test_a_longer_window_without_a_time_limit_needs_nothing(window: timedelta) -> None:
    plan = plan_course(inputs(facts(homework(base_dates=Dates(OPENS, None, OPENS + window))), time("1.5")))
    assert plan.actions == ()
    assert only_pair(plan).reason is Reason.NO_TIME_LIMIT
    assert not only_pair(plan).is_exam


def test_r11_nothing_is_written_beyond_the_end_of_the_course() -> None:
    ends = OPENS + HOUR + 10 * MINUTE
    closing = course(ends_at=ends)
    assert written_dates(quiz(), time("1.5"), course=closing) == Dates(OPENS, ends, ends)


def test_r11_a_cap_that_leaves_nothing_is_short_with_its_minutes() -> None:
    plan = plan_course(inputs(facts(homework(), course=course(ends_at=OPENS + 3 * DAY)), TWO_DAYS))
    pair = only_pair(plan)
    assert plan.actions == ()
    assert (pair.reason, pair.short_by_minutes) == (Reason.COURSE_END, 2 * 24 * 60)


def test_r11_never_caps_below_what_the_class_has() -> None:
    late = homework(base_dates=Dates(OPENS, OPENS + 3 * DAY, OPENS + 90 * DAY))
    dates = written_dates(late, TWO_DAYS)
    assert dates == Dates(OPENS, OPENS + 5 * DAY, OPENS + 90 * DAY)


def test_r11_an_end_at_the_tokens_midnight_is_not_passed_by_the_minute_of_r8() -> None:
    midnight = OPENS.replace(hour=7) + 2 * DAY  # 00:00 in Denver
    dates = written_dates(homework(), TWO_DAYS, course=course(ends_at=midnight + 3 * DAY))
    assert dates is not None
    assert dates.lock_at == midnight + 3 * DAY - MINUTE


def test_r8_a_computed_midnight_in_the_tokens_zone_becomes_one_minute_past() -> None:
    midnight = OPENS.replace(hour=7) + DAY
    night = quiz(base_dates=Dates(midnight - 90 * MINUTE, None, midnight - 30 * MINUTE))
    assert written_dates(night, time("1.5")) == Dates(midnight - 90 * MINUTE, None, midnight + MINUTE)


@pytest.mark.parametrize("second", [0, 1, 30, 59])
def test_r8_any_second_of_the_tokens_midnight_becomes_one_minute_past(second: int) -> None:
    midnight = OPENS.replace(hour=7) + DAY + timedelta(seconds=second)  # 00:00 in Denver
    night = quiz(base_dates=Dates(midnight - 90 * MINUTE, None, midnight - 30 * MINUTE))
    dates = written_dates(night, time("1.5"))
    assert dates is not None
    assert dates.lock_at == OPENS.replace(hour=7) + DAY + MINUTE


def test_r9_no_time_limit_moves_the_window_by_the_same_week() -> None:
    dates = written_dates(quiz(), NO_LIMIT)
    assert dates == Dates(OPENS, OPENS + HOUR + 7 * DAY, OPENS + HOUR + 7 * DAY)


def test_r6_exact_times_replace_shifts_and_never_give_less_than_the_class() -> None:
    stated = exact(due=OPENS + 10 * DAY, lock=OPENS + HOUR)
    dates = written_dates(homework(), TWO_DAYS, stated)
    assert dates == Dates(OPENS, OPENS + 10 * DAY, OPENS + 10 * DAY)


def test_r1_a_later_unlock_needs_a_confirmed_other_sitting() -> None:
    later = {"unlock": OPENS + 2 * DAY, "due": OPENS + 2 * DAY + HOUR, "lock": OPENS + 2 * DAY + HOUR}
    assert written_dates(quiz(), exact(**later)) == Dates(OPENS, later["due"], later["lock"])
    assert written_dates(quiz(), exact(sitting=True, **later)) == Dates(*later.values())


def test_another_sitting_may_close_before_the_class_and_gets_its_extra_time() -> None:
    open_all_week = quiz(base_dates=Dates(OPENS, OPENS + 5 * DAY, OPENS + 5 * DAY))
    sitting = exact(sitting=True, unlock=OPENS + DAY, due=OPENS + DAY + HOUR, lock=OPENS + DAY + HOUR)
    end = OPENS + DAY + 90 * MINUTE
    assert written_dates(open_all_week, sitting, time("1.5")) == Dates(OPENS + DAY, end, end)


def test_an_exact_earlier_unlock_opens_early_because_staff_said_so() -> None:
    dates = written_dates(homework(), exact(unlock=OPENS - DAY))
    assert dates == replace(homework().base_dates, unlock_at=OPENS - DAY)
