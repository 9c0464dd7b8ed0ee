"""The fewest requests that carry a plan's changes (W of the quality targets)."""

from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates
from canvas_bridge.gateway.grouping import requests_for


def creation(user_id: int, assignment_id: int = 1) -> CreateOverride:
    return CreateOverride(assignment_id, user_id, "title", Dates())


def update(user_id: int) -> UpdateOverride:
    return UpdateOverride(1, user_id, user_id, NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN, "title")


def move(user_id: int) -> MoveOutOfSharedOverride:
    none = NOT_OVERRIDDEN
    return MoveOutOfSharedOverride(1, 2, user_id, (9,), "shared", none, none, none, "title", Dates())


def test_one_request_carries_all_students_of_a_quiz() -> None:
    changes: list[Change] = [
        SetQuizExtension(1, 5, extra_minutes=30),
        SetQuizExtension(2, 5, extra_minutes=30),
        SetQuizExtension(1, 6, extra_minutes=15),
        SetNewQuizAccommodation(1, 5, extra_minutes=30),
        SetAssignmentExtension(1, 5, extra_attempts=1),
        SetNewQuizAccommodation(1, 6, extra_minutes=30),
        SetAssignmentExtension(2, 6, extra_attempts=1),
    ]

    requests = requests_for(changes)

    assert [request.changes for request in requests] == [
        (changes[0], changes[2]),
        (changes[1],),
        (changes[3], changes[5]),
        (changes[4],),
        (changes[6],),
    ]


def test_overrides_go_in_batches_of_fifty_across_assignments() -> None:
    creations = [creation(user_id, assignment_id=user_id % 3 + 1) for user_id in range(101)]
    updates = [update(user_id) for user_id in range(51)]

    requests = requests_for([*creations, *updates])

    assert [len(request.changes) for request in requests] == [50, 50, 1, 50, 1]
    assert [change for request in requests for change in request.changes] == [*creations, *updates]


def test_deletions_and_moves_go_alone() -> None:
    changes = [DeleteOverride(1, 2, 5), DeleteOverride(1, 3, 6), move(7), move(8)]

    assert [request.changes for request in requests_for(changes)] == [(change,) for change in changes]


def test_nothing_to_change_is_no_request() -> None:
    assert requests_for([]) == ()
