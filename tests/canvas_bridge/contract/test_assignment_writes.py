"""Writing assignments: contract 9.3 to 9.6, 9.8, 10.7.5 and 10.7.11 row by row."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"
NO_TARGET = "one of student_ids, group_id, or course_section_id is required"


def error(attribute, message, kind=None):
    return {"attribute": attribute, "type": kind or message, "message": message}


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/assignments"


@pytest.fixture
def one(campus, path):
    return f"{path}/{campus.essay.id}"


def put(caller, one, **values):
    return caller.put(one, {"assignment": values})


# 9.3


def test_contract_9_3_create_is_201_and_update_200(admin, path):
    made = admin.post(path, {"assignment": {"name": "Lab"}})
    assert (made.status_code, made.json()["published"], made.json()["workflow_state"]) == (201, False, "unpublished")
    assert put(admin, f"{path}/{made.json()['id']}", published=True).json()["workflow_state"] == "published"


@pytest.mark.parametrize("body", [{}, {"assignment": {}}, {"name": "Lab"}])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_contract_9_3_a_missing_object_is_named(admin, path, one, method, body):
    answer = admin(method, path if method == "POST" else one, json=body)
    assert (answer.status_code, answer.json()) == (400, {"errors": [{"message": "assignment is missing"}]})


@pytest.mark.parametrize("name", ["due_at", "unlock_at", "lock_at", "peer_reviews_assign_at"])
@pytest.mark.parametrize("value", ["2026-12-01", "soon", "2026-12-01 17:00", "2026-13-01T00:00:00Z", 5])
def test_contract_9_3_dates_must_be_full_date_times(admin, path, one, name, value):
    for answer in (put(admin, one, **{name: value}), admin.post(path, {"assignment": {"name": "Lab", name: value}})):
        assert answer.status_code == 400
        assert answer.json()["errors"][f"assignment[{name}]"][0]["message"] == f"Invalid datetime for {name}"


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"due_at": DUE, "unlock_at": LATER}, True),
        ({"due_at": LATER, "lock_at": DUE}, True),
        ({"due_at": DUE, "unlock_at": DUE, "lock_at": DUE}, False),
        ({"due_at": None, "unlock_at": LATER, "lock_at": DUE}, False),
    ],
)
def test_contract_9_3_due_lies_between_unlock_and_lock(admin, path, one, values, is_refused):
    answer = put(admin, one, **values)
    assert answer.status_code == (400 if is_refused else 200)
    if is_refused:
        message = "must be between availability dates"
        assert answer.json() == {"errors": {"due_at": [error("due_at", message)]}}


def test_contract_9_3_omitted_keys_stay_and_null_or_empty_clears(admin, one):
    put(admin, one, due_at=DUE, lock_at=LATER)
    shown = put(admin, one, name="Renamed").json()
    assert (shown["due_at"], shown["lock_at"]) == (DUE, LATER)
    shown = put(admin, one, due_at=None, lock_at="").json()
    assert (shown["due_at"], shown["lock_at"]) == (None, None)


@pytest.mark.parametrize(("sent", "stored"), [({}, 0), ({"points_possible": ""}, 0), ({"points_possible": "7.5"}, 7.5)])
def test_contract_9_3_blank_points_are_0(admin, path, one, sent, stored):
    assert admin.post(path, {"assignment": {"name": "Lab", **sent}}).json()["points_possible"] == stored
    if sent:
        assert put(admin, one, **sent).json()["points_possible"] == stored


@pytest.mark.parametrize(("sent", "stored"), [(3, 3), ("4", 4), (-1, -1), ("-1", -1), (None, -1)])
def test_contract_9_3_minus_1_and_null_attempts_are_unlimited(admin, one, sent, stored):
    assert put(admin, one, allowed_attempts=sent).json()["allowed_attempts"] == stored


def test_contract_9_3_no_attempts_at_all_are_refused(admin, one):
    answer = put(admin, one, allowed_attempts=0)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["allowed_attempts"])


def test_contract_9_3_a_base_due_date_flips_only_visible_to_overrides(admin, campus, one):
    campus.essay.only_visible_to_overrides = True
    assert put(admin, one, lock_at=LATER).json()["only_visible_to_overrides"] is True
    assert put(admin, one, due_at=DUE).json()["only_visible_to_overrides"] is False


def test_contract_9_3_unpublishing_with_submissions_is_refused(state, admin, campus, one):
    state.submit(campus.essay, campus.ana)
    answer = put(admin, one, published=False)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["published"])


def test_contract_9_3_a_clash_of_sis_ids_is_409(admin, path, one):
    admin.post(path, {"assignment": {"name": "Lab", "sis_assignment_id": "LAB-1"}})
    text = {"message": "Assignment with the given sis_source_id already exists"}
    for answer in (
        admin.post(path, {"assignment": {"name": "Lab", "sis_assignment_id": "LAB-1"}}),
        put(admin, one, sis_assignment_id="LAB-1"),
    ):
        assert (answer.status_code, answer.json()) == (409, text)
    assert put(admin, one, sis_assignment_id="ESSAY-1").json()["sis_assignment_id"] == "ESSAY-1"
    assert admin.get(f"{path}/sis_assignment_id:ESSAY-1").json()["name"] == "Essay"


@pytest.mark.parametrize(("name", "kind"), [("", "blank"), ("x" * 256, "too_long")])
def test_contract_9_3_names_are_checked_on_create(admin, path, name, kind):
    answer = admin.post(path, {"assignment": {"name": name}})
    assert (answer.status_code, answer.json()) == (400, {"errors": {"name": [error("name", kind)]}})


# 9.3: assignment_overrides


@pytest.fixture
def known(state, campus):
    return state.add_override(campus.essay, students=[campus.ana], title="T", due_at=campus.due, lock_at=campus.due)


def test_contract_9_3_without_the_key_overrides_are_untouched(state, admin, campus, one, known):
    put(admin, one, name="Renamed")
    assert state.active_overrides(campus.essay) == [known]


def test_contract_9_3_the_list_is_complete_with_kept_ids(state, admin, campus, one, known):
    state.add_override(campus.essay, section=campus.morning)
    entries = [{"course_section_id": campus.evening.id, "due_at": DUE}, {"id": known.id, "lock_at": LATER}]
    shown = admin.put(f"{one}?include[]=overrides", {"assignment": {"assignment_overrides": entries}}).json()
    by_title = {override["title"]: override for override in shown["overrides"]}
    assert set(by_title) == {"T", "Evening"}
    assert (by_title["T"]["id"], "due_at" in by_title["T"], by_title["T"]["lock_at"]) == (known.id, False, LATER)


@pytest.mark.parametrize("value", [[], None])
def test_contract_9_3_an_empty_list_deletes_all(state, admin, campus, one, known, value):
    assert put(admin, one, assignment_overrides=value).status_code == 200
    assert state.active_overrides(campus.essay) == []


def test_contract_1_1_a_map_that_looks_like_a_list_is_one(state, admin, campus, one):
    entries = {"0": {"course_section_id": campus.evening.id}, "1": {"student_ids": [campus.ana.id]}}
    put(admin, one, assignment_overrides=entries)
    assert [override.set_type for override in state.active_overrides(campus.essay)] == ["CourseSection", "ADHOC"]


@pytest.mark.parametrize("value", ["x", {"a": {}}, 5])
def test_contract_9_3_what_is_not_like_a_list_is_400(state, admin, campus, one, known, value):
    assert put(admin, one, assignment_overrides=value).status_code == 400
    assert state.active_overrides(campus.essay) == [known]


@pytest.mark.parametrize(
    ("entries", "messages"),
    [
        ([{}], [NO_TARGET]),
        ([{"student_ids": [9], "due_at": "x"}], ['unknown student ids: ["9"],invalid due_at "x"']),
        ([{"student_ids": [9]}, {"group_id": 5}], ['unknown student ids: ["9"]', "unknown group id 5"]),
        (["x"], ["invalid override data"]),
    ],
)
def test_contract_9_3_errors_of_entries_stand_under_base_and_nothing_is_saved(
    state, admin, campus, path, one, known, entries, messages
):
    answer = put(admin, one, name="Renamed", due_at=LATER, assignment_overrides=[{"id": known.id}, *entries])
    errors = answer.json()["errors"]
    assert (answer.status_code, set(errors)) == (400, {"base", "invalid_record"})
    assert [found["message"] for found in errors["base"]] == messages
    assert (campus.essay.name, campus.essay.due_at, known.due_at_overridden) == ("Essay", campus.due, True)
    count = len(state.assignments)
    created = admin.post(path, {"assignment": {"name": "Lab", "assignment_overrides": entries}})
    assert (created.status_code, set(created.json()["errors"])) == (400, {"base"})
    assert len(state.assignments) == count


def test_contract_9_3_a_clash_rolls_everything_back(state, admin, campus, one, known):
    section = state.add_override(campus.essay, section=campus.morning)
    entries = [{"id": known.id, "due_at": LATER}, {"student_ids": [campus.ana.id]}]
    answer = put(admin, one, name="Renamed", assignment_overrides=entries)
    assert answer.status_code == 400
    assert answer.json()["errors"]["base"][0]["message"] == "already belongs to an assignment override"
    assert state.active_overrides(campus.essay) == [known, section]
    assert (known.due_at, campus.essay.name) == (campus.due, "Essay")


def test_contract_9_3_a_refused_change_of_a_sis_id_leaves_the_old_one_to_be_found(admin, path, one):
    put(admin, one, sis_assignment_id="ESSAY-1")
    refused = put(admin, one, sis_assignment_id="ESSAY-2", assignment_overrides=[{"student_ids": [9]}])
    assert refused.status_code == 400
    found = [admin.get(f"{path}/sis_assignment_id:{sis_id}").status_code for sis_id in ("ESSAY-1", "ESSAY-2")]
    assert found == [200, 404]


def test_contract_1_1_in_a_form_a_repeated_key_starts_the_next_entry(state, admin, campus, one):
    fields = [
        ("assignment[assignment_overrides][][student_ids][]", campus.ana.id),
        ("assignment[assignment_overrides][][student_ids][]", campus.bao.id),
        ("assignment[assignment_overrides][][due_at]", DUE),
        ("assignment[assignment_overrides][][due_at]", ""),
        ("assignment[assignment_overrides][][course_section_id]", campus.evening.id),
    ]
    assert admin("PUT", one, data=fields).status_code == 200
    shown = admin.get(f"{one}/overrides").json()
    assert [(found["title"], found["due_at"]) for found in shown] == [("2 students", DUE), ("Evening", None)]


def test_contract_9_3_what_the_caller_cannot_see_is_kept(state, campus, one, caller_for):
    limited = state.add_user("Noor Haddad")
    state.enroll(
        limited,
        campus.course,
        section=campus.evening,
        type="TeacherEnrollment",
        limit_privileges_to_course_section=True,
    )
    hidden = state.add_override(campus.essay, students=[campus.ana], title="Hidden")
    shared = state.add_override(campus.essay, students=[campus.bao, campus.chidi], title="Shared")
    dora = state.add_user("Dora Weiss")
    state.enroll(dora, campus.course, section=campus.evening)
    entries = [{"id": shared.id, "student_ids": [dora.id], "title": "Mine"}]
    assert put(caller_for(state, limited), one, assignment_overrides=entries).status_code == 200
    assert state.active_overrides(campus.essay) == [hidden, shared]
    assert (set(shared.student_ids), shared.title) == ({dora.id, campus.bao.id}, "2 students")
    assert (hidden.student_ids, hidden.title) == ([campus.ana.id], "Hidden")


def test_contract_10_7_3_an_entry_of_a_module_is_left_alone(state, admin, campus, one):
    module = state.add_module(campus.course, "Week 1", campus.essay)
    of_module = state.add_override(module, students=[campus.ana])
    assert put(admin, one, assignment_overrides=[{"id": of_module.id, "due_at": DUE}]).status_code == 200
    assert state.active_overrides(campus.essay) == []
    assert state.active_overrides(module) == [of_module]


# 9.4 to 9.6


def test_contract_9_4_delete_answers_with_the_assignment_and_then_404(admin, one):
    answer = admin.delete(one)
    assert (answer.status_code, answer.json()["name"]) == (200, "Essay")
    assert answer.json()["workflow_state"] == "deleted"
    assert admin.delete(one).status_code == 404


def test_contract_9_5_a_copy_stands_behind_its_original_without_overrides(state, admin, campus, one, path, known):
    shown = admin.post(f"{one}/duplicate").json()
    assert (shown["name"], shown["published"], shown["has_overrides"]) == ("Essay Copy", False, False)
    order = [found["name"] for found in admin.get(path).json()]
    assert order == ["Midterm", "Essay", "Essay Copy", "Weekly check"]
    listed = {str(found["id"]): found["position"] for found in admin.get(path).json()}
    assert shown["new_positions"] == listed


@pytest.mark.parametrize(
    ("which", "status", "body"),
    [
        ("unknown", 400, {"error": "assignment does not exist"}),
        ("quiz", 400, {"error": "quiz duplication not implemented"}),
    ],
)
def test_contract_9_5_refused_copies(admin, campus, path, which, status, body):
    target = 9 if which == "unknown" else campus.quiz_assignment.id
    answer = admin.post(f"{path}/{target}/duplicate")
    assert (answer.status_code, answer.json()) == (status, body)


def test_contract_9_5_a_new_quiz_is_copied_later(admin, campus, path):
    shown = admin.post(f"{path}/{campus.new_quiz.id}/duplicate").json()
    assert (shown["workflow_state"], shown["is_quiz_lti_assignment"]) == ("duplicating", True)


def test_contract_9_6_the_group_of_a_student_for_the_assignment(state, admin, campus, one):
    projects = state.add_group_category(campus.course, "Projects")
    campus.essay.group_category_id = projects.id
    state.add_group(projects, "Project 1", campus.ana, campus.bao)
    state.add_group(state.add_group_category(campus.course, "Other"), "Other 1", campus.ana, campus.chidi)
    members = admin.get(f"{one}/users/{campus.ana.id}/group_members").json()
    assert members == [
        {"id": campus.ana.id, "name": "Ana Oliveira"},
        {"id": campus.bao.id, "name": "Bao Nguyen"},
    ]
    assert admin.get(f"{one}/users/{campus.teacher.id}/group_members").status_code == 404


# 9.8


@pytest.mark.parametrize(
    ("name", "sent", "shown"),
    [
        ("position", "7", 7),
        ("description", "<p>Read</p>", "<p>Read</p>"),
        ("grading_type", "percent", "percent"),
        ("submission_types", ["online_url", "online_upload"], ["online_url", "online_upload"]),
        ("allowed_extensions", ["pdf"], ["pdf"]),
        ("peer_reviews", "true", True),
        ("automatic_peer_reviews", True, True),
        ("grade_group_students_individually", "1", True),
        ("integration_id", "I-1", "I-1"),
        ("integration_data", {"a": "b"}, {"a": "b"}),
        ("omit_from_final_grade", True, True),
        ("hide_in_gradebook", True, True),
        ("moderated_grading", True, True),
        ("grader_count", "2", 2),
        ("grader_comments_visible_to_graders", False, False),
        ("graders_anonymous_to_graders", True, True),
        ("graders_names_visible_to_final_grader", False, False),
        ("anonymous_grading", True, True),
        ("only_visible_to_overrides", True, True),
        ("grading_standard_id", "5", 5),
        ("external_tool_tag_attributes", {"url": "https://tool.test"}, {"url": "https://tool.test"}),
        ("annotatable_attachment_id", "12", 12),
    ],
)
def test_contract_9_8_parameters_are_stored_typed_and_shown(admin, path, one, name, sent, shown):
    assert put(admin, one, **{name: sent}).json()[name] == shown
    assert admin.get(one).json()[name] == shown
    assert admin.post(path, {"assignment": {"name": "Lab", name: sent}}).json()[name] == shown


def test_contract_9_8_a_grading_standard_makes_it_letters_unless_gpa(admin, one):
    assert put(admin, one, grading_standard_id=5).json()["grading_type"] == "letter_grade"
    shown = put(admin, one, grading_standard_id="").json()
    assert shown["grading_standard_id"] is None
    assert put(admin, one, grading_standard_id=5, grading_type="gpa_scale").json()["grading_type"] == "gpa_scale"


def test_contract_9_8_types_stay_once_somebody_has_submitted(state, admin, campus, one):
    state.submit(campus.essay, campus.ana)
    assert put(admin, one, submission_types=["on_paper"]).json()["submission_types"] == ["online_upload"]


def test_contract_9_8_quiz_lti_makes_it_a_new_quiz(admin, path):
    shown = admin.post(path, {"assignment": {"name": "Check", "quiz_lti": True}}).json()
    assert (shown["submission_types"], shown["is_quiz_lti_assignment"]) == (["external_tool"], True)


def test_contract_9_8_without_the_sis_right_its_keys_are_passed_over(teacher, campus, one):
    put(teacher, one, sis_assignment_id="X", integration_id="Y")
    assert (campus.essay.sis_assignment_id, campus.essay.extras) == (None, {})


def test_contract_9_8_force_updated_at_moves_it_without_a_change(state, admin, campus, one):
    before = campus.essay.updated_at
    state.freeze(state.now() + timedelta(hours=1))
    put(admin, one, name="Essay")
    assert campus.essay.updated_at == before
    put(admin, one, name="Essay", force_updated_at=True)
    assert campus.essay.updated_at == state.now()


def test_contract_2_who_may_write_assignments(teacher, ana, path, one):
    assert [ana.post(path, {"assignment": {"name": "x"}}).status_code, put(ana, one, name="x").status_code] == [403] * 2
    assert ana.delete(one).status_code == 403
    assert teacher.post(path, {"assignment": {"name": "x"}}).status_code == 201


def test_contract_2_a_moderated_assignment_is_for_its_final_grader(admin, teacher, campus, one):
    put(admin, one, moderated_grading=True, final_grader_id=campus.teacher.id)
    assert put(teacher, one, name="Mine").status_code == 200
    put(admin, one, final_grader_id=campus.ana.id)
    assert put(teacher, one, name="Mine").status_code == 403


# Assignment groups, to fill a course


def test_assignment_groups_are_made_read_changed_and_deleted(admin, campus, path):
    groups = f"/courses/{campus.course.id}/assignment_groups"
    exams = admin.post(groups, {"name": "Exams", "group_weight": 40}).json()
    made = admin.post(path, {"assignment": {"name": "Final", "assignment_group_id": exams["id"]}}).json()
    assert made["assignment_group_id"] == exams["id"]
    shown = admin.get(f"{groups}/{exams['id']}?include[]=assignments").json()
    assert (shown["group_weight"], [found["name"] for found in shown["assignments"]]) == (40, ["Final"])
    assert admin.put(f"{groups}/{exams['id']}", {"name": "Tests"}).json()["name"] == "Tests"
    first = admin.get(groups).json()[0]["id"]
    admin.delete(f"{groups}/{exams['id']}?move_assignments_to={first}")
    assert admin.get(f"{path}/{made['id']}").json()["assignment_group_id"] == first
    assert admin.get(f"{groups}/{exams['id']}").status_code == 404
