"""The checker of faults sees a write to Canvas that no intent in the log announced (R14)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accommodations.services import action_log
from tests.factories import make_student
from tests.faults.checker import check_intents, users_named

STUDENT, OTHER = 7001, 7002
WRITES: dict[str, tuple[str, Any]] = {
    "an extension": ("POST", {"quiz_extensions": [{"user_id": STUDENT, "extra_time": 30}]}),
    "an accommodation": ("POST", [{"user_id": STUDENT, "extra_time": 30}]),
    "an override": ("POST", {"assignment_override": {"student_ids": [STUDENT], "title": "Dates"}}),
    "a batch of overrides": ("POST", {"assignment_overrides": [{"assignment_id": 1, "student_ids": [STUDENT]}]}),
}


def write_of(method: str, body: Any, at: datetime | None = None) -> dict[str, Any]:
    """Return a write as the sandbox's log of requests has it."""
    return {"method": method, "body": json.dumps(body), "at": (at or datetime.now(UTC)).isoformat()}


@pytest.mark.django_db
@pytest.mark.parametrize("what", WRITES)
def test_r14_a_write_without_an_intent_is_seen(what: str) -> None:
    """Somebody else's intent is none."""
    action_log.record(act="canvas.write.started", student=make_student(canvas_user_id=OTHER))
    with pytest.raises(AssertionError, match="without an intent"):
        check_intents([write_of(*WRITES[what])])


@pytest.mark.django_db
def test_r14_an_intent_that_came_later_is_seen_and_one_from_before_will_do() -> None:
    entry = action_log.record(act="canvas.write.started", student=make_student(canvas_user_id=STUDENT))
    method, body = WRITES["an override"]
    check_intents([write_of(method, body, entry.at + timedelta(seconds=1))])
    early = write_of(method, body, entry.at - timedelta(seconds=1))
    with pytest.raises(AssertionError, match="came later"):
        check_intents([early])
    check_intents([early], clock_error=timedelta(hours=2))


def test_who_stays_in_a_shared_override_is_given_nothing() -> None:
    body = {"assignment_override": {"student_ids": [STUDENT]}}
    assert users_named(write_of("PUT", body)) == set()
    assert users_named({"method": "DELETE", "body": "", "at": ""}) == set()
