"""Overrides in batches, deletions, and the two requests of a move (F19, F20, F23, F33)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import responses

from canvas_bridge.changes import (
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    OutcomeKind,
    Request,
    UpdateOverride,
)
from canvas_bridge.errors import CanvasUnauthorized
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, overridden_to
from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.conftest import CANVAS, answer, sent_bodies

BATCH = "/api/v1/courses/1/assignments/overrides"
OWN = "/api/v1/courses/1/assignments/4/overrides"
SHARED = f"{OWN}/30"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TAKEN_TEXT = "already belongs to an assignment override"
TAKEN = {
    "assignment_override_students": [
        {"attribute": "assignment_override_students", "type": "taken", "message": TAKEN_TEXT}
    ]
}
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
DEAD_TOKEN = {"errors": [{"message": "Expired access token."}]}
APPLIED, REFUSED, UNKNOWN, UNREACHABLE = (
    OutcomeKind.APPLIED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
    OutcomeKind.UNREACHABLE,
)


def creations(*user_ids: int) -> Request:
    return Request(tuple(CreateOverride(4, user_id, f"Extra {user_id}", Dates(due_at=NOON)) for user_id in user_ids))


def updates(*user_ids: int) -> Request:
    return Request(
        tuple(
            UpdateOverride(4, user_id * 10, user_id, NOT_OVERRIDDEN, overridden_to(NOON), NOT_OVERRIDDEN, "Extra")
            for user_id in user_ids
        )
    )


def student_of(element: dict[str, Any]) -> int:
    """Return whom an element is for: it is named only where the override is made."""
    return element["student_ids"][0] if "student_ids" in element else element["id"] // 10


def made(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what Canvas answers for created overrides: ids ten times the student's."""
    return [{**element, "id": student_of(element) * 10} for element in elements]


def accepting(*users: int):
    def answering(elements: list[dict[str, object]]) -> tuple[int, object]:
        errors = [None if student_of(element) in users else TAKEN for element in elements]
        return (400, {"errors": errors}) if any(errors) else (200, made(elements))

    return answering


def test_a_batch_creates_overrides_and_returns_their_ids(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    answer(canvas, "POST", BATCH, accepting(5, 6), key="assignment_overrides")

    outcomes = gateway.apply(canvas_course_id=1, request=creations(5, 6))

    assert [(one.kind, one.canvas_override_id) for one in outcomes] == [(APPLIED, 50), (APPLIED, 60)]
    assert sent_bodies(canvas)[0] == {
        "assignment_overrides": [
            {
                "assignment_id": 4,
                "student_ids": [user_id],
                "title": f"Extra {user_id}",
                "due_at": "2026-03-01T12:00:00Z",
                "unlock_at": None,
                "lock_at": None,
            }
            for user_id in (5, 6)
        ]
    }


@pytest.mark.parametrize("build", [creations, updates])
def test_f19_the_valid_ones_of_a_refused_batch_go_in_the_next_request(
    gateway: CanvasGateway,
    canvas: responses.RequestsMock,
    build,
) -> None:
    method = "POST" if build is creations else "PUT"
    answer(canvas, method, BATCH, accepting(5, 7, 8), key="assignment_overrides")

    outcomes = gateway.apply(canvas_course_id=1, request=build(5, 6, 7, 8))

    assert [one.kind for one in outcomes] == [APPLIED, REFUSED, APPLIED, APPLIED]
    assert [one.canvas_override_id for one in outcomes] == [50, None, 70, 80]
    assert len(canvas.calls) == 2


def test_f23_taken_is_refused_with_the_words_of_canvas(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    answer(canvas, "POST", BATCH, accepting(), key="assignment_overrides")

    outcomes = gateway.apply(canvas_course_id=1, request=creations(5, 6))

    assert [one.kind for one in outcomes] == [REFUSED, REFUSED]
    assert outcomes[0].message == f"assignment_override_students: {TAKEN_TEXT}"
    assert outcomes[0].status_code == 400
    assert len(canvas.calls) == 1


def test_a_refused_batch_that_names_nobody_is_halved(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    def answering(elements: list[dict[str, object]]) -> tuple[int, object]:
        if any(element["student_ids"] == [6] for element in elements):
            return 400, {"errors": ["unknown error"]}
        return 200, made(elements)

    answer(canvas, "POST", BATCH, answering, key="assignment_overrides")

    outcomes = gateway.apply(canvas_course_id=1, request=creations(5, 6, 7, 8))

    assert [one.kind for one in outcomes] == [APPLIED, REFUSED, APPLIED, APPLIED]
    assert outcomes[1].message == "unknown error"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [None],
        [{"id": 50}],
        [{"id": 50, "student_ids": [6]}],
        [{"id": "x", "student_ids": [5]}],
        [{"id": 50, "student_ids": [5]}, {"id": 51, "student_ids": [5]}],
    ],
)
def test_f16_a_batch_answer_that_does_not_fit_is_unknown(
    gateway: CanvasGateway, canvas: responses.RequestsMock, body: object
) -> None:
    canvas.add("POST", CANVAS + BATCH, body=json.dumps(body))

    (outcome,) = gateway.apply(canvas_course_id=1, request=creations(5))

    assert outcome.kind is UNKNOWN


def test_an_update_answered_with_another_override_is_unknown(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + BATCH, json=[{"id": 999, "student_ids": [5]}])

    (outcome,) = gateway.apply(canvas_course_id=1, request=updates(5))

    assert outcome.kind is UNKNOWN


def test_f11_a_batch_without_an_answer_is_unknown_and_not_repeated(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("POST", CANVAS + BATCH, body=requests.ReadTimeout())

    outcomes = gateway.apply(canvas_course_id=1, request=creations(5, 6))

    assert [one.kind for one in outcomes] == [UNKNOWN, UNKNOWN]
    assert len(canvas.calls) == 1


def deletion() -> Request:
    return Request((DeleteOverride(4, 30, 5),))


def test_a_deletion_keeps_what_was_deleted(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("DELETE", CANVAS + SHARED, json={"id": 30, "title": "Extra", "student_ids": [5, 6], "due_at": None})

    (outcome,) = gateway.apply(canvas_course_id=1, request=deletion())

    assert outcome.kind is APPLIED
    assert outcome.answered == {"id": 30, "title": "Extra", "student_ids": [5], "due_at": None}


def test_r4_deleting_what_is_gone_already_is_what_was_wanted(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("DELETE", CANVAS + SHARED, status=404, json=NOT_FOUND)

    (outcome,) = gateway.apply(canvas_course_id=1, request=deletion())

    assert (outcome.kind, outcome.status_code) == (APPLIED, 404)


@pytest.mark.parametrize(("status", "kind"), [(403, REFUSED), (500, UNKNOWN), (429, UNREACHABLE)])
def test_a_deletion_that_did_not_happen_says_so(
    gateway: CanvasGateway, canvas: responses.RequestsMock, status: int, kind: OutcomeKind
) -> None:
    canvas.add("DELETE", CANVAS + SHARED, status=status)

    (outcome,) = gateway.apply(canvas_course_id=1, request=deletion())

    assert outcome.kind is kind


def move() -> Request:
    change = MoveOutOfSharedOverride(
        canvas_assignment_id=4,
        canvas_shared_override_id=30,
        canvas_user_id=5,
        remaining_canvas_user_ids=(6, 7),
        shared_title="Away team",
        shared_unlock=NOT_OVERRIDDEN,
        shared_due=overridden_to(NOON),
        shared_lock=overridden_to(None),
        title="Extra 7KQ2",
        dates=Dates(due_at=NOON),
    )
    return Request((change,))


SHARED_WITHOUT = {
    "assignment_override": {
        "student_ids": [6, 7],
        "title": "Away team",
        "due_at": "2026-03-01T12:00:00Z",
        "lock_at": None,
    }
}
SHARED_WITH = {"assignment_override": {**SHARED_WITHOUT["assignment_override"], "student_ids": [6, 7, 5]}}
OWN_OVERRIDE = {
    "assignment_override": {
        "student_ids": [5],
        "title": "Extra 7KQ2",
        "due_at": "2026-03-01T12:00:00Z",
        "unlock_at": None,
        "lock_at": None,
    }
}
SHARED_ANSWER = {"id": 30, "title": "Away team", "student_ids": [6, 7]}
OWN_ANSWER = {"id": 50, "title": "Extra 7KQ2", "student_ids": [5]}


def test_f33_a_move_takes_the_student_out_and_gives_them_their_own(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=201, json=OWN_ANSWER)

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert sent_bodies(canvas) == [SHARED_WITHOUT, OWN_OVERRIDE]
    assert (outcome.kind, outcome.canvas_override_id) == (APPLIED, 50)
    assert not any(other in f"{outcome.sent}{outcome.answered}" for other in ("[6", "6, 7", "Away"))


def test_f33_a_refused_second_request_puts_the_student_back_at_once(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=400, json={"errors": ["invalid due_at"]})

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert sent_bodies(canvas) == [SHARED_WITHOUT, OWN_OVERRIDE, SHARED_WITH]
    assert outcome.kind is REFUSED
    assert outcome.message == "invalid due_at; the student was put back at once"


def test_f33_a_student_who_could_not_be_put_back_is_read_first(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=400, json={"errors": ["invalid due_at"]})
    canvas.add("PUT", CANVAS + SHARED, status=500)

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert outcome.kind is UNKNOWN
    assert outcome.message == "invalid due_at; the student could not be put back into the shared override"


@pytest.mark.parametrize(
    ("status", "kind"), [(400, REFUSED), (403, REFUSED), (404, REFUSED), (429, UNREACHABLE), (500, UNKNOWN)]
)
def test_f33_a_first_request_that_fails_ends_the_move(
    gateway: CanvasGateway, canvas: responses.RequestsMock, status: int, kind: OutcomeKind
) -> None:
    canvas.add("PUT", CANVAS + SHARED, status=status)

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert outcome.kind is kind
    assert {call.request.method for call in canvas.calls} == {"PUT"}


def test_f33_a_second_request_without_an_answer_is_looked_up_and_found(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=502)
    canvas.add("GET", CANVAS + OWN, json=[SHARED_ANSWER, OWN_ANSWER])

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert (outcome.kind, outcome.canvas_override_id) == (APPLIED, 50)
    assert [call.request.method for call in canvas.calls] == ["PUT", "POST", "GET"]


def test_f33_a_second_request_that_got_lost_is_looked_up_and_put_back(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, body=requests.ReadTimeout())
    canvas.add("GET", CANVAS + OWN, json=[SHARED_ANSWER])

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert [call.request.method for call in canvas.calls] == ["PUT", "POST", "GET", "PUT"]
    assert json.loads(canvas.calls[3].request.body or "") == SHARED_WITH
    assert outcome.kind is UNREACHABLE


def test_f33_what_cannot_be_looked_up_stays_unknown(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=502)
    canvas.add("GET", CANVAS + OWN, status=502)

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert outcome.kind is UNKNOWN
    assert [call.request.method for call in canvas.calls].count("PUT") == 1


def test_f15_a_token_that_dies_before_a_move_changes_nothing(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, status=401, json=DEAD_TOKEN)

    with pytest.raises(CanvasUnauthorized):
        gateway.apply(canvas_course_id=1, request=move())


def test_f15_a_token_that_dies_within_a_move_leaves_it_unknown(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("PUT", CANVAS + SHARED, json=SHARED_ANSWER)
    canvas.add("POST", CANVAS + OWN, status=401, json=DEAD_TOKEN)
    canvas.add("PUT", CANVAS + SHARED, status=401, json=DEAD_TOKEN)

    (outcome,) = gateway.apply(canvas_course_id=1, request=move())

    assert outcome.kind is UNKNOWN
