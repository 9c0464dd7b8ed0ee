"""The acting pages as people of each role open them, on the small university of the services' tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CourseSync, InstitutionSettings, Student, SyncAction, SyncRun
from tests import factories
from tests.accommodations.services.conftest import ada, connection, university

__all__ = ["ada", "connection", "university"]

SignIn = Callable[[str], Client]
HTMX = {"HX-Request": "true"}
THREE_PROVISIONS: dict[str, Any] = {
    "provisions": ["extra_time", "extra_attempts", "alternative_dates"],
    "time_how": "1.5",
    "attempts": "1",
    "dates_how": "shift",
    "shift_amount": "2",
    "shift_unit": "days",
    "scope": "every_course",
    "effective_from": "1 Dec 2025",
}


TIME: dict[str, Any] = {
    "provisions": ["extra_time"],
    "time_how": "1.5",
    "scope": "every_course",
    "effective_from": "1 Dec 2025",
}


def new(student: Student) -> str:
    """Return where accommodations of the student are recorded."""
    return reverse("accommodation_new", args=[student.pk])


def text(client: Client, name: str, *args: int, query: str = "") -> str:
    """Return the page of that name."""
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a function that signs somebody of a role in; the client knows who they are as `.user`."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.user = factories.make_user(role)
        client.force_login(client.user)
        return client

    return signed_in


@pytest.fixture
def coordinator(sign_in: SignIn) -> Client:
    return sign_in("coordinator")


@pytest.fixture
def director(sign_in: SignIn) -> Client:
    return sign_in("director")


@pytest.fixture
def two_people(db: None) -> None:
    InstitutionSettings.objects.update_or_create(pk=1, defaults={"two_person_approval": True})


@pytest.fixture
def student(db: None) -> Student:
    """Return a student with one course and one timed quiz."""
    student = factories.make_student(name="Kwabena Mensah")
    course = factories.make_course(course_code="BIO 101", name="Introductory Biology")
    factories.make_enrollment(student, course)
    factories.make_assessment(course, name="Quiz 8")
    return student


def stored_action(**fields: Any) -> dict[str, Any]:
    """Return the stored form of a planned action: 60 → 90 minutes on a classic quiz."""
    return {
        "canvas_user_id": 1,
        "assessment_key": "quiz:1",
        "change": {
            "type": "SetQuizExtension",
            "canvas_quiz_id": 1,
            "canvas_user_id": 1,
            "extra_minutes": 30,
            "extra_attempts": None,
        },
        "before": {"extra_minutes": 0, "extra_attempts": None, "dates": None},
        "after": {"extra_minutes": 30, "extra_attempts": None, "dates": None},
        "sentence": "Quiz 8: 60 min becomes 90 min (1.5×).",
        "is_shrinking": False,
        **fields,
    }


def make_plan(student: Student, *, changes: int = 2, **fields: Any) -> tuple[SyncRun, CourseSync]:
    """Return a run whose plan waits to be read, with so many planned actions for the student."""
    fields.setdefault("status", SyncRun.Status.READING)
    fields.setdefault("trigger", SyncRun.Trigger.CHANGE)
    run = factories.make_run(student=student, reads_before_applying=True, are_courses_known=True, **fields)
    course = student.enrollments.get().course
    part = factories.make_course_sync(run, course, status=CourseSync.Status.PLANNED, plan_digest="d" * 64)
    add_actions(part, student, changes)
    return run, part


def add_actions(part: CourseSync, student: Student, number: int, **fields: Any) -> list[SyncAction]:
    """Add planned actions to a course's plan, each for an assessment of its own."""
    first = part.actions.count()
    return [
        SyncAction.objects.create(
            course_sync=part,
            student=student,
            assessment=factories.make_assessment(part.course, name=f"Quiz {position}"),
            position=position,
            action=stored_action(),
            sentence="60 min becomes 90 min (1.5×).",
            **fields,
        )
        for position in range(first, first + number)
    ]
