"""Batches of overrides row by row: contract 1.1 and 6.9."""

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"
NO_TARGET = "one of student_ids, group_id, or course_section_id is required"
READ_FORMAT = "must specify an array with entry format { id, assignment_id }"
NAME = "assignment_override_students"
TAKEN = {NAME: [{"attribute": NAME, "type": "taken", "message": "already belongs to an assignment override"}]}


def send(caller, campus, method, value):
    return caller(method, campus.batch, json={"assignment_overrides": value})


@pytest.fixture
def known(state, campus):
    return state.add_override(campus.essay, students=[campus.ana, campus.bao], due_at=campus.due, lock_at=campus.due)


@pytest.mark.parametrize(
    ("method", "value", "errors"),
    [
        ("GET", None, ["no assignment_overrides values present"]),
        ("GET", [], ["no assignment_overrides values present"]),
        ("GET", {"a": {}}, ["no assignment_overrides values present"]),
        ("GET", "x", [READ_FORMAT]),
        ("GET", [5], [READ_FORMAT]),
        ("GET", [{"id": 5}], [READ_FORMAT]),
        ("GET", [{"assignment_id": 5}], [READ_FORMAT]),
        ("POST", None, ["no assignment override data present"]),
        ("POST", [], ["no assignment override data present"]),
        ("POST", {"a": {}}, ["no assignment override data present"]),
        ("POST", {"1": {}, "2": {}}, ["no assignment override data present"]),
        ("POST", "x", ["must specify an array of overrides"]),
        ("PUT", "x", ["must specify an array of overrides"]),
        ("PUT", None, ["no assignment override data present"]),
        ("POST", ["x"], [["must specify an assignment id"]]),
        ("POST", [{}], [["must specify an assignment id"]]),
        ("POST", [{"id": 1}], [["must specify an assignment id", "may not specify an override id"]]),
        ("POST", [{"assignment_id": 1, "id": 2}], [["may not specify an override id"]]),
        ("PUT", [{}], [["must specify an assignment id", "must specify an override id"]]),
        ("PUT", [{"assignment_id": 1}], [["must specify an override id"]]),
        ("PUT", [{"id": 1}], [["must specify an assignment id"]]),
        ("POST", [{"assignment_id": 9}], [["assignment not found"]]),
        ("POST", [{"assignment_id": "sis_assignment_id:E"}], [["assignment not found"]]),
        ("PUT", [{"assignment_id": 9, "id": 1}], [["assignment not found"]]),
    ],
)
def test_contract_6_9_what_is_no_list_of_overrides_is_refused(admin, campus, method, value, errors):
    body = {} if value is None else {"assignment_overrides": value}
    answer = admin(method, campus.batch, json=body)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})


def test_contract_6_9_structure_is_told_alone_before_all_else(admin, campus):
    entries = [{"assignment_id": campus.essay.id, "due_at": "x"}, {}]
    answer = send(admin, campus, "POST", entries)
    assert answer.json() == {"errors": [None, ["must specify an assignment id"]]}


def test_contract_6_9_problems_of_all_elements_stand_at_their_places(state, admin, campus):
    entries = [
        {"assignment_id": campus.essay.id, "student_ids": [campus.ana.id]},
        {"assignment_id": campus.essay.id, "due_at": "x"},
        {"assignment_id": 9},
        {"assignment_id": campus.essay.id, "course_section_id": 5},
    ]
    answer = send(admin, campus, "POST", entries)
    errors = [None, [NO_TARGET, 'invalid due_at "x"'], ["assignment not found"], ["unknown section id 5"]]
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})
    assert len(state.overrides) == 0


@pytest.mark.parametrize("form", ["list", "map", "bracket form", "numbered form"])
def test_contract_1_1_a_batch_is_created_in_every_encoding_with_200(admin, campus, form):
    pairs = [(campus.essay.id, campus.ana.id), (campus.new_quiz.id, campus.bao.id)]
    entries = [{"assignment_id": one, "student_ids": [student], "due_at": DUE} for one, student in pairs]
    if form in ("list", "map"):
        value = entries if form == "list" else {str(number): one for number, one in enumerate(entries)}
        answer = send(admin, campus, "POST", value)
    else:
        marks = ["[]", "[]"] if form == "bracket form" else ["[0]", "[1]"]
        fields = [
            (f"assignment_overrides{mark}{key}", value)
            for mark, (one, student) in zip(marks, pairs, strict=True)
            for key, value in (("[assignment_id]", one), ("[student_ids][]", student), ("[due_at]", DUE))
        ]
        answer = admin("POST", campus.batch, data=fields)
    assert answer.status_code == 200
    shown = [(one["assignment_id"], one["student_ids"][0], one["due_at"]) for one in answer.json()]
    assert shown == [(one, student, DUE) for one, student in pairs]


def test_contract_6_9_model_errors_stand_at_their_places_and_nothing_is_saved(state, admin, campus, known):
    entries = [
        {"assignment_id": campus.essay.id, "course_section_id": campus.evening.id},
        {"assignment_id": campus.essay.id, "student_ids": [campus.ana.id]},
    ]
    answer = send(admin, campus, "POST", entries)
    assert (answer.status_code, answer.json()) == (400, {"errors": [None, TAKEN]})
    assert state.active_overrides(campus.essay) == [known]


def test_contract_6_9_two_elements_that_clash_with_each_other(state, admin, campus):
    entries = [{"assignment_id": campus.essay.id, "course_section_id": campus.evening.id}] * 2
    answer = send(admin, campus, "POST", entries)
    taken = {"set_id": [{"attribute": "set_id", "type": "taken", "message": "taken"}]}
    assert (answer.status_code, answer.json()) == (400, {"errors": [None, taken]})
    assert state.active_overrides(campus.essay) == []


def test_contract_6_9_and_9_3_what_is_rolled_back_leaves_the_state_as_it_was_to_the_byte(admin, campus):
    twice = [{"student_ids": [campus.ana.id]}] * 2
    before = admin.get("/_sandbox/state").text
    batch = [{"assignment_id": campus.essay.id, **one} for one in [{"student_ids": [campus.bao.id]}, *twice]]
    assert send(admin, campus, "POST", batch).status_code == 400
    new = {"name": "Lab", "assignment_overrides": twice, "submission_types": ["discussion_topic"]}
    one = f"/courses/{campus.course.id}/assignments"
    assert admin.post(one, {"assignment": new}).status_code == 400
    assert admin.put(f"{one}/{campus.essay.id}/date_details", {"assignment_overrides": twice}).status_code == 400
    assert admin.get("/_sandbox/state").text == before


def test_contract_6_9_o8_answers_in_order_with_null_for_unknown_deleted_and_invisible(state, ana, campus, known):
    hidden = state.add_override(campus.essay, students=[campus.chidi])
    deleted = state.add_override(campus.new_quiz, students=[campus.ana])
    deleted.workflow_state = "deleted"
    own = state.add_override(campus.new_quiz, section=campus.morning)
    pairs = [(own, campus.new_quiz), (hidden, campus.essay), (deleted, campus.new_quiz), (known, campus.essay)]
    entries = [{"id": str(one.id), "assignment_id": str(item.id)} for one, item in pairs]
    answer = send(ana, campus, "GET", [*entries, {"id": 1, "assignment_id": campus.essay.id}])
    assert [one and one["id"] for one in answer.json()] == [own.id, None, None, known.id, None]


def test_contract_6_9_o8_reads_a_query_with_brackets(admin, campus, known):
    query = f"assignment_overrides[][id]={known.id}&assignment_overrides[][assignment_id]={campus.essay.id}"
    assert [one["id"] for one in admin.get(f"{campus.batch}?{query}").json()] == [known.id]


def test_contract_6_9_o10_follows_the_rules_of_a_single_update(state, admin, campus, known):
    other = state.add_override(campus.new_quiz, section=campus.evening, due_at=campus.due)
    entries = [
        {"id": other.id, "assignment_id": campus.new_quiz.id, "lock_at": None},
        {"id": known.id, "assignment_id": campus.essay.id, "due_at": LATER, "student_ids": [campus.bao.id]},
    ]
    answer = send(admin, campus, "PUT", entries)
    assert answer.status_code == 200
    first, second = answer.json()
    assert (first["id"], "due_at" in first, first["lock_at"]) == (other.id, False, None)
    assert (second["due_at"], "lock_at" in second, second["student_ids"]) == (LATER, False, [campus.bao.id])
    assert second["title"] == "1 student"


def test_contract_6_9_an_override_of_another_assignment_is_not_found(admin, campus, known):
    answer = send(admin, campus, "PUT", [{"id": known.id, "assignment_id": campus.new_quiz.id}])
    assert (answer.status_code, answer.json()) == (400, {"errors": [["override not found"]]})


@pytest.mark.parametrize(("keeps", "left"), [(True, 1), (False, 2)])
def test_contract_6_9_and_13_8_removals_stay_when_the_call_is_refused(state, admin, campus, known, keeps, left):
    state.switches.batch_update_keeps_removals = keeps
    state.add_override(campus.essay, students=[campus.chidi])
    entry = {"id": known.id, "assignment_id": campus.essay.id, "student_ids": [campus.bao.id, campus.chidi.id]}
    answer = send(admin, campus, "PUT", [entry])
    assert (answer.status_code, answer.json()) == (400, {"errors": [TAKEN]})
    assert len(known.student_ids) == left
    assert known.due_at_overridden
    assert known.lock_at_overridden


def test_contract_6_9_removals_do_not_happen_where_an_element_cannot_be_read(admin, campus, known):
    entries = [
        {"id": known.id, "assignment_id": campus.essay.id, "student_ids": [campus.bao.id]},
        {"id": known.id, "assignment_id": campus.essay.id, "due_at": "x"},
    ]
    assert send(admin, campus, "PUT", entries).json() == {"errors": [None, ['invalid due_at "x"']]}
    assert known.student_ids == [campus.ana.id, campus.bao.id]


def test_contract_6_9_a_student_moves_between_two_overrides_in_one_call(state, admin, campus, known):
    other = state.add_override(campus.essay, students=[campus.chidi])
    entries = [
        {"id": other.id, "assignment_id": campus.essay.id, "student_ids": [campus.chidi.id, campus.ana.id]},
        {"id": known.id, "assignment_id": campus.essay.id, "student_ids": [campus.bao.id]},
    ]
    assert send(admin, campus, "PUT", entries).status_code == 200
    assert (set(other.student_ids), known.student_ids) == ({campus.chidi.id, campus.ana.id}, [campus.bao.id])


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_contract_2_writing_a_batch_needs_the_right_to_edit_assignments(ana, teacher, campus, method):
    assert send(ana, campus, method, []).status_code == 403
    assert send(teacher, campus, method, []).status_code == 400


def test_contract_12_a_batch_created_again_is_taken_and_changes_nothing(state, admin, campus):
    entries = [{"assignment_id": campus.essay.id, "student_ids": [campus.ana.id], "due_at": DUE}]
    first = send(admin, campus, "POST", entries).json()
    assert send(admin, campus, "POST", entries).json() == {"errors": [TAKEN]}
    assert [one.id for one in state.active_overrides(campus.essay)] == [first[0]["id"]]
