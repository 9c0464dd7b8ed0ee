"""Histories that once broke an invariant, as short as they could be made, named for what they had found."""

import pytest

from tests.histories import driver
from tests.histories.steps import Step

QUIZZES = ("classic_quiz", "new_quiz")
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


def moderated(minutes: int, attempts: int, position: int) -> Step:
    by_hand = {"who": "ada", "position": position, "minutes": minutes, "attempts": attempts}
    return Step("instructor_moderates_a_quiz", by_hand)


HISTORIES = {
    "r1: what an instructor made less of since our last look, below what stood there before us, is drift to be found": (
        recorded(MORE_ATTEMPTS, EVERYWHERE, 57),
        moderated(45, 2, 37),
        SYNC,
        moderated(0, 1, 31),
    ),
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
    "r9: what exact times open earlier fits before the class's due": (
        recorded(more_time("2"), {"scope": "term", "kinds": QUIZZES, "until_days": None, "replaces_broader": True}, 2),
        SYNC,
        Step("staff_except", {**ADA, "position": 19, "is_whole_course": True}),
        recorded(
            {"provision": "alternative_dates", "exact": (20, 170, 170), "sitting": False},
            {"scope": "term", "kinds": QUIZZES, "until_days": None, "replaces_broader": True},
            3,
        ),
        Step("staff_except", {**ADA, "position": 18, "is_whole_course": True}),
        Step("sync_one_course", {"position": 10}),
    ),
    "r2: a section's dates that run out while a sync waits are no deed of the sync": (
        Step("instructor_makes_a_quiz", {"position": 14, "opens": 30, "limit": 50}),
        Step(
            "instructor_gives_many_dates",
            {"position": 57, "target": 7, "said": {"unlock_at": -30, "lock_at": 1}, "unassigns": False},
        ),
    ),
    "r13: whom Canvas does not let out of an override, since it names people of another course, is told as refused": (
        Step(
            "instructor_shares_an_override",
            {
                "position": 21,
                "whom": ["ada", "ben", "cem"],
                "said": {"unlock_at": 98, "due_at": 170, "lock_at": 290},
            },
        ),
        Step("registrar_cross_lists", {}),
        recorded(
            {"provision": "extra_time", "extra_time_method": "no_limit", "minutes": None},
            {"scope": "every_course", "kinds": ("assignment",), "until_days": 9, "replaces_broader": False},
            17,
        ),
        SYNC,
    ),
    "r3: a lock that an instructor made earlier in ours is theirs once nothing is granted": (
        recorded({"provision": "alternative_dates", "shift_amount": 2, "shift_unit": "hours"}, EVERYWHERE, 17),
        SYNC,
        Step("instructor_moves_a_date_of_ours", {"position": 45, "by": -3, "name": "lock_at"}),
    ),
    "r5: attempts that an instructor took away after they were accepted are no proof": (
        recorded(MORE_ATTEMPTS, EVERYWHERE, 37),
        SYNC,
        Step("instructor_moderates_a_quiz", {"who": "ada", "position": 13, "minutes": 5, "attempts": 0}),
        SYNC,
    ),
    "r13: what staff opened again is missed no more, though that is revoked": (
        recorded({"provision": "extra_attempts", "attempts": 1}, EVERYWHERE, 30),
        passed(240),
        SYNC,
        Step("staff_change", {"position": 19, "amount": {"provision": "extra_attempts", "attempts": 1}}),
        recorded(
            {"provision": "alternative_dates", "shift_amount": 5, "shift_unit": "days"},
            {"scope": "every_course", "kinds": ("assignment",), "until_days": 9, "replaces_broader": False},
            47,
        ),
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("steps", HISTORIES.values(), ids=HISTORIES)
def test_i1_to_i5_hold_in_a_history_that_once_broke_one(steps: tuple[Step, ...]) -> None:
    driver.run(steps)
