"""Reading assignments: contract 9.1, 9.2 and 8.5 row by row."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"
ALWAYS_THERE = {
    *("id", "name", "course_id", "due_at", "unlock_at", "lock_at", "points_possible", "grading_type"),
    *("submission_types", "allowed_attempts", "published", "workflow_state", "only_visible_to_overrides"),
    *("group_category_id", "assignment_group_id", "position", "has_submitted_submissions", "created_at"),
    *("updated_at", "html_url", "is_quiz_assignment", "in_closed_grading_period"),
}


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/assignments"


def names(answer):
    return [one["name"] for one in answer.json()]


def test_contract_9_1_keys_that_are_always_there_and_those_that_are_not(admin, ana, campus, path):
    shown = admin.get(f"{path}/{campus.essay.id}").json()
    assert set(shown) >= ALWAYS_THERE | {"has_overrides"}
    assert {"overrides", "all_dates", "quiz_id", "is_quiz_lti_assignment", "in_paced_course"}.isdisjoint(shown)
    assert {"restricted_by_master_course", "has_sub_assignments", "can_edit", "peer_review"}.isdisjoint(shown)
    assert "has_overrides" not in ana.get(f"{path}/{campus.essay.id}").json()


def test_contract_9_1_the_four_reads_show_the_same_assignment(state, admin, campus, path):
    group = state.default_assignment_group(campus.course)
    single = admin.get(f"{path}/{campus.essay.id}").json()
    lists = [
        path,
        f"/courses/{campus.course.id}/assignment_groups/{group.id}/assignments",
        f"/users/{campus.ana.id}/courses/{campus.course.id}/assignments",
    ]
    for address in lists:
        assert {one["id"]: one for one in admin.get(address).json()}[campus.essay.id] == single
    assert admin.get(f"/courses/{campus.course.id}/assignment_groups/9/assignments").status_code == 404


def test_contract_9_1_a_deleted_one_is_404_and_an_unassigned_students_not_allowed(state, admin, ana, campus, path):
    state.add_override(campus.essay, students=[campus.ana], unassign_item=True)
    assert ana.get(f"{path}/{campus.essay.id}").status_code == 403
    campus.essay.workflow_state = "deleted"
    assert admin.get(f"{path}/{campus.essay.id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ("search_term=x", 400, {"errors": [
            {"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]}),
        ("&".join(f"assignment_ids[]={one}" for one in range(101)), 400,
         {"message": "Request contains too many assignment_ids.  Limit 100"}),
        ("assignment_ids[]=7&assignment_ids[]=8", 400, {"message": "Invalid assignment_ids: 7,8"}),
    ],
)  # fmt: skip
def test_contract_9_1_refused_parameters(admin, path, query, status, body):
    answer = admin.get(f"{path}?{query}")
    assert (answer.status_code, answer.json()) == (status, body)


def test_contract_9_1_another_bucket_is_refused(admin, path):
    answer = admin.get(f"{path}?bucket=never")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["bucket"])


def test_contract_9_1_ids_beyond_the_page_are_called_invalid(admin, campus, path):
    query = f"assignment_ids[]={campus.essay.id}&assignment_ids[]={campus.new_quiz.id}"
    assert names(admin.get(f"{path}?{query}&per_page=2")) == ["Essay", "Weekly check"]
    refused = admin.get(f"{path}?{query}&per_page=1")
    assert (refused.status_code, refused.json()) == (400, {"message": f"Invalid assignment_ids: {campus.new_quiz.id}"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Midterm", "Essay", "Weekly check"]),
        ("order_by=position", ["Midterm", "Essay", "Weekly check"]),
        ("order_by=name", ["Essay", "Midterm", "Weekly check"]),
        ("order_by=due_at", ["Essay", "Weekly check", "Midterm"]),
        ("search_term=WEEK", ["Weekly check"]),
        ("new_quizzes=true", ["Weekly check"]),
        ("post_to_sis=true", ["Essay"]),
        ("post_to_sis=false", ["Midterm", "Weekly check"]),
    ],
)
def test_contract_9_1_filters_and_orders(admin, campus, path, query, expected):
    campus.quiz_assignment.due_at = None
    campus.essay.due_at = campus.due - timedelta(days=1)
    campus.essay.extras["post_to_sis"] = True
    assert names(admin.get(f"{path}?{query}")) == expected


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("past", {"Old", "Handed in"}),
        ("overdue", {"Old"}),
        ("undated", {"Undated"}),
        ("upcoming", {"Soon"}),
        ("future", {"Soon", "Later", "Undated"}),
        ("unsubmitted", {"Old", "Soon", "Later", "Undated"}),
    ],
)
def test_contract_9_1_buckets_as_the_student_sees_them(state, campus, caller_for, bucket, expected):
    course = state.add_course("Logic")
    state.enroll(campus.ana, course)
    now = state.now()
    dues = {"Old": -9, "Handed in": -3, "Soon": 2, "Later": 30}
    for name, days in dues.items():
        made = state.add_assignment(course, name, due_at=now + timedelta(days=days))
        if name == "Handed in":
            state.submit(made, campus.ana)
    state.add_assignment(course, "Undated")
    answer = caller_for(state, campus.ana).get(f"/courses/{course.id}/assignments?bucket={bucket}")
    assert set(names(answer)) == expected


def test_contract_9_1_work_that_waits_for_a_grade_by_bucket_and_section(state, teacher, campus, path):
    state.submit(campus.essay, campus.ana)
    state.submit(campus.essay, campus.chidi)
    assert names(teacher.get(f"{path}?bucket=ungraded")) == ["Essay"]
    shown = teacher.get(f"{path}/{campus.essay.id}?needs_grading_count_by_section=true").json()
    assert shown["needs_grading_count"] == 2
    assert shown["needs_grading_count_by_section"] == [
        {"section_id": campus.morning.id, "needs_grading_count": 1},
        {"section_id": campus.evening.id, "needs_grading_count": 1},
    ]


def test_contract_9_1_includes_as_named(state, admin, ana, campus, path):
    state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    state.add_override(campus.essay, students=[campus.bao]).workflow_state = "deleted"
    query = "?include[]=overrides&include[]=assignment_visibility&include[]=can_edit&include[]=ab_guid"
    shown = admin.get(f"{path}/{campus.essay.id}{query}").json()
    assert [one["student_ids"] for one in shown["overrides"]] == [[campus.ana.id]]
    assert shown["assignment_visibility"] == [str(one.id) for one in (campus.ana, campus.bao, campus.chidi)]
    assert (shown["can_edit"], shown["ab_guid"]) == (True, [])
    own = ana.get(f"{path}/{campus.essay.id}{query}&include[]=submission").json()
    assert {"overrides", "assignment_visibility"}.isdisjoint(own)
    assert (own["can_edit"], own["submission"]["user_id"]) == (False, campus.ana.id)


def test_contract_9_1_observers_read_the_submissions_of_those_they_observe(state, campus, path, caller_for):
    watcher = state.add_user("Petra Lund")
    state.enroll(watcher, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    query = "?include[]=submission&include[]=observed_users"
    shown = caller_for(state, watcher).get(f"{path}/{campus.essay.id}{query}").json()
    assert [one["user_id"] for one in shown["submission"]] == [campus.ana.id]


def test_contract_9_1_score_statistics_come_with_the_own_submission(state, ana, campus, path):
    query = "?include[]=submission&include[]=score_statistics"
    assert "score_statistics" not in ana.get(f"{path}/{campus.essay.id}{query}").json()
    for score in (2, 4, 6, 8, 10):
        student = state.add_user(f"Student {score}")
        state.enroll(student, campus.course)
        state.submit(campus.essay, student).score = score
    figures = ana.get(f"{path}/{campus.essay.id}{query}").json()["score_statistics"]
    assert (figures["min"], figures["mean"], figures["median"], figures["max"]) == (2, 6, 6, 10)


def test_contract_9_1_fields_are_left_out_on_request(admin, campus, path):
    query = "?exclude_response_fields[]=in_closed_grading_period&exclude_response_fields[]=description"
    shown = admin.get(f"{path}/{campus.essay.id}{query}").json()
    assert {"in_closed_grading_period", "description"}.isdisjoint(shown)


# 9.2


def dates(caller, path, item, query="all_dates=true"):
    return caller.get(f"{path}/{item.id}?{query}").json()["all_dates"]


def test_contract_9_2_an_entry_has_these_keys_and_no_students(state, admin, campus, path):
    one = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due - timedelta(days=1), title="T")
    due = "2026-11-29T15:00:00Z"
    assert dates(admin, path, campus.essay) == [
        {
            "id": one.id,
            "title": "T",
            "due_at": "2026-11-28T15:00:00Z",
            "unlock_at": None,
            "lock_at": None,
            "set_type": "ADHOC",
            "set_id": None,
        },
        {"base": True, "title": "Everyone else", "due_at": due, "unlock_at": None, "lock_at": None},
    ]


def test_contract_9_2_alone_the_base_is_everyone_and_lists_take_the_include(admin, campus, path):
    shown = {one["name"]: one for one in admin.get(f"{path}?include[]=all_dates").json()}
    assert [one["title"] for one in shown["Essay"]["all_dates"]] == ["Everyone"]


def test_contract_9_2_unassigned_ones_are_left_out_and_undated_ones_come_last(state, admin, campus, path):
    state.add_override(campus.essay, students=[campus.ana], unassign_item=True)
    state.add_override(campus.essay, section=campus.evening, due_at=None)
    shown = dates(admin, path, campus.essay)
    assert [(one["title"], one["due_at"] is None) for one in shown] == [("Everyone else", False), ("Evening", True)]
    assert (shown[1]["set_type"], shown[1]["set_id"]) == ("CourseSection", campus.evening.id)


def test_contract_9_2_the_base_gives_way_to_every_section_or_the_course(state, admin, campus, path):
    state.add_override(campus.essay, section=campus.morning, due_at=campus.due)
    state.add_override(campus.essay, section=campus.evening, due_at=campus.due)
    assert [one["title"] for one in dates(admin, path, campus.essay)] == ["Morning", "Evening"]
    state.add_override(campus.new_quiz, for_everyone=True, due_at=campus.due)
    assert [one["set_type"] for one in dates(admin, path, campus.new_quiz)] == ["Course"]


@pytest.mark.parametrize(("count", "key"), [(24, "all_dates"), (25, "all_dates_count")])
def test_contract_9_2_and_11_from_25_overrides_on_only_their_count_is_told(state, admin, campus, path, count, key):
    for number in range(count):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(campus.essay, students=[student])
    shown = admin.get(f"{path}/{campus.essay.id}?all_dates=true").json()
    assert {"all_dates", "all_dates_count"} & set(shown) == {key}
    assert key == "all_dates" or shown[key] == count


def test_contract_9_1_can_edit_counts_closed_periods_on_each_entry(state, admin, teacher, campus, path):
    now, term = state.now(), state.terms[campus.course.term_id]
    state.add_grading_period("I", start_date=now - timedelta(days=60), end_date=now - timedelta(days=20), term=term)
    state.add_grading_period("II", start_date=now - timedelta(days=20), end_date=now + timedelta(days=40), term=term)
    state.add_override(campus.essay, students=[campus.ana], due_at=now - timedelta(days=30))
    query = "all_dates=true&include[]=can_edit"
    assert [one["can_edit"] for one in dates(teacher, path, campus.essay, query)] == [False, True]
    assert [one["can_edit"] for one in dates(admin, path, campus.essay, query)] == [True, True]
    single = teacher.get(f"{path}/{campus.essay.id}?include[]=can_edit").json()
    assert (single["can_edit"], single["in_closed_grading_period"]) == (False, True)
    campus.essay.moderated_grading, campus.essay.final_grader_id = True, campus.ana.id
    assert [one["can_edit"] for one in dates(teacher, path, campus.essay, query)] == [False, False]


def test_contract_8_5_an_assignment_made_as_a_quiz_or_a_discussion_has_one(admin, campus, path):
    for types, key in ((["online_quiz"], "quiz_id"), (["discussion_topic"], "discussion_topic")):
        made = admin.post(path, {"assignment": {"name": "Made", "submission_types": types}}).json()
        assert key in made
    topics = admin.get(f"/courses/{campus.course.id}/discussion_topics").json()
    assert [one["assignment_id"] for one in topics] == [made["id"]]
