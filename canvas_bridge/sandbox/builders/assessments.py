"""Building assignments, classic quizzes, New Quizzes and overrides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.builders.content import ContentBuilders
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.content import Item, owner_of_overrides
from canvas_bridge.sandbox.records.courses import AssignmentGroup, Course, Group, GroupCategory, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_dates, set_due_at

GRADED_QUIZ_TYPES = ("assignment", "graded_survey")


class Omitted:
    """A date that is not given at all, as against None, which means "no date"."""


OMITTED = Omitted()
MaybeDate = datetime | None | Omitted


class AssessmentBuilders(ContentBuilders):
    """Adds assessments and overrides. Times are judged in the account's zone (fancy midnight, all-day)."""

    def add_assignment(
        self,
        course: Course,
        name: str,
        *,
        submission_types: Sequence[str] = ("online_upload",),
        due_at: datetime | None = None,
        unlock_at: datetime | None = None,
        lock_at: datetime | None = None,
        points_possible: float = 10,
        published: bool = True,
        allowed_attempts: int = -1,
        only_visible_to_overrides: bool = False,
        assignment_group: AssignmentGroup | None = None,
        group_category: GroupCategory | None = None,
        **more: Any,
    ) -> Assignment:
        """Add an assignment; `more` takes any other field of the record, such as `blueprint_restrictions`."""
        now = self.now()
        assignment = Assignment(
            id=self.assignments.take_id(),
            course_id=course.id,
            name=name,
            assignment_group_id=(assignment_group or self.default_assignment_group(course)).id,
            submission_types=list(submission_types),
            points_possible=points_possible,
            published=published,
            allowed_attempts=allowed_attempts,
            only_visible_to_overrides=only_visible_to_overrides,
            group_category_id=group_category.id if group_category else None,
            workflow_state="published" if published else "unpublished",
            position=len(self.assignments.where("course", course.id)) + 1,
            **{"created_at": now, "updated_at": now, **more},
        )
        set_dates(assignment, self.account.time_zone, due_at=due_at, unlock_at=unlock_at, lock_at=lock_at)
        self.assignments.add(assignment)
        if "discussion_topic" in submission_types:
            self.add_discussion(course, name, assignment=assignment, published=published)
        if "online_quiz" in submission_types and assignment.quiz_id is None:
            self._add_quiz_of(assignment)
        return assignment

    def _add_quiz_of(self, assignment: Assignment) -> None:
        """Add the classic quiz of an assignment that was made as one: Canvas makes both."""
        quiz = Quiz(
            id=self.quizzes.take_id(),
            course_id=assignment.course_id,
            title=assignment.name,
            assignment_id=assignment.id,
            published=assignment.published,
            points_possible=assignment.points_possible,
            workflow_state="available" if assignment.published else "unpublished",
            created_at=assignment.created_at,
            updated_at=assignment.updated_at,
        )
        self.quizzes.add(quiz)
        assignment.quiz_id = quiz.id

    def forget_assignment(self, assignment: Assignment) -> None:
        """Take an assignment out for good, as if its creation had never been: for a refused transaction."""
        quiz, topic = self.quizzes.get(assignment.quiz_id), self.discussions.get(assignment.discussion_topic_id)
        if quiz:
            self.quizzes.take_back(quiz)
        if topic:
            self.discussions.take_back(topic)
        self.assignments.take_back(assignment)

    def add_quiz(
        self,
        course: Course,
        title: str,
        *,
        quiz_type: str = "assignment",
        time_limit: int | None = None,
        allowed_attempts: int = 1,
        due_at: datetime | None = None,
        unlock_at: datetime | None = None,
        lock_at: datetime | None = None,
        points_possible: float = 10,
        published: bool = True,
        only_visible_to_overrides: bool = False,
        assignment_group: AssignmentGroup | None = None,
        **more: Any,
    ) -> Quiz:
        """Add a classic quiz, with its assignment where it is graded (type `assignment` or `graded_survey`)."""
        now = self.now()
        quiz = Quiz(
            id=self.quizzes.take_id(),
            course_id=course.id,
            title=title,
            quiz_type=quiz_type,
            time_limit=time_limit,
            allowed_attempts=allowed_attempts,
            published=published,
            points_possible=points_possible,
            only_visible_to_overrides=only_visible_to_overrides,
            workflow_state="available" if published else "unpublished",
            **{"created_at": now, "updated_at": now, **more},
        )
        set_dates(quiz, self.account.time_zone, due_at=due_at, unlock_at=unlock_at, lock_at=lock_at)
        if quiz_type in GRADED_QUIZ_TYPES:
            self.add_quiz_assignment(course, quiz, assignment_group)
        return self.quizzes.add(quiz)

    def add_quiz_assignment(self, course: Course, quiz: Quiz, group: AssignmentGroup | None) -> Assignment:
        """Add the assignment of a graded classic quiz."""
        assignment = self.add_assignment(
            course,
            quiz.title,
            submission_types=("online_quiz",),
            due_at=quiz.due_at,
            unlock_at=quiz.unlock_at,
            lock_at=quiz.lock_at,
            points_possible=quiz.points_possible or 0,
            published=quiz.published,
            allowed_attempts=quiz.allowed_attempts,
            only_visible_to_overrides=quiz.only_visible_to_overrides,
            assignment_group=group,
            quiz_id=quiz.id,
            created_at=quiz.created_at,
        )
        quiz.assignment_id = assignment.id
        return assignment

    def add_new_quiz(
        self,
        course: Course,
        title: str,
        *,
        time_limit_seconds: int | None = None,
        max_attempts: int | None = 1,
        due_at: datetime | None = None,
        unlock_at: datetime | None = None,
        lock_at: datetime | None = None,
        points_possible: float = 10,
        published: bool = True,
        assignment_group: AssignmentGroup | None = None,
        **more: Any,
    ) -> Assignment:
        """Add a New Quiz: an assignment with quiz settings. `max_attempts` None means unlimited."""
        return self.add_assignment(
            course,
            title,
            submission_types=("external_tool",),
            due_at=due_at,
            unlock_at=unlock_at,
            lock_at=lock_at,
            points_possible=points_possible,
            published=published,
            assignment_group=assignment_group,
            is_new_quiz=True,
            quiz_settings=new_quiz_settings(time_limit_seconds=time_limit_seconds, max_attempts=max_attempts),
            **more,
        )

    def add_override(
        self,
        item: Item,
        *,
        students: Sequence[User] = (),
        section: Section | None = None,
        group: Group | None = None,
        for_everyone: bool = False,
        title: str | None = None,
        due_at: MaybeDate = OMITTED,
        unlock_at: MaybeDate = OMITTED,
        lock_at: MaybeDate = OMITTED,
        unassign_item: bool = False,
    ) -> Override:
        """Add an override; a date that is left out is not overridden, None overrides it to "no date"."""
        set_type, set_id, target_name = _target_of(self.courses[item.course_id], section, group, for_everyone)
        now = self.now()
        override = Override(
            id=self.overrides.take_id(),
            course_id=item.course_id,
            set_type=set_type,
            set_id=set_id,
            title=target_name or title or count_title(len(students)),
            student_ids=[student.id for student in students],
            unassign_item=unassign_item,
            created_at=now,
            updated_at=now,
        )
        vars(override).update(owner_of_overrides(item))
        replace_dates(override, self.account.time_zone, due_at=due_at, unlock_at=unlock_at, lock_at=lock_at)
        return self.overrides.add(override)


def _target_of(
    course: Course, section: Section | None, group: Group | None, for_everyone: bool
) -> tuple[str, int | None, str | None]:
    if group:
        return "Group", group.id, group.name
    if section:
        return "CourseSection", section.id, section.name
    if for_everyone:
        return "Course", course.id, course.name
    return "ADHOC", None, None


def count_title(count: int) -> str:
    """Return the title that Canvas gives an ad-hoc override without one (6.6)."""
    if count == 0:
        return "No Students"
    return "1 student" if count == 1 else f"{count} students"


def replace_dates(
    override: Override, zone: str, *, due_at: MaybeDate, unlock_at: MaybeDate, lock_at: MaybeDate
) -> None:
    """Set an override's dates as a whole: one that is left out is no longer overridden (6.7)."""
    override.due_at_overridden = not isinstance(due_at, Omitted)
    override.unlock_at_overridden = not isinstance(unlock_at, Omitted)
    override.lock_at_overridden = not isinstance(lock_at, Omitted)
    set_due_at(override, None if isinstance(due_at, Omitted) else due_at, zone)
    override.unlock_at = None if isinstance(unlock_at, Omitted) else unlock_at
    override.lock_at = moved_off_midnight(None if isinstance(lock_at, Omitted) else lock_at, zone)


def new_quiz_settings(*, time_limit_seconds: int | None, max_attempts: int | None) -> dict[str, Any]:
    """Return `quiz_settings` of a New Quiz (8.2)."""
    return {
        "calculator_type": "none",
        "filter_ip_address": False,
        "filters": {},
        "one_at_a_time_type": "none",
        "allow_backtracking": True,
        "shuffle_answers": False,
        "shuffle_questions": False,
        "require_student_access_code": False,
        "student_access_code": None,
        "has_time_limit": time_limit_seconds is not None,
        "session_time_limit_in_seconds": time_limit_seconds or 0,
        "multiple_attempts": {
            "multiple_attempts_enabled": max_attempts != 1,
            "attempt_limit": max_attempts is not None,
            "max_attempts": max_attempts,
            "score_to_keep": "highest",
            "cooling_period": False,
            "cooling_period_seconds": None,
        },
        "result_view_settings": {"result_view_restricted": False},
    }
