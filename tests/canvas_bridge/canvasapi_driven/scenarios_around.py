"""What surrounds the assessments, through `canvasapi`: grading periods, modules, discussions, pages, progress."""

import pytest
from canvasapi.exceptions import BadRequest, ResourceDoesNotExist
from canvasapi.progress import Progress

from tests.canvas_bridge.canvasapi_driven.driven import Driven, Scenarios

around = Scenarios()
AUTUMN = {
    "title": "Autumn",
    "start_date": "2026-09-01T00:00:00Z",
    "end_date": "2026-12-20T00:00:00Z",
    "close_date": "2026-12-31T00:00:00Z",
}


@around
def grading_periods_of_the_term_and_of_a_course(driven: Driven) -> None:
    term = driven.account.create_enrollment_term(enrollment_term={"name": "Autumn"})
    course = driven.course("Genetics", term_id=term.id)
    driven.send(
        "POST",
        "accounts/1/grading_period_sets",
        {"grading_period_set": {"title": "S"}, "enrollment_term_ids": [term.id]},
    )
    set_id = driven.send("GET", "accounts/1/grading_period_sets")["grading_period_sets"][0]["id"]
    path = f"grading_period_sets/{set_id}/grading_periods/batch_update"
    driven.send("PATCH", path, {"grading_periods": [AUTUMN]})
    of_term = course.get_grading_periods()[0]
    assert (of_term.title, of_term.is_closed) == ("Autumn", False)
    assert course.get_grading_period(of_term.id).end_date == AUTUMN["end_date"]
    assert [one.title for one in driven.account.get_grading_periods()] == ["Autumn"]
    driven.account.delete_grading_period(of_term.id)
    assert list(course.get_grading_periods()) == []

    driven.send("PATCH", f"courses/{course.id}/grading_periods/batch_update", {"grading_periods": [AUTUMN]})
    own = course.get_grading_periods()[0]
    assert own.update([{**AUTUMN, "title": "Term"}]).title == "Term"
    assert own.delete() == 204


@around
def modules_and_their_items(driven: Driven) -> None:
    room = driven.classroom()
    module = room.course.create_module({"name": "Week 1"})
    essay = room.course.create_assignment({"name": "Essay"})
    item = module.create_module_item({"type": "Assignment", "content_id": essay.id})
    assert module.edit(module={"name": "Week one"}).name == "Week one"
    assert room.course.get_module(module.id).name == "Week one"
    item.delete()
    assert list(module.get_module_items()) == []
    module.delete()
    assert list(room.course.get_modules()) == []


@around
def discussions_and_pages(driven: Driven) -> None:
    room = driven.classroom()
    talk = room.course.create_discussion_topic(title="Ethics", assignment={"points_possible": 5}, published=True)
    assert [one.title for one in room.course.get_discussion_topics()] == ["Ethics"]
    assert room.course.get_discussion_topic(talk.id).assignment_id is not None
    talk.delete()
    assert list(room.course.get_discussion_topics()) == []
    page = room.course.create_page({"title": "Reading list"})
    assert [one.url for one in room.course.get_pages()] == [page.url]
    assert room.course.get_page(page.url).title == "Reading list"
    page.delete()
    with pytest.raises(ResourceDoesNotExist):
        room.course.get_page(page.url)


@around
def many_dates_at_once_and_their_progress(driven: Driven) -> None:
    room = driven.classroom()
    essay = room.course.create_assignment({"name": "Essay"})
    path = f"courses/{room.course.id}/assignments/bulk_update"
    due = "2026-12-01T17:00:00Z"
    started = driven.send("PUT", path, [{"id": essay.id, "all_dates": [{"base": True, "due_at": due}]}])
    progress = driven.admin.get_progress(started["id"])
    for _ in range(5):
        progress = progress.query()
    assert isinstance(progress, Progress)
    assert (progress.tag, progress.workflow_state) == ("assignment_bulk_update", "completed")
    assert progress.results == {"updated_count": 1}
    assert room.course.get_assignment(essay.id).due_at == due


@around
def dates_of_quizzes_as_overridden(driven: Driven) -> None:
    room = driven.classroom()
    quiz = room.course.create_quiz({"title": "Midterm", "quiz_type": "assignment", "due_at": "2026-12-01T17:00:00Z"})
    assert [one.quiz_id for one in room.course.get_quiz_overrides()] == [quiz.id]


@around
def own_courses_groups_and_nicknames(driven: Driven) -> None:
    room = driven.classroom()
    ana = driven.as_user(room.ana)
    assert [one.id for one in ana.get_courses()] == [room.course.id]
    assert [one.id for one in room.ana.get_courses()] == [room.course.id]
    nickname = ana.set_course_nickname(room.course.id, "Bio")
    own = ana.get_course(room.course.id)
    assert (own.name, own.original_name) == ("Bio", "Cell Biology")
    nickname.remove()
    assert ana.get_course(room.course.id).name == "Cell Biology"
    group = room.course.create_group_category("Projects", self_signup="enabled").create_group(name="First")
    membership = group.create_membership(room.ana)
    assert membership.update(moderator=True).moderator is True
    assert [one.id for one in ana.get_current_user().get_groups()] == [group.id]
    assert group.get_membership(membership.id, "memberships").user_id == room.ana.id
    assert group.update_membership(room.ana, moderator=False).moderator is False
    # The package takes a membership's id for its group's when it leaves; the address is what counts here.
    assert driven.send("DELETE", f"groups/{group.id}/memberships/{membership.id}") == {"ok": True}
    assert room.course.get_user(room.ana.id).name == "Ana Oliveira"


@around
def accounts_and_assignment_groups_are_edited(driven: Driven) -> None:
    faculty = driven.account.create_subaccount({"name": "Faculty of Science"})
    assert faculty.id in [one.id for one in driven.account.get_subaccounts()]
    with pytest.raises(BadRequest, match="Terms only belong to root_accounts"):
        list(driven.admin.get_account(faculty.id).get_enrollment_terms())
    assert driven.account.update(account={"name": "Maplewater"})
    assert driven.admin.get_account(1).name == "Maplewater"
    course = driven.course()
    exams = course.create_assignment_group(name="Exams")
    exams.edit(name="Tests")
    assert course.get_assignment_group(exams.id).name == "Tests"
    exams.delete()
    assert exams.id not in [one.id for one in course.get_assignment_groups()]
    leaver = driven.person("Lena Vogel", "lena.v")
    driven.account.delete_user(leaver)
    with pytest.raises(ResourceDoesNotExist):
        driven.admin.get_user(leaver.id)
