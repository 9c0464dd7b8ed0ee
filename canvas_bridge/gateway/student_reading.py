"""Reading what Canvas holds for the students of a course: extensions, attempts, and whether they have submitted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.errors import CanvasForbidden, CanvasNotFound
from canvas_bridge.facts import (
    CLASSIC_KINDS,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    ObservedAttempt,
    ObservedExtension,
    ObservedSubmission,
)
from canvas_bridge.gateway import listings
from canvas_bridge.translate import submissions as submission_json
from canvas_bridge.wire.submissions import Submission


class _OfAssessment(Protocol):
    @property
    def assessment_key(self) -> str: ...


Observed = TypeVar("Observed", bound=_OfAssessment)
Item = TypeVar("Item")


@dataclass(slots=True)
class _Found:
    """What was read so far, and of which assessments it is complete."""

    extensions: list[ObservedExtension] = field(default_factory=list)
    extensions_read: set[str] = field(default_factory=set)
    attempts: list[ObservedAttempt] = field(default_factory=list)
    submissions: list[ObservedSubmission] = field(default_factory=list)
    submissions_read: set[str] = field(default_factory=set)
    extensions_unreadable: set[str] = field(default_factory=set)
    submissions_unreadable: set[str] = field(default_factory=set)


def read_extensions(client: CanvasClient, facts: CourseFacts, assessment_keys: frozenset[str]) -> CourseFacts:
    """Return the facts with the extensions of the named assessments, read for all students of the facts.

    Classic quizzes cost ceil(S/100) requests each and bring the attempts too; assignments share requests and bring
    the submissions too. New Quizzes cannot be read and are passed over. An assessment that Canvas does not show is
    not among `extensions_read` but among `extensions_unreadable`.
    """
    wanted = [assessment for assessment in facts.assessments if assessment.key in assessment_keys]
    found = _Found()
    for assessment in wanted:
        if assessment.kind in CLASSIC_KINDS:
            _read_quiz(client, facts, assessment, found)
    plain = [one for one in wanted if one.kind not in CLASSIC_KINDS and one.kind is not AssessmentKind.NEW_QUIZ]
    _read_assignments(client, facts, plain, found)
    return _merged(facts, found)


def read_submissions(client: CanvasClient, facts: CourseFacts, assessment_keys: frozenset[str]) -> CourseFacts:
    """Return the facts with "has submitted" for the named assessments and all students of the facts.

    An assessment that Canvas does not show is not among `submissions_read` but among `submissions_unreadable`.
    """
    wanted = [assessment for assessment in facts.assessments if assessment.key in assessment_keys]
    found = _Found()
    for assessment in wanted:
        if assessment.canvas_assignment_id is None:
            _read_quiz(client, facts, assessment, found)
    _read_assignments(client, facts, [one for one in wanted if one.canvas_assignment_id is not None], found)
    return _merged(facts, found)


def _read_quiz(client: CanvasClient, facts: CourseFacts, assessment: AssessmentFacts, found: _Found) -> None:
    if assessment.canvas_quiz_id is None:
        return
    course_id = facts.course.canvas_course_id
    try:
        rows = client.quiz_submissions.list_in_quiz(course_id, assessment.canvas_quiz_id)
    except (CanvasForbidden, CanvasNotFound):
        found.extensions_unreadable.add(assessment.key)
        if assessment.canvas_assignment_id is None:
            found.submissions_unreadable.add(assessment.key)
        return
    user_ids = _user_ids(facts)
    ours = [row for row in rows if row.user_id in user_ids]
    attempts = (submission_json.quiz_attempt(row, assessment.key) for row in ours)
    found.attempts += [attempt for attempt in attempts if attempt is not None]
    found.extensions += [submission_json.quiz_extension(row, assessment.key) for row in ours]
    found.extensions_read.add(assessment.key)
    if assessment.canvas_assignment_id is None:
        found.submissions += [submission_json.quiz_handed_in(row, assessment.key) for row in ours]
        found.submissions_read.add(assessment.key)


def _read_assignments(
    client: CanvasClient, facts: CourseFacts, wanted: Sequence[AssessmentFacts], found: _Found
) -> None:
    """Read the submissions of assignments; where the shared request is refused, each assignment on its own.

    One assignment that was unpublished meanwhile, or one student who has left, costs all in the shared request.
    """
    published = [assessment for assessment in wanted if assessment.is_published]
    for some in _in_parts(published, listings.MOST_ASSIGNMENTS):
        try:
            rows = list(_shared_rows(client, facts, some))
        except CanvasForbidden:
            _read_one_by_one(client, facts, some, found)
        else:
            _take_rows(facts, some, rows, found)
    _read_one_by_one(client, facts, [one for one in wanted if not one.is_published], found)


def _shared_rows(client: CanvasClient, facts: CourseFacts, wanted: Sequence[AssessmentFacts]) -> Iterator[Submission]:
    listing = listings.submissions_of(
        [one.canvas_assignment_id for one in wanted if one.canvas_assignment_id is not None]
    )
    for user_ids in _in_parts(sorted(_user_ids(facts)), listings.MOST_STUDENTS):
        yield from client.submissions.list_in_course(facts.course.canvas_course_id, user_ids, listing)


def _read_one_by_one(
    client: CanvasClient, facts: CourseFacts, wanted: Iterable[AssessmentFacts], found: _Found
) -> None:
    for assessment in wanted:
        if assessment.canvas_assignment_id is None:
            continue
        try:
            rows = client.submissions.list_of_assignment(
                facts.course.canvas_course_id,
                assessment.canvas_assignment_id,
                exclude_response_fields=listings.WITHOUT_CONTENT,
            )
        except (CanvasForbidden, CanvasNotFound):
            found.submissions_unreadable.add(assessment.key)
            if not assessment.is_quiz:
                found.extensions_unreadable.add(assessment.key)
            continue
        _take_rows(facts, [assessment], rows, found)


def _take_rows(
    facts: CourseFacts, wanted: Sequence[AssessmentFacts], rows: Iterable[Submission], found: _Found
) -> None:
    by_assignment = {assessment.canvas_assignment_id: assessment for assessment in wanted}
    user_ids = _user_ids(facts)
    for row in rows:
        assessment = by_assignment.get(row.assignment_id)
        if assessment is None or row.user_id not in user_ids:
            continue
        found.submissions.append(submission_json.submission(row, assessment.key))
        if not assessment.is_quiz:
            found.extensions.append(submission_json.assignment_extension(row, assessment.key))
    found.submissions_read.update(assessment.key for assessment in wanted)
    found.extensions_read.update(assessment.key for assessment in wanted if not assessment.is_quiz)


def _merged(facts: CourseFacts, found: _Found) -> CourseFacts:
    """Return the facts with what was found in place of what they held of the same assessments."""
    return replace(
        facts,
        extensions=_replaced(facts.extensions, found.extensions, found.extensions_read),
        extensions_read=facts.extensions_read | found.extensions_read,
        attempts=_replaced(facts.attempts, found.attempts, found.extensions_read),
        submissions=_replaced(facts.submissions, found.submissions, found.submissions_read),
        submissions_read=facts.submissions_read | found.submissions_read,
        extensions_unreadable=(facts.extensions_unreadable | found.extensions_unreadable) - found.extensions_read,
        submissions_unreadable=(facts.submissions_unreadable | found.submissions_unreadable) - found.submissions_read,
    )


def _replaced(before: Iterable[Observed], found: Iterable[Observed], read: set[str]) -> tuple[Observed, ...]:
    """Return both, what was just read winning. A row that came on two pages counts once."""
    kept = (one for one in before if one.assessment_key not in read)
    return tuple(dict.fromkeys((*kept, *found)))


def _user_ids(facts: CourseFacts) -> frozenset[int]:
    return frozenset(student.canvas_user_id for student in facts.students)


def _in_parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
