"""Section 10.7.10 of the contract: an empty sandbox is filled for a whole course by calls of its API alone.

The same course is filled three times over a socket, with the bodies in each encoding of section 1.1.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState

FORM, MULTIPART, JSON = "form", "multipart", "json"


def pairs_of(name: str, value: Any) -> list[tuple[str, str]]:
    """Return a value as pairs of bracket names and texts, as Rails writes them."""
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in pairs_of(f"{name}[{key}]" if name else key, one)]
    if isinstance(value, list):
        return [pair for one in value for pair in pairs_of(f"{name}[]", one)]
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    return [(name, "" if value is None else str(value))]


class Filler:
    """Sends calls to one server in one encoding, as one user."""

    def __init__(self, address: str, token: str, encoding: str) -> None:
        self.address = address
        self.encoding = encoding
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        options: dict[str, Any] = {}
        if body is not None and self.encoding == JSON:
            options["json"] = body
        elif body is not None and self.encoding == FORM:
            options["data"] = pairs_of("", body)
        elif body is not None:
            options["files"] = [(name, (None, text)) for name, text in pairs_of("", body)]
        url = f"{self.address}/api/v1{path}"
        answer = self.session.request(method, url, timeout=10, **options)
        assert answer.status_code == status, (method, path, answer.text)
        return answer.json() if answer.content else None

    def as_user(self, user_id: int) -> "Filler":
        """Return a filler with a token of a user's own, which only the sandbox's control can give."""
        made = self.session.post(f"{self.address}/_sandbox/tokens", json={"user_id": user_id}, timeout=10)
        return Filler(self.address, made.json()["token"], self.encoding)


@pytest.fixture
def empty_server() -> Iterator[tuple[str, str]]:
    """Serve an empty sandbox and yield its address and the administrator's token."""
    state = SandboxState()
    token = state.add_admin_token()
    server = SandboxServer(SandboxApplication(state))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server.base_url, token
    server.shutdown()
    server.server_close()
    thread.join()


def person(call: Filler, name: str, login: str) -> int:
    """Make a person and return the id."""
    body = {
        "user": {"name": name, "time_zone": "America/Denver", "skip_registration": True},
        "pseudonym": {"unique_id": login, "sis_user_id": f"S-{login}"},
        "communication_channel": {"type": "email", "address": f"{login}@example.edu", "skip_confirmation": True},
    }
    return int(call("POST", "/accounts/1/users", body)["id"])


def enroll(call: Filler, section_id: int, user_id: int, **more: Any) -> dict[str, Any]:
    """Enroll a person in a section and return the enrollment."""
    enrollment = {"user_id": user_id, "enrollment_state": "active", **more}
    made: dict[str, Any] = call("POST", f"/sections/{section_id}/enrollments", {"enrollment": enrollment})
    return made


@pytest.mark.parametrize("encoding", [FORM, MULTIPART, JSON])
def test_contract_10_7_10_a_whole_course_by_calls_alone(empty_server, encoding):
    call = Filler(*empty_server, encoding)
    term = {
        "name": "Autumn",
        "start_at": "2026-09-01T06:00:00Z",
        "end_at": "2026-12-20T07:00:00Z",
        "sis_term_id": "F26",
        "overrides": {"StudentEnrollment": {"end_at": "2026-12-15T07:00:00Z"}},
    }
    made = call("POST", "/accounts/1/terms", {"enrollment_term": term})
    assert made["overrides"] == {"StudentEnrollment": {"start_at": None, "end_at": "2026-12-15T07:00:00Z"}}
    periods = call(
        "POST",
        "/accounts/1/grading_period_sets",
        {"grading_period_set": {"title": "Autumn"}, "enrollment_term_ids": [made["id"]]},
        201,
    )
    halves = [
        {"title": "First", "start_date": "2026-09-01T06:00:00Z", "end_date": "2026-10-31T06:00:00Z"},
        {"title": "Second", "start_date": "2026-10-31T06:00:00Z", "end_date": "2026-12-20T07:00:00Z"},
    ]
    set_id = periods["grading_period_set"]["id"]
    call("PATCH", "/accounts/1/grading_periods/batch_update", {"set_id": set_id, "grading_periods": halves})

    course = {
        "name": "Cell Biology",
        "course_code": "BIO-201",
        "sis_course_id": "BIO-201-F26",
        "term_id": "sis_term_id:F26",
        "start_at": "2026-09-02T06:00:00Z",
        "end_at": "2026-12-18T07:00:00Z",
        "restrict_enrollments_to_course_dates": True,
        "time_zone": "America/Denver",
    }
    course_id = call("POST", "/accounts/self/courses", {"course": course})["id"]
    assert call("GET", f"/courses/{course_id}")["workflow_state"] == "unpublished"
    morning, evening = (
        call("POST", f"/courses/{course_id}/sections", {"course_section": {"name": name, "sis_section_id": name[0]}})
        for name in ("Morning", "Evening")
    )
    later = {"end_at": "2026-12-19T07:00:00Z", "restrict_enrollments_to_section_dates": True}
    assert call("PUT", "/sections/sis_section_id:E", {"course_section": later})["end_at"] == later["end_at"]
    other = call("POST", "/accounts/1/courses", {"course": {"name": "Shell"}, "offer": True})["id"]
    elsewhere = call("POST", f"/courses/{other}/sections", {"course_section": {"name": "Joint"}})["id"]
    assert call("POST", f"/sections/{elsewhere}/crosslist/{course_id}")["course_id"] == course_id

    ingrid, ana, bao, chidi, rosa = (
        person(call, name, login)
        for name, login in (
            ("Ingrid Solberg", "isolberg"),
            ("Ana Oliveira", "aoliveira"),
            ("Bao Nguyen", "bnguyen"),
            ("Chidi Okafor", "cokafor"),
            ("Rosa Oliveira", "roliveira"),
        )
    )
    enroll(call, morning["id"], ingrid, type="TeacherEnrollment")
    enroll(call, morning["id"], ana)
    invited = call("POST", f"/courses/{course_id}/enrollments", {"enrollment": {"user_id": bao}})
    enroll(call, evening["id"], bao)
    leaving = enroll(call, elsewhere, chidi)
    enroll(call, morning["id"], rosa, type="ObserverEnrollment", associated_user_id=ana)
    call("DELETE", f"/courses/{course_id}/enrollments/{invited['id']}?task=delete")
    call("DELETE", f"/courses/{course_id}/enrollments/{leaving['id']}?task=inactivate")
    call("PUT", f"/courses/{course_id}/enrollments/{leaving['id']}/reactivate")
    call("PUT", f"/courses/{course_id}", {"course": {"event": "offer"}})

    projects = call("POST", f"/courses/{course_id}/group_categories", {"name": "Projects", "create_group_count": 1})
    extra = call("POST", f"/group_categories/{projects['id']}/groups", {"name": "Extra"})["id"]
    assert call("POST", f"/groups/{extra}/memberships", {"user_id": ana})["just_created"] is True
    call("PUT", f"/groups/{extra}", {"members": [ana, chidi]})
    call("DELETE", f"/groups/{extra}/users/{chidi}")

    assignment = {"name": "Essay", "submission_types": ["online_text_entry"], "published": True, "points_possible": 10}
    essay = call("POST", f"/courses/{course_id}/assignments", {"assignment": assignment}, 201)["id"]
    quiz = {"title": "Midterm", "quiz_type": "assignment", "time_limit": 60, "published": True}
    midterm = call("POST", f"/courses/{course_id}/quizzes", {"quiz": quiz})["id"]
    override = {"student_ids": [ana], "due_at": "2026-11-02T12:00:00Z"}
    call("POST", f"/courses/{course_id}/assignments/{essay}/overrides", {"assignment_override": override}, 201)
    extension = {"quiz_extensions": [{"user_id": ana, "extra_time": 30}]}
    call("POST", f"/courses/{course_id}/quizzes/{midterm}/extensions", extension)

    shown = call.as_user(ingrid)("GET", "/courses/sis_course_id:BIO-201-F26?include[]=term&include[]=total_students")
    assert (shown["workflow_state"], shown["term"]["id"], shown["total_students"]) == ("available", made["id"], 3)
    assert (shown["start_at"], shown["end_at"]) == ("2026-09-02T06:00:00Z", "2026-12-18T07:00:00Z")
    rows = call("GET", f"/courses/{course_id}/enrollments?per_page=50")
    assert sorted((one["user_id"], one["type"], one["enrollment_state"]) for one in rows) == sorted(
        [
            (ingrid, "TeacherEnrollment", "active"),
            (ana, "StudentEnrollment", "active"),
            (bao, "StudentEnrollment", "active"),
            (chidi, "StudentEnrollment", "active"),
            (rosa, "ObserverEnrollment", "active"),
        ]
    )
    members = call("GET", f"/groups/{extra}/users")
    assert [one["id"] for one in members] == [ana]
    titles = [one["title"] for one in call("GET", f"/courses/{course_id}/grading_periods")["grading_periods"]]
    assert titles == ["First", "Second"]
    own = call.as_user(ana)("GET", f"/courses/{course_id}/assignments/{essay}")
    assert own["due_at"] == "2026-11-02T12:00:00Z"
