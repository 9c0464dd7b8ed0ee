"""One checker for what must hold after every fault, I1 to I7: Canvas × ledger × statuses × action log × what leaked."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accommodations.models import ActionLogEntry, Assessment, CourseSync, PairStatus, Student, SyncRun
from tests import invariants
from tests.faults import campus
from tests.faults.approvals import NOTE
from tests.faults.lab import Lab
from tests.invariants import Picture

MOST_REQUESTS = 1.5
"""I6: so many times the requests that the same work takes without a fault."""
DONE = ("in_place", "not_needed")
SOMEBODY = "by=somebody"
"""In the query of what instructors do by Canvas's REST interface: none of it is Leeway's."""
Target = tuple[int | None, tuple[str, int]]
"""A student, by Canvas's id, and an assessment, by the id of its assignment or classic quiz."""


@dataclass(frozen=True)
class FaultFree:
    """What the same work comes to when nothing happens: what Canvas then gives everybody, and what it took."""

    before: Picture
    after: Picture
    requests: int
    writes: int
    statuses: dict[tuple[str, str], str]


def picture_of(lab: Lab) -> Picture:
    """Return what Canvas gives everybody on everything now."""
    state = lab.state()
    return invariants.picture(state, [user.id for user in state.users])


def statuses() -> dict[tuple[str, str], str]:
    """Return the status of every pair."""
    rows = PairStatus.objects.select_related("student", "assessment")
    return {(row.student.login_id, row.assessment.key): row.status for row in rows}


def fault_free(lab: Lab) -> FaultFree:
    """Carry the reference run out without a fault, once, and keep what it came to."""
    lab.reset()
    before = picture_of(lab)
    lab.request()
    lab.wait_until_settled()
    found = FaultFree(before, picture_of(lab), len(lab.requests()), len(lab.writes()), statuses())
    assert {key: one.all_given for key, one in before.items()} != {
        key: one.all_given for key, one in found.after.items()
    }, lab.told()
    assert set(found.statuses.values()) <= {*DONE, "held"}, found.statuses
    check_at_rest(lab)
    check_nothing_left(lab, found)
    return found


def check(
    lab: Lab,
    expected: FaultFree,
    *,
    most_requests: float | None = MOST_REQUESTS,
    clock_error: timedelta = timedelta(0),
) -> None:
    """Check all seven after a fault is over and what it interrupted has come to its end by itself."""
    check_at_rest(lab, clock_error)
    number = len(lab.requests())
    assert most_requests is None or number <= most_requests * expected.requests, ("I6", number, expected.requests)
    check_reached(lab, expected)
    check_nothing_left(lab, expected)
    check_nothing_leaked(lab)


def check_at_rest(lab: Lab, clock_error: timedelta = timedelta(0)) -> None:
    """Check what holds at any moment at which nobody works: I2, I3, I4."""
    state = lab.state()
    invariants.check_nothing_twice(state)
    invariants.check_log()
    invariants.check_never_worse(state)
    check_intents(lab.writes(), clock_error)


def check_reached(lab: Lab, expected: FaultFree) -> None:
    """I1, I3, I5: Canvas gives everybody, with or without an accommodation, what it gives without a fault."""
    after = picture_of(lab)
    wrong = {key: (one, after[key]) for key, one in expected.after.items() if after[key].all_given != one.all_given}
    assert not wrong, ("I1, I3, I5: not what it is without a fault", wrong, lab.told())
    told = statuses()
    differing = {key: (one, told.get(key)) for key, one in expected.statuses.items() if told.get(key) != one}
    assert told == expected.statuses, ("I1: status without and with the fault", differing, lab.told())


def check_nothing_left(lab: Lab, expected: FaultFree) -> None:
    """R4, I5: a sync right after it writes nothing."""
    lab.forget_requests()
    run = lab.sync()
    assert run.status == "done", lab.told()
    assert lab.writes() == [], ("R4", lab.writes())
    assert statuses() == expected.statuses


def check_intents(writes: list[dict[str, Any]], clock_error: timedelta = timedelta(0)) -> None:
    """R14: whatever a write gives to a student on an assessment has an intent in the log, from before Canvas saw it.

    What changes or deletes an override names nobody whom it gives something: there the assessment has one. An entry has
    the time of the worker's own clock, which `clock_error` says how wrong it may be.
    """
    intents: dict[Target, datetime] = {}
    canvas_ids = dict(Student.objects.values_list("pk", "canvas_user_id"))
    places = {
        pk: [place for place in (("assignments", assignment), ("quizzes", quiz)) if place[1] is not None]
        for pk, assignment, quiz in Assessment.objects.values_list("pk", "canvas_assignment_id", "canvas_quiz_id")
    }
    for entry in ActionLogEntry.objects.filter(act="canvas.write.started").order_by("sequence"):
        for place in places.get(entry.assessment_id_logged, ()):
            for user in (canvas_ids[entry.student_id_logged], None):
                intents.setdefault((user, place), entry.at)
    for write in writes:
        if SOMEBODY in write["query"]:
            continue
        came_at = datetime.fromisoformat(write["at"]) + clock_error
        for target in targets_of(write):
            assert target in intents, ("R14: a write without an intent", target, write)
            assert intents[target] <= came_at, ("R14: the intent came later", target, write)


def targets_of(write: dict[str, Any]) -> set[Target]:
    """Return whom a request gives something on which assessment; the sandbox's log has its body as text.

    The user is None where it names only those who stay in an override, or nobody. Raises AssertionError where the
    address is none that Leeway may write to.
    """
    body = json.loads(write["body"] or "{}")
    is_new = write["method"] == "POST"
    if re.search(r"/courses/\d+/assignments/overrides$", write["path"]):
        return {
            (user, ("assignments", int(item["assignment_id"])))
            for item in body["assignment_overrides"]
            for user in (_named(item) if is_new else {None})
        }
    found = re.search(r"^/api/(quiz/v1|v1)/courses/\d+/(assignments|quizzes)/(\d+)/", write["path"])
    assert found, ("an address that nobody knows", write)
    kind = "assignments" if found[1] == "quiz/v1" else found[2]
    return {(user, (kind, int(found[3]))) for user in (_named(body) if is_new else {None})}


def _named(body: Any) -> set[int | None]:
    """Return the Canvas ids of everybody whom a body names."""
    if isinstance(body, list):
        return set().union(*(_named(value) for value in body))
    if not isinstance(body, dict):
        return set()
    found = {
        int(user) for user in (*(body.get("student_ids") or ()), *([body["user_id"]] if "user_id" in body else ()))
    }
    return found.union(*(_named(value) for value in body.values()))


def check_nothing_leaked(lab: Lab) -> None:
    """I7: no token, name or note in logs, in messages to staff, in Redis, or in what was ever sent to Redis."""
    forbidden = (campus.TOKEN, campus.SURNAME, NOTE)
    sent = b"\n".join(lab.sent_to_redis).decode(errors="replace")
    for place, text in (("logs", lab.logs()), ("messages", "\n".join(_messages())), ("Redis", sent)):
        for word in forbidden:
            assert word not in text, ("I7", place, word)
    for body in re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', b"".join(lab.sent_to_redis)):
        text = base64.b64decode(body + b"==").decode(errors="replace")
        assert not any(word in text for word in forbidden), ("I7", "task arguments", text)
        is_event = text.startswith("{")  # the worker's own sign of life: its host's name and load
        assert is_event or re.fullmatch(r"\[\[[\d, ]*\], \{\}, \{[^{}]*\}\]", text), ("I7: ids only", text)


def _messages() -> list[str]:
    """Return what the database keeps of failures, Canvas's own words among them."""
    columns = ((CourseSync, "message"), (SyncRun, "message"), (PairStatus, "failure_message"))
    return [text for model, column in columns for text in model._default_manager.values_list(column, flat=True)]
