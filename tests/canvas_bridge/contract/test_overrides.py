"""Overrides row by row: contract 6.1 to 6.3, one row of its tables to each row here."""

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"
NO_TARGET = "one of student_ids, group_id, or course_section_id is required"
GONE = {"errors": [{"message": "The specified resource does not exist."}]}


def error(attribute, message, kind=None):
    return {"attribute": attribute, "type": kind or message, "message": message}


def create(caller, campus, **values):
    return caller.post(campus.overrides, {"assignment_override": values})


def put(caller, campus, override, **values):
    return caller.put(f"{campus.overrides}/{override['id']}", {"assignment_override": values})


@pytest.fixture
def group_set(state, campus):
    """The essay is a group assignment: a set with one group of Ana's, and a tag with Bao."""
    projects = state.add_group_category(campus.course, "Projects")
    campus.essay.group_category_id = projects.id
    campus.group = state.add_group(projects, "Project 1", campus.ana)
    tags = state.add_group_category(campus.course, "Tags", non_collaborative=True)
    campus.tag = state.add_group(tags, "Blue", campus.bao)
    return projects


# 6.1: endpoints, status codes, 404


@pytest.mark.parametrize("ending", ["", ".json"])
def test_contract_6_1_o1_to_o5_answer_with_their_status(admin, campus, ending):
    made = admin.post(campus.overrides + ending, {"assignment_override": {"student_ids": [campus.ana.id]}})
    one = f"{campus.overrides}/{made.json()['id']}{ending}"
    statuses = [made.status_code, admin.get(campus.overrides + ending).status_code, admin.get(one).status_code]
    statuses += [admin.put(one, {}).status_code, admin.delete(one).status_code]
    assert statuses == [201, 200, 200, 200, 200]


def test_contract_6_1_delete_answers_with_the_object_as_it_was_and_the_second_time_404(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id], due_at=DUE).json()
    path = f"{campus.overrides}/{made['id']}"
    assert admin.delete(path).json() == made
    again = admin.delete(path)
    assert (again.status_code, again.json()) == (404, GONE)


@pytest.mark.parametrize("path", ["overrides/1", "overrides/abc", "overrides/99999999999999999999"])
def test_contract_6_1_an_unknown_override_is_404(admin, campus, path):
    address = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/{path}"
    answers = [admin.get(address), admin.put(address, {}), admin.delete(address)]
    assert [(one.status_code, one.json()) for one in answers] == [(404, GONE)] * 3


def test_contract_6_1_an_override_of_another_assignment_is_404(state, admin, campus):
    other = state.add_override(campus.new_quiz, students=[campus.ana])
    address = f"{campus.overrides}/{other.id}"
    assert [admin.get(address).status_code, admin.put(address, {}).status_code] == [404, 404]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_contract_6_1_a_deleted_assignment_is_404(admin, campus, method):
    campus.essay.workflow_state = "deleted"
    assert admin(method, campus.overrides, json={}).status_code == 404


def test_contract_6_1_o6_and_o7_redirect_to_the_address_of_o2(state, admin, campus, group_set):
    of_group = create(admin, campus, group_id=campus.group.id).json()
    of_section = create(admin, campus, course_section_id=campus.evening.id).json()
    for target, override in ((f"groups/{campus.group.id}", of_group), (f"sections/{campus.evening.id}", of_section)):
        answer = admin.get(f"/{target}/assignments/{campus.essay.id}/override")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"http://canvas.test/api/v1{campus.overrides}/{override['id']}"
    assert admin.get(f"/sections/{campus.morning.id}/assignments/{campus.essay.id}/override").status_code == 404
    assert admin.get(f"/sections/9/assignments/{campus.essay.id}/override").status_code == 404
    assert admin.get(f"/groups/{campus.group.id}/assignments/{campus.new_quiz.id}/override").status_code == 404


def test_contract_6_1_o7_is_404_where_the_override_is_not_visible_to_the_caller(admin, ana, campus):
    create(admin, campus, course_section_id=campus.evening.id)
    create(admin, campus, course_section_id=campus.morning.id)
    assert ana.get(f"/sections/{campus.evening.id}/assignments/{campus.essay.id}/override").status_code == 404
    assert ana.get(f"/sections/{campus.morning.id}/assignments/{campus.essay.id}/override").status_code == 302


@pytest.mark.parametrize(("paginated", "first_page"), [(True, 10), (False, 12)])
def test_contract_6_1_o1_is_paged_unless_switched(state, admin, campus, paginated, first_page):
    state.switches.override_list_paginated = paginated
    for number in range(12):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(campus.essay, students=[student])
    answer = admin.get(campus.overrides)
    assert len(answer.json()) == first_page
    assert ("next" in answer.links) is paginated


# 6.2: the object


def test_contract_6_2_without_dates_no_date_key_is_there(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id]).json()
    assert made == {
        "id": made["id"],
        "assignment_id": campus.essay.id,
        "title": "1 student",
        "unassign_item": False,
        "student_ids": [campus.ana.id],
    }


def test_contract_6_2_with_all_dates(admin, campus):
    made = create(admin, campus, course_section_id=campus.evening.id, due_at=DUE, unlock_at=None, lock_at=LATER).json()
    assert made == {
        "id": made["id"],
        "assignment_id": campus.essay.id,
        "title": "Evening",
        "unassign_item": False,
        "due_at": DUE,
        "all_day": False,
        "all_day_date": "2026-12-01",
        "unlock_at": None,
        "lock_at": LATER,
        "course_section_id": campus.evening.id,
    }


def test_contract_6_2_each_kind_has_its_own_target_keys(admin, campus, group_set):
    group = create(admin, campus, group_id=campus.group.id).json()
    tag = create(admin, campus, group_id=campus.tag.id).json()
    course = create(admin, campus, course_id="yes").json()
    targets = {"group_id", "group_category_id", "non_collaborative", "course_section_id", "student_ids", "course_id"}
    assert {name: group[name] for name in targets & set(group)} == {
        "group_id": campus.group.id,
        "group_category_id": group_set.id,
        "non_collaborative": False,
    }
    assert (tag["group_id"], tag["non_collaborative"]) == (campus.tag.id, True)
    assert {name: course[name] for name in targets & set(course)} == {"course_id": campus.course.id}
    assert (group["title"], tag["title"], course["title"]) == ("Project 1", "Blue", "Cell Biology")


def test_contract_6_2_students_do_not_read_the_name_of_a_tag(state, admin, campus, group_set, caller_for):
    create(admin, campus, group_id=campus.tag.id, due_at=DUE)
    shown = caller_for(state, campus.bao).get(campus.overrides).json()
    assert [(one["group_id"], "title" in one) for one in shown] == [(campus.tag.id, False)]


def test_contract_6_2_a_classic_quiz_keeps_both_ids(admin, campus):
    path = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/overrides"
    made = admin.post(path, {"assignment_override": {"student_ids": [campus.ana.id]}}).json()
    assert (made["assignment_id"], made["quiz_id"]) == (campus.quiz_assignment.id, campus.quiz.id)


def test_contract_6_2_overrides_of_mastery_paths_are_hidden(admin, campus):
    assert create(admin, campus, noop_id=1, title="Path").status_code == 201
    assert admin.get(campus.overrides).json() == []


def test_contract_6_2_those_of_a_module_are_listed_and_cannot_be_written_here(state, admin, campus):
    module = state.add_module(campus.course, "Week 1", campus.essay)
    body = {"overrides": [{"student_ids": [campus.ana.id]}]}
    admin.put(f"/courses/{campus.course.id}/modules/{module.id}/assignment_overrides", body)
    shown = admin.get(campus.overrides).json()
    assert [(one["context_module_id"], one["student_ids"]) for one in shown] == [(module.id, [campus.ana.id])]
    assert "assignment_id" not in shown[0]
    assert put(admin, campus, shown[0], due_at=DUE).status_code == 404


# 6.3: targets and texts


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [NO_TARGET]),
        ({"assignment_override": {}}, [NO_TARGET]),
        ({"assignment_override": {"title": "x"}}, [NO_TARGET]),
        ({"assignment_override": {"group_id": "", "course_section_id": ""}}, [NO_TARGET]),
        ({"assignment_override": "x"}, ["invalid override data"]),
        ({"assignment_override": [1]}, ["invalid override data"]),
        ({"assignment_override": 5}, ["invalid override data"]),
    ],
)
def test_contract_6_3_what_is_no_override_is_refused(state, admin, campus, body, errors):
    answer = admin.post(campus.overrides, body)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})
    assert len(state.overrides) == 0


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"student_ids": "bad data"}, ['invalid student_ids "bad data"']),
        ({"student_ids": 5}, ["invalid student_ids 5"]),
        ({"student_ids": []}, ["invalid student_ids []"]),
        ({"student_ids": {"a": 1}}, ['invalid student_ids {"a"=>1}']),
        ({"student_ids": [9]}, ['unknown student ids: ["9"]']),
        ({"student_ids": ["9", "sis_user_id:S-0"]}, ['unknown student ids: ["9", "sis_user_id:S-0"]']),
        ({"student_ids": [None, True]}, ['unknown student ids: ["", "true"]']),
        ({"course_id": False}, [NO_TARGET]),
        ({"student_ids": ["self"]}, ['unknown student ids: ["self"]']),
        ({"student_ids": ["hex:sis_user_id:532d313030"]}, ['unknown student ids: ["hex:sis_user_id:532d313030"]']),
        ({"student_ids": ["sis_integration_id:I-1"]}, ['unknown student ids: ["sis_integration_id:I-1"]']),
        ({"student_ids": ["sis_login_id:ana.oliveira"]}, ['unknown student ids: ["sis_login_id:ana.oliveira"]']),
        ({"group_id": 5}, ["unknown group id 5"]),
        ({"group_id": "5"}, ['unknown group id "5"']),
        ({"course_section_id": 5}, ["unknown section id 5"]),
        ({"course_section_id": "sis_section_id:NONE"}, ['unknown section id "sis_section_id:NONE"']),
        ({"course_id": "x", "due_at": "bad data"}, ['invalid due_at "bad data"']),
        ({"course_id": "x", "unlock_at": "bad data"}, ['invalid unlock_at "bad data"']),
        ({"course_id": "x", "lock_at": "bad data"}, ['invalid lock_at "bad data"']),
        ({"course_id": "x", "due_at": 5}, ["invalid due_at 5"]),
        (
            {"course_section_id": 5, "due_at": "a", "unlock_at": "b", "lock_at": "c"},
            ["unknown section id 5", 'invalid due_at "a"', 'invalid unlock_at "b"', 'invalid lock_at "c"'],
        ),
        ({"due_at": "a"}, [NO_TARGET, 'invalid due_at "a"']),
    ],
)
def test_contract_6_3_every_text_is_exact_and_several_come_together(state, admin, campus, values, errors):
    answer = create(admin, campus, **values)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})
    assert len(state.overrides) == 0


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"assignment_override[student_ids]": "5"}, 'invalid student_ids "5"'),
        ({"assignment_override[student_ids][]": "5"}, 'unknown student ids: ["5"]'),
        ({"assignment_override[group_id]": "5"}, 'unknown group id "5"'),
        ({"assignment_override[course_section_id]": "5"}, 'unknown section id "5"'),
    ],
)
def test_contract_6_3_through_a_form_ids_print_as_text(admin, campus, form, error):
    answer = admin("POST", campus.overrides, data=form)
    assert (answer.status_code, answer.json()) == (400, {"errors": [error]})


@pytest.mark.parametrize(
    ("state_of_enrollment", "status"),
    [("active", 201), ("invited", 201), ("completed", 201), ("inactive", 201), ("rejected", 201), ("deleted", 400)],
)
def test_contract_6_3_students_of_any_state_but_deleted_count(state, admin, campus, state_of_enrollment, status):
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = state_of_enrollment
    assert create(admin, campus, student_ids=[campus.ana.id]).status_code == status


def test_contract_6_3_a_teacher_is_no_student(admin, campus):
    answer = create(admin, campus, student_ids=[campus.teacher.id])
    assert answer.json() == {"errors": [f'unknown student ids: ["{campus.teacher.id}"]']}


def test_contract_6_3_duplicates_are_merged(admin, campus):
    ids = [campus.ana.id, str(campus.ana.id), "sis_user_id:S-100", "sis_login_id:Ana.Oliveira"]
    made = create(admin, campus, student_ids=ids).json()
    assert (made["student_ids"], made["title"]) == ([campus.ana.id], "1 student")


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("student_ids", "group_id", "course_section_id", "course_id", "noop_id"), "student_ids"),
        (("group_id", "course_section_id", "course_id", "noop_id"), "group_id"),
        (("course_section_id", "course_id", "noop_id"), "course_section_id"),
        (("course_id", "noop_id"), "course_id"),
    ],
)
def test_contract_6_3_the_first_target_of_the_order_counts(admin, campus, group_set, names, kept):
    values = {
        "student_ids": [campus.ana.id],
        "group_id": campus.group.id,
        "course_section_id": campus.evening.id,
        "course_id": campus.course.id,
        "noop_id": 1,
    }
    made = create(admin, campus, **{name: values[name] for name in names}).json()
    assert {name for name in values if name in made} == {kept}


def test_contract_6_3_groups_belong_to_the_assignments_set(state, admin, campus, group_set):
    other = state.add_group(state.add_group_category(campus.course, "Other"), "Other 1", campus.ana)
    assert create(admin, campus, group_id=other.id).json() == {"errors": ["group_id is not valid"]}
    campus.group.workflow_state = "deleted"
    assert create(admin, campus, group_id=campus.group.id).json() == {"errors": [f"unknown group id {campus.group.id}"]}


def test_contract_6_3_a_deleted_section_and_one_of_another_course_are_unknown(state, admin, campus):
    elsewhere = state.add_section(state.add_course("Logic"), "Logic A")
    campus.evening.workflow_state = "deleted"
    for section in (elsewhere, campus.evening):
        answer = create(admin, campus, course_section_id=section.id)
        assert answer.json() == {"errors": [f"unknown section id {section.id}"]}


def test_contract_6_3_a_section_must_be_readable_by_the_caller(state, campus, caller_for):
    limited = state.add_user("Noor Haddad")
    state.enroll(
        limited,
        campus.course,
        section=campus.evening,
        type="TeacherEnrollment",
        limit_privileges_to_course_section=True,
    )
    caller = caller_for(state, limited)
    refused = create(caller, campus, course_section_id=campus.morning.id)
    assert refused.json() == {"errors": [f"unknown section id {campus.morning.id}"]}
    assert create(caller, campus, course_section_id=campus.evening.id).status_code == 201


def test_contract_6_3_the_order_of_dates_is_not_checked(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id], unlock_at=LATER, due_at=DUE, lock_at="2026-11-30T17:00Z")
    assert made.status_code == 201


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"title": "x" * 256}, {"title": [error("title", "too_long")]}),
        ({"title": ""}, {"title": [error("title", "blank")]}),
    ],
)
def test_contract_6_3_model_errors_of_titles(admin, campus, values, errors):
    answer = create(admin, campus, student_ids=[campus.ana.id], **values)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})
    assert create(admin, campus, course_section_id=campus.evening.id, **values).status_code == 201


def test_contract_6_3_a_course_override_cannot_unassign(admin, campus):
    text = "must be false with set_type Course"
    answer = create(admin, campus, course_id=1, unassign_item=True)
    assert (answer.status_code, answer.json()) == (400, {"errors": {"unassign_item": [error("unassign_item", text)]}})
