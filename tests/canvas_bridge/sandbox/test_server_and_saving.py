"""The sandbox behind a real socket, and its data over a restart."""

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from canvas_bridge.sandbox.__main__ import _fresh_state, _parse, main
from canvas_bridge.sandbox.dump import dump, load
from canvas_bridge.sandbox.saving import StateFile
from canvas_bridge.sandbox.state import SandboxState


def test_requests_over_a_socket_keep_one_connection_alive(session, server, campus):
    address = f"{server.base_url}/api/v1/courses/{campus.course.id}/assignments?per_page=1"
    first = session.get(address)
    assert first.json()[0]["html_url"].startswith(f"{server.base_url}/courses/{campus.course.id}/")
    assert first.links["next"]["url"].startswith(f"{server.base_url}/api/v1/")
    session.get(first.links["next"]["url"])
    pool = next(iter(session.get_adapter(server.base_url).poolmanager.pools._container.values()))
    assert pool.num_connections == 1


def test_a_dump_loads_into_an_equal_state(state, campus):
    state.add_override(campus.essay, students=[campus.ana], due_at=campus.due, lock_at=None)
    state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=3)
    state.switches.override_list_paginated = False
    copy = SandboxState()
    load(copy, dump(state))
    assert dump(copy) == dump(state)
    assert copy.add_course("Next").id == state.add_course("Next").id
    with pytest.raises(ValueError, match="unknown format"):
        load(copy, {"format": 99})


def test_writes_reach_the_file_a_moment_later_and_at_the_end(state, admin, campus, tmp_path):
    path = tmp_path / "deep" / "canvas.json"
    file = StateFile(state, path, seconds_between_saves=0.05)
    assert file.load() is False
    file.start()
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    deadline = time.monotonic() + 5
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert path.exists()
    state.add_course("At the end")
    file.stop()
    copy = SandboxState()
    assert StateFile(copy, path).load() is True
    assert dump(copy) == dump(state)
    assert [one.name for one in path.parent.iterdir()] == ["canvas.json"]


def test_the_command_keeps_data_over_a_restart_and_ends_on_sigterm(tmp_path):
    path = tmp_path / "canvas.json"

    def run(act):
        command = [sys.executable, "-m", "canvas_bridge.sandbox", "--empty", "--token", "demo", "--data", str(path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})
        try:
            address = process.stdout.readline().split()[-1]
            return act(address)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0

    headers = {"Authorization": "Bearer demo"}
    unpaged = {"override_list_paginated": False}
    run(lambda address: requests.post(f"{address}/_sandbox/switches", json=unpaged, timeout=10))
    answer = run(lambda address: requests.get(f"{address}/_sandbox/switches", headers=headers, timeout=10))
    assert answer.json()["override_list_paginated"] is False


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "canvas.json"
    path.write_text("{}")
    with pytest.raises(SystemExit, match="holds no state of the sandbox"):
        main(["--data", str(path)])


def test_the_options_make_a_state_with_a_token_and_a_stopped_clock():
    options = _parse(["--empty", "--token", "t", "--now", "2026-12-01T08:00:00Z"])
    state = _fresh_state(options)
    assert state.now().isoformat() == "2026-12-01T08:00:00+00:00"
    assert state.tokens.first("text", "t").user_id == state.admin.id
