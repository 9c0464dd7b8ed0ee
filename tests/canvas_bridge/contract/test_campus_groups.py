"""Sections 10.7.6, 10.7.10, 11 and 12 of the contract, row by row: group sets, groups and memberships."""

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
SET_KEYS = {
    *("id", "name", "role", "self_signup", "group_limit", "auto_leader", "context_type", "course_id", "protected"),
    *("allows_multiple_memberships", "is_member", "non_collaborative"),
}
GROUP_KEYS = {
    *("id", "name", "description", "is_public", "join_level", "group_category_id", "max_membership", "members_count"),
    *("created_at", "storage_quota_mb", "context_type", "course_id", "role", "leader", "avatar_url", "has_submission"),
    *("concluded", "non_collaborative"),
}
MEMBERSHIP_KEYS = {"id", "group_id", "user_id", "workflow_state", "moderator", "created_at"}


@pytest.fixture
def projects(state, campus):
    """Add a set of two groups: Ana is in the first one, Bao is invited to it."""
    category = state.add_group_category(campus.course, "Projects")
    first = state.add_group(category, "First", campus.ana, sis_group_id="G-1")
    state.add_membership(first, campus.bao, state="invited")
    second = state.add_group(category, "Second")
    return category, first, second


def test_contract_10_7_6_sets(admin, teacher, ana, campus, projects):
    category, _, _ = projects
    path = f"/courses/{campus.course.id}/group_categories"
    (listed,) = teacher.get(path).json()
    assert set(listed) == SET_KEYS | {"sis_group_category_id"}
    assert (listed["context_type"], listed["non_collaborative"]) == ("Course", False)
    single = f"/group_categories/{category.id}"
    assert teacher.get(single).json() == listed
    for refused in (path, single, f"{single}/groups"):
        assert ana.get(refused).json() == NOT_ALLOWED
    assert admin.get("/group_categories/99999").json() == NOT_FOUND


def test_contract_10_7_6_groups(admin, ana, campus, projects):
    category, first, second = projects
    of_set = admin.get(f"/group_categories/{category.id}/groups").json()
    assert [one["id"] for one in of_set] == [first.id, second.id]
    assert set(of_set[0]) == GROUP_KEYS | {"sis_group_id"}
    assert (of_set[0]["members_count"], of_set[0]["sis_group_id"]) == (1, "G-1")
    assert [one["id"] for one in admin.get(f"/courses/{campus.course.id}/groups").json()] == [first.id, second.id]
    assert set(ana.get(f"/groups/{first.id}").json()) == GROUP_KEYS
    own = ana.get(f"/courses/{campus.course.id}/groups?only_own_groups=true").json()
    assert [one["id"] for one in own] == [first.id]
    assert admin.get("/groups/sis_group_id:G-1").json()["id"] == first.id
    assert admin.get("/groups/hex:sis_group_id:472d31").json()["id"] == first.id
    assert admin.get("/groups/99999").json() == NOT_FOUND


def test_contract_10_7_6_includes(admin, campus, projects):
    path = f"/courses/{campus.course.id}/groups"
    first = admin.get(f"{path}?include[]=users&include[]=tabs").json()[0]
    assert [one["id"] for one in first["users"]] == [campus.ana.id]
    assert "tabs" in first
    assert not {"users", "tabs"} & set(admin.get(path).json()[0])


def test_contract_11_at_most_a_thousand_users_are_listed_in_a_group(state, admin, campus, projects):
    _, _, second = projects
    for number in range(1001):
        user = state.add_user(f"Student {number}")
        state.enroll(user, campus.course, section=campus.morning)
        state.add_membership(second, user)
    shown = admin.get(f"/groups/{second.id}?include[]=users").json()
    assert (len(shown["users"]), shown["members_count"]) == (1000, 1001)


def test_contract_10_7_6_people_without_a_group(admin, campus, projects):
    category, _, _ = projects
    path = f"/group_categories/{category.id}/users"
    assert {one["id"] for one in admin.get(path).json()} == {campus.ana.id, campus.bao.id, campus.chidi.id}
    unassigned = admin.get(f"{path}?unassigned=true").json()
    assert {one["id"] for one in unassigned} == {campus.bao.id, campus.chidi.id}


def test_contract_10_7_6_the_people_of_a_group(admin, ana, campus, projects, state, caller_for):
    _, first, _ = projects
    path = f"/groups/{first.id}/users"
    assert [one["id"] for one in ana.get(path).json()] == [campus.ana.id]
    assert [one["id"] for one in admin.get(f"{path}?search_term=oliv").json()] == [campus.ana.id]
    assert admin.get(f"{path}?search_term=nguyen").json() == []
    assert caller_for(state, state.add_user("Nadia Haddad")).get(path).json() == NOT_ALLOWED


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"ana", "bao", "chidi"}),
        ("filter_states[]=accepted", {"ana"}),
        ("filter_states[]=invited", {"bao"}),
        ("filter_states[]=requested", {"chidi"}),
        ("filter_states[]=accepted&filter_states[]=requested", {"ana", "chidi"}),
    ],
)
def test_contract_10_7_6_memberships_by_state(state, admin, campus, projects, query, names):
    _, first, _ = projects
    state.add_membership(first, campus.chidi, state="requested")
    rows = admin.get(f"/groups/{first.id}/memberships?{query}").json()
    assert {one["user_id"] for one in rows} == {getattr(campus, name).id for name in names}
    assert all(set(one) == MEMBERSHIP_KEYS for one in rows)


def test_contract_10_7_10_a_set_is_made_with_groups_and_without_a_wrapper(admin, teacher, ana, campus):
    path = f"/courses/{campus.course.id}/group_categories"
    made = teacher.post(path, {"name": "Teams", "create_group_count": 3, "self_signup": "enabled", "group_limit": 2})
    assert made.status_code == 200
    assert (made.json()["self_signup"], made.json()["group_limit"]) == ("enabled", 2)
    groups = admin.get(f"/group_categories/{made.json()['id']}/groups").json()
    assert [one["name"] for one in groups] == ["Teams 1", "Teams 2", "Teams 3"]
    assert teacher.post(path, {"name": "Teams"}).status_code == 400
    assert teacher.post(path, {}).status_code == 400
    assert ana.post(path, {"name": "Mine"}).json() == NOT_ALLOWED


def test_contract_10_7_10_a_set_is_changed_and_deleted(admin, teacher, ana, campus, projects):
    category, first, _ = projects
    path = f"/group_categories/{category.id}"
    assert ana.put(path, {"name": "Mine"}).json() == NOT_ALLOWED
    assert teacher.put(path, {"name": "Field work"}).json()["name"] == "Field work"
    assert ana.delete(path).json() == NOT_ALLOWED
    assert teacher.delete(path).status_code == 200
    assert admin.get(path).json() == NOT_FOUND
    assert admin.get(f"/groups/{first.id}").json() == NOT_FOUND
    assert admin.get(f"/courses/{campus.course.id}/groups").json() == []


def test_contract_10_7_10_a_group_is_made_changed_and_deleted(admin, teacher, ana, projects):
    category, _, _ = projects
    made = teacher.post(f"/group_categories/{category.id}/groups", {"name": "Third", "description": "late ones"})
    assert (made.status_code, made.json()["name"], made.json()["description"]) == (200, "Third", "late ones")
    path = f"/groups/{made.json()['id']}"
    assert teacher.put(path, {"name": "Late"}).json()["name"] == "Late"
    assert ana.put(path, {"name": "Mine"}).json() == NOT_ALLOWED
    assert ana.delete(path).json() == NOT_ALLOWED
    assert teacher.delete(path).json()["id"] == made.json()["id"]
    assert admin.get(path).json() == NOT_FOUND
    assert ana.post(f"/group_categories/{category.id}/groups", {"name": "Mine"}).json() == NOT_ALLOWED


def test_contract_10_7_10_members_set_the_whole_list(admin, campus, projects):
    _, first, _ = projects
    path = f"/groups/{first.id}"
    assert admin.put(path, {"members": [campus.bao.id, campus.chidi.id]}).json()["members_count"] == 2
    assert {one["id"] for one in admin.get(f"{path}/users").json()} == {campus.bao.id, campus.chidi.id}
    admin("PUT", path, data={"members[]": [f"sis_user_id:{campus.ana.sis_user_id}"]})
    assert [one["id"] for one in admin.get(f"{path}/users").json()] == [campus.ana.id]
    admin.put(path, {"members": []})
    assert admin.get(f"{path}/users").json() == []
    assert admin.put(path, {"members": [campus.ana.id]}).json()["members_count"] == 1
    assert admin.put(path, {"name": "Renamed"}).json()["members_count"] == 1


def test_contract_12_a_membership_is_made_once(admin, teacher, ana, campus, projects):
    _, _, second = projects
    path = f"/groups/{second.id}/memberships"
    made = teacher.post(path, {"user_id": campus.chidi.id})
    assert made.status_code == 200
    assert set(made.json()) == MEMBERSHIP_KEYS | {"just_created"}
    assert (made.json()["workflow_state"], made.json()["just_created"]) == ("accepted", True)
    again = teacher.post(path, {"user_id": campus.chidi.id})
    assert (again.status_code, again.json()) == (200, {**made.json(), "just_created": False})
    assert admin.post(path, {"user_id": "sis_user_id:S-101"}).json()["user_id"] == campus.bao.id
    assert admin.post(path, {"user_id": 999999}).json() == NOT_FOUND
    assert ana.post(path, {"user_id": campus.bao.id}).json() == NOT_ALLOWED


def test_contract_10_7_6_joining_one_group_of_a_set_leaves_the_other(admin, campus, projects):
    _, first, second = projects
    admin.post(f"/groups/{second.id}/memberships", {"user_id": campus.ana.id})
    assert admin.get(f"/groups/{first.id}/users").json() == []
    assert [one["id"] for one in admin.get(f"/groups/{second.id}/users").json()] == [campus.ana.id]


def test_contract_10_7_6_a_person_has_several_differentiation_tags_and_does_not_see_them(admin, ana, campus):
    made = admin.post(f"/courses/{campus.course.id}/group_categories", {"name": "Pace", "non_collaborative": True})
    assert made.json()["non_collaborative"] is True
    tags = [admin.post(f"/group_categories/{made.json()['id']}/groups", {"name": name}).json() for name in ("A", "B")]
    for tag in tags:
        admin.post(f"/groups/{tag['id']}/memberships", {"user_id": campus.ana.id})
    assert [admin.get(f"/groups/{tag['id']}").json()["members_count"] for tag in tags] == [1, 1]
    assert tags[0]["non_collaborative"] is True
    assert ana.get(f"/courses/{campus.course.id}/groups").json() == []
    assert ana.get(f"/groups/{tags[0]['id']}").json() == NOT_ALLOWED


@pytest.mark.parametrize("form", ["users/{user}", "memberships/{membership}"])
def test_contract_10_7_10_leaving_in_both_forms(state, admin, ana, campus, projects, form):
    _, first, _ = projects
    membership = state.memberships.first("group", first.id)
    path = f"/groups/{first.id}/" + form.format(user=campus.ana.id, membership=membership.id)
    assert ana.delete(path).json() == NOT_ALLOWED
    answer = admin.delete(path)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert admin.delete(path).json() == NOT_FOUND
    assert admin.get(f"/groups/{first.id}/users").json() == []


def test_contract_10_7_6_an_invitation_is_accepted_by_the_person(state, ana, campus, projects, caller_for):
    _, first, _ = projects
    invited = state.memberships.where("group", first.id)[-1]
    path = f"/groups/{first.id}/memberships/{invited.id}"
    assert ana.put(path, {"workflow_state": "accepted"}).json() == NOT_ALLOWED
    bao = caller_for(state, campus.bao)
    assert bao.put(path, {"workflow_state": "accepted"}).json()["workflow_state"] == "accepted"
    assert bao.get(f"/groups/{first.id}").json()["members_count"] == 2


def test_contract_10_7_6_students_choose_where_they_may(state, ana, campus, projects):
    category, _, second = projects
    category.self_signup = "enabled"
    joined = ana.post(f"/groups/{second.id}/memberships", {"user_id": "self"}).json()
    assert (joined["user_id"], joined["just_created"]) == (campus.ana.id, True)
    assert ana.delete(f"/groups/{second.id}/memberships/self").json() == {"ok": True}
    assert [one["name"] for one in ana.get("/users/self/groups").json()] == []


def test_contract_10_7_6_only_accepted_members_of_live_groups_count_for_dates(state, admin, campus, projects):
    category, first, _ = projects
    report = state.add_assignment(campus.course, "Report", due_at=campus.due, group_category=category)
    path = f"/courses/{campus.course.id}/assignments/{report.id}"
    body = {"assignment_override": {"group_id": first.id, "due_at": "2026-12-20T12:00:00Z"}}
    assert admin.post(f"{path}/overrides", body).status_code == 201

    def due_of(user):
        return admin.get(f"{path}/submissions/{user.id}").json()["cached_due_date"]

    base = "2026-11-29T15:00:00Z"
    assert (due_of(campus.ana), due_of(campus.bao)) == ("2026-12-20T12:00:00Z", base)
    admin.delete(f"/groups/{first.id}/users/{campus.ana.id}")
    assert due_of(campus.ana) == base
