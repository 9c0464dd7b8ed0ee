"""Proving the permissions of a token without writing anything."""

from canvas_bridge.facts import PermissionCheck
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.state import SandboxState
from tests.canvas_bridge.gateway.campus import NOW, Campus


def test_permissions_of_an_administrator_are_all_there_and_nothing_is_written(campus: Campus) -> None:
    writes, before = campus.state.writes, campus.asked

    checks = campus.gateway.check_permissions()

    assert [(one.name, one.words) for one in checks if not one.is_ok] == []
    assert len(checks) == 11
    assert set(campus.methods_since(before)) == {"GET"}
    assert campus.state.writes == writes


def test_permissions_that_are_missing_say_what_to_do(campus: Campus) -> None:
    teacher = campus.state.add_user("Farid Haddad")
    campus.state.enroll(teacher, campus.course, type="TeacherEnrollment")

    checks = {one.name: one for one in campus.gateway_of(campus.state.add_token(teacher)).check_permissions()}

    assert checks["Address and token"].is_ok
    refused = checks["Courses of the account"]
    assert not refused.is_ok
    assert "user not authorized" in refused.words
    assert "Courses" in refused.remedy


def test_a_wrong_token_is_one_check_and_no_more(campus: Campus) -> None:
    (check,) = campus.gateway_of("wrong").check_permissions()

    assert not check.is_ok
    assert "Invalid access token" in check.words
    assert check.remedy


def test_an_empty_canvas_proves_nothing(campus: Campus) -> None:
    state = SandboxState(now=NOW)
    gateway = CanvasGateway(base_url="http://canvas.test", token=state.add_admin_token(), adapter=SandboxAdapter(state))

    checks = {one.name: one for one in gateway.check_permissions()}

    assert checks["Search for people"].is_ok
    assert checks["Assignments and overrides"].words == "not tried: no published course was found"
    assert not checks["Assignments and overrides"].is_ok


def test_a_course_with_a_quiz_is_looked_for(campus: Campus) -> None:
    bare = campus.state.add_course("Aardvarks")
    campus.state.add_assignment(bare, "Essay")

    checks = {one.name: one for one in campus.gateway.check_permissions()}

    assert checks["Quiz submissions"].is_ok


def test_a_canvas_without_new_quizzes_lacks_nothing(campus: Campus) -> None:
    not_found = {"errors": [{"message": "The specified resource does not exist."}]}
    campus.disturb("status", path="/api/quiz/", value={"code": 404, "body": not_found})

    def new_quizzes() -> PermissionCheck:
        return {one.name: one for one in campus.gateway.check_permissions()}["New Quizzes"]

    assert not new_quizzes().is_ok
    campus.new_quiz.is_new_quiz = False
    assert new_quizzes().is_ok
    assert new_quizzes().words == "this Canvas has no New Quizzes"


def test_assignments_shown_without_overrides_are_not_enough(campus: Campus) -> None:
    bare = [{"id": campus.essay.id, "name": "Essay", "submission_types": ["online_upload"]}]
    campus.disturb("status", path="/assignments$", value={"code": 200, "body": bare})

    checks = {one.name: one for one in campus.gateway.check_permissions()}

    assert not checks["Assignments and overrides"].is_ok
    assert "without overrides" in checks["Assignments and overrides"].words
