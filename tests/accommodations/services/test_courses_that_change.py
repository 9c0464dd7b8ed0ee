"""What happens to a course in Canvas, over the sandbox: a section cross-listed, a page saved, an exception decided."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from accommodations.models import AccommodationException, ActionLogEntry, Course, LedgerEntry, Student
from accommodations.services import accommodations, decisions, people
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.courses import Course as CanvasCourse
from tests.accommodations.services.conftest import (
    TOKEN,
    University,
    carry_out,
    in_days,
    one_attempt_more,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.days import TODAY
from tests.factories import make_user

pytestmark = pytest.mark.django_db
WELL = {"read_back", "accepted"}


def post(university: University, path: str, json: Any = None, *, method: str = "POST") -> None:
    """Do something in Canvas, past Leeway."""
    session = requests.Session()
    session.mount("https://canvas.example.edu", SandboxAdapter(university.state))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = session.request(method, f"https://canvas.example.edu{path}", json=json, headers=headers, timeout=5)
    assert answer.ok, answer.text


def save_page(university: University, **fields: Any) -> None:
    """Save the essay's page as its instructor."""
    asked = {"act": "save_assignment_page", "assignment_id": university.paper.id, **fields}
    post(university, "/_sandbox/act", asked)


def give_everything(student: Student) -> None:
    _, run = accommodations.record_accommodations(
        student=student,
        recorded_by=make_user(),
        values=[time_and_a_half(), one_attempt_more(), two_days_later()],
        reads_before_applying=False,
    )
    assert run is not None
    carry_out(run)


def end_everything(student: Student) -> None:
    for accommodation in student.accommodations.all():
        accommodations.end_accommodation(
            accommodation=accommodation,
            ended_by=make_user(),
            version=accommodation.version,
            reads_before_applying=False,
        )
    sync_now()


@pytest.fixture
def zoology(university: University) -> CanvasCourse:
    """Return another course with a quiz, into which Ada's section of Botany may be cross-listed."""
    state = university.state
    course = state.add_course("Zoology", "ZOO 1", term=state.terms[university.course.term_id])
    state.add_section(course, "ZOO 1")
    state.add_quiz(course, "Zoology quiz", time_limit=40, allowed_attempts=1, unlock_at=in_days(20))
    section = state.add_section(university.course, "Evening")
    [enrollment] = state.enrollments.where("user", university.ada.id)
    enrollment.section_id = section.id
    state.enrollments.reindex(enrollment)
    return course


def test_f26_a_section_that_is_cross_listed_and_back_is_covered_wherever_it_is(
    zoology: CanvasCourse, ada: Student, university: University
) -> None:
    before = university.picture()
    give_everything(ada)
    [enrollment] = university.state.enrollments.where("user", university.ada.id)
    section = f"/api/v1/sections/{enrollment.section_id}/crosslist"

    post(university, f"{section}/{zoology.id}")
    people.refresh_enrollments(ada)
    university.forget_requests()
    sync_now(courses=list(Course.objects.all()))
    assert {name: reason for (_, name), reason in statuses().items()} == {"Zoology quiz": "accepted"}
    assert {one.path.split("/")[4] for one in university.writes} == {str(zoology.id)}, "nothing is written elsewhere"
    university.forget_requests()
    sync_now()
    assert university.writes == []

    post(university, section, method="DELETE")
    people.refresh_enrollments(ada)
    university.forget_requests()
    sync_now()
    assert {name for _, name in statuses()} == {"Midterm", "Essay"}
    assert set(statuses().values()) <= WELL
    assert university.writes == [], "what was put before still stands"
    end_everything(ada)
    left = university.picture()
    assert left["overrides"] == before["overrides"]
    assert [one for one in left["quizzes"] if one[0] == university.quiz.id] == []


@pytest.mark.parametrize("renew_ids", [False, True])
def test_f35_a_page_saved_in_canvas_changes_nothing_of_the_grant_nor_of_its_end(
    ada: Student, university: University, renew_ids: bool
) -> None:
    give_everything(ada)
    [ours] = university.overrides_of(university.ada, university.paper)
    dates = (ours.unlock_at, ours.due_at, ours.lock_at)
    save_page(university, renew_ids=renew_ids)
    sync_now()
    [saved] = university.overrides_of(university.ada, university.paper)
    assert (saved.unlock_at, saved.due_at, saved.lock_at) == dates
    assert (saved.id == ours.id) == (not renew_ids)
    assert statuses()["ada", "Essay"] == "read_back"
    university.forget_requests()
    sync_now()
    assert university.writes == []
    end_everything(ada)
    assert university.overrides_of(university.ada, university.paper) == []
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()


def test_f35_r2_an_override_that_was_merged_with_anothers_is_left_to_a_person_and_the_other_keeps_it(
    ada: Student, university: University
) -> None:
    give_everything(ada)
    [ours] = university.overrides_of(university.ada, university.paper)
    university.state.add_override(
        university.paper,
        students=[university.ben],
        unlock_at=ours.unlock_at,
        due_at=ours.due_at,
        lock_at=ours.lock_at,
    )
    save_page(university, renew_ids=True, merge_equal_dates=True)
    [merged] = university.overrides_of(university.ada, university.paper)
    assert sorted(merged.student_ids) == sorted([university.ada.id, university.ben.id])
    sync_now()
    assert statuses()["ada", "Essay"] in WELL | {"instructor_gives_as_much"}
    university.forget_requests()
    end_everything(ada)
    assert university.overrides_of(university.ben, university.paper) == [merged]
    assert sorted(merged.student_ids) == sorted([university.ada.id, university.ben.id])
    assert not [one for one in university.writes if f"/assignments/{university.paper.id}/overrides" in one.path]


def test_an_exception_takes_back_what_was_put_and_its_end_gives_it_again(ada: Student, university: University) -> None:
    before = university.picture()
    give_everything(ada)
    given, course, office = university.picture(), Course.objects.get(), make_user("director")
    exception, run = decisions.record_exception(
        student=ada,
        course=course,
        reason="The exam tests speed",
        effective_until=TODAY + timedelta(days=3),
        decided_by=office,
        reads_before_applying=False,
    )
    carry_out(run)
    assert university.picture() == before
    assert set(statuses().values()) == {"exception"}
    AccommodationException.objects.filter(pk=exception.pk).update(effective_until=TODAY - timedelta(days=2))
    sync_now()
    assert university.picture() == given
    assert set(statuses().values()) <= WELL
    assert ActionLogEntry.objects.filter(act="exception.recorded").count() == 1


def test_r18_an_exception_waits_while_it_is_open(ada: Student, university: University) -> None:
    university.paper.unlock_at = in_days(-1)
    give_everything(ada)
    [ours] = university.overrides_of(university.ada, university.paper)
    _, run = decisions.record_exception(
        student=ada,
        course=Course.objects.get(),
        reason="The exam tests speed",
        effective_until=TODAY + timedelta(days=30),
        decided_by=make_user("director"),
        reads_before_applying=False,
    )
    carry_out(run)
    assert university.overrides_of(university.ada, university.paper) == [ours]
    assert university.extra_time_of(university.ada) == (0, 0)
