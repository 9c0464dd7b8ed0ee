"""The invariants of a sync, checked from outside: sandbox Canvas × ledger × status table × action log, no planner."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accommodations.models import Accommodation, ActionLogEntry, LedgerEntry, PairStatus, SyncAction
from accommodations.services import action_log
from accommodations.services.action_log import Verified
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.rules.effective_dates import effective_dates, is_assigned
from canvas_bridge.sandbox.state import SandboxState

OUR_TITLE = re.compile(r"^Dates for 1 student · \w{6}$")
FORBIDDEN_IN_TITLES = re.compile(r"disab|accommod|extra|student services", re.IGNORECASE)
FINAL = ("canvas.write.applied", "canvas.write.refused", "canvas.write.unreachable", "canvas.write.settled")
NOT_OURS_TO_CHANGE = ("blocked", "held", "failed", "missed", "past")
DATE_NAMES = ("unlock_at", "due_at", "lock_at")

PairKey = tuple[int, str]


@dataclass(frozen=True)
class Given:
    """What Canvas gives one student on one assessment."""

    unlock_at: datetime | None
    due_at: datetime | None
    lock_at: datetime | None
    minutes: int
    attempts: int
    has_it: bool
    has_submitted: bool
    is_running: bool

    @property
    def all_given(self) -> tuple[object, ...]:
        """Return what staff give: Canvas itself grades attempts that ran out, whenever they are listed (3.6)."""
        return self.unlock_at, self.due_at, self.lock_at, self.minutes, self.attempts, self.has_it


Picture = dict[PairKey, Given]


def items_of(state: SandboxState) -> list[Assignment | Quiz]:
    """Return every assessment that is not deleted, graded quizzes once."""
    assignments = [one for one in state.assignments if one.workflow_state != "deleted"]
    return [*assignments, *(one for one in state.quizzes if one.assignment_id is None)]


def key_of(item: Assignment | Quiz) -> str:
    """Return the assessment's key, as Leeway names it."""
    return f"assignment:{item.id}" if isinstance(item, Assignment) else f"quiz:{item.id}"


def quiz_of(state: SandboxState, item: Assignment | Quiz) -> Quiz | None:
    """Return the classic quiz of an assessment, if it is one."""
    if isinstance(item, Quiz):
        return item
    return state.quizzes.get(item.quiz_id) if item.quiz_id else None


def picture(state: SandboxState, users: list[int]) -> Picture:
    """Return what Canvas gives everybody on everything."""
    return {(user, key_of(item)): given(state, item, user) for item in items_of(state) for user in users}


def given(state: SandboxState, item: Assignment | Quiz, user: int) -> Given:
    """Return what Canvas gives one student on one assessment."""
    dates = effective_dates(state, item, user)
    minutes, attempts, has_submitted, is_running = 0, 0, False, False
    quiz = quiz_of(state, item)
    if quiz is not None:
        row = state.quiz_submissions.first("quiz_user", (quiz.id, user))
        if row is not None:
            minutes, attempts = row.extra_time or 0, row.extra_attempts or 0
            has_submitted = bool(row.past_attempts)
            is_running = row.workflow_state == "untaken"
    elif isinstance(item, Assignment) and item.is_new_quiz:
        set_for = state.new_quiz_accommodations.first("target", (item.course_id, item.id, user))
        minutes, attempts = (set_for.extra_time, set_for.extra_attempts) if set_for else (0, 0)
    if isinstance(item, Assignment):
        handed_in = state.submissions.first("assignment_user", (item.id, user))
        if handed_in is not None:
            has_submitted = has_submitted or handed_in.submitted_at is not None
            attempts = attempts if quiz is not None or item.is_new_quiz else handed_in.extra_attempts or 0
    return Given(
        dates.unlock_at,
        dates.due_at,
        dates.lock_at,
        minutes,
        attempts,
        is_assigned(state, item, user),
        has_submitted,
        is_running,
    )


def given_without_us(state: SandboxState, item: Assignment | Quiz, user: int) -> Given:
    """Return what Canvas would give with everything but what the ledger says that we put there."""
    rows = LedgerEntry.objects.filter(
        taken_back_at=None,
        part=LedgerEntry.Part.OVERRIDE,
        student__canvas_user_id=user,
        assessment__key=key_of(item),
    )
    entry = rows.first()
    if entry is None:
        return given(state, item, user)
    told = PairStatus.objects.filter(student=entry.student_id, assessment=entry.assessment_id).first()
    with _without(state, item, user, entry.value, is_granted=told is None or told.is_granted):
        return given(state, item, user)


def is_more(one: datetime | None, other: datetime | None) -> bool:
    """Whether one due or lock is later than the other; none is the latest."""
    return other is not None and (one is None or one > other)


def check_nobody_else(before: Picture, after: Picture, with_us: set[int]) -> None:
    """I3, R2: who has no accommodation and nothing of ours has exactly what they had."""
    for key, was in before.items():
        if key[0] not in with_us and key in after:
            assert after[key].all_given == was.all_given, ("R2", key, was, after[key])


def check_assignment(before: Picture, after: Picture) -> None:
    """R19: a sync neither assigns nor unassigns."""
    for key, was in before.items():
        if key in after:
            assert after[key].has_it == was.has_it, ("R19", key, was, after[key])


def check_begun_stays(before: Picture, after: Picture, *, now: datetime) -> None:
    """R18: what was handed in, is running, or over for the student is never made less by a sync.

    What was over by dates of ours alone, and opens again with a class that moved later, is over no more.
    """
    for key, was in before.items():
        is_begun, was_over = was.has_submitted or was.is_running, _is_over(was, now)
        if key not in after or not was.has_it or not (is_begun or was_over):
            continue
        seen = after[key]
        if not is_begun and not _is_over(seen, now):
            continue
        assert not is_more(was.due_at, seen.due_at), ("R18", key, was, seen)
        assert not is_more(was.lock_at, seen.lock_at), ("R18", key, was, seen)
        assert seen.minutes >= was.minutes, ("R18", key, was, seen)
        assert seen.attempts >= was.attempts, ("R18", key, was, seen)


def _is_over(given: Given, now: datetime) -> bool:
    return any(at is not None and at <= now for at in (given.due_at, given.lock_at))


def check_nothing_twice(state: SandboxState) -> None:
    """I2: one ad-hoc override for each student and assessment, none of ours empty or named for what it is (R15)."""
    active = [one for one in state.overrides if one.workflow_state == "active" and one.set_type == "ADHOC"]
    named = Counter((one.assignment_id or -(one.quiz_id or 0), user) for one in active for user in one.student_ids)
    assert all(number == 1 for number in named.values()), ("I2", named)
    for one in active:
        if OUR_TITLE.match(one.title):
            assert one.student_ids, ("I2: empty", one)
        assert not FORBIDDEN_IN_TITLES.search(one.title), ("R15", one.title)


def check_log() -> None:
    """I4: every action sent has one intent before it and one final outcome, and the chain verifies."""
    assert isinstance(action_log.verify(), Verified), ("I4: chain", action_log.verify())
    acts: dict[int, list[str]] = {}
    entries = ActionLogEntry.objects.filter(act__startswith="canvas.write.").order_by("sequence")
    for number, act in entries.values_list("action_id_logged", "act"):
        acts.setdefault(number or 0, []).append(act)
    sent = SyncAction.objects.exclude(request_id=None).values_list("pk", "status")
    for number, status in sent:
        said = acts.get(number, [])
        assert said[:1] == ["canvas.write.started"], ("I4: no intent", number, said)
        intents, final = said.count("canvas.write.started"), sum(one in FINAL for one in said)
        is_open = status in (SyncAction.Status.UNKNOWN, SyncAction.Status.STARTED)
        assert final == (intents - 1 if is_open else intents) or (final == 1 and not is_open), ("I4", number, said)


def check_never_worse(state: SandboxState, *, set_by_hand_at: datetime | None = None) -> None:
    """I3, R1: nobody has less than without us, wherever Leeway may write.

    An extension that somebody made less after our last reading of it, at `set_by_hand_at` or before, is drift, which
    the next reading finds.
    """
    rows = {
        (row.student.canvas_user_id, row.assessment.key): row
        for row in PairStatus.objects.select_related("student", "assessment")
    }
    statuses = {key: row.status for key, row in rows.items()}
    for key, item, entry in _standing(state, LedgerEntry.Part.OVERRIDE):
        if statuses.get(key, "past") in NOT_OURS_TO_CHANGE:
            continue
        has = given(state, item, key[0])
        with _without(state, item, key[0], entry, is_granted=rows[key].is_granted):
            without = given(state, item, key[0])
        if is_confirmed_sitting(key, has):
            continue
        assert not is_more(without.due_at, has.due_at), ("R1", key, has, without)
        assert not is_more(without.lock_at, has.lock_at), ("R1", key, has, without)
        is_later = has.unlock_at is not None and (without.unlock_at is None or has.unlock_at > without.unlock_at)
        assert not is_later, ("R1: opens later", key, has, without)
    for key, item, entry in _standing(state, LedgerEntry.Part.EXTENSION):
        if _was_set_since(entry, set_by_hand_at) or statuses.get(key, "past") in NOT_OURS_TO_CHANGE:
            continue
        has = given(state, item, key[0])
        assert has.minutes >= (entry["before_minutes"] or 0), ("R1", key, has, entry)
        assert has.attempts >= (entry["before_attempts"] or 0), ("R1", key, has, entry)


def _was_set_since(entry: dict[str, Any], set_by_hand_at: datetime | None) -> bool:
    return set_by_hand_at is not None and entry["proven_at"] <= set_by_hand_at


def is_confirmed_sitting(key: PairKey, has: Given) -> bool:
    """Whether a person stated, and confirmed, that the student sits it at another time: R1's one exception."""
    sittings = Accommodation.objects.filter(student__canvas_user_id=key[0], is_other_sitting=True)
    stated = sittings.filter(exact_unlock_at=has.unlock_at).select_related("assessment")
    return any(row.assessment is not None and row.assessment.key == key[1] for row in stated)


def _standing(state: SandboxState, part: str) -> Iterator[tuple[PairKey, Assignment | Quiz, dict[str, Any]]]:
    items = {key_of(item): item for item in items_of(state)}
    rows = LedgerEntry.objects.filter(taken_back_at=None, part=part).exclude(evidence=LedgerEntry.Evidence.UNCERTAIN)
    for row in rows.select_related("student", "assessment"):
        item = items.get(row.assessment.key)
        if item is not None:
            is_read = row.evidence == LedgerEntry.Evidence.READ_BACK and row.confirmed_at is not None
            value = {**row.value, "proven_at": row.confirmed_at if is_read else row.put_at}
            yield (row.student.canvas_user_id, row.assessment.key), item, value


@contextmanager
def _without(
    state: SandboxState, item: Assignment | Quiz, user: int, entry: dict[str, Any], *, is_granted: bool
) -> Iterator[None]:
    """Let the student's override stand as it would without what the ledger says we put there.

    What somebody set lower since is drift while something is granted, and theirs once nothing is.
    """
    found = [one for one in state.active_overrides(item) if one.set_type == "ADHOC" and user in one.student_ids]
    if not found:
        yield
        return
    override = found[0]
    kept = dict(vars(override))
    try:
        _take_ours_out(override, entry, is_granted=is_granted)
        yield
    finally:
        for name, value in kept.items():
            setattr(override, name, value)


def _take_ours_out(override: Override, entry: dict[str, Any], *, is_granted: bool) -> None:
    before = entry["before"]
    for name in DATE_NAMES:
        put = _instant(entry["put"][name])
        at, is_set = getattr(override, name), getattr(override, f"{name}_overridden")
        is_less = is_granted and name != "unlock_at" and is_set and is_more(put, at)
        if is_set and (at == put or is_less):
            was = before[name.removesuffix("_at")] if before else {"is_overridden": False, "at": None}
            setattr(override, name, _instant(was["at"]))
            setattr(override, f"{name}_overridden", was["is_overridden"])
    if before is None and not any(getattr(override, f"{name}_overridden") for name in DATE_NAMES):
        override.workflow_state = "deleted"


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
