"""Sections 1.2, 1.6, 10.7.1 and 10.7.10 of the contract, row by row: courses."""

from datetime import timedelta

import pytest

from canvas_bridge.sandbox.records.courses import TermDates

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
KEYS = {
    *("id", "name", "course_code", "account_id", "root_account_id", "enrollment_term_id", "default_view", "is_public"),
    *("grading_standard_id", "workflow_state", "start_at", "end_at", "restrict_enrollments_to_course_dates"),
    *("time_zone", "enrollments", "hide_final_grades", "apply_assignment_group_weights", "storage_quota_mb"),
    *("calendar", "blueprint", "template"),
}
START, END = "2026-09-01T04:00:00Z", "2026-12-20T05:00:00Z"


def made(admin, **values):
    answer = admin.post("/accounts/1/courses", {"course": values})
    assert answer.status_code == 200
    return answer.json()


def test_contract_10_7_1_the_keys_of_a_course(admin, teacher, ana, campus):
    path = f"/courses/{campus.course.id}"
    assert set(admin.get(path).json()) >= KEYS | {"sis_course_id", "integration_id"}
    assert teacher.get(path).json()["sis_course_id"] == "BIO-201-F26"
    own = ana.get(path).json()
    assert set(own) >= KEYS
    assert not {"sis_course_id", "integration_id"} & set(own)
    assert own["enrollments"] == [
        {
            "type": "student",
            "role": "StudentEnrollment",
            "role_id": 3,
            "user_id": campus.ana.id,
            "enrollment_state": "active",
        }
    ]
    assert admin.get(f"/accounts/1{path}").json()["id"] == campus.course.id


def test_contract_10_7_1_a_nickname_stands_in_for_the_name(teacher, ana, campus):
    path = f"/courses/{campus.course.id}"
    ana.put(f"/users/self/course_nicknames/{campus.course.id}", {"nickname": "Cells"})
    shown = ana.get(path).json()
    assert (shown["name"], shown["original_name"]) == ("Cells", "Cell Biology")
    assert "original_name" not in teacher.get(path).json()


@pytest.mark.parametrize(
    "text",
    ["{id}", "sis_course_id:BIO-201-F26", "sis_integration_id:INT-1", "hex:sis_course_id:42494f2d3230312d463236"],
)
def test_contract_1_6_a_course_by_every_form(state, admin, campus, text):
    campus.course.integration_id = "INT-1"
    state.courses.reindex(campus.course)
    assert admin.get(f"/courses/{text.format(id=campus.course.id)}").json()["id"] == campus.course.id


def test_contract_1_6_a_course_by_its_lti_context(admin, campus):
    context = admin.get(f"/courses/{campus.course.id}?include[]=lti_context_id").json()["lti_context_id"]
    assert admin.get(f"/courses/lti_context_id:{context}").json()["id"] == campus.course.id


def test_contract_1_2_a_course_that_may_not_be_seen_is_refused_and_a_deleted_one_not_found(state, admin, caller_for):
    course = state.add_course("Closed")
    stranger = caller_for(state, state.add_user("Nadia Haddad"))
    refused = stranger.get(f"/courses/{course.id}")
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)
    course.workflow_state = "deleted"
    assert admin.get(f"/courses/{course.id}").json() == NOT_FOUND
    assert admin.get(f"/courses/{course.id}?include[]=all_courses").json()["workflow_state"] == "deleted"
    assert stranger.get("/courses/99999").json() == NOT_FOUND


def test_contract_10_7_1_includes(state, admin, ana, campus):
    now = state.now()
    dates = {"StudentEnrollment": TermDates(end_at=now + timedelta(days=3))}
    term = state.add_term("Autumn", start_at=now, end_at=now + timedelta(days=9), overrides=dates)
    campus.course.term_id = term.id
    path = f"/courses/{campus.course.id}"
    words = (
        "term concluded sections total_students teachers account permissions favorites syllabus_body course_progress"
    )
    query = "&".join(f"include[]={word}" for word in words.split())
    shown = ana.get(f"{path}?{query}").json()
    assert set(shown) >= set(words.split())
    assert (shown["term"]["start_at"], shown["term"]["end_at"]) == ("2026-11-22T15:00:00Z", "2026-11-25T15:00:00Z")
    assert [(one["id"], one["enrollment_role"]) for one in shown["sections"]] == [
        (campus.morning.id, "StudentEnrollment")
    ]
    assert (shown["total_students"], shown["concluded"]) == (3, False)
    assert [one["id"] for one in shown["teachers"]] == [campus.teacher.id]
    assert admin.get(f"{path}?include[]=term").json()["term"]["end_at"] == "2026-12-01T15:00:00Z"
    assert "term" not in admin.get(path).json()


def test_contract_10_7_1_concluded_by_state_or_by_date(state, admin, campus):
    path = f"/courses/{campus.course.id}?include[]=concluded"
    campus.course.end_at = state.now() - timedelta(days=1)
    assert admin.get(path).json()["concluded"] is False
    campus.course.restrict_enrollments_to_course_dates = True
    over = admin.get(path).json()
    assert (over["concluded"], over["workflow_state"]) == (True, "available")
    campus.course.restrict_enrollments_to_course_dates = False
    campus.course.workflow_state = "completed"
    assert admin.get(path).json()["concluded"] is True


# (sent beside the wrapper, sent in it, key, what the answer says)
CREATED = [
    ({}, {}, "workflow_state", "unpublished"),
    ({"offer": True}, {}, "workflow_state", "available"),
    ({"offer": "true"}, {}, "workflow_state", "available"),
    ({}, {"name": "Botany"}, "name", "Botany"),
    ({}, {"name": "Botany", "course_code": "BOT"}, "course_code", "BOT"),
    ({}, {"start_at": START, "end_at": END}, "start_at", None),
    ({}, {"start_at": START, "end_at": END}, "end_at", None),
    ({}, {"start_at": START, "restrict_enrollments_to_course_dates": False}, "start_at", None),
    ({}, {"start_at": START, "restrict_enrollments_to_course_dates": True}, "start_at", START),
    ({}, {"end_at": END, "restrict_enrollments_to_course_dates": "true"}, "end_at", END),
    ({}, {"restrict_enrollments_to_course_dates": True}, "restrict_enrollments_to_course_dates", True),
    ({}, {"time_zone": "Europe/Lisbon"}, "time_zone", "Europe/Lisbon"),
    ({}, {"sis_course_id": "BOT-1"}, "sis_course_id", "BOT-1"),
    ({}, {"term_id": "sis_term_id:F26"}, "enrollment_term_id", 22),
    ({}, {"term_id": 22}, "enrollment_term_id", 22),
    ({}, {}, "enrollments", []),
]


@pytest.mark.parametrize(("beside", "within", "key", "expected"), CREATED)
def test_contract_10_7_10_what_a_new_course_is_like(state, admin, beside, within, key, expected):
    state.add_term("Autumn", sis_term_id="F26")
    answer = admin.post("/accounts/1/courses", {**beside, "course": within})
    assert answer.status_code == 200
    assert answer.json()[key] == expected
    assert admin.get(f"/courses/{answer.json()['id']}").json()[key] == expected


def test_contract_10_7_10_nothing_is_required_of_a_course(admin):
    answer = admin("POST", "/accounts/self/courses")
    assert (answer.status_code, answer.json()["workflow_state"]) == (200, "unpublished")


def test_contract_10_7_10_enroll_me_makes_the_caller_a_teacher(state, admin):
    course = admin.post("/accounts/1/courses", {"enroll_me": True, "course": {"name": "Botany"}}).json()
    assert [(one["role"], one["user_id"], one["enrollment_state"]) for one in course["enrollments"]] == [
        ("TeacherEnrollment", state.admin.id, "active")
    ]


def test_contract_10_7_10_courses_are_made_by_administrators_and_a_taken_sis_id_is_an_error(admin, teacher):
    assert teacher.post("/accounts/1/courses", {"course": {}}).status_code == 403
    made(admin, sis_course_id="BOT-1")
    assert admin.post("/accounts/1/courses", {"course": {"sis_course_id": "BOT-1"}}).status_code == 400
    assert admin.post("/accounts/1/courses", {"course": {"term_id": 999}}).status_code == 400


# (states before, event, state after)
EVENTS = [
    ("unpublished", "offer", "available"),
    ("completed", "offer", "available"),
    ("available", "conclude", "completed"),
    ("available", "delete", "deleted"),
    ("deleted", "undelete", "unpublished"),
    ("available", "claim", "unpublished"),
]


@pytest.mark.parametrize(("before", "event", "after"), EVENTS)
def test_contract_10_7_10_events_of_a_course(admin, campus, before, event, after):
    campus.course.workflow_state = before
    answer = admin.put(f"/courses/{campus.course.id}", {"course": {"event": event}})
    assert (answer.status_code, answer.json()["workflow_state"]) == (200, after)
    assert campus.course.workflow_state == after


def test_contract_10_7_10_offer_beside_the_wrapper_publishes(admin, campus):
    campus.course.workflow_state = "unpublished"
    assert admin.put(f"/courses/{campus.course.id}", {"offer": True}).json()["workflow_state"] == "available"


def test_contract_10_7_10_a_course_is_changed_in_what_was_sent(state, admin, teacher, ana, campus):
    term = state.add_term("Autumn")
    path = f"/courses/{campus.course.id}"
    changes = {
        "name": "Cell Biology II",
        "course_code": "BIO-202",
        "start_at": START,
        "end_at": END,
        "restrict_enrollments_to_course_dates": True,
        "time_zone": "America/Chicago",
        "sis_course_id": "BIO-202-F26",
        "is_public": True,
        "default_view": "syllabus",
    }
    changed = admin.put(path, {"course": {**changes, "term_id": term.id}}).json()
    assert {name: changed[name] for name in changes} == changes
    assert changed["enrollment_term_id"] == term.id
    assert admin.get("/courses/sis_course_id:BIO-202-F26").json()["id"] == campus.course.id
    assert teacher.put(path, {"course": {"name": "Cells"}}).json()["name"] == "Cells"
    teacher.put(path, {"course": {"sis_course_id": "MINE"}})
    assert campus.course.sis_course_id == "BIO-202-F26"
    assert ana.put(path, {"course": {"name": "Mine"}}).json() == NOT_ALLOWED
    assert campus.course.name == "Cells"


def test_contract_10_7_10_a_course_is_ended_by_its_path(admin, teacher, campus):
    path = f"/courses/{campus.course.id}"
    assert teacher.delete(f"{path}?event=delete").status_code == 403
    assert admin.delete(path).status_code == 400
    concluded = teacher.delete(f"{path}?event=conclude")
    assert (concluded.status_code, concluded.json()) == (200, {"conclude": True})
    assert teacher.put(path, {"course": {"event": "offer"}}).json() == NOT_ALLOWED
    assert admin.delete(f"{path}?event=delete").json() == {"delete": True}
    assert admin.get(path).json() == NOT_FOUND


def test_contract_10_7_1_the_courses_of_the_caller(state, admin, teacher, ana, campus):
    draft = state.add_course("Draft", workflow_state="unpublished")
    ended = state.add_course("Ended", workflow_state="completed")
    for course in (draft, ended):
        state.enroll(campus.teacher, course, type="TeacherEnrollment")
        state.enroll(campus.ana, course)
    assert [one["name"] for one in teacher.get("/courses").json()] == ["Cell Biology", "Draft", "Ended"]
    assert [one["name"] for one in ana.get("/courses").json()] == ["Cell Biology"]
    assert [one["name"] for one in ana.get("/courses?state[]=completed").json()] == ["Ended"]
    assert [one["name"] for one in teacher.get("/courses?enrollment_state=active&state[]=unpublished").json()] == [
        "Draft"
    ]
    assert teacher.get("/courses?enrollment_type=student").json() == []
    assert [one["name"] for one in admin.get(f"/users/{campus.ana.id}/courses").json()] == ["Cell Biology"]
    assert admin.get("/courses").json() == []
