"""Section 10.3 of the contract, parameter by parameter: the people of a course."""

import pytest

NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
TOO_SHORT = {"errors": [{"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]}
KEYS = {"id", "name", "sortable_name", "short_name", "created_at"}
BY_PERMISSION = {"sis_user_id", "integration_id", "login_id", "email"}


@pytest.fixture
def people(state, campus):
    """Add people of each role and state to the campus's course, and return them by name."""
    found = {name: getattr(campus, name) for name in ("ana", "bao", "chidi", "teacher")}
    for name in ("invited", "rejected", "completed", "inactive"):
        found[name] = state.add_user(f"{name.title()} Student", sis_user_id=f"X-{name}")
        state.enroll(found[name], campus.course, section=campus.morning, state=name)
    for name, kind in (("ta", "TaEnrollment"), ("designer", "DesignerEnrollment"), ("observer", "ObserverEnrollment")):
        found[name] = state.add_user(f"{name.title()} Person")
        state.enroll(found[name], campus.course, type=kind)
    return found


STUDENTS = {"ana", "bao", "chidi", "invited"}
EVERYBODY = STUDENTS | {"teacher", "ta", "designer", "observer"}
# (query, names of the people expected)
QUERIES = [
    ("", EVERYBODY),
    ("enrollment_type[]=student", STUDENTS),
    ("enrollment_type[]=teacher", {"teacher"}),
    ("enrollment_type[]=ta&enrollment_type[]=designer", {"ta", "designer"}),
    ("enrollment_type=observer", {"observer"}),
    ("enrollment_role_id=4", {"teacher"}),
    ("enrollment_state[]=active", EVERYBODY - {"invited"}),
    ("enrollment_state[]=invited", {"invited"}),
    ("enrollment_state[]=rejected", {"rejected"}),
    ("enrollment_state[]=completed", {"completed"}),
    ("enrollment_state[]=inactive", {"inactive"}),
    ("include_inactive=true", EVERYBODY | {"inactive"}),
    ("search_term=oliveira", {"ana"}),
    ("search_term=s-101", {"bao"}),
    ("user_ids[]=sis_user_id:S-100&user_ids[]=sis_user_id:S-101", {"ana", "bao"}),
    ("user_ids=sis_user_id:S-100,sis_user_id:S-102", {"ana", "chidi"}),
]


@pytest.mark.parametrize(("query", "names"), QUERIES)
def test_contract_10_3_filters(admin, campus, people, query, names):
    answer = admin.get(f"/courses/{campus.course.id}/users?per_page=100&{query}")
    assert answer.status_code == 200
    by_id = {user.id: name for name, user in people.items()}
    assert {by_id[one["id"]] for one in answer.json()} == names


def test_contract_10_3_the_order(admin, campus):
    path = f"/courses/{campus.course.id}/users?enrollment_type[]=student"
    by_name = [campus.bao.id, campus.chidi.id, campus.ana.id]
    by_sis_id = [campus.ana.id, campus.bao.id, campus.chidi.id]
    orders = {"": by_name, "&sort=username": by_name, "&sort=sis_id": by_sis_id, "&sort=email": by_sis_id}
    for query, expected in orders.items():
        assert [one["id"] for one in admin.get(f"{path}{query}").json()] == expected


def test_contract_10_3_numeric_pages_without_a_last_one(state, admin, campus):
    for number in range(12):
        state.enroll(state.add_user(f"Student Number{number:02}"), campus.course)
    first = admin.get(f"/courses/{campus.course.id}/users")
    assert len(first.json()) == 10
    assert set(first.links) == {"current", "next", "first"}
    second = admin.get(first.links["next"]["url"].removeprefix("http://canvas.test"))
    assert len(second.json()) == 6
    assert set(second.links) == {"current", "prev", "first"}


def test_contract_10_3_the_test_student_is_taken_out_after_the_cut(state, admin, campus):
    test_student = state.add_user("Test Student", sortable_name="Nguyen, Aa", is_test_student=True)
    state.enroll(test_student, campus.course, type="StudentViewEnrollment")
    path = f"/courses/{campus.course.id}/users"
    first = admin.get(f"{path}?per_page=2")
    assert [one["id"] for one in first.json()] == [campus.bao.id]
    assert "next" in first.links
    with_it = admin.get(f"{path}?per_page=2&include[]=test_student").json()
    assert [one["id"] for one in with_it] == [test_student.id, campus.bao.id]


def test_contract_10_3_user_id_jumps_to_the_page_of_the_user(state, admin, campus):
    users = [state.add_user(f"Student Number{number:02}") for number in range(12)]
    for user in users:
        state.enroll(user, campus.course)
    answer = admin.get(f"/courses/{campus.course.id}/users?per_page=5&page=1&user_id={users[-1].id}")
    assert users[-1].id in [one["id"] for one in answer.json()]
    assert "page=4" in answer.links["current"]["url"] or "page=3" in answer.links["current"]["url"]
    assert "user_id" not in answer.headers["Link"]


def test_contract_10_3_keys_by_permission(admin, teacher, ana, campus):
    path = f"/courses/{campus.course.id}/users?enrollment_type[]=student"
    for caller in (admin, teacher):
        assert all(set(one) == KEYS | BY_PERMISSION for one in caller.get(path).json())
    assert all(set(one) == KEYS for one in ana.get(path).json())


@pytest.mark.parametrize("name", ["invited", "rejected"])
def test_contract_10_3_who_is_not_there_yet_comes_without_login_and_personal_keys(admin, campus, people, name):
    rows = admin.get(f"/courses/{campus.course.id}/users?enrollment_state[]={name}").json()
    assert [set(one) for one in rows] == [KEYS]


def test_contract_10_3_includes(state, admin, campus):
    group = state.add_group(state.add_group_category(campus.course, "Projects"), "First", campus.ana)
    words = ("enrollments", "locked", "avatar_url", "bio", "custom_links", "uuid", "group_ids")
    query = "&".join(f"include[]={word}" for word in words)
    (shown,) = admin.get(f"/courses/{campus.course.id}/users?search_term=oliveira&{query}").json()
    assert set(shown) >= set(words)
    assert shown["group_ids"] == [group.id]
    assert [(one["type"], one["course_section_id"]) for one in shown["enrollments"]] == [
        ("StudentEnrollment", campus.morning.id)
    ]


def test_contract_10_3_who_may_list_the_people(state, admin, teacher, ana, campus, people, caller_for):
    path = f"/courses/{campus.course.id}/users"
    assert all(caller.get(path).status_code == 200 for caller in (admin, teacher, ana))
    for refused in (people["observer"], state.add_user("Nadia Haddad")):
        assert caller_for(state, refused).get(path).json() == NOT_ALLOWED
    assert admin.get(f"{path}?search_term=a").json() == TOO_SHORT


def test_contract_10_3_each_person_appears_once(state, admin, campus):
    state.enroll(campus.ana, campus.course, section=campus.evening)
    rows = admin.get(f"/courses/{campus.course.id}/users?enrollment_type[]=student").json()
    assert [one["id"] for one in rows].count(campus.ana.id) == 1


def test_contract_10_3_one_person_of_a_course(state, admin, campus):
    path = f"/courses/{campus.course.id}/users"
    assert admin.get(f"{path}/{campus.ana.id}").json()["id"] == campus.ana.id
    assert admin.get(f"{path}/{state.add_user('Nadia Haddad').id}").status_code == 404


def test_contract_10_3_a_test_student_made_by_enrolling_is_one(state, admin, campus):
    somebody = state.add_user("Test Student")
    body = {"enrollment": {"user_id": somebody.id, "type": "StudentViewEnrollment", "enrollment_state": "active"}}
    made = admin.post(f"/courses/{campus.course.id}/enrollments", body).json()
    assert made["type"] == "StudentViewEnrollment"
    path = f"/courses/{campus.course.id}/users"
    assert somebody.id not in [one["id"] for one in admin.get(path).json()]
    assert somebody.id in [one["id"] for one in admin.get(f"{path}?include[]=test_student").json()]
    assert somebody.id in [one["user_id"] for one in admin.get(f"/courses/{campus.course.id}/enrollments").json()]
