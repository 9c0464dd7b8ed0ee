"""Building what students do: attempts, submissions, and what staff granted them in Canvas itself."""

import hashlib
from datetime import datetime, timedelta

from canvas_bridge.sandbox.builders.assessments import AssessmentBuilders
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.records.work import (
    NewQuizAccommodation,
    NewQuizSession,
    QuizAttempt,
    QuizSubmission,
    Submission,
)
from canvas_bridge.sandbox.rules.attempts import earlier, end_of_new_attempt, kept_score
from canvas_bridge.sandbox.rules.effective_dates import effective_dates
from canvas_bridge.sandbox.rules.quiz_grading import graded

ROOM_FOR_USERS = 1_000_000


class WorkBuilders(AssessmentBuilders):
    """Adds attempts, submissions, extensions and New Quizzes accommodations."""

    def quiz_submission_of(self, quiz: Quiz, user_id: int) -> QuizSubmission:
        """Return the student's row on a quiz, made as `settings_only` where there is none."""
        found = self.quiz_submissions.first("quiz_user", (quiz.id, user_id))
        row = QuizSubmission(id=0, quiz_id=quiz.id, user_id=user_id)
        return found or self._add_quiz_submission(row)

    def _add_quiz_submission(self, row: QuizSubmission) -> QuizSubmission:
        row.id = self.quiz_submissions.take_id()
        return self.quiz_submissions.add(row)

    def start_attempt(self, quiz: Quiz, user: User, *, started_at: datetime | None = None) -> QuizSubmission:
        """Start an attempt of a student; its end follows limit, extra time and the student's lock (3.3)."""
        row = self.quiz_submission_of(quiz, user.id)
        row.attempt = (row.attempt or 0) + 1
        row.workflow_state = "untaken"
        row.started_at = started_at or self.now()
        row.finished_at = None
        row.score = None
        row.answers = {}
        row.validation_token = hashlib.sha256(f"attempt {row.attempt} of {row.id}".encode()).hexdigest()
        row.end_at = end_of_new_attempt(self, quiz, row, row.started_at)
        if quiz.assignment_id is not None:
            self.submission_of(self.assignments[quiz.assignment_id], user.id)
        return row

    def complete_attempt(
        self, row: QuizSubmission, *, finished_at: datetime | None = None, score: float | None = None
    ) -> QuizSubmission:
        """Hand in the running attempt; the assignment's submission follows where the quiz is graded.

        Without a score, the quiz's questions give one; those that a person has to grade leave the row pending_review.
        """
        row.finished_at = finished_at or self.now()
        is_preview = row.workflow_state == "preview"
        row.score, needs_person = graded(self, row) if score is None else (score, False)
        if is_preview:
            return row
        row.workflow_state = "pending_review" if needs_person else "complete"
        row.past_attempts.append(
            QuizAttempt(
                attempt=row.attempt or 1,
                started_at=row.started_at,
                finished_at=row.finished_at,
                end_at=row.end_at,
                score=row.score,
                workflow_state=row.workflow_state,
            )
        )
        self._carry_to_submission(row, row.finished_at)
        return row

    def _carry_to_submission(self, row: QuizSubmission, finished_at: datetime) -> None:
        quiz = self.quizzes[row.quiz_id]
        if quiz.assignment_id is None:
            return
        submission = self.submission_of(self.assignments[quiz.assignment_id], row.user_id)
        self._hand_in(submission, "online_quiz", finished_at)
        if row.workflow_state == "pending_review":
            submission.workflow_state = "pending_review"
        elif row.score is not None:
            submission.workflow_state, submission.graded_at = "graded", finished_at
            submission.score = kept_score(quiz, row)
            submission.grade = f"{submission.score:g}"

    def set_quiz_extension(
        self,
        quiz: Quiz,
        user: User,
        *,
        extra_time: int | None = None,
        extra_attempts: int | None = None,
        manually_unlocked: bool | None = None,
    ) -> QuizSubmission:
        """Give a student an extension in Canvas itself, as an instructor would; None leaves a value unset."""
        row = self.quiz_submission_of(quiz, user.id)
        row.extra_time = extra_time
        row.extra_attempts = extra_attempts
        row.manually_unlocked = manually_unlocked
        return row

    def submission_of(self, assignment: Assignment, user_id: int) -> Submission:
        """Return the student's row on an assignment, made as `unsubmitted` where there is none."""
        found = self.submissions.first("assignment_user", (assignment.id, user_id))
        if found:
            return found
        # The id does not count up, so that reading submissions, which makes rows, changes no later id.
        row_id = assignment.id * ROOM_FOR_USERS + user_id
        return self.submissions.add(Submission(id=row_id, assignment_id=assignment.id, user_id=user_id))

    def submit(
        self,
        assignment: Assignment,
        user: User,
        *,
        submitted_at: datetime | None = None,
        submission_type: str | None = None,
        body: str | None = None,
        url: str | None = None,
    ) -> Submission:
        """Hand something in for a student."""
        row = self.submission_of(assignment, user.id)
        row.body = body
        row.url = url
        self._hand_in(row, submission_type or assignment.submission_types[0], submitted_at or self.now())
        return row

    def _hand_in(self, row: Submission, submission_type: str, submitted_at: datetime) -> None:
        row.submission_type = submission_type
        row.submitted_at = submitted_at
        row.attempt = (row.attempt or 0) + 1
        row.workflow_state = "submitted"

    def set_assignment_extension(self, assignment: Assignment, user: User, extra_attempts: int | None) -> Submission:
        """Give a student extra attempts on an assignment in Canvas itself."""
        row = self.submission_of(assignment, user.id)
        row.extra_attempts = extra_attempts
        return row

    def set_new_quiz_accommodation(
        self,
        assignment: Assignment,
        user: User,
        *,
        extra_time: int = 0,
        extra_attempts: int = 0,
        reduce_choices_enabled: bool = False,
    ) -> NewQuizAccommodation:
        """Give a student an accommodation on one New Quiz, as an instructor would by hand."""
        row = self.new_quiz_accommodation_of(assignment.course_id, assignment.id, user.id)
        row.extra_time = extra_time
        row.extra_attempts = extra_attempts
        row.reduce_choices_enabled = reduce_choices_enabled
        return row

    def new_quiz_accommodation_of(
        self, course_id: int, assignment_id: int | None, user_id: int
    ) -> NewQuizAccommodation:
        """Return a student's accommodation on a New Quiz, or on the course (`assignment_id` None), made if missing."""
        found = self.new_quiz_accommodations.first("target", (course_id, assignment_id, user_id))
        if found:
            return found
        return self.new_quiz_accommodations.add(
            NewQuizAccommodation(
                id=self.new_quiz_accommodations.take_id(),
                course_id=course_id,
                assignment_id=assignment_id,
                user_id=user_id,
            )
        )

    def start_new_quiz_session(
        self, assignment: Assignment, user: User, *, started_at: datetime | None = None
    ) -> NewQuizSession:
        """Start a student's sitting of a New Quiz, with the minutes that hold for the student then."""
        start = started_at or self.now()
        return self.new_quiz_sessions.add(
            NewQuizSession(
                id=self.new_quiz_sessions.take_id(),
                assignment_id=assignment.id,
                user_id=user.id,
                started_at=start,
                end_at=self.end_of_new_quiz_session(assignment, user.id, start),
            )
        )

    def end_of_new_quiz_session(self, assignment: Assignment, user_id: int, started_at: datetime) -> datetime | None:
        """Return when a sitting ends: after limit and extra minutes, and at the student's until date at the latest."""
        settings = assignment.quiz_settings or {}
        end = None
        if settings.get("has_time_limit"):
            seconds = int(settings.get("session_time_limit_in_seconds") or 0)
            end = started_at + timedelta(seconds=seconds, minutes=self.new_quiz_minutes(assignment, user_id))
        return earlier(end, effective_dates(self, assignment, user_id).lock_at)

    def new_quiz_minutes(self, assignment: Assignment, user_id: int) -> int:
        """Return a student's extra minutes on a New Quiz: the course's and the quiz's own add up."""
        targets = ((assignment.course_id, None, user_id), (assignment.course_id, assignment.id, user_id))
        rows = [self.new_quiz_accommodations.first("target", target) for target in targets]
        return sum(row.extra_time for row in rows if row)
