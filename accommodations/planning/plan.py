"""The plan: what each pair is due, what Canvas holds, what is to be done about it and why."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accommodations.planning.rules import AccommodationRule, ExceptionRule, PlanningSettings
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from canvas_bridge.changes import Change
from canvas_bridge.facts import CourseFacts, Dates, DateSetting


@dataclass(frozen=True, slots=True)
class Values:
    """Extra minutes, extra attempts and dates of one student on one assessment; None where the field plays no part."""

    extra_minutes: int | None = None
    extra_attempts: int | None = None
    dates: Dates | None = None


class HoldKind(StrEnum):
    """What a person decided about a pair: the first two make it wait for them."""

    UNDONE = "undone"
    DISMISSED = "dismissed"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Hold:
    """What a person decided about a pair: undone stays away, dismissed stays, and dates may follow the class.

    `kept` is what of ours stood there before what was undone: it is what undoing comes back to (empty: nothing). Where
    untimed dates follow a class that moved earlier, it holds the class dates that this was decided for.
    """

    canvas_user_id: int
    assessment_key: str
    kind: HoldKind
    by: str
    reason: str = ""
    kept: Values = Values()


@dataclass(frozen=True, slots=True)
class GuardState:
    """What the safety guard (R16) goes by: its limits, and what people have decided already.

    `counted_elsewhere` are the run's counted actions in other courses, or sent already; `confirmed` those a revoke of
    whom a person has just confirmed, each with the number of assessments that the page named. `approved` and `stopped`
    hold digests of actions that a director let through, or that wait for one.
    """

    percent: int = 20
    course_actions: int = 5
    run_actions: int = 50
    counted_elsewhere: int = 0
    confirmed: frozenset[tuple[int, int]] = frozenset()
    approved: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LedgerExtension:
    """Extra minutes and attempts that we put (None: not ours), and what stood there before us.

    `is_read_back` tells whether Canvas was read and held them (else: accepted, Canvas's own answer); `confirmed_at`
    when that was (None: just now).
    """

    canvas_user_id: int
    assessment_key: str
    put_minutes: int | None = None
    before_minutes: int = 0
    put_attempts: int | None = None
    before_attempts: int = 0
    is_read_back: bool = False
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OverrideBefore:
    """An instructor's single-student override as it stood before we updated it in place."""

    title: str
    unlock: DateSetting
    due: DateSetting
    lock: DateSetting


@dataclass(frozen=True, slots=True)
class LedgerOverride:
    """The dates that we put by an ad-hoc override; `before` None means that we created it.

    `canvas_override_id` is where it stood when we last saw it: a page saved in Canvas may have renewed the id.
    `class_dates` are the student's class dates when we put it: they tell a class that moved from a grant that did.
    """

    canvas_user_id: int
    assessment_key: str
    canvas_override_id: int
    put: Dates
    before: OverrideBefore | None = None
    class_dates: Dates | None = None


class LedgerPart(StrEnum):
    """The two parts of the ledger of a pair."""

    EXTENSION = "extension"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class LedgerCorrection:
    """What the ledger must say of one pair although nothing is written; both values None: nothing of ours stands there.

    Reasons: someone changed or took away what we put (R3), an override of ours is known by its title alone (F30),
    a page saved in Canvas renewed its id (F35), or an extension that was only accepted has now been read back.
    """

    canvas_user_id: int
    assessment_key: str
    part: LedgerPart
    extension: LedgerExtension | None = None
    override: LedgerOverride | None = None


@dataclass(frozen=True, slots=True)
class PreviousFailure:
    """Canvas refused or did not answer the pair's last planned action, and nothing has been tried since."""

    canvas_user_id: int
    assessment_key: str
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class PreviousPair:
    """What we knew of a pair before this plan, for telling *past* from *missed*."""

    canvas_user_id: int
    assessment_key: str
    status: Status
    reason: Reason


@dataclass(frozen=True, slots=True)
class PlanningInputs:
    """All that a plan of one course depends on. The same inputs give the same plan, whatever the order of its tuples.

    `not_released` holds the students who need a release in this course and have none, `gone` those whom Canvas no
    longer knows and of whom nobody has decided who they are now (F26); `done_by_hand` the pairs that
    a person settled outside Canvas (external tool, paper); `uncertain_extensions` the pairs of which nobody knows
    whether the last write to a New Quiz arrived; `marked_exams` the assessments that staff marked as exams. `guard`
    None: nothing is stopped.
    """

    facts: CourseFacts
    rules: tuple[AccommodationRule, ...]
    settings: PlanningSettings
    now: datetime
    exceptions: tuple[ExceptionRule, ...] = ()
    not_released: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    ledger_extensions: tuple[LedgerExtension, ...] = ()
    ledger_overrides: tuple[LedgerOverride, ...] = ()
    failures: tuple[PreviousFailure, ...] = ()
    previous: tuple[PreviousPair, ...] = ()
    done_by_hand: frozenset[tuple[int, str]] = frozenset()
    uncertain_extensions: frozenset[tuple[int, str]] = frozenset()
    holds: tuple[Hold, ...] = ()
    marked_exams: frozenset[str] = frozenset()
    guard: GuardState | None = None


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One change for one student on one assessment. `sentence` says it in plain words with the numbers.

    `is_shrinking` marks what deletes or shrinks something (R16 counts these, unless `is_expected`: an end recorded in
    advance, or an undo). `if_held` is what still goes on where the shrinking is stopped: the part of it that gives.
    `waits_for_moves`: it is sent once the others have left the shared override, by a plan made then.
    `ledger_extension` or `ledger_override` is what the ledger must say of that part once Canvas has accepted the
    change; None there means that nothing of ours remains. A created override's id (0 here) is known from the outcome.
    """

    canvas_user_id: int
    assessment_key: str
    change: Change
    before: Values
    after: Values
    sentence: str
    is_shrinking: bool = False
    ledger_extension: LedgerExtension | None = None
    ledger_override: LedgerOverride | None = None
    is_expected: bool = False
    waits_for_moves: bool = False
    if_held: "PlannedAction | None" = None

    @property
    def pair_key(self) -> tuple[int, str]:
        """Return student and assessment."""
        return self.canvas_user_id, self.assessment_key

    @property
    def digest(self) -> str:
        """Return a digest of exactly what would be sent, and for which pair."""
        return hashlib.sha256(f"{self.assessment_key}:{self.change!r}".encode()).hexdigest()

    @property
    def key(self) -> str:
        """Return a stable name of the action within its plan: the same change has the same key in the next plan."""
        return f"{type(self.change).__name__}:{self.assessment_key}:{self.canvas_user_id}"


@dataclass(frozen=True, slots=True)
class GrantSource:
    """Which accommodation a field of the grant comes from; `field` is extra_minutes, extra_attempts or dates."""

    field: str
    accommodation_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """Status of one (student, assessment) pair, with everything a page needs to explain it.

    `grant` is what the accommodations come to; `wanted` what Leeway aims at after R1, R8, R9 and R11 (None: nothing);
    `observed` what Canvas holds for the student now. `class_dates` are the student's dates without any ad-hoc
    override, `without_us` with everything but what we wrote. `is_exam` as in product.md. `opens_at` and `closes_at`
    are for this student, with the grant. `short_by_minutes`: by how much a short pair falls short, where minutes do.
    `is_granted`: off where only something of ours is left that is to be taken back, which is no gap in coverage.
    """

    canvas_user_id: int
    assessment_key: str
    reason: Reason
    sentence: str
    grant: Values
    observed: Values
    class_dates: Dates
    without_us: Values
    wanted: Values | None = None
    sources: tuple[GrantSource, ...] = ()
    is_exam: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    short_by_minutes: int | None = None
    is_granted: bool = True

    @property
    def status(self) -> Status:
        """Return the status that the reason belongs to."""
        return STATUS_OF[self.reason]


@dataclass(frozen=True, slots=True)
class Stop:
    """What the safety guard stopped in one course, with the figures that made it stop (R16).

    `is_of_the_run`: the run's limit is passed, with what was counted in its other courses.
    """

    actions: tuple[PlannedAction, ...]
    pairs: int
    grants: int
    counted_in_run: int
    message: str
    is_of_the_run: bool = False

    @property
    def digest(self) -> str:
        """Return a digest of exactly the stopped actions: whatever else is planned does not change it."""
        return hashlib.sha256("\n".join(sorted(action.digest for action in self.actions)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadsNeeded:
    """What must be read before a plan can be trusted: nothing is set lower or taken away unread (R1, R18).

    `group_names`: a rule counts for certain assignment groups alone, and nobody knows yet what they are called.
    """

    extensions_of: frozenset[str] = frozenset()
    submissions_of: frozenset[str] = frozenset()
    group_names: bool = False

    def __bool__(self) -> bool:
        """Whether anything is still to be read."""
        return bool(self.extensions_of or self.submissions_of or self.group_names)


@dataclass(frozen=True, slots=True)
class Plan:
    """The ordered planned actions of one course, and the status of every pair.

    `ledger_corrections` are to be stored with the plan: they need no request. `stop` holds what waits for a director;
    `moot_holds` the pairs whose hold has nothing left to hold. While `reads_needed` names anything, the plan is not
    to be trusted yet.
    """

    canvas_course_id: int
    made_at: datetime
    actions: tuple[PlannedAction, ...] = ()
    pairs: tuple[PairOutcome, ...] = ()
    ledger_corrections: tuple[LedgerCorrection, ...] = ()
    stop: Stop | None = None
    moot_holds: tuple[tuple[int, str], ...] = ()
    reads_needed: ReadsNeeded = ReadsNeeded()

    @property
    def digest(self) -> str:
        """Return a digest of what would be sent; equal digests mean equal actions, whenever they were planned."""
        return hashlib.sha256("\n".join(repr(action.change) for action in self.actions).encode()).hexdigest()
