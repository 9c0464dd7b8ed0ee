"""Rows for tests, each with sensible defaults: a test says only what matters to it."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group

from accommodations.models import (
    Accommodation,
    AccommodationException,
    Assessment,
    CanvasConnection,
    Course,
    CourseSync,
    Enrollment,
    GonePerson,
    LinkedPerson,
    PairStatus,
    SetAside,
    Student,
    SyncRun,
    Teaching,
    Term,
    UsualSet,
)
from accommodations.planning.statuses import STATUS_OF, Reason

from .days import TODAY

PASSWORD = "correct horse battery"

_numbers = itertools.count(1001)


def make_user(role: str | None = "coordinator", **fields: Any) -> AbstractUser:
    """Return a user in the role's group; None leaves them without any role."""
    number = next(_numbers)
    fields.setdefault("username", f"{role or 'nobody'}{number}")
    user: AbstractUser = get_user_model().objects.create_user(password=fields.pop("password", PASSWORD), **fields)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_linked_person(user: AbstractUser, **fields: Any) -> LinkedPerson:
    """Tie a user to a Canvas person."""
    number = next(_numbers)
    fields.setdefault("canvas_user_id", number)
    return LinkedPerson.objects.create(user=user, login_id=fields.pop("login_id", f"person{number}"), **fields)


def make_student(**fields: Any) -> Student:
    """Return a student with invented names and ids of their own."""
    number = fields.setdefault("canvas_user_id", next(_numbers))
    fields.setdefault("name", f"Amara Student{number}")
    fields.setdefault("sortable_name", f"Student{number}, Amara")
    fields.setdefault("login_id", f"student{number}")
    fields.setdefault("sis_user_id", f"S{number}")
    return Student.objects.create(**fields)


def make_term(**fields: Any) -> Term:
    """Return a term that runs from two months ago to two months ahead."""
    number = fields.setdefault("canvas_term_id", next(_numbers))
    now = datetime.now(UTC)
    fields.setdefault("name", f"Term {number}")
    fields.setdefault("starts_at", now - timedelta(days=60))
    fields.setdefault("ends_at", now + timedelta(days=60))
    return Term.objects.create(**fields)


def make_course(**fields: Any) -> Course:
    """Return a published course of a running term."""
    number = fields.setdefault("canvas_course_id", next(_numbers))
    fields.setdefault("name", f"Course {number}")
    fields.setdefault("course_code", f"CRS{number}")
    fields.setdefault("state", "available")
    fields.setdefault("time_zone", "America/New_York")
    if "term" not in fields:
        fields["term"] = make_term()
    return Course.objects.create(**fields)


def make_enrollment(student: Student, course: Course, **fields: Any) -> Enrollment:
    """Enroll a student in a section of a course."""
    fields.setdefault("canvas_enrollment_id", next(_numbers))
    fields.setdefault("canvas_section_id", next(_numbers))
    fields.setdefault("state", "active")
    return Enrollment.objects.create(student=student, course=course, **fields)


def make_teaching(person: LinkedPerson, course: Course, **fields: Any) -> Teaching:
    """Make a linked person an active teacher of a course."""
    fields.setdefault("canvas_enrollment_id", next(_numbers))
    fields.setdefault("canvas_section_id", next(_numbers))
    return Teaching.objects.create(person=person, course=course, **fields)


def make_assessment(course: Course, **fields: Any) -> Assessment:
    """Return a published classic quiz of 60 minutes and one attempt that opens in three days."""
    number = next(_numbers)
    opens_at = datetime.now(UTC) + timedelta(days=3)
    fields.setdefault("canvas_assignment_id", number)
    fields.setdefault("canvas_quiz_id", number + 500_000)
    fields.setdefault("key", f"assignment:{fields['canvas_assignment_id']}")
    fields.setdefault("name", f"Quiz {number}")
    fields.setdefault("kind", "classic_quiz")
    fields.setdefault("time_limit_minutes", 60)
    fields.setdefault("allowed_attempts", 1)
    fields.setdefault("unlock_at", opens_at)
    fields.setdefault("due_at", opens_at + timedelta(hours=8))
    fields.setdefault("lock_at", opens_at + timedelta(hours=8))
    return Assessment.objects.create(course=course, **fields)


def make_accommodation(student: Student, **fields: Any) -> Accommodation:
    """Return an active accommodation: time and a half in every course, in force since last month."""
    if fields.setdefault("provision", Accommodation.Provision.EXTRA_TIME) == Accommodation.Provision.EXTRA_TIME:
        fields.setdefault("extra_time_method", "multiplier")
        if fields["extra_time_method"] == "multiplier":
            fields.setdefault("multiplier", "1.50")
    fields.setdefault("effective_from", TODAY - timedelta(days=30))
    fields.setdefault("status", Accommodation.Status.ACTIVE)
    if "recorded_by" not in fields:
        fields["recorded_by"] = make_user("coordinator")
    return Accommodation.objects.create(student=student, **fields)


def make_exception(student: Student, course: Course, **fields: Any) -> AccommodationException:
    """Return an exception for a whole course that stands for another week."""
    fields.setdefault("reason", "The time is part of what is examined.")
    fields.setdefault("effective_until", TODAY + timedelta(days=7))
    if "decided_by" not in fields:
        fields["decided_by"] = make_user("director")
    return AccommodationException.objects.create(student=student, course=course, **fields)


def make_usual_set(**fields: Any) -> UsualSet:
    """Return an offered set: time and a half on classic quizzes, and one attempt more."""
    fields.setdefault("name", f"Set {next(_numbers)}")
    time = {"provision": "extra_time", "extra_time_method": "multiplier", "multiplier": "1.5"}
    attempts = {"provision": "extra_attempts", "attempts": 1, "kinds": []}
    fields.setdefault("provisions", [{**time, "kinds": ["classic_quiz"]}, attempts])
    return UsualSet.objects.create(**fields)


def make_pair(student: Student, assessment: Assessment, **fields: Any) -> PairStatus:
    """Return the status row of one student on one assessment; its status follows from the reason."""
    reason = Reason(fields.pop("reason", Reason.READ_BACK))
    now = datetime.now(UTC)
    fields.setdefault("sentence", "60 → 90 min")
    fields.setdefault("outcome", {})
    fields.setdefault("opens_at", assessment.unlock_at)
    fields.setdefault("closes_at", assessment.lock_at)
    fields.setdefault("since", now)
    fields.setdefault("read_at", now)
    return PairStatus.objects.create(
        student=student, assessment=assessment, course=assessment.course, status=STATUS_OF[reason], reason=reason,
        **fields,
    )  # fmt: skip


def make_run(**fields: Any) -> SyncRun:
    """Return a queued run of the hourly schedule."""
    fields.setdefault("trigger", SyncRun.Trigger.HOURLY)
    return SyncRun.objects.create(**fields)


def make_course_sync(run: SyncRun, course: Course, **fields: Any) -> CourseSync:
    """Return one course of a run."""
    return CourseSync.objects.create(run=run, course=course, **fields)


def make_connection(**fields: Any) -> CanvasConnection:
    """Return a connection to an address that no test may reach."""
    fields.setdefault("base_url", "https://canvas.example.edu")
    fields.setdefault("token", "token-of-the-tests")
    fields.setdefault("token_last4", "ests")
    return CanvasConnection.objects.create(**fields)


def make_set_aside(course: Course, **fields: Any) -> SetAside:
    """Return a course that three workers ended over."""
    fields.setdefault("message", "3 workers ended while they were at this course.")
    return SetAside.objects.create(course=course, **{"deaths": 3, "set_aside_at": datetime.now(UTC), **fields})


def make_gone(student: Student, **fields: Any) -> GonePerson:
    """Return the mark on a student whom Canvas no longer knows, undecided."""
    return GonePerson.objects.create(**{"student": student, "noted_at": datetime.now(UTC), **fields})
