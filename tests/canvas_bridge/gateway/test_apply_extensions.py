"""Extensions and accommodations: one dropped student never costs the others (F14, F21, F22, F34)."""

import json

import pytest
import responses

from canvas_bridge.changes import (
    Change,
    OutcomeKind,
    Request,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
)
from canvas_bridge.errors import CanvasUnauthorized
from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.conftest import CANVAS, answer, sent_bodies

QUIZ = "/api/v1/courses/1/quizzes/3/extensions"
ASSIGNMENT = "/api/v1/courses/1/assignments/4/extensions"
NEW_QUIZ = "/api/quiz/v1/courses/1/quizzes/4/accommodations"
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "forbidden", "message": "you are not allowed to change extension settings for this submission"}
APPLIED, REFUSED, UNKNOWN, UNREACHABLE = (
    OutcomeKind.APPLIED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
    OutcomeKind.UNREACHABLE,
)


def quiz_request(*user_ids: int) -> Request:
    return Request(tuple(SetQuizExtension(3, user_id, extra_minutes=30) for user_id in user_ids))


def quiz_rows(elements: list[dict[str, object]]) -> dict[str, object]:
    never_set = {"quiz_id": 3, "extra_attempts": None, "manually_unlocked": None, "end_at": None}
    return {"quiz_extensions": [never_set | element for element in elements]}


def knowing(*known: int, status: int = 404, body: object = NOT_FOUND):
    """Return an answering function for a Canvas that refuses a request as soon as one student is not `known`."""

    def answering(elements: list[dict[str, object]]) -> tuple[int, object]:
        if all(element["user_id"] in known for element in elements):
            return 200, quiz_rows(elements)
        return status, body

    return answering


def kinds(gateway: CanvasGateway, request: Request) -> list[OutcomeKind]:
    return [outcome.kind for outcome in gateway.apply(canvas_course_id=1, request=request)]


def test_one_request_extends_all_students(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    answer(canvas, "POST", QUIZ, knowing(5, 6), key="quiz_extensions")
    request = Request((SetQuizExtension(3, 5, extra_minutes=30), SetQuizExtension(3, 6, extra_attempts=1)))

    first, second = gateway.apply(canvas_course_id=1, request=request)

    assert sent_bodies(canvas) == [
        {"quiz_extensions": [{"user_id": 5, "extra_time": 30}, {"user_id": 6, "extra_attempts": 1}]}
    ]
    assert (first.kind, second.kind) == (APPLIED, APPLIED)
    assert first.sent == {"request": f"POST {QUIZ}", "element": {"user_id": 5, "extra_time": 30}}
    assert first.answered["user_id"] == 5
    assert first.answered["extra_time"] == 30


def test_f14_one_dropped_student_never_costs_the_others(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    known = [user_id for user_id in range(1, 101) if user_id != 37]
    answer(canvas, "POST", QUIZ, knowing(*known), key="quiz_extensions")

    outcomes = gateway.apply(canvas_course_id=1, request=quiz_request(*range(1, 101)))

    refused = [outcome for outcome in outcomes if outcome.kind is not APPLIED]
    assert [outcome.change.canvas_user_id for outcome in refused] == [37]
    assert (refused[0].kind, refused[0].status_code) == (REFUSED, 404)
    assert refused[0].message == "The specified resource does not exist."
    assert [outcome.change.canvas_user_id for outcome in outcomes] == list(range(1, 101))
    assert len(canvas.calls) <= 16


def test_f14_many_dropped_students_cost_nobody_else(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    answer(canvas, "POST", QUIZ, knowing(*range(31, 41)), key="quiz_extensions")

    outcomes = gateway.apply(canvas_course_id=1, request=quiz_request(*range(1, 41)))

    assert [outcome.kind for outcome in outcomes] == [REFUSED] * 30 + [APPLIED] * 10


@pytest.mark.parametrize("status", [400, 403, 409, 422])
def test_f14_a_refusal_about_one_student_is_found(
    gateway: CanvasGateway, canvas: responses.RequestsMock, status: int
) -> None:
    answer(canvas, "POST", QUIZ, knowing(5, 6, 8, status=status, body=NOT_ALLOWED), key="quiz_extensions")

    outcomes = gateway.apply(canvas_course_id=1, request=quiz_request(5, 6, 7, 8))

    assert [outcome.kind for outcome in outcomes] == [APPLIED, APPLIED, REFUSED, APPLIED]
    assert outcomes[2].is_permission_missing is (status == 403)
    assert outcomes[2].message == NOT_ALLOWED["message"]


def test_f14_a_missing_right_is_not_asked_about_for_each_student(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    answer(canvas, "POST", QUIZ, knowing(status=403, body=NOT_ALLOWED), key="quiz_extensions")

    outcomes = gateway.apply(canvas_course_id=1, request=quiz_request(*range(1, 101)))

    assert {outcome.kind for outcome in outcomes} == {REFUSED}
    assert all(outcome.is_permission_missing for outcome in outcomes)
    assert len(canvas.calls) <= 25


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_f21_a_server_error_leaves_every_student_unknown(
    gateway: CanvasGateway, canvas: responses.RequestsMock, status: int
) -> None:
    canvas.add("POST", CANVAS + QUIZ, status=status)

    assert kinds(gateway, quiz_request(5, 6)) == [UNKNOWN, UNKNOWN]
    assert len(canvas.calls) == 1


def test_f13_throttled_to_the_end_means_unreachable(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + QUIZ, status=429)

    assert kinds(gateway, quiz_request(5, 6)) == [UNREACHABLE, UNREACHABLE]
    assert len(canvas.calls) == 5


def test_f15_a_dead_token_stops_at_once(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + QUIZ, status=401, json={"errors": [{"message": "Revoked access token."}]})

    with pytest.raises(CanvasUnauthorized):
        gateway.apply(canvas_course_id=1, request=quiz_request(5, 6))

    assert len(canvas.calls) == 1


def test_f15_a_token_that_dies_in_between_does_not_forget_what_arrived(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    canvas.add("POST", CANVAS + QUIZ, status=404, json=NOT_FOUND)
    canvas.add("POST", CANVAS + QUIZ, json=quiz_rows([{"user_id": 5, "extra_time": 30}]))
    canvas.add("POST", CANVAS + QUIZ, status=401, json={"errors": [{"message": "Revoked access token."}]})

    assert kinds(gateway, quiz_request(5, 6)) == [APPLIED, UNREACHABLE]


def test_an_outage_in_between_is_not_waited_for_again(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + QUIZ, status=404, json=NOT_FOUND)
    canvas.add("POST", CANVAS + QUIZ, status=429)

    assert kinds(gateway, quiz_request(5, 6, 7, 8)) == [UNREACHABLE] * 4
    assert len(canvas.calls) == 6


@pytest.mark.parametrize(
    "rows", [[], [{"user_id": 6, "extra_time": 30}], [{"user_id": 5, "extra_time": 10080}], [{"user_id": 5}]]
)
def test_an_answer_that_does_not_fit_is_read_before_it_is_believed(
    gateway: CanvasGateway, canvas: responses.RequestsMock, rows: list[dict[str, object]]
) -> None:
    canvas.add("POST", CANVAS + QUIZ, json={"quiz_extensions": rows})

    assert kinds(gateway, quiz_request(5)) == [UNKNOWN]


@pytest.mark.parametrize("body", [[], {"quiz_extensions": None}, {"quiz_extensions": [{"user_id": "x"}]}, {}])
def test_f16_an_answer_of_the_wrong_shape_is_unknown(
    gateway: CanvasGateway, canvas: responses.RequestsMock, body: object
) -> None:
    canvas.add("POST", CANVAS + QUIZ, body=json.dumps(body))

    assert kinds(gateway, quiz_request(5, 6)) == [UNKNOWN, UNKNOWN]


def test_a_change_that_leaves_everything_is_not_sent(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    for change in (SetAssignmentExtension(4, 5), SetQuizExtension(3, 5), SetNewQuizAccommodation(4, 5)):
        assert kinds(gateway, Request((change,))) == [APPLIED]

    assert len(canvas.calls) == 0


def attempts_request(*user_ids: int, extra_attempts: int = 1) -> Request:
    return Request(tuple(SetAssignmentExtension(4, user_id, extra_attempts) for user_id in user_ids))


def test_f34_a_student_whom_canvas_leaves_out_is_refused_and_the_others_hold(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    rows = [{"user_id": 7, "extra_attempts": 1}, {"user_id": 5, "extra_attempts": 1}]
    canvas.add("POST", CANVAS + ASSIGNMENT, json={"assignment_extensions": rows})

    outcomes = gateway.apply(canvas_course_id=1, request=attempts_request(5, 6, 7))

    assert sent_bodies(canvas) == [
        {"assignment_extensions": [{"user_id": one, "extra_attempts": 1} for one in (5, 6, 7)]}
    ]
    assert [outcome.kind for outcome in outcomes] == [APPLIED, REFUSED, APPLIED]
    assert outcomes[1].message == "Canvas left this student out of its answer"


def test_a_refused_assignment_extension_names_the_bad_ones_and_the_rest_go_again(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    bad = [{"user_id": 6, "errors": ["Extra attempts must be greater than or equal to 0"]}]
    canvas.add("POST", CANVAS + ASSIGNMENT, status=400, json={"errors": bad})
    rows = [{"user_id": 5, "extra_attempts": 1}, {"user_id": 7, "extra_attempts": 1}]
    canvas.add("POST", CANVAS + ASSIGNMENT, json={"assignment_extensions": rows})

    outcomes = gateway.apply(canvas_course_id=1, request=attempts_request(5, 6, 7))

    assert [outcome.kind for outcome in outcomes] == [APPLIED, REFUSED, APPLIED]
    assert outcomes[1].message == "Extra attempts must be greater than or equal to 0"
    assert len(canvas.calls) == 2


def test_an_assignment_of_the_wrong_sort_is_refused_for_all_in_one_request(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    bad = [{"user_id": one, "errors": ["Extra attempts can only be set on submissions"]} for one in (5, 6)]
    canvas.add("POST", CANVAS + ASSIGNMENT, status=400, json={"errors": bad})

    assert kinds(gateway, attempts_request(5, 6)) == [REFUSED, REFUSED]
    assert len(canvas.calls) == 1


def new_quiz_request(*user_ids: int) -> Request:
    return Request(tuple(SetNewQuizAccommodation(4, user_id, 30, 2) for user_id in user_ids))


def test_f22_new_quizzes_answer_200_with_some_failed(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    body = {
        "message": "Accommodations processed",
        "successful": [{"user_id": 5}],
        "failed": [{"user_id": 6, "error": "User is not in this course"}],
    }
    canvas.add("POST", CANVAS + NEW_QUIZ, json=body)

    outcomes = gateway.apply(canvas_course_id=1, request=new_quiz_request(5, 6, 7))

    assert sent_bodies(canvas) == [[{"user_id": one, "extra_time": 30, "extra_attempts": 2} for one in (5, 6, 7)]]
    assert [outcome.kind for outcome in outcomes] == [APPLIED, REFUSED, UNKNOWN]
    assert outcomes[1].message == "User is not in this course"
    assert outcomes[0].answered == {"successful": {"user_id": 5}}


def test_new_quizzes_refuse_with_401_who_may_not(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + NEW_QUIZ, status=401, json={"message": "Unauthorized"})

    (outcome,) = gateway.apply(canvas_course_id=1, request=new_quiz_request(5))

    assert (outcome.kind, outcome.is_permission_missing) == (REFUSED, True)


def test_a_request_that_nobody_grouped_is_a_programming_error(gateway: CanvasGateway) -> None:
    mixture: tuple[Change, ...] = (SetQuizExtension(3, 5, 1), SetQuizExtension(4, 5, 1))

    with pytest.raises(ValueError, match="one sort"):
        gateway.apply(canvas_course_id=1, request=Request(mixture))


def test_r14_an_outcome_holds_only_its_own_students_part(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    answer(canvas, "POST", QUIZ, knowing(51, 62), key="quiz_extensions")

    first, second = gateway.apply(canvas_course_id=1, request=quiz_request(51, 62))

    assert "62" not in f"{first.sent}{first.answered}"
    assert "51" not in f"{second.sent}{second.answered}"
