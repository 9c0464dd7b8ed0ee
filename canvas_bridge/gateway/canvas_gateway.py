"""The face of the bridge: one method for each thing that the application asks of Canvas."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from canvas_bridge.changes import (
    ActOutcome,
    Change,
    ExtensionOnEveryQuiz,
    MoveOutOfSharedOverride,
    Outcome,
    QuizDatesOfOne,
    Request,
)
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.metering import RequestMeter
from canvas_bridge.client.session import TOTAL_SECONDS, USER_AGENT, CanvasSession, TransportAdapter
from canvas_bridge.errors import CanvasNotFound
from canvas_bridge.facts import (
    CourseFacts,
    CourseSummary,
    EnrollmentFacts,
    GradingPeriod,
    PermissionCheck,
    PersonFacts,
    QuizDates,
)
from canvas_bridge.gateway import grouping, listings, student_reading
from canvas_bridge.gateway.applying import ChangeApplier
from canvas_bridge.gateway.applying.moving import Move
from canvas_bridge.gateway.confirmed import ConfirmedActs
from canvas_bridge.gateway.course_reading import CourseReader
from canvas_bridge.gateway.permission_checks import PermissionProbe
from canvas_bridge.gateway.quiz_dates import QuizDatesOfCourse
from canvas_bridge.translate import courses as course_json
from canvas_bridge.translate import people as person_json
from canvas_bridge.wire.ids import SELF


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class CanvasGateway:
    """One Canvas, as its token's user sees it. Reads raise CanvasError; so does `apply`, for a dead token only.

    Not for use by several threads at once. Neither `repr` nor any error shows the token.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        before_request: Callable[[], None] | None = None,
        adapter: TransportAdapter | None = None,
        user_agent: str = USER_AGENT,
        may_connect_to: Callable[[str], bool] | None = None,
        most_tries: int = 5,
        on_answer: Callable[[RequestMeter], None] | None = None,
        while_waiting: Callable[[], None] | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Open nothing yet.

        `before_request` runs before each single HTTP request and may raise to stop the work. `may_connect_to` is
        asked for each address that the host resolves to; where it says no, no connection is made. `adapter` replaces
        the network. `most_tries` 1 suits a page on which a person waits for the answer. `on_answer`
        is told what each exchange cost, refusals and broken ones included; it must not raise. `while_waiting`
        runs every few seconds of a wait between tries, and may raise too. `total_seconds`: the deadline of one request.
        """
        self._clock = clock
        self._session = CanvasSession(
            base_url=base_url,
            token=token,
            sleep=sleep,
            before_request=before_request,
            adapter=adapter,
            user_agent=user_agent,
            may_connect_to=may_connect_to,
            most_tries=most_tries,
            on_answer=on_answer,
            while_waiting=while_waiting,
            total_seconds=total_seconds,
        )
        self._client = CanvasClient(self._session)

    def __repr__(self) -> str:
        return f"CanvasGateway({self._session.base_url})"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def read_self(self) -> PersonFacts:
        """Return the person whose token it is."""
        return person_json.person(self._client.users.get_self())

    def read_token_time_zone(self) -> str:
        """Return the zone in which Canvas reads times without offset and moves 00:00 to the end of the day (1.7)."""
        return person_json.time_zone(self._client.users.get_profile())

    def list_courses(self) -> tuple[CourseSummary, ...]:
        """Return every course of the account that is not deleted, each once."""
        listed = self._client.courses.list_in_account(SELF, listings.EVERY_LIVE_COURSE)
        found = (course_json.course_summary(course) for course in listed)
        return tuple({course.canvas_course_id: course for course in found}.values())

    def read_course_summary(self, canvas_course_id: int) -> CourseSummary:
        """Return one course. Raises CanvasNotFound for a deleted one."""
        return course_json.course_summary(self._client.courses.get(canvas_course_id, include=["term"]))

    def read_grading_periods(self, canvas_course_id: int) -> tuple[GradingPeriod, ...]:
        """Return the grading periods that hold in a course: its own, else those of its term, by start."""
        listed = self._client.grading_periods.list_in_course(canvas_course_id)
        return tuple(course_json.grading_period(period) for period in listed)

    def find_person(
        self, *, canvas_user_id: int | None = None, sis_user_id: str | None = None, login_id: str | None = None
    ) -> PersonFacts:
        """Return the person with that id (the first one given). Raises CanvasNotFound."""
        user_id = person_json.user_id(canvas_user_id=canvas_user_id, sis_user_id=sis_user_id, login_id=login_id)
        return person_json.person(self._client.users.get(user_id))

    def search_people(self, term: str) -> tuple[PersonFacts, ...]:
        """Return the first 100 people whose name or id holds `term`; raises CanvasRejected below two characters."""
        return tuple(person_json.person(user) for user in self._client.users.search(SELF, term, first_page_only=True))

    def read_enrollments(
        self,
        *,
        canvas_user_id: int | None = None,
        login_id: str | None = None,
        role_types: tuple[str, ...] = (person_json.STUDENT_ROLE,),
    ) -> tuple[EnrollmentFacts, ...]:
        """Return one person's active, invited, completed and inactive enrollments in those roles, each once."""
        user_id = person_json.user_id(canvas_user_id=canvas_user_id, login_id=login_id)
        listed = self._client.enrollments.list_of_user(user_id, listings.enrollments_in(role_types))
        return tuple(dict.fromkeys(person_json.enrollment(one) for one in listed))

    def read_course(
        self,
        course: CourseSummary,
        *,
        token_time_zone: str,
        enrollments: tuple[EnrollmentFacts, ...],
    ) -> CourseFacts:
        """Return assessments, overrides and, for the enrolled students, sections and groups of one course.

        Raises CanvasForbidden where Canvas does not show the overrides to the token's user.
        """
        reader = CourseReader(self._client, course.canvas_course_id)
        return reader.read(
            course,
            token_time_zone=token_time_zone,
            enrollments=enrollments,
            clock=self._clock,
        )

    def read_course_again(self, facts: CourseFacts) -> CourseFacts | None:
        """Return facts read a moment ago with dates and overrides of now; None where the whole course must be read."""
        return CourseReader(self._client, facts.course.canvas_course_id).read_again(facts, clock=self._clock)

    def is_assessment_gone(
        self, canvas_course_id: int, *, canvas_assignment_id: int | None, canvas_quiz_id: int | None
    ) -> bool:
        """Whether an assessment that the list lacked is really gone: one may vanish between two pages (F17)."""
        try:
            if canvas_assignment_id is not None:
                self._client.assignments.get(canvas_course_id, canvas_assignment_id)
            elif canvas_quiz_id is not None:
                self._client.quizzes.get(canvas_course_id, canvas_quiz_id)
        except CanvasNotFound:
            return True
        return False

    def read_group_names(self, facts: CourseFacts) -> CourseFacts:
        """Return the facts with the name of the assignment group of each assessment."""
        return CourseReader(self._client, facts.course.canvas_course_id).with_group_names(facts)

    def read_extensions(self, facts: CourseFacts, assessment_keys: frozenset[str]) -> CourseFacts:
        """Return the facts with extensions (and, for classic quizzes, attempts) of the named assessments."""
        return student_reading.read_extensions(self._client, facts, assessment_keys)

    def read_submissions(self, facts: CourseFacts, assessment_keys: frozenset[str]) -> CourseFacts:
        """Return the facts with "has submitted" for the named assessments."""
        return student_reading.read_submissions(self._client, facts, assessment_keys)

    def requests_for(self, changes: Sequence[Change]) -> tuple[Request, ...]:
        """Return the fewest requests that carry the changes, in order of first appearance. Sends nothing."""
        return grouping.requests_for(changes)

    def apply(self, *, canvas_course_id: int, request: Request) -> tuple[Outcome, ...]:
        """Carry out one request and return one outcome per change, in order.

        A refusal is an outcome, not an error, and costs only the students it concerns: the request is sent again
        without them. Raises CanvasUnauthorized where the token was dead from the first request on; one that dies in
        between leaves the rest unreachable, and the next request raises.
        """
        return ChangeApplier(self._client, canvas_course_id).apply(request)

    def finish_move(self, *, canvas_course_id: int, change: MoveOutOfSharedOverride) -> Outcome:
        """Carry out the second step of a move whose first one has arrived; if it is refused, put the student back.

        `change` names the shared override as it stands now. Unknown: the student is in neither of the two.
        """
        return Move(self._client, canvas_course_id, change).finish()

    def extend_running_attempt(
        self, *, canvas_course_id: int, canvas_quiz_id: int, canvas_user_id: int, minutes_from_end: int
    ) -> ActOutcome:
        """Move the end of a running attempt later by 1–1440 minutes: only for an act that a person has confirmed.

        NOT idempotent. What came of it stands in `end_at` of the answer, or of the quiz submission when read.
        """
        acts = ConfirmedActs(self._client, canvas_course_id)
        return acts.extend_running_attempt(
            canvas_quiz_id=canvas_quiz_id, canvas_user_id=canvas_user_id, minutes_from_end=minutes_from_end
        )

    def set_unlocked(
        self, *, canvas_course_id: int, canvas_quiz_id: int, canvas_user_id: int, is_unlocked: bool
    ) -> ActOutcome:
        """Unlock a classic quiz for one student, or lock it again: only for an act that a person has confirmed."""
        acts = ConfirmedActs(self._client, canvas_course_id)
        return acts.set_unlocked(canvas_quiz_id=canvas_quiz_id, canvas_user_id=canvas_user_id, is_unlocked=is_unlocked)

    def extend_every_quiz(self, *, canvas_course_id: int, elements: Sequence[ExtensionOnEveryQuiz]) -> ActOutcome:
        """Set the same extension on every classic quiz of a course: only for an act that a person has confirmed."""
        return ConfirmedActs(self._client, canvas_course_id).extend_every_quiz(elements)

    def read_quiz_dates(self, *, canvas_course_id: int, canvas_quiz_id: int) -> QuizDates:
        """Return base dates and all overrides of a classic quiz, graded or not, by `date_details`.

        Raises CanvasNotFound where this Canvas does not offer it.
        """
        return QuizDatesOfCourse(self._client, canvas_course_id).read(canvas_quiz_id)

    def write_quiz_dates(self, *, canvas_course_id: int, stands: QuizDates, change: QuizDatesOfOne) -> ActOutcome:
        """Send the whole list that was just read with one student's change: only for an act that a person confirmed.

        Idempotent only while every override of `stands` is still there with its id: read, compare and send at once.
        """
        return QuizDatesOfCourse(self._client, canvas_course_id).write(stands, change)

    def check_permissions(self) -> tuple[PermissionCheck, ...]:
        """Return what read-only probes of this Canvas found, one for each thing that Leeway needs."""
        return PermissionProbe(self._client).checks()
