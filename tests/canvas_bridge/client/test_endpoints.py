"""Endpoints and the ids that they take (contract 1.6)."""

import pytest

from canvas_bridge.client.endpoints import Endpoint, pattern_of
from canvas_bridge.wire.ids import SELF, CanvasId

OVERRIDE = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id")
NEW_QUIZ = Endpoint("GET", "/api/quiz/v1/courses/:course_id/quizzes/:assignment_id")
EXTENSION = Endpoint("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/extensions")
SUBMISSION = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions/:user_id")
MODULE = Endpoint("GET", "/api/v1/courses/:course_id/modules/:context_module_id/assignment_overrides")
PAGE = Endpoint("GET", "/api/v1/courses/:course_id/pages/:url_or_id/date_details")

COURSE = CanvasId("sis_course_id", "BIO-1")
ASSIGNMENT = CanvasId("sis_assignment_id", "A1")


def test_ids_are_filled_in_their_order_and_the_pattern_is_kept_as_name() -> None:
    place = OVERRIDE.at(COURSE, ASSIGNMENT, 7)

    assert place.path == "/api/v1/courses/sis_course_id:BIO-1/assignments/sis_assignment_id:A1/overrides/7"
    assert (place.method, place.endpoint) == ("GET", OVERRIDE.pattern)
    assert OVERRIDE.scope == "url:GET|/api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id"


@pytest.mark.parametrize(
    ("endpoint", "ids"),
    [
        (OVERRIDE, (1, 2, CanvasId("sis_assignment_id", "x"))),
        (OVERRIDE, (CanvasId("sis_user_id", "x"), 2, 3)),
        (OVERRIDE, (1, CanvasId("sis_course_id", "x"), 3)),
        (OVERRIDE, (SELF, 2, 3)),
        (EXTENSION, (1, ASSIGNMENT)),
        (NEW_QUIZ, (1, ASSIGNMENT)),
        (MODULE, (1, SELF)),
        (OVERRIDE, (1, "2/../3", 4)),
        (OVERRIDE, (True, 2, 3)),
        (OVERRIDE, (1, 2, 3, 4)),
    ],
)
def test_contract_1_6_a_form_that_canvas_does_not_take_there_is_refused(
    endpoint: Endpoint, ids: tuple[object, ...]
) -> None:
    with pytest.raises(ValueError, match=r"takes no|must be a whole number"):
        endpoint.at(*ids)


@pytest.mark.parametrize(
    ("given", "segment"),
    [
        (CanvasId("sis_user_id", "S-100"), "sis_user_id:S-100"),
        (CanvasId("sis_login_id", "a.b@example.edu"), "sis_login_id:a.b@example.edu"),
        (CanvasId("sis_user_id", "../9"), "hex:sis_user_id:2e2e2f39"),
        (CanvasId("sis_login_id", "zoë"), "hex:sis_login_id:7a6fc3ab"),
        (CanvasId("uuid", "a/b c"), "uuid:a%2Fb%20c"),
        (SELF, "self"),
        (12, "12"),
    ],
)
def test_contract_1_6_an_id_cannot_leave_its_place_in_the_path(given: CanvasId | int, segment: str) -> None:
    path = SUBMISSION.at(1, 2, given).path

    assert path == f"/api/v1/courses/1/assignments/2/submissions/{segment}"


def test_a_page_goes_by_its_address() -> None:
    assert PAGE.at(1, "reading list/1").path == "/api/v1/courses/1/pages/reading%20list%2F1/date_details"


@pytest.mark.parametrize(
    ("form", "value"), [("sis_shoe_size", "43"), ("sis_user_id", ""), ("self", "x"), ("", "x"), ("hex:sis_user_id", "")]
)
def test_an_id_in_a_form_that_canvas_does_not_know_is_refused(form: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"no form|needs a value"):
        CanvasId(form, value)


def test_r17_the_value_of_an_id_is_in_no_repr() -> None:
    assert "okonkwo" not in repr(CanvasId("sis_login_id", "okonkwo"))


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/api/v1/courses/1/assignments/2/overrides", "/api/v1/courses/:id/assignments/:id/overrides"),
        ("/api/v1/users/sis_login_id:amara/enrollments?page=2", "/api/v1/users/:id/enrollments"),
        ("/api/v1/users/hex:sis_user_id:2e2f", "/api/v1/users/:id"),
        ("/api/v1/accounts/self/users?search_term=Amara", "/api/v1/accounts/:id/users"),
        ("/api/v1/courses/1~22/quizzes", "/api/v1/courses/:id/quizzes"),
    ],
)
def test_r17_a_request_without_a_named_endpoint_is_measured_without_its_ids(path: str, pattern: str) -> None:
    assert pattern_of(path) == pattern
