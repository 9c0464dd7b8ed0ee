"""Effective dates, who reads which, and the caller's zone: contract 1.7 and section 7, row by row."""

from datetime import UTC, date, datetime, timedelta

import pytest

from canvas_bridge.sandbox.rules.effective_dates import cached_due_date

BASE = {"unlock_at": "2026-12-01T17:00:00Z", "due_at": "2026-12-10T17:00:00Z", "lock_at": "2026-12-20T17:00:00Z"}
NAMES = ("unlock_at", "due_at", "lock_at")


def day(number, hour=17):
    return datetime(2026, 12, number, hour, 0, tzinfo=UTC)


def text(number):
    return f"2026-12-{number:02}T17:00:00Z"


@pytest.fixture
def essay(campus):
    campus.essay.unlock_at, campus.essay.due_at, campus.essay.lock_at = day(1), day(10), day(20)
    return campus.essay


@pytest.fixture
def path(campus, essay):
    return f"/courses/{campus.course.id}/assignments/{essay.id}"


def read(caller, path, query=""):
    shown = caller.get(path + query).json()
    return {name: shown[name] for name in NAMES}


# 7.1 to 7.3 through the API, as the student reads


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], {}),
        ([{"students": 1, "due_at": day(5)}], {"due_at": text(5)}),
        ([{"students": 1, "due_at": None}], {"due_at": None}),
        ([{"students": 1, "unlock_at": day(3), "lock_at": day(4)}], {"unlock_at": text(3), "lock_at": text(4)}),
        ([{"section": 1, "due_at": day(12)}], {"due_at": text(12)}),
        ([{"section": 2, "due_at": day(12)}], {}),
        ([{"everyone": 1, "due_at": day(12)}, {"section": 1, "due_at": day(11)}], {"due_at": text(12)}),
        ([{"everyone": 1, "due_at": day(12)}, {"section": 1, "due_at": None}], {"due_at": None}),
        ([{"everyone": 1, "due_at": day(12)}, {"students": 1, "due_at": day(2)}], {"due_at": text(2)}),
        ([{"everyone": 1, "unlock_at": day(4)}, {"section": 1, "unlock_at": day(5)}], {"unlock_at": text(4)}),
        ([{"everyone": 1, "lock_at": day(22)}, {"section": 1, "lock_at": day(25)}], {"lock_at": text(25)}),
        ([{"section": 1, "lock_at": day(25)}, {"students": 1, "due_at": day(12)}],
         {"due_at": text(12), "lock_at": text(25)}),
    ],
)  # fmt: skip
def test_contract_7_3_each_field_collapses_by_itself(state, ana, campus, essay, path, overrides, expected):
    for values in overrides:
        dates = {name: value for name, value in values.items() if name in NAMES}
        if "students" in values:
            state.add_override(essay, students=[campus.ana], **dates)
        elif "section" in values:
            state.add_override(essay, section=campus.morning if values["section"] == 1 else campus.evening, **dates)
        else:
            state.add_override(essay, for_everyone=True, **dates)
    assert read(ana, path) == BASE | expected


def test_contract_7_3_all_day_comes_from_whoever_supplied_the_due_date(admin, ana, campus, path):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-13T04:59:59Z"}}
    admin.post(campus.overrides, body)
    shown = ana.get(path).json()
    assert (shown["all_day"], shown["all_day_date"]) == (True, "2026-12-12")


def test_contract_7_1_a_modules_ad_hoc_override_counts_only_without_an_own_one(state, ana, campus, essay, path):
    essay.only_visible_to_overrides = True
    module = state.add_module(campus.course, "Week 1", essay)
    assert ana.get(path).status_code == 403
    state.add_override(module, students=[campus.ana])
    assert ana.get(path).status_code == 200
    assert read(ana, path) == BASE
    state.add_override(essay, students=[campus.ana], due_at=day(14))
    assert read(ana, path)["due_at"] == text(14)


def test_contract_10_7_3_a_modules_override_leaves_its_items_to_those_it_names(state, ana, campus, path, caller_for):
    module = state.add_module(campus.course, "Week 1", campus.essay)
    bao = caller_for(state, campus.bao)
    assert bao.get(path).status_code == 200
    state.add_override(module, students=[campus.ana])
    assert (ana.get(path).status_code, bao.get(path).status_code) == (200, 403)
    state.add_override(campus.essay, students=[campus.bao])
    assert bao.get(path).status_code == 200
    state.add_module(campus.course, "For all", campus.essay)
    assert caller_for(state, campus.chidi).get(path).status_code == 200


def test_contract_7_2_unassigned_students_do_not_have_it_and_an_ad_hoc_one_shields(state, campus, path, caller_for):
    state.add_override(campus.essay, section=campus.morning, unassign_item=True)
    state.add_override(campus.essay, students=[campus.ana], due_at=day(12))
    statuses = [caller_for(state, one).get(path).status_code for one in (campus.ana, campus.bao, campus.chidi)]
    assert statuses == [200, 403, 200]


# 7.4


def test_contract_7_4_the_cached_due_date_prefers_ad_hoc_whatever_the_switch_says(state, campus, essay):
    state.switches.adhoc_wins = False
    state.add_override(essay, section=campus.morning, due_at=day(15))
    assert cached_due_date(state, essay, campus.ana.id) == day(15)
    state.add_override(essay, students=[campus.ana], due_at=day(5))
    assert cached_due_date(state, essay, campus.ana.id) == day(5)
    state.add_override(essay, for_everyone=True, due_at=None)
    assert cached_due_date(state, essay, campus.bao.id) is None
    assert cached_due_date(state, essay, campus.chidi.id) is None


# 7.5: what the caller sees


def test_contract_7_5_staff_read_some_students_lock_and_the_later_due_date(state, teacher, campus, essay, path):
    state.add_override(essay, students=[campus.ana], due_at=day(5), lock_at=day(15), unlock_at=day(2))
    assert read(teacher, path) == {"unlock_at": text(2), "due_at": BASE["due_at"], "lock_at": text(15)}
    assert read(teacher, path, "?override_assignment_dates=false") == BASE
    state.add_override(essay, section=campus.evening, due_at=day(18))
    assert read(teacher, path)["due_at"] == BASE["due_at"]
    state.switches.adhoc_wins = False
    assert read(teacher, path)["due_at"] == text(18)


@pytest.mark.parametrize(("base", "of_override"), [(None, day(5)), (day(10), None)])
def test_contract_7_5_no_due_date_on_either_side_is_none_for_staff(state, teacher, campus, path, base, of_override):
    campus.essay.due_at = base
    state.add_override(campus.essay, students=[campus.ana], due_at=of_override)
    assert read(teacher, path)["due_at"] is None


def test_contract_7_5_with_every_active_section_overridden_nothing_is_corrected(state, teacher, campus, essay, path):
    state.add_override(essay, section=campus.morning, due_at=day(5))
    state.add_override(essay, section=campus.evening, due_at=day(6))
    assert read(teacher, path)["due_at"] == text(6)
    state.add_section(campus.course, "Night")
    assert read(teacher, path)["due_at"] == BASE["due_at"]


def test_contract_7_5_observers_read_the_dates_of_those_they_observe(state, campus, essay, path, caller_for):
    watcher = state.add_user("Petra Lund")
    state.enroll(watcher, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    assert read(caller_for(state, watcher), path)["due_at"] == text(12)


def test_contract_7_5_an_observer_of_two_reads_what_collapses_from_both(state, campus, essay, path, caller_for):
    watcher = state.add_user("Petra Lund")
    for one in (campus.ana, campus.chidi):
        state.enroll(watcher, campus.course, type="ObserverEnrollment", associated_user_id=one.id)
    state.add_override(essay, section=campus.morning, due_at=day(12), lock_at=day(22))
    state.add_override(essay, section=campus.evening, due_at=day(14))
    assert read(caller_for(state, watcher), path) == BASE | {"due_at": text(14), "lock_at": text(22)}


def test_contract_7_3_the_unlock_of_a_section_override_that_has_locked_is_dropped(state, ana, campus, essay, path):
    past = state.now() - timedelta(hours=1)
    of_section = state.add_override(essay, section=campus.morning, unlock_at=day(3), lock_at=past)
    assert read(ana, path)["unlock_at"] == BASE["unlock_at"]
    of_section.lock_at = state.now() + timedelta(hours=1)
    assert read(ana, path)["unlock_at"] == text(3)
    state.add_override(essay, students=[campus.ana], unlock_at=day(4), lock_at=past)
    assert read(ana, path)["unlock_at"] == text(4)


@pytest.mark.parametrize(("only_visible", "status", "due"), [(False, 200, BASE["due_at"]), (True, 200, text(12))])
def test_contract_7_3_a_section_of_an_ended_enrollment_counts_where_it_alone_assigns(
    state, campus, essay, path, caller_for, only_visible, status, due
):
    state.add_override(essay, section=campus.morning, due_at=day(12))
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "completed"
    essay.only_visible_to_overrides = only_visible
    answer = caller_for(state, campus.ana).get(path)
    assert (answer.status_code, answer.json()["due_at"]) == (status, due)


def test_contract_7_5_a_put_answers_with_base_dates_on_request(state, teacher, campus, essay, path):
    state.add_override(essay, students=[campus.ana], lock_at=day(30))
    assert teacher.put(path, {"assignment": {"name": "A"}}).json()["lock_at"] == text(30)
    body = {"assignment": {"name": "A", "override_dates": False}}
    assert teacher.put(path, body).json()["lock_at"] == BASE["lock_at"]


def test_contract_7_5_a_list_for_a_user_shows_that_users_dates(state, teacher, campus, essay):
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    shown = teacher.get(f"/users/{campus.ana.id}/courses/{campus.course.id}/assignments").json()
    assert {one["name"]: one["due_at"] for one in shown}["Essay"] == text(12)


# 1.7: the caller's zone. Ana's campus is in New York (UTC−5 in December).

CLOCKS = [
    ("2026-12-02T05:00:00Z", "2026-12-03T04:59:59Z"),
    ("2026-12-02T05:00:30Z", "2026-12-03T04:59:59Z"),
    ("2026-12-02T05:00:59Z", "2026-12-03T04:59:59Z"),
    ("2026-12-02T05:01:00Z", "2026-12-02T05:01:00Z"),
    ("2026-12-02T04:59:00Z", "2026-12-02T04:59:00Z"),
    ("2026-12-02T00:00:00Z", "2026-12-02T00:00:00Z"),
    ("2026-12-02T00:00:00-05:00", "2026-12-03T04:59:59Z"),
    ("2026-12-02T10:00:00", "2026-12-02T15:00:00Z"),
]


@pytest.mark.parametrize(("sent", "stored"), CLOCKS)
@pytest.mark.parametrize("name", ["due_at", "lock_at"])
def test_contract_1_7_local_midnight_becomes_the_end_of_that_day_on_overrides(admin, campus, name, sent, stored):
    body = {"assignment_override": {"student_ids": [campus.ana.id], name: sent}}
    assert admin.post(campus.overrides, body).json()[name] == stored


@pytest.mark.parametrize(("sent", "stored"), CLOCKS)
@pytest.mark.parametrize("name", ["due_at", "lock_at"])
def test_contract_1_7_local_midnight_becomes_the_end_of_that_day_on_every_other_path(admin, campus, name, sent, stored):
    course = f"/courses/{campus.course.id}"
    made = admin.post(f"{course}/assignments", {"assignment": {"name": "Lab", name: sent}}).json()
    quiz = admin.post(f"{course}/quizzes", {"quiz": {"title": "Quiz", name: sent}}).json()
    assert (made[name], quiz[name]) == (stored, stored)
    base = {"due_at": None, "unlock_at": None, "lock_at": None}
    path = f"{course}/assignments/{campus.essay.id}"
    assert admin.put(path, {"assignment": {**base, name: sent}}).json()[name] == stored
    for details in (f"{path}/date_details", f"{course}/quizzes/{campus.quiz.id}/date_details"):
        assert admin.put(details, {**base, name: sent}).status_code == 204
        assert admin.get(details).json()[name] == stored
    dates = [{"base": True, **base, name: sent}]
    admin.put(f"{course}/assignments/bulk_update", [{"id": campus.new_quiz.id, "all_dates": dates}])
    assert admin.get(f"{course}/assignments/{campus.new_quiz.id}").json()[name] == stored


def test_contract_1_7_unlock_is_never_moved(admin, campus):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "unlock_at": "2026-12-02T05:00:00Z"}}
    assert admin.post(campus.overrides, body).json()["unlock_at"] == "2026-12-02T05:00:00Z"


def test_contract_1_7_a_day_alone_is_the_end_of_that_day(admin, campus):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-01"}}
    made = admin.post(campus.overrides, body).json()
    assert (made["due_at"], made["all_day"], made["all_day_date"]) == ("2026-12-02T04:59:59Z", True, "2026-12-01")


@pytest.mark.parametrize(
    ("zone", "stored"),
    [("UTC", "2026-12-02T23:59:59Z"), ("Asia/Kolkata", "2026-12-02T00:00:00Z"), (None, "2026-12-02T00:00:00Z")],
)
def test_contract_1_7_the_zone_is_the_callers_not_the_courses(state, teacher, campus, zone, stored):
    campus.teacher.time_zone = zone
    campus.course.time_zone = "UTC"
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-02T00:00:00Z"}}
    assert teacher.post(campus.overrides, body).json()["due_at"] == stored


@pytest.mark.parametrize(
    ("due_at", "marks"),
    [
        ("2026-12-02T04:59:00Z", (True, "2026-12-01")),
        ("2026-12-02T04:59:59Z", (True, "2026-12-01")),
        ("2026-12-02T04:58:59Z", (False, "2026-12-01")),
        (None, (False, None)),
    ],
)
def test_contract_1_7_all_day_is_23_59_on_the_local_clock(admin, campus, due_at, marks):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": due_at}}
    made = admin.post(campus.overrides, body).json()
    assert (made["all_day"], made["all_day_date"]) == marks
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}"
    shown = admin.put(path, {"assignment": {"due_at": due_at, "override_dates": False}}).json()
    assert (shown["all_day"], shown["all_day_date"]) == marks


def test_contract_1_7_the_same_instant_from_another_zone_keeps_the_marks(state, admin, teacher, campus):
    campus.teacher.time_zone = "Asia/Kolkata"
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-02T04:59:59Z"}}
    made = admin.post(campus.overrides, body).json()
    path = f"{campus.overrides}/{made['id']}"
    again = teacher.put(path, {"assignment_override": {"due_at": "2026-12-02T10:29:59+05:30"}}).json()
    assert (again["all_day"], again["all_day_date"]) == (True, "2026-12-01")
    moved = teacher.put(path, {"assignment_override": {"due_at": "2026-12-02T05:30:00Z"}}).json()
    assert (moved["all_day"], moved["all_day_date"]) == (False, "2026-12-02")


def test_contract_1_7_clearing_the_due_date_clears_the_marks(state, admin, campus):
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}"
    admin.put(path, {"assignment": {"due_at": "2026-12-02T04:59:59Z"}})
    assert (campus.essay.all_day, campus.essay.all_day_date) == (True, date(2026, 12, 1))
    admin.put(path, {"assignment": {"due_at": ""}})
    assert (campus.essay.all_day, campus.essay.all_day_date) == (False, None)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("end", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_contract_1_7_dates_at_the_ends_of_the_calendar_are_kept_as_sent(teacher, campus, zone, end):
    campus.teacher.time_zone = zone
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": end, "unlock_at": end, "lock_at": end}}
    made = teacher.post(campus.overrides, body)
    assert made.status_code == 201
    assert made.json()["unlock_at"] == end
    assert teacher.get(f"/courses/{campus.course.id}/assignments?include[]=all_dates").status_code == 200
