"""Dates of many assignments at once, and the job that saves them: contract 9.7 row by row."""

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/assignments/bulk_update"


@pytest.fixture
def known(state, campus):
    return state.add_override(campus.essay, students=[campus.ana], due_at=campus.due, lock_at=campus.due)


def entry(item, *dates):
    return {"id": item.id, "all_dates": list(dates)}


def followed(caller, answer):
    """Follow a job to its end."""
    assert answer.status_code == 200
    return caller.get(answer.json()["url"].removeprefix("http://canvas.test/api/v1")).json()


@pytest.mark.parametrize("body", [{}, {"id": 1}, "x", None])
def test_contract_9_7_not_a_list_is_400(admin, path, body):
    answer = admin.put(path, body)
    assert (answer.status_code, answer.json()) == (400, {"message": "expected array"})


def test_contract_9_7_a_form_is_no_list(admin, path):
    answer = admin("PUT", path, data={"0[id]": "5"})
    assert (answer.status_code, answer.json()) == (400, {"message": "expected array"})


@pytest.mark.parametrize("element", [{}, {"all_dates": []}, {"id": None}, 5])
def test_contract_9_7_an_element_without_id_is_400(admin, campus, path, element):
    answer = admin.put(path, [entry(campus.essay), element])
    assert (answer.status_code, answer.json()) == (400, {"message": "missing assignment id"})


def test_contract_9_7_unknown_deleted_and_repeated_ids_are_404(state, admin, campus, path):
    deleted = state.add_assignment(campus.course, "Gone")
    deleted.workflow_state = "deleted"
    elsewhere = state.add_assignment(state.add_course("Logic"), "Elsewhere")
    for ids in ([9], [deleted.id], [elsewhere.id], [campus.essay.id, campus.essay.id]):
        assert admin.put(path, [{"id": one} for one in ids]).status_code == 404


def test_contract_9_7_who_may_not_update_one_of_them_may_not_at_all(admin, teacher, ana, campus, path):
    assert ana.put(path, [entry(campus.essay)]).status_code == 403
    campus.essay.moderated_grading, campus.essay.final_grader_id = True, campus.ana.id
    dates = {"base": True, "due_at": DUE}
    refused = teacher.put(path, [entry(campus.new_quiz, dates), entry(campus.essay, dates)])
    assert refused.status_code == 403
    assert campus.new_quiz.due_at == campus.due


def test_contract_9_7_the_answer_is_a_progress(admin, campus, path):
    shown = admin.put(path, [entry(campus.essay, {"base": True, "due_at": DUE})]).json()
    keys = {"id", "context_id", "context_type", "user_id", "tag", "completion", "workflow_state"}
    assert set(shown) >= keys | {"created_at", "updated_at", "message", "url"}
    assert (shown["tag"], shown["context_type"], shown["context_id"]) == (
        "assignment_bulk_update",
        "Course",
        campus.course.id,
    )
    assert shown["workflow_state"] in ("queued", "running")
    assert "results" not in shown


def test_contract_9_7_base_keys_that_are_sent_change_and_others_stay(admin, campus, path):
    campus.essay.lock_at = campus.due
    answer = admin.put(path, [entry(campus.essay, {"base": True, "due_at": None})])
    job = followed(admin, answer)
    assert (job["workflow_state"], job["completion"], job["results"]) == ("completed", 100, {"updated_count": 1})
    assert (campus.essay.due_at, campus.essay.lock_at) == (None, campus.due)


def test_contract_9_7_absent_keys_of_an_override_are_no_longer_overridden(state, admin, campus, path, known):
    other = state.add_override(campus.essay, section=campus.evening, due_at=campus.due)
    followed(admin, admin.put(path, [entry(campus.essay, {"id": known.id, "due_at": LATER, "unlock_at": None})]))
    shown = admin.get(f"{campus.overrides}/{known.id}").json()
    assert (shown["due_at"], shown["unlock_at"], "lock_at" in shown) == (LATER, None, False)
    assert state.active_overrides(campus.essay) == [known, other]
    assert other.due_at == campus.due


def test_contract_9_7_and_12_only_what_really_changes_is_counted(admin, campus, path, known):
    body = [
        entry(campus.essay, {"base": True, "due_at": DUE}, {"id": known.id, "due_at": DUE}),
        entry(campus.new_quiz, {"base": True, "due_at": "2026-11-29T15:00:00Z"}),
    ]
    counts = [followed(admin, admin.put(path, body))["results"] for _ in range(2)]
    assert counts == [{"updated_count": 1}, {"updated_count": 0}]


def test_contract_9_7_an_unknown_override_fails_the_job(admin, campus, path, known):
    body = [entry(campus.new_quiz, {"base": True, "due_at": DUE}), entry(campus.essay, {"id": 9, "due_at": DUE})]
    job = followed(admin, admin.put(path, body))
    text = f"invalid assignment override id 9 for assignment {campus.essay.id}"
    assert (job["workflow_state"], job["results"]) == ("failed", {"message": text})
    assert campus.new_quiz.due_at == campus.due


def test_contract_9_7_one_problem_and_nothing_is_saved(admin, campus, path):
    body = [
        entry(campus.new_quiz, {"base": True, "due_at": DUE}),
        entry(campus.essay, {"base": True, "due_at": LATER, "lock_at": DUE}),
    ]
    job = followed(admin, admin.put(path, body))
    message = "must be between availability dates"
    assert job["workflow_state"] == "failed"
    assert job["results"] == [
        {"assignment_id": campus.essay.id, "due_at": [{"attribute": "due_at", "type": message, "message": message}]}
    ]
    assert (campus.new_quiz.due_at, campus.essay.due_at) == (campus.due, campus.due)


def test_contract_9_7_a_problem_of_an_override_names_it(admin, campus, path, known):
    job = followed(admin, admin.put(path, [entry(campus.essay, {"id": known.id, "due_at": "soon"})]))
    owner = {"assignment_id": campus.essay.id, "assignment_override_id": known.id}
    assert job["workflow_state"] == "failed"
    assert {name: job["results"][0][name] for name in owner} == owner
    assert "due_at" in job["results"][0]
    assert known.due_at == campus.due


def test_contract_9_7_a_job_that_has_ended_cannot_be_canceled(admin, ana, campus, path):
    shown = admin.put(path, [entry(campus.essay)]).json()
    assert admin.post(f"/progress/{shown['id']}/cancel").json()["workflow_state"] == "completed"
    assert ana.get(f"/progress/{shown['id']}").status_code == 403
    assert admin.get("/progress/9").status_code == 404


def test_contract_9_7_a_base_date_that_the_blueprint_locks_fails_the_job_and_saves_nothing(teacher, campus, path):
    campus.course.is_blueprint_child = True
    campus.essay.blueprint_restrictions = ["due_dates"]
    base = {"base": True, "due_at": LATER}
    job = followed(teacher, teacher.put(path, [entry(campus.new_quiz, base), entry(campus.essay, base)]))
    text = "cannot change column(s): due_at - locked by Master Course"
    problem = {"assignment_id": campus.essay.id, "base": [{"attribute": "base", "type": text, "message": text}]}
    assert (job["workflow_state"], job["results"]) == ("failed", [problem])
    assert (campus.new_quiz.due_at, campus.essay.due_at) == (campus.due, campus.due)


def test_contract_9_7_an_entry_for_neither_the_base_nor_an_override_fails_the_job(teacher, campus, path):
    job = followed(teacher, teacher.put(path, [entry(campus.essay, {"due_at": LATER})]))
    text = f"invalid assignment override id  for assignment {campus.essay.id}"
    assert (job["workflow_state"], job["results"]) == ("failed", {"message": text})
