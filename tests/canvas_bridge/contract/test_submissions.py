"""Section 10.7.9 of the contract, with 14.3, row by row: reading submissions."""

from datetime import timedelta

import pytest

KEYS = {
    "id", "user_id", "assignment_id", "attempt", "submission_type", "submitted_at", "workflow_state", "score", "grade",
    "entered_score", "entered_grade", "excused", "late", "missing", "late_policy_status", "points_deducted",
    "seconds_late", "graded_at", "grader_id", "grade_matches_current_submission", "url", "body", "preview_url",
    "cached_due_date", "extra_attempts", "grading_period_id", "redo_request", "posted_at",
}  # fmt: skip
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/students/submissions"


@pytest.fixture
def essay(campus):
    return f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"


def shown(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def users_of(answer):
    return {row["user_id"] for row in answer.json()}


def enrollment_of(state, campus, user):
    return state.enrollments.first("course_user", (campus.course.id, user.id))


def test_contract_10_7_9_a_row_has_exactly_its_keys(teacher, campus, path, essay):
    row = teacher.get(f"{essay}/{campus.ana.id}").json()
    assert set(row) == KEYS
    nothing_yet = {
        "attempt": None,
        "submission_type": None,
        "submitted_at": None,
        "workflow_state": "unsubmitted",
        "score": None,
        "grade": None,
        "excused": False,
        "late": False,
        "missing": False,
        "seconds_late": 0,
        "cached_due_date": shown(campus.due),
        "extra_attempts": None,
        "grading_period_id": None,
    }
    assert {name: row[name] for name in nothing_yet} == nothing_yet
    listed = teacher.get(f"{path}?student_ids[]={campus.ana.id}&assignment_ids[]={campus.essay.id}").json()
    assert listed == [row]


# (student ids sent by the teacher, who is answered)
STUDENTS = [
    ("all", ["ana", "bao", "chidi"]),
    ("{ana}", ["ana"]),
    ("{ana},{chidi}", ["ana", "chidi"]),
    ("{ana},{ana}", ["ana"]),
    ("sis_user_id:S-101", ["bao"]),
    ("sis_login_id:BNGUYEN", ["bao"]),
]


@pytest.mark.parametrize(("sent", "answered"), STUDENTS)
def test_contract_10_7_9_students_are_named_by_number_sis_form_or_all(teacher, campus, path, sent, answered):
    names = {name: getattr(campus, name).id for name in ("ana", "bao", "chidi")}
    ids = sent.format(**names).split(",")
    answer = teacher.get(path, params={"student_ids[]": ids, "per_page": 100})
    assert users_of(answer) == {names[name] for name in answered}


def test_contract_10_7_9_without_ids_the_caller_is_meant(teacher, ana, campus, path):
    assert users_of(ana.get(path)) == {campus.ana.id}
    assert users_of(ana.get(f"{path}?student_ids[]=all")) == {campus.ana.id}
    refused = teacher.get(path)
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)


@pytest.mark.parametrize(("count", "status"), [(100, 403), (101, 400)])
def test_contract_10_7_9_and_11_more_than_a_hundred_ids_are_too_many(teacher, path, count, status):
    answer = teacher.get(path, params={"student_ids[]": [str(number) for number in range(count)]})
    assert answer.status_code == status
    assert status == 403 or answer.json() == {"error": "too many students"}


@pytest.mark.parametrize("other", ["classmate", "teacher", "unknown", "deleted", "nonsense"])
def test_contract_10_7_9_one_student_who_may_not_be_seen_refuses_all(state, teacher, ana, campus, path, other):
    caller = ana if other == "classmate" else teacher
    enrollment_of(state, campus, campus.chidi).workflow_state = "deleted"
    ids = {"classmate": campus.bao.id, "teacher": campus.teacher.id, "unknown": 999_999, "deleted": campus.chidi.id}
    answer = caller.get(path, params={"student_ids[]": [campus.ana.id, ids.get(other, "abc")]})
    assert (answer.status_code, answer.json()) == (403, NOT_ALLOWED)


def test_contract_10_7_9_an_observer_reads_the_observed_student(state, campus, path, caller_for):
    observer = state.add_user("Mele Fonua")
    state.enroll(observer, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    caller = caller_for(state, observer)
    assert users_of(caller.get(f"{path}?student_ids[]={campus.ana.id}")) == {campus.ana.id}
    assert caller.get(f"{path}?student_ids[]={campus.bao.id}").status_code == 403


def test_contract_10_7_9_section_limited_staff_and_the_list_of_a_section(state, teacher, campus, path, caller_for):
    limited = state.add_user("Yusuf Demir")
    state.enroll(
        limited, campus.course, section=campus.evening, type="TaEnrollment", limit_privileges_to_course_section=True
    )
    caller = caller_for(state, limited)
    assert users_of(caller.get(f"{path}?student_ids[]=all")) == {campus.chidi.id}
    assert caller.get(f"{path}?student_ids[]={campus.ana.id}").status_code == 403
    section = f"/sections/{campus.morning.id}/students/submissions"
    assert users_of(teacher.get(f"{section}?student_ids[]=all&per_page=100")) == {campus.ana.id, campus.bao.id}
    assert teacher.get(f"{section}?student_ids[]={campus.chidi.id}").status_code == 403
    assert users_of(teacher.get("/sections/sis_section_id:BIO-E/students/submissions?student_ids[]=all")) == {
        campus.chidi.id
    }


@pytest.mark.parametrize("name", ["unknown", "unpublished", "deleted", "SIS form"])
def test_contract_10_7_9_one_invalid_assignment_id_refuses_all(state, teacher, campus, path, name):
    hidden = state.add_assignment(campus.course, "Hidden", published=False)
    gone = state.add_assignment(campus.course, "Gone", sis_assignment_id="GONE")
    gone.workflow_state = "deleted"
    wanted = {"unknown": 5, "unpublished": hidden.id, "deleted": gone.id, "SIS form": "sis_assignment_id:GONE"}[name]
    answer = teacher.get(path, params={"student_ids[]": "all", "assignment_ids[]": [campus.essay.id, wanted]})
    assert (answer.status_code, answer.json()) == (403, {"error": "invalid assignment ids requested"})


def test_contract_10_7_9_only_published_assignments_are_answered(state, teacher, campus, path):
    hidden = state.add_assignment(campus.course, "Hidden", published=False)
    rows = teacher.get(f"{path}?student_ids[]={campus.ana.id}").json()
    expected = {campus.essay.id, campus.quiz_assignment.id, campus.new_quiz.id}
    assert {row["assignment_id"] for row in rows} == expected
    hidden.published = True
    rows = teacher.get(f"{path}?student_ids[]={campus.ana.id}").json()
    assert {row["assignment_id"] for row in rows} == expected | {hidden.id}


@pytest.mark.parametrize("grouped", ["true", "1", "", "false"])
def test_contract_10_7_9_grouped_by_student_whatever_its_value(teacher, campus, path, grouped):
    params = {"student_ids[]": "all", "assignment_ids[]": campus.essay.id, "grouped": grouped, "per_page": 2}
    answer = teacher.get(path, params=params)
    assert [(one["user_id"], len(one["submissions"])) for one in answer.json()] == [
        (campus.ana.id, 1),
        (campus.bao.id, 1),
    ]
    assert 'rel="next"' in answer.headers["Link"]


def test_contract_10_7_9_the_flat_list_is_paged_by_submission_and_ordered(state, teacher, campus, path):
    first, second = (state.submit(campus.essay, one) for one in (campus.ana, campus.bao))
    second.graded_at, first.graded_at = state.now() - timedelta(days=2), state.now() - timedelta(days=1)
    base = {"student_ids[]": "all", "assignment_ids[]": campus.essay.id}
    page = teacher.get(path, params={**base, "per_page": 1, "page": 2})
    assert [row["user_id"] for row in page.json()] == [campus.bao.id]
    by_grade = teacher.get(path, params={**base, "order": "graded_at"}).json()
    assert [row["user_id"] for row in by_grade] == [campus.bao.id, campus.ana.id, campus.chidi.id]


# (enrollment state, by date?, who is answered: ana active, bao concluded by hand, chidi's section over)
STATES = [
    ("active", None, {"ana"}),
    ("concluded", None, {"bao", "chidi"}),
    ("active", "false", {"ana", "chidi"}),
    ("concluded", "false", {"bao"}),
    (None, None, {"ana", "bao", "chidi"}),
]


@pytest.mark.parametrize(("wanted", "by_date", "answered"), STATES)
def test_contract_10_7_9_enrollment_state_by_date_unless_told_otherwise(
    state, teacher, campus, path, wanted, by_date, answered
):
    enrollment_of(state, campus, campus.bao).workflow_state = "completed"
    campus.evening.restrict_enrollments_to_section_dates = True
    campus.evening.end_at = state.now() - timedelta(days=1)
    params = {"student_ids[]": "all", "enrollment_state": wanted, "state_based_on_date": by_date, "per_page": 100}
    answer = teacher.get(path, params={name: value for name, value in params.items() if value is not None})
    assert users_of(answer) == {getattr(campus, name).id for name in answered}


def test_contract_10_7_9_any_other_enrollment_state_is_refused(teacher, path):
    answer = teacher.get(f"{path}?student_ids[]=all&enrollment_state=invited")
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid enrollment_state"})


@pytest.mark.parametrize("name", ["submitted_since", "graded_since"])
@pytest.mark.parametrize(("hours", "count"), [(-2, 1), (2, 0)])
def test_contract_10_7_9_since_filters(state, teacher, campus, path, name, hours, count):
    row = state.submit(campus.essay, campus.ana)
    row.graded_at = state.now()
    params = {"student_ids[]": "all", name: shown(state.now() + timedelta(hours=hours))}
    assert len(teacher.get(path, params=params).json()) == count
    refused = teacher.get(path, params={"student_ids[]": "all", name: "soon"})
    assert (refused.status_code, refused.json()) == (400, {"errors": {name: f"Invalid datetime for {name}"}})


def test_contract_10_7_9_fields_and_states_as_named(state, teacher, campus, path):
    state.submit(campus.essay, campus.ana)
    base = {"student_ids[]": campus.ana.id}
    states = teacher.get(path, params={**base, "workflow_state": "submitted"}).json()
    assert [row["assignment_id"] for row in states] == [campus.essay.id]
    fields = teacher.get(path, params={**base, "response_fields[]": ["id", "late"]}).json()
    assert {frozenset(row) for row in fields} == {frozenset({"id", "late"})}
    without = teacher.get(path, params={**base, "exclude_response_fields[]": ["body"]}).json()
    assert {frozenset(row) for row in without} == {frozenset(KEYS - {"body"})}
    more = teacher.get(path, params={**base, "include[]": ["user", "assignment"]}).json()
    assert {frozenset(row) for row in more} == {frozenset(KEYS | {"user", "assignment"})}


def test_contract_10_7_9_grading_period_of_a_row_and_its_filter(state, teacher, campus, path):
    now = state.now()
    days = ((-30, 3), (3, 30))
    early, late = (
        state.add_grading_period(
            "P", start_date=now + timedelta(days=start), end_date=now + timedelta(days=end), course=campus.course
        )
        for start, end in days
    )
    state.add_override(campus.essay, students=[campus.bao], due_at=now + timedelta(days=1))
    base = {"student_ids[]": "all", "assignment_ids[]": campus.essay.id}
    rows = {row["user_id"]: row["grading_period_id"] for row in teacher.get(path, params=base).json()}
    assert rows == {campus.ana.id: late.id, campus.bao.id: early.id, campus.chidi.id: late.id}
    filtered = teacher.get(path, params={**base, "grading_period_id": early.id})
    assert users_of(filtered) == {campus.bao.id}


@pytest.mark.parametrize("role", ["student", "stranger", "designer"])
def test_contract_2_only_graders_list_the_submissions_of_an_assignment(state, campus, essay, caller_for, role):
    user = campus.ana if role == "student" else state.add_user("Mele Fonua")
    if role == "designer":
        state.enroll(user, campus.course, type="DesignerEnrollment")
    assert caller_for(state, user).get(essay).status_code == 403


def test_contract_10_7_9_one_submission(teacher, ana, campus, essay):
    assert teacher.get(f"{essay}/{campus.bao.id}").json()["user_id"] == campus.bao.id
    assert ana.get(f"{essay}/self").json()["user_id"] == campus.ana.id
    assert teacher.get(f"{essay}/sis_user_id:S-102").json()["user_id"] == campus.chidi.id
    assert ana.get(f"{essay}/{campus.bao.id}").status_code == 403
    assert teacher.get(f"{essay}/{campus.teacher.id}").status_code == 404
    assert len(teacher.get(essay).json()) == 3


# (what happens to the student, whether the row that was handed in is still shown)
LEAVING = [
    ("unassigned", False),
    ("only visible to others", False),
    ("enrollment deleted", False),
    ("enrollment rejected", False),
    ("concluded", True),
    ("concluded and unassigned", True),
    ("nothing", True),
]


@pytest.mark.parametrize(("what", "is_shown"), LEAVING)
def test_contract_14_3_a_row_is_hidden_when_its_student_is_no_longer_assigned(
    state, teacher, campus, essay, what, is_shown
):
    state.submit(campus.essay, campus.ana, submission_type="online_url", url="https://example.org")
    enrollment = enrollment_of(state, campus, campus.ana)
    override = None
    if "unassigned" in what:
        override = state.add_override(campus.essay, students=[campus.ana], unassign_item=True)
    campus.essay.only_visible_to_overrides = what == "only visible to others"
    enrollment.workflow_state = {
        "enrollment deleted": "deleted",
        "enrollment rejected": "rejected",
        "concluded": "completed",
        "concluded and unassigned": "completed",
    }.get(what, "active")
    listed = {row["user_id"] for row in teacher.get(essay).json()}
    assert (campus.ana.id in listed) is is_shown
    assert teacher.get(f"{essay}/{campus.ana.id}").status_code == (200 if is_shown else 404)
    if override:
        override.workflow_state = "deleted"
    campus.essay.only_visible_to_overrides, enrollment.workflow_state = False, "active"
    again = teacher.get(f"{essay}/{campus.ana.id}").json()
    assert (again["attempt"], again["url"], again["workflow_state"]) == (1, "https://example.org", "submitted")
