"""What staff mark as an exam is watched like one: on the pages, in the status table, and every 15 minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import ActionLogEntry, Assessment, Course, PairStatus, Student
from accommodations.selectors.matters import exams_at_risk
from accommodations.selectors.sync import courses_with_exams_soon
from accommodations.services.exams import mark_exam
from tests import factories
from tests.accommodations.services.conftest import (
    University,
    give,
    in_days,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.accommodations.views_b.conftest import SignIn

pytestmark = pytest.mark.django_db
MARK, NO_LONGER = "Mark as an exam", "No longer an exam"


def post(client: Client, assessment: Assessment, value: str, **fields: Any) -> Any:
    return client.post(reverse("assessment_exam", args=[assessment.pk]), {"is_exam": value, **fields})


def page(client: Client, name: str, pk: int) -> str:
    return client.get(reverse(name, args=[pk])).content.decode()


def test_an_exam_marked_by_staff_counts_at_once_and_after_the_next_sync(
    ada: Student, university: University, coordinator: Client
) -> None:
    university.paper.unlock_at, university.paper.due_at = in_days(1), in_days(4)
    give(ada, time_and_a_half(), two_days_later())
    essay = Assessment.objects.get(name="Essay")
    pair = PairStatus.objects.get(assessment=essay)
    assert not pair.is_exam
    assert MARK in page(coordinator, "course_detail", essay.course_id)

    answer = post(coordinator, essay, "1", pair=str(pair.pk))
    assert answer.headers["Location"] == reverse("pair_detail", args=[pair.pk])
    pair.refresh_from_db()
    assert (pair.is_exam, pair.outcome["is_exam"]) == (True, True)
    text = page(coordinator, "pair_detail", pair.pk)
    assert "an exam" in text
    assert NO_LONGER in text
    entry = ActionLogEntry.objects.get(act="assessment.marked_exam")
    assert (entry.actor, entry.assessment_id_logged) == (coordinator.user, essay.pk)

    post(coordinator, essay, "1")
    assert ActionLogEntry.objects.filter(act="assessment.marked_exam").count() == 1, "marked once"
    sync_now()
    pair.refresh_from_db()
    assert pair.is_exam

    assert post(coordinator, essay, "0").headers["Location"] == reverse("course_detail", args=[essay.course_id])
    pair.refresh_from_db()
    assert not pair.is_exam
    sync_now()
    pair.refresh_from_db()
    assert not pair.is_exam
    assert ActionLogEntry.objects.filter(act="assessment.unmarked_exam").count() == 1


def test_an_exam_by_itself_stays_one_when_its_mark_is_taken_back(
    ada: Student, university: University, coordinator: Client
) -> None:
    give(ada, time_and_a_half())
    midterm = Assessment.objects.get(name="Midterm")
    pair = PairStatus.objects.get(assessment=midterm)
    for is_marked in (True, False):
        mark_exam(assessment=midterm, is_marked=is_marked, marked_by=coordinator.user)
        pair.refresh_from_db()
        assert pair.is_exam
    text = page(coordinator, "pair_detail", pair.pk)
    assert MARK not in text
    assert NO_LONGER not in text


def test_an_exam_that_is_marked_is_at_risk_and_in_the_round_of_every_15_minutes(
    student: Student, coordinator: Client
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=20)
    course = Course.objects.get()
    oral = factories.make_assessment(
        course, name="Oral", kind="on_paper", time_limit_minutes=None, unlock_at=soon, lock_at=soon + timedelta(days=2)
    )
    since = datetime.now(UTC) - timedelta(hours=3)
    factories.make_pair(student, oral, reason="planned", since=since, is_exam=False)
    now = timezone.now()
    assert not list(exams_at_risk(now))
    assert not courses_with_exams_soon(now=now).exists()
    post(coordinator, oral, "1")
    assert [matter.number for matter in exams_at_risk(now)] == [course.pk]
    assert courses_with_exams_soon(now=now).get() == course


def test_an_exam_is_marked_by_the_office_and_by_no_instructor(student: Student, sign_in: SignIn) -> None:
    quiz = Assessment.objects.get()
    Assessment.objects.update(time_limit_minutes=None)
    pair = factories.make_pair(student, quiz)
    instructor = sign_in("instructor")
    factories.make_teaching(factories.make_linked_person(instructor.user), quiz.course)
    assert post(instructor, quiz, "1").status_code == 403
    for name, pk in (("pair_detail", pair.pk), ("course_detail", quiz.course_id)):
        assert MARK not in page(instructor, name, pk)
        assert MARK not in page(sign_in("auditor"), name, pk)
        assert MARK in page(sign_in("coordinator"), name, pk)
    assert not Assessment.objects.get().is_marked_exam
