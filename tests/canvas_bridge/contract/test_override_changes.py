"""Clashes, titles, updates, leaving and seeing of overrides: contract 6.4 to 6.10, 12 and 13.14, row by row."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"


def error(attribute, message, kind=None):
    return {"attribute": attribute, "type": kind or message, "message": message}


def taken(count=1):
    name = "assignment_override_students"
    return {"errors": {name: [error(name, "already belongs to an assignment override", "taken")] * count}}


def create(caller, campus, **values):
    return caller.post(campus.overrides, {"assignment_override": values})


def put(caller, campus, override, **values):
    return caller.put(f"{campus.overrides}/{override['id']}", {"assignment_override": values})


@pytest.fixture
def group_set(state, campus):
    """The essay is a group assignment: a set with one group of Ana's."""
    projects = state.add_group_category(campus.course, "Projects")
    campus.essay.group_category_id = projects.id
    campus.group = state.add_group(projects, "Project 1", campus.ana)
    return projects


# 6.4, 6.5: one for each


def test_contract_6_4_one_entry_for_each_offending_student(admin, campus):
    create(admin, campus, student_ids=[campus.ana.id, campus.bao.id])
    answer = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id, campus.chidi.id])
    assert (answer.status_code, answer.json()) == (400, taken(2))


def test_contract_6_4_an_update_that_clashes_changes_nothing(state, admin, campus):
    create(admin, campus, student_ids=[campus.ana.id])
    shared = create(admin, campus, student_ids=[campus.bao.id, campus.chidi.id], due_at=DUE).json()
    answer = put(admin, campus, shared, student_ids=[campus.bao.id, campus.ana.id], lock_at=DUE)
    assert (answer.status_code, answer.json()) == (400, taken())
    assert admin.get(f"{campus.overrides}/{shared['id']}").json() == shared


@pytest.mark.parametrize("kind", ["section", "group", "course"])
def test_contract_6_5_one_for_each_target(admin, campus, group_set, kind):
    targets = {
        "section": {"course_section_id": campus.evening.id},
        "group": {"group_id": campus.group.id},
        "course": {"course_id": campus.course.id},
    }
    first = create(admin, campus, **targets[kind])
    again = create(admin, campus, **targets[kind])
    assert (again.status_code, again.json()) == (400, {"errors": {"set_id": [error("set_id", "taken")]}})
    admin.delete(f"{campus.overrides}/{first.json()['id']}")
    assert create(admin, campus, **targets[kind]).status_code == 201


# 6.6, 6.7: titles and full replacement


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ({"title": "Mine"}, "Mine"),
        ({"title": None}, "1 student"),
        ({}, "1 student"),
        ({"students": 2}, "2 students"),
    ],
)
def test_contract_6_6_titles_of_new_ad_hoc_overrides(admin, campus, sent, title):
    values = dict(sent)
    ids = [campus.ana.id, campus.bao.id][: values.pop("students", 1)]
    assert create(admin, campus, student_ids=ids, **values).json()["title"] == title


def test_contract_6_6_a_section_override_always_has_the_sections_current_name(admin, campus):
    made = create(admin, campus, course_section_id=campus.evening.id, title="Sent").json()
    campus.evening.name = "Night"
    path = f"{campus.overrides}/{made['id']}"
    assert (made["title"], admin.get(path).json()["title"]) == ("Evening", "Night")
    dates = admin.get(f"/courses/{campus.course.id}/assignments/{campus.essay.id}?all_dates=true").json()["all_dates"]
    assert "Night" in [one["title"] for one in dates]


@pytest.mark.parametrize(
    ("body", "dates"),
    [
        ({}, {}),
        ({"assignment_override": {}}, {}),
        ({"assignment_override": {"due_at": None}}, {"due_at": None}),
        ({"assignment_override": {"lock_at": ""}}, {"lock_at": None}),
        ({"assignment_override": {"unlock_at": LATER}}, {"unlock_at": LATER}),
    ],
)
def test_contract_6_7_an_omitted_date_is_no_longer_overridden(admin, campus, body, dates):
    made = create(admin, campus, student_ids=[campus.ana.id], title="T", due_at=DUE, unlock_at=DUE, lock_at=DUE).json()
    answer = admin.put(f"{campus.overrides}/{made['id']}", body)
    shown = answer.json()
    assert answer.status_code == 200
    assert {name: shown[name] for name in ("due_at", "unlock_at", "lock_at") if name in shown} == dates
    assert (shown["title"], shown["student_ids"]) == ("T", [campus.ana.id])


def test_contract_6_7_a_list_of_students_replaces_the_target(admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id]).json()
    shown = put(admin, campus, made, student_ids=[campus.bao.id, campus.chidi.id]).json()
    assert (set(shown["student_ids"]), shown["title"]) == ({campus.bao.id, campus.chidi.id}, "2 students")


@pytest.mark.parametrize(
    ("values", "error_text"),
    [
        ({"student_ids": []}, "invalid student_ids []"),
        ({"student_ids": [9]}, 'unknown student ids: ["9"]'),
        ({"due_at": "x"}, 'invalid due_at "x"'),
    ],
)
def test_contract_6_7_refused_updates(admin, campus, values, error_text):
    made = create(admin, campus, student_ids=[campus.ana.id], due_at=DUE).json()
    answer = put(admin, campus, made, **values)
    assert (answer.status_code, answer.json()) == (400, {"errors": [error_text]})
    assert admin.get(f"{campus.overrides}/{made['id']}").json() == made


@pytest.mark.parametrize("other", ["group_id", "course_section_id", "student_ids"])
def test_contract_6_7_the_kind_of_target_never_changes(admin, campus, other):
    section = create(admin, campus, course_section_id=campus.evening.id).json()
    assert put(admin, campus, section, **{other: 5}).json()["course_section_id"] == campus.evening.id


@pytest.mark.parametrize(
    ("sent", "json", "after"),
    [({}, True, True), ({"unassign_item": False}, True, True), ({"unassign_item": "false"}, False, False)],
)
def test_contract_6_7_json_false_does_not_switch_unassigning_off(admin, campus, sent, json, after):
    made = create(admin, campus, course_section_id=campus.evening.id, unassign_item=True).json()
    path = f"{campus.overrides}/{made['id']}"
    form = {f"assignment_override[{name}]": value for name, value in sent.items()}
    answer = admin.put(path, {"assignment_override": sent}) if json else admin("PUT", path, data=form)
    assert answer.json()["unassign_item"] is after


def test_contract_6_7_and_14_5_without_a_real_change_nothing_is_touched(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id], title="T", due_at=DUE).json()
    before = (campus.essay.updated_at, state.overrides[made["id"]].updated_at)
    state.freeze(state.now() + timedelta(hours=1))
    values = {"student_ids": [campus.bao.id, campus.ana.id], "title": "T", "due_at": "2026-12-01T12:00:00-05:00"}
    assert put(admin, campus, made, **values).json() == made
    assert (campus.essay.updated_at, state.overrides[made["id"]].updated_at) == before
    put(admin, campus, made, due_at=LATER)
    assert campus.essay.updated_at == state.now()


# 6.8, 6.10: leaving, seeing


def test_contract_6_8_a_student_who_is_enrolled_again_is_not_back_in_the_override(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id]).json()
    enrollment = state.enrollments.first("course_user", (campus.course.id, campus.ana.id))
    admin.delete(f"/courses/{campus.course.id}/enrollments/{enrollment.id}?task=delete")
    state.enroll(campus.ana, campus.course)
    assert admin.get(f"{campus.overrides}/{made['id']}").json()["student_ids"] == [campus.bao.id]


def test_contract_6_8_the_next_write_cleans_links_of_students_who_left_unnoticed(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id, campus.bao.id]).json()
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "deleted"
    assert put(admin, campus, made, due_at=DUE).json()["student_ids"] == [campus.bao.id]


def test_contract_6_8_an_override_that_such_a_write_leaves_empty_is_deleted(state, admin, campus):
    made = create(admin, campus, student_ids=[campus.ana.id]).json()
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "deleted"
    assert put(admin, campus, made, due_at=DUE).status_code == 200
    assert admin.get(f"{campus.overrides}/{made['id']}").status_code == 404
    assert admin.get(campus.overrides).json() == []


def test_contract_6_10_observers_see_the_overrides_of_those_they_observe(state, admin, campus, caller_for):
    watcher = state.add_user("Petra Lund")
    state.enroll(watcher, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    own = create(admin, campus, student_ids=[campus.ana.id]).json()
    create(admin, campus, student_ids=[campus.bao.id])
    section = create(admin, campus, course_section_id=campus.morning.id).json()
    create(admin, campus, course_section_id=campus.evening.id)
    shown = caller_for(state, watcher).get(campus.overrides).json()
    assert [one["id"] for one in shown] == [own["id"], section["id"]]


def test_contract_2_students_may_read_and_not_write(ana, campus):
    assert ana.get(campus.overrides).status_code == 200
    refused = create(ana, campus, student_ids=[campus.ana.id])
    assert refused.status_code == 403
    assert refused.json()["errors"] == [{"message": "user not authorized to perform that action"}]


# 12 and 13


def test_contract_12_a_repeated_create_is_taken_and_a_repeated_update_is_the_same(admin, campus):
    values = {"student_ids": [campus.ana.id], "title": "T", "due_at": DUE}
    made = create(admin, campus, **values).json()
    assert create(admin, campus, **values).json() == taken()
    assert [put(admin, campus, made, **values).json() for _ in range(2)] == [made, made]


@pytest.mark.parametrize(("mode", "status"), [("stored_on_parent", 201), ("refused", 400)])
def test_contract_13_14_an_override_on_a_checkpointed_discussion(state, admin, campus, mode, status):
    debate = state.add_assignment(campus.course, "Debate", submission_types=["discussion_topic"])
    parts = state.add_checkpoints(debate, reply_to_topic_due_at=campus.due)
    state.switches.checkpointed_override = mode
    path = f"/courses/{campus.course.id}/assignments/{debate.id}/overrides"
    answer = admin.post(path, {"assignment_override": {"student_ids": [campus.ana.id], "due_at": DUE}})
    assert answer.status_code == status
    assert [state.active_overrides(one) for one in parts] == [[], []]
    assert len(state.active_overrides(debate)) == (1 if status == 201 else 0)
