"""Section 10.5 of the contract, parameter by parameter: the courses of an account."""

from datetime import timedelta

import pytest

TOO_SHORT = {"errors": [{"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]}


@pytest.fixture
def courses(state, campus):
    """Add courses of each state beside the campus's own, one of them in an account below."""
    now = state.now()
    day = timedelta(days=1)
    term = state.add_term("Autumn", sis_term_id="F26", start_at=now - 90 * day, end_at=now + 30 * day)
    draft = state.add_course("Anatomy draft", "ANA-1", workflow_state="unpublished", term=term)
    ended = state.add_course("Botany ended", "BOT-1", workflow_state="completed")
    gone = state.add_course("Dentistry gone", "DEN-1", workflow_state="deleted")
    below = state.add_course("Ecology below", "ECO-1", sis_course_id="ECO-SIS", start_at=now + 50 * day)
    below.account_id = state.add_sub_account("Sciences", sis_account_id="SCI").id
    below.is_blueprint = True
    past = state.add_course("Forestry past", end_at=now - day, restrict_enrollments_to_course_dates=True)
    state.enroll(state.add_user("Mina Park", login_id="mpark"), past, type="TeacherEnrollment")
    state.enroll(state.add_user("Tomas Rivera"), past, type="TaEnrollment")
    return {"draft": draft, "ended": ended, "gone": gone, "below": below, "past": past}


LETTERS = {
    "A": "Anatomy draft",
    "B": "Botany ended",
    "C": "Cell Biology",
    "D": "Dentistry gone",
    "E": "Ecology below",
    "F": "Forestry past",
}
# (query, initial letters of the courses expected, in order of name)
QUERIES = [
    ("", "ABCEF"),
    ("state[]=created", "A"),
    ("state[]=claimed", "A"),
    ("state[]=available", "CEF"),
    ("state[]=completed", "B"),
    ("state[]=deleted", "D"),
    ("state[]=all", "ABCDEF"),
    ("state[]=available&state[]=completed", "BCEF"),
    ("with_enrollments=true", "CF"),
    ("with_enrollments=false", "ABE"),
    ("published=true", "BCEF"),
    ("published=false", "A"),
    ("completed=true", "BF"),
    ("completed=false", "ACE"),
    ("blueprint=true", "E"),
    ("blueprint=false", "ABCF"),
    ("enrollment_type[]=ta", "F"),
    ("enrollment_type[]=teacher", "CF"),
    ("enrollment_type[]=student", "C"),
    ("enrollment_term_id=22", "A"),
    ("enrollment_term_id=sis_term_id:F26", "A"),
    ("enrollment_term_id=9999", ""),
    ("by_subaccounts[]=sis_account_id:SCI", "E"),
    ("by_teachers[]=sis_login_id:mpark", "F"),
    ("search_term=biolog", "C"),
    ("search_term=BOT-1", "B"),
    ("search_term=eco-sis", "E"),
    ("search_term=park&search_by=teacher", "F"),
    ("search_term=park&search_by=course", ""),
    ("starts_before=2026-12-01T00:00:00Z", "ABCF"),
    ("ends_after=2026-12-01T00:00:00Z", "ABCE"),
    ("order=desc", "FECBA"),
    ("sort=course_name&order=desc", "FECBA"),
]


@pytest.mark.parametrize(("query", "letters"), QUERIES)
@pytest.mark.usefixtures("courses")
def test_contract_10_5_filters_and_order(admin, query, letters):
    answer = admin.get(f"/accounts/self/courses?{query}")
    assert answer.status_code == 200
    assert [one["name"] for one in answer.json()] == [LETTERS[letter] for letter in letters]


@pytest.mark.usefixtures("courses")
def test_contract_10_5_the_courses_of_an_account_below(admin):
    assert [one["name"] for one in admin.get("/accounts/sis_account_id:SCI/courses").json()] == ["Ecology below"]


def test_contract_10_5_a_short_search_term_and_missing_rights_are_refused(admin, teacher):
    answer = admin.get("/accounts/1/courses?search_term=a")
    assert (answer.status_code, answer.json()) == (400, TOO_SHORT)
    assert teacher.get("/accounts/1/courses").status_code == 403


def test_contract_10_5_includes_and_pages(admin, courses):
    words = ("term", "total_students", "teachers", "account_name", "concluded")
    answer = admin.get("/accounts/1/courses?per_page=2&" + "&".join(f"include[]={word}" for word in words))
    assert all(set(one) >= set(words) for one in answer.json())
    assert len(answer.json()) == 2
    assert 'rel="last"' in answer.headers["Link"]
