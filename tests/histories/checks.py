"""What must hold after every sync of a history, whoever did what before it."""

from collections import Counter
from dataclasses import replace

from accommodations.models import Accommodation, GuardStop, LedgerEntry, PairHold, PairStatus
from accommodations.selectors.sync import OVER_FOR
from tests import invariants
from tests.histories import granted, reasons
from tests.histories.campus import LONG_ENOUGH, Campus
from tests.histories.reasons import Told
from tests.histories.world import WITH_RECORDS
from tests.invariants import Picture

SEEN: Counter[str] = Counter()
"""How often the histories of this process came to each reason and status of a pair: what they really reach."""


def check_disturbed(campus: Campus, before: Picture, with_us: set[int]) -> None:
    """Check what holds even right after a sync that failed half-way: I2, I3, I4, R18, R19."""
    after = campus.picture()
    invariants.check_nothing_twice(campus.state)
    invariants.check_nobody_else(before, after, with_us)
    invariants.check_begun_stays(_as_it_can_be_known(campus, before, after), after, now=campus.now)
    invariants.check_assignment(before, after)
    invariants.check_log()
    assert not campus.forgotten, ("R13: missed, and nobody wrote about it", campus.forgotten)


def _as_it_can_be_known(campus: Campus, before: Picture, after: Picture) -> Picture:
    """Return it without what instructors set by hand on New Quizzes, until we set it: nobody can read it (R1, R18)."""
    unread = campus.set_by_hand_unread & before.keys()
    campus.set_by_hand_unread = {
        key
        for key in unread & after.keys()
        if (after[key].minutes, after[key].attempts) == (before[key].minutes, before[key].attempts)
    }
    return before | {key: replace(before[key], minutes=0, attempts=0) for key in unread}


def check_settled(campus: Campus) -> None:
    """Check what holds after a sync that nothing disturbed: also I1, I5 and R1, and that the next one plans nothing."""
    check_dates_as_the_contract_says(campus)
    invariants.check_never_worse(campus.state, set_by_hand_at=campus.set_by_hand_at)
    check_nothing_lost(campus)
    left = campus.unsettled().values_list("assessment__name", "reason", "sentence")
    assert not left, ("I5", list(left))
    campus.state.control.requests.clear()
    campus.pass_time(campus.tick)
    before = campus.picture()
    campus.sync()
    writes = [one for one in campus.state.control.requests if one.method != "GET"]
    if campus.refuses_for_good:
        writes = [one for one in writes if one.status < 400]
    assert not writes, ("R4", [(one.method, one.path, one.body) for one in writes])
    after = campus.picture()
    assert {key: one.all_given for key, one in after.items()} == {key: one.all_given for key, one in before.items()}


def check_dates_as_the_contract_says(campus: Campus) -> None:
    """R10: the sandbox collapses dates as a second reading of the contract does, so neither is alone its own judge."""
    for (user, key), seen in campus.picture().items():
        item = campus.item(key)
        if not campus.state.enrollments.where("course_user", (item.course_id, user)):
            continue
        read = granted.dates_by_reference(campus, item, user, with_ad_hoc=True)
        assert (read.unlock, read.due, read.lock) == (seen.unlock_at, seen.due_at, seen.lock_at), ("R10", user, key)


def check_nothing_lost(campus: Campus) -> None:
    """I1: each grant is in Canvas, or its pair says why not, and what it says is true."""
    rows = {
        (row.student.canvas_user_id, row.assessment.key): row
        for row in PairStatus.objects.select_related("student", "assessment", "course")
    }
    seen = campus.picture()
    for login in WITH_RECORDS:
        user = campus.people[login].id
        for item in invariants.items_of(campus.state):
            key = (user, invariants.key_of(item))
            if granted.is_current(campus, item, user):
                _check_pair(campus, login, item, rows.get(key), seen[key])


def _check_pair(campus: Campus, login: str, item: granted.Item, row: PairStatus | None, seen: invariants.Given) -> None:
    due = granted.due(campus, login, item)
    if row is not None and row.read_at is not None and row.read_at < campus.synced_at and _is_long_over(campus, item):
        return  # the page says when it was read last
    if row is None or _only_waits_for_words(campus, row):
        is_due = due is not None and (due.minutes or due.attempts or due.full != due.without_us)
        is_stopped = row is not None and reasons.grants_nothing_now(
            Told(campus, row, item, campus.people[login].id, seen, due)
        )
        assert not is_due or is_stopped or _is_long_over(campus, item), ("I1: no status", login, item, due)
        return
    SEEN[f"{row.status}: {row.reason}"] += 1
    told = Told(campus, row, item, campus.people[login].id, seen, due)
    if reasons.must_be_reached(told):
        reasons.check_reached(told, is_extension_fresh=_is_proven_now(campus, row))
        reasons.check_not_early(told)
        reasons.check_no_attempt_is_short(told)


def _is_long_over(campus: Campus, item: granted.Item) -> bool:
    """Whether the course ended so long ago that it is read no more."""
    # R12: nothing can be given there any more. Whoever is enrolled again after that gets no pair that says "missed".
    end = granted.course_end(campus, item)
    return end is not None and end <= campus.synced_at - OVER_FOR


def _only_waits_for_words(campus: Campus, row: PairStatus) -> bool:
    """Whether nothing is granted any more, and what was missed stays on the lists until a person writes about it."""
    return row.status == "missed" and row.read_at is not None and row.read_at < campus.synced_at


def _is_proven_now(campus: Campus, row: PairStatus) -> bool:
    """Whether the proof of minutes and attempts is of just now, and nobody set others since: it shows its age."""
    if row.status == "not_needed":
        return True
    return row.evidence_at is not None and row.evidence_at > max(campus.now - LONG_ENOUGH, campus.set_by_hand_at)


def check_ended(campus: Campus) -> None:
    """R3: once everything was revoked, what of ours still stands has a pair that says why.

    What has expired still counts wherever it was in force at a moment of the window, so its students are left out.
    """
    assert not Accommodation.objects.filter(status__in=("approved", "active")).exists()
    expired = Accommodation.objects.filter(end_reason=Accommodation.EndReason.EXPIRED).values("student")
    rows = LedgerEntry.objects.filter(taken_back_at=None, assessment__is_deleted=False).exclude(student__in=expired)
    for entry in rows.select_related("student", "assessment"):
        item, user = campus.item(entry.assessment.key), entry.student.canvas_user_id
        if item is None or not granted.is_current(campus, item, user):
            continue
        row = PairStatus.objects.filter(student=entry.student, assessment=entry.assessment).first()
        assert row is not None, ("R3: stands untold", entry, entry.value)
        assert row.status not in ("in_place", "short", "not_needed"), ("R3", row.reason, row.sentence)
        if row.status == "missed":  # it stays until a person writes about it, and what is over or begun stays (R18)
            told = Told(campus, row, item, user, campus.picture()[(user, entry.assessment.key)], None)
            assert reasons.PROOFS[row.reason](told), ("R3", row.reason, row.sentence)


def is_decided_by_somebody() -> bool:
    """Whether a person holds something back now, so that not all can be in place."""
    waiting = GuardStop.objects.filter(status=GuardStop.Status.WAITING)
    return PairHold.objects.filter(released_at=None).exists() or waiting.exists()
