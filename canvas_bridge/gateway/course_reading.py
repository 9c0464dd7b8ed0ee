"""Reading a course: which requests are made, and what they add up to. No decision is taken here."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.errors import CanvasContractError, CanvasForbidden, CanvasNotFound
from canvas_bridge.facts import (
    CLASSIC_KINDS,
    AssessmentFacts,
    AssessmentKind,
    AssignmentGroupFacts,
    CourseFacts,
    CourseSummary,
    EnrollmentFacts,
    GroupFacts,
    OverrideTarget,
    StudentFacts,
)
from canvas_bridge.gateway import listings
from canvas_bridge.translate import assessments as assessment_json
from canvas_bridge.translate.people import group_members, groups_at_work, member_ids, students_of, with_groups
from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.assignments import Assignment
from canvas_bridge.wire.groups import Group
from canvas_bridge.wire.new_quizzes import NewQuiz
from canvas_bridge.wire.quizzes import Quiz

Item = TypeVar("Item", Assignment, Quiz, NewQuiz)


class CourseReader:
    """Reads one course: ceil(a/100) + max(1, ceil(q/100)) + [n>0]·ceil(n/100) requests, and groups where they count.

    a assignments, q classic quizzes, n New Quizzes. Raises CanvasError; what it returns is always complete.
    """

    def __init__(self, client: CanvasClient, canvas_course_id: int) -> None:
        self._client = client
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
        students, groups = self._with_groups(students_of(self._canvas_course_id, enrollments), assessments)
        return CourseFacts(
            course=course,
            read_at=read_at,
            token_time_zone=token_time_zone,
            assessments=assessments,
            students=students,
            groups=groups,
        )

    def read_again(self, known: CourseFacts, *, clock: Callable[[], datetime]) -> CourseFacts | None:
        """Return facts read a moment ago with dates and overrides of now: ceil(a/100) requests, no list of quizzes.

        Time limits, attempts and groups stay as they were read. None where an assessment or a group's override has
        come up since, of which these are not known, or one has left its named group: then the whole course is read.
        """
        read_at = clock()
        listed = [assessment_json.assessment_of_assignment(value) for value in self._listed().values()]
        before = {one.key: one for one in known.assessments}
        if not all(_is_known(one, before.get(one.key)) for one in listed):
            return None
        listed = [
            replace(
                one,
                assignment_group=before[one.key].assignment_group,
                former_assignment_groups=before[one.key].former_assignment_groups,
            )
            for one in listed
        ]
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

    def _listed(self) -> dict[int, Assignment]:
        """Return the course's assignments as Canvas lists them, each once and with its overrides."""
        raw = _by_id(self._client.assignments.list_in_course(self._canvas_course_id, listings.ASSIGNMENTS))
        if not all(assessment_json.shows_overrides(value) for value in raw.values()):
            raise CanvasForbidden(
                f"course {self._canvas_course_id}: the token may not see the overrides of the assignments",
                words="overrides are not shown to this user",
            )
        return raw

    def _assessments(self) -> tuple[AssessmentFacts, ...]:
        raw = self._listed()
        listed = [assessment_json.assessment_of_assignment(value) for value in raw.values()]
        quizzes = _by_id(self._client.quizzes.list_in_course(self._canvas_course_id))
        graded = self._with_classic_quizzes(listed, quizzes)
        complete = self._with_new_quizzes(graded, raw)
        ungraded = [
            assessment_json.assessment_of_ungraded_quiz(value)
            for value in quizzes.values()
            if assessment_json.is_ungraded_quiz(value)
        ]
        return (*complete, *ungraded)

    def with_group_names(self, facts: CourseFacts) -> CourseFacts:
        """Return the facts with the names of the assignment groups: ceil(g/100) requests for g groups.

        A group that Canvas does not list would be a silent gap, so it raises.
        """
        listed = self._client.assignment_groups.list_in_course(self._canvas_course_id)
        groups = [AssignmentGroupFacts(group.id, shown(group.name)) for group in listed]
        unlisted = facts.assignment_group_ids - {group.canvas_assignment_group_id for group in groups}
        if unlisted:
            words = f"course {self._canvas_course_id}: assignment group {min(unlisted)} is not listed"
            raise CanvasContractError(words)
        return facts.with_groups_named(groups)

    def _with_classic_quizzes(self, listed: list[AssessmentFacts], quizzes: dict[int, Quiz]) -> list[AssessmentFacts]:
        found: list[AssessmentFacts] = []
        for assessment in listed:
            if assessment.kind not in CLASSIC_KINDS or assessment.canvas_quiz_id is None:
                found.append(assessment)
                continue
            quiz = quizzes.get(assessment.canvas_quiz_id) or self._late_quiz(assessment.canvas_quiz_id)
            if quiz is not None:
                found.append(assessment_json.with_quiz(assessment, quiz))
        return found

    def _late_quiz(self, canvas_quiz_id: int) -> Quiz | None:
        """Return a quiz that the list did not show; None where it has been deleted, and its assignment with it."""
        try:
            return self._client.quizzes.get(self._canvas_course_id, canvas_quiz_id)
        except CanvasNotFound:
            return None

    def _with_new_quizzes(self, listed: list[AssessmentFacts], raw: dict[int, Assignment]) -> list[AssessmentFacts]:
        if not any(assessment.kind is AssessmentKind.NEW_QUIZ for assessment in listed):
            return listed
        quizzes = _by_id(self._client.new_quizzes.list_in_course(self._canvas_course_id))
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

    def _late_new_quiz(self, canvas_assignment_id: int, assignment: Assignment) -> NewQuiz | None:
        """Return a New Quiz that the list did not show; None for a copy that Canvas has not finished making.

        To take a New Quiz without known settings for an untimed one would be a silent gap, so anything else raises.
        """
        try:
            return self._client.new_quizzes.get(self._canvas_course_id, canvas_assignment_id)
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
    ) -> tuple[tuple[StudentFacts, ...], tuple[GroupFacts, ...]]:
        """Return the students with their groups, as far as some group override names them, and the groups they work in.

        One list of groups tells both: of group overrides and of the sets of group assignments.
        """
        assessments = tuple(assessments)
        sets = {one.canvas_group_category_id for one in assessments} - {None}
        wanted = {
            override.canvas_target_id
            for assessment in assessments
            for override in assessment.overrides
            if override.target is OverrideTarget.GROUP and override.canvas_target_id is not None
        }
        if not students or not (wanted or sets):
            return students, ()
        listed = self._listed_groups(is_needed=bool(wanted))
        groups = groups_at_work(listed, sets, frozenset(student.canvas_user_id for student in students))
        return (with_groups(students, self._members(wanted, listed)) if wanted else students), groups

    def _listed_groups(self, *, is_needed: bool) -> tuple[Group, ...]:
        """Return the course's groups with their users. Where dates do not depend on them, a refusal costs nothing."""
        try:
            return self._client.groups.list_in_course(self._canvas_course_id, include=["users"])
        except CanvasForbidden:
            if is_needed:
                raise
            return ()

    def _members(self, wanted: set[int], listed: Iterable[Group]) -> dict[int, frozenset[int]]:
        members: dict[int, frozenset[int]] = {}
        for group in listed:
            group_id, user_ids = group_members(group)
            if group_id in wanted and user_ids is not None:
                members[group_id] = user_ids
        for group_id in sorted(wanted - members.keys()):
            members[group_id] = self._members_of_one(group_id)
        return members

    def _members_of_one(self, canvas_group_id: int) -> frozenset[int]:
        try:
            return member_ids(self._client.groups.list_memberships(canvas_group_id, filter_states=["accepted"]))
        except CanvasNotFound:
            return frozenset()


def _is_known(now: AssessmentFacts, before: AssessmentFacts | None) -> bool:
    """Whether what the list of assignments does not show of an assessment was read with the whole course."""
    if before is None or (before.kind, before.canvas_quiz_id) != (now.kind, now.canvas_quiz_id):
        return False
    if before.assignment_group is not None and before.canvas_assignment_group_id != now.canvas_assignment_group_id:
        return False
    return _groups_named(now) <= _groups_named(before)


def _groups_named(assessment: AssessmentFacts) -> set[int | None]:
    return {one.canvas_target_id for one in assessment.overrides if one.target is OverrideTarget.GROUP}


def _by_id(items: Iterable[Item]) -> dict[int, Item]:
    """Return the items by id: one that moved to another page while Canvas was being read appears twice."""
    return {item.id: item for item in items}
