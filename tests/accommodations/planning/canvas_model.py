"""A small pure Canvas: it keeps the truth of one course, shows it as facts, and takes changes as Canvas would."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import (
    LedgerExtension,
    LedgerOverride,
    LedgerPart,
    Plan,
    PlannedAction,
    PlanningInputs,
    PreviousPair,
    ReadsNeeded,
)
from accommodations.planning.planner import plan_course
from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import (
    AssessmentFacts,
    CourseFacts,
    DateSetting,
    ObservedAttempt,
    ObservedExtension,
    ObservedOverride,
    ObservedSubmission,
    OverrideTarget,
    overridden_to,
)
from tests.strategies_of_overrides import is_of_assessment

PairKey = tuple[int, str]


class CanvasRefuses(AssertionError):
    """The plan asked for something that Canvas would refuse, or that would touch somebody else."""


@dataclass
class ModelCanvas:
    """The truth of one course. `extensions` are extra minutes and attempts, `submitted` who has handed in what.

    `attempts` are the latest ones on classic quizzes: Canvas shows them together with the extensions.
    """

    facts: CourseFacts
    extensions: dict[PairKey, tuple[int, int]] = field(default_factory=dict)
    submitted: frozenset[PairKey] = frozenset()
    attempts: tuple[ObservedAttempt, ...] = ()
    next_override_id: int = 10_000

    def read(self, reads: ReadsNeeded, facts: CourseFacts) -> CourseFacts:
        """Return the facts with what was asked for read as well."""
        keys = facts.extensions_read | reads.extensions_of
        submission_keys = facts.submissions_read | reads.submissions_of
        return replace(
            facts,
            extensions_read=keys,
            extensions=tuple(
                ObservedExtension(key, user, minutes, attempts)
                for (user, key), (minutes, attempts) in self.extensions.items()
                if key in keys
            ),
            attempts=tuple(one for one in self.attempts if one.assessment_key in keys),
            submissions_read=submission_keys,
            submissions=tuple(
                ObservedSubmission(key, user, has_submitted=True)
                for user, key in self.submitted
                if key in submission_keys
            ),
        )

    def apply(self, change: Change) -> int | None:
        """Carry out one change and return the id of the override that stands now."""
        if isinstance(change, SetQuizExtension):
            return self._extend(self._by_quiz(change.canvas_quiz_id), change)
        if isinstance(change, SetAssignmentExtension | SetNewQuizAccommodation):
            return self._extend(self._by_id(change.canvas_assignment_id), change)
        if isinstance(change, CreateOverride):
            return self._create(change.canvas_assignment_id, change.canvas_user_id, change.title, change)
        if isinstance(change, UpdateOverride):
            return self._update(change)
        if isinstance(change, DeleteOverride):
            self._alone(change.canvas_assignment_id, change.canvas_override_id, change.canvas_user_id)
            self._replace(change.canvas_assignment_id, change.canvas_override_id, None)
            return None
        return self._move(change)

    def edit(self, key: str, **fields: object) -> None:
        """Let somebody change an assessment in Canvas."""
        self.facts = replace(
            self.facts,
            assessments=tuple(replace(one, **fields) if one.key == key else one for one in self.facts.assessments),
        )

    def _extend(
        self,
        assessment: AssessmentFacts,
        change: SetQuizExtension | SetAssignmentExtension | SetNewQuizAccommodation,
    ) -> None:
        key = (change.canvas_user_id, assessment.key)
        minutes, attempts = self.extensions.get(key, (0, 0))
        new_minutes = None if isinstance(change, SetAssignmentExtension) else change.extra_minutes
        if new_minutes is None and change.extra_attempts is None:
            raise CanvasRefuses("an extension that changes nothing")
        if not 0 <= (new_minutes or 0) <= 10080:
            raise CanvasRefuses(f"{new_minutes} minutes")
        self.extensions[key] = (
            minutes if new_minutes is None else new_minutes,
            attempts if change.extra_attempts is None else change.extra_attempts,
        )

    def _create(
        self, assignment_id: int, user: int, title: str, change: CreateOverride | MoveOutOfSharedOverride
    ) -> int:
        assessment = self._by_id(assignment_id)
        for override in assessment.overrides:
            if is_of_assessment(override) and user in override.canvas_user_ids:
                raise CanvasRefuses("already belongs to an assignment override")
        self.next_override_id += 1
        made = ObservedOverride(
            self.next_override_id,
            title,
            OverrideTarget.AD_HOC,
            frozenset({user}),
            unlock=overridden_to(change.dates.unlock_at),
            due=self._stored(overridden_to(change.dates.due_at)),
            lock=self._stored(overridden_to(change.dates.lock_at)),
        )
        self.edit(assessment.key, overrides=(*assessment.overrides, made))
        return self.next_override_id

    def _update(self, change: UpdateOverride) -> int:
        override = self._alone(change.canvas_assignment_id, change.canvas_override_id, change.canvas_user_id)
        updated = replace(
            override,
            title=change.title or override.title,
            unlock=change.unlock,
            due=self._stored(change.due),
            lock=self._stored(change.lock),
        )
        self._replace(change.canvas_assignment_id, change.canvas_override_id, updated)
        return override.canvas_override_id

    def _move(self, change: MoveOutOfSharedOverride) -> int:
        shared = self._found(change.canvas_assignment_id, change.canvas_shared_override_id)
        rest = frozenset(change.remaining_canvas_user_ids)
        written = (change.shared_unlock, self._stored(change.shared_due), self._stored(change.shared_lock))
        same = (shared.unlock, shared.due, shared.lock) == written
        if rest != shared.canvas_user_ids - {change.canvas_user_id} or not rest or not same:
            raise CanvasRefuses("somebody else's override would change")
        self._replace(change.canvas_assignment_id, shared.canvas_override_id, replace(shared, canvas_user_ids=rest))
        return self._create(change.canvas_assignment_id, change.canvas_user_id, change.title, change)

    def _stored(self, setting: DateSetting) -> DateSetting:
        """Return a due or lock as Canvas stores it: midnight in the token's zone becomes the end of that day."""
        if setting.at is None:
            return setting
        local = setting.at.astimezone(ZoneInfo(self.facts.token_time_zone))
        if local.hour or local.minute:
            return setting
        return overridden_to(setting.at + timedelta(hours=23, minutes=59, seconds=59 - local.second))

    def _alone(self, assignment_id: int, override_id: int, user: int) -> ObservedOverride:
        override = self._found(assignment_id, override_id)
        if override.canvas_user_ids != {user}:
            raise CanvasRefuses("the override names somebody else")
        return override

    def _found(self, assignment_id: int, override_id: int) -> ObservedOverride:
        for override in self._by_id(assignment_id).overrides:
            if override.canvas_override_id == override_id:
                return override
        raise CanvasRefuses(f"no override {override_id}")

    def _replace(self, assignment_id: int, override_id: int, new: ObservedOverride | None) -> None:
        assessment = self._by_id(assignment_id)
        kept = (new if one.canvas_override_id == override_id else one for one in assessment.overrides)
        self.edit(assessment.key, overrides=tuple(one for one in kept if one is not None))

    def _by_id(self, assignment_id: int) -> AssessmentFacts:
        return next(one for one in self.facts.assessments if one.canvas_assignment_id == assignment_id)

    def _by_quiz(self, quiz_id: int) -> AssessmentFacts:
        return next(one for one in self.facts.assessments if one.canvas_quiz_id == quiz_id)


@dataclass
class World:
    """A Canvas, the rules of the day, and what Leeway remembers."""

    canvas: ModelCanvas
    inputs: PlanningInputs
    extensions: dict[PairKey, LedgerExtension] = field(default_factory=dict)
    overrides: dict[PairKey, LedgerOverride] = field(default_factory=dict)
    previous: tuple[PreviousPair, ...] = ()

    def observe(self, now: datetime | None = None) -> PlanningInputs:
        """Return planning inputs with everything read that the planner asks for."""
        moment = now or self.inputs.now
        self.inputs = replace(
            self.inputs,
            now=moment,
            facts=replace(self.canvas.facts, read_at=moment),
            ledger_extensions=tuple(self.extensions.values()),
            ledger_overrides=tuple(self.overrides.values()),
            previous=self.previous,
        )
        needed = reads_needed(self.inputs)
        self.inputs = replace(self.inputs, facts=self.canvas.read(needed, self.inputs.facts))
        again = reads_needed(self.inputs)
        assert not (again.extensions_of - needed.extensions_of), again
        assert not (again.submissions_of - needed.submissions_of), again
        return self.inputs

    def sync(self, now: datetime | None = None) -> Plan:
        """Observe, plan and apply; return the plan."""
        plan = plan_course(self.observe(now))
        for action in plan.actions:
            self.apply(action)
        for correction in plan.ledger_corrections:
            key = (correction.canvas_user_id, correction.assessment_key)
            if correction.part is LedgerPart.EXTENSION:
                _store(self.extensions, key, correction.extension)
            else:
                _store(self.overrides, key, correction.override)
        self.previous = tuple(
            PreviousPair(pair.canvas_user_id, pair.assessment_key, pair.status, pair.reason) for pair in plan.pairs
        )
        return plan

    def apply(self, action: PlannedAction) -> None:
        """Carry out one action and remember it."""
        override_id = self.canvas.apply(action.change)
        key = (action.canvas_user_id, action.assessment_key)
        if isinstance(action.change, SetQuizExtension | SetAssignmentExtension | SetNewQuizAccommodation):
            taken = action.ledger_extension
            _store(self.extensions, key, replace(taken, confirmed_at=self.inputs.now) if taken else None)
            return
        entry = action.ledger_override
        _store(self.overrides, key, replace(entry, canvas_override_id=override_id) if entry and override_id else entry)


def _store(ledger: dict[PairKey, object], key: PairKey, value: object | None) -> None:
    if value is None:
        ledger.pop(key, None)
    else:
        ledger[key] = value


def world(inputs: PlanningInputs, extensions: dict[PairKey, tuple[int, int]] | None = None) -> World:
    """Return a world whose Canvas stands as the inputs' facts say, nothing read yet."""
    bare = replace(inputs.facts, extensions_read=frozenset(), submissions_read=frozenset())
    return World(ModelCanvas(bare, dict(extensions or {})), replace(inputs, facts=bare))


def counts_on(action: PlannedAction, left_out: PlannedAction) -> bool:
    """Whether it counts on the other one having left their shared override: then it is never sent without it."""
    left, change = left_out.change, action.change
    if not isinstance(left, MoveOutOfSharedOverride):
        return False
    if isinstance(change, MoveOutOfSharedOverride):
        is_the_same = change.canvas_shared_override_id == left.canvas_shared_override_id
        return is_the_same and left.canvas_user_id not in change.remaining_canvas_user_ids
    is_rewritten = action.waits_for_moves and isinstance(change, UpdateOverride)
    return is_rewritten and left.canvas_shared_override_id == change.canvas_override_id


def apply_some(here: World, plan: Plan, is_sent: Callable[[], bool]) -> None:
    """Carry out some of the plan's actions, as a worker does that is interrupted: none that counts on one left out."""
    left_out: list[PlannedAction] = []
    for action in plan.actions:
        if is_sent() and not any(counts_on(action, one) for one in left_out):
            here.apply(action)
        else:
            left_out.append(action)
