"""The inputs of one course, indexed once, and everything that is known of one pair before anything is decided."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accommodations.planning.dates import from_local, is_later, zone_named
from accommodations.planning.effective_dates import (
    class_overrides,
    effective_dates,
    is_assigned,
    own_ad_hoc_overrides,
)
from accommodations.planning.grading_periods import is_in_closed_period
from accommodations.planning.once import computed_once
from accommodations.planning.plan import (
    Hold,
    LedgerExtension,
    LedgerOverride,
    PlanningInputs,
    PreviousFailure,
    PreviousPair,
)
from accommodations.planning.rules import AccommodationRule, ExceptionRule
from accommodations.planning.titles import is_ours
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    AssessmentKind,
    CourseState,
    Dates,
    DateSetting,
    ObservedAttempt,
    ObservedExtension,
    ObservedOverride,
    ObservedSubmission,
    StudentFacts,
    overridden_to,
)

PairKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with the instants between which it is in force (`ends_at` None: open-ended)."""

    rule: AccommodationRule
    starts_at: datetime
    ends_at: datetime | None


class CourseIndex:
    """Look-ups over the inputs of one course: built once, then asked for every pair."""

    def __init__(self, inputs: PlanningInputs) -> None:
        self.inputs = inputs
        self.now = inputs.now
        self.settings = inputs.settings
        facts = inputs.facts
        self.facts = facts
        self.course = facts.course
        self.course_zone = zone_named(facts.course.time_zone, inputs.settings.institution_time_zone)
        self.token_zone = zone_named(facts.token_time_zone, inputs.settings.institution_time_zone)
        self.is_concluded = facts.course.state in (CourseState.COMPLETED, CourseState.DELETED)
        self.rules_of = self._rules_by_student()
        self.exceptions: dict[tuple[int, str | None], ExceptionRule] = {
            (exception.canvas_user_id, exception.assessment_key): exception
            for exception in sorted(inputs.exceptions, key=lambda exception: exception.reason)
        }
        self.extensions: dict[PairKey, ObservedExtension] = {
            (row.canvas_user_id, row.assessment_key): row for row in facts.extensions
        }
        self.attempts: dict[PairKey, ObservedAttempt] = {
            (row.canvas_user_id, row.assessment_key): row for row in facts.attempts
        }
        self.submissions: dict[PairKey, ObservedSubmission] = {
            (row.canvas_user_id, row.assessment_key): row for row in facts.submissions
        }
        self.ledger_extensions: dict[PairKey, LedgerExtension] = {
            (entry.canvas_user_id, entry.assessment_key): entry for entry in inputs.ledger_extensions
        }
        self.ledger_overrides: dict[PairKey, LedgerOverride] = {
            (entry.canvas_user_id, entry.assessment_key): entry for entry in inputs.ledger_overrides
        }
        self.failures: dict[PairKey, PreviousFailure] = {
            (row.canvas_user_id, row.assessment_key): row for row in inputs.failures
        }
        self.holds: dict[PairKey, Hold] = {(row.canvas_user_id, row.assessment_key): row for row in inputs.holds}
        self.previous: dict[PairKey, PreviousPair] = {
            (row.canvas_user_id, row.assessment_key): row for row in inputs.previous
        }
        self.ad_hoc_of: dict[PairKey, ObservedOverride] = {
            (user, assessment.key): override
            for assessment in facts.assessments
            if assessment.overrides
            for user, override in own_ad_hoc_overrides(assessment).items()
        }
        self.others_of = {assessment.key: class_overrides(assessment) for assessment in facts.assessments}
        """The overrides of each assessment that are not ad-hoc ones of its own."""
        self.titled_as_ours = self._titled_as_ours()
        self.moved_out: dict[int, set[int]] = {}
        """Whom planned actions already take out of each shared override: the next one counts on it (R2)."""
        self._class_dates: dict[tuple[object, ...], Dates] = {}

    def _rules_by_student(self) -> dict[int, list[RuleInForce]]:
        zone = zone_named(self.settings.institution_time_zone)
        by_student: dict[int, list[RuleInForce]] = {}
        for rule in sorted(self.inputs.rules, key=lambda rule: rule.accommodation_id):
            until = rule.effective_until
            in_force = RuleInForce(
                rule=rule,
                starts_at=_start_of(rule.effective_from, zone),
                ends_at=None if until is None else _start_of(until + timedelta(days=1), zone),
            )
            by_student.setdefault(rule.canvas_user_id, []).append(in_force)
        return by_student

    def _titled_as_ours(self) -> dict[PairKey, LedgerOverride]:
        """Return what the ledger would say of overrides that it does not know and whose title only we can have made.

        A title alone makes none ours: see `adoption`.
        """
        return {
            (user, key): LedgerOverride(
                canvas_user_id=user,
                assessment_key=key,
                canvas_override_id=override.canvas_override_id,
                put=Dates(override.unlock.at, override.due.at, override.lock.at),
            )
            for (user, key), override in self.ad_hoc_of.items()
            if (user, key) not in self.ledger_overrides
            and len(override.canvas_user_ids) == 1
            and is_ours(override.title, key=self.settings.title_key, canvas_user_id=user, assessment_key=key)
        }

    def class_dates(self, assessment: AssessmentFacts, student: StudentFacts) -> Dates:
        """Return the student's dates without any ad-hoc override; computed once for all whom the same concerns."""
        others = self.others_of[assessment.key]
        if not others:
            return assessment.base_dates
        who: tuple[object, ...] = (assessment.key, student.sections, student.canvas_group_ids)
        if any(override.canvas_module_id is not None for override in others):
            who = (*who, student.canvas_user_id)
        known = self._class_dates.get(who)
        if known is None:
            known = effective_dates(assessment, student, ad_hoc=None, others=others, now=self.now)
            self._class_dates[who] = known
        return known

    def has_ours(self, key: PairKey) -> bool:
        """Whether something of ours stands there, or may stand."""
        return key in self.ledger_extensions or key in self.ledger_overrides or key in self.inputs.uncertain_extensions

    def exception_for(self, canvas_user_id: int, assessment_key: str) -> ExceptionRule | None:
        """Return the exception that stands for the pair: its own, else one for the whole course."""
        return self.exceptions.get((canvas_user_id, assessment_key)) or self.exceptions.get((canvas_user_id, None))


@dataclass(frozen=True)
class Pair:
    """One student and one assessment, with the rules in force there and what Canvas and the ledger say."""

    index: CourseIndex
    student: StudentFacts
    assessment: AssessmentFacts
    class_dates: Dates
    rules: tuple[AccommodationRule, ...] = ()
    adopted: LedgerOverride | None = None

    @computed_once
    def key(self) -> PairKey:
        """The pair's key in every look-up."""
        return self.student.canvas_user_id, self.assessment.key

    @property
    def now(self) -> datetime:
        """Return the time of the plan."""
        return self.index.now

    @computed_once
    def ad_hoc(self) -> ObservedOverride | None:
        """The assessment's own ad-hoc override that names the student, whoever made it."""
        return self.index.ad_hoc_of.get(self.key)

    @computed_once
    def ledger_override(self) -> LedgerOverride | None:
        """What we put by an override, by the ledger or adopted; None too where nothing of it is left."""
        ad_hoc = self.ad_hoc
        entry = self.index.ledger_overrides.get(self.key) or self.adopted
        if ad_hoc is None or entry is None:
            return None
        put = entry.put
        is_anything_left = (
            ad_hoc.unlock == overridden_to(put.unlock_at)
            or ad_hoc.due == overridden_to(put.due_at)
            or ad_hoc.lock == overridden_to(put.lock_at)
        )
        return entry if is_anything_left else None

    @computed_once
    def ledger_extension(self) -> LedgerExtension | None:
        """What we put by an extension."""
        return self.index.ledger_extensions.get(self.key)

    @computed_once
    def is_shared(self) -> bool:
        """Whether the student's ad-hoc override names others too: then it is never written (R2)."""
        return self.ad_hoc is not None and len(self.ad_hoc.canvas_user_ids) > 1

    @property
    def is_last_of_shared(self) -> bool:
        """Whether everybody else leaves the student's shared override by this plan, as far as it is made."""
        if self.ad_hoc is None:
            return False
        moved = self.index.moved_out.get(self.ad_hoc.canvas_override_id, set())
        return self.ad_hoc.canvas_user_ids - moved == {self.student.canvas_user_id}

    @computed_once
    def ad_hoc_without_us(self) -> ObservedOverride | None:
        """The student's ad-hoc override as it would stand without what we wrote."""
        return override_without_us(self.ad_hoc, self.ledger_override, is_granted=bool(self.rules))

    @computed_once
    def dates_without_us(self) -> Dates:
        """The student's dates with everything but what we wrote."""
        return self._dates_with(self.ad_hoc_without_us)

    @computed_once
    def observed_dates(self) -> Dates:
        """The student's dates as Canvas holds them now."""
        return self._dates_with(self.ad_hoc)

    @computed_once
    def has_it(self) -> bool:
        """Whether the student is assigned now."""
        return self._is_assigned_with(self.ad_hoc)

    @computed_once
    def is_assigned_by_class(self) -> bool:
        """Whether the student would be assigned without any ad-hoc override of the assessment's own."""
        return self._is_assigned_with(None)

    @computed_once
    def has_it_without_us(self) -> bool:
        """Whether the student would be assigned without what we wrote (R19)."""
        return self._is_assigned_with(self.ad_hoc_without_us)

    @computed_once
    def is_in_closed_period(self) -> bool:
        """Whether the student's due without us lies in a closed grading period; where none was read, Canvas's flag."""
        closed = is_in_closed_period(self.index.course, self.dates_without_us.due_at, now=self.now)
        return self.assessment.in_closed_grading_period if closed is None else closed

    @property
    def attempt(self) -> ObservedAttempt | None:
        """The student's latest attempt, where attempts were read."""
        return self.index.attempts.get(self.key)

    @computed_once
    def are_extensions_read(self) -> bool:
        """Whether the assessment's extensions (and attempts) were read, and this pair's not replaced since."""
        return self.assessment.key in self.index.facts.extensions_read and not self.is_answered_since

    @property
    def is_answered_since(self) -> bool:
        """Whether Canvas took this pair's extension after the reading in the same work: its answer is what is known."""
        return (self.assessment.key, self.student.canvas_user_id) in self.index.facts.answered_since

    @property
    def can_read_extensions(self) -> bool:
        """Whether Canvas shows the assessment's extensions: New Quizzes never, others unless it refuses."""
        is_new = self.assessment.kind is AssessmentKind.NEW_QUIZ
        return not is_new and self.assessment.key not in self.index.facts.extensions_unreadable

    @property
    def are_submissions_read(self) -> bool:
        """Whether the assessment's submissions were read."""
        return self.assessment.key in self.index.facts.submissions_read

    @property
    def can_read_submissions(self) -> bool:
        """Whether Canvas shows the assessment's submissions."""
        return self.assessment.key not in self.index.facts.submissions_unreadable

    @computed_once
    def is_uncertain(self) -> bool:
        """Whether nobody knows what the pair's New Quiz holds, since the last write to it has an unknown outcome."""
        is_new = self.assessment.kind is AssessmentKind.NEW_QUIZ
        return is_new and self.key in self.index.inputs.uncertain_extensions

    @property
    def has_submitted(self) -> bool:
        """Whether a submission or a finished attempt was seen."""
        submission = self.index.submissions.get(self.key)
        attempt = self.attempt
        return (submission is not None and submission.has_submitted) or (
            attempt is not None and attempt.has_begun and not attempt.is_running
        )

    @property
    def is_attempt_running(self) -> bool:
        """Whether an attempt was seen running."""
        return self.attempt is not None and self.attempt.is_running

    @property
    def is_open(self) -> bool:
        """Whether the student can work on it right now, by the dates that Canvas holds."""
        return self.is_open_with(self.observed_dates)

    def is_open_with(self, dates: Dates) -> bool:
        """Whether the student could work on it right now, if these were the dates."""
        course, now = self.index.course, self.now
        if not self.assessment.is_published or course.state is not CourseState.AVAILABLE:
            return False
        if course.starts_at is not None and course.starts_at > now:
            return False
        has_opened = dates.unlock_at is None or dates.unlock_at <= now
        return has_opened and (dates.lock_at is None or dates.lock_at > now)

    def _dates_with(self, ad_hoc: ObservedOverride | None) -> Dates:
        if ad_hoc is None:
            return self.class_dates
        others = self.index.others_of[self.assessment.key]
        return effective_dates(self.assessment, self.student, ad_hoc=ad_hoc, others=others, now=self.now)

    def _is_assigned_with(self, ad_hoc: ObservedOverride | None) -> bool:
        others = self.index.others_of[self.assessment.key]
        return is_assigned(self.assessment, self.student, ad_hoc=ad_hoc, others=others)


def override_without_us(
    ad_hoc: ObservedOverride | None, ours: LedgerOverride | None, *, is_granted: bool
) -> ObservedOverride | None:
    """Return an override as it would stand without us: field by field, what is still as we put it goes back (R3).

    None means that nothing would stand there: we made it and nobody has given more in it since. What someone set more
    generously than we did is theirs. What they set lower is drift, no wish, for as long as something is granted.
    """
    if ad_hoc is None or ours is None:
        return ad_hoc
    put, before = ours.put, ours.before
    unlock = ad_hoc.unlock
    if unlock == overridden_to(put.unlock_at):
        unlock = before.unlock if before else NOT_OVERRIDDEN
    due = _end_without_us(ad_hoc.due, put.due_at, before.due if before else NOT_OVERRIDDEN, is_granted=is_granted)
    lock = _end_without_us(ad_hoc.lock, put.lock_at, before.lock if before else NOT_OVERRIDDEN, is_granted=is_granted)
    if before is None and not (unlock.is_overridden or due.is_overridden or lock.is_overridden):
        return None
    return replace(ad_hoc, unlock=unlock, due=due, lock=lock)


def _end_without_us(
    observed: DateSetting, put: datetime | None, before: DateSetting, *, is_granted: bool
) -> DateSetting:
    """Return a due or lock as it would stand without us."""
    is_drift = is_granted and observed.is_overridden and is_later(put, observed.at)
    return before if is_drift or observed == overridden_to(put) else observed


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return from_local(datetime.combine(day, time()), zone=zone)
