"""One student's own dates on an ungraded quiz, by `date_details`: shown, written with the whole list, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accommodations.errors import ChangedSinceShown, ConfirmedBefore, CourseBusy, NotPossible, ValuesRefused
from accommodations.locks import course_lease
from accommodations.models import ActionLogEntry, Assessment, CanvasAct, Course, Student
from accommodations.services import action_log, quiz_dates, quiz_dates_sending
from accommodations.services.action_log import Verified
from canvas_bridge.facts import Dates
from canvas_bridge.sandbox.records.assessments import Override, Quiz
from tests.accommodations.acts.conftest import ada_in_leeway, begin_with, in_minutes
from tests.accommodations.services.conftest import University, give, time_and_a_half
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@dataclass
class Practice:
    """A practice quiz that is open until this evening, and Ada, who needs it tomorrow."""

    university: University
    quiz: Quiz
    course: Course
    assessment: Assessment
    ada: Student

    @property
    def overrides(self) -> list[Override]:
        return [
            one
            for one in self.university.state.overrides
            if one.workflow_state == "active" and one.quiz_id == self.quiz.id
        ]

    def own(self) -> Override | None:
        found = [one for one in self.overrides if self.ada.canvas_user_id in one.student_ids]
        assert len(found) <= 1, "at most one ad-hoc override each"
        return found[0] if found else None

    def add(self, *students: Any, **fields: Any) -> Override:
        return self.university.state.add_override(self.quiz, students=list(students), **fields)

    def picture(self) -> list[tuple[Any, ...]]:
        return sorted(
            (one.id, one.title, sorted(one.student_ids), one.unlock_at, one.due_at, one.lock_at)
            for one in self.overrides
        )


def a_practice_quiz_is_open(university: University) -> Practice:
    quiz = university.state.add_quiz(
        university.course,
        "Warm-up",
        quiz_type="practice_quiz",
        time_limit=20,
        unlock_at=in_minutes(-600),
        due_at=in_minutes(300),
        lock_at=in_minutes(300),
    )
    ada = ada_in_leeway()
    give(ada, time_and_a_half())
    university.forget_requests()
    course = Course.objects.get(canvas_course_id=university.course.id)
    return Practice(university, quiz, course, Assessment.objects.get(key=f"quiz:{quiz.id}"), ada)


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Practice]:
    yield from begin_with(a_practice_quiz_is_open, django_db_blocker)


@pytest.fixture
def practice(begun: Practice) -> Practice:
    return begun


def later(practice: Practice, hours: int = 24) -> Dates:
    lock_at: datetime = practice.quiz.lock_at
    return Dates(due_at=lock_at + hours * HOUR, lock_at=lock_at + hours * HOUR)


def write(practice: Practice, asked: Dates | None = None, **fields: Any) -> CanvasAct:
    asked = asked or later(practice)
    seen = quiz_dates.preview(practice.course, practice.assessment, practice.ada, asked)
    values = {"shown_digest": seen.digest, "key": uuid4(), "asked_by": make_user(), **fields}
    return quiz_dates_sending.apply(practice.course, practice.assessment, practice.ada, asked, **values)


def take_back(act: CanvasAct) -> CanvasAct:
    return quiz_dates_sending.take_back(act, key=uuid4(), asked_by=make_user())


def test_contract_10_7_3_the_student_gets_dates_of_their_own(practice: Practice) -> None:
    act = write(practice)
    own = practice.own()
    assert own is not None
    assert (own.unlock_at, own.due_at, own.lock_at) == (
        practice.quiz.unlock_at,
        later(practice).due_at,
        later(practice).lock_at,
    )
    assert (act.status, act.is_standing) == (CanvasAct.Status.APPLIED, True)
    assert act.after is not None
    assert act.after["are_others_unchanged"] is True


def test_r15_the_title_names_nothing(practice: Practice) -> None:
    write(practice)
    own = practice.own()
    assert own is not None
    assert own.title.startswith("Dates for 1 student · ")


def test_r2_everybody_elses_entry_keeps_its_id_and_dates(practice: Practice, university: University) -> None:
    practice.add(university.ben, title="Ben’s", lock_at=in_minutes(900))
    section = university.state.default_section(university.course)
    university.state.add_override(practice.quiz, section=section, due_at=in_minutes(200))
    before = practice.picture()
    write(practice)
    assert [one for one in practice.picture() if practice.ada.canvas_user_id not in one[2]] == before


def test_contract_10_7_3_a_list_of_several_pages_is_sent_back_whole(practice: Practice, university: University) -> None:
    for number in range(12):
        user = university.state.add_user(f"Person {number}", login_id=f"p{number}")
        university.state.enroll(user, university.course)
        practice.add(user, title=f"Own {number}", lock_at=in_minutes(600 + number))
    before = practice.picture()
    write(practice)
    assert [one for one in practice.picture() if practice.ada.canvas_user_id not in one[2]] == before


def test_r14_intent_and_outcome_hold_only_this_students_part(practice: Practice, university: University) -> None:
    practice.add(university.ben, title="Ben’s", lock_at=in_minutes(900))
    act = write(practice)
    entries = list(ActionLogEntry.objects.filter(request_id=act.key).order_by("sequence"))
    assert [entry.act for entry in entries] == ["canvas.write.started", "canvas.write.applied"]
    assert str(university.ben.id) not in str(entries[1].payload.data["sent"]["element"]["own"]["student_ids"])
    assert "Ben" not in str([entry.payload.data for entry in entries])
    assert isinstance(action_log.verify(), Verified)


def test_taken_back_it_is_as_it_was_where_nothing_stood(practice: Practice) -> None:
    before = practice.picture()
    act = write(practice)
    back = take_back(act)
    assert practice.picture() == before == []
    assert back.undoes == act
    assert not CanvasAct.objects.filter(is_standing=True).exists()


def test_taken_back_an_instructors_own_dates_for_the_student_return(practice: Practice, university: University) -> None:
    practice.add(university.ada, title="From the instructor", lock_at=in_minutes(400))
    before = practice.picture()
    act = write(practice)
    own = practice.own()
    assert own is not None
    assert own.title == "From the instructor", "updated in place, under its own title"
    assert own.lock_at == later(practice).lock_at
    take_back(act)
    assert practice.picture() == before


def test_taken_back_the_student_returns_into_dates_shared_with_others(
    practice: Practice, university: University
) -> None:
    practice.add(university.ada, university.ben, title="Both", lock_at=in_minutes(400))
    before = practice.picture()
    act = write(practice)
    own = practice.own()
    assert own is not None
    assert own.student_ids == [practice.ada.canvas_user_id]
    [shared] = [one for one in practice.overrides if one.id != own.id]
    assert (shared.title, list(shared.student_ids), shared.lock_at) == ("Both", [university.ben.id], before[0][5])
    take_back(act)
    assert practice.picture() == before


def test_changed_twice_it_goes_back_to_what_stood_before_the_first(practice: Practice) -> None:
    write(practice)
    act = write(practice, later(practice, hours=48))
    take_back(act)
    assert practice.picture() == []


def test_r3_what_an_instructor_changed_since_stays(practice: Practice) -> None:
    act = write(practice)
    own = practice.own()
    assert own is not None
    own.lock_at = in_minutes(5000)
    with pytest.raises(NotPossible, match="changed these dates"):
        take_back(act)
    assert own.lock_at == in_minutes(5000) or own.workflow_state == "active"
    assert not CanvasAct.objects.filter(is_standing=True).exists()


def test_where_canvas_has_no_date_details_it_says_so(practice: Practice) -> None:
    practice.university.state.switches.date_details_present = False
    with pytest.raises(NotPossible, match="does not offer dates for ungraded quizzes"):
        write(practice)
    assert practice.university.writes == []


def test_b09_a_list_that_changed_since_it_was_shown_is_not_overwritten(
    practice: Practice, university: University
) -> None:
    seen = quiz_dates.preview(practice.course, practice.assessment, practice.ada, later(practice))
    practice.add(university.ben, title="Ben’s", lock_at=in_minutes(900))
    with pytest.raises(ChangedSinceShown):
        write(practice, shown_digest=seen.digest)
    assert practice.university.writes == []


def test_b09_a_double_click_is_one_act(practice: Practice) -> None:
    key = uuid4()
    act = write(practice, key=key)
    with pytest.raises((ConfirmedBefore, ChangedSinceShown)):
        write(practice, key=key)
    assert list(CanvasAct.objects.all()) == [act]


def test_while_a_sync_is_at_work_nothing_is_sent(practice: Practice) -> None:
    with course_lease(practice.course), pytest.raises(CourseBusy):
        write(practice)
    assert practice.university.writes == []


def test_r1_dates_earlier_than_the_student_has_are_refused(practice: Practice) -> None:
    with pytest.raises(ValuesRefused) as refused:
        write(practice, Dates(lock_at=in_minutes(100), due_at=in_minutes(90)))
    assert {one.field for one in refused.value.problems} == {"due_at", "lock_at"}
    assert practice.university.writes == []


def test_b12_dates_out_of_order_are_refused_at_their_fields(practice: Practice) -> None:
    with pytest.raises(ValuesRefused) as refused:
        write(practice, Dates(unlock_at=in_minutes(3000), due_at=in_minutes(2000), lock_at=in_minutes(2500)))
    assert {one.field for one in refused.value.problems} == {"due_at", "lock_at"}


@pytest.mark.parametrize(
    ("fault", "status"),
    [("drop_after", CanvasAct.Status.APPLIED), ("drop_before", CanvasAct.Status.NOT_ARRIVED)],
)
def test_f11_an_unclear_answer_is_settled_by_reading(practice: Practice, fault: str, status: str) -> None:
    practice.university.fault(fault, method="PUT", path=r"/date_details$", count=1)
    act = write(practice)
    assert act.status == status
    assert act.is_standing == (practice.own() is not None)


def test_a_refusal_is_told_in_canvas_own_words_and_changes_nothing(practice: Practice) -> None:
    practice.university.fault(
        "status", method="PUT", path=r"/date_details$", count=1, value={"code": 422, "body": {"errors": ["bad dates"]}}
    )
    act = write(practice)
    assert (act.status, act.message) == (CanvasAct.Status.REFUSED, "bad dates")
    assert practice.picture() == []


@pytest.fixture
def coordinator(db: None) -> Client:
    client = Client()
    client.force_login(make_user("coordinator"))
    return client


def fields(practice: Practice, **typed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "assessment": practice.assessment.pk,
        "student": practice.ada.pk,
        "unlock_at": "",
        "due_at": "",
        "lock_at": "1 Dec 2030 14:00",
        "step": "show",
        **typed,
    }


def test_the_page_shows_writes_and_takes_back(practice: Practice, coordinator: Client) -> None:
    url = reverse("course_quiz_dates", args=[practice.course.pk])
    assert "Warm-up" in coordinator.get(url).content.decode()
    shown = coordinator.post(url, fields(practice))
    assert "Own dates on Warm-up for Ada Nwosu?" in shown.content.decode()
    assert practice.university.writes == []
    digest = shown.context["preview"].digest
    done = coordinator.post(url, fields(practice, step="confirm", shown_digest=digest), follow=True).content.decode()
    assert "Ada Nwosu has dates of their own on Warm-up" in done
    act = CanvasAct.objects.get()
    back = reverse("act_take_back", args=[act.pk])
    assert back in done
    assert "as the class has it" in coordinator.get(back).content.decode()
    done = coordinator.post(back, {"key": str(uuid4())}, follow=True).content.decode()
    assert "Taken back" in done
    assert practice.picture() == []


WRONG_DATES: list[tuple[dict[str, Any], str]] = [
    ({"lock_at": ""}, "Enter at least one date."),
    ({"lock_at": "31 Feb 2030 10:00"}, "Enter a day and a time"),
    ({"lock_at": "1 Jan 9999 10:00"}, "Enter a year from 2000 to 2100."),
    ({"lock_at": "soon"}, "Enter a day and a time"),
    ({"student": "987654"}, "Choose from the list."),
    ({"assessment": ""}, "Choose a quiz."),
    ({"lock_at": "1 Jan 2021 10:00"}, "It closes before"),
]


def test_b12_what_is_no_date_is_an_error_at_its_field(practice: Practice, coordinator: Client) -> None:
    url = reverse("course_quiz_dates", args=[practice.course.pk])
    for typed, words in WRONG_DATES:
        page = coordinator.post(url, fields(practice, **typed)).content.decode()
        assert words in page, typed
        assert "<title>Error: " in page
    assert practice.university.writes == []
