"""The derivation of one pair from the stored snapshot and the rules of now: no request to Canvas."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from accommodations.codec import from_stored
from accommodations.models import (
    Accommodation,
    Assessment,
    Course,
    CourseSnapshot,
    InstitutionSettings,
    PairStatus,
    Student,
)
from accommodations.planning.explain_next import next_words
from accommodations.planning.explain_pair import Explanation, RuleVerdict, explained
from accommodations.planning.plan import PlanningInputs, PreviousFailure
from accommodations.planning.statuses import Reason
from accommodations.selectors.rules import (
    FAILURES,
    counting_accommodations,
    enrollments_to_plan,
    planning_inputs_of_courses,
    rule_of,
)
from canvas_bridge.facts import CourseFacts


@dataclass(frozen=True, slots=True)
class VersionedVerdict:
    """What one accommodation means for the pair, with the version of it that was asked."""

    verdict: RuleVerdict
    version: int


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """The derivation of a pair and when Canvas was read for it; None where it never was."""

    derivation: Explanation | None = None
    read_at: datetime | None = None
    accommodations: tuple[VersionedVerdict, ...] = ()


def explain_pair(
    student: Student,
    assessment: Assessment,
    *,
    pair: PairStatus | None,
    now: datetime,
    institution: InstitutionSettings | None = None,
) -> PairExplanation:
    """Return how grant and status of a student on an assessment come about; `pair` is their row, if there is one.

    The plan is made anew from what Canvas said when it was last read and what staff have decided by now.
    """
    course = assessment.course
    snapshot: CourseSnapshot | None = getattr(course, "snapshot", None)
    if snapshot is None:
        return PairExplanation()
    facts = from_stored(CourseFacts, snapshot.facts)
    own = tuple(one for one in facts.students if one.canvas_user_id == student.canvas_user_id)
    counting = counting_accommodations().filter(student=student).order_by("pk")
    accommodations = list(counting.select_related("student__gone", "term", "course", "assessment"))
    inputs = _inputs(course, replace(facts, students=own), student, pair, now=now, institution=institution)
    rules, gone = tuple(rule_of(one) for one in accommodations), _gone(accommodations)
    inputs = replace(inputs, rules=rules, failures=_failures(pair), gone=gone)
    derivation = explained(inputs, canvas_user_id=student.canvas_user_id, assessment_key=assessment.key)
    if derivation is None:
        return PairExplanation(read_at=snapshot.read_at)
    if pair is not None and pair.reason == Reason.GUARD:  # it counts the whole course, which is not planned here
        derivation = replace(derivation, next_words=next_words(Reason.GUARD, has_actions=False))
    return PairExplanation(derivation, snapshot.read_at, _with_versions(derivation, accommodations))


def _gone(accommodations: Iterable[Accommodation]) -> frozenset[int]:
    """Return the student's number where Canvas no longer knows them, and nobody has decided who they are now."""
    marks = [getattr(row.student, "gone", None) for row in accommodations]
    return frozenset(mark.student.canvas_user_id for mark in marks if mark is not None and not mark.decision)


def _inputs(
    course: Course,
    facts: CourseFacts,
    student: Student,
    pair: PairStatus | None,
    *,
    now: datetime,
    institution: InstitutionSettings | None,
) -> PlanningInputs:
    """Return the inputs of this student alone; only who needs releases has enrollments looked up."""
    enrollments = enrollments_to_plan([course], student=student) if student.needs_release else ()
    found = planning_inputs_of_courses(
        {course: facts}, now=now, enrollments=enrollments, institution=institution, only=pair
    )
    return found[course.pk]


def _failures(pair: PairStatus | None) -> tuple[PreviousFailure, ...]:
    """Return what Canvas refused or did not answer on this pair last time."""
    if pair is None or pair.reason not in FAILURES:
        return ()
    key = (pair.student.canvas_user_id, pair.assessment.key)
    return (PreviousFailure(*key, reason=Reason(pair.reason), message=pair.failure_message),)


def _with_versions(derivation: Explanation, accommodations: list[Accommodation]) -> tuple[VersionedVerdict, ...]:
    versions = {one.pk: one.version for one in accommodations}
    return tuple(VersionedVerdict(one, versions[one.accommodation_id]) for one in derivation.rules)
