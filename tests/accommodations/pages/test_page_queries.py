"""Q06: every page of the URL list takes at most 12 queries, and no more when there is three times as much to show.

Session, account, permissions and the log's own writes are counted. A page is opened by every role; where nobody can
open it, it needs a row in `whose`, or a line in NOT_OPENED or NOT_PAGES.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from accommodations import models
from accommodations.models import PairStatus, Student
from accommodations.services import accommodations, people
from accommodations.services.rate_budget import RateBudget
from tests import factories
from tests.accommodations.importing.files import csv_bytes
from tests.accommodations.services.conftest import (
    University,
    connect,
    everything,
    in_days,
    reach,
    small_university,
    sync_now,
)
from tests.kept import kept_between_tests

MOST = 12
ROLES = ("coordinator", "director", "auditor", "instructor", "student", "administrator")
ANSWERS = 200
IS_TRANSACTION = re.compile(r"^(RELEASE )?SAVEPOINT", re.IGNORECASE)
"""A view's own transaction is a savepoint in a test, where production has BEGIN and COMMIT."""

NOT_PAGES = {
    "healthz": "asks nothing of the database, and is asked by machines",
    "readyz": "looks at every part of the system, for machines",
    "metrics": "one query for each number, for machines",
    "sign_in": "who is signed in is sent on",
    "admin_sign_in": "sends on to the page of signing in",
    "invitation_open": "keeps the link's secret in the session, and sends on",
    "invitation_accept": "for somebody who has no account yet",
}
"""URL names that are no page of a signed-in person, and why."""
NOT_OPENED = frozenset(
    [
        "accommodation_approve",
        "accommodation_preview",
        "act_take_back",
        "alert_seen",
        "choose_theme",
        "find",
        "hold_release",
        "holiday_detail",
        "import_confirm",
        "import_detail",
        "import_discard",
        "import_look_up",
        "import_rows",
        "import_take",
        "import_undo",
        "invitation_revoke",
        "log_check",
        "log_check_status",
        "notice_acknowledge",
        "pair_follow_class",
        "sign_out",
        "start_course_sync",
        "start_student_sync",
        "sync_run_apply",
        "sync_run_cancel",
        "sync_run_status",
        "user_new_link",
        "usual_set_retire",
    ]
)
"""What only takes what is sent, or shows nothing in the state of this world."""
ABOVE = {
    "student_detail": 13,  # its parts are seven lists, and the look at the record is logged
    "student_export": 13,
    "pair_unlock": 13,  # reads Canvas under a lease
    "log_export": 16,
    "accommodation_end": 17,  # plans every course of the student twice, to say what an end takes back
    "exception_withdraw": 17,
    "student_undo": 20,
}
"""Pages and files that still take more than they should, and how many: never more than that."""
ONE_MORE_KIND = 2
"""What a state that occurs later may add; one query for each row would add at least four."""


@dataclass
class World:
    """A small university in Leeway, and an account of each role."""

    university: University
    users: dict[str, AbstractUser]
    whose: dict[str, int] = field(default_factory=dict)
    """The row that a URL with a number is about, by the words before the number."""
    before: dict[str, int] = field(default_factory=dict)
    """The most queries that each page took in the small world."""

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.users[role])
        return client


def routes() -> dict[str, str]:
    """Return every URL of Leeway itself by name; Django's own administration is left out."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLPattern):
                found[one.name or route] = route
            elif one.namespace != "admin":
                walk(one.url_patterns, route)

    walk(get_resolver().url_patterns, "")
    return found


def address(world: World, name: str, route: str) -> str | None:
    """Return where the page is; None where nothing here says what the number in it is about."""
    about = re.match(r"(.*?)<int:\w+>", route)
    if about is None:
        return reverse(name)
    whose = world.whose.get(name, world.whose.get(about[1]))
    return None if whose is None else reverse(name, args=[whose])


def most_queries(world: World, name: str, route: str) -> tuple[int, list[str]]:
    """Return the most queries that the page takes for a role that may see it, and those; 0 where none may."""
    most: list[str] = []
    path = address(world, name, route)
    for role in ROLES if path else ():
        client = world.client(role)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)
        asked = [one["sql"] for one in captured.captured_queries if not IS_TRANSACTION.match(one["sql"])]
        if answer.status_code == ANSWERS and len(asked) > len(most):
            most = [role, *asked]
    return max(0, len(most) - 1), most


def grown_by(world: World, number: int) -> None:
    """Let so many students and courses more be there, with plans, statuses, stops, alerts, notices and imports."""
    state, first = world.university.state, len(world.university.state.users)
    courses = [state.add_course(f"Course {first + one}", f"C {first + one}") for one in range(number)]
    students = []
    for one in range(number):
        user = state.add_user(f"Person {first + one}", login_id=f"person{first + one}")
        for course in (world.university.course, *courses):
            state.enroll(user, course)
        students.append(people.find_or_read_student(query=user.login_id))
    for course in courses:
        state.add_quiz(course, "Quiz", time_limit=60, unlock_at=in_days(20), created_at=in_days(-20))
        state.enroll(world.university.ada, course)
    for student in students:
        accommodations.record_accommodations(
            student=student, recorded_by=world.users["coordinator"], values=list(everything())
        )
    sync_now(trigger="nightly", courses=None)
    for student in students:
        _with_open_matters(world, student)


def _with_open_matters(world: World, student: Student) -> None:
    """Give a student what waits for people, each kind once."""
    office, now = world.users["coordinator"], datetime.now(UTC)
    pair = PairStatus.objects.filter(student=student).order_by("pk")[0]
    assessment, course = pair.assessment, pair.course
    run = factories.make_run(student=student, reads_before_applying=True, are_courses_known=True, status="reading")
    factories.make_course_sync(run, course, status="planned", plan_digest="d" * 64)
    models.GuardStop.objects.filter(course=course, status="waiting").update(status="overtaken")
    stop = models.GuardStop.objects.create(
        course=course, run=run, digest="d" * 64, message="Too much.", stopped_at=now,
        actions=[{"digest": "a", "student": student.pk, "assessment": assessment.pk, "sentence": "It ends.",
                  "before": {}, "after": {}}],
    )  # fmt: skip
    alert = models.Alert.objects.create(
        kind="drift", student=student, assessment=assessment, course=course, message="Again.", raised_at=now
    )
    exception = models.AccommodationException.objects.create(
        student=student, course=course, reason="An essential requirement.", decided_by=office,
        effective_until=in_days(30).date(),
    )  # fmt: skip
    notice = models.Notice.objects.create(
        kind="instructor", status="sent", recipient=world.users["instructor"], due_at=now, ended_at=now
    )
    models.NoticeItem.objects.create(
        notice=notice, event="write", what="new", student=student, course=course, assessment=assessment, at=now
    )
    concern = models.Concern.objects.create(
        course=course, assessment=assessment, student=student, words="Why?", raised_by=world.users["instructor"]
    )
    mail = models.OutboxMail.objects.create(to="a@university.example", subject="Done", source="Subject: Done\n\nDone")
    usual = models.UsualSet.objects.create(name=f"Set {student.pk}", provisions=[])
    invitation = models.Invitation.objects.order_by("pk").last()
    source, _ = models.ImportSource.objects.get_or_create(name=f"Case system {student.pk}")
    world.whose = {
        "exceptions/": exception.pk,
        "runs/": run.pk,
        "guard/": stop.pk,
        "alerts/": alert.pk,
        "notices/": notice.pk,
        "concerns/": concern.pk,
        "outbox/": mail.pk,
        "usual-sets/": usual.pk,
        "users/": office.pk,
        "users/invitations/": invitation.pk if invitation else 0,
        "imports/sources/": source.pk,
        "imports/": _import(world, student),
        **world.whose,
    }


def _import(world: World, student: Student) -> int:
    """Upload a file about the student, and return its row number."""
    file = SimpleUploadedFile("list.csv", csv_bytes("Student ID,Multiplier", f"{student.login_id},2"))
    world.client("coordinator").post(reverse("import_new"), {"source": "Case system", "file": file})
    return models.ImportFile.objects.latest("pk").pk


def a_world(patch: pytest.MonkeyPatch) -> World:
    """Return the small world, each page measured in it, and grown afterwards."""
    university = small_university()
    reach(university.state, patch)
    connect()
    models.InstitutionSettings.current()
    users = {role: factories.make_user(role, first_name=role, last_name="Person") for role in ROLES}
    world = World(university, users)
    ada = people.find_or_read_student(query="ada")
    accommodations.record_accommodations(student=ada, recorded_by=users["coordinator"], values=list(everything()))
    factories.make_linked_person(users["student"], login_id="ada", canvas_user_id=ada.canvas_user_id)
    course = models.Course.objects.get(canvas_course_id=university.course.id)
    teacher = factories.make_linked_person(users["instructor"])
    factories.make_teaching(teacher, course)
    grown_by(world, 2)
    pair = PairStatus.objects.get(student=ada, assessment__name="Midterm")
    world.whose |= {
        "students/": ada.pk,
        "courses/": course.pk,
        "coverage/": pair.pk,
        "accommodations/": ada.accommodations.order_by("pk")[0].pk,
        "acts/": 0,
        "settings/holidays/": 20300704,
    }
    world.before = {name: most_queries(world, name, route)[0] for name, route in routes().items() if is_page(name)}
    grown_by(world, 4)
    for row in models.Course.objects.exclude(pk=course.pk):
        factories.make_teaching(teacher, row)
    return world


def is_page(name: str) -> bool:
    return name not in NOT_PAGES and name not in NOT_OPENED


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    yield from kept_between_tests(a_world, django_db_blocker)


@pytest.fixture(autouse=True)
def reached(world: World, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    reach(world.university.state, monkeypatch)
    monkeypatch.setattr(RateBudget, "before_request", lambda budget: None)


@pytest.mark.parametrize("name", [name for name in routes() if is_page(name)])
def test_q06_a_page_takes_at_most_twelve_queries_however_much_it_shows(world: World, name: str) -> None:
    route = routes()[name]
    assert address(world, name, route) is not None, (
        f"{name} ({route}) is about a row: say in `whose` which one, by the words before its number, here in {__name__}"
    )
    number, asked = most_queries(world, name, route)
    assert number, f"nobody can open {name}: let `whose` name a row that shows it, or say why not in NOT_OPENED"
    assert number <= ABOVE.get(name, MOST), "\n".join(one[:200] for one in asked)
    was = world.before[name]
    assert not was or number <= was + ONE_MORE_KIND, f"{was} before\n" + "\n".join(one[:200] for one in asked)
