"""People, enrollments and courses through the gateway."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import responses

from canvas_bridge.errors import CanvasContractError, CanvasNotFound, CanvasRejected
from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.conftest import CANVAS

AMARA = {"id": 5, "name": "Amara Okonkwo", "sortable_name": "Okonkwo, Amara", "sis_user_id": "S-5", "login_id": "amara"}
COURSE = {"id": 1, "name": "Optics", "course_code": "PHY 210", "workflow_state": "available", "time_zone": "Asia/Tokyo"}
ENROLLMENT = {
    "id": 50,
    "user_id": 5,
    "course_id": 1,
    "course_section_id": 7,
    "type": "StudentEnrollment",
    "enrollment_state": "active",
}


@pytest.mark.parametrize(
    ("ids", "path"),
    [
        ({"canvas_user_id": 5}, "5"),
        ({"sis_user_id": "S-5"}, "sis_user_id:S-5"),
        ({"login_id": "amara"}, "sis_login_id:amara"),
    ],
)
def test_a_person_is_found_by_each_kind_of_id(
    gateway: CanvasGateway, canvas: responses.RequestsMock, ids: dict[str, object], path: str
) -> None:
    canvas.add("GET", f"{CANVAS}/api/v1/users/{path}", json=AMARA)

    found = gateway.find_person(**ids)

    assert (found.canvas_user_id, found.name, found.sis_user_id, found.login_id) == (5, "Amara Okonkwo", "S-5", "amara")
    assert unquote(urlsplit(canvas.calls[0].request.url or "").path) == f"/api/v1/users/{path}"


def test_an_unknown_person_is_not_found(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", f"{CANVAS}/api/v1/users/9", status=404)

    with pytest.raises(CanvasNotFound):
        gateway.find_person(canvas_user_id=9)


def test_a_person_without_any_id_is_a_programming_error(gateway: CanvasGateway) -> None:
    with pytest.raises(ValueError, match="found by"):
        gateway.find_person()


def test_a_search_returns_the_first_page(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", f"{CANVAS}/api/v1/accounts/self/users", json=[AMARA])

    assert [one.canvas_user_id for one in gateway.search_people("ama")] == [5]


def test_a_search_for_one_character_is_refused_by_canvas(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    words = [{"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]
    canvas.add("GET", f"{CANVAS}/api/v1/accounts/self/users", status=400, json={"errors": words})

    with pytest.raises(CanvasRejected):
        gateway.search_people("a")


def test_enrollments_are_asked_for_in_four_states_and_counted_once(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    url = f"{CANVAS}/api/v1/users/5/enrollments"
    next_page = {"Link": f'<{url}?page=bookmark:abc&per_page=100>; rel="next"'}
    canvas.add("GET", url, json=[ENROLLMENT], headers=next_page)
    canvas.add("GET", url, json=[ENROLLMENT, {**ENROLLMENT, "id": 51, "course_section_id": 8}])

    found = gateway.read_enrollments(canvas_user_id=5)

    asked = parse_qs(urlsplit(canvas.calls[0].request.url or "").query)
    assert asked["type[]"] == ["StudentEnrollment"]
    assert asked["state[]"] == ["active", "invited", "completed", "inactive"]
    assert [one.canvas_section_id for one in found] == [7, 8]


def test_teachings_are_read_by_login(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add(
        "GET",
        f"{CANVAS}/api/v1/users/sis_login_id:amara/enrollments",
        json=[{**ENROLLMENT, "type": "TeacherEnrollment", "limit_privileges_to_course_section": True}],
    )

    (found,) = gateway.read_enrollments(login_id="amara", role_types=("TeacherEnrollment", "TaEnrollment"))

    assert found.role_type == "TeacherEnrollment"
    assert found.is_limited_to_section
    asked = parse_qs(urlsplit(canvas.calls[0].request.url or "").query)
    assert asked["type[]"] == ["TeacherEnrollment", "TaEnrollment"]


def test_courses_of_all_pages_count_once(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    url = f"{CANVAS}/api/v1/accounts/self/courses"
    canvas.add("GET", url, json=[COURSE], headers={"Link": f'<{url}?page=2&per_page=100>; rel="next"'})
    canvas.add("GET", url, json=[COURSE, {**COURSE, "id": 2}])

    assert [course.canvas_course_id for course in gateway.list_courses()] == [1, 2]


def test_the_time_zone_of_the_token_comes_from_its_profile(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    url = f"{CANVAS}/api/v1/users/self/profile"
    canvas.add("GET", url, json={"id": 1, "time_zone": "America/Denver"})
    canvas.add("GET", url, json={"id": 1})

    assert gateway.read_token_time_zone() == "America/Denver"
    with pytest.raises(CanvasContractError, match="time_zone"):
        gateway.read_token_time_zone()


def test_b28_the_gateway_shows_its_address_and_no_token() -> None:
    gateway = CanvasGateway(base_url=CANVAS, token="7~secretSecretSecret", sleep=lambda seconds: None)

    assert repr(gateway) == f"CanvasGateway({CANVAS})"
    assert "secretSecret" not in f"{vars(gateway)!r}"
