"""Overrides of many assignments at once: section 6.9 of the contract."""

import pytest

DUE = "2026-12-01T17:00:00Z"


def entry(assignment, *students, **more):
    return {"assignment_id": assignment.id, "student_ids": [one.id for one in students], **more}


def test_c6_9_a_batch_creates_over_assignments_in_order_with_200(admin, campus):
    entries = [entry(campus.essay, campus.ana, due_at=DUE), entry(campus.quiz_assignment, campus.ana, lock_at=None)]
    answer = admin.post(campus.batch, {"assignment_overrides": entries})
    assert answer.status_code == 200
    assert [one["assignment_id"] for one in answer.json()] == [campus.essay.id, campus.quiz_assignment.id]


def test_c6_9_a_map_that_looks_like_a_list_is_accepted(admin, campus):
    body = {"assignment_overrides": {"0": entry(campus.essay, campus.ana), "1": entry(campus.essay, campus.bao)}}
    assert len(admin.post(campus.batch, body).json()) == 2


@pytest.mark.parametrize(
    ("method", "payload", "errors"),
    [
        ("POST", None, ["no assignment override data present"]),
        ("PUT", [], ["no assignment override data present"]),
        ("POST", "x", ["must specify an array of overrides"]),
        ("PUT", {"a": 1}, ["no assignment override data present"]),
        ("POST", [{}], [["must specify an assignment id"]]),
        ("PUT", [{}], [["must specify an assignment id", "must specify an override id"]]),
        ("POST", [{"assignment_id": 1, "id": 2}], [["may not specify an override id"]]),
        ("POST", [{"assignment_id": 999}], [["assignment not found"]]),
        ("GET", None, ["no assignment_overrides values present"]),
        ("GET", [{"id": 1}], ["must specify an array with entry format { id, assignment_id }"]),
    ],
)
def test_c6_9_structure_is_checked_first(admin, campus, method, payload, errors):
    body = {} if payload is None else {"assignment_overrides": payload}
    answer = admin(method, campus.batch, json=body)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})


def test_c6_9_problems_stand_at_their_position_with_null_for_the_good(state, admin, campus):
    entries = [
        entry(campus.essay, campus.ana),
        {"assignment_id": campus.essay.id, "student_ids": [9], "due_at": "x"},
        {"assignment_id": f"sis_assignment_id:{campus.essay.id}"},
    ]
    answer = admin.post(campus.batch, {"assignment_overrides": entries[:2]})
    assert answer.json() == {"errors": [None, ['unknown student ids: ["9"]', 'invalid due_at "x"']]}
    answer = admin.post(campus.batch, {"assignment_overrides": entries})
    assert answer.json()["errors"][1:] == [
        ['unknown student ids: ["9"]', 'invalid due_at "x"'],
        ["assignment not found"],
    ]
    assert len(state.overrides) == 0


def test_c6_9_elements_that_clash_with_each_other_save_nothing(state, admin, campus):
    entries = [entry(campus.essay, campus.ana), entry(campus.essay, campus.ana, campus.bao)]
    answer = admin.post(campus.batch, {"assignment_overrides": entries})
    assert answer.status_code == 400
    good, bad = answer.json()["errors"]
    assert good is None
    assert bad["assignment_override_students"][0]["type"] == "taken"
    assert state.active_overrides(campus.essay) == []


def test_c6_9_a_batch_is_read_in_order_with_null_for_what_is_not_there(state, admin, ana, campus):
    own = state.add_override(campus.essay, students=[campus.ana])
    other = state.add_override(campus.essay, students=[campus.bao])
    pairs = [(own.id, campus.essay.id), (999, campus.essay.id), (other.id, campus.essay.id), (own.id, 5)]
    query = "&".join(
        f"assignment_overrides[][id]={one}&assignment_overrides[][assignment_id]={two}" for one, two in pairs
    )
    assert [one and one["id"] for one in admin.get(f"{campus.batch}?{query}").json()] == [own.id, None, other.id, None]
    assert [one and one["id"] for one in ana.get(f"{campus.batch}?{query}").json()] == [own.id, None, None, None]


def test_c6_9_a_batch_update_replaces_dates_as_a_whole(state, admin, campus):
    first = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due, lock_at=campus.due)
    section = state.add_override(campus.quiz_assignment, section=campus.evening, due_at=campus.due)
    entries = [
        {"id": first.id, "assignment_id": campus.essay.id, "lock_at": DUE},
        {"id": section.id, "assignment_id": campus.quiz_assignment.id, "due_at": None},
    ]
    answer = admin.put(campus.batch, {"assignment_overrides": entries})
    assert answer.status_code == 200
    assert ["due_at" in one for one in answer.json()] == [False, True]
    assert answer.json()[0]["lock_at"] == DUE


def test_c6_9_an_unknown_override_stops_a_batch_update(state, admin, campus):
    known = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    entries = [{"id": known.id, "assignment_id": campus.essay.id}, {"id": 5, "assignment_id": campus.essay.id}]
    answer = admin.put(campus.batch, {"assignment_overrides": entries})
    assert answer.json() == {"errors": [None, ["override not found"]]}
    assert known.due_at_overridden


@pytest.mark.parametrize(("keeps_removals", "left"), [(True, ["bao"]), (False, ["bao", "chidi"])])
def test_c6_9_a_refused_batch_update_keeps_its_removals_of_students(state, admin, campus, keeps_removals, left):
    state.switches.batch_update_keeps_removals = keeps_removals
    state.add_override(campus.essay, students=[campus.ana])
    shared = state.add_override(campus.essay, students=[campus.bao, campus.chidi], due_at=campus.due)
    element = entry(campus.essay, campus.bao, campus.ana, id=shared.id)
    answer = admin.put(campus.batch, {"assignment_overrides": [element]})
    assert answer.status_code == 400
    assert shared.student_ids == [getattr(campus, name).id for name in left]
    assert shared.due_at_overridden


def test_c2_a_batch_needs_the_right_to_edit_assignments(ana, campus):
    assert ana.post(campus.batch, {"assignment_overrides": [entry(campus.essay, campus.ana)]}).status_code == 403
