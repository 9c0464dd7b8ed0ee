"""Overrides of one assignment: sections 6.1 to 6.8 and 6.10 of the contract."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"
TAKEN = {
    "errors": {
        "assignment_override_students": [
            {
                "attribute": "assignment_override_students",
                "type": "taken",
                "message": "already belongs to an assignment override",
            }
        ]
    }
}


def create(caller, campus, **values):
    return caller.post(campus.overrides, {"assignment_override": values})


def test_c6_1_create_read_update_delete(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id], title="Extra days", due_at=DUE)
    assert made.status_code == 201
    path = f"{campus.overrides}/{made.json()['id']}"
    assert admin.get(path).json() == made.json()
    assert [one["id"] for one in admin.get(campus.overrides).json()] == [made.json()["id"]]
    changed = admin.put(path, {"assignment_override": {"lock_at": DUE}}).json()
    assert "due_at" not in changed
    assert changed["lock_at"] == DUE
    assert admin.delete(path).json() == changed
    assert [admin(method, path).status_code for method in ("DELETE", "GET", "PUT")] == [404, 404, 404]


def test_c6_2_an_absent_date_is_not_overridden_and_null_is_no_date(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id], due_at=None, lock_at="").json()
    assert made == {
        "id": made["id"],
        "assignment_id": campus.essay.id,
        "title": "1 student",
        "unassign_item": False,
        "due_at": None,
        "all_day": False,
        "all_day_date": None,
        "lock_at": None,
        "student_ids": [campus.ana.id],
    }


def test_c6_2_the_override_of_a_classic_quiz_names_both_ids(admin, campus):
    path = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/overrides"
    made = admin.post(path, {"assignment_override": {"student_ids": [campus.ana.id]}}).json()
    assert (made["assignment_id"], made["quiz_id"]) == (campus.quiz_assignment.id, campus.quiz.id)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, ["one of student_ids, group_id, or course_section_id is required"]),
        (
            {"group_id": "", "course_section_id": None},
            ["one of student_ids, group_id, or course_section_id is required"],
        ),
        ({"student_ids": "bad data"}, ['invalid student_ids "bad data"']),
        ({"student_ids": []}, ["invalid student_ids []"]),
        ({"student_ids": None}, ["invalid student_ids nil"]),
        ({"student_ids": [9]}, ['unknown student ids: ["9"]']),
        ({"student_ids": ["sis_user_id:none", "self"]}, ['unknown student ids: ["sis_user_id:none", "self"]']),
        ({"student_ids": ["sis_login_id:ana.oliveira"]}, ['unknown student ids: ["sis_login_id:ana.oliveira"]']),
        ({"group_id": 5}, ["unknown group id 5"]),
        ({"group_id": "5"}, ['unknown group id "5"']),
        ({"course_section_id": 77}, ["unknown section id 77"]),
        (
            {"student_ids": ["sis_user_id:S-100"], "due_at": "bad data", "lock_at": 5},
            ['invalid due_at "bad data"', "invalid lock_at 5"],
        ),
        ({"student_ids": [9], "unlock_at": "x"}, ['unknown student ids: ["9"]', 'invalid unlock_at "x"']),
    ],
)
def test_c6_3_every_refusal_has_its_exact_text(state, admin, campus, values, errors):
    answer = create(admin, campus, **values)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})
    assert state.active_overrides(campus.essay) == []


def test_c6_3_data_that_is_no_object_is_invalid(admin, campus):
    answer = admin.post(campus.overrides, {"assignment_override": "x"})
    assert answer.json() == {"errors": ["invalid override data"]}
    assert admin.post(campus.overrides, {}).json()["errors"][0].startswith("one of student_ids")


def test_c6_3_through_a_form_ids_are_text(admin, campus):
    answer = admin("POST", campus.overrides, data={"assignment_override[course_section_id]": "5"})
    assert answer.json() == {"errors": ['unknown section id "5"']}


def test_c6_3_students_are_named_by_number_sis_id_or_exact_login_once(admin, campus):
    ids = [campus.ana.id, str(campus.ana.id), "sis_user_id:S-101", "sis_login_id:cokafor"]
    made = create(admin, campus, student_ids=ids).json()
    assert made["student_ids"] == [campus.ana.id, campus.bao.id, campus.chidi.id]
    assert made["title"] == "3 students"


@pytest.mark.parametrize(("enrollment_state", "status"), [("completed", 201), ("inactive", 201), ("deleted", 400)])
def test_c6_3_concluded_and_inactive_students_count(state, admin, campus, enrollment_state, status):
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = enrollment_state
    assert create(admin, campus, student_ids=[campus.ana.id]).status_code == status


def test_c6_3_the_first_target_counts(admin, campus):
    made = create(admin, campus, course_section_id=campus.morning.id, student_ids=[campus.ana.id], title="A").json()
    assert made["student_ids"] == [campus.ana.id]
    assert "course_section_id" not in made


def test_c6_3_groups_must_be_of_the_assignments_set_unless_they_are_tags(state, admin, campus):
    projects = state.add_group_category(campus.course, "Projects")
    group = state.add_group(projects, "Project 1", campus.ana)
    tag = state.add_group(state.add_group_category(campus.course, "Tags", non_collaborative=True), "Tag", campus.bao)
    assert create(admin, campus, group_id=group.id).json() == {"errors": ["group_id is not valid"]}
    assert create(admin, campus, group_id=tag.id).json()["non_collaborative"] is True
    campus.essay.group_category_id = projects.id
    made = create(admin, campus, group_id=group.id, title="ignored").json()
    assert (made["group_id"], made["title"]) == (group.id, "Project 1")


def test_c6_3_dates_of_overrides_are_not_checked_for_order(admin, campus):
    values = {"unlock_at": "2026-12-05T10:00:00Z", "due_at": DUE, "lock_at": "2026-11-01T10:00:00Z"}
    assert create(admin, campus, student_ids=[campus.ana.id], **values).status_code == 201


def test_c6_3_a_whole_course_cannot_be_unassigned(admin, campus):
    answer = create(admin, campus, course_id=campus.course.id, unassign_item=True)
    assert answer.json() == {
        "errors": {
            "unassign_item": [
                {
                    "attribute": "unassign_item",
                    "type": "must be false with set_type Course",
                    "message": "must be false with set_type Course",
                }
            ]
        }
    }


def test_c6_4_a_student_is_in_one_ad_hoc_override_only(state, admin, campus):
    create(admin, campus, student_ids=[campus.ana.id])
    refused = create(admin, campus, student_ids=[campus.bao.id, campus.ana.id])
    assert (refused.status_code, refused.json()) == (400, TAKEN)
    assert len(state.active_overrides(campus.essay)) == 1


def test_c6_4_a_refused_update_rolls_removals_back(state, admin, campus):
    create(admin, campus, student_ids=[campus.ana.id])
    shared = create(admin, campus, student_ids=[campus.bao.id, campus.chidi.id]).json()
    path = f"{campus.overrides}/{shared['id']}"
    refused = admin.put(path, {"assignment_override": {"student_ids": [campus.bao.id, campus.ana.id]}})
    assert refused.json() == TAKEN
    assert state.overrides[shared["id"]].student_ids == [campus.bao.id, campus.chidi.id]


def test_c6_4_students_of_a_deleted_override_are_free_again(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id]).json()
    admin.delete(f"{campus.overrides}/{made['id']}")
    assert create(admin, campus, student_ids=[campus.ana.id]).status_code == 201


def test_c6_5_a_section_has_one_override_only(admin, campus):
    made = create(admin, campus, course_section_id="sis_section_id:BIO-E")
    assert made.json()["title"] == "Evening"
    refused = create(admin, campus, course_section_id=campus.evening.id)
    error = {"attribute": "set_id", "type": "taken", "message": "taken"}
    assert (refused.status_code, refused.json()) == (400, {"errors": {"set_id": [error]}})


@pytest.mark.parametrize(("title", "kind"), [("", "blank"), ("x" * 256, "too_long")])
def test_c6_3_titles_are_checked(admin, campus, title, kind):
    answer = create(admin, campus, student_ids=[campus.ana.id], title=title)
    assert answer.json() == {"errors": {"title": [{"attribute": "title", "type": kind, "message": kind}]}}


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ({}, "Mine"),
        ({"title": "New"}, "New"),
        ({"student_ids": ["ana", "bao"]}, "2 students"),
        ({"student_ids": ["ana"], "title": None}, "1 student"),
        ({"student_ids": ["ana", "bao"], "title": "Kept"}, "Kept"),
    ],
)
def test_c6_6_new_students_without_a_title_overwrite_it_with_their_count(admin, campus, sent, title):
    made = create(admin, campus, student_ids=[campus.ana.id], title="Mine").json()
    values = dict(sent)
    if "student_ids" in values:
        values["student_ids"] = [getattr(campus, name).id for name in values["student_ids"]]
    changed = admin.put(f"{campus.overrides}/{made['id']}", {"assignment_override": values}).json()
    assert changed["title"] == title


@pytest.mark.parametrize("body", [{}, {"assignment_override": {}}, {"assignment_override": ""}])
def test_c6_7_an_empty_update_clears_all_dates_and_keeps_the_target(admin, campus, body):
    made = create(admin, campus, student_ids=[campus.ana.id], due_at=DUE, unlock_at=DUE, lock_at=None).json()
    changed = admin.put(f"{campus.overrides}/{made['id']}", body)
    assert changed.status_code == 200
    assert {"due_at", "unlock_at", "lock_at"}.isdisjoint(changed.json())
    assert changed.json()["student_ids"] == [campus.ana.id]


def test_c6_7_the_last_student_cannot_be_removed_and_the_kind_never_changes(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id]).json()
    path = f"{campus.overrides}/{made['id']}"
    refused = admin.put(path, {"assignment_override": {"student_ids": []}})
    assert refused.json() == {"errors": ["invalid student_ids []"]}
    kept = admin.put(path, {"assignment_override": {"course_section_id": campus.evening.id}}).json()
    assert "course_section_id" not in kept
    section = create(admin, campus, course_section_id=campus.evening.id).json()
    kept = admin.put(f"{campus.overrides}/{section['id']}", {"assignment_override": {"student_ids": [9]}})
    assert (kept.status_code, "student_ids" in kept.json()) == (200, False)


def test_c6_7_the_same_update_again_touches_nothing(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id], title="T", due_at=DUE).json()
    touched_at = campus.essay.updated_at
    state.freeze(state.now() + timedelta(hours=1))
    body = {"assignment_override": {"student_ids": [campus.ana.id], "title": "T", "due_at": DUE}}
    assert admin.put(f"{campus.overrides}/{made['id']}", body).json() == made
    assert campus.essay.updated_at == touched_at
    admin.put(f"{campus.overrides}/{made['id']}", {})
    assert campus.essay.updated_at == state.now()


def test_c6_7_unassigning_cannot_be_switched_off_by_false(admin, campus):
    made = create(admin, campus, course_section_id=campus.evening.id, unassign_item=True).json()
    changed = admin.put(f"{campus.overrides}/{made['id']}", {"assignment_override": {"unassign_item": False}})
    assert changed.json()["unassign_item"] is True


def end_enrollment(admin, state, campus, student, task):
    enrollment = state.enrollments.first("course_user", (campus.course.id, student.id))
    return admin.delete(f"/courses/{campus.course.id}/enrollments/{enrollment.id}?task={task}")


@pytest.mark.parametrize(
    ("task", "enrollment_state", "stays"),
    [("conclude", "completed", True), ("deactivate", "inactive", True), ("delete", "deleted", False)],
)
def test_c6_8_only_a_deleted_enrollment_takes_the_student_out(state, admin, campus, task, enrollment_state, stays):
    made = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id]).json()
    alone = admin.post(
        f"/courses/{campus.course.id}/assignments/{campus.new_quiz.id}/overrides",
        {"assignment_override": {"student_ids": [campus.ana.id]}},
    ).json()
    answer = end_enrollment(admin, state, campus, campus.ana, task)
    assert answer.json()["enrollment_state"] == enrollment_state
    assert (campus.ana.id in state.overrides[made["id"]].student_ids) is stays
    assert (state.overrides[alone["id"]].workflow_state == "active") is stays


def test_c6_8_a_student_with_another_section_stays(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id]).json()
    state.enroll(campus.ana, campus.course, section=campus.evening)
    end_enrollment(admin, state, campus, campus.ana, "delete")
    assert state.overrides[made["id"]].student_ids == [campus.ana.id]


def test_c6_10_students_read_only_what_applies_to_them(admin, ana, campus):
    own = create(admin, campus, student_ids=[campus.ana.id]).json()
    other = create(admin, campus, student_ids=[campus.bao.id]).json()
    section = create(admin, campus, course_section_id=campus.morning.id).json()
    create(admin, campus, course_section_id=campus.evening.id)
    assert [one["id"] for one in ana.get(campus.overrides).json()] == [own["id"], section["id"]]
    assert ana.get(f"{campus.overrides}/{other['id']}").status_code == 404


def test_c6_10_section_limited_staff_see_their_students_and_all_sections(state, admin, campus, caller_for):
    limited = state.add_user("Noor Haddad")
    state.enroll(
        limited,
        campus.course,
        section=campus.evening,
        type="TeacherEnrollment",
        limit_privileges_to_course_section=True,
    )
    create(admin, campus, student_ids=[campus.ana.id])
    shared = create(admin, campus, student_ids=[campus.bao.id, campus.chidi.id]).json()
    section = create(admin, campus, course_section_id=campus.morning.id).json()
    seen = caller_for(state, limited).get(campus.overrides).json()
    assert [one["id"] for one in seen] == [shared["id"], section["id"]]
    assert seen[0]["student_ids"] == [campus.chidi.id]


def test_c6_1_sections_and_groups_redirect_to_their_override(state, admin, campus):
    made = create(admin, campus, course_section_id=campus.evening.id).json()
    answer = admin.get(f"/sections/{campus.evening.id}/assignments/{campus.essay.id}/override")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"{campus.overrides}/{made['id']}")
    assert admin.get(f"/sections/{campus.morning.id}/assignments/{campus.essay.id}/override").status_code == 404


def test_c6_1_deleted_assignments_have_no_overrides(admin, campus):
    campus.essay.workflow_state = "deleted"
    assert admin.get(campus.overrides).status_code == 404


def test_c13_6_and_9_lists_unpaged_and_sis_forms_are_switches(state, admin, campus):
    campus.essay.sis_assignment_id = "ESSAY-1"
    state.assignments.reindex(campus.essay)
    for number in range(11):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(campus.essay, students=[student])
    path = f"/courses/{campus.course.id}/assignments/sis_assignment_id:ESSAY-1/overrides"
    assert len(admin.get(path).json()) == 10
    state.switches.override_list_paginated = False
    assert len(admin.get(path).json()) == 11
    state.switches.sis_assignment_ids_in_paths = False
    assert admin.get(path).status_code == 404


def test_c2_a_moderated_assignment_is_for_its_final_grader(state, admin, teacher, campus):
    campus.essay.moderated_grading = True
    campus.essay.final_grader_id = campus.ana.id
    assert create(teacher, campus, student_ids=[campus.ana.id]).status_code == 403
    assert create(admin, campus, student_ids=[campus.ana.id]).status_code == 201


def test_c10_7_11_blueprint_locked_content_takes_overrides_unless_switched(state, admin, campus):
    campus.course.is_blueprint_child = True
    campus.essay.blueprint_restrictions = ["due_dates"]
    assert create(admin, campus, student_ids=[campus.ana.id]).status_code == 201
    state.switches.locked_and_closed_accept_overrides = False
    assert create(admin, campus, student_ids=[campus.bao.id]).status_code == 403
