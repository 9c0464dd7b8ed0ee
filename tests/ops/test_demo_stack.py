"""The parts of the demo's launcher: secrets, ports, locks and children that leave nobody behind."""

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accommodations.demo_stack import environment
from accommodations.demo_stack.children import ChildEnded, Children
from accommodations.demo_stack.environment import PortTaken, any_free_port, demo_values, environment_of_children
from accommodations.demo_stack.layout import AlreadyRunning, Layout
from tests.services.stack import is_alive

SECRETS = ("SECRET_KEY", "LEEWAY_ENCRYPTION_KEYS", "LEEWAY_TITLE_KEY", "CANVAS_TOKEN")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return the folders of a new installation."""
    layout = Layout(tmp_path / "var")
    layout.make_folders()
    return layout


@pytest.fixture
def children(layout: Layout) -> Iterator[Children]:
    """Return a set of children that is ended in any case."""
    children = Children(layout.logs, os.environ, layout.var)
    yield children
    children.end()


def test_b43_each_installation_has_secrets_of_its_own_and_keeps_them(tmp_path: Path) -> None:
    """Made at the first start, kept at the second, different elsewhere."""
    layouts = [Layout(tmp_path / name) for name in ("here", "there")]
    for one in layouts:
        one.make_folders()
    first, elsewhere = (demo_values(one, port=any_free_port()) for one in layouts)
    again = demo_values(layouts[0], port=any_free_port())
    for name in SECRETS:
        assert first[name] == again[name]
        assert first[name] != elsewhere[name]


def test_b43_only_the_owner_reads_the_secrets(layout: Layout) -> None:
    """Other accounts of the machine do not."""
    demo_values(layout, port=any_free_port())
    assert stat.S_IMODE(layout.environment_file.stat().st_mode) == 0o600


def test_a_taken_port_is_refused_before_anything_starts(layout: Layout) -> None:
    """The person chooses another one; nothing is half started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken):
            demo_values(layout, port=other.getsockname()[1])
    assert not layout.environment_file.exists()


def test_ports_of_redis_and_sandbox_are_kept_while_they_are_free(layout: Layout) -> None:
    """Links to the sandbox stay good; a port that somebody took meanwhile is replaced."""
    first = demo_values(layout, port=any_free_port())
    assert demo_values(layout, port=any_free_port())["SANDBOX_PORT"] == first["SANDBOX_PORT"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(first["SANDBOX_PORT"])))
        other.listen()
        assert demo_values(layout, port=any_free_port())["SANDBOX_PORT"] != first["SANDBOX_PORT"]


def test_b24_the_demo_is_bound_to_this_machine(layout: Layout) -> None:
    """Nothing of it can be reached, or reaches out, beyond loopback."""
    values = demo_values(layout, port=any_free_port())
    assert values["CANVAS_BASE_URL"] == f"http://{values['ALLOWED_CANVAS_HOSTS']}"
    assert values["ALLOWED_CANVAS_HOSTS"].startswith("127.0.0.1:")
    assert set(values["ALLOWED_HOSTS"].split(",")) == {"127.0.0.1", "localhost"}


def test_the_callers_debug_setting_does_not_reach_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable left over in somebody's shell changes nothing."""
    monkeypatch.setenv("DEBUG", "1")
    assert "DEBUG" not in environment_of_children({"DEMO": "1"})


def test_starting_afresh_deletes_the_demos_data_and_nothing_else(layout: Layout) -> None:
    """Other files under var/ are somebody else's."""
    demo_values(layout, port=any_free_port())
    for name in ("leeway.sqlite3", "leeway.sqlite3-wal", "celerybeat-schedule", "sandbox/state.json", "other.txt"):
        (layout.var / name).touch()
    layout.forget_everything()
    assert [file.name for file in layout.var.iterdir()] == ["other.txt"]


def test_a_folder_runs_one_demo_at_a_time(layout: Layout) -> None:
    """The second one is told so, instead of spoiling the first one's data."""
    with layout.lock(), pytest.raises(AlreadyRunning):
        layout.lock()
    layout.lock().close()


def test_r5_ending_leaves_no_process_not_even_a_childs_child(children: Children) -> None:
    """Also where the child does not care for signals and has started others."""
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        "print(other.pid, flush=True)\n"
        "time.sleep(300)\n"
    )
    child = children.start("stubborn", [sys.executable, "-c", stubborn])
    while not child.log.read_text().strip():
        time.sleep(0.05)
    grandchild = int(child.log.read_text())
    children.end()
    assert not is_alive(child.process.pid)
    for _ in range(50):
        if not is_alive(grandchild):
            break
        time.sleep(0.05)
    assert not is_alive(grandchild)


def test_a_child_that_dies_is_named_with_its_last_words(children: Children) -> None:
    """The person at the terminal sees at once what failed."""
    child = children.start("web server", [sys.executable, "-c", "raise SystemExit('no disk')"])
    child.process.wait(10)
    with pytest.raises(ChildEnded, match=r"web server ended with code 1(.|\n)*no disk"):
        children.check()


def test_a_step_that_fails_stops_the_start(children: Children) -> None:
    """A migration that fails must not be followed by a web server."""
    with pytest.raises(ChildEnded, match="database ended with code 3"):
        children.wait_for(children.start("database", [sys.executable, "-c", "raise SystemExit(3)"], is_service=False))


def test_children_do_not_get_the_terminals_ctrl_c(children: Children) -> None:
    """They are in groups of their own, so that the launcher ends them in order."""
    child = children.start("service", [sys.executable, "-c", "import time; time.sleep(60)"])
    assert os.getpgid(child.process.pid) == child.process.pid
    child.process.send_signal(signal.SIGTERM)
    child.process.wait(10)


def test_environment_files_are_read_as_they_are_written(tmp_path: Path) -> None:
    """Values may hold equals signs, as keys in base64 do."""
    file = tmp_path / "demo.env"
    environment.write_kept(file, {"KEY": "abc=", "PORT": "8000"})
    assert environment.read_kept(file) == {"KEY": "abc=", "PORT": "8000"}
