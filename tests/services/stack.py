"""A whole Leeway of real processes: web server, worker, beat, Redis and sandbox Canvas, on SQLite or PostgreSQL."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from accommodations.demo_stack import commands
from accommodations.demo_stack.children import Child, Children
from accommodations.demo_stack.environment import any_free_port, demo_values, environment_of_children
from accommodations.demo_stack.layout import Layout
from tests.services import processes

USERS_AND_COURSES_ONLY = """
from django.contrib.auth.models import Group, User
from accommodations.demo.accounts import ACCOUNTS
from accommodations.models import LinkedPerson
from accommodations.services import connections, courses

for account in ACCOUNTS:
    user = User.objects.create_user(account.username, password=account.password, is_staff=account.is_staff)
    user.groups.add(Group.objects.get(name=account.role))
    if account.canvas_login_id:
        LinkedPerson.objects.create(user=user, login_id=account.canvas_login_id)
courses.refresh_courses(connections.gateway_for(connections.usable_connection()))
"""


@dataclass
class Stack:
    """The processes, and what a test needs to talk to them."""

    layout: Layout
    values: Mapping[str, str]
    children: Children

    @property
    def url(self) -> str:
        """Return the address of the web server."""
        return f"http://127.0.0.1:{self.values['PORT']}"

    @property
    def canvas_url(self) -> str:
        """Return the address of the sandbox Canvas."""
        return self.values["CANVAS_BASE_URL"]

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command in the stack's environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=processes.ROOT,
            env=dict(self.children.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def run_python(self, code: str) -> str:
        """Run code inside Django and return what it printed."""
        result = self.manage("shell", "--no-imports", "--command", code)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def canvas(self, method: str, path: str, **options: object) -> requests.Response:
        """Ask the sandbox Canvas directly, as an instructor's browser or a look from outside would."""
        response = requests.request(
            method,
            f"{self.canvas_url}{path}",
            headers={"Authorization": f"Bearer {self.values['CANVAS_TOKEN']}"},
            timeout=30,
            **options,
        )
        response.raise_for_status()
        return response

    def child(self, name: str) -> Child:
        """Return a running process by its name."""
        return next(child for child in self.children.running if child.name == name)

    def is_ready(self) -> bool:
        """Whether every part says of itself that it is well."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=15).status_code == requests.codes.ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def logs(self) -> str:
        """Return everything that the processes wrote."""
        return "\n".join(
            f"== {file.name}\n{file.read_text(errors='replace')}" for file in self.layout.logs.glob("*.log")
        )


@contextmanager
def running_stack(
    *, database_url: str | None = None, with_demo_data: bool = False, with_background_work: bool = True
) -> Iterator[Stack]:
    """Run a whole Leeway with the seeded university; ends without leaving a process.

    `database_url` None means SQLite. Without the demo's data there are the demo's users, and nobody has an
    accommodation. Without background work there is neither worker nor beat, and what is asked of them waits.
    """
    with tempfile.TemporaryDirectory(prefix="leeway-stack-") as folder:
        layout = Layout(Path(folder))
        layout.make_folders()
        values = demo_values(layout, port=any_free_port())
        if database_url is not None:
            values["DATABASE_URL"] = database_url
        values["STATIC_ROOT"] = str(Path(folder) / "static")
        stack = Stack(layout, values, Children(layout.logs, environment_of_children(values), processes.ROOT))
        try:
            _start(stack, with_demo_data=with_demo_data, with_background_work=with_background_work)
            yield stack
        finally:
            stack.children.end()


def _start(stack: Stack, *, with_demo_data: bool, with_background_work: bool) -> None:
    children = stack.children
    children.start("Redis", commands.redis_server(stack.layout, stack.values))
    children.start("sandbox Canvas", commands.sandbox(stack.layout, stack.values))
    collecting = children.start("static files", commands.collect_static_files(), is_service=False)
    children.wait_for(children.start("database", commands.migrate(), is_service=False))
    children.wait_for(collecting)
    children.start("web server", commands.web())
    processes.wait_until(lambda: processes.is_listening(int(stack.values["SANDBOX_PORT"])), what="the sandbox Canvas")
    if with_demo_data:
        children.wait_for(children.start("seed", commands.seed(), is_service=False))
    else:
        stack.run_python(USERS_AND_COURSES_ONLY)
    if not with_background_work:
        processes.wait_until(lambda: processes.is_listening(int(stack.values["PORT"])), what="the web server")
        return
    children.start("worker", commands.worker())
    children.start("beat", commands.beat(stack.layout))
    processes.wait_until(stack.is_ready, what="the whole stack", timeout_seconds=90, pause_seconds=0.2)


def is_alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def descendants(pid: int) -> set[int]:
    """Return the ids of all processes below one, children's children included."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parents[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found and child not in found}:
        found |= more
    return found - {pid}
