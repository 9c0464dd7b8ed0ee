"""Who may do what: section 2 of the contract, each action with each role."""

from datetime import timedelta

import pytest

ROLES = (
    "administrator",
    "teacher",
    "assistant",
    "designer",
    "teacher of one section",
    "former teacher",
    "invited teacher",
    "student",
    "observer",
    "test student",
    "stranger",
)
# action: method, path, body, and whether each role may, in the order of ROLES
EXTENSION = {"user_id": "{ana}", "extra_time": 5}
OVERRIDE = {"student_ids": ["{ana}"], "due_at": "2026-12-01T17:00:00Z"}
ASSIGNMENT = {"assignment": {"name": "Another"}}
BULK = [{"id": "{essay}", "all_dates": [{"base": True, "due_at": "2026-12-01T17:00:00Z"}]}]
ROWS = {
    "quiz extensions": ("POST", "/quizzes/{quiz}/extensions", {"quiz_extensions": [EXTENSION]}, "yyyny------"),
    "course quiz extensions": ("POST", "/quiz_extensions", {"quiz_extensions": [EXTENSION]}, "yyyny------"),
    "assignment extensions": (
        "POST",
        "/assignments/{essay}/extensions",
        {"assignment_extensions": [{"user_id": "{ana}", "extra_attempts": 1}]},
        "yyyyy------",
    ),
    "list overrides": ("GET", "/assignments/{essay}/overrides", None, "yyyyyyyyyy-"),
    "create an override": ("POST", "/assignments/{essay}/overrides", {"assignment_override": OVERRIDE}, "yyyyy------"),
    "create a batch": (
        "POST",
        "/assignments/overrides",
        {"assignment_overrides": [{"assignment_id": "{essay}", **OVERRIDE}]},
        "yyyyy------",
    ),
    "read date details": ("GET", "/assignments/{essay}/date_details", None, "yyyyy------"),
    "write date details": ("PUT", "/assignments/{essay}/date_details", {}, "yyyyy------"),
    "create an assignment": ("POST", "/assignments", ASSIGNMENT, "yyyyy------"),
    "update an assignment": ("PUT", "/assignments/{essay}", ASSIGNMENT, "yyyyy------"),
    "delete an assignment": ("DELETE", "/assignments/{essay}", None, "yyyyy------"),
    "move dates in bulk": ("PUT", "/assignments/bulk_update", BULK, "yyyyy------"),
    "list enrollments": ("GET", "/enrollments", None, "yyyyyyyyyy-"),
    "read the course": ("GET", "", None, "yyyyyyyyyy-"),
}


@pytest.fixture
def callers(state, campus, caller_for):
    """One caller for each role."""
    course, evening = campus.course, campus.evening

    def person(name, kind, **more):
        user = state.add_user(name, is_test_student=kind == "StudentViewEnrollment")
        state.enroll(user, course, type=kind, **more)
        return user

    former = person("Farid Haddad", "TeacherEnrollment")
    state.enrollments.where("user", former.id)[0].workflow_state = "completed"
    invited = person("Ilse Brandt", "TeacherEnrollment")
    state.enrollments.where("user", invited.id)[0].workflow_state = "invited"
    limited = person("Lars Eide", "TeacherEnrollment", section=evening)
    state.enrollments.where("user", limited.id)[0].limit_privileges_to_course_section = True
    observer = person("Olga Petrova", "ObserverEnrollment")
    state.enrollments.where("user", observer.id)[0].associated_user_id = campus.ana.id
    users = {
        "administrator": state.admin,
        "teacher": campus.teacher,
        "assistant": person("Tomas Lind", "TaEnrollment"),
        "designer": person("Dewi Santoso", "DesignerEnrollment"),
        "teacher of one section": limited,
        "former teacher": former,
        "invited teacher": invited,
        "student": campus.ana,
        "observer": observer,
        "test student": person("Test Student", "StudentViewEnrollment"),
        "stranger": state.add_user("Sefa Tuiasosopo"),
    }
    return {role: caller_for(state, user) for role, user in users.items()}


def filled(value, names):
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


def ask(caller, campus, method, path, body, *, student=None):
    names = {"ana": (student or campus.ana).id, "quiz": campus.quiz.id, "essay": campus.essay.id}
    address = f"/courses/{campus.course.id}" + path.format(**names)
    return caller(method, address, json=filled(body, names))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ROWS)
def test_contract_2_each_role_may_what_canvas_lets_it(callers, campus, action, role):
    method, path, body, rights = ROWS[action]
    student = campus.chidi if role == "teacher of one section" else campus.ana
    answer = ask(callers[role], campus, method, path, body, student=student)
    if rights[ROLES.index(role)] == "y":
        assert answer.status_code in (200, 201, 204), answer.text
    else:
        assert answer.status_code == 403
        assert "errors" in answer.json() or answer.json()["status"] == "forbidden"


@pytest.mark.parametrize("action", [name for name, row in ROWS.items() if row[0] != "GET"])
@pytest.mark.parametrize("how", ["by its state", "by its dates"])
def test_contract_2_a_concluded_course_is_read_only_for_its_teacher(state, callers, campus, action, how):
    if how == "by its state":
        campus.course.workflow_state = "completed"
    else:
        state.terms[campus.course.term_id].end_at = state.now() - timedelta(days=1)
    method, path, body, _ = ROWS[action]
    assert ask(callers["teacher"], campus, method, path, body).status_code == 403
    assert ask(callers["teacher"], campus, "GET", "", None).status_code == 200
    assert ask(callers["administrator"], campus, method, path, body).status_code in (200, 201, 204)


def test_contract_2_sis_filters_on_enrollments_need_the_right(callers, campus):
    refused = ask(callers["student"], campus, "GET", "/enrollments?sis_user_id[]=S-100", None)
    assert (refused.status_code, refused.json()) == (
        400,
        {"message": "Insufficient permissions to filter by SIS fields"},
    )
    assert ask(callers["teacher"], campus, "GET", "/enrollments?sis_user_id[]=S-100", None).status_code == 200


@pytest.mark.parametrize(("role", "sees"), [("administrator", True), ("teacher", True), ("student", False)])
def test_contract_2_sis_ids_are_shown_by_right(callers, campus, role, sees):
    row = ask(callers[role], campus, "GET", "/enrollments", None).json()[0]
    assert ("sis_user_id" in row) is sees


def test_contract_2_a_moderated_assignment_is_its_final_graders(state, callers, campus):
    campus.essay.moderated_grading = True
    campus.essay.final_grader_id = state.admin.id
    method, path, body, _ = ROWS["create an override"]
    assert ask(callers["teacher"], campus, method, path, body).status_code == 403
    campus.essay.final_grader_id = campus.teacher.id
    assert ask(callers["teacher"], campus, method, path, body).status_code == 201


def test_contract_2_a_teacher_of_one_section_reaches_no_student_of_another(callers, campus):
    method, path, body, _ = ROWS["quiz extensions"]
    assert ask(callers["teacher of one section"], campus, method, path, body).status_code != 200
