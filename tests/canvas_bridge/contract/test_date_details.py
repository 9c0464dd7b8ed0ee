"""Learning object dates: contract 10.7.3 row by row, and the quiz dates of 10.6."""

from datetime import timedelta

import pytest

DUE = "2026-12-01T17:00:00Z"
LATER = "2026-12-03T17:00:00Z"
NO_TARGET = "one of student_ids, group_id, or course_section_id is required"


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def course(campus):
    return f"/courses/{campus.course.id}"


@pytest.fixture
def items(state, campus, course):
    """One of each kind, with the address of its date details."""
    practice = state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz", due_at=campus.due)
    debate = state.add_assignment(campus.course, "Debate", submission_types=["discussion_topic"])
    chat = state.add_discussion(campus.course, "Chat")
    page = state.add_page(campus.course, "Reading List")
    found = {
        "assignment": (campus.essay, f"assignments/{campus.essay.id}"),
        "graded quiz": (campus.quiz, f"quizzes/{campus.quiz.id}"),
        "practice quiz": (practice, f"quizzes/{practice.id}"),
        "graded discussion": (
            state.discussions[debate.discussion_topic_id],
            f"discussion_topics/{debate.discussion_topic_id}",
        ),
        "discussion": (chat, f"discussion_topics/{chat.id}"),
        "page": (page, "pages/reading-list"),
    }
    return {kind: (item, f"{course}/{path}/date_details") for kind, (item, path) in found.items()}


KINDS = ["assignment", "graded quiz", "practice quiz", "graded discussion", "discussion", "page"]
WITH_DUE = KINDS[:4]
UNGRADED = ["practice quiz", "discussion", "page"]


# GET


@pytest.mark.parametrize(
    ("kind", "keys", "graded"),
    [
        ("assignment", {"due_at", "graded", "group_category_id"}, True),
        ("graded quiz", {"due_at", "graded"}, True),
        ("practice quiz", {"due_at", "graded"}, True),
        ("graded discussion", {"due_at", "graded", "group_category_id"}, True),
        ("discussion", {"graded", "group_category_id"}, False),
        ("page", set(), None),
    ],
)
def test_contract_10_7_3_each_kind_has_its_keys(admin, items, kind, keys, graded):
    item, path = items[kind]
    shown = admin.get(path).json()
    always = {"id", "unlock_at", "lock_at", "only_visible_to_overrides", "visible_to_everyone", "overrides"}
    optional = {"group_category_id"} if kind == "graded quiz" else set()
    assert set(shown) - optional == always | keys
    assert (shown["id"], shown.get("graded"), shown["visible_to_everyone"]) == (item.id, graded, True)


def test_contract_10_7_3_dates_are_the_base_dates_never_collapsed(state, teacher, campus, items):
    state.add_override(campus.essay, students=[campus.ana], lock_at=campus.due, due_at=None)
    shown = teacher.get(items["assignment"][1]).json()
    assert (shown["due_at"], shown["lock_at"]) == (stamp(campus.due), None)


def test_contract_10_7_3_ad_hoc_overrides_come_with_names(state, admin, campus, items):
    one = state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    section = state.add_override(campus.essay, section=campus.evening, unassign_item=True)
    shown = admin.get(items["assignment"][1]).json()["overrides"]
    assert [override["id"] for override in shown] == [one.id, section.id]
    assert shown[0]["student_ids"] == [campus.ana.id]
    assert shown[0]["students"] == [{"id": campus.ana.id, "name": "Ana Oliveira"}]
    assert (shown[1]["unassign_item"], "students" in shown[1]) == (True, False)


def test_contract_10_7_3_overrides_are_paged_inside_the_object(state, admin, campus, items):
    for number in range(12):
        student = state.add_user(f"Student {number}")
        state.enroll(student, campus.course)
        state.add_override(campus.essay, students=[student])
    path = items["assignment"][1]
    first = admin.get(path)
    assert (len(first.json()["overrides"]), "next" in first.links) == (10, True)
    second = admin.get(first.links["next"]["url"].removeprefix("http://canvas.test/api/v1"))
    assert (len(second.json()["overrides"]), "next" in second.links) == (2, False)
    assert len(admin.get(f"{path}?per_page=20").json()["overrides"]) == 12


@pytest.mark.parametrize("kind", ["assignment", "graded quiz", "practice quiz", "graded discussion", "discussion"])
def test_contract_10_7_3_overrides_of_modules_are_listed(state, admin, campus, items, kind):
    item, path = items[kind]
    module = state.add_module(campus.course, "Week 1", item)
    state.add_override(module, students=[campus.ana])
    shown = admin.get(path).json()
    assert [one["context_module_id"] for one in shown["overrides"]] == [module.id]
    assert shown["visible_to_everyone"] is False


def test_contract_10_7_3_a_module_can_only_be_read(state, admin, campus, course):
    module = state.add_module(campus.course, "Week 1", campus.essay)
    state.add_override(module, students=[campus.ana])
    path = f"{course}/modules/{module.id}/date_details"
    shown = admin.get(path).json()
    assert (shown["id"], "due_at" in shown, len(shown["overrides"])) == (module.id, False, 1)
    assert admin.put(path, {}).status_code == 404


@pytest.mark.parametrize(("restrictions", "locks"), [([], []), (["due_dates", "points"], ["due_dates"])])
def test_contract_10_7_3_blueprint_locks_of_child_content_only(admin, campus, items, restrictions, locks):
    path = items["assignment"][1]
    assert "blueprint_date_locks" not in admin.get(path).json()
    campus.course.is_blueprint_child = True
    campus.essay.blueprint_restrictions = restrictions
    assert admin.get(path).json()["blueprint_date_locks"] == locks


def test_contract_10_7_3_files_are_not_supported(admin, course):
    for answer in (admin.get(f"{course}/files/5/date_details"), admin.put(f"{course}/files/5/date_details", {})):
        assert (answer.status_code, answer.json()) == (400, {"error": "This API does not support files."})


@pytest.mark.parametrize("kind", KINDS)
def test_contract_10_7_3_deleted_items_and_those_of_other_courses_are_404(state, admin, items, kind):
    item, path = items[kind]
    other = state.add_course("Logic")
    elsewhere = f"/courses/{other.id}/" + path.split("/", 3)[3]
    assert admin.get(elsewhere).status_code == 404
    item.workflow_state = "deleted"
    assert [admin.get(path).status_code, admin.put(path, {}).status_code] == [404, 404]


@pytest.mark.parametrize("kind", KINDS)
def test_contract_2_and_13_10_rights_and_older_instances(state, admin, ana, teacher, items, kind):
    path = items[kind][1]
    assert [ana.get(path).status_code, ana.put(path, {}).status_code] == [403, 403]
    assert [teacher.get(path).status_code, teacher.put(path, {}).status_code] == [200, 204]
    state.switches.date_details_present = False
    assert [admin.get(path).status_code, admin.put(path, {}).status_code] == [404, 404]


# PUT


@pytest.mark.parametrize("kind", KINDS)
def test_contract_10_7_3_base_dates_change_where_sent_with_204(state, admin, items, kind):
    item, path = items[kind]
    before = admin.get(path).json()
    answer = admin.put(path, {"unlock_at": DUE if kind in UNGRADED else None, "only_visible_to_overrides": True})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = admin.get(path).json()
    assert (shown["lock_at"], shown.get("due_at")) == (before["lock_at"], before.get("due_at"))
    assert (shown["only_visible_to_overrides"], shown["visible_to_everyone"]) == (True, False)
    assert state.dated(item).only_visible_to_overrides is True


@pytest.mark.parametrize("kind", KINDS)
def test_contract_10_7_3_the_list_is_complete_and_ids_are_kept(state, admin, campus, items, kind):
    path = items[kind][1]
    first = [
        {"student_ids": [campus.ana.id], "unlock_at": DUE, "lock_at": LATER},
        {"course_section_id": campus.evening.id},
    ]
    assert admin.put(path, {"assignment_overrides": first}).status_code == 204
    made = admin.get(path).json()["overrides"]
    assert [(one.get("unlock_at"), one.get("lock_at")) for one in made] == [(DUE, LATER), (None, None)]
    admin.put(path, {"unlock_at": None})
    assert admin.get(path).json()["overrides"] == made
    admin.put(path, {"assignment_overrides": [{"id": made[0]["id"], "lock_at": LATER}]})
    kept = admin.get(path).json()["overrides"]
    assert [(one["id"], one["student_ids"], "unlock_at" in one) for one in kept] == [
        (made[0]["id"], [campus.ana.id], False)
    ]
    admin.put(path, {"assignment_overrides": []})
    assert admin.get(path).json()["overrides"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_contract_12_entries_without_id_are_made_anew(admin, campus, items, kind):
    path = items[kind][1]
    body = {"assignment_overrides": [{"student_ids": [campus.ana.id], "lock_at": LATER}]}
    ids = []
    for _ in range(2):
        assert admin.put(path, body).status_code == 204
        ids.append(admin.get(path).json()["overrides"][0]["id"])
    assert ids[0] != ids[1]
    kept = {"assignment_overrides": [{"id": ids[1], "student_ids": [campus.ana.id], "lock_at": LATER}]}
    assert admin.put(path, kept).status_code == 204
    assert admin.get(path).json()["overrides"][0]["id"] == ids[1]


@pytest.mark.parametrize(
    ("kind", "owner"),
    [
        ("practice quiz", {"quiz_id"}),
        ("discussion", {"discussion_topic_id"}),
        ("page", {"wiki_page_id"}),
        ("graded quiz", {"quiz_id", "assignment_id"}),
        ("graded discussion", {"assignment_id"}),
    ],
)
def test_contract_10_7_3_an_override_names_its_owner(admin, campus, items, kind, owner):
    path = items[kind][1]
    admin.put(path, {"assignment_overrides": [{"student_ids": [campus.ana.id], "lock_at": LATER}]})
    shown = admin.get(path).json()["overrides"][0]
    owners = {"assignment_id", "quiz_id", "discussion_topic_id", "wiki_page_id", "context_module_id"}
    assert owners & set(shown) == owner
    if kind == "practice quiz":
        assert shown["quiz_id"] == items[kind][0].id


def test_contract_10_7_3_module_overrides_stay_and_their_entries_make_nothing(state, admin, campus, items):
    item, path = items["practice quiz"]
    module = state.add_module(campus.course, "Week 1", item)
    of_module = state.add_override(module, students=[campus.ana])
    for entries in ([], [{"id": of_module.id, "due_at": DUE}]):
        assert admin.put(path, {"assignment_overrides": entries}).status_code == 204
        assert [one["id"] for one in admin.get(path).json()["overrides"]] == [of_module.id]
    assert state.active_overrides(module) == [of_module]


@pytest.mark.parametrize("kind", ["discussion", "page"])
def test_contract_10_7_3_a_due_date_at_the_top_is_ignored_and_in_an_override_refused(admin, campus, items, kind):
    path = items[kind][1]
    assert admin.put(path, {"due_at": DUE}).status_code == 204
    assert "due_at" not in admin.get(path).json()
    answer = admin.put(path, {"assignment_overrides": [{"student_ids": [campus.ana.id], "due_at": DUE}]})
    assert answer.status_code == 422
    assert admin.get(path).json()["overrides"] == []


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("case", ["unreadable", "no target", "two for one student", "two for one section"])
def test_contract_10_7_3_bad_overrides_are_422_and_nothing_is_saved(state, admin, campus, items, kind, case):
    path = items[kind][1]
    entries = {
        "unreadable": [{"student_ids": [9], "lock_at": "x"}],
        "no target": [{"lock_at": LATER}],
        "two for one student": [{"student_ids": [campus.ana.id]}, {"student_ids": [campus.ana.id]}],
        "two for one section": [{"course_section_id": campus.evening.id}, {"course_section_id": campus.evening.id}],
    }[case]
    messages = {
        "unreadable": 'unknown student ids: ["9"],invalid lock_at "x"',
        "no target": NO_TARGET,
        "two for one student": "already belongs to an assignment override",
        "two for one section": "taken",
    }
    before = admin.get(path).json()
    answer = admin.put(path, {"lock_at": LATER, "assignment_overrides": entries})
    assert answer.status_code == 422
    assert answer.json()["errors"]["base"][0]["message"] == messages[case]
    assert admin.get(path).json() == before
    state.switches.date_details_refusal_status = 400
    assert admin.put(path, {"assignment_overrides": entries}).status_code == 400


def test_contract_10_7_3_an_assignment_answers_as_in_9_3(admin, campus, items):
    path = items["assignment"][1]
    bad_date = admin.put(path, {"unlock_at": "soon"})
    assert (bad_date.status_code, "Invalid datetime for unlock_at" in bad_date.text) == (400, True)
    out_of_order = admin.put(path, {"due_at": LATER, "lock_at": DUE})
    assert out_of_order.json()["errors"]["due_at"][0]["message"] == "must be between availability dates"
    entries = admin.put(path, {"assignment_overrides": [{"student_ids": [9]}]})
    assert (entries.status_code, set(entries.json()["errors"])) == (400, {"base", "invalid_record"})


@pytest.mark.parametrize(
    ("mode", "status", "is_kept"), [("cleared", 204, False), ("unchanged", 204, True), ("refused", 400, True)]
)
def test_contract_13_13_an_unparsable_base_date_of_a_quiz(state, admin, campus, items, mode, status, is_kept):
    state.switches.unparsable_quiz_base_date = mode
    path = items["graded quiz"][1]
    assert admin.put(path, {"due_at": "soon"}).status_code == status
    assert admin.get(path).json()["due_at"] == (stamp(campus.due) if is_kept else None)


def test_contract_10_7_3_hidden_students_are_kept(state, campus, items, caller_for):
    limited = state.add_user("Noor Haddad")
    state.enroll(
        limited,
        campus.course,
        section=campus.evening,
        type="TeacherEnrollment",
        limit_privileges_to_course_section=True,
    )
    item, path = items["practice quiz"]
    shared = state.add_override(item, students=[campus.ana, campus.chidi], title="Shared")
    caller = caller_for(state, limited)
    shown = caller.get(path).json()["overrides"][0]
    assert (shown["student_ids"], [one["id"] for one in shown["students"]]) == ([campus.chidi.id], [campus.chidi.id])
    assert caller.put(path, {"assignment_overrides": [{"id": shared.id, "student_ids": [campus.chidi.id]}]}).ok
    assert set(shared.student_ids) == {campus.ana.id, campus.chidi.id}


def test_contract_10_7_3_a_quiz_carries_its_assignment_along(state, admin, campus, items, course):
    path = items["graded quiz"][1]
    body = {
        "due_at": DUE,
        "lock_at": LATER,
        "assignment_overrides": [{"student_ids": [campus.ana.id], "due_at": LATER}],
    }
    assert admin.put(path, body).status_code == 204
    address = f"{course}/assignments/{campus.quiz_assignment.id}"
    shown = admin.get(f"{address}?override_assignment_dates=false").json()
    assert (shown["due_at"], shown["lock_at"]) == (DUE, LATER)
    assert [one["due_at"] for one in admin.get(f"{address}/overrides").json()] == [LATER]


def test_contract_10_7_3_a_practice_quiz_moves_for_one_student(state, admin, ana, campus, items, course, caller_for):
    practice, path = items["practice quiz"]
    body = {"assignment_overrides": [{"student_ids": [campus.ana.id], "due_at": LATER, "lock_at": LATER}]}
    admin.put(path, body)
    address = f"{course}/quizzes/{practice.id}"
    bao = caller_for(state, campus.bao).get(address).json()
    assert (ana.get(address).json()["lock_at"], bao["lock_at"]) == (LATER, None)
    state.freeze(state.now() + timedelta(days=30))
    assert ana.get(address).json()["locked_for_user"] is True


# 10.6


@pytest.mark.parametrize("kind", ["quizzes", "new_quizzes"])
def test_contract_10_6_dates_of_all_quizzes(state, admin, ana, campus, course, kind):
    item = campus.quiz_assignment if kind == "quizzes" else campus.new_quiz
    quiz_id = campus.quiz.id if kind == "quizzes" else campus.new_quiz.id
    state.add_override(item, students=[campus.ana], due_at=campus.due + timedelta(days=2))
    path = f"{course}/{kind}/assignment_overrides"
    shown = admin.get(path).json()["quiz_assignment_overrides"]
    assert [one["quiz_id"] for one in shown] == [quiz_id]
    assert [one["title"] for one in shown[0]["all_dates"]] == ["Everyone else", "1 student"]
    own = ana.get(path).json()["quiz_assignment_overrides"][0]
    assert own["due_dates"][0]["due_at"] == stamp(campus.due + timedelta(days=2))


# 10.7.11


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("practice quiz", "quiz_id"),
        ("graded quiz", "quiz_id"),
        ("discussion", "discussion_topic_id"),
        ("graded discussion", "discussion_topic_id"),
        ("page", "page_id"),
    ],
)
def test_contract_10_7_11_locked_base_dates_of_every_kind_and_overrides_that_are_not_checked(
    admin, campus, items, kind, name
):
    item, path = items[kind]
    locks = {"act": "restrict_by_blueprint", "restrictions": ["availability_dates"], name: item.id}
    assert admin.post("/_sandbox/act", locks).status_code == 200
    assert admin.get(path).json()["blueprint_date_locks"] == ["availability_dates"]
    refused = admin.put(path, {"unlock_at": "2026-11-24T17:00:00Z"})
    message = "cannot change column(s): unlock_at - locked by Master Course"
    assert (refused.status_code, refused.json()["errors"]["base"][0]["message"]) == (400, message)
    body = {"assignment_overrides": [{"student_ids": [campus.ana.id], "lock_at": LATER}]}
    assert admin.put(path, body).status_code == 204
    assert len(admin.get(path).json()["overrides"]) == 1
