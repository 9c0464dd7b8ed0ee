"""The seeded university as the sandbox holds it: large enough, the same for the same seed, relative to today."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.seed.university import build
from canvas_bridge.sandbox.state import SandboxState

NOW = datetime(2026, 2, 11, 15, 30, tzinfo=UTC)
SECRETS = {"validation_token"}


def seeded(*, seed: int = 7, now: datetime = NOW) -> SandboxState:
    state = SandboxState(now=now)
    build(state, seed=seed)
    return state


@pytest.fixture(scope="module")
def university() -> SandboxState:
    return seeded()


def everything(state: SandboxState) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{key: value for key, value in asdict(row).items() if key not in SECRETS} for row in table]
        for name, table in state.tables.items()
    }


def course_of(state: SandboxState, code: str) -> int:
    return next(course.id for course in state.courses if course.course_code == code)


def quiz_named(state: SandboxState, name: str) -> Quiz:
    return next(quiz for quiz in state.quizzes if quiz.title == name)


def assignment_named(state: SandboxState, name: str) -> Assignment:
    return next(assignment for assignment in state.assignments if assignment.name == name)


def students_of(state: SandboxState) -> list[User]:
    return [user for user in state.users if (user.sis_user_id or "").startswith("S100")]


def test_there_are_600_students_and_at_least_40_courses_in_two_terms(university: SandboxState) -> None:
    assert len(students_of(university)) == 600
    by_term = Counter(university.terms[course.term_id].sis_term_id for course in university.courses)
    assert by_term["current"] >= 35
    assert by_term["next"] >= 8
    assert any(course.workflow_state == "completed" for course in university.courses)


def test_the_same_seed_gives_the_same_university() -> None:
    assert everything(seeded(seed=3)) == everything(seeded(seed=3))


def test_another_seed_gives_other_people_in_the_same_courses() -> None:
    one, other = seeded(seed=3), seeded(seed=4)
    assert [user.name for user in students_of(one)] != [user.name for user in students_of(other)]
    assert [course.course_code for course in one.courses] == [course.course_code for course in other.courses]
    assert {user.sis_user_id for user in students_of(one)} == {user.sis_user_id for user in students_of(other)}


def test_names_and_logins_are_unique_and_come_from_many_cultures(university: SandboxState) -> None:
    people = [user for user in university.users if user.sis_user_id]
    assert len({user.login_id for user in people}) == len(people)
    assert all(user.login_id.isascii() for user in people)
    assert len({user.sortable_name.partition(",")[0] for user in people}) > 150


def test_a_student_takes_about_five_courses_of_the_term_and_each_course_once(university: SandboxState) -> None:
    current = {course.id for course in university.courses if (course.sis_course_id or "").startswith("current-")}
    for user in students_of(university):
        taken = [enrollment.course_id for enrollment in university.enrollments.where("user", user.id)]
        assert len(taken) == len(set(taken))
        assert 5 <= len([course_id for course_id in taken if course_id in current]) <= 6


def test_every_course_has_an_instructor_and_ten_to_twenty_assessments(university: SandboxState) -> None:
    for course in university.courses:
        kinds = Counter(enrollment.type for enrollment in university.enrollments.where("course", course.id))
        ungraded = [quiz for quiz in university.quizzes.where("course", course.id) if quiz.assignment_id is None]
        assert kinds["TeacherEnrollment"] >= 1
        assert 10 <= len(university.assignments.where("course", course.id)) + len(ungraded) <= 20
    limited = [one for one in university.enrollments if one.limit_privileges_to_course_section]
    assert limited


def test_every_kind_of_assessment_is_there(university: SandboxState) -> None:
    types = {kind for assignment in university.assignments for kind in assignment.submission_types}
    assert types >= {
        "online_upload",
        "online_text_entry",
        "online_url",
        "media_recording",
        "on_paper",
        "none",
        "external_tool",
        "discussion_topic",
        "online_quiz",
    }
    assert {quiz.quiz_type for quiz in university.quizzes} == {
        "assignment",
        "practice_quiz",
        "graded_survey",
        "survey",
    }
    assert any(quiz.time_limit is None for quiz in university.quizzes)
    assert any(quiz.allowed_attempts == -1 and quiz.quiz_type == "assignment" for quiz in university.quizzes)
    assert sum(assignment.is_new_quiz for assignment in university.assignments) >= 20
    assert any(not assignment.published for assignment in university.assignments)


def test_the_exam_that_opens_tomorrow_opens_tomorrow_at_nine_in_the_course_zone(university: SandboxState) -> None:
    exam = quiz_named(university, "Exam 1: Chance (opens tomorrow)")
    assert exam.unlock_at == datetime(2026, 2, 12, 14, 0, tzinfo=UTC)  # 09:00 in New York, in winter


def test_dates_move_with_the_day_of_seeding() -> None:
    a_week_later = seeded(now=NOW + timedelta(days=7))
    before, after = (quiz_named(state, "Exam 1: Chance (opens tomorrow)") for state in (seeded(), a_week_later))
    assert before.unlock_at is not None
    assert after.unlock_at == before.unlock_at + timedelta(days=7)


@pytest.mark.parametrize("day", range(7))
def test_situations_hold_on_every_weekday(day: int) -> None:
    now = NOW + timedelta(days=day)
    state = seeded(now=now)
    journal = assignment_named(state, "Field journal (due in a closed grading period)")
    closed, still_open = state.grading_periods.where("course", course_of(state, "GEOG 160"))
    assert closed.start_date < (journal.due_at or now) <= closed.end_date < now < still_open.end_date
    assert (journal.lock_at or now) > now
    term = next(term for term in state.terms if term.sis_term_id == "current")
    assert term.start_at is not None
    assert term.end_at is not None
    assert term.start_at < now < term.end_at
    portfolio = assignment_named(state, "Final portfolio (due at the end of the course)")
    assert portfolio.due_at is not None
    assert timedelta(0) < term.end_at - portfolio.due_at < timedelta(days=7)


def test_a_course_keeps_its_wall_clock_in_its_own_zone(university: SandboxState) -> None:
    exam = quiz_named(university, "Slide exam")
    assert university.courses[exam.course_id].time_zone == "Europe/Lisbon"
    assert exam.unlock_at == datetime(2026, 2, 19, 10, 0, tzinfo=UTC)


def test_a_quiz_runs_for_one_student_without_and_for_one_with_the_extra_time(university: SandboxState) -> None:
    quiz = quiz_named(university, "Unit test (attempts running now)")
    rows = university.quiz_submissions.where("quiz", quiz.id)
    running = {row.extra_time: row for row in rows if row.workflow_state == "untaken"}
    assert set(running) == {None, 60}
    for extra, row in running.items():
        assert row.started_at is not None
        assert row.end_at == row.started_at + timedelta(minutes=120 + (extra or 0))
        assert row.started_at < NOW < row.end_at


def test_instructors_made_overrides_for_one_for_several_and_for_sections(university: SandboxState) -> None:
    kinds = Counter((one.set_type, len(one.student_ids)) for one in university.overrides)
    assert kinds["ADHOC", 1] >= 2
    assert kinds["ADHOC", 3] == 1
    assert kinds["CourseSection", 0] >= 4


def test_standing_faults_name_the_quizzes_that_say_so(university: SandboxState) -> None:
    codes = [fault.value["code"] for fault in university.control.faults]
    assert sorted(codes) == [400, 403, 503]
    assert all(
        fault.method == "POST" and (fault.path or "").endswith("/extensions") for fault in university.control.faults
    )


def test_base_dates_are_in_the_order_that_canvas_demands(university: SandboxState) -> None:
    for item in (*university.assignments, *university.quizzes):
        dates = [at for at in (item.unlock_at, item.due_at, item.lock_at) if at is not None]
        assert dates == sorted(dates), item
