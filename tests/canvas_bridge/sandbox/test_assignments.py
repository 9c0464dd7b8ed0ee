"""Assignments, grading periods and blueprints: sections 8.5, 9, 10.7.5 and 10.7.11 of the contract."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/assignments"


def test_c8_5_the_keys_that_tell_kinds_apart_are_absent_not_false(state, admin, campus, path):
    state.add_quiz(campus.course, "Feedback", quiz_type="graded_survey")
    state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz")
    state.add_assignment(campus.course, "Debate", submission_types=["discussion_topic"])
    shown = {one["name"]: one for one in admin.get(path).json()}
    assert set(shown) == {"Midterm", "Essay", "Weekly check", "Feedback", "Debate"}
    keys = {
        name: (one["is_quiz_assignment"], "quiz_id" in one, "is_quiz_lti_assignment" in one)
        for name, one in shown.items()
    }
    assert keys == {
        "Midterm": (True, True, False),
        "Feedback": (False, True, False),
        "Weekly check": (False, False, True),
        "Essay": (False, False, False),
        "Debate": (False, False, False),
    }
    assert shown["Weekly check"]["frozen_attributes"] == ["submission_types"]
    assert shown["Debate"]["discussion_topic"]["assignment_id"] == shown["Debate"]["id"]


def test_c9_1_lists_filter_sort_and_include(state, admin, campus, path):
    state.add_override(campus.essay, students=[campus.ana], due_at=None)
    assert [one["name"] for one in admin.get(f"{path}?new_quizzes=true").json()] == ["Weekly check"]
    assert [one["name"] for one in admin.get(f"{path}?search_term=mid").json()] == ["Midterm"]
    by_name = [one["name"] for one in admin.get(f"{path}?order_by=name").json()]
    assert by_name == ["Essay", "Midterm", "Weekly check"]
    shown = {one["name"]: one for one in admin.get(f"{path}?include[]=overrides&include[]=can_edit").json()}
    assert [one["student_ids"] for one in shown["Essay"]["overrides"]] == [[campus.ana.id]]
    assert (shown["Midterm"]["overrides"], shown["Midterm"]["has_overrides"]) == ([], False)
    assert shown["Essay"]["can_edit"] is True
    assert "has_overrides" in shown["Essay"]
    excluded = admin.get(f"{path}?exclude_response_fields[]=description").json()[0]
    assert "description" not in excluded


def test_c9_1_overrides_are_silently_absent_for_students(state, ana, campus, path):
    state.add_override(campus.essay, students=[campus.ana], due_at=None)
    shown = ana.get(f"{path}/{campus.essay.id}?include[]=overrides").json()
    assert {"overrides", "has_overrides"}.isdisjoint(shown)


def test_c9_1_searches_need_two_characters(admin, path):
    error = {"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}
    answer = admin.get(f"{path}?search_term=x")
    assert (answer.status_code, answer.json()) == (400, {"errors": [error]})


def test_c9_1_ids_that_are_not_on_the_page_are_refused(admin, campus, path):
    ids = f"assignment_ids[]={campus.essay.id}&assignment_ids[]={campus.new_quiz.id}"
    assert len(admin.get(f"{path}?{ids}").json()) == 2
    answer = admin.get(f"{path}?{ids}&per_page=1")
    assert answer.json() == {"message": f"Invalid assignment_ids: {campus.new_quiz.id}"}
    too_many = "&".join(f"assignment_ids[]={number}" for number in range(101))
    refused = admin.get(f"{path}?{too_many}")
    assert refused.json() == {"message": "Request contains too many assignment_ids.  Limit 100"}


def test_c9_2_all_dates_show_what_is_not_overridden_as_null(state, admin, campus, path):
    state.add_override(campus.essay, section=campus.morning, lock_at=campus.due)
    entries = admin.get(f"{path}/{campus.essay.id}?all_dates=true").json()["all_dates"]
    assert [(one.get("base", False), one["title"]) for one in entries] == [(True, "Everyone else"), (False, "Morning")]
    assert (entries[1]["due_at"], entries[1]["set_type"]) == (None, "CourseSection")
    for number in range(24):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(campus.essay, students=[student])
    counted = admin.get(f"{path}/{campus.essay.id}?all_dates=true").json()
    assert "all_dates" not in counted
    assert counted["all_dates_count"] == 25


def test_c9_3_create_and_update(admin, path):
    values = {"name": "Lab report", "due_at": DUE, "points_possible": "", "submission_types": ["online_url"]}
    made = admin.post(path, {"assignment": {**values, "allowed_attempts": 3, "published": True}})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["due_at"], shown["points_possible"], shown["allowed_attempts"]) == (DUE, 0.0, 3)
    changed = admin.put(f"{path}/{shown['id']}", {"assignment": {"lock_at": DUE, "allowed_attempts": None}})
    assert (changed.json()["due_at"], changed.json()["lock_at"]) == (DUE, DUE)
    assert changed.json()["allowed_attempts"] == -1
    assert admin.put(f"{path}/{shown['id']}", {"assignment": {"due_at": ""}}).json()["due_at"] is None


@pytest.mark.parametrize(
    ("values", "key", "message"),
    [
        ({"due_at": "2026-12-01"}, "assignment[due_at]", "Invalid datetime for due_at"),
        ({"unlock_at": "soon"}, "assignment[unlock_at]", "Invalid datetime for unlock_at"),
        ({"due_at": DUE, "lock_at": "2026-11-30T17:00:00Z"}, "due_at", "must be between availability dates"),
        ({"due_at": DUE, "unlock_at": "2026-12-02T17:00:00Z"}, "due_at", "must be between availability dates"),
    ],
)
def test_c9_3_base_dates_are_checked(admin, campus, path, values, key, message):
    answer = admin.put(f"{path}/{campus.essay.id}", {"assignment": values})
    assert answer.status_code == 400
    assert answer.json()["errors"][key][0]["message"] == message


def test_c9_3_a_missing_object_is_named(admin, campus, path):
    answer = admin.put(f"{path}/{campus.essay.id}", {})
    assert (answer.status_code, answer.json()) == (400, {"errors": [{"message": "assignment is missing"}]})


def test_c9_3_a_base_due_date_makes_it_visible_to_everyone(admin, campus, path):
    campus.essay.only_visible_to_overrides = True
    admin.put(f"{path}/{campus.essay.id}", {"assignment": {"due_at": DUE}})
    assert campus.essay.only_visible_to_overrides is False


def test_c9_3_work_that_was_handed_in_cannot_be_unpublished(state, admin, campus, path):
    state.submit(campus.essay, campus.ana)
    answer = admin.put(f"{path}/{campus.essay.id}", {"assignment": {"published": False}})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["published"])


def test_c9_3_a_list_of_overrides_is_the_complete_list(state, admin, campus, path):
    kept = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due, lock_at=campus.due)
    gone = state.add_override(campus.essay, students=[campus.bao], due_at=campus.due)
    entries = [{"id": kept.id, "due_at": DUE}, {"course_section_id": campus.evening.id, "lock_at": None}]
    answer = admin.put(f"{path}/{campus.essay.id}", {"assignment": {"assignment_overrides": entries}})
    assert answer.status_code == 200
    assert (kept.lock_at_overridden, gone.workflow_state) == (False, "deleted")
    assert [one.set_type for one in state.active_overrides(campus.essay)] == ["ADHOC", "CourseSection"]
    admin.put(f"{path}/{campus.essay.id}", {"assignment": {"assignment_overrides": []}})
    assert state.active_overrides(campus.essay) == []


def test_c9_3_a_bad_entry_in_the_list_saves_nothing(state, admin, campus, path):
    kept = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    for bad in ({"student_ids": [9]}, {"student_ids": [campus.ana.id]}):
        entries = [{"id": kept.id}, bad]
        answer = admin.put(f"{path}/{campus.essay.id}", {"assignment": {"assignment_overrides": entries}})
        assert (answer.status_code, "invalid_record" in answer.json()["errors"]) == (400, True)
        assert kept.due_at_overridden


def test_c9_4_deleting_takes_the_quiz_along(admin, campus, path):
    assert admin.delete(f"{path}/{campus.quiz_assignment.id}").json()["name"] == "Midterm"
    assert admin.delete(f"{path}/{campus.quiz_assignment.id}").status_code == 404
    assert admin.get(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}").status_code == 404


@pytest.fixture
def closed_period(state, campus):
    """Two periods: one that has closed, one that is open and holds the assessments' dates."""
    now, term = state.now(), state.terms[campus.course.term_id]
    closed = state.add_grading_period(
        "Autumn I",
        start_date=now - timedelta(days=60),
        end_date=now - timedelta(days=20),
        close_date=now - timedelta(days=10),
        term=term,
    )
    state.add_grading_period("Autumn II", start_date=closed.end_date, end_date=now + timedelta(days=40), term=term)
    return closed


def test_c10_7_5_periods_come_in_their_envelope(state, admin, campus, closed_period):
    answer = admin.get(f"/courses/{campus.course.id}/grading_periods").json()
    shown = [(one["title"], one["is_closed"], one["is_last"]) for one in answer["grading_periods"]]
    assert shown == [("Autumn I", True, False), ("Autumn II", False, True)]
    assert answer["grading_periods_read_only"] is True
    assert isinstance(answer["grading_periods"][0]["id"], str)
    single = admin.get(f"/courses/{campus.course.id}/grading_periods/{closed_period.id}").json()
    assert [one["title"] for one in single["grading_periods"]] == ["Autumn I"]
    state.switches.grading_period_ids = "number"
    assert isinstance(admin.get(f"/courses/{campus.course.id}/grading_periods").json()["grading_periods"][0]["id"], int)
    empty = state.add_course("No periods", term=state.add_term("Spring"))
    assert admin.get(f"/courses/{empty.id}/grading_periods").json()["grading_periods"] == []


def test_c10_7_5_a_due_date_in_a_closed_period_is_held_against_teachers_only(
    state, admin, teacher, campus, path, closed_period
):
    inside = (closed_period.end_date - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    refused = teacher.post(path, {"assignment": {"name": "Late", "due_at": inside}})
    assert refused.status_code == 403
    message = "Cannot set the due date to a date within a closed grading period"
    assert refused.json()["errors"]["due_at"][0]["message"] == message
    into = teacher.put(f"{path}/{campus.essay.id}", {"assignment": {"due_at": inside}})
    assert "to a date within a closed" in into.json()["errors"]["due_at"][0]["message"]
    made = admin.post(path, {"assignment": {"name": "Late", "due_at": inside}}).json()
    assert made["in_closed_grading_period"] is True
    out_of = teacher.put(f"{path}/{made['id']}", {"assignment": {"due_at": DUE}})
    assert "when due in a closed grading period" in out_of.json()["errors"]["due_at"][0]["message"]
    assert teacher.delete(f"{path}/{made['id']}").status_code == 403
    assert admin.delete(f"{path}/{made['id']}").status_code == 200


def test_c13_11_overrides_of_closed_content_are_refused_by_switch_only(state, admin, teacher, campus, closed_period):
    campus.essay.due_at = closed_period.end_date - timedelta(days=3)
    state.switches.locked_and_closed_accept_overrides = False
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": DUE}}
    assert teacher.post(campus.overrides, body).status_code == 403
    assert admin.post(campus.overrides, body).status_code == 201


def test_c10_7_5_overrides_in_closed_periods_are_accepted(teacher, campus, closed_period):
    inside = (closed_period.end_date - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": inside}}
    assert teacher.post(campus.overrides, body).status_code == 201


def test_c10_7_11_locked_dates_of_a_blueprint_child_cannot_be_changed(admin, campus, path):
    assert "restricted_by_master_course" not in admin.get(f"{path}/{campus.essay.id}").json()
    campus.course.is_blueprint_child = True
    campus.essay.blueprint_restrictions = ["due_dates"]
    shown = admin.get(f"{path}/{campus.essay.id}").json()
    assert shown["restricted_by_master_course"] is True
    assert shown["master_course_restrictions"] == {"due_dates": True}
    answer = admin.put(f"{path}/{campus.essay.id}", {"assignment": {"due_at": DUE}})
    message = "cannot change column(s): due_at - locked by Master Course"
    assert answer.json()["errors"]["base"][0]["message"] == message
    assert admin.put(f"{path}/{campus.essay.id}", {"assignment": {"lock_at": "2027-01-01T17:00:00Z"}}).ok


def test_c10_7_11_paced_courses_and_checkpoints_are_recognised_by_their_keys(admin, campus, path):
    assert "in_paced_course" not in admin.get(f"{path}/{campus.essay.id}").json()
    campus.course.is_paced = True
    campus.essay.has_checkpoints = True
    shown = admin.get(f"{path}/{campus.essay.id}").json()
    assert (shown["in_paced_course"], shown["has_sub_assignments"]) == (True, True)
