"""Which assignments a list shows, and in which order (contract 9.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.reader_dates import dates_for, readers_of
from canvas_bridge.sandbox.http.answers import invalid, model_error, refusal, search_term_too_short
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.rules.effective_dates import effective_dates

SHORTEST_SEARCH = 2
MOST_IDS = 100
BUCKETS = ("past", "overdue", "undated", "ungraded", "unsubmitted", "upcoming", "future")
SOON = timedelta(days=7)
NOTHING_TO_HAND_IN = {"none", "on_paper", "not_graded", "external_tool", "wiki_page"}


@dataclass(frozen=True)
class Reading:
    """A list as it is asked for: the call, and whose list it is (None: the caller's)."""

    call: Call
    user_id: int | None = None

    def due_at(self, assignment: Assignment) -> datetime | None:
        """Return the due date as it holds for the reader."""
        if self.user_id is not None:
            return effective_dates(self.call.state, assignment, self.user_id).due_at
        return dates_for(self.call.state, self.call.caller, assignment, with_overrides=True).due_at

    def has_handed_in(self, assignment: Assignment) -> bool:
        """Whether the reader, or each observed student, has handed something in."""
        readers = readers_of(self.call.caller, assignment) if self.user_id is None else {self.user_id}
        rows = [self.call.state.submissions.first("assignment_user", (assignment.id, one)) for one in readers]
        return all(row is not None and row.submitted_at is not None for row in rows)


def chosen(reading: Reading, assignments: list[Assignment]) -> list[Assignment]:
    """Return the assignments that the parameters leave, in the order asked for."""
    call = reading.call
    _check_parameters(call)
    tests = (_matches_search, _matches_kind, _matches_ids, _matches_sis, _matches_bucket)
    kept = [one for one in assignments if all(test(reading, one) for test in tests)]
    kept.sort(key=_ORDERS.get(call.request.text("order_by"), _by_position))
    _check_ids(call, kept)
    return kept


def _check_parameters(call: Call) -> None:
    request = call.request
    if "search_term" in call.params and len(request.text("search_term")) < SHORTEST_SEARCH:
        raise search_term_too_short()
    if len(request.texts("assignment_ids")) > MOST_IDS:
        raise refusal(400, {"message": "Request contains too many assignment_ids.  Limit 100"})
    if "bucket" in call.params and request.text("bucket") not in BUCKETS:
        text = f"bucket name must be one of the following: {', '.join(BUCKETS)}"
        raise invalid({"bucket": [model_error("bucket", text)]})


def _check_ids(call: Call, assignments: list[Assignment]) -> None:
    """Refuse ids that are not on this page, also when only `per_page` is too small for them (9.1)."""
    wanted = call.request.texts("assignment_ids")
    shown_ids = {str(one.id) for one in numeric_page(call.request, assignments).items}
    missing = [one for one in wanted if one not in shown_ids]
    if missing:
        raise refusal(400, {"message": f"Invalid assignment_ids: {','.join(missing)}"})


def _matches_search(reading: Reading, assignment: Assignment) -> bool:
    return reading.call.request.text("search_term").lower() in assignment.name.lower()


def _matches_kind(reading: Reading, assignment: Assignment) -> bool:
    return not reading.call.request.flag("new_quizzes") or assignment.is_new_quiz


def _matches_ids(reading: Reading, assignment: Assignment) -> bool:
    wanted = reading.call.request.texts("assignment_ids")
    return not wanted or str(assignment.id) in wanted


def _matches_sis(reading: Reading, assignment: Assignment) -> bool:
    if "post_to_sis" not in reading.call.params:
        return True
    return bool(assignment.extras.get("post_to_sis")) is as_boolean(reading.call.params["post_to_sis"])


def _matches_bucket(reading: Reading, assignment: Assignment) -> bool:
    bucket = reading.call.request.text("bucket")
    return not bucket or _BUCKET_TESTS[bucket](reading, assignment)


def _is_past(reading: Reading, assignment: Assignment) -> bool:
    due_at = reading.due_at(assignment)
    return due_at is not None and due_at < reading.call.state.now()


def _is_undated(reading: Reading, assignment: Assignment) -> bool:
    return reading.due_at(assignment) is None


def _is_upcoming(reading: Reading, assignment: Assignment) -> bool:
    due_at, now = reading.due_at(assignment), reading.call.state.now()
    return due_at is not None and now <= due_at <= now + SOON


def _is_future(reading: Reading, assignment: Assignment) -> bool:
    return not _is_past(reading, assignment)


def _is_unsubmitted(reading: Reading, assignment: Assignment) -> bool:
    is_expected = not set(assignment.submission_types) <= NOTHING_TO_HAND_IN
    return is_expected and not reading.has_handed_in(assignment)


def _is_overdue(reading: Reading, assignment: Assignment) -> bool:
    return _is_past(reading, assignment) and _is_unsubmitted(reading, assignment)


def _is_ungraded(reading: Reading, assignment: Assignment) -> bool:
    return needs_grading(reading.call, assignment) > 0


def needs_grading(call: Call, assignment: Assignment, user_ids: set[int] | None = None) -> int:
    """Return how many submissions wait for a grade, of all students or of some."""
    rows = call.state.submissions.where("assignment", assignment.id)
    waiting = [one for one in rows if one.workflow_state in ("submitted", "pending_review")]
    return len([one for one in waiting if user_ids is None or one.user_id in user_ids])


_BUCKET_TESTS: dict[str, Callable[[Reading, Assignment], bool]] = {
    "past": _is_past,
    "overdue": _is_overdue,
    "undated": _is_undated,
    "ungraded": _is_ungraded,
    "unsubmitted": _is_unsubmitted,
    "upcoming": _is_upcoming,
    "future": _is_future,
}


def _by_position(assignment: Assignment) -> tuple[Any, ...]:
    return assignment.position, assignment.id


def _by_name(assignment: Assignment) -> tuple[Any, ...]:
    return assignment.name.lower(), assignment.id


def _by_due_date(assignment: Assignment) -> tuple[Any, ...]:
    due_at: datetime | None = assignment.due_at
    return due_at is None, due_at.timestamp() if due_at else 0.0, assignment.id


_ORDERS: dict[str, Callable[[Assignment], tuple[Any, ...]]] = {"name": _by_name, "due_at": _by_due_date}
