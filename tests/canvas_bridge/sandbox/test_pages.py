"""The web view: what "Canvas" holds for a student on an assessment, side by side with what everybody has."""

from datetime import timedelta

import pytest


def text_of(caller, path):
    answer = caller.read_page(path)
    assert answer.status_code == 200
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def base(campus):
    return f"/courses/{campus.course.id}"


@pytest.fixture
def pair(campus, base):
    return f"{base}/users/{campus.ana.id}/assignments/{campus.quiz_assignment.id}"


def test_one_chooses_a_course_then_a_student_then_an_assessment(admin, campus, base, pair):
    assert f'<a href="{base}">Cell Biology</a>' in text_of(admin, "/")
    course = text_of(admin, base)
    assert f'<a href="{base}/users/{campus.ana.id}">Oliveira, Ana</a>' in course
    assert f'<a href="{base}/assignments/{campus.quiz_assignment.id}">Midterm</a>' in course
    assert f'<a href="{pair}">Midterm</a>' in text_of(admin, f"{base}/users/{campus.ana.id}")


def test_a_pair_stands_beside_what_everybody_has_with_who_supplied_it(state, admin, campus, pair):
    state.add_override(campus.quiz_assignment, section=campus.morning, unlock_at=campus.due - timedelta(days=1))
    ours = state.add_override(
        campus.quiz_assignment, students=[campus.ana], title="Plan A7", lock_at=campus.due + timedelta(days=2)
    )
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30, extra_attempts=1)
    page = text_of(admin, pair)
    assert "Ana Oliveira has 30 extra minutes, 1 extra attempt and their own opening time and closing time." in page
    assert ">60 min<" in page
    assert "<mark>90 min</mark>" in page
    assert "section override “Morning”" in page
    assert f"ad-hoc override “Plan A7” ({ours.id})" in page
    assert "base date" in page
    assert ">Sun 29 Nov 10:00<" in page
    assert '<mark><time datetime="2026-12-01T15:00:00Z">Tue 1 Dec 10:00</time></mark>' in page


def test_a_pair_without_anything_of_its_own_says_so(admin, pair):
    page = text_of(admin, pair)
    assert "Ana Oliveira has exactly what the class has." in page
    assert "<mark>" not in page


def test_a_running_attempt_is_shown_with_its_end(state, admin, campus, pair):
    state.start_attempt(campus.quiz, campus.ana)
    running = (
        '<p class="notice">Attempt 1 is running, ends <time datetime="2026-11-22T16:00:00Z">Sun 22 Nov 11:00</time>'
    )
    assert running in text_of(admin, pair)
    state.complete_attempt(state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.ana.id)), score=3)
    assert "attempt 1 handed in" in text_of(admin, pair)


def test_every_kind_of_assessment_shows_its_extras(state, admin, campus, base):
    practice = state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz", time_limit=10)
    state.set_quiz_extension(practice, campus.ana, extra_time=5, manually_unlocked=True)
    state.set_new_quiz_accommodation(campus.new_quiz, campus.ana, extra_time=12, extra_attempts=1)
    state.start_new_quiz_session(campus.new_quiz, campus.ana)
    state.set_assignment_extension(campus.essay, campus.ana, 2)
    state.submit(campus.essay, campus.ana)
    student = f"{base}/users/{campus.ana.id}"
    assert "unlocked by hand" in text_of(admin, f"{student}/quizzes/{practice.id}")
    new_quiz = text_of(admin, f"{student}/assignments/{campus.new_quiz.id}")
    assert "<mark>42 min</mark>" in new_quiz
    assert "New Quizzes accommodation" in new_quiz
    assert "is running, ends" in new_quiz
    essay = text_of(admin, f"{student}/assignments/{campus.essay.id}")
    assert "<mark>4</mark>" in essay
    assert "assignment extension" in essay
    assert "Practice quiz" in text_of(admin, f"{base}/quizzes/{practice.id}")


def test_extras_without_effect_are_told_as_such(state, admin, campus, base):
    untimed = state.add_quiz(campus.course, "Untimed", allowed_attempts=-1)
    state.set_quiz_extension(untimed, campus.ana, extra_time=5, extra_attempts=1)
    page = text_of(admin, f"{base}/users/{campus.ana.id}/quizzes/{untimed.id}")
    assert "no limit (+5 min on record)" in page
    assert "any number (+1 on record)" in page


def test_a_students_page_marks_what_differs_and_names_the_classs_own(state, admin, campus, base):
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)
    state.add_assignment(campus.course, "Others only", only_visible_to_overrides=True)
    page = text_of(admin, f"{base}/users/{campus.ana.id}")
    assert '<mark>90 min</mark> <span class="class">class: 60 min</span>' in page
    assert page.count("<mark>") == 1
    assert "does not have this assessment" in page
    assert "SIS id S-100" in page
    assert admin.read_page(f"{base}/users/{state.admin.id}").status_code == 404


def test_an_assessments_page_lists_those_with_something_of_their_own_and_all_others(state, admin, campus, base, pair):
    state.add_override(campus.quiz_assignment, students=[campus.ana], title="Plan A7", lock_at=campus.due)
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)
    page = text_of(admin, f"{base}/assignments/{campus.quiz_assignment.id}")
    assert "1 student has something of their own here." in page
    assert f'<a href="{pair}">Ana Oliveira</a>' in page
    assert "2 students have exactly what the class has" in page
    assert "Plan A7" in page
    assert text_of(admin, f"{base}/quizzes/{campus.quiz.id}") == page
    assert "<mark>1 student</mark>" in text_of(admin, base)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("oliv", "0 courses and 1 person found"),
        ("S-10", "0 courses and 3 people found"),
        ("BIO-201", "1 course and 0 people found"),
        ("cell", "1 course and 0 people found"),
        ("nobody", "0 courses and 0 people found"),
    ],
)
def test_courses_and_people_are_found(admin, campus, query, found):
    assert found in text_of(admin, f"/?q={query}")


def test_a_search_leads_to_the_students_pages(admin, campus, base):
    assert f'<a href="{base}/users/{campus.ana.id}">Cell Biology</a>' in text_of(admin, "/?q=ana.oliveira")


def test_names_and_searches_are_escaped(state, admin, campus, base, pair):
    evil = "<script>alert(1)</script>"
    campus.ana.name = campus.ana.sortable_name = campus.course.name = campus.quiz_assignment.name = evil
    state.add_override(campus.quiz_assignment, students=[campus.ana], title=evil, lock_at=campus.due)
    paths = ["/", base, f"{base}/users/{campus.ana.id}", pair, f"{base}/assignments/{campus.quiz_assignment.id}"]
    for path in [*paths, "/?q=%3Cscript%3E", '/?q="><script>']:
        answer = admin.read_page(path)
        assert "<script" not in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_clock_is_told(state, admin):
    assert "stands still at" in text_of(admin, "/")
    state.freeze(None)
    assert "The clock of this Canvas says" in text_of(admin, "/")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/courses/5",
        "/courses/x",
        "/courses/2001/pages/1",
        "/courses/2001/a",
        "/courses/2001/users/999",
        "/courses/2001/users/999/assignments/1",
        "/courses/2001/assignments/1",
        "/courses/2001/discussion_topics/1",
    ],
)
def test_unknown_pages_are_not_found(admin, campus, path):
    assert admin.read_page(path).status_code == 404


def test_pages_can_only_be_read(admin, campus):
    assert admin.session.post("http://canvas.test/").status_code == 405
    assert admin.session.head("http://canvas.test/").status_code == 200


def test_what_is_not_there_yet_is_said(state, admin, caller_for):
    assert "There are no courses." in text_of(admin, "/")
    course = state.add_course("Botany")
    assert text_of(admin, f"/courses/{course.id}").count("<p>None.</p>") == 2
