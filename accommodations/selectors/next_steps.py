"""The one button that helps with a pair: which act, by the reason of its status and the reader's rights.

`STEPS` names every reason. Where a reader may not do the first thing, the next that they may do is their button.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from accommodations.models import CourseSync, GuardStop, PairHold, PairStatus, SyncRun
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.selectors.visibility import Viewer


class About(StrEnum):
    """What a button's address names by its number."""

    PAIR = "pair"
    COURSE = "course"
    HOLD = "hold"
    STOP = "stop"
    PLAN = "plan"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: its words, the name of its address, and who may do it (any one of these rights)."""

    label: str
    address: str
    about: About
    rights: tuple[str, ...]
    is_post: bool = False
    anchor: str = ""


_READERS = ("see_all_students", "see_taught_students", "see_self")
_OFFICE = ("start_sync",)
_OFFICE_AND_INSTRUCTORS = ("start_sync", "start_taught_sync")

SEE_WHY = Step("See why", "pair_detail", About.PAIR, _READERS)
SEE_WHO_ACTS = Step("See whom to ask", "pair_detail", About.PAIR, ("see_all_students",), anchor="why-h")
COMPARE = Step("Compare both", "pair_explain", About.PAIR, ("see_all_students", "see_taught_students"))
SEE_MISSING = Step("See what is missing", "pair_explain", About.PAIR, ("see_all_students", "see_taught_students"))
ALLOW_PAST_END = Step("Allow past the end…", "accommodation_edit", About.SOURCE, ("record_accommodation",))
READ_THE_PLAN = Step("Read the plan", "sync_run_detail", About.PLAN, ("see_all_runs",))
SYNC_AGAIN = Step("Sync again", "start_course_sync", About.COURSE, _OFFICE_AND_INSTRUCTORS, is_post=True)
EXTEND = Step("Extend the running attempt…", "attempt_extend", About.PAIR, _OFFICE_AND_INSTRUCTORS)
DECIDE = Step("Approve or dismiss…", "guard_stop", About.STOP, ("confirm_guard",))
SEE_STOPPED = Step("See what was stopped", "guard_stop", About.STOP, ("see_all_students",))
RELEASE = Step("Release", "hold_release", About.HOLD, _OFFICE, is_post=True)
SET_DATES = Step("Set the dates…", "course_quiz_dates", About.COURSE, _OFFICE)
BY_HAND = Step(
    "Mark done by hand…",
    "pair_detail",
    About.PAIR,
    ("record_accommodation", "start_taught_sync"),
    anchor="settle-h",
)
WRITE_WHAT_WAS_DONE = Step(
    "Write what was done…", "pair_detail", About.PAIR, ("record_accommodation",), anchor="settle-h"
)

_NOTHING: tuple[Step, ...] = ()
STEPS: dict[Reason, tuple[Step, ...]] = {
    Reason.READ_BACK: _NOTHING,
    Reason.ACCEPTED: _NOTHING,
    Reason.CAPPED_BY_CANVAS: (SEE_MISSING, SEE_WHY),
    Reason.COURSE_END: (ALLOW_PAST_END, SEE_MISSING, SEE_WHY),
    Reason.GRADING_PERIOD: (ALLOW_PAST_END, SEE_MISSING, SEE_WHY),
    Reason.CLASS_WINDOW: (SEE_MISSING, SEE_WHY),
    Reason.PLANNED: (READ_THE_PLAN,),
    Reason.UNTIL_OVER: _NOTHING,
    Reason.REFUSED: (SYNC_AGAIN, SEE_WHY),
    Reason.UNREACHABLE: (SYNC_AGAIN, SEE_WHY),
    Reason.RUNNING_ATTEMPT_SHORT: (EXTEND, SEE_WHY),
    Reason.GUARD: (DECIDE, SEE_STOPPED, SEE_WHY),
    Reason.UNDONE: (RELEASE, SEE_WHY),
    Reason.DISMISSED: (RELEASE, SEE_WHY),
    Reason.SHARED_OVERRIDE: (COMPARE, SEE_WHY),
    Reason.GROUP_ASSIGNMENT: (SEE_WHO_ACTS, SEE_WHY),
    Reason.WOULD_ASSIGN: (SEE_WHO_ACTS, SEE_WHY),
    Reason.WOULD_UNASSIGN: (SEE_WHO_ACTS, SEE_WHY),
    Reason.COURSE_CONCLUDED: (SEE_WHO_ACTS, SEE_WHY),
    Reason.GRADING_PERIOD_CLOSED: (SEE_WHO_ACTS, SEE_WHY),
    Reason.OUTSIDE_CANVAS: (BY_HAND, SEE_WHY),
    Reason.UNGRADED_QUIZ: (SET_DATES, SEE_WHY),
    Reason.BLUEPRINT_LOCK: (SEE_WHO_ACTS, SEE_WHY),
    Reason.PACED_COURSE: (SEE_WHO_ACTS, SEE_WHY),
    Reason.CHECKPOINTS: (SEE_WHO_ACTS, SEE_WHY),
    Reason.PERMISSION_MISSING: (SYNC_AGAIN, SEE_WHY),
    Reason.NO_TIME_LIMIT: _NOTHING,
    Reason.UNLIMITED_ATTEMPTS: _NOTHING,
    Reason.NO_DATE_TO_MOVE: _NOTHING,
    Reason.EXCEPTION: _NOTHING,
    Reason.NOT_RELEASED: _NOTHING,
    Reason.INSTRUCTOR_GIVES_AS_MUCH: _NOTHING,
    Reason.CLOSED: (WRITE_WHAT_WAS_DONE, SEE_WHY),
    Reason.BEGUN: (WRITE_WHAT_WAS_DONE, SEE_WHY),
    Reason.OVER: _NOTHING,
}
"""What helps with each reason, best first; empty where nobody has to do anything."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A button for one pair: the act, and the number of what its address names."""

    step: Step
    number: int

    @property
    def is_primary(self) -> bool:
        """Whether it acts, and does not only show."""
        return self.step.is_post or self.step in (EXTEND, DECIDE, READ_THE_PLAN, WRITE_WHAT_WAS_DONE, BY_HAND)


def with_step_targets(pairs: QuerySet[PairStatus], user: Viewer) -> QuerySet[PairStatus]:
    """Return the pairs with the numbers that their buttons need, in the same query.

    The waiting plan and stop of their course, the hold on them; none where the reader may not know of it.
    """
    plans = CourseSync.objects.filter(
        course=OuterRef("course"), status=CourseSync.Status.PLANNED, run__status=SyncRun.Status.READING
    )
    stops = GuardStop.objects.filter(course=OuterRef("course"), status=GuardStop.Status.WAITING)
    holds = PairHold.objects.filter(
        student=OuterRef("student"), assessment=OuterRef("assessment"), released_at__isnull=True
    )
    return pairs.annotate(
        sources=F("outcome__sources"),
        plan_to_read=Subquery(
            (plans if _may(user, "see_all_runs") else plans.none()).order_by("-pk").values("run")[:1]
        ),
        stop_to_read=Subquery((stops if _may(user, "see_all_students") else stops.none()).values("pk")[:1]),
        hold_to_release=Subquery((holds if _may(user, "start_sync") else holds.none()).values("pk")[:1]),
    )


def _may(user: Viewer, right: str) -> bool:
    return user.has_perm(f"accommodations.{right}")


def next_step(user: Viewer, pair: PairStatus) -> NextStep | None:
    """Return the button for a pair that came from `with_step_targets`; None where nothing is to be done by them."""
    reason = Reason(pair.reason)
    if pair.settled_at is not None:
        return None
    for step in STEPS[reason]:
        number = _number(step.about, pair)
        if number is not None and any(_may(user, right) for right in step.rights):
            return NextStep(step, number)
    return None


def _number(about: About, pair: PairStatus) -> int | None:
    if about is About.PAIR:
        return pair.pk
    if about is About.COURSE:
        return pair.course_id
    if about is About.SOURCE:
        return _dates_source(pair)
    name = {About.PLAN: "plan_to_read", About.STOP: "stop_to_read", About.HOLD: "hold_to_release"}[about]
    found: int | None = getattr(pair, name)
    return found


def _dates_source(pair: PairStatus) -> int | None:
    """Return the accommodation whose dates are cut short: on its page staff may let them pass the end."""
    sources: list[dict[str, Any]] = pair.sources or []  # type: ignore[attr-defined]  # annotated
    return next((source["accommodation_id"] for source in sources if source["field"] == "dates"), None)


def needs_somebody(reason: Reason) -> bool:
    """Whether the reason is one that a person has to do something about."""
    return bool(STEPS[reason]) and STATUS_OF[reason] is not Status.WAITING
