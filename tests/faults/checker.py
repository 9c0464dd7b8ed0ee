"""One checker for what must hold after every fault, I1 to I7: Canvas × ledger × statuses × action log × what leaked."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accommodations.models import ActionLogEntry, CourseSync, PairStatus, Student, SyncRun
from tests import invariants
from tests.faults import campus
from tests.faults.approvals import NOTE
from tests.faults.lab import Lab
from tests.invariants import Picture

MOST_REQUESTS = 1.5
"""I6: so many times the requests that the same work takes without a fault."""
DONE = ("in_place", "not_needed")


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
    """R14: each student whom a write named has an intent in the log, from before Canvas saw it.

    An entry has the time of the worker's own clock, which `clock_error` says how wrong it may be.
    """
    intents: dict[int, datetime] = {}
    canvas_ids = dict(Student.objects.values_list("pk", "canvas_user_id"))
    for entry in ActionLogEntry.objects.filter(act="canvas.write.started").order_by("sequence"):
        intents.setdefault(canvas_ids[entry.student_id_logged], entry.at)
    for write in writes:
        came_at = datetime.fromisoformat(write["at"]) + clock_error
        for user in users_named(write):
            assert user in intents, ("R14: a write without an intent", write)
            assert intents[user] <= came_at, ("R14: the intent came later", write)


def users_named(write: dict[str, Any]) -> set[int]:
    """Return the Canvas ids of those whom a request gives something; the sandbox's log has its body as text."""
    # The list of a shared override that is updated names those who stay in it: theirs is not touched.
    return _named(json.loads(write["body"] or "{}"), lists_count=write["method"] == "POST")


def _named(body: Any, *, lists_count: bool) -> set[int]:
    if isinstance(body, list):
        return set().union(*(_named(value, lists_count=lists_count) for value in body))
    if not isinstance(body, dict):
        return set()
    found = {int(body["user_id"])} if "user_id" in body else set()
    if lists_count:
        found |= {int(user) for user in body.get("student_ids") or ()}
    return found.union(*(_named(value, lists_count=lists_count) for value in body.values()))


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
