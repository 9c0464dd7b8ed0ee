"""What the office does: records, changes, ends, decides, takes back, and what directors make of the guard's stops."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from accommodations.errors import LeewayError
from accommodations.models import (
    Accommodation,
    AccommodationException,
    Assessment,
    Course,
    GuardStop,
    LedgerEntry,
    PairHold,
    PairStatus,
    Student,
    SyncRun,
    Term,
)
from accommodations.services import accommodations, decisions, guard, holds, sync_runs
from accommodations.services.accommodation_values import AccommodationValues, values_of
from tests.histories.campus import DAY, Campus
from tests.histories.steps import LOGIN, POSITION, hours, one_of, picked, step

KINDS_OF_ASSESSMENTS = ((), (), (), ("classic_quiz", "new_quiz"), ("assignment",))


def amounts(random: Random) -> dict[str, Any]:
    """Draw what an accommodation gives."""
    kind = random.choice(["multiplier", "multiplier", "time", "attempts", "shift", "shift", "exact"])
    if kind == "multiplier":
        factor = random.choice(["1.01", "1.25", "1.5", "2", "3.01"])
        return {"provision": "extra_time", "extra_time_method": "multiplier", "multiplier": factor}
    if kind == "time":
        method, minutes = random.choice([("minutes", 20), ("minutes_per_hour", 10), ("no_limit", None)])
        return {"provision": "extra_time", "extra_time_method": method, "minutes": minutes}
    if kind == "attempts":
        return {"provision": "extra_attempts", "attempts": random.randint(1, 3)}
    if kind == "shift":
        unit = random.choice(["days", "days", "hours", "working_days"])
        return {"provision": "alternative_dates", "shift_amount": random.randint(1, 6), "shift_unit": unit}
    return {"provision": "alternative_dates", "exact": random.choice(EXACT), "sitting": random.random() < 0.3}


EXACT = ((None, 60, 80), (None, 30, None), (20, 170, 170), (40, 42, 42), (120, 124, None), (-30, 100, 200))
"""Exact unlock, due and lock as hours from now."""


def wheres(random: Random) -> dict[str, Any]:
    """Draw where and how long it counts."""
    return {
        "scope": random.choice(["every_course"] * 4 + ["term", "course", "assessment"]),
        "kinds": random.choice(KINDS_OF_ASSESSMENTS),
        "until_days": random.choice([None, None, None, None, 2, 9]),
        "replaces_broader": random.random() < 0.1,
    }


def values_from(campus: Campus, amount: dict[str, Any], where: dict[str, Any], position: int) -> AccommodationValues:
    """Return what a person would type for the drawn values, as far as the mirror of Canvas knows the places."""
    typed = {name: value for name, value in amount.items() if name not in ("exact", "sitting") and value is not None}
    if "multiplier" in typed:
        typed["multiplier"] = Decimal(typed["multiplier"])
    exact = amount.get("exact")
    scope = "assessment" if exact else where["scope"]
    place = _place(scope, position)
    if place is None:
        return values_from(campus, _as_shift(amount), {**where, "scope": "every_course"}, position)
    if exact:
        instants = [None if one is None else campus.now + hours(one) for one in exact]
        typed |= dict(zip(("exact_unlock_at", "exact_due_at", "exact_lock_at"), instants, strict=True))
        typed["is_other_sitting"] = amount["sitting"] and exact[0] is not None
    until = where["until_days"]
    return AccommodationValues(
        **typed,
        **place,
        scope=scope,
        effective_from=(campus.now - 30 * DAY).date(),
        effective_until=None if until is None else (campus.now + until * DAY).date(),
        kinds=() if scope == "assessment" else tuple(where["kinds"]),
        replaces_broader=where["replaces_broader"],
    )


def _as_shift(amount: dict[str, Any]) -> dict[str, Any]:
    if "exact" not in amount:
        return amount
    return {"provision": "alternative_dates", "shift_amount": 3, "shift_unit": "days"}


def _place(scope: str, position: int) -> dict[str, Any] | None:
    if scope == "every_course":
        return {}
    models: dict[str, Any] = {"term": Term, "course": Course, "assessment": Assessment}
    row = picked(list(models[scope].objects.order_by("pk")), position)
    return None if row is None else {scope: row}


def act(carry: Callable[[], Any]) -> None:
    """Let staff act; what is refused with words for them is no failure."""
    try:
        carry()
    except LeewayError:
        return


@step(weight=6, login=LOGIN, amount=amounts, where=wheres, position=POSITION)
def staff_record(campus: Campus, login: str, amount: dict[str, Any], where: dict[str, Any], position: int) -> None:
    """The office records an accommodation."""
    values = values_from(campus, amount, where, position)
    act(
        lambda: accommodations.record_accommodation(
            student=campus.students[login], recorded_by=campus.office, values=values, reads_before_applying=False
        )
    )


@step(weight=3, position=POSITION, amount=amounts)
def staff_change(campus: Campus, position: int, amount: dict[str, Any]) -> None:
    """The office changes what one gives, or until when it counts."""
    row = picked(campus.counting(), position)
    if row is None:
        return
    same = {"scope": row.scope, "kinds": row.kinds, "until_days": None, "replaces_broader": row.replaces_broader}
    new = values_from(campus, amount, same, position)
    if new.provision != row.provision:
        new = replace(values_of(row), effective_until=(campus.now + 2 * DAY).date())
    act(
        lambda: accommodations.change_accommodation(
            accommodation=row,
            changed_by=campus.office,
            version=row.version,
            values=new,
            reads_before_applying=False,
        )
    )


@step(weight=3, position=POSITION, is_confirmed=one_of(True, False))
def staff_end(campus: Campus, position: int, is_confirmed: bool) -> None:
    """The office ends one; now and then by a way on which nobody confirmed the number, which the guard counts."""
    row = picked(campus.counting(), position)
    if row is not None:
        act(lambda: end(campus, row, is_confirmed=is_confirmed))


def end(campus: Campus, row: Accommodation, *, is_confirmed: bool) -> None:
    """End an accommodation as its page does."""
    standing = LedgerEntry.objects.filter(student=row.student, taken_back_at=None).count()
    accommodations.end_accommodation(
        accommodation=row,
        ended_by=campus.office,
        version=row.version,
        confirmed_number=standing if is_confirmed else None,
        reads_before_applying=False,
    )


@step(login=LOGIN, position=POSITION, is_whole_course=one_of(True, False))
def staff_except(campus: Campus, login: str, position: int, is_whole_course: bool) -> None:
    """The office decides that nothing applies here, or withdraws that."""
    student = campus.students[login]
    standing = AccommodationException.objects.filter(student=student, withdrawn_at=None).first()
    if standing is not None:
        act(
            lambda: decisions.withdraw_exception(
                exception=standing, withdrawn_by=campus.office, reads_before_applying=False
            )
        )
        return
    row = picked(list(Assessment.objects.order_by("pk")), position)
    if row is not None:
        act(
            lambda: decisions.record_exception(
                student=student,
                course=row.course,
                assessment=None if is_whole_course else row,
                reason="Speed is what is examined.",
                effective_until=(campus.now + 12 * DAY).date(),
                decided_by=campus.office,
                reads_before_applying=False,
            )
        )


@step(login=LOGIN, position=POSITION)
def staff_release(campus: Campus, login: str, position: int) -> None:
    """The student's accommodations go only where they are released, and the office releases them in a course."""
    Student.objects.filter(pk=campus.students[login].pk).update(needs_release=True)
    course = picked(list(Course.objects.order_by("pk")), position)
    if course is not None:
        act(
            lambda: decisions.release_course(
                student=campus.students[login], course=course, released_by=campus.office, reads_before_applying=False
            )
        )


@step(login=LOGIN)
def staff_undo_student(campus: Campus, login: str) -> None:
    """The office takes back all that stands for a student."""
    act(
        lambda: holds.undo_student(
            student=campus.students[login], undone_by=campus.office, reason="It was another student"
        )
    )


@step(position=POSITION)
def staff_undo_run(campus: Campus, position: int) -> None:
    """The office takes back what one of the last runs did."""
    run = picked(list(SyncRun.objects.order_by("-pk")[:6]), position)
    if run is not None:
        act(lambda: holds.undo_run(run=run, undone_by=campus.office, reason="Too early"))


@step(position=POSITION, is_all=one_of(True, False))
def staff_release_holds(campus: Campus, position: int, is_all: bool) -> None:
    """The office lets held pairs go to Canvas again."""
    rows = list(PairHold.objects.filter(released_at=None).order_by("pk"))
    if rows:
        chosen = rows if is_all else [picked(rows, position)]
        act(lambda: holds.release_holds(holds=chosen, released_by=campus.office))


@step(position=POSITION)
def staff_follow_class(campus: Campus, position: int) -> None:
    """Staff let later dates follow a class that moved earlier."""
    waiting = [one for one in PairStatus.objects.order_by("pk") if holds.may_follow_class(one)]
    row = picked(waiting, position)
    if row is not None:
        act(lambda: holds.follow_class(pair=row, decided_by=campus.office))


@step(weight=3, is_approved=one_of(True, True, False))
def director_decides(campus: Campus, is_approved: bool) -> None:
    """A director approves or dismisses what the guard stopped."""
    stop = GuardStop.objects.filter(status=GuardStop.Status.WAITING).first()
    if stop is None:
        return
    if is_approved:
        act(lambda: guard.approve_stop(stop=stop, approved_by=campus.office, digest=stop.digest))
    else:
        act(
            lambda: guard.dismiss_stop(
                stop=stop, dismissed_by=campus.office, digest=stop.digest, reason="They were promised it"
            )
        )


@step()
def staff_approve_plans(campus: Campus) -> None:
    """A person reads the plans that wait, and approves them."""
    for run in SyncRun.objects.filter(status=SyncRun.Status.READING):
        digests = {one.pk: one.plan_digest for one in run.course_syncs.filter(status="planned")}
        act(lambda run=run, digests=digests: sync_runs.approve_run(run=run, approved_by=campus.office, digests=digests))
