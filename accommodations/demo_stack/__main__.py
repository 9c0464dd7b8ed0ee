"""`make demo`: start everything, say where it is, and end everything on Ctrl-C, SIGTERM or when a part fails."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from accommodations.demo.accounts import table_of_accounts
from accommodations.demo_stack import commands
from accommodations.demo_stack.children import ChildEnded, Children
from accommodations.demo_stack.environment import PortTaken, demo_values, environment_of_children, is_free
from accommodations.demo_stack.layout import AlreadyRunning, Layout

FOLDER = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 120
WRONG_USE = 2


class EndRequested(BaseException):
    """Somebody pressed Ctrl-C or asked the process to end. Not an Exception: nothing on the way may swallow it."""


class NotReady(Exception):
    """Everything runs, and yet a part does not answer."""


def main() -> int:
    """Run the demo and return its exit code: 0 asked to end, 1 a part failed, 2 wrong use."""
    os.umask(0o077)
    _end_on_signals()
    layout = Layout(FOLDER / "var")
    try:
        port = _chosen_port(os.environ.get("PORT", ""))
        lock = layout.lock()
        if os.environ.get("RESET") == "1":
            layout.forget_everything()
        layout.make_folders()
        values = demo_values(layout, port=port)
    except ValueError:
        return _refuse(f"PORT must be a number from 1024 to 65535, got {os.environ['PORT']!r}.")
    except AlreadyRunning:
        return _refuse("The demo is running in this folder already. End it there first, with Ctrl-C.")
    except PortTaken:
        return _refuse(f"Port {port} is taken by another program. Choose another one: make demo PORT={port + 1}")
    with lock:
        return _run(layout, values, Children(layout.logs, environment_of_children(values), FOLDER, (lock.fileno(),)))


def _run(layout: Layout, values: dict[str, str], children: Children) -> int:
    try:
        _start(layout, values, children)
        _wait_until_ready(values, children)
        _announce(layout, values)
        while True:
            children.check()
            time.sleep(0.3)
    except EndRequested:
        print("\nLeeway ends …", flush=True)
        return 0
    except (ChildEnded, NotReady) as error:
        print(f"\nLeeway ends, since a part of it failed: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        _ignore_signals()
        children.end()


def _start(layout: Layout, values: dict[str, str], children: Children) -> None:
    """Start the parts as early as their needs allow: what can start side by side does."""
    print("Leeway starts …", flush=True)
    children.start("Redis", commands.redis_server(layout, values))
    children.start("sandbox Canvas", commands.sandbox(layout, values))
    migrating = children.start("database", commands.migrate(), is_service=False)
    collecting = children.start("static files", commands.collect_static_files(), is_service=False)
    children.wait_for(collecting)
    children.start("web server", commands.web())
    children.wait_for(migrating)
    children.start("worker", commands.worker())
    _wait_until_listening(int(values["SANDBOX_PORT"]), "sandbox Canvas", children)
    seeding = children.start("seed", commands.seed(), is_service=False)
    children.start("beat", commands.beat(layout))
    children.wait_for(seeding)


def _wait_until_listening(port: int, name: str, children: Children) -> None:
    end = time.monotonic() + READY_WITHIN_SECONDS
    while is_free(port):
        children.check()
        if time.monotonic() > end:
            raise NotReady(f"{name} does not answer; see {children.logs}")
        time.sleep(0.05)


def _wait_until_ready(values: dict[str, str], children: Children) -> None:
    end = time.monotonic() + READY_WITHIN_SECONDS
    words = ""
    while time.monotonic() < end:
        children.check()
        is_ready, words = _readiness(f"http://127.0.0.1:{values['PORT']}/readyz")
        if is_ready:
            return
        time.sleep(0.2)
    raise NotReady(f"after {READY_WITHIN_SECONDS} s it says of itself: {words}. The logs are in {children.logs}")


def _readiness(address: str) -> tuple[bool, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own http address
            return True, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return False, error.read().decode(errors="replace")[:300]
    except OSError as error:
        return False, f"no answer yet ({error})"


def _announce(layout: Layout, values: dict[str, str]) -> None:
    print(f"\nLeeway is ready: http://127.0.0.1:{values['PORT']}\n")
    print(f"Sign in as one of:\n{table_of_accounts()}")
    print(f"\nThe sandbox Canvas is at {values['CANVAS_BASE_URL']}; logs are in {layout.logs}.")
    print("Ctrl-C ends everything; the data stays. RESET=1 starts afresh.", flush=True)


def _chosen_port(text: str) -> int:
    """Return the port. Raises ValueError where it is none that a person may use."""
    port = int(text or "8000")
    if not 1024 <= port <= 65535:
        raise ValueError(text)
    return port


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return WRONG_USE


def _end_on_signals() -> None:
    def request_end(number: int, frame: FrameType | None) -> None:
        raise EndRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_end)


def _ignore_signals() -> None:
    """From here on nothing interrupts the ending: it has an end of its own."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EndRequested:
        sys.exit(0)
