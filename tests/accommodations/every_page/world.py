"""A small university with something of everything, for tests that open every page of the URL list."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max, Min
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accommodations import models
from accommodations.models import PairStatus, Student
from accommodations.selectors.rules import institution_today
from accommodations.services import accommodations, imports, people
from accommodations.services.accommodation_values import AccommodationValues
from accommodations.services.coverage_days import write_coverage_day
from accommodations.services.import_checking import check_file
from accommodations.services.import_taking import take_file
from accommodations.services.invitations import invite_to_new_password
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
    time_and_a_half,
    two_days_later,
)

GROUP_OF_A_RULE = "Exams"
ROLES = ("coordinator", "director", "auditor", "instructor", "student", "administrator")


@dataclass
class World:
    """A university in Leeway, and an account of each role."""

    university: University
    users: dict[str, AbstractUser]
    clients: dict[str, Client]
    whose: dict[str, list[int | str]] = field(default_factory=dict)
    """What the URLs with a part to fill in are about, by the words before that part, or by the URL's name."""


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


def addresses(world: World, name: str) -> list[str]:
    """Return where the page is, for each row that it may be about; nothing where the world knows no such row."""
    about = re.match(r"(.*?)<\w+:\w+>", routes()[name])
    if about is None:
        return [reverse(name)]
    return [reverse(name, args=[one]) for one in world.whose.get(name, world.whose.get(about[1], []))]


def new_world(patch: pytest.MonkeyPatch) -> World:
    """Return the university with two students and three courses, all of it synced, and what waits for people."""
    university = small_university()
    _add_special_cases(university)
    reach(university.state, patch)
    connect()
    models.InstitutionSettings.current()
    models.InstitutionSettings.objects.update(instructors_record_letters=True, holidays=["2030-07-04"])
    users = {role: factories.make_user(role, first_name=role, last_name="Person") for role in ROLES}
    world = World(university, users, {role: Client() for role in ROLES})
    for role, client in world.clients.items():
        client.force_login(users[role])
    ada = people.find_or_read_student(query="ada")
    [first, *_], _ = accommodations.record_accommodations(
        student=ada, recorded_by=users["coordinator"], values=every_kind()
    )
    accommodations.change_accommodation(
        accommodation=first,
        changed_by=users["coordinator"],
        version=first.version,
        values=time_and_a_half(multiplier=Decimal(2)),
    )
    factories.make_linked_person(users["student"], login_id="ada", canvas_user_id=ada.canvas_user_id)
    factories.make_teaching(factories.make_linked_person(users["instructor"]), _botany(world))
    grow(world, 2)
    return world


def _add_special_cases(university: University) -> None:
    """Let the course have a group's assignment, an assignment group that rules name, and a quiz that is closed."""
    state, course = university.state, university.course
    teams = state.add_group_category(course, "Teams")
    state.add_group(teams, "Reds", university.ada)
    project = state.add_assignment(course, "Project", unlock_at=in_days(2), due_at=in_days(9), created_at=in_days(-20))
    project.group_category_id = teams.id
    exams = state.add_assignment_group(course, GROUP_OF_A_RULE)
    university.paper.assignment_group_id = exams.id
    state.add_quiz(
        course, "Warm-up", time_limit=30, unlock_at=in_days(-3), lock_at=in_days(-1), created_at=in_days(-20)
    )


def every_kind() -> list[AccommodationValues]:
    """Return one accommodation of each kind, and one for an assignment group alone."""
    return [*everything(), two_days_later(assignment_groups=(GROUP_OF_A_RULE,), shift_amount=3)]


def _botany(world: World) -> models.Course:
    return models.Course.objects.get(canvas_course_id=world.university.course.id)


def grow(world: World, number: int) -> None:
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
    office = world.users["coordinator"]
    for student in students:
        accommodations.record_accommodations(student=student, recorded_by=office, values=every_kind())
    sync_now(trigger="nightly", courses=None)
    person = models.LinkedPerson.objects.get(user=world.users["instructor"])
    for row in models.Course.objects.exclude(teachings__person=person):
        factories.make_teaching(person, row)
    for student in students:
        _add_open_matters(world, student)
    invite_to_new_password(user=world.users["student"], invited_by=world.users["administrator"])
    factories.make_set_aside(models.Course.objects.exclude(set_asides__isnull=False).order_by("pk")[0])
    gone, survivor = students[:2]
    models.GonePerson.objects.create(student=gone, survivor=survivor, noted_at=datetime.now(UTC))
    write_coverage_day(now=datetime.now(UTC))
    world.whose = _what_there_is(world)


def _add_open_matters(world: World, student: Student) -> None:
    """Give a student what waits for people, each kind once."""
    office, now = world.users["coordinator"], datetime.now(UTC)
    pair = PairStatus.objects.filter(student=student).order_by("pk")[0]
    assessment, course = pair.assessment, pair.course
    run = factories.make_run(student=student, reads_before_applying=True, are_courses_known=True, status="reading")
    factories.make_course_sync(run, course, status="planned", plan_digest="d" * 64)
    models.GuardStop.objects.filter(course=course, status="waiting").update(status="overtaken")
    models.GuardStop.objects.create(
        course=course, run=run, digest="d" * 64, message="Too much.", stopped_at=now,
        actions=[{"digest": "a", "student": student.pk, "assessment": assessment.pk, "sentence": "It ends.",
                  "before": {}, "after": {}}],
    )  # fmt: skip
    models.Alert.objects.create(
        kind="drift", student=student, assessment=assessment, course=course, message="Again.", raised_at=now
    )
    factories.make_exception(student, course, decided_by=office)
    models.CourseRelease.objects.create(student=student, course=course, released_by=office)
    Student.objects.filter(pk=student.pk).update(needs_release=True)
    models.PairHold.objects.create(
        student=student, assessment=assessment, kind="undone", held_by=office, held_at=now, reason="A mistake."
    )
    notice = models.Notice.objects.create(
        kind="instructor", status="sent", recipient=world.users["instructor"], due_at=now, ended_at=now
    )
    models.NoticeItem.objects.create(
        notice=notice, event="write", what="new", student=student, course=course, assessment=assessment, at=now
    )
    models.Concern.objects.create(
        course=course, assessment=assessment, student=student, words="Why?", raised_by=world.users["instructor"]
    )
    models.OutboxMail.objects.create(to="a@university.example", subject="Done", source="Subject: Done\n\nDone")
    factories.make_usual_set()
    factories.make_accommodation(student, status="draft", recorded_by=office)
    _import(world, student)


def _import(world: World, student: Student) -> None:
    """Leave three files: one whose columns nobody named yet, one that was taken, one with an unknown student."""
    office = world.users["coordinator"]
    _upload(world, f"System {student.pk}", student.login_id)
    taken = _upload(world, "Case system", student.login_id)
    if not taken.is_mapped:
        imports.map_columns(file=taken, mapping={"student": 0, "multiplier": 1}, day_order="month_first")
        taken.refresh_from_db()
    take_file(file=taken, taken_by=office, digest=check_file(taken).digest, keeps_missing=True)
    _upload(world, "Case system", "nobody-known")


def _upload(world: World, source: str, login_id: str) -> models.ImportFile:
    file = SimpleUploadedFile("list.csv", csv_bytes("Student ID,Multiplier", f"{login_id},2"))
    world.clients["coordinator"].post(reverse("import_new"), {"source": source, "file": file})
    return models.ImportFile.objects.latest("pk")


def _what_there_is(world: World) -> dict[str, list[int | str]]:
    """Return the newest row of each kind, of pairs one of each reason, of files and runs one of each state."""
    ada = Student.objects.get(login_id="ada")
    of_each: dict[str, list[int | str]] = defaultdict(list)
    for prefix, model in _MODELS.items():
        of_each[prefix] = list(model.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    firsts = PairStatus.objects.order_by().values("reason").annotate(first=Min("pk")).values_list("first", flat=True)
    runs = models.SyncRun.objects.order_by().values("status", "trigger").annotate(last=Max("pk"))
    waiting = models.Accommodation.objects.filter(status="draft").order_by("-pk")
    of_each |= {
        "students/": [ada.pk, waiting[0].student_id],
        "courses/": [_botany(world).pk],
        "coverage/": list(firsts),
        "accommodations/": [ada.accommodations.order_by("pk")[0].pk],
        "coverage/days/": [f"{institution_today(datetime.now(UTC)):%Y-%m-%d}"],
        "settings/holidays/": [20300704],
        "imports/": list(models.ImportFile.objects.order_by("-pk").values_list("pk", flat=True)[:3]),
        "runs/": list(runs.values_list("last", flat=True)),
        "student_gone": list(models.GonePerson.objects.order_by("-pk").values_list("student", flat=True)[:1]),
        "letters/": list(waiting.values_list("pk", flat=True)[:1]),
    }
    return of_each


_MODELS = {
    "acts/": models.CanvasAct,
    "alerts/": models.Alert,
    "assessments/": models.Assessment,
    "concerns/": models.Concern,
    "exceptions/": models.AccommodationException,
    "guard/": models.GuardStop,
    "imports/sources/": models.ImportSource,
    "notices/": models.Notice,
    "outbox/": models.OutboxMail,
    "set-aside/": models.SetAside,
    "users/": models.ActionLogEntry.actor.field.related_model,
    "users/invitations/": models.Invitation,
    "usual-sets/": models.UsualSet,
}
