"""The same minutes and attempts on every classic quiz: shown first, nothing lowered, every row of the answer logged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accommodations.errors import ChangedSinceShown, ConfirmedBefore, CourseBusy
from accommodations.locks import course_lease
from accommodations.models import ActionLogEntry, CanvasAct, Course, Student
from accommodations.services import action_log, every_quiz, every_quiz_sending, people
from accommodations.services.action_log import Verified
from accommodations.services.every_quiz import Asked
from canvas_bridge.sandbox.records.assessments import Quiz
from tests.accommodations.acts.conftest import ada_in_leeway, begin_with
from tests.accommodations.services.conftest import University, give, one_attempt_more
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@dataclass
class Classroom:
    """Ada and Ben in a course of four classic quizzes of four sorts; both have one attempt more on record."""

    university: University
    course: Course
    quizzes: list[Quiz]
    ada: Student
    ben: Student

    def held(self, student: Student) -> list[tuple[int, int]]:
        rows = [self.university.state.quiz_submission_of(quiz, student.canvas_user_id) for quiz in self.quizzes]
        return [(row.extra_time or 0, row.extra_attempts or 0) for row in rows]

    def set(self, quiz: Quiz, student: Student, **values: int) -> None:
        row = self.university.state.quiz_submission_of(quiz, student.canvas_user_id)
        for name, value in values.items():
            setattr(row, name, value)

    def posts(self) -> list[str]:
        return [one.path for one in self.university.writes]


def four_quizzes(university: University) -> Classroom:
    state, canvas_course = university.state, university.course
    quizzes = [
        university.quiz,
        state.add_quiz(canvas_course, "Practice", quiz_type="practice_quiz", time_limit=20, allowed_attempts=2),
        state.add_quiz(canvas_course, "Untimed", allowed_attempts=-1),
        state.add_quiz(canvas_course, "Draft", time_limit=30, allowed_attempts=1, published=False),
    ]
    ada, ben = ada_in_leeway(), people.find_or_read_student(query="ben")
    give(ada, one_attempt_more())
    give(ben, one_attempt_more())
    university.forget_requests()
    course = Course.objects.get(canvas_course_id=canvas_course.id)
    return Classroom(university, course, quizzes, ada, ben)


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Classroom]:
    yield from begin_with(four_quizzes, django_db_blocker)


@pytest.fixture
def room(begun: Classroom) -> Iterator[Classroom]:
    yield begun
    assert isinstance(action_log.verify(), Verified)


def write(room: Classroom, asked: Asked, *students: Student, **fields: object) -> CanvasAct:
    chosen = list(students or (room.ada, room.ben))
    seen = every_quiz.preview(room.course, chosen, asked)
    values = {"shown_digest": seen.digest, "key": uuid4(), "asked_by": make_user(), **fields}
    return every_quiz_sending.apply(room.course, chosen, asked, **values)


def test_the_preview_shows_each_quiz_of_every_sort_and_sends_nothing(room: Classroom) -> None:
    seen = every_quiz.preview(room.course, [room.ada], Asked(minutes=15, attempts=2))
    notes = {line.quiz.name: line.notes for line in seen.lines}
    assert set(notes) == {"Midterm", "Practice", "Untimed", "Draft"}
    assert notes["Untimed"] == (
        "no time limit: the minutes stay without effect",
        "unlimited attempts: more stay without effect",
    )
    assert notes["Draft"] == ("unpublished: written ahead",)
    assert room.posts() == []


def test_contract_4_one_request_writes_every_quiz_for_all_chosen(room: Classroom) -> None:
    act = write(room, Asked(minutes=15))
    assert [path for path in room.posts() if path.endswith("/quiz_extensions")] == room.posts()
    assert len(room.posts()) == 1
    assert [minutes for minutes, _ in room.held(room.ada)] == [15, 15, 15, 15]
    assert [minutes for minutes, _ in room.held(room.ben)] == [15, 15, 15, 15]
    assert act.status == CanvasAct.Status.APPLIED


def test_r14_every_row_of_the_answer_is_an_entry_of_its_own_under_one_request(room: Classroom) -> None:
    act = write(room, Asked(minutes=15))
    entries = ActionLogEntry.objects.filter(request_id=act.key).order_by("sequence")
    started = [entry for entry in entries if entry.act == "canvas.write.started"]
    applied = [entry for entry in entries if entry.act == "canvas.write.applied"]
    assert len(started) == len(applied) == 8
    assert {(one.student_id_logged, one.assessment_id_logged) for one in started} == {
        (one.student_id_logged, one.assessment_id_logged) for one in applied
    }
    assert all(
        entry.payload.data["answered"]["user_id"] in (room.ada.canvas_user_id, room.ben.canvas_user_id)
        for entry in applied
    )


def test_contract_4_rows_of_deleted_quizzes_are_logged_too(room: Classroom) -> None:
    room.quizzes[1].workflow_state = "deleted"
    act = write(room, Asked(minutes=15), room.ada)
    unnamed = ActionLogEntry.objects.get(request_id=act.key, assessment_id_logged=None)
    assert unnamed.payload.data["answered"]["quiz_id"] == room.quizzes[1].id


def test_attempts_alone_leave_the_minutes_as_they_are(room: Classroom) -> None:
    room.set(room.quizzes[0], room.ada, extra_time=7)
    write(room, Asked(attempts=3), room.ada)
    assert room.held(room.ada) == [(7, 3), (0, 3), (0, 3), (0, 3)]


def test_r1_where_somebody_has_more_it_is_written_quiz_by_quiz_and_lowers_nothing(room: Classroom) -> None:
    room.set(room.quizzes[0], room.ada, extra_time=60)
    seen = every_quiz.preview(room.course, [room.ada, room.ben], Asked(minutes=15))
    assert not seen.lowers_nothing
    act = write(room, Asked(minutes=15))
    assert [minutes for minutes, _ in room.held(room.ada)] == [60, 15, 15, 15]
    assert [minutes for minutes, _ in room.held(room.ben)] == [15, 15, 15, 15]
    assert act.status == CanvasAct.Status.APPLIED
    course_wide = [path for path in room.posts() if path.endswith("/quiz_extensions")]
    assert len(course_wide) == 1, "the other student's goes out in one request all the same"


def test_r2_others_keep_what_they_have(room: Classroom) -> None:
    before = room.held(room.ben)
    write(room, Asked(minutes=15, attempts=2), room.ada)
    assert room.held(room.ben) == before


def test_r4_asking_again_for_the_same_has_nothing_to_write(room: Classroom) -> None:
    write(room, Asked(minutes=15))
    seen = every_quiz.preview(room.course, [room.ada, room.ben], Asked(minutes=15))
    assert (seen.change_count, seen.together, seen.one_by_one) == (0, (), ())


def test_b09_a_page_older_than_canvas_sends_nothing(room: Classroom) -> None:
    seen = every_quiz.preview(room.course, [room.ada], Asked(minutes=15))
    room.set(room.quizzes[0], room.ada, extra_time=60)
    with pytest.raises(ChangedSinceShown):
        write(room, Asked(minutes=15), room.ada, shown_digest=seen.digest)
    assert room.posts() == []


def test_b09_a_double_click_is_one_act(room: Classroom) -> None:
    key = uuid4()
    act = write(room, Asked(minutes=15), key=key)
    with pytest.raises(ConfirmedBefore) as before:
        write(room, Asked(minutes=15), key=key)
    assert before.value.act == act
    assert len(room.posts()) == 1


def test_while_a_sync_is_at_work_nothing_is_sent(room: Classroom) -> None:
    with course_lease(room.course), pytest.raises(CourseBusy):
        write(room, Asked(minutes=15))
    assert room.posts() == []


def test_f11_a_lost_answer_is_settled_by_reading_every_quiz(room: Classroom) -> None:
    room.university.fault("drop_after", method="POST", path=r"/quiz_extensions$", count=1)
    act = write(room, Asked(minutes=15))
    assert act.status == CanvasAct.Status.APPLIED
    assert act.after == {"applied": 8}
    acts_logged = set(ActionLogEntry.objects.filter(request_id=act.key).values_list("act", flat=True))
    assert acts_logged == {"canvas.write.started", "canvas.write.unknown", "canvas.write.settled"}
    assert len(room.posts()) == 1, "nothing is sent a second time"


def test_a_request_that_canvas_refuses_is_told_in_its_own_words(room: Classroom) -> None:
    room.university.fault(
        "status",
        method="POST",
        path=r"/quiz_extensions$",
        count=1,
        value={"code": 403, "body": {"message": "not here"}},
    )
    act = write(room, Asked(minutes=15))
    assert act.status == CanvasAct.Status.REFUSED
    assert act.message == "not here"
    assert room.held(room.ada)[0][0] == 0


def test_who_has_left_the_course_is_named_and_costs_nobody_else(room: Classroom) -> None:
    for row in room.university.state.enrollments:
        if row.user_id == room.ben.canvas_user_id:
            row.workflow_state = "completed"
    room.course.enrollments.filter(student=room.ben).update(state="completed")
    seen = every_quiz.preview(room.course, [room.ada, room.ben], Asked(minutes=15))
    assert seen.absent == (room.ben,)
    write(room, Asked(minutes=15))
    assert room.held(room.ada)[0][0] == 15


def page_fields(room: Classroom, **fields: object) -> dict[str, object]:
    return {"key": str(uuid4()), "students": [room.ada.pk], "minutes": "15", "attempts": "", "step": "show", **fields}


@pytest.fixture
def coordinator(db: None) -> Client:
    client = Client()
    client.force_login(make_user("coordinator"))
    return client


def url(room: Classroom) -> str:
    return reverse("course_every_quiz", args=[room.course.pk])


def test_the_page_shows_and_then_writes(room: Classroom, coordinator: Client) -> None:
    assert "Ada Nwosu" in coordinator.get(url(room)).content.decode()
    response = coordinator.post(url(room), page_fields(room))
    page = response.content.decode()
    assert "The same on all 4 quizzes?" in page
    assert room.posts() == []
    digest = response.context["preview"].digest
    done = coordinator.post(url(room), page_fields(room, step="confirm", shown_digest=digest), follow=True)
    assert "In Canvas: 4 of 4 on all quizzes" in done.content.decode()
    assert room.held(room.ada)[0][0] == 15


def test_the_page_goes_back_to_the_form_with_what_was_typed(room: Classroom, coordinator: Client) -> None:
    page = coordinator.post(url(room), page_fields(room, step="change")).content.decode()
    assert 'value="15"' in page
    assert "Show what it comes to" in page


def test_b09_the_page_shows_it_again_where_canvas_has_changed(room: Classroom, coordinator: Client) -> None:
    page = coordinator.post(url(room), page_fields(room, step="confirm", shown_digest="old")).content.decode()
    assert "Canvas has changed since you read this" in page
    assert "The same on all 4 quizzes?" in page
    assert room.posts() == []


WRONG_VALUES: list[tuple[dict[str, Any], str]] = [
    ({"minutes": "10081"}, "from 0 to 10080"),
    ({"minutes": "-1"}, "from 0 to 10080"),
    ({"minutes": "1.5"}, "from 0 to 10080"),
    ({"minutes": "", "attempts": "1001"}, "from 0 to 1000"),
    ({"minutes": "", "attempts": "many"}, "from 0 to 1000"),
    ({"minutes": ""}, "Enter extra minutes, extra attempts, or both."),
    ({"students": []}, "Choose at least one student."),
    ({"students": [987654]}, "Choose from the list."),
]


def test_b11_what_canvas_would_not_take_is_an_error_at_its_field(room: Classroom, coordinator: Client) -> None:
    for fields, words in WRONG_VALUES:
        page = coordinator.post(url(room), page_fields(room, **fields)).content.decode()
        assert words in page, fields
        assert "<title>Error: " in page
    assert room.posts() == []
