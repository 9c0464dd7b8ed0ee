"""The work on one course under its lease: read, plan, apply request by request, read back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from accommodations.errors import RunLimitPassed
from accommodations.locks import Lease
from accommodations.models import CourseSync, SyncAction
from accommodations.planning.plan import PlannedAction, PreviousFailure
from accommodations.planning.statuses import Reason
from accommodations.selectors.rules import decisions_fingerprint, fingerprint_of, stored_failures
from accommodations.services import connections, observe, unknowns
from accommodations.services.apply import finish_move, send_request
from accommodations.services.ledger import extensions_not_read_back
from accommodations.services.observe import Failures, Observation
from accommodations.services.stored_plans import Step, changes_shown, planned_of, store_plan
from accommodations.services.sync_runs import is_cancelled
from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    Outcome,
    OutcomeKind,
    Request,
    UpdateOverride,
)
from canvas_bridge.errors import CanvasUnavailable
from canvas_bridge.facts import CourseFacts

OLDEST_READ = timedelta(seconds=30)
MOST_ROUNDS = 50
MOST_IDLE_ROUNDS = 3
"""How often a plan may grow old before its first request: a course that is read so slowly is left to the next sync."""
MOST_TRIES_OF_A_CHANGE = 2
OVERRIDE_CHANGES = (CreateOverride, UpdateOverride, DeleteOverride, MoveOutOfSharedOverride)


class RunCancelled(Exception):
    """A person cancelled the run while its course was at work."""


@dataclass
class _Round:
    """What one pass over the plan did."""

    applied: list[Change] = field(default_factory=list)
    sent_count: int = 0
    must_read_again: bool = False
    is_plan_old: bool = False
    has_unknown: bool = False
    not_left: list[MoveOutOfSharedOverride] = field(default_factory=list)
    """Moves that failed: those who were to leave a shared override and did not."""

    def has_outdated_move(self, request: Request) -> bool:
        """Whether the request is a move that takes somebody for gone who stayed, or for staying who left (R1, R2)."""
        left = [change for change in self.applied if isinstance(change, MoveOutOfSharedOverride)]
        moves = [change for change in request.changes if isinstance(change, MoveOutOfSharedOverride)]
        return any(_counts_on(move, one) for move in moves for one in self.not_left) or any(
            _is_of_the_same(move, one) and one.canvas_user_id in move.remaining_canvas_user_ids
            for move in moves
            for one in left
        )


def _counts_on(change: Change, other: Change) -> bool:
    """Whether it is a move that would take the other's student, too, out of the override that both are to leave."""
    if not isinstance(change, MoveOutOfSharedOverride) or not isinstance(other, MoveOutOfSharedOverride):
        return False
    stays = other.canvas_user_id in (*change.remaining_canvas_user_ids, change.canvas_user_id)
    return _is_of_the_same(change, other) and not stays


def _is_of_the_same(one: MoveOutOfSharedOverride, other: MoveOutOfSharedOverride) -> bool:
    return one.canvas_shared_override_id == other.canvas_shared_override_id


class CourseWork:
    """Everything that one worker does for one course sync while it holds the lease."""

    def __init__(self, course_sync: CourseSync, lease: Lease) -> None:
        self.course_sync, self.lease = course_sync, lease
        self.course = course_sync.course
        self.run = course_sync.run
        self.connection = connections.usable_connection()
        self.gateway = connections.gateway_for(
            self.connection, before_request=lease.renew, lane=connections.lane_of(self.run)
        )
        self.failures: Failures = stored_failures(self.course)
        self.failing: dict[tuple[int, str], set[Change]] = {}
        self.tries: dict[Change, int] = {}
        self.given_up: set[Change] = set()
        self.read_back: frozenset[str] = frozenset()
        self.half_moved: set[tuple[int, str]] = set()
        """Pairs that stand between the two steps of a move: nothing else is sent for them before it is finished."""

    def carry_out(self) -> tuple[CourseSync.Status, str]:
        """Do it, and return the status with which it ends (or waits to be read) and words for it."""
        unknowns.note_leftovers(self.course)
        observed = self._first_observation()
        shown = changes_shown(self.course_sync) if self.course_sync.is_approved else frozenset()
        steps = self._stored(observed)
        if self.run.plan_only:
            return CourseSync.Status.DONE, ""
        if self._waits_to_be_read(steps, shown):
            return self._show(steps)
        return self._apply_until_done(observed, steps, shown)

    def _stored(self, observed: Observation) -> list[Step]:
        self.lease.renew()  # who slept past it must not write a plan beside the new holder's
        return store_plan(self.course_sync, observed, given_up=self.given_up)

    def _read_course(self) -> CourseFacts:
        zone = connections.token_time_zone(self.connection, self.gateway)
        return observe.read_course(self.course, self.gateway, token_time_zone=zone)

    def _first_observation(self) -> Observation:
        return self._observe(self._settled_unknowns(self._read_course()))

    def _observe(self, facts: CourseFacts) -> Observation:
        return self._with_everybody(self._observe_as_read(facts))

    def _observe_as_read(self, facts: CourseFacts) -> Observation:
        return observe.observe(self.course, facts, self.gateway, failures=self.failures, course_sync=self.course_sync)

    def _with_everybody(self, observed: Observation) -> Observation:
        """Read again where somebody was given an accommodation in the middle of the reading (F27)."""
        if not observed.has_unread_students:
            return observed
        return self._observe_as_read(observe.read_again(observed.facts, self._read_course()))

    def _settled_unknowns(self, facts: CourseFacts) -> CourseFacts:
        """Settle by reading what an earlier worker, or this one, sent without hearing the outcome."""
        unknown = unknowns.unknown_actions(self.course)
        if unknown:
            # What was read in this work already may be from before the write: it proves nothing about it.
            facts = observe.read_extensions(facts, self.gateway, unknowns.extensions_to_read(unknown))
            half_done = unknowns.half_done_moves(unknown, facts)
            unknowns.settle([row for row in unknown if row not in half_done], self.course, facts)
            if half_done:
                facts = self._finished(half_done, facts)
        return facts

    def _finished(self, rows: Sequence[SyncAction], facts: CourseFacts) -> CourseFacts:
        """Finish the moves of which only the first step arrived (F33), and read the course as it is then."""
        self.half_moved = set()
        for row in rows:
            planned = planned_of(row)
            change = unknowns.move_now(planned.change, facts)
            outcome = finish_move(self.course_sync, self.gateway, change, Step(row, replace(planned, change=change)))
            key = (planned.canvas_user_id, planned.assessment_key)
            if outcome.kind is OutcomeKind.APPLIED:
                self.failures.pop(key, None)
                continue
            self.failures[key] = _failure_of(key, outcome)
            if outcome.kind is OutcomeKind.UNKNOWN:
                self.half_moved.add(key)
        return observe.read_again(facts, self._read_course())

    def _waits_to_be_read(self, steps: Sequence[Step], shown: frozenset[Change]) -> bool:
        if not self.run.reads_before_applying:
            return False
        # What was read and is still due may go out; less than was read is no surprise, anything new is.
        return not {step.planned.change for step in steps} <= shown

    def _show(self, steps: Sequence[Step]) -> tuple[CourseSync.Status, str]:
        was_approved = self.course_sync.is_approved
        CourseSync.objects.filter(pk=self.course_sync.pk).update(is_approved=False)
        words = "Canvas has changed since you read the plan: here it is again." if was_approved else ""
        return CourseSync.Status.PLANNED, words

    def _apply_until_done(
        self, observed: Observation, steps: list[Step], shown: frozenset[Change]
    ) -> tuple[CourseSync.Status, str]:
        todo, idle = self._todo(steps, shown), 0
        for _ in range(MOST_ROUNDS):
            if not todo:
                keys = self._not_read_back()
                if not keys:
                    break
                observed = self._read_back(observed, keys)
            else:
                self._enter(CourseSync.Status.APPLYING)
                done = self._one_round(observed, todo)
                idle = 0 if done.sent_count else idle + 1
                if idle == MOST_IDLE_ROUNDS:
                    break
                self._enter(CourseSync.Status.VERIFYING)
                observed = self._verify(observed, done)
            steps = self._stored(observed)
            todo = self._todo(steps, shown)
        return self._result(steps, observed)

    def _todo(self, steps: Sequence[Step], shown: frozenset[Change]) -> list[Step]:
        """Return what is still to be sent: nothing that was refused in this work, nothing that nobody has read."""
        may_send = [
            step
            for step in steps
            if step.planned.change not in self.given_up
            and not self._is_half_moved(step)
            and not step.planned.waits_for_moves  # planned again, and sent, when the others have left
        ]
        if self.run.reads_before_applying:
            may_send = [step for step in may_send if step.planned.change in shown]
        sent = {step.planned.change for step in may_send}
        stay = [step.planned.change for step in steps if step.planned.change not in sent]
        return [step for step in may_send if not any(_counts_on(step.planned.change, one) for one in stay)]

    def _is_half_moved(self, step: Step) -> bool:
        return (step.planned.canvas_user_id, step.planned.assessment_key) in self.half_moved

    def _enter(self, status: CourseSync.Status) -> None:
        CourseSync.objects.filter(pk=self.course_sync.pk).update(status=status)

    def _one_round(self, observed: Observation, todo: Sequence[Step]) -> _Round:
        """Send the requests in order, until the plan under them is old; a request's actions share its outcome."""
        done, decided = _Round(), fingerprint_of(observed.inputs)
        for request, steps in self._requests(todo):
            if is_cancelled(self.run):
                raise RunCancelled
            if self._is_plan_old(observed.facts, request, decided):
                done.must_read_again = done.is_plan_old = True
                break
            if done.has_outdated_move(request):
                done.must_read_again = True
                continue
            try:
                outcomes = send_request(self.course_sync, self.gateway, request, steps)
            except RunLimitPassed:
                # Planned again, the guard stops what shrinks, and the rest of the request goes.
                done.must_read_again = True
                continue
            done.sent_count += 1
            for step, outcome in zip(steps, outcomes, strict=True):
                self._note(step.planned, outcome, done)
            if any(outcome.kind is OutcomeKind.UNREACHABLE for outcome in outcomes):
                self._give_up_for_now(observed)
        return done

    def _requests(self, todo: Sequence[Step]) -> Iterator[tuple[Request, list[Step]]]:
        step_of = {step.planned.change: step for step in todo}
        for request in self.gateway.requests_for([step.planned.change for step in todo]):
            yield request, [step_of[change] for change in request.changes]

    def _is_plan_old(self, facts: CourseFacts, request: Request, decided: str) -> bool:
        """Whether staff decided anew meanwhile, or an override would be written from a read that is too old."""
        now = timezone.now()
        if decisions_fingerprint(self.course, now=now) != decided:
            return True
        writes_override = any(isinstance(change, OVERRIDE_CHANGES) for change in request.changes)
        return writes_override and now - facts.read_at > OLDEST_READ

    def _note(self, planned: PlannedAction, outcome: Outcome, done: _Round) -> None:
        change = planned.change
        key = (planned.canvas_user_id, planned.assessment_key)
        self.tries[change] = self.tries.get(change, 0) + 1
        failing = self.failing.setdefault(key, set())
        if outcome.kind is OutcomeKind.APPLIED:
            done.applied.append(change)
            failing.discard(change)
            if not failing:
                self.failures.pop(key, None)
        else:
            failing.add(change)
            self.failures[key] = _failure_of(key, outcome)
            if isinstance(change, MoveOutOfSharedOverride):
                done.not_left.append(change)
        done.has_unknown |= outcome.kind is OutcomeKind.UNKNOWN
        if outcome.kind is OutcomeKind.REFUSED or self.tries[change] >= MOST_TRIES_OF_A_CHANGE:
            self.given_up.add(change)
        if outcome.kind is not OutcomeKind.APPLIED or isinstance(change, OVERRIDE_CHANGES):
            done.must_read_again = True

    def _give_up_for_now(self, observed: Observation) -> None:
        """Stop at an outage: the pairs show it, and the whole course is tried again after a while."""
        self._replan(observed.facts, observed)
        raise CanvasUnavailable("a request was not answered")

    def _replan(self, facts: CourseFacts, observed: Observation) -> None:
        observe.replan(
            self.course,
            facts,
            assessments=observed.assessments,
            failures=self.failures,
            course_sync=self.course_sync,
        )

    def _verify(self, observed: Observation, done: _Round) -> Observation:
        """Read again what must be read and plan again: applied means that planning finds nothing left."""
        facts = observe.with_answers(observed.facts, done.applied)
        if not done.must_read_again:
            # Nothing but extensions was sent, and Canvas answered with what it holds: no read is needed.
            kept = observe.keep(self.course, facts, failures=self.failures, course_sync=self.course_sync)
            return self._with_everybody(kept)
        if done.has_unknown:
            # Should the reading fail, the pairs say what happened.
            self._replan(facts, observed)
        return self._observe(self._settled_unknowns(self._read_written(facts, done)))

    def _read_written(self, facts: CourseFacts, done: _Round) -> CourseFacts:
        """Return the facts as Canvas holds them after writes: where all is known but the overrides, only these."""
        again = None if done.is_plan_old else self.gateway.read_course_again(facts)
        return again if again is not None else observe.read_again(facts, self._read_course())

    def _not_read_back(self) -> frozenset[str]:
        """Return what a person's run has written and Canvas has only answered for: it is read back, once."""
        if self.run.requested_by_id is None:
            return frozenset()
        return extensions_not_read_back(self.course_sync) - self.read_back

    def _read_back(self, observed: Observation, keys: frozenset[str]) -> Observation:
        self._enter(CourseSync.Status.VERIFYING)
        self.read_back |= keys
        return self._observe(observe.read_extensions(observed.facts, self.gateway, keys))

    def _result(self, steps: Sequence[Step], observed: Observation) -> tuple[CourseSync.Status, str]:
        stop = observed.plan.stop
        if not steps:
            return CourseSync.Status.DONE, f"The safety guard stopped some of it. {stop.message}" if stop else ""
        refused = sum(step.planned.change in self.given_up or self._is_half_moved(step) for step in steps)
        if refused:
            words = f"{refused} of {len(steps)} remaining actions were refused or not answered by Canvas."
        else:
            words = f"{len(steps)} actions that nobody has read yet remain; the next sync plans them."
        has_applied = self.course_sync.actions.filter(status="applied").exists()
        return CourseSync.Status.PARTIAL if has_applied or not refused else CourseSync.Status.FAILED, words


def _failure_of(key: tuple[int, str], outcome: Outcome) -> PreviousFailure:
    reason = Reason.REFUSED if outcome.kind is OutcomeKind.REFUSED else Reason.UNREACHABLE
    if outcome.is_permission_missing:
        reason = Reason.PERMISSION_MISSING
    return PreviousFailure(canvas_user_id=key[0], assessment_key=key[1], reason=reason, message=outcome.message)
