"""What must hold after every sync of a history, whoever did what before it."""

from fractions import Fraction

from accommodations.models import Accommodation, PairStatus
from tests import invariants, reference
from tests.histories.campus import LONG_ENOUGH, Campus
from tests.invariants import Given, Picture

UNSETTLED = ("planned", "refused", "unreachable")
NO_GRANT_VISIBLE = ("exception", "not_released")


def check_disturbed(campus: Campus, before: Picture, with_us: set[int]) -> None:
    """Check what holds even right after a sync that failed half-way: I2, I3, I4, R18, R19."""
    after = campus.picture()
    invariants.check_nothing_twice(campus.state)
    invariants.check_nobody_else(before, after, with_us)
    invariants.check_begun_stays(before, after, now=campus.now)
    invariants.check_log()


def check_settled(campus: Campus) -> None:
    """Check what holds after a sync that nothing disturbed: also I1, I5 and R1, and that the next one plans nothing."""
    invariants.check_never_worse(campus.state)
    check_nothing_lost(campus)
    left = PairStatus.objects.filter(reason__in=UNSETTLED).values_list("assessment__name", "reason", "sentence")
    assert not left, ("I5", list(left))
    campus.state.control.requests.clear()
    before = campus.picture()
    campus.pass_time(campus.tick)
    campus.sync()
    writes = [one for one in campus.state.control.requests if one.method != "GET"]
    assert not writes, ("R4", [(one.method, one.path, one.body) for one in writes])
    after = campus.picture()
    assert {key: one.all_given for key, one in after.items()} == {key: one.all_given for key, one in before.items()}


def check_nothing_lost(campus: Campus) -> None:
    """I1: each grant is in Canvas, or its pair says why not."""
    rows = {
        (row.student.canvas_user_id, row.assessment.key): row
        for row in PairStatus.objects.select_related("student", "assessment")
    }
    seen = campus.picture()
    for login, student in campus.students.items():
        user = campus.people[login].id
        if not _is_current(campus, user):
            continue
        for item in invariants.items_of(campus.state):
            key = (user, invariants.key_of(item))
            minutes, attempts = _least_grant(campus, Accommodation.objects.filter(student=student), item)
            if not minutes and not attempts:
                continue
            row = rows.get(key)
            assert row is not None, ("I1: no status", key)
            if _is_proven_now(campus, row):
                _check_held(row, seen[key], minutes, attempts)


def _is_proven_now(campus: Campus, row: PairStatus) -> bool:
    """Whether the pair says that Canvas holds the grant, by a proof of just now: older ones show their age."""
    if row.status == "not_needed":
        return row.reason not in NO_GRANT_VISIBLE
    is_fresh = row.evidence_at is not None and row.evidence_at > campus.now - LONG_ENOUGH
    return row.status == "in_place" and is_fresh


def _is_current(campus: Campus, user: int) -> bool:
    rows = campus.state.enrollments.where("course_user", (campus.course.id, user))
    return any(one.workflow_state in ("active", "invited") for one in rows)


def _least_grant(campus: Campus, rows: object, item: object) -> tuple[int, int]:
    """Return minutes and attempts of the accommodations that surely count: open-ended ones for every course."""
    quiz = invariants.quiz_of(campus.state, item)  # type: ignore[arg-type]  # an item of the sandbox
    settings = getattr(item, "quiz_settings", None) or {}
    limit = quiz.time_limit if quiz is not None else (settings.get("session_time_limit_in_seconds") or 0) // 60
    minutes = attempts = 0
    for row in rows:  # type: ignore[attr-defined]  # a queryset
        if row.status not in ("approved", "active") or row.effective_until or row.scope != "every_course" or row.kinds:
            continue
        if row.provision == "extra_time" and limit:
            approved = reference.extra_minutes(
                Fraction(limit), method=row.extra_time_method, multiplier=row.multiplier, minutes=row.minutes
            )
            minutes = max(minutes, min(approved, reference.MOST_MINUTES))
        elif row.provision == "extra_attempts" and _is_limited(quiz, item):
            attempts = max(attempts, row.attempts)
    return minutes, attempts


def _is_limited(quiz: object, item: object) -> bool:
    if quiz is not None:
        return bool(quiz.allowed_attempts > 0)  # type: ignore[attr-defined]  # a quiz of the sandbox
    if getattr(item, "is_new_quiz", False):
        return True
    return bool(item.allowed_attempts > 0)  # type: ignore[attr-defined]  # an assignment of the sandbox


def _check_held(row: PairStatus, given: Given, minutes: int, attempts: int) -> None:
    assert given.minutes >= minutes, ("I1", row.assessment.name, row.reason, given, minutes)
    assert given.attempts >= attempts, ("I1", row.assessment.name, row.reason, given, attempts)
