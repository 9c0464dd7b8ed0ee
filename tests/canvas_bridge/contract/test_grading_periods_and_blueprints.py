"""What closed grading periods, blueprints, checkpoints and paces do to writes: contract 10.7.5 and 10.7.11."""

from datetime import UTC, datetime, timedelta

import pytest

SET = "Cannot set the due date to a date within a closed grading period"
CHANGE_FROM = "Cannot change the due date when due in a closed grading period"
VISIBLE = "Cannot set only visible to overrides when due in a closed grading period"
CHANGE_TO = "Cannot change the due date to a date within a closed grading period"
NEW_OVERRIDE = "Cannot set override due date to a date within a closed grading period"
OVERRIDE_FROM = "Cannot change the due date of an override in a closed grading period"
OVERRIDE_TO = "Cannot change an override due date to a date within a closed grading period"
OVERRIDE_GONE = "Cannot delete an override with a due date within a closed grading period"
CLOSED, OPEN, OTHER = "2026-10-20T17:00:00Z", "2026-12-01T17:00:00Z", "2026-12-02T17:00:00Z"


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def refused(attribute, text):
    return 403, {"errors": {attribute: [{"attribute": attribute, "type": text, "message": text}]}}


def answered(answer):
    return answer.status_code, answer.json()


@pytest.fixture
def periods(state, campus):
    """Two periods of the term: the first has closed, the second, the last, is open."""
    now, term = state.now(), state.terms[campus.course.term_id]
    first = state.add_grading_period(
        "I", start_date=now - timedelta(days=60), end_date=now - timedelta(days=20), term=term
    )
    second = state.add_grading_period("II", start_date=first.end_date, end_date=now + timedelta(days=40), term=term)
    return first, second


@pytest.fixture
def path(campus, periods):
    return f"/courses/{campus.course.id}/assignments"


@pytest.fixture
def one(campus, path):
    return f"{path}/{campus.essay.id}"


@pytest.fixture
def was_closed(campus):
    campus.essay.due_at = at(CLOSED)


# 10.7.5


def test_contract_10_7_5_a_new_assignment_or_quiz_in_a_closed_period(teacher, admin, campus, path):
    body = {"name": "Lab", "due_at": CLOSED}
    assert answered(teacher.post(path, {"assignment": body})) == refused("due_at", SET)
    only_visible = {"assignment": {**body, "only_visible_to_overrides": True}}
    assert teacher.post(path, only_visible).status_code == 201
    assert admin.post(path, {"assignment": body}).status_code == 201
    quiz = {"quiz": {"title": "Quiz", "due_at": CLOSED}}
    assert answered(teacher.post(f"/courses/{campus.course.id}/quizzes", quiz)) == refused("due_at", SET)


@pytest.mark.parametrize("where", ["assignment", "date_details"])
def test_contract_10_7_5_out_of_a_closed_period(teacher, admin, one, was_closed, where):
    def change(caller, values):
        if where == "assignment":
            return caller.put(one, {"assignment": values})
        return caller.put(f"{one}/date_details", values)

    assert answered(change(teacher, {"due_at": OPEN})) == refused("due_at", CHANGE_FROM)
    expected = refused("only_visible_to_overrides", VISIBLE)
    assert answered(change(teacher, {"only_visible_to_overrides": True})) == expected
    assert change(teacher, {"lock_at": OPEN}).ok
    assert change(admin, {"due_at": OPEN}).ok


@pytest.mark.parametrize("where", ["assignments", "quizzes"])
def test_contract_10_7_5_into_a_closed_period(teacher, admin, campus, path, where):
    item = campus.essay if where == "assignments" else campus.quiz
    address = f"/courses/{campus.course.id}/{where}/{item.id}/date_details"
    assert answered(teacher.put(address, {"due_at": CLOSED, "lock_at": None})) == refused("due_at", CHANGE_TO)
    assert admin.put(address, {"due_at": CLOSED, "lock_at": None}).status_code == 204


def test_contract_10_7_5_only_visible_before_and_after_may_move_anywhere(teacher, campus, one):
    campus.essay.only_visible_to_overrides = True
    values = {"due_at": CLOSED, "only_visible_to_overrides": True}
    assert teacher.put(one, {"assignment": values}).status_code == 200
    assert answered(teacher.put(one, {"assignment": {"due_at": "2026-10-21T17:00:00Z"}})) == refused(
        "due_at", CHANGE_TO
    )


def test_contract_10_7_5_no_due_date_counts_as_the_last_period(state, teacher, campus, periods, one):
    periods[1].close_date = state.now() - timedelta(days=1)
    assert answered(teacher.post(one.rpartition("/")[0], {"assignment": {"name": "Lab"}})) == refused("due_at", SET)


@pytest.mark.parametrize(
    ("old", "entry", "text"),
    [
        (None, {"due_at": CLOSED}, NEW_OVERRIDE),
        (CLOSED, {"id": True, "due_at": OPEN}, OVERRIDE_FROM),
        (CLOSED, {"id": True}, OVERRIDE_FROM),
        (OPEN, {"id": True, "due_at": CLOSED}, OVERRIDE_TO),
        (CLOSED, None, OVERRIDE_GONE),
        (CLOSED, {"id": True, "due_at": CLOSED, "lock_at": OPEN}, None),
        (OPEN, None, None),
    ],
)
@pytest.mark.parametrize("where", ["assignment", "assignment date_details", "quiz date_details"])
def test_contract_10_7_5_lists_of_overrides(state, teacher, admin, campus, one, where, old, entry, text):
    item = campus.quiz_assignment if where.startswith("quiz") else campus.essay
    override = state.add_override(item, students=[campus.ana], due_at=at(old)) if old else None
    values = {"student_ids": [campus.ana.id], **(entry or {})}
    if override:
        values |= {"id": override.id}
    entries = [] if entry is None else [values]

    def change(caller):
        if where == "assignment":
            return caller.put(one, {"assignment": {"assignment_overrides": entries}})
        address = f"{one}/date_details"
        if where.startswith("quiz"):
            address = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/date_details"
        return caller.put(address, {"assignment_overrides": entries})

    if text is None:
        assert change(teacher).ok
    else:
        assert answered(change(teacher)) == refused("due_at", text)
        assert change(admin).ok


@pytest.mark.parametrize(
    ("dates", "owner", "text"),
    [
        ([{"base": True, "due_at": CLOSED}], "assignment_id", CHANGE_TO),
        ([{"id": True, "due_at": CLOSED}], "assignment_override_id", OVERRIDE_TO),
    ],
)
def test_contract_10_7_5_a_bulk_update_fails_as_a_job(state, teacher, campus, path, dates, owner, text):
    override = state.add_override(campus.essay, students=[campus.ana], due_at=at(OPEN))
    entries = [{**one, "id": override.id} if "id" in one else one for one in dates]
    answer = teacher.put(f"{path}/bulk_update", [{"id": campus.essay.id, "all_dates": entries}])
    job = teacher.get(f"/progress/{answer.json()['id']}").json()
    assert job["workflow_state"] == "failed"
    assert owner in job["results"][0]
    assert job["results"][0]["due_at"][0]["message"] == text
    assert (campus.essay.due_at, override.due_at) == (campus.due, at(OPEN))


def test_contract_10_7_5_single_and_batch_overrides_are_never_checked(teacher, campus, path, was_closed):
    made = teacher.post(campus.overrides, {"assignment_override": {"student_ids": [campus.ana.id], "due_at": CLOSED}})
    assert made.status_code == 201
    address = f"{campus.overrides}/{made.json()['id']}"
    assert teacher.put(address, {"assignment_override": {"due_at": OPEN}}).status_code == 200
    assert teacher.delete(address).status_code == 200
    entry = {"assignment_id": campus.essay.id, "student_ids": [campus.bao.id], "due_at": CLOSED}
    batch = teacher.post(campus.batch, {"assignment_overrides": [entry]})
    changed = {"id": batch.json()[0]["id"], "assignment_id": campus.essay.id, "due_at": OPEN}
    assert teacher.put(campus.batch, {"assignment_overrides": [changed]}).status_code == 200


def test_contract_13_11_by_switch_single_and_batch_overrides_are_checked(state, teacher, admin, campus, path):
    known = state.add_override(campus.essay, students=[campus.ana], due_at=at(CLOSED))
    state.switches.locked_and_closed_accept_overrides = False
    new = {"student_ids": [campus.bao.id], "due_at": CLOSED}
    one = f"{campus.overrides}/{known.id}"
    entry = {"id": known.id, "assignment_id": campus.essay.id, "due_at": OPEN}
    calls = [
        ("POST", campus.overrides, {"assignment_override": new}, NEW_OVERRIDE),
        ("PUT", one, {"assignment_override": {"due_at": OPEN}}, OVERRIDE_FROM),
        ("DELETE", one, None, OVERRIDE_GONE),
        ("POST", campus.batch, {"assignment_overrides": [{**new, "assignment_id": campus.essay.id}]}, NEW_OVERRIDE),
        ("PUT", campus.batch, {"assignment_overrides": [entry]}, OVERRIDE_FROM),
    ]
    for method, address, body, text in calls:
        assert answered(teacher(method, address, json=body)) == refused("due_at", text)
    assert state.active_overrides(campus.essay) == [known]
    assert admin.delete(one).status_code == 200


def test_contract_10_7_5_and_9_4_delete_with_a_student_due_in_a_closed_one(state, teacher, admin, campus, one):
    state.add_override(campus.essay, students=[campus.ana], due_at=at(CLOSED))
    assert admin.get(one).json()["in_closed_grading_period"] is True
    assert teacher.delete(one).status_code == 403
    assert admin.delete(one).status_code == 200


def test_contract_9_1_no_student_due_in_a_closed_period_means_false(state, admin, campus, one, was_closed):
    assert admin.get(one).json()["in_closed_grading_period"] is True
    state.add_override(campus.essay, for_everyone=True, due_at=at(OPEN))
    assert admin.get(one).json()["in_closed_grading_period"] is False


# 10.7.11: blueprints


@pytest.fixture
def child(campus):
    campus.course.is_blueprint_child = True
    campus.essay.blueprint_restrictions = ["due_dates", "availability_dates"]
    return f"/courses/{campus.course.id}/assignments/{campus.essay.id}"


def test_contract_10_7_11_keys_of_a_child_of_the_blueprint_and_of_others(admin, campus, child):
    shown = admin.get(child).json()
    assert shown["is_master_course_child_content"] is True
    assert shown["restricted_by_master_course"] is True
    assert shown["master_course_restrictions"] == {"due_dates": True, "availability_dates": True}
    free = admin.get(f"/courses/{campus.course.id}/assignments/{campus.new_quiz.id}").json()
    assert (free["restricted_by_master_course"], "master_course_restrictions" in free) == (False, False)
    campus.course.is_blueprint_child, campus.course.is_blueprint = False, True
    assert admin.get(child).json()["is_master_course_master_content"] is True
    campus.course.is_blueprint = False
    keys = {"is_master_course_child_content", "is_master_course_master_content", "restricted_by_master_course"}
    assert keys.isdisjoint(admin.get(child).json())


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"due_at": OPEN}, "due_at"),
        ({"unlock_at": CLOSED, "lock_at": OTHER}, "unlock_at, lock_at"),
        ({"due_at": OPEN, "lock_at": OTHER}, "due_at, lock_at"),
    ],
)
def test_contract_10_7_11_locked_base_dates(admin, child, values, columns):
    text = f"cannot change column(s): {columns} - locked by Master Course"
    expected = (400, {"errors": {"base": [{"attribute": "base", "type": text, "message": text}]}})
    assert answered(admin.put(child, {"assignment": values})) == expected
    assert answered(admin.put(f"{child}/date_details", values)) == expected
    assert admin.put(child, {"assignment": {"name": "Renamed"}}).status_code == 200


def test_contract_10_7_11_a_non_empty_list_of_overrides_is_403(state, admin, campus, child):
    entries = [{"student_ids": [campus.ana.id], "due_at": OPEN}]
    for answer in (
        admin.put(child, {"assignment": {"assignment_overrides": entries}}),
        admin.put(f"{child}/date_details", {"assignment_overrides": entries}),
    ):
        assert answer.status_code == 403
        assert "errors" in answer.json()
    assert state.active_overrides(campus.essay) == []
    assert admin.put(child, {"assignment": {"assignment_overrides": []}}).status_code == 200


def test_contract_10_7_11_single_overrides_of_locked_content_are_accepted_unless_switched(state, admin, campus, child):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": OPEN}}
    assert admin.post(campus.overrides, body).status_code == 201
    state.switches.locked_and_closed_accept_overrides = False
    other = {"assignment_override": {"student_ids": [campus.bao.id], "due_at": OPEN}}
    assert admin.post(campus.overrides, other).status_code == 403


def test_contract_9_4_locked_content_cannot_be_deleted(admin, child):
    assert admin.delete(child).status_code == 403


# 10.7.11: checkpointed discussions


@pytest.fixture
def debate(state, campus):
    assignment = state.add_assignment(campus.course, "Debate", submission_types=["discussion_topic"])
    state.add_checkpoints(assignment, reply_to_topic_due_at=at(OPEN), required_replies_due_at=at(OTHER))
    return assignment


def test_contract_10_7_11_a_checkpointed_discussion_shows_its_parts(admin, campus, debate):
    path = f"/courses/{campus.course.id}/assignments/{debate.id}"
    plain = admin.get(path).json()
    assert (plain["has_sub_assignments"], "checkpoints" in plain) == (True, False)
    parts = admin.get(f"{path}?include[]=checkpoints").json()["checkpoints"]
    assert [(one["tag"], one["due_at"]) for one in parts] == [("reply_to_topic", OPEN), ("reply_to_entry", OTHER)]
    keys = {"tag", "name", "points_possible", "due_at", "unlock_at", "lock_at", "only_visible_to_overrides"}
    assert set(parts[0]) == keys | {"overrides"}
    details = admin.get(f"/courses/{campus.course.id}/discussion_topics/{debate.discussion_topic_id}/date_details")
    assert set(details.json()["checkpoints"][0]) == (keys | {"overrides"}) - {"name", "points_possible"}


def test_contract_10_7_11_its_dates_are_written_through_the_discussion(state, admin, campus, debate):
    path = f"/courses/{campus.course.id}/discussion_topics/{debate.discussion_topic_id}/date_details"
    entry = {"student_ids": [campus.ana.id], "reply_to_topic_due_at": OTHER, "lock_at": "2026-12-05T17:00:00Z"}
    body = {"required_replies_due_at": "2026-12-04T17:00:00Z", "assignment_overrides": [entry]}
    assert admin.put(path, body).status_code == 204
    shown = admin.get(path).json()
    assert [one["due_at"] for one in shown["checkpoints"]] == [OPEN, "2026-12-04T17:00:00Z"]
    rows = [one["overrides"][0] for one in shown["checkpoints"]]
    assert [row.get("due_at") for row in rows] == [OTHER, None]
    assert [row["student_ids"] for row in rows] == [[campus.ana.id]] * 2
    shell = shown["overrides"][0]
    assert ("due_at" in shell, shell["student_ids"]) == (False, [campus.ana.id])
    kept = {"id": shell["id"], "student_ids": [campus.ana.id], "required_replies_due_at": OTHER}
    admin.put(path, {"assignment_overrides": [kept]})
    again = admin.get(path).json()
    assert again["overrides"][0]["id"] == shell["id"]
    assert ["due_at" in one["overrides"][0] for one in again["checkpoints"]] == [False, True]
    admin.put(path, {"assignment_overrides": []})
    assert [one["overrides"] for one in admin.get(path).json()["checkpoints"]] == [[], []]


def test_contract_10_7_11_a_single_override_does_not_move_the_parts(admin, campus, debate):
    course = f"/courses/{campus.course.id}"
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": OTHER}}
    assert admin.post(f"{course}/assignments/{debate.id}/overrides", body).status_code == 201
    shown = admin.get(f"{course}/assignments/{debate.id}?include[]=checkpoints").json()
    assert [(one["due_at"], one["overrides"]) for one in shown["checkpoints"]] == [(OPEN, []), (OTHER, [])]


# 10.7.11: course pacing, published by an act


def pace(admin, campus, due_at, *students):
    ids = [one.id for one in students]
    params = {"course_id": campus.course.id, "due_dates": {str(campus.essay.id): due_at}, "user_ids": ids}
    return admin.post("/_sandbox/act", {"act": "publish_pace", **params}).json()["overrides"]


def test_contract_10_7_11_a_pace_skips_moves_rewrites_and_creates(state, admin, campus):
    same = state.add_override(campus.essay, students=[campus.ana], due_at=at(OPEN), title="Ours")
    pace(admin, campus, OPEN, campus.ana)
    assert (same.student_ids, same.title) == ([campus.ana.id], "Ours")

    other = state.add_override(campus.essay, students=[campus.bao], due_at=at(OTHER), lock_at=at(OTHER))
    pace(admin, campus, OPEN, campus.bao)
    assert (set(same.student_ids), other.workflow_state) == ({campus.ana.id, campus.bao.id}, "deleted")

    alone = state.add_override(campus.essay, students=[campus.chidi], due_at=at(OTHER), lock_at=at(OTHER))
    pace(admin, campus, "2026-12-09T17:00:00Z", campus.chidi)
    assert (alone.due_at, alone.lock_at) == (at("2026-12-09T17:00:00Z"), at(OTHER))

    pace(admin, campus, "2026-12-10T17:00:00Z", campus.bao)
    made = state.active_overrides(campus.essay)[-1]
    assert (made.title, made.student_ids, made.due_at) == (
        "Course Pacing",
        [campus.bao.id],
        at("2026-12-10T17:00:00Z"),
    )
    assert (made.lock_at_overridden, same.student_ids) == (False, [campus.ana.id])


def test_contract_1_7_a_pace_uses_the_courses_zone_and_marks_its_assignments(state, admin, campus):
    campus.course.time_zone = "Asia/Kolkata"
    shown = pace(admin, campus, "2026-12-02T00:00:00+05:30", campus.ana)
    assert shown[0]["due_at"] == "2026-12-02T18:29:59Z"
    assert admin.get(f"/courses/{campus.course.id}/assignments/{campus.essay.id}").json()["in_paced_course"] is True
