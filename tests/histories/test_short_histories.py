"""Histories that once broke an invariant, as short as they could be made, named for what they had found."""

import pytest

from tests.histories import driver
from tests.histories.steps import Step

ADA, NOBODY_REPLACED = {"login": "ada"}, {"until_days": None, "replaces_broader": False}
EVERYWHERE = {"scope": "every_course", "kinds": (), **NOBODY_REPLACED}
ONE_COURSE = {"scope": "course", "kinds": (), **NOBODY_REPLACED}
FOUR_DAYS = {"provision": "alternative_dates", "shift_amount": 4, "shift_unit": "days"}
THREE_HOURS = {"provision": "alternative_dates", "shift_amount": 3, "shift_unit": "hours"}
A_DAY = {"provision": "alternative_dates", "shift_amount": 1, "shift_unit": "days"}
MORE_ATTEMPTS = {"provision": "extra_attempts", "attempts": 3}


def more_time(multiplier: str) -> dict[str, str]:
    return {"provision": "extra_time", "extra_time_method": "multiplier", "multiplier": multiplier}


def recorded(amount: dict[str, object], where: dict[str, object], position: int) -> Step:
    return Step("staff_record", {**ADA, "amount": amount, "where": where, "position": position})


def passed(hours: int) -> Step:
    return Step("time_passes", {"by": hours})


SYNC = Step("sync_all", {})
HISTORIES = {
    "r13: what is open again is missed no more, once a person's act has read the course": (
        recorded(A_DAY, {"scope": "assessment", "kinds": ("assignment",), **NOBODY_REPLACED}, 11),
        passed(240),
        Step("sync_without_looking", {"position": 54}),
        Step(
            "instructor_gives_many_dates",
            {
                "position": 28,
                "target": 8,
                "said": {"unlock_at": -2, "due_at": 1, "lock_at": None},
                "unassigns": False,
            },
        ),
        Step("staff_extend_every_quiz", {**ADA, "position": 52, "key": 1, "minutes": 40, "attempts": 1}),
    ),
    "r13: what was missed stays so, though an exception is recorded afterwards": (
        recorded(more_time("1.01"), EVERYWHERE, 11),
        Step(
            "staff_change",
            {
                "position": 33,
                "amount": {"provision": "alternative_dates", "shift_amount": 4, "shift_unit": "hours"},
            },
        ),
        passed(240),
        Step("instructor_makes_a_quiz", {"position": 56, "opens": 2, "limit": 30}),
        Step("instructor_makes_a_quiz", {"position": 51, "opens": 30, "limit": None}),
        SYNC,
        Step("staff_except", {**ADA, "position": 56, "is_whole_course": False}),
    ),
    "r18: attempts of ours stay until it is over, and no dates come where the release is lacking": (
        recorded(MORE_ATTEMPTS, EVERYWHERE, 50),
        SYNC,
        Step("staff_release", {**ADA, "position": 12}),
        recorded(THREE_HOURS, EVERYWHERE, 46),
        SYNC,
    ),
    "r18: dates of ours stay as they are where the release is lacking, though the course ends later": (
        recorded(FOUR_DAYS, EVERYWHERE, 43),
        SYNC,
        passed(120),
        Step("staff_release", {**ADA, "position": 28}),
        Step("registrar_moves_the_end_of_a_course", {"position": 48, "by": 9}),
        SYNC,
    ),
    "r1: what an instructor set by hand on a New Quiz, which nobody can read, is written over": (
        Step("instructor_moderates_a_new_quiz", {"who": "ada", "position": 33, "minutes": 60, "attempts": 1}),
        recorded(more_time("2"), ONE_COURSE, 51),
        passed(120),
        Step("instructor_paces_the_course", {"position": 0, "by": 100, "is_paced": True}),
        SYNC,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("steps", HISTORIES.values(), ids=HISTORIES)
def test_i1_to_i5_hold_in_a_history_that_once_broke_one(steps: tuple[Step, ...]) -> None:
    driver.run(steps)
