"""The derivation of a pair: service, page and command, from the stored snapshot alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import ActionLogEntry, CourseSnapshot, PairStatus, Student
from accommodations.services import accommodations
from accommodations.services.explaining import PairExplanation, explain_pair
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    one_attempt_more,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.accommodations.views_a.conftest import at_most_queries
from tests.days import TODAY
from tests.factories import make_linked_person, make_teaching, make_user

pytestmark = pytest.mark.django_db


def grant(student: Student, *values: Any) -> None:
    _, run = accommodations.record_accommodations(student=student, recorded_by=make_user(), values=list(values))
    assert run is not None
    approve(carry_out(run), make_user())


def explained(student: Student, name: str) -> PairExplanation:
    pair = PairStatus.objects.select_related("student", "assessment__course__term", "assessment__course__snapshot").get(
        student=student, assessment__name=name
    )
    return explain_pair(pair.student, pair.assessment, pair=pair, now=timezone.now())


def words_of(explanation: PairExplanation) -> str:
    assert explanation.derivation is not None
    return "\n".join(f"{step.rule} {step.words}" for step in explanation.derivation.steps)


@pytest.fixture
def midterm(ada: Student, university: University) -> PairStatus:
    grant(ada, time_and_a_half(), one_attempt_more())
    return PairStatus.objects.get(student=ada, assessment__name="Midterm")


def test_the_derivation_names_every_step_with_its_numbers(
    midterm: PairStatus, ada: Student, university: University
) -> None:
    university.forget_requests()
    explanation = explained(ada, "Midterm")
    derivation = explanation.derivation
    assert university.requests == []
    assert derivation is not None
    assert "R6 1.5× (every course) gives 30 min." in words_of(explanation)
    assert "R6 1 attempt more (every course) gives 1 attempt." in words_of(explanation)
    assert "60 min and 30 min extra do not fit into the window of 60 min, so it ends 30 min later" in words_of(
        explanation
    )
    assert derivation.grant[0] == "60 min becomes 90 min (1.5×); 1 attempt becomes 2."
    assert [one.supplied_by for one in derivation.class_dates] == ["the assessment itself"] * 3
    assert [one.supplied_by for one in derivation.observed] == ["Leeway’s override"] * 3
    assert derivation.observed_amounts.time == "90 min (60 min and 30 min extra)"
    assert derivation.without_us_amounts.time == "60 min"
    assert "Leeway put 30 min extra; 0 min stood there before." in derivation.ledger
    assert derivation.next_words.startswith("Nothing: the next sync looks again")
    assert derivation.reason == midterm.reason


def test_each_accommodation_says_whether_it_counts_and_why_with_its_version(
    ada: Student, university: University
) -> None:
    grant(ada, time_and_a_half(), time_and_a_half(multiplier=Decimal(2)), two_days_later(kinds=("assignment",)))
    verdicts = {one.verdict.words: one for one in explained(ada, "Midterm").accommodations}
    assert verdicts["2× (every course)"].verdict.counts
    assert verdicts["2× (every course)"].version >= 1
    assert verdicts["1.5× (every course)"].verdict.why == "It gives no more here than others, or nothing at all."
    assert verdicts["2 days later (every course)"].verdict.why == "It was not approved for this kind of assessment."


def test_r10_the_one_who_supplies_a_date_is_named(ada: Student, university: University) -> None:
    section = university.state.default_section(university.course)
    due_at = university.paper.due_at
    university.state.add_override(university.paper, section=section, due_at=due_at)
    grant(ada, two_days_later())
    derivation = explained(ada, "Essay").derivation
    assert derivation is not None
    suppliers = {one.label: one.supplied_by for one in derivation.class_dates}
    assert suppliers == {
        "Opens": "the assessment itself",
        "Due": f"the section’s override “{section.name}”",
        "Closes": "the assessment itself",
    }


def test_a_course_that_was_never_read_has_nothing_to_work_out(midterm: PairStatus, ada: Student) -> None:
    CourseSnapshot.objects.all().delete()
    assert explained(ada, "Midterm").derivation is None


def test_an_exception_says_that_it_stops_every_accommodation(midterm: PairStatus, ada: Student) -> None:
    accommodations.record_exception(
        student=ada,
        course=midterm.course,
        reason="Speed is what is examined",
        effective_until=TODAY + timedelta(days=1),
        decided_by=make_user(),
    )
    derivation = explained(ada, "Midterm").derivation
    assert derivation is not None
    assert all("Speed is what is examined" in one.why for one in derivation.rules)
    assert "Nothing is granted here." in derivation.grant


@pytest.mark.parametrize("role", ["coordinator", "director", "auditor"])
def test_the_page_shows_the_whole_derivation_and_logs_the_look(midterm: PairStatus, role: str) -> None:
    client = Client()
    client.force_login(make_user(role))
    looks = ActionLogEntry.objects.filter(act="student.viewed").count()
    with at_most_queries():
        answer = client.get(reverse("pair_explain", args=[midterm.pk]))
    page = answer.content.decode()
    for heading in (
        "Status, and what happens next",
        "Accommodations, and which count here",
        "The grant, step by step",
        "Class dates",
        "Without us",
        "Canvas holds",
        "What Leeway put here",
    ):
        assert heading in page
    assert "version " in page
    assert "60 min becomes 90 min (1.5×)" in page
    assert ActionLogEntry.objects.filter(act="student.viewed").count() == looks + 1


def test_instructors_see_their_own_course_without_notes_or_what_counts_elsewhere(
    midterm: PairStatus, ada: Student
) -> None:
    grant(ada, two_days_later(kinds=("assignment",), note="Only for the office."))
    teacher, stranger = make_user("instructor"), make_user("instructor")
    make_teaching(make_linked_person(teacher), midterm.course)
    client = Client()
    client.force_login(teacher)
    page = client.get(reverse("pair_explain", args=[midterm.pk])).content.decode()
    assert "1.5× (every course)" in page
    assert "2 days later" not in page
    assert "Only for the office." not in page
    assert "version " not in page
    assert ActionLogEntry.objects.filter(act="student.viewed", actor=teacher).count() == 1
    client.force_login(stranger)
    assert client.get(reverse("pair_explain", args=[midterm.pk])).status_code == 404


@pytest.mark.parametrize("role", ["student", "administrator"])
def test_others_do_not_find_the_page(midterm: PairStatus, ada: Student, role: str) -> None:
    user = make_user(role)
    if role == "student":
        make_linked_person(user, canvas_user_id=ada.canvas_user_id, login_id=ada.login_id)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("pair_explain", args=[midterm.pk])).status_code == 404
    assert client.post(reverse("pair_explain", args=[midterm.pk])).status_code == 405


def test_the_pair_page_links_to_the_derivation(midterm: PairStatus) -> None:
    client = Client()
    client.force_login(make_user("coordinator"))
    page = client.get(reverse("pair_detail", args=[midterm.pk])).content.decode()
    assert reverse("pair_explain", args=[midterm.pk]) in page


def test_the_command_prints_the_whole_derivation(
    midterm: PairStatus, ada: Student, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    university.forget_requests()
    call_command("explain", "--student", "ada", "--assessment", str(midterm.assessment.canvas_assignment_id))
    printed = capsys.readouterr().out
    assert printed.startswith("BOT 101: Midterm\nStatus: In place: Read back.")
    for line in (
        "1.5× (every course), version 1: counts. It gives the extra time.",
        "Closes: ",
        "(by the assessment itself)",
        "1. 1.5× (every course) gives 30 min. [R6]",
        "60 min becomes 90 min (1.5×); 1 attempt becomes 2.",
        "Leeway put 30 min extra; 0 min stood there before.",
        "Next: Nothing: the next sync looks again",
    ):
        assert line in printed
    assert university.requests == []
    assert ActionLogEntry.objects.filter(act="student.viewed", student_id_logged=ada.pk).exists()


def test_the_command_refuses_whom_it_does_not_know(midterm: PairStatus, ada: Student) -> None:
    with pytest.raises(CommandError, match="no student nobody"):
        call_command("explain", "--student", "nobody", "--assessment", "1")
    with pytest.raises(CommandError, match="no assessment 1"):
        call_command("explain", "--student", "ada", "--assessment", "1")


def test_a_pair_that_is_still_planned_names_what_the_next_sync_writes(ada: Student, university: University) -> None:
    grant(ada, one_attempt_more())
    sync_now()
    accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=two_days_later())
    derivation = explained(ada, "Essay").derivation
    assert derivation is not None
    assert any("due " in sentence for sentence in derivation.planned)
    assert derivation.next_words.startswith("The next sync writes it")
