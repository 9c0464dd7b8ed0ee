"""Unlocking one classic quiz for one student: by hand, confirmed, shown while it is on, and taken back."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accommodations.errors import ChangedSinceShown, ConfirmedBefore, CourseBusy, NotPossible
from accommodations.locks import course_lease
from accommodations.models import CanvasAct, PairStatus, Student
from accommodations.services import unlocking
from accommodations.services.course_look import CourseLook
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from tests.accommodations.acts.conftest import ada_in_leeway, begin_with, in_minutes, log_of
from tests.accommodations.services.conftest import University, give, sync_now, time_and_a_half
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Closed:
    """A quiz that closed an hour ago, and Ada's pair on it."""

    university: University
    quiz: Quiz
    pair: PairStatus

    @property
    def row(self) -> QuizSubmission:
        return self.university.state.quiz_submission_of(self.quiz, self.university.ada.id)

    def date(self, **dates: object) -> None:
        assignment = self.university.state.assignments[self.quiz.assignment_id]
        for name, at in dates.items():
            setattr(self.quiz, name, at)
            setattr(assignment, name, at)


def a_quiz_has_closed(university: University) -> Closed:
    quiz = university.state.add_quiz(
        university.course,
        "Quiz of yesterday",
        time_limit=60,
        allowed_attempts=1,
        unlock_at=in_minutes(-60 * 24),
        due_at=in_minutes(-60),
        lock_at=in_minutes(-60),
        created_at=in_minutes(-60 * 24 * 20),
    )
    ada = ada_in_leeway()
    give(ada, time_and_a_half())
    university.forget_requests()
    return Closed(university, quiz, PairStatus.objects.get(student=ada, assessment__canvas_quiz_id=quiz.id))


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Closed]:
    yield from begin_with(a_quiz_has_closed, django_db_blocker)


@pytest.fixture
def closed(begun: Closed) -> Closed:
    return begun


def change(closed: Closed, to_unlocked: bool = True, **fields: object) -> CanvasAct:
    values = {"key": uuid4(), "asked_by": make_user(), **fields}
    return unlocking.change(closed.pair, to_unlocked=to_unlocked, **values)


def test_contract_3_3_it_is_unlocked_for_this_student_alone(closed: Closed) -> None:
    act = change(closed)
    assert closed.row.manually_unlocked is True
    assert not closed.university.state.quiz_submission_of(closed.quiz, closed.university.ben.id).manually_unlocked
    assert (act.status, act.is_standing) == (CanvasAct.Status.APPLIED, True)
    assert log_of(closed.pair)[-2:] == ["canvas.write.started", "canvas.write.applied"]


def test_it_is_locked_again_and_no_longer_stands(closed: Closed) -> None:
    unlocked = change(closed)
    act = change(closed, to_unlocked=False)
    assert closed.row.manually_unlocked is False
    assert act.undoes == unlocked
    assert not CanvasAct.objects.filter(is_standing=True).exists()


def test_r3_what_somebody_unlocked_in_canvas_is_not_locked_from_here(closed: Closed) -> None:
    closed.row.manually_unlocked = True
    with pytest.raises(NotPossible, match="not from here"):
        change(closed, to_unlocked=False)
    assert closed.row.manually_unlocked is True


def test_what_was_locked_again_in_canvas_itself_no_longer_stands(closed: Closed) -> None:
    change(closed)
    closed.row.manually_unlocked = False
    assert unlocking.look(closed.pair).standing is None
    assert not CanvasAct.objects.filter(is_standing=True).exists()


def test_nobody_sees_a_quiz_before_it_opens_for_them(closed: Closed) -> None:
    closed.date(unlock_at=in_minutes(60), due_at=in_minutes(120), lock_at=in_minutes(120))
    with pytest.raises(NotPossible, match="show it early"):
        change(closed)
    assert not closed.row.manually_unlocked


def test_a_graded_quiz_that_is_open_has_nothing_to_unlock(closed: Closed) -> None:
    closed.date(due_at=in_minutes(60), lock_at=in_minutes(60))
    with pytest.raises(NotPossible, match="not closed"):
        change(closed)


def test_an_ungraded_quiz_can_be_unlocked_while_it_is_open(
    closed: Closed, university: University, ada: Student
) -> None:
    university.state.add_quiz(
        university.course, "Practice", quiz_type="practice_quiz", time_limit=20, lock_at=in_minutes(60)
    )
    sync_now()
    pair = PairStatus.objects.get(student=ada, assessment__name="Practice")
    assert unlocking.look(pair).problem == ""


def test_b09_a_double_click_is_one_act(closed: Closed) -> None:
    key = uuid4()
    act = change(closed, key=key)
    with pytest.raises((ConfirmedBefore, ChangedSinceShown)):
        change(closed, key=key)
    assert list(CanvasAct.objects.all()) == [act]


def test_while_a_sync_is_at_work_nothing_is_sent(closed: Closed) -> None:
    with course_lease(closed.pair.course), pytest.raises(CourseBusy):
        change(closed)
    assert closed.university.writes == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [("drop_after", CanvasAct.Status.APPLIED), ("drop_before", CanvasAct.Status.NOT_ARRIVED)],
)
def test_f11_an_unclear_answer_is_settled_by_reading(closed: Closed, fault: str, status: str) -> None:
    closed.university.fault(fault, method="POST", path=r"/extensions$", count=1)
    act = change(closed)
    assert act.status == status
    assert act.is_standing == bool(closed.row.manually_unlocked)
    assert log_of(closed.pair)[-1] == "canvas.write.settled"


def test_a_sync_afterwards_leaves_it_unlocked(closed: Closed) -> None:
    change(closed)
    sync_now()
    assert closed.row.manually_unlocked is True


def test_a_reading_of_the_course_notices_that_it_was_locked_again_in_canvas(closed: Closed) -> None:
    change(closed)
    course_look = CourseLook(closed.pair.course)
    key = frozenset({closed.pair.assessment.key})
    course_look.refresh_statuses(course_look.read(key))
    assert CanvasAct.objects.filter(is_standing=True).count() == 1
    closed.row.manually_unlocked = False
    course_look.refresh_statuses(course_look.read(key))
    assert not CanvasAct.objects.filter(is_standing=True).exists()


def test_nothing_that_plans_names_it() -> None:
    for path in sorted((ROOT / "accommodations" / "planning").glob("*.py")):
        words = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
        assert "manually_unlocked" not in words, path.name
        assert "set_unlocked" not in path.read_text(), path.name


@pytest.fixture
def coordinator(db: None) -> Client:
    client = Client()
    client.force_login(make_user("coordinator"))
    return client


def test_the_page_says_what_it_means_and_does_it(closed: Closed, coordinator: Client) -> None:
    url = reverse("pair_unlock", args=[closed.pair.pk])
    page = coordinator.get(url).content.decode()
    assert "whatever its opening and closing dates" in page
    assert "no further attempt" in page
    done = coordinator.post(url, {"key": str(uuid4()), "to_unlocked": "yes"}, follow=True).content.decode()
    assert "Unlocked for Ada Nwosu in Canvas." in done
    assert "Lock again…" in done
    course = coordinator.get(reverse("course_detail", args=[closed.pair.course_id])).content.decode()
    assert "Set by hand in Canvas" in course
    again = coordinator.get(url).content.decode()
    assert "Lock Quiz of yesterday again for Ada Nwosu?" in again
    done = coordinator.post(url, {"key": str(uuid4()), "to_unlocked": "no"}, follow=True).content.decode()
    assert "Locked again in Canvas." in done
    assert "Set by hand in Canvas" not in done


def test_the_page_warns_while_an_attempt_is_running(closed: Closed, coordinator: Client) -> None:
    change(closed)
    closed.university.state.start_attempt(closed.quiz, closed.university.ada)
    page = coordinator.get(reverse("pair_unlock", args=[closed.pair.pk])).content.decode()
    assert "An attempt is running" in page


def test_b08_a_form_made_by_hand_does_nothing(closed: Closed, coordinator: Client) -> None:
    for fields in ({}, {"key": "no", "to_unlocked": "yes"}, {"to_unlocked": "perhaps"}):
        assert coordinator.post(reverse("pair_unlock", args=[closed.pair.pk]), fields).status_code == 200
    assert not closed.row.manually_unlocked
