"""Sections 7.6 and 10.1 of the contract, row by row: reading classic quizzes."""

from datetime import timedelta

import pytest

KEYS = {
    "id", "title", "quiz_type", "assignment_id", "assignment_group_id", "time_limit", "allowed_attempts", "due_at",
    "unlock_at", "lock_at", "published", "points_possible", "question_count", "ip_filter", "locked_for_user",
    "version_number", "one_question_at_a_time", "cant_go_back", "scoring_policy", "html_url", "show_correct_answers",
    "show_correct_answers_at", "hide_correct_answers_at", "show_correct_answers_last_attempt", "hide_results",
    "one_time_results", "shuffle_answers", "description",
}  # fmt: skip
STAFF_KEYS = {"access_code", "only_visible_to_overrides", "all_dates", "unpublishable"}


@pytest.fixture
def quizzes(campus):
    return f"/courses/{campus.course.id}/quizzes"


@pytest.fixture
def one(campus, quizzes):
    return f"{quizzes}/{campus.quiz.id}"


def test_contract_10_1_every_key_is_there_and_those_of_staff_for_staff_alone(admin, teacher, ana, one):
    for caller in (admin, teacher):
        assert set(caller.get(one).json()) >= KEYS | STAFF_KEYS
    shown = set(ana.get(one).json())
    assert shown >= KEYS
    assert not shown & STAFF_KEYS


def test_contract_10_1_the_values_of_a_fresh_quiz(state, admin, campus, quizzes):
    quiz = state.add_quiz(campus.course, "Fresh", quiz_type="practice_quiz", allowed_attempts=-1)
    shown = admin.get(f"{quizzes}/{quiz.id}").json()
    expected = {
        "quiz_type": "practice_quiz",
        "assignment_id": None,
        "time_limit": None,
        "allowed_attempts": -1,
        "due_at": None,
        "hide_results": None,
        "show_correct_answers": True,
        "show_correct_answers_at": None,
        "one_time_results": False,
        "scoring_policy": "keep_highest",
        "version_number": 1,
        "unpublishable": True,
    }
    assert {name: shown[name] for name in expected} == expected
    assert "in_paced_course" not in shown
    campus.course.is_paced = True
    assert admin.get(f"{quizzes}/{quiz.id}").json()["in_paced_course"] is True


def test_contract_10_1_the_list_is_ordered_by_lock_title_and_id_without_deleted_and_new_quizzes(
    state, admin, campus, quizzes
):
    early = state.add_quiz(campus.course, "Zeta", lock_at=state.now() + timedelta(days=1))
    others = [state.add_quiz(campus.course, title, published=False) for title in ("Beta", "Alpha", "Alpha")]
    state.add_quiz(campus.course, "Bygone").workflow_state = "deleted"
    ids = [quiz["id"] for quiz in admin.get(quizzes).json()]
    assert ids == [early.id, campus.quiz.id, others[1].id, others[2].id, others[0].id]


@pytest.mark.parametrize(
    ("term", "status", "titles"), [("mid", 200, ["Midterm"]), ("zz", 200, []), ("m", 400, None), ("", 400, None)]
)
def test_contract_10_1_a_search_needs_two_characters(admin, quizzes, term, status, titles):
    answer = admin.get(quizzes, params={"search_term": term})
    assert answer.status_code == status
    if titles is not None:
        assert [quiz["title"] for quiz in answer.json()] == titles
    else:
        error = {"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}
        assert answer.json() == {"errors": [error]}


def test_contract_10_1_a_student_reads_published_quizzes_that_are_assigned(state, ana, campus, quizzes):
    hidden = state.add_quiz(campus.course, "Hidden", published=False)
    special = state.add_quiz(campus.course, "Special", only_visible_to_overrides=True)
    assert [quiz["title"] for quiz in ana.get(quizzes).json()] == ["Midterm"]
    assert ana.get(f"{quizzes}/{hidden.id}").status_code == 403
    state.add_override(special, students=[campus.ana])
    assert [quiz["title"] for quiz in ana.get(quizzes).json()] == ["Midterm", "Special"]


def test_contract_10_1_an_observer_reads_what_the_student_reads(state, campus, quizzes, caller_for):
    observer = state.add_user("Mele Fonua")
    state.enroll(observer, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    own_lock = campus.due + timedelta(days=2)
    state.add_override(campus.quiz_assignment, students=[campus.ana], lock_at=own_lock)
    shown = caller_for(state, observer).get(quizzes).json()
    assert [(quiz["title"], quiz["lock_at"]) for quiz in shown] == [
        ("Midterm", own_lock.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ]


def test_contract_7_6_staff_read_base_dates_and_students_their_own(state, teacher, ana, campus, one):
    base, own = campus.due.strftime("%Y-%m-%dT%H:%M:%SZ"), campus.due + timedelta(days=3)
    state.add_override(campus.quiz_assignment, students=[campus.ana], due_at=own, lock_at=None)
    assert [teacher.get(one).json()[name] for name in ("due_at", "lock_at")] == [base, base]
    assert [ana.get(one).json()[name] for name in ("due_at", "lock_at")] == [own.strftime("%Y-%m-%dT%H:%M:%SZ"), None]
    entries = teacher.get(one).json()["all_dates"]
    assert [(entry.get("base", False), entry["title"], entry["due_at"]) for entry in entries] == [
        (True, "Everyone else", base),
        (False, "1 student", own.strftime("%Y-%m-%dT%H:%M:%SZ")),
    ]


@pytest.mark.parametrize(("dates", "locked"), [({"lock_at": -5}, True), ({"unlock_at": 5}, True), ({}, False)])
def test_contract_10_1_locked_for_user(state, ana, campus, one, dates, locked):
    for name, minutes in dates.items():
        setattr(campus.quiz_assignment, name, state.now() + timedelta(minutes=minutes))
    assert ana.get(one).json()["locked_for_user"] is locked


def test_contract_10_1_unknown_deleted_and_foreign_quizzes_are_not_found(state, admin, campus, quizzes, one):
    foreign = state.add_quiz(state.add_course("Botany"), "Elsewhere")
    campus.quiz.workflow_state = "deleted"
    for path in (one, f"{quizzes}/{foreign.id}", f"{quizzes}/{campus.quiz.assignment_id}", f"{quizzes}/x"):
        assert admin.get(path).status_code == 404
