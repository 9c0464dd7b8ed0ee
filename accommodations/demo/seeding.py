"""Fills an empty installation with the demo's data and queues the first sync; on a filled one it changes nothing."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from accommodations.demo import days, decided, earlier
from accommodations.demo.accounts import ACCOUNTS, Account
from accommodations.demo.campus import Campus
from accommodations.demo.holidays import holidays_from
from accommodations.demo.reading import read_campus
from accommodations.demo.recording import record_everything
from accommodations.demo.usual_sets import record_usual_sets
from accommodations.models import LinkedPerson, Student, SyncRun
from accommodations.roles import ADMINISTRATOR, COORDINATOR, DIRECTOR, INSTRUCTOR
from accommodations.selectors.rules import institution_today
from accommodations.selectors.sync import courses_concerned
from accommodations.services import connections, institution, people
from accommodations.services.sync_runs import request_sync_run

READ_FIRST = "HIST 210"
"""The course whose plan a coordinator wants to read before it is applied; the first sync leaves it alone."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was put into the database, and the runs that wait for a worker."""

    students: int
    accommodations: int
    runs: tuple[SyncRun, ...]


def is_seeded() -> bool:
    """Whether the demo's users are there: they are written together with everything else."""
    return User.objects.filter(username__in=[account.username for account in ACCOUNTS]).exists()


def seed() -> Seeded | None:
    """Seed an empty installation; None where it is seeded already. An interrupted seeding can be repeated.

    Raises NotConnected, CanvasUnreachable or StudentUnknown where the Canvas is not the seeded sandbox.
    """
    if is_seeded():
        return None
    connection = connections.usable_connection()
    campus = read_campus(connection)
    put = earlier.put_into_canvas(campus, connection)
    password = make_password(ACCOUNTS[0].password)
    with transaction.atomic():
        users = {account.role: _add_user(account, password) for account in ACCOUNTS}
        _set_institution(users[ADMINISTRATOR])
        record_usual_sets(users[DIRECTOR])
        recorded = record_everything(campus, recorded_by=users[COORDINATOR], approved_by=users[DIRECTOR])
        earlier.note(campus, put, put_at=timezone.now() - timedelta(days=7))
        decided.note_undone(campus, users[COORDINATOR], now=timezone.now())
        decided.note_dismissed(campus, put, users[DIRECTOR], now=timezone.now())
        days.note_days(campus.this_term, today=institution_today(timezone.now()))
        runs = _request_runs(campus, users[COORDINATOR])
    for person in LinkedPerson.objects.filter(user__groups__name=INSTRUCTOR):
        people.refresh_teachings(person)
    return Seeded(students=Student.objects.count(), accommodations=recorded, runs=runs)


def _add_user(account: Account, password: str) -> User:
    """Add a user with the demo's one password, hashed once for all: hashing is slow on purpose."""
    user = User.objects.create(
        username=account.username,
        first_name=account.first_name,
        last_name=account.last_name,
        email=account.email,
        password=password,
        is_staff=account.is_staff,
    )
    user.groups.set([Group.objects.get(name=account.role)])
    if account.canvas_login_id:
        student = Student.objects.filter(login_id=account.canvas_login_id).first()
        canvas_user_id = student.canvas_user_id if student else None
        LinkedPerson.objects.create(user=user, login_id=account.canvas_login_id, canvas_user_id=canvas_user_id)
    return user


def _set_institution(changed_by: User) -> None:
    holidays = holidays_from(institution_today(timezone.now()))
    changes = {
        "name": "Maplewater University",
        "office_name": "Access Office",
        "office_email": "access@maplewater.example",
        "office_phone": "555 0142, Mon to Fri 9:00 to 16:30",
        "digest_minutes": 5,
        "instructors_record_letters": True,
        "holidays": holidays,
    }
    institution.change_settings(changed_by=changed_by, changes=changes)


def _request_runs(campus: Campus, coordinator: User) -> tuple[SyncRun, ...]:
    """Queue the first sync of every course concerned, save the one whose plan is to be read first."""
    read_first = campus.course(READ_FIRST)
    others = courses_concerned(now=timezone.now()).exclude(pk=read_first.pk)
    return (
        request_sync_run(trigger=SyncRun.Trigger.FIRST, courses=others),
        request_sync_run(
            trigger=SyncRun.Trigger.PERSON,
            requested_by=coordinator,
            courses=[read_first],
            reads_before_applying=True,
        ),
    )
