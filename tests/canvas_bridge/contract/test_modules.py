"""Modules and their overrides: contract 10.7.3, "Module overrides", and what fills a course (10.7.10)."""

import pytest

TARGET = "id, student_ids, or course_section_id required with each override"
TARGET_WITH_TAGS = "id, student_ids, course_section_id, or group_id required with each override"
SECTION_AND_STUDENTS = "cannot provide course_section_id and student_ids on the same override"
GROUP_AND_SECTION = "cannot provide group_id and course_section_id on the same override"
GROUP_AND_STUDENTS = "cannot provide group_id and student_ids on the same override"


@pytest.fixture
def course(campus):
    return f"/courses/{campus.course.id}"


@pytest.fixture
def module(state, campus):
    return state.add_module(campus.course, "Week 1", campus.essay)


@pytest.fixture
def path(course, module):
    return f"{course}/modules/{module.id}/assignment_overrides"


@pytest.fixture
def tag(state, campus):
    return state.add_group(state.add_group_category(campus.course, "Tags", non_collaborative=True), "Blue", campus.bao)


def put(caller, path, *overrides):
    return caller.put(path, {"overrides": list(overrides)})


def test_contract_10_7_3_overrides_of_a_module_say_who_is_assigned(admin, campus, module, path, tag):
    answer = put(
        admin,
        path,
        {"student_ids": [campus.ana.id]},
        {"course_section_id": campus.evening.id},
        {"group_id": tag.id},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    shown = admin.get(path).json()
    ids = [one["id"] for one in shown]
    assert shown == [
        {
            "id": ids[0],
            "context_module_id": module.id,
            "title": "1 student",
            "students": [{"id": campus.ana.id, "name": "Ana Oliveira"}],
        },
        {
            "id": ids[1],
            "context_module_id": module.id,
            "title": "Evening",
            "course_section": {"id": campus.evening.id, "name": "Evening"},
        },
        {
            "id": ids[2],
            "context_module_id": module.id,
            "title": "Blue",
            "group": {"id": tag.id, "non_collaborative": True},
        },
    ]


def test_contract_10_7_3_the_list_is_complete_and_ids_are_kept(admin, campus, path):
    put(admin, path, {"student_ids": [campus.ana.id], "title": "Early"}, {"course_section_id": campus.evening.id})
    first, _ = admin.get(path).json()
    assert first["title"] == "Early"
    put(admin, path, {"id": first["id"], "student_ids": [campus.ana.id, campus.bao.id]})
    shown = admin.get(path).json()
    assert [(one["id"], len(one["students"])) for one in shown] == [(first["id"], 2)]
    put(admin, path, {"id": first["id"]})
    assert len(admin.get(path).json()[0]["students"]) == 2


@pytest.mark.parametrize("body", [{}, {"overrides": []}])
def test_contract_10_7_3_a_missing_list_deletes_all(admin, campus, path, body):
    put(admin, path, {"student_ids": [campus.ana.id]})
    assert admin.put(path, body).status_code == 204
    assert admin.get(path).json() == []


@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ("x", "List of overrides required"),
        ({"a": 1}, "List of overrides required"),
        ([{}], TARGET),
        ([{"title": "x"}], TARGET),
        ([{"student_ids": [1], "course_section_id": 1}], SECTION_AND_STUDENTS),
        ([{"group_id": 1}], "group_id is not allowed as an override"),
    ],
)
def test_contract_10_7_3_refusals_without_tags(admin, path, overrides, error):
    answer = admin.put(path, {"overrides": overrides})
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    ("override", "error"),
    [
        ({}, TARGET_WITH_TAGS),
        ({"student_ids": [1], "course_section_id": 1}, SECTION_AND_STUDENTS),
        ({"group_id": 1, "course_section_id": 1}, GROUP_AND_SECTION),
        ({"group_id": 1, "student_ids": [1]}, GROUP_AND_STUDENTS),
    ],
)
def test_contract_10_7_3_refusals_with_tags(admin, path, tag, override, error):
    answer = put(admin, path, override)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_contract_10_7_3_unknown_ids_are_404_and_nothing_is_saved(state, admin, campus, path, tag):
    put(admin, path, {"student_ids": [campus.ana.id]})
    before = admin.get(path).json()
    elsewhere = state.add_section(state.add_course("Logic"), "Logic A")
    state.enrollments.first("course_user", (campus.course.id, campus.chidi.id)).workflow_state = "completed"
    unknown = [
        {"id": 9},
        {"student_ids": [9]},
        {"student_ids": ["sis_user_id:S-100"]},
        {"student_ids": [campus.chidi.id]},
        {"course_section_id": 9},
        {"course_section_id": "sis_section_id:BIO-M"},
        {"course_section_id": elsewhere.id},
        {"group_id": 9},
    ]
    for override in unknown:
        assert put(admin, path, {"course_section_id": campus.morning.id}, override).status_code == 404
        assert admin.get(path).json() == before


def test_contract_6_4_a_student_is_in_one_override_of_a_module(admin, campus, path):
    put(admin, path, {"student_ids": [campus.bao.id]})
    before = admin.get(path).json()
    answer = put(admin, path, {"student_ids": [campus.ana.id]}, {"student_ids": [campus.ana.id]})
    assert answer.status_code == 400
    assert admin.get(path).json() == before


def test_contract_10_7_3_the_list_is_paged_and_for_those_who_edit_content(state, admin, ana, campus, path, module):
    for number in range(11):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(module, students=[student])
    first = admin.get(path)
    assert (len(first.json()), "next" in first.links) == (10, True)
    assert [ana.get(path).status_code, ana.put(path, {}).status_code] == [403, 403]


def test_contract_10_7_10_modules_and_items_are_made_and_deleted(admin, campus, course):
    made = admin.post(f"{course}/modules", {"module": {"name": "Week 2"}})
    assert made.status_code == 200
    items = f"{course}/modules/{made.json()['id']}/items"
    item = admin.post(items, {"module_item": {"type": "Quiz", "content_id": campus.quiz.id}})
    assert (item.status_code, item.json()["title"], item.json()["content_id"]) == (200, "Midterm", campus.quiz.id)
    assert admin.post(items, {"module_item": {"type": "Quiz", "content_id": 9}}).status_code == 404
    assert [one["id"] for one in admin.get(items).json()] == [item.json()["id"]]
    one = f"{course}/modules/{made.json()['id']}"
    assert admin.put(one, {"module": {"name": "Week 3", "published": True}}).json()["name"] == "Week 3"
    assert [found["name"] for found in admin.get(f"{course}/modules").json()] == ["Week 3"]
    assert admin.delete(f"{items}/{item.json()['id']}").status_code == 200
    assert admin.delete(one).status_code == 200
    assert admin.get(one).status_code == 404


def test_contract_10_7_3_discussions_and_pages_are_made_read_and_deleted(admin, ana, campus, course):
    topics, pages = f"{course}/discussion_topics", f"{course}/pages"
    chat = admin.post(topics, {"title": "Chat", "message": "Say hello"}).json()
    assert (chat["title"], chat["assignment_id"]) == ("Chat", None)
    graded = {"title": "Debate", "assignment": {"points_possible": 5, "due_at": "2026-12-01T17:00:00Z"}}
    debate = admin.post(topics, graded).json()
    shown = admin.get(f"{course}/assignments/{debate['assignment_id']}").json()
    assert (shown["submission_types"], shown["due_at"]) == (["discussion_topic"], "2026-12-01T17:00:00Z")
    assert shown["discussion_topic"]["id"] == debate["id"]
    page = admin.post(pages, {"wiki_page": {"title": "Reading List"}}).json()
    again = admin.post(pages, {"wiki_page": {"title": "Reading List"}}).json()
    assert (page["url"], again["url"]) == ("reading-list", "reading-list-2")
    assert ana.post(pages, {"wiki_page": {"title": "x"}}).status_code == 403
    for address in (f"{topics}/{debate['id']}", f"{pages}/{page['page_id']}"):
        assert admin.get(address).status_code == 200
        assert admin.delete(address).status_code == 200
        assert admin.get(address).status_code == 404
    assert admin.get(f"{course}/assignments/{debate['assignment_id']}").status_code == 404
