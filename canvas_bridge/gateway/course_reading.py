"""Reading a course: which requests are made, and what they add up to. No decision is taken here."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from canvas_bridge.client import assignments, classic_quizzes, groups, new_quizzes
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasForbidden, CanvasNotFound
from canvas_bridge.facts import (
    CLASSIC_KINDS,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    CourseSummary,
    EnrollmentFacts,
    OverrideTarget,
    StudentFacts,
)
from canvas_bridge.translate import assessments as assessment_json
from canvas_bridge.translate.people import group_members, member_ids, students_of, with_groups


class CourseReader:
    """Reads one course: ceil(a/100) + max(1, ceil(q/100)) + [n>0]·ceil(n/100) requests, and groups where they count.

    a assignments, q classic quizzes, n New Quizzes. Raises CanvasError; what it returns is always complete.
    """

    def __init__(self, session: CanvasSession, canvas_course_id: int) -> None:
        self._session = session
        self._canvas_course_id = canvas_course_id

    def read(
        self,
        course: CourseSummary,
        *,
        token_time_zone: str,
        enrollments: Iterable[EnrollmentFacts],
        clock: Callable[[], datetime],
    ) -> CourseFacts:
        """Return the facts of the course for the students among the enrollments, as of before the first request."""
        read_at = clock()
        assessments = self._assessments()
        students = students_of(self._canvas_course_id, enrollments)
        return CourseFacts(
            course=course,
            read_at=read_at,
            token_time_zone=token_time_zone,
            assessments=assessments,
            students=self._with_groups(students, assessments),
        )

    def read_again(self, known: CourseFacts, *, clock: Callable[[], datetime]) -> CourseFacts | None:
        """Return facts read a moment ago with dates and overrides of now: ceil(a/100) requests, no list of quizzes.

        Time limits, attempts and groups stay as they were read. None where an assessment or a group's override has
        come up since, of which these are not known: then the whole course is read.
        """
        read_at = clock()
        listed = [assessment_json.assessment_of_assignment(value) for value in self._listed().values()]
        before = {one.key: one for one in known.assessments}
        if not all(_is_known(one, before.get(one.key)) for one in listed):
            return None
        kept = [
            replace(
                one,
                time_limit_minutes=before[one.key].time_limit_minutes,
                allowed_attempts=before[one.key].allowed_attempts,
            )
            if one.is_quiz
            else one
            for one in listed
        ]
        ungraded = [one for one in known.assessments if one.canvas_assignment_id is None]
        return replace(known, read_at=read_at, assessments=(*kept, *ungraded))

    def _listed(self) -> dict[int, object]:
        """Return the course's assignments as Canvas lists them, each once and with its overrides."""
        raw = _by_id(assignments.list_assignments(self._session, self._canvas_course_id))
        if not all(assessment_json.shows_overrides(value) for value in raw.values()):
            raise CanvasForbidden(
                f"course {self._canvas_course_id}: the token may not see the overrides of the assignments",
                words="overrides are not shown to this user",
            )
        return raw

    def _assessments(self) -> tuple[AssessmentFacts, ...]:
        raw = self._listed()
        listed = [assessment_json.assessment_of_assignment(value) for value in raw.values()]
        quizzes = _by_id(classic_quizzes.list_quizzes(self._session, self._canvas_course_id))
        graded = self._with_classic_quizzes(listed, quizzes)
        complete = self._with_new_quizzes(graded, raw)
        ungraded = [
            assessment_json.assessment_of_ungraded_quiz(value)
            for value in quizzes.values()
            if assessment_json.is_ungraded_quiz(value)
        ]
        return (*complete, *ungraded)

    def _with_classic_quizzes(self, listed: list[AssessmentFacts], quizzes: dict[int, object]) -> list[AssessmentFacts]:
        found: list[AssessmentFacts] = []
        for assessment in listed:
            if assessment.kind not in CLASSIC_KINDS or assessment.canvas_quiz_id is None:
                found.append(assessment)
                continue
            quiz = quizzes.get(assessment.canvas_quiz_id) or self._late_quiz(assessment.canvas_quiz_id)
            if quiz is not None:
                found.append(assessment_json.with_quiz(assessment, quiz))
        return found

    def _late_quiz(self, canvas_quiz_id: int) -> object | None:
        """Return a quiz that the list did not show; None where it has been deleted, and its assignment with it."""
        try:
            return classic_quizzes.read_quiz(self._session, self._canvas_course_id, canvas_quiz_id)
        except CanvasNotFound:
            return None

    def _with_new_quizzes(self, listed: list[AssessmentFacts], raw: dict[int, object]) -> list[AssessmentFacts]:
        if not any(assessment.kind is AssessmentKind.NEW_QUIZ for assessment in listed):
            return listed
        quizzes = {
            assessment_json.new_quiz_assignment_id(value): value
            for value in new_quizzes.list_new_quizzes(self._session, self._canvas_course_id)
        }
        found: list[AssessmentFacts] = []
        for assessment in listed:
            assignment_id = assessment.canvas_assignment_id
            if assessment.kind is not AssessmentKind.NEW_QUIZ or assignment_id is None:
                found.append(assessment)
                continue
            quiz = quizzes.get(assignment_id) or self._late_new_quiz(assignment_id, raw[assignment_id])
            if quiz is not None:
                found.append(assessment_json.with_new_quiz(assessment, quiz))
        return found

    def _late_new_quiz(self, canvas_assignment_id: int, assignment: object) -> object | None:
        """Return a New Quiz that the list did not show; None for a copy that Canvas has not finished making.

        To take a New Quiz without known settings for an untimed one would be a silent gap, so anything else raises.
        """
        try:
            return new_quizzes.read_new_quiz(self._session, self._canvas_course_id, canvas_assignment_id)
        except CanvasNotFound as error:
            if assessment_json.is_unfinished(assignment):
                return None
            raise CanvasContractError(
                f"assignment {canvas_assignment_id} is a New Quiz that Canvas does not know as one",
                method=error.method,
                path=error.path,
                status_code=error.status_code,
            ) from error

    def _with_groups(
        self, students: tuple[StudentFacts, ...], assessments: Iterable[AssessmentFacts]
    ) -> tuple[StudentFacts, ...]:
        """Return the students with their groups, as far as some group override names them."""
        wanted = {
            override.canvas_target_id
            for assessment in assessments
            for override in assessment.overrides
            if override.target is OverrideTarget.GROUP and override.canvas_target_id is not None
        }
        if not wanted or not students:
            return students
        return with_groups(students, self._members(wanted))

    def _members(self, wanted: set[int]) -> dict[int, frozenset[int]]:
        members: dict[int, frozenset[int]] = {}
        for value in groups.list_course_groups(self._session, self._canvas_course_id):
            group_id, user_ids = group_members(value)
            if group_id in wanted and user_ids is not None:
                members[group_id] = user_ids
        for group_id in sorted(wanted - members.keys()):
            members[group_id] = self._members_of_one(group_id)
        return members

    def _members_of_one(self, canvas_group_id: int) -> frozenset[int]:
        try:
            return member_ids(groups.list_group_memberships(self._session, canvas_group_id))
        except CanvasNotFound:
            return frozenset()


def _is_known(now: AssessmentFacts, before: AssessmentFacts | None) -> bool:
    """Whether what the list of assignments does not show of an assessment was read with the whole course."""
    if before is None or (before.kind, before.canvas_quiz_id) != (now.kind, now.canvas_quiz_id):
        return False
    return _groups_named(now) <= _groups_named(before)


def _groups_named(assessment: AssessmentFacts) -> set[int | None]:
    return {one.canvas_target_id for one in assessment.overrides if one.target is OverrideTarget.GROUP}


def _by_id(values: Iterable[object]) -> dict[int, object]:
    """Return the items by id: one that moved to another page while Canvas was being read appears twice."""
    return {assessment_json.item_id(value): value for value in values}
