"""The sandbox behind a real socket: broken requests, faults as a network shows them, many threads, who may steer."""

import json
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
import requests

from canvas_bridge.sandbox.__main__ import main
from canvas_bridge.sandbox.http.loopback import is_from_this_machine

BAD_REQUEST = {"errors": [{"message": "An error occurred.", "error_code": "bad_request"}]}


def exchange(server, text):
    """Send bytes as they are, and return status, headers and body of the one answer."""
    with socket.create_connection(server.server_address[:2], timeout=5) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return SimpleNamespace(status=int(head.split()[1]), head=head.decode(), body=body)


BROKEN = {
    "no request line": (b"nonsense\r\n\r\n", 400),
    "a wrong version": (b"GET / HTTP/9.9\r\n\r\n", 505),
    "an unknown method": (b"BREW /api/v1/users/self HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    "an endless address": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
    "an address that is none": (b"GET http://[x/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a length that is no number": (b"POST /api/v1/courses HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
    "a body too large": (b"POST /api/v1/courses HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", 413),
    "a body that ends early": (b"POST /api/v1/courses HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc", 400),
    "chunks that are none": (b"POST /api/v1/courses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    "an unknown transfer encoding": (b"POST /api/v1/courses HTTP/1.1\r\nTransfer-Encoding: br\r\n\r\n", 405),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
}


@pytest.mark.parametrize("why", BROKEN)
def test_contract_1_2_a_broken_request_is_answered_in_canvass_shape(server, why):
    text, status = BROKEN[why]
    answer = exchange(server, text)
    expected = 501 if why == "an unknown transfer encoding" else status
    assert answer.status == expected
    assert json.loads(answer.body)["errors"][0]["message"] == "An error occurred."


def test_a_body_may_come_in_chunks(session, server, campus):
    def pieces():
        yield b'{"assignment_override": {"student_ids": '
        yield f"[{campus.ana.id}]}}}}".encode()

    answer = session.post(
        f"{server.base_url}/api/v1{campus.overrides}", data=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["student_ids"]) == (201, [campus.ana.id])


def test_a_folded_header_comes_back_on_one_line(server, state, campus):
    token = state.add_admin_token()
    request = f"GET /api/v1/courses/{campus.course.id}/sections HTTP/1.1\r\nHost: a\r\n X-Evil: b\r\n"
    answer = exchange(server, f"{request}Authorization: Bearer {token}\r\n\r\n".encode())
    assert answer.status == 200
    assert "\r\n X-Evil" not in answer.head


def test_head_and_answers_without_content_leave_the_connection_usable(session, server, campus):
    address = f"{server.base_url}/api/v1/courses/{campus.course.id}"
    assert session.head(address).status_code == 200
    assert session.options(address).status_code == 204
    assert session.get(address).json()["id"] == campus.course.id
    pool = next(iter(session.get_adapter(server.base_url).poolmanager.pools._container.values()))
    assert pool.num_connections == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("drop_before", requests.ConnectionError),
        ("drop_after", requests.ConnectionError),
        ("truncate", requests.exceptions.ChunkedEncodingError),
    ],
)
def test_f11_a_lost_connection_is_lost_on_the_wire(session, server, kind, error):
    session.post(f"{server.base_url}/_sandbox/faults", json={"kind": kind, "count": 1})
    with pytest.raises(error):
        session.get(f"{server.base_url}/api/v1/users/self")
    assert session.get(f"{server.base_url}/api/v1/users/self").status_code == 200


def test_f11_a_late_answer_holds_up_its_caller_alone(session, server):
    session.post(f"{server.base_url}/_sandbox/faults", json={"kind": "latency", "count": 1, "value": 0.5})
    with pytest.raises(requests.ReadTimeout):
        session.get(f"{server.base_url}/api/v1/users/self", timeout=0.1)
    assert session.get(f"{server.base_url}/api/v1/users/self", timeout=0.3).status_code == 200


def test_f11_a_dripping_answer_comes_byte_by_byte(session, server):
    session.post(f"{server.base_url}/_sandbox/faults", json={"kind": "drip", "count": 1, "value": 0.02})
    started = time.monotonic()
    answer = session.get(f"{server.base_url}/api/v1/nothing", stream=True, timeout=5)
    assert time.monotonic() - started < 0.5
    assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}
    assert time.monotonic() - started >= 0.02 * len(answer.content)


def test_a_caller_that_hangs_up_leaves_the_server_at_work(session, server):
    session.post(f"{server.base_url}/_sandbox/faults", json={"kind": "drip", "count": 1, "value": 0.01})
    with session.get(f"{server.base_url}/api/v1/users/self", stream=True):
        pass
    assert session.get(f"{server.base_url}/api/v1/users/self").status_code == 200


def test_eight_threads_write_and_read_and_none_is_ever_refused_by_an_accident(state, session, server, campus):
    """Each thread has a token and a student of its own; all write on the same assessments, and all is there after."""
    state.control.quota.high_water_mark = 1e9
    students = [state.add_user(f"Student {number}") for number in range(8)]
    for student in students:
        state.enroll(student, campus.course)
    base, statuses, headers = f"{server.base_url}/api/v1", [], []
    for _ in students:
        headers.append({"Authorization": f"Bearer {state.add_admin_token()}"})
    extensions = f"{base}/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions"

    def work(student, own_headers):
        with requests.Session() as own:
            own.trust_env = False
            own.headers.update(own_headers)
            for minutes in range(1, 6):
                body = {"assignment_override": {"student_ids": [student.id], "due_at": "2026-12-01T17:00:00Z"}}
                made = own.post(base + campus.overrides, json=body)
                extended = own.post(
                    extensions, json={"quiz_extensions": [{"user_id": student.id, "extra_time": minutes}]}
                )
                listed = own.get(f"{base}{campus.overrides}?per_page=100")
                shown = own.get(f"{server.base_url}/courses/{campus.course.id}")
                removed = own.delete(f"{base}{campus.overrides}/{made.json()['id']}") if minutes < 5 else made
                dumped = own.get(f"{server.base_url}/_sandbox/state")
                statuses.extend(one.status_code for one in (made, extended, listed, shown, removed, dumped))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(students, headers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200, 201}
    assert len(statuses) == 8 * 5 * 6
    rows = [state.quiz_submissions.first("quiz_user", (campus.quiz.id, student.id)) for student in students]
    assert [row.extra_time for row in rows] == [5] * 8
    kept = sorted(one.student_ids for one in state.active_overrides(campus.essay))
    assert kept == [[student.id] for student in students]


WHO = {
    "this machine": ("127.0.0.1", {"host": "127.0.0.1:8100"}, True),
    "by its name": ("127.0.0.1", {"host": "localhost:8100"}, True),
    "in IPv6": ("::1", {"host": "[::1]:8100"}, True),
    "in IPv6 clothes": ("::ffff:127.0.0.1", {"host": "localhost"}, True),
    "a page of its own": ("127.0.0.1", {"host": "localhost", "origin": "http://localhost:8000"}, True),
    "another machine": ("10.0.0.7", {"host": "localhost"}, False),
    "a foreign name for it": ("127.0.0.1", {"host": "evil.example"}, False),
    "no name at all": ("127.0.0.1", {}, False),
    "a name that cannot be read": ("127.0.0.1", {"host": "[x"}, False),
    "a page from elsewhere": ("127.0.0.1", {"host": "localhost", "origin": "https://evil.example"}, False),
    "a page that hides": ("127.0.0.1", {"host": "localhost", "origin": "null"}, False),
    "through a proxy": ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "10.0.0.7"}, False),
}


@pytest.mark.parametrize("who", WHO)
def test_only_this_machine_may_steer(who):
    address, headers, may = WHO[who]
    assert is_from_this_machine(address, headers) is may


def test_control_over_a_socket_looks_at_the_host_header(session, server):
    address = f"{server.base_url}/_sandbox/state"
    assert session.get(address).status_code == 200
    assert session.get(address, headers={"Host": "evil.example"}).status_code == 404
    assert (
        session.post(f"{server.base_url}/_sandbox/reset", headers={"Origin": "https://evil.example"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--now", "tomorrow"], "argument --now: 'tomorrow' is not an ISO 8601 instant like 2026-12-01T08:00:00Z"),
        (["--port", "99999"], "argument --port: '99999' is not a port; one is a number from 0 to 65535"),
        (["--port", "eighty"], "argument --port: 'eighty' is not a port"),
        (["--seed", "many"], "argument --seed: invalid int value: 'many'"),
        (["--empty", "--seed", "3"], "not allowed with argument"),
    ],
)
def test_an_argument_that_cannot_be_read_is_named(capsys, arguments, words):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_port_in_use_is_named(server):
    port = server.server_address[1]
    with pytest.raises(SystemExit, match=f"Cannot listen on 127.0.0.1 port {port}: Address already in use"):
        main(["--empty", "--port", str(port)])


def test_the_command_serves_with_exactly_its_arguments():
    command = [sys.executable, "-m", "canvas_bridge.sandbox", "--port", "0", "--host", "0.0.0.0", "--empty"]  # noqa: S104  # what is tested
    command += ["--token", "demo", "--now", "2026-12-01T08:00:00Z"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = process.stdout.readline().rstrip().rpartition(":")[2]
        address, headers = f"http://127.0.0.1:{port}", {"Authorization": "Bearer demo"}
        me = requests.get(f"{address}/api/v1/users/self", headers=headers, timeout=10).json()
        account = requests.get(f"{address}/api/v1/accounts/self", headers=headers, timeout=10).json()
        told = requests.get(f"{address}/_sandbox/state", timeout=10).json()
        requests.post(f"{address}/_sandbox/reset", timeout=10)
        again = requests.get(f"{address}/api/v1/users/self", headers=headers, timeout=10)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert (me["id"], account["id"], told["frozen_at"]) == (1, 1, "2026-12-01T08:00:00+00:00")
    assert (told["tables"]["courses"], again.status_code) == ([], 200)
