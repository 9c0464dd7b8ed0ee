"""What happens on New Quizzes, in modules and at a course's pace: what instructors and students do there by hand."""

from typing import Any

from tests import invariants
from tests.histories.campus import Campus
from tests.histories.steps import ANYBODY, POSITION, between, one_of, picked, some_of, step
from tests.histories.steps_of_canvas import page, text


@step(who=ANYBODY, position=POSITION, minutes=one_of(0, 10, 60), attempts=between(0, 2))
def instructor_moderates_a_new_quiz(campus: Campus, who: str, position: int, minutes: int, attempts: int) -> None:
    """The instructor sets a student's minutes and attempts on a New Quiz's own page, which nobody can read."""
    new_quiz, user = picked(campus.world.new_quizzes, position), campus.people[who]
    if campus.is_enrolled(user, new_quiz.course_id):
        values = {"extra_time": minutes, "extra_attempts": attempts}
        page(campus, "moderate_new_quiz", assignment_id=new_quiz.id, user_id=user.id, **values)
        campus.set_by_hand_unread.add((user.id, invariants.key_of(new_quiz)))


@step(position=POSITION, limit=one_of(1200, 2400, 5400, None))
def instructor_changes_a_new_quiz(campus: Campus, position: int, limit: int | None) -> None:
    """The instructor changes a New Quiz's time limit."""
    new_quiz = picked(campus.world.new_quizzes, position)
    settings = {"has_time_limit": limit is not None, "session_time_limit_in_seconds": limit or 0}
    path = f"/api/quiz/v1/courses/{new_quiz.course_id}/quizzes/{new_quiz.id}"
    campus.ask("PATCH", path, {"quiz": {"quiz_settings": settings}})


@step(who=ANYBODY, position=POSITION, is_begun=one_of(True, False))
def student_sits_a_new_quiz(campus: Campus, who: str, position: int, is_begun: bool) -> None:
    """A student begins a New Quiz, or hands it in."""
    new_quiz, user = picked(campus.world.new_quizzes, position), campus.people[who]
    if new_quiz.workflow_state != "published" or not campus.is_enrolled(user, new_quiz.course_id):
        return
    act = "start_new_quiz_session" if is_begun else "finish_new_quiz_session"
    page(campus, act, assignment_id=new_quiz.id, user_id=user.id)
    if not is_begun:
        campus.state.submit(new_quiz, user)


@step(position=POSITION, whom=some_of("ada", "ben", "cem"), target=one_of("students", "section", "nobody"))
def instructor_assigns_a_module(campus: Campus, position: int, whom: list[str], target: str) -> None:
    """The instructor assigns a module to some students or to a section, or to everybody again."""
    module = picked(campus.world.modules, position)
    users = [campus.people[login] for login in whom]
    here = [user.id for user in users if campus.is_enrolled(user, module.course_id)]
    sections = [one.id for one in campus.state.sections if one.course_id == module.course_id]
    wanted: dict[str, list[dict[str, Any]]] = {
        "students": [{"student_ids": here}] if here else [],
        "section": [{"course_section_id": one} for one in sections[-1:]],
        "nobody": [],
    }
    path = f"/api/v1/courses/{module.course_id}/modules/{module.id}/assignment_overrides"
    campus.ask("PUT", path, {"overrides": wanted[target]})


@step(position=POSITION, by=one_of(30, 100, 200), is_paced=one_of(True, False))
def instructor_paces_the_course(campus: Campus, position: int, by: int, is_paced: bool) -> None:
    """The instructor publishes a pace for the last course, or gives up pacing it."""
    course = campus.courses[-1]
    if not is_paced:
        course.is_paced = False
        return
    assignment = picked([one for one in campus.assignments if one.course_id == course.id], position)
    if assignment is not None:
        page(campus, "publish_pace", course_id=course.id, due_dates={str(assignment.id): text(campus, by)})
