"""A Leeway over the assumed mix in process: requests and SQL queries of syncs, and of the main pages."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accommodations.models import CanvasConnection, Course, PairStatus, Student, SyncRun
from accommodations.services import accommodations, connections, people, sync_runs
from accommodations.services.accommodation_values import AccommodationValues
from accommodations.services.sync_runner import run_course_sync
from benchmarks.mix import Mix, made_mix, reading, reading_back, writing
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter

TOKEN = "token-of-the-benchmark"  # noqa: S105  # opens a sandbox that ends with this process
APART = ("submissions",)


@dataclass(frozen=True)
class Requests:
    """What a sync asked of Canvas beside its bound; looks at submissions are counted apart."""

    case: str
    asked: int
    bound: int
    apart: int
    writes: int


@dataclass(frozen=True)
class Queries:
    """How many SQL queries something took."""

    case: str
    queries: int


class Bench:
    """The mix, connected and recorded; everything is rolled back at the end."""

    def __init__(self, mix: Mix) -> None:
        self.mix = mix
        self.office = User.objects.create(username="bench")
        self.office.groups.add(Group.objects.get(name="director"))
        row = CanvasConnection.objects.create(
            base_url="https://canvas.example.edu", token=TOKEN, courses_read_at=datetime.now(UTC)
        )
        connections.token_time_zone(row, connections.gateway_for(row))
        self.students = [people.find_or_read_student(query=person.login_id) for person in mix.students]

    @property
    def with_dates(self) -> set[int]:
        """Return the positions of every fourth student, who has a shift too."""
        return set(range(0, len(self.students), 4))

    def approve(self) -> None:
        """Give everybody time and a half, and every fourth student two more days; nothing is synced yet."""
        started = date.today() - timedelta(days=1)  # noqa: DTZ011  # the benchmark's own day
        for number, student in enumerate(self.students):
            values = [
                AccommodationValues(
                    provision="extra_time",
                    extra_time_method="multiplier",
                    multiplier=Decimal("1.5"),
                    effective_from=started,
                )
            ]
            if number in self.with_dates:
                values.append(
                    AccommodationValues(
                        provision="alternative_dates", shift_amount=2, shift_unit="days", effective_from=started
                    )
                )
            accommodations.record_accommodations(student=student, recorded_by=self.office, values=values)
        SyncRun.objects.all().delete()

    def first_sync(self) -> Requests:
        """Q01: everything for the first time."""
        everybody = set(range(len(self.students)))
        bound = len(everybody) + sum(
            reading(one)
            + writing(one, with_time=everybody, with_attempts=set(), with_dates=self.with_dates)
            + reading_back(one, with_dates=self.with_dates)
            for one in self.mix.courses
        )
        return self._sync("Q01 first full sync", bound, trigger=SyncRun.Trigger.NIGHTLY)

    def nightly(self) -> Requests:
        """Q02: nothing has changed."""
        bound = len(self.students) + sum(map(reading, self.mix.courses))
        return self._sync("Q02 nightly, nothing changed", bound, trigger=SyncRun.Trigger.NIGHTLY)

    def one_more(self) -> Requests:
        """Q03: one student's accommodation, released in all of their courses."""
        row = self.students[-1]
        number = len(self.students) - 1
        here = [one for one in self.mix.courses if number in one.students]
        bound = 1 + sum(reading(one) + one.classic_quizzes + one.new_quizzes for one in here)
        values = AccommodationValues(
            provision="extra_time",
            extra_time_method="multiplier",
            multiplier=Decimal(2),
            effective_from=date.today(),  # noqa: DTZ011  # the benchmark's own day
        )
        _, run = accommodations.record_accommodation(
            student=row, recorded_by=self.office, values=values, reads_before_applying=False
        )
        SyncRun.objects.filter(pk=run.pk if run else None).update(requested_by=None)
        return self._run("Q03 one accommodation", bound, run)

    def one_due_date(self) -> Requests:
        """Q04: one limit of a quiz has changed, in one course."""
        course = next(one for one in self.mix.courses if one.classic_quizzes and one.students)
        next(iter(self.mix.state.quizzes.where("course", course.course.id))).time_limit = 80
        rows = Course.objects.filter(canvas_course_id=course.course.id)
        return self._sync("Q04 one time limit", reading(course) + 1, trigger=SyncRun.Trigger.HOURLY, courses=rows)

    def _sync(self, case: str, bound: int, **fields: object) -> Requests:
        return self._run(case, bound, sync_runs.request_sync_run(**fields))

    def _run(self, case: str, bound: int, run: SyncRun | None) -> Requests:
        self.mix.state.control.requests.clear()
        if run is not None:
            for number in sync_runs.prepare_run(run.pk):
                run_course_sync(number)
        asked = self.mix.state.control.requests
        apart = sum(one.path.endswith(APART) for one in asked)
        return Requests(case, len(asked) - apart, bound, apart, sum(one.method != "GET" for one in asked))

    def queries(self) -> list[Queries]:
        """Return the queries of a sync of one course that has nothing to do, and of the main pages."""
        course = Course.objects.order_by("pk")[0]
        run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=[course])
        with CaptureQueriesContext(connection) as captured:
            for number in sync_runs.prepare_run(run.pk):
                run_course_sync(number)
        pairs = PairStatus.objects.filter(course=course).count()
        found = [Queries(f"sync of a course with {pairs} pairs and nothing to do", len(captured))]
        client = Client()
        client.force_login(self.office)
        return [*found, *(Queries(name, self._queries_of(client, path)) for name, path in self._pages(course))]

    @staticmethod
    def _queries_of(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path, HTTP_HOST="localhost")
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return len(captured)

    @staticmethod
    def _pages(course: Course) -> Iterator[tuple[str, str]]:
        student, pair = Student.objects.order_by("pk")[0], PairStatus.objects.order_by("pk")[0]
        yield "home", reverse("home")
        yield "students", reverse("student_list")
        yield "one student", reverse("student_detail", args=[student.pk])
        yield "courses", reverse("course_list")
        yield "one course", reverse("course_detail", args=[course.pk])
        yield "coverage", reverse("pair_list")
        yield "one pair", reverse("pair_detail", args=[pair.pk])
        yield "one pair worked out", reverse("pair_explain", args=[pair.pk])
        yield "log", reverse("log")


@contextmanager
def running(*, students: int, courses: int) -> Iterator[Bench]:
    """Let a Leeway stand over the mix, in a transaction that is rolled back."""
    mix = made_mix(students=students, courses=courses, now=datetime.now(UTC))
    mix.state.add_admin_token(TOKEN)
    gateway = partial(CanvasGateway, adapter=SandboxAdapter(mix.state), sleep=lambda seconds: None)
    with ExitStack() as stack:
        # Nothing is collected for a benchmark, so addresses of static files have no digest.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        stack.enter_context(
            override_settings(
                ALLOWED_CANVAS_HOSTS=["canvas.example.edu:443"], STORAGES={**settings.STORAGES, "staticfiles": plain}
            )
        )
        stack.enter_context(patch.object(connections, "CanvasGateway", gateway))
        stack.enter_context(transaction.atomic())
        yield Bench(mix)
        transaction.set_rollback(True)
