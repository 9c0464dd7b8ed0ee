"""Sections 2, 6.8 and 10.2 of the contract, row by row: reading enrollments."""

from datetime import timedelta

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
NO_SIS_FILTER = {"message": "Insufficient permissions to filter by SIS fields"}
KEYS = {
    *("id", "user_id", "course_id", "course_section_id", "type", "role", "role_id", "enrollment_state"),
    *("associated_user_id", "limit_privileges_to_course_section", "root_account_id", "start_at", "end_at"),
    *("created_at", "updated_at", "html_url", "user"),
}
SIS_KEYS = {
    *("sis_account_id", "sis_course_id", "course_integration_id", "sis_section_id", "section_integration_id"),
    "sis_user_id",
}


@pytest.fixture
def people(state, campus):
    """Add one enrollment of each state and type to the campus's course, and return them by name."""
    rows = {}
    for name in ("invited", "creation_pending", "rejected", "completed", "inactive", "deleted"):
        user = state.add_user(f"{name.title()} Student")
        rows[name] = state.enroll(user, campus.course, section=campus.morning, state=name)
    for name, kind in (("ta", "TaEnrollment"), ("designer", "DesignerEnrollment")):
        rows[name] = state.enroll(state.add_user(f"{name.title()} Person"), campus.course, type=kind)
    observer = state.add_user("Rosa Oliveira")
    rows["observer"] = state.enroll(
        observer, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id
    )
    test_student = state.add_user("Test Student", is_test_student=True)
    rows["test"] = state.enroll(test_student, campus.course, type="StudentViewEnrollment")
    for name in ("ana", "bao", "chidi", "teacher"):
        user = getattr(campus, name)
        rows[name] = state.enrollments.first("course_user", (campus.course.id, user.id))
    return rows


ACTIVE = {"ana", "bao", "chidi", "teacher", "ta", "designer", "observer", "test"}
DEFAULT = ACTIVE | {"invited", "creation_pending"}
# (query of the course path, as whom, names of the enrollments expected)
COURSE_QUERIES = [
    ("", "ana", DEFAULT),
    ("", "teacher", DEFAULT | {"inactive"}),
    ("", "admin", DEFAULT | {"inactive"}),
    ("state[]=active", "admin", ACTIVE),
    ("state[]=invited", "admin", {"invited"}),
    ("state[]=creation_pending", "admin", {"creation_pending"}),
    ("state[]=rejected", "admin", {"rejected"}),
    ("state[]=completed", "admin", {"completed"}),
    ("state[]=inactive", "admin", {"inactive"}),
    ("state[]=deleted", "admin", {"deleted"}),
    ("state[]=completed&state[]=inactive", "admin", {"completed", "inactive"}),
    ("state=completed", "admin", {"completed"}),
    ("type[]=TeacherEnrollment", "admin", {"teacher"}),
    ("type[]=TaEnrollment&type[]=DesignerEnrollment", "admin", {"ta", "designer"}),
    ("type[]=ObserverEnrollment", "admin", {"observer"}),
    ("type[]=StudentViewEnrollment", "admin", {"test"}),
    ("type[]=StudentEnrollment&state[]=active", "admin", {"ana", "bao", "chidi"}),
    ("role[]=TaEnrollment", "admin", {"ta"}),
    ("user_id=sis_user_id:S-100", "admin", {"ana"}),
    ("sis_user_id[]=S-100&sis_user_id[]=S-101", "admin", {"ana", "bao"}),
    ("sis_user_id[]=S-100", "teacher", {"ana"}),
    ("sis_section_id[]=BIO-E", "admin", {"chidi"}),
    ("sis_section_id[]=NONE", "admin", set()),
    ("sis_course_id[]=BIO-201-F26&type[]=TeacherEnrollment", "admin", {"teacher"}),
    ("sis_account_id[]=MAIN&type[]=TeacherEnrollment", "admin", {"teacher"}),
    ("grading_period_id=51&type[]=TeacherEnrollment", "admin", {"teacher"}),
]


@pytest.mark.parametrize(("query", "whom", "names"), COURSE_QUERIES)
def test_contract_10_2_the_enrollments_of_a_course(state, admin, teacher, ana, campus, people, query, whom, names):
    state.account.sis_account_id = "MAIN"
    caller = {"admin": admin, "teacher": teacher, "ana": ana}[whom]
    answer = caller.get(f"/courses/{campus.course.id}/enrollments?per_page=100&{query}")
    assert answer.status_code == 200
    by_id = {row.id: name for name, row in people.items()}
    assert {by_id[one["id"]] for one in answer.json()} == names


def test_contract_10_2_order_by_type_sortable_name_and_id(state, admin, campus, people):
    again = state.enroll(campus.ana, campus.course, section=campus.evening)
    rows = admin.get(f"/courses/{campus.course.id}/enrollments?per_page=100&state[]=active").json()
    expected = ["designer", "observer", "bao", "chidi", "ana", "test", "ta", "teacher"]
    ids = [people[name].id for name in expected]
    ids.insert(ids.index(people["ana"].id) + 1, again.id)
    assert [one["id"] for one in rows] == ids


def test_contract_10_2_the_object(admin, teacher, ana, campus, people):
    path = f"/courses/{campus.course.id}/enrollments?user_id={campus.ana.id}"
    for caller in (admin, teacher):
        (row,) = caller.get(path).json()
        assert set(row) >= KEYS | SIS_KEYS | {"grades"}
        assert set(row["user"]) >= {"id", "name", "sortable_name", "short_name"}
        assert (row["sis_user_id"], row["section_integration_id"]) == ("S-100", None)
    (own,) = ana.get(path).json()
    assert set(own) >= KEYS
    assert not set(own) & SIS_KEYS
    (observing,) = admin.get(f"/courses/{campus.course.id}/enrollments?type[]=ObserverEnrollment").json()
    assert observing["associated_user_id"] == campus.ana.id
    assert "grades" not in observing
    (test,) = admin.get(f"/courses/{campus.course.id}/enrollments?type[]=StudentViewEnrollment").json()
    assert (test["type"], test["role"]) == ("StudentViewEnrollment", "StudentEnrollment")


def test_contract_10_2_a_person_appears_once_for_each_section_and_role(state, admin, campus):
    state.enroll(campus.ana, campus.course, section=campus.evening)
    state.enroll(campus.ana, campus.course, type="TaEnrollment")
    rows = admin.get(f"/courses/{campus.course.id}/enrollments?user_id={campus.ana.id}").json()
    assert [one["type"] for one in rows] == ["StudentEnrollment", "StudentEnrollment", "TaEnrollment"]


def test_contract_10_2_the_enrollments_of_a_section(admin, ana, campus, people, caller_for, state):
    path = f"/sections/{campus.evening.id}/enrollments"
    assert [one["user_id"] for one in admin.get(path).json()] == [campus.chidi.id]
    assert [one["user_id"] for one in admin.get("/sections/sis_section_id:BIO-E/enrollments").json()] == [
        campus.chidi.id
    ]
    assert ana.get(path).status_code == 200
    assert caller_for(state, state.add_user("Nadia Haddad")).get(path).json() == NOT_ALLOWED


@pytest.mark.parametrize(
    "path", ["/courses/{course}/enrollments", "/sections/{section}/enrollments", "/users/{user}/enrollments"]
)
def test_contract_1_4_bookmark_paging_of_all_three_lists(state, admin, campus, path):
    for number in range(7):
        state.enroll(state.add_user(f"Student Number{number}"), campus.course, section=campus.morning)
        state.enroll(campus.ana, state.add_course(f"Course {number}"))
    url = path.format(course=campus.course.id, section=campus.morning.id, user=campus.ana.id)
    whole = [one["id"] for one in admin.get(f"{url}?per_page=100").json()]
    answer = admin.get(f"{url}?per_page=3")
    seen = [one["id"] for one in answer.json()]
    pages = 1
    while "next" in answer.links:
        assert not {"last", "prev"} & set(answer.links)
        assert "page=bookmark:" in answer.links["next"]["url"]
        answer = admin.get(answer.links["next"]["url"].removeprefix("http://canvas.test"))
        seen += [one["id"] for one in answer.json()]
        pages += 1
    assert seen == whole
    assert pages == -(-len(whole) // 3)


def test_contract_2_who_may_read_the_enrollments_of_a_course(state, admin, teacher, ana, campus, people, caller_for):
    path = f"/courses/{campus.course.id}/enrollments"
    assert all(caller.get(path).status_code == 200 for caller in (admin, teacher, ana))
    stranger = caller_for(state, state.add_user("Nadia Haddad"))
    assert stranger.get(path).json() == NOT_ALLOWED
    assert (stranger.get(f"{path}?user_id=self").status_code, stranger.get(f"{path}?user_id=self").json()) == (200, [])
    observer = caller_for(state, state.users[people["observer"].user_id])
    seen = {one["user_id"] for one in observer.get(path).json()}
    assert seen == {campus.ana.id, people["observer"].user_id}


def test_contract_2_an_instructor_held_to_a_section_sees_its_students(state, campus, caller_for):
    assistant = state.add_user("Mina Park")
    state.enroll(
        assistant,
        campus.course,
        section=campus.evening,
        type="TaEnrollment",
        limit_privileges_to_course_section=True,
    )
    rows = caller_for(state, assistant).get(f"/courses/{campus.course.id}/enrollments?type[]=StudentEnrollment").json()
    assert [one["user_id"] for one in rows] == [campus.chidi.id]


@pytest.mark.parametrize("name", ["sis_user_id", "sis_course_id", "sis_section_id", "sis_account_id"])
def test_contract_2_sis_filters_need_the_sis_right(ana, campus, name):
    for path in (f"/courses/{campus.course.id}", f"/sections/{campus.morning.id}", "/users/self"):
        answer = ana.get(f"{path}/enrollments?{name}[]=X")
        assert (answer.status_code, answer.json()) == (400, NO_SIS_FILTER)


def test_contract_2_the_enrollments_of_others_are_for_administrators_and_parents(
    state, admin, teacher, ana, campus, people, caller_for
):
    path = f"/users/{campus.ana.id}/enrollments"
    assert [one["id"] for one in admin.get(path).json()] == [people["ana"].id]
    assert [one["id"] for one in ana.get("/users/self/enrollments").json()] == [people["ana"].id]
    parent = caller_for(state, state.users[people["observer"].user_id])
    assert [one["id"] for one in parent.get(path).json()] == [people["ana"].id]
    assert teacher.get(path).json() == NOT_ALLOWED


def spread(state, campus):
    """Give Ana an enrollment in every situation that a state distinguishes, and return course names by id."""
    now, day = state.now(), timedelta(days=1)
    dates = {"over": (now - 9 * day, now - day), "future": (now + day, now + 9 * day)}
    for name, (start_at, end_at) in dates.items():
        course = state.add_course(name, start_at=start_at, end_at=end_at, restrict_enrollments_to_course_dates=True)
        state.enroll(campus.ana, course)
    state.enroll(campus.ana, state.add_course("concluded course", workflow_state="completed"))
    state.enroll(campus.ana, state.add_course("unpublished", workflow_state="unpublished"))
    for name in ("invited", "completed", "inactive", "rejected", "deleted"):
        state.enroll(campus.ana, state.add_course(name), state=name)
    gone = state.add_course("gone course", workflow_state="deleted")
    state.enroll(campus.ana, gone)
    return {one.id: one.name for one in state.courses}


CURRENT = {"Cell Biology", "invited"}
# (as whom, states asked for, names of the courses expected)
STATES = [
    ("admin", "", CURRENT | {"over", "future", "concluded course", "unpublished"}),
    ("ana", "", CURRENT | {"future", "unpublished"}),
    ("admin", "active", {"Cell Biology", "over", "future", "concluded course", "unpublished"}),
    ("ana", "completed", {"completed"}),
    ("ana", "deleted", {"deleted", "gone course"}),
    ("ana", "inactive rejected", {"inactive", "rejected"}),
    ("ana", "current_and_invited", CURRENT),
    ("ana", "current_and_future", CURRENT | {"future"}),
    ("ana", "current_future_and_restricted", CURRENT | {"future", "unpublished"}),
    ("ana", "current_and_concluded", CURRENT | {"over", "concluded course", "completed"}),
]


@pytest.mark.parametrize(("whom", "states", "names"), STATES)
def test_contract_10_2_states_of_a_persons_enrollments(state, admin, ana, campus, whom, states, names):
    course_names = spread(state, campus)
    caller = {"admin": admin, "ana": ana}[whom]
    query = "&".join(f"state[]={word}" for word in states.split())
    rows = caller.get(f"/users/{campus.ana.id}/enrollments?per_page=100&{query}").json()
    assert {course_names[one["course_id"]] for one in rows} == names


def test_contract_10_2_an_invalid_state_for_oneself(ana):
    answer = ana.get("/users/self/enrollments?state[]=x")
    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid state x"})


def test_contract_10_2_the_term_of_a_persons_enrollments(state, admin, campus):
    term = state.add_term("Autumn", sis_term_id="F26")
    row = state.enroll(campus.ana, state.add_course("Botany", term=term))
    for text in (term.id, "sis_term_id:F26"):
        found = admin.get(f"/users/{campus.ana.id}/enrollments?enrollment_term_id={text}").json()
        assert [one["id"] for one in found] == [row.id]


@pytest.mark.parametrize("holder", ["course", "section"])
def test_contract_10_2_the_state_is_deleted_where_course_or_section_is(admin, campus, people, holder):
    {"course": campus.course, "section": campus.evening}[holder].workflow_state = "deleted"
    row = admin.get(f"/accounts/1/enrollments/{people['chidi'].id}").json()
    assert row["enrollment_state"] == "deleted"
    assert people["chidi"].workflow_state == "active"


def test_contract_10_2_one_enrollment(admin, teacher, ana, campus, people):
    path = f"/accounts/self/enrollments/{people['ana'].id}"
    assert set(admin.get(path).json()) >= KEYS
    assert ana.get(path).json()["id"] == people["ana"].id
    assert ana.get(f"/accounts/1/enrollments/{people['bao'].id}").json() == NOT_ALLOWED
    assert admin.get("/accounts/1/enrollments/1").json() == NOT_FOUND
