"""Where faults happen: PostgreSQL, Redis, Canvas, Celery's worker and beat as processes, with proxies between them.

This process looks at the same database past the proxy. Every trial starts from a copy of one prepared database.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import requests
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from redis import Redis

from accommodations.models import Course, CourseSync, SyncRun
from accommodations.services import accommodations, connections, courses, people, sync_runs
from accommodations.services.change_runs import ChangeCollector
from canvas_bridge.sandbox.dump import load
from canvas_bridge.sandbox.state import SandboxState
from tests.factories import make_user
from tests.faults import campus
from tests.faults.approvals import provisions
from tests.faults.http_proxy import HttpProxy
from tests.faults.postgres_proxy import PostgresProxy
from tests.faults.proxy import Proxy
from tests.services import processes
from tests.services.postgres import Postgres, temporary_postgres
from tests.services.redis import redis_command
from tests.services.stack import descendants

SHORT = {
    "CANVAS_TOTAL_SECONDS": "2.5",
    "COURSE_LEASE_SECONDS": "4",
    "DELIVERY_PATIENCE_SECONDS": "5",
    "SWEEP_SECONDS": "1",
    "CANVAS_RETRY_PAUSES_SECONDS": "2,3,4,5,6,8",
}
"""The product's durations, shortened in proportion; `recovery` measures with the real ones."""
LAB, PREPARED = "lab", "prepared"
TASKS = "accommodations.tasks.sync"
SETTLES_WITHIN_SECONDS = 90


@dataclass
class Lab:
    """The processes and proxies, and what a test does with them. Use `running_lab`."""

    folder: Path
    environment: dict[str, str]
    server: Postgres
    database: PostgresProxy
    redis: Proxy
    canvas: HttpProxy
    redis_port: int
    canvas_port: int
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    others: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    sent_to_redis: list[bytes] = field(default_factory=list)
    plain: "subprocess.Popen[bytes] | None" = None

    # Processes

    def start_worker(self, *, concurrency: int = 1, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a Celery worker and wait until it takes tasks."""
        name = f"worker{len(list(self.folder.glob('worker*.log')))}"
        command = [
            *(sys.executable, "-m", "celery", "--app", "accommodations", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "--hostname", f"{name}@lab"),
        ]
        log = self.folder / f"{name}.log"
        worker = processes.start(command, log=log, environment={**self.environment, **environment})
        self.workers.append(worker)
        processes.wait_until(lambda: "ready." in log.read_text(errors="replace"), what=name, timeout_seconds=60)
        return worker

    def start_beat(self, *, schedule_of: str = "", **environment: str) -> str:
        """Start a beat with a schedule file of its own, or that of an earlier one; return its name."""
        name = f"beat{len(list(self.folder.glob('beat*.log')))}"
        command = [
            *(sys.executable, "-m", "celery", "--app", "accommodations", "beat", "--loglevel", "INFO"),
            *("--schedule", str(self.folder / f"{schedule_of or name}-schedule"), "--pidfile", ""),
        ]
        self._other(name, command, **environment)
        return name

    def kill_children(self, worker: "subprocess.Popen[bytes] | None" = None) -> int:
        """SIGKILL the processes in which a worker runs tasks; return how many there were."""
        found = descendants((worker or self.workers[-1]).pid)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(found)

    def kill_worker(self, worker: "subprocess.Popen[bytes] | None" = None) -> None:
        """SIGKILL a whole worker; held still first, so that it starts no child that outlives it."""
        worker = worker or self.workers[-1]
        worker.send_signal(signal.SIGSTOP)
        self.kill_children(worker)
        worker.kill()
        worker.wait(10)
        self.workers.remove(worker)

    def stop_workers(self) -> None:
        """End every worker."""
        for worker in list(self.workers):
            self.kill_worker(worker)

    def keep_one_worker(self) -> None:
        """See to it that there is one worker, with one process and nothing special in its environment."""
        if len(self.workers) == 1 and self.workers[0] is self.plain and self.plain.poll() is None:
            return
        self.stop_workers()
        self.plain = self.start_worker()

    def stop_beats(self) -> None:
        """End every beat."""
        for name in [one for one in self.others if one.startswith("beat")]:
            self.kill(name)

    def start_redis(self) -> None:
        """Start Redis, empty."""
        self._other("redis", redis_command(self.redis_port, self.folder))
        processes.wait_until(lambda: processes.is_listening(self.redis_port), what="Redis")

    def kill(self, name: str) -> None:
        """SIGKILL one of the other processes."""
        process = self.others.pop(name)
        process.kill()
        process.wait(10)

    def restart_database(self, *, down_seconds: float = 1.0) -> None:
        """End PostgreSQL in its fast way, which cuts every connection, and start it on the same data."""
        self.server.stop()
        time.sleep(down_seconds)
        self.server.start()
        connection.close()

    def deadlock_once(self, table: str) -> None:
        """Let PostgreSQL end the next transaction that updates or adds to a table, as one of a deadlock's two."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE deadlocks")
            cursor.execute(
                "CREATE FUNCTION deadlock_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF nextval('deadlocks') = 1 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;"
                " RETURN NULL; END $$"
            )
            cursor.execute(
                f'CREATE TRIGGER deadlocks AFTER INSERT OR UPDATE ON "{table}" EXECUTE FUNCTION deadlock_once()'
            )

    def start_canvas(self) -> None:
        """Start the sandbox Canvas with the campus as it was at first."""
        self._other("canvas", [sys.executable, "-m", "tests.faults.campus", str(self.canvas_port)])
        processes.wait_until(lambda: processes.is_listening(self.canvas_port), what="Canvas")

    def _other(self, name: str, command: list[str], **environment: str) -> None:
        values = {**self.environment, **environment}
        self.others[name] = processes.start(command, log=self.folder / f"{name}.log", environment=values)

    # The state before a trial

    def prepare(self) -> None:
        """Make the database that every trial begins with: everybody recorded, nothing synced yet."""
        call_command("migrate", verbosity=0)
        office = make_user("director", username="director")
        canvas = connections.usable_connection()
        courses.refresh_courses(connections.gateway_for(canvas))
        collector = ChangeCollector()
        for number in range(1, campus.STUDENTS + 1):
            student = people.find_or_read_student(query=f"ann{number:02}")
            accommodations.record_accommodations(
                student=student, recorded_by=office, values=provisions(number), queue=collector
            )
            people.refresh_enrollments(student, connections.gateway_for(canvas))
        self.keep_database(PREPARED)

    def reset(self) -> None:
        """Make everything as it was at first: database, Canvas, Redis, proxies. Workers go on."""
        for proxy in (self.database, self.redis, self.canvas):
            proxy.clear()
        if "redis" not in self.others:
            self.start_redis()
        self.restore_database(PREPARED)
        self.canvas_control("POST", "reset")
        self.forget_requests()
        self.sent_to_redis.clear()

    def keep_database(self, name: str = "kept") -> None:
        """Keep a copy of the database as it is; nobody may be at work in it."""
        connection.close()
        self.admin(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{LAB}"')

    def restore_database(self, name: str = "kept", *, tablespace: str = "pg_default") -> None:
        """Make the database what it was when it was kept."""
        connection.close()
        self.admin(
            f'DROP DATABASE IF EXISTS "{LAB}" WITH (FORCE)',
            f'CREATE DATABASE "{LAB}" TEMPLATE "{name}" TABLESPACE "{tablespace}"',
        )

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the product on the lab's database."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=processes.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def admin(self, *statements: str) -> None:
        """Let PostgreSQL's own user carry these out, past the proxy."""
        with psycopg.connect(self.server.url, autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)

    # What happens in a trial

    @property
    def messages(self) -> Redis:
        """Return a client of Redis past the proxy."""
        return Redis(port=self.redis_port)

    def send(self, task: str, *arguments: int, **options: Any) -> None:
        """Send a task its message, past the proxy."""
        self.sender().send_task(f"{TASKS}.{task}", arguments, **options)

    def sender(self) -> Celery:
        """Return what puts messages into Redis, past the proxy."""
        sender = Celery("lab", broker=f"redis://127.0.0.1:{self.redis_port}/0", set_as_current=False)
        sender.conf.task_ignore_result = True
        return sender

    def request(self, *, trigger: str = SyncRun.Trigger.NIGHTLY, is_woken: bool = True, **fields: Any) -> SyncRun:
        """Queue a run as the schedule does, and wake a worker."""
        run = sync_runs.request_sync_run(trigger=trigger, **fields)
        if is_woken:
            self.send("prepare_sync_run", run.pk)
        return run

    def request_courses(self) -> SyncRun:
        """Queue a run over every course, as the hourly round does, and wake a worker."""
        return self.request(trigger=SyncRun.Trigger.HOURLY, courses=list(Course.objects.all()))

    def sweep(self) -> None:
        """Send what beat sends each 30 s."""
        self.send("sweep", expires=5)

    def wait_until_settled(self, *, sweeps: bool = True, seconds: float = SETTLES_WITHIN_SECONDS) -> float:
        """Wait until no run is at work any more; return how long it took. Sweeps each second, as beat does here."""
        began, swept_at = time.monotonic(), time.monotonic()
        while is_at_work():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"still at work after {seconds} s: {self.told()}")
            if sweeps and time.monotonic() - swept_at > 1:
                self.sweep()
                swept_at = time.monotonic()
            time.sleep(0.1)
        return time.monotonic() - began

    def sync(self, **options: Any) -> SyncRun:
        """Sync every course once, as the hourly round does, to its end."""
        run = self.request_courses()
        self.wait_until_settled(**options)
        run.refresh_from_db()
        return run

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Wait until something holds."""
        processes.wait_until(condition, what=what, timeout_seconds=seconds)

    # Looking

    def canvas_control(self, method: str, name: str, body: object = None) -> Any:
        """Ask the sandbox's own control interface, past the proxy."""
        address = f"http://127.0.0.1:{self.canvas_port}/_sandbox/{name}"
        answer = requests.request(method, address, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def state(self) -> SandboxState:
        """Return a copy of what Canvas holds now."""
        copy = SandboxState()
        load(copy, self.canvas_control("GET", "state"))
        return copy

    def requests(self) -> list[dict[str, Any]]:
        """Return every request that reached Canvas since they were forgotten."""
        found: list[dict[str, Any]] = self.canvas_control("GET", "requests")["requests"]
        return found

    def writes(self) -> list[dict[str, Any]]:
        """Return those that change something."""
        return [one for one in self.requests() if one["method"] != "GET"]

    def forget_requests(self) -> None:
        """Empty the request log."""
        self.canvas_control("DELETE", "requests")

    def logs(self) -> str:
        """Return everything that workers and beats wrote."""
        files = (*self.folder.glob("worker*.log"), *self.folder.glob("beat*.log"))
        return "\n".join(file.read_text(errors="replace") for file in files)

    def told(self) -> str:
        """Return where every run and course is, for the message of a failure."""
        runs = list(SyncRun.objects.values_list("pk", "trigger", "status", "message"))
        rows = list(CourseSync.objects.values_list("pk", "run", "course", "status", "deaths", "tries", "message"))
        return f"runs {runs}, courses {rows}\n{self.logs()[-3000:]}"


def is_at_work() -> bool:
    """Whether a run has not ended yet."""
    return SyncRun.objects.filter(status__in=(SyncRun.Status.QUEUED, SyncRun.Status.RUNNING)).exists()


@contextmanager
def running_lab(**durations: str) -> Iterator[Lab]:
    """Start everything but workers and beat, and prepare the database; end it without leaving a process."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leeway-faults-")))
        server = stack.enter_context(temporary_postgres())
        redis_port, canvas_port = processes.free_port(), processes.free_port()
        database = stack.enter_context(PostgresProxy(server.port))
        redis = stack.enter_context(Proxy(redis_port))
        canvas = stack.enter_context(HttpProxy(canvas_port))
        values = _environment(database.port, redis.port, canvas.port)
        environment = {**os.environ, **values, **SHORT, **durations}
        lab = Lab(folder, environment, server, database, redis, canvas, redis_port, canvas_port)
        redis.sent = lab.sent_to_redis.append
        stack.callback(_end, lab)
        lab.start_redis()
        lab.start_canvas()
        server.create_database(LAB)
        with _looking_at(server, values, durations={**SHORT, **durations}):
            lab.prepare()
            yield lab


def _environment(database_port: int, redis_port: int, canvas_port: int) -> dict[str, str]:
    now = datetime.now(UTC).replace(minute=7, second=0, microsecond=0)
    return {
        "DJANGO_SETTINGS_MODULE": "accommodations.settings",
        "DATABASE_URL": f"postgres://postgres@127.0.0.1:{database_port}/{LAB}?sslmode=disable&gssencmode=disable",
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "CANVAS_BASE_URL": f"http://127.0.0.1:{canvas_port}",
        "CANVAS_TOKEN": campus.TOKEN,
        "ALLOWED_CANVAS_HOSTS": f"127.0.0.1:{canvas_port}",
        "CAMPUS_NOW": now.isoformat(),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def _looking_at(server: Postgres, values: Mapping[str, str], durations: Mapping[str, str]) -> Iterator[None]:
    """Let this process work on the lab's database and Canvas with the services, past the database's proxy."""
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=str(server.port), NAME=LAB, USER="postgres")
    names = {name: values[name] for name in ("CANVAS_BASE_URL", "CANVAS_TOKEN", "REDIS_URL")}
    hosts = [values["ALLOWED_CANVAS_HOSTS"]]
    seconds = {
        name: float(durations[name]) for name in durations if "," not in durations[name] and hasattr(settings, name)
    }
    try:
        with override_settings(ALLOWED_CANVAS_HOSTS=hosts, **names, **seconds):
            yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def _end(lab: Lab) -> None:
    for process in (*lab.workers, *lab.others.values()):
        process.send_signal(signal.SIGSTOP)
        for pid in {*descendants(process.pid), process.pid}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(10)
