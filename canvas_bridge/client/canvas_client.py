"""CanvasClient: every endpoint of the contract, typed, grouped by subject."""

import time
from collections.abc import Callable

from canvas_bridge.client.metering import Observer
from canvas_bridge.client.resources.assignment_extensions import AssignmentExtensions
from canvas_bridge.client.resources.assignment_groups import AssignmentGroups
from canvas_bridge.client.resources.assignments import Assignments
from canvas_bridge.client.resources.courses import Courses
from canvas_bridge.client.resources.date_details import DateDetailsOfItems
from canvas_bridge.client.resources.enrollments import Enrollments
from canvas_bridge.client.resources.grading_periods import GradingPeriods
from canvas_bridge.client.resources.groups import Groups
from canvas_bridge.client.resources.modules import Modules
from canvas_bridge.client.resources.new_quizzes import NewQuizzes
from canvas_bridge.client.resources.overrides import Overrides
from canvas_bridge.client.resources.progress import ProgressOfJobs
from canvas_bridge.client.resources.quiz_extensions import QuizExtensions
from canvas_bridge.client.resources.quiz_submissions import QuizSubmissions
from canvas_bridge.client.resources.quizzes import Quizzes
from canvas_bridge.client.resources.sections import Sections
from canvas_bridge.client.resources.submissions import Submissions
from canvas_bridge.client.resources.terms import Terms
from canvas_bridge.client.resources.users import Users
from canvas_bridge.client.retry import MOST_TRIES
from canvas_bridge.client.session import USER_AGENT, CanvasSession, TransportAdapter
from canvas_bridge.client.transport import AddressCheck


class CanvasClient:
    """One Canvas, in its own words, as its token's user sees it.

    Each attribute holds the calls of one subject: `client.overrides.create(...)`. Every call raises a kind of
    CanvasError. Not for use by several threads at once; neither `repr` nor any error shows the token.
    """

    def __init__(self, session: CanvasSession) -> None:
        """Take a session; `CanvasClient.connected_to` makes one."""
        self._session = session
        self.assignment_extensions = AssignmentExtensions(session)
        self.assignment_groups = AssignmentGroups(session)
        self.assignments = Assignments(session)
        self.courses = Courses(session)
        self.date_details = DateDetailsOfItems(session)
        self.enrollments = Enrollments(session)
        self.grading_periods = GradingPeriods(session)
        self.groups = Groups(session)
        self.modules = Modules(session)
        self.new_quizzes = NewQuizzes(session)
        self.overrides = Overrides(session)
        self.progress = ProgressOfJobs(session)
        self.quiz_extensions = QuizExtensions(session)
        self.quiz_submissions = QuizSubmissions(session)
        self.quizzes = Quizzes(session)
        self.sections = Sections(session)
        self.submissions = Submissions(session)
        self.terms = Terms(session)
        self.users = Users(session)

    @classmethod
    def connected_to(
        cls,
        base_url: str,
        token: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        before_request: Callable[[], None] | None = None,
        on_answer: Observer | None = None,
        adapter: TransportAdapter | None = None,
        user_agent: str = USER_AGENT,
        may_connect_to: AddressCheck | None = None,
        most_tries: int = MOST_TRIES,
    ) -> "CanvasClient":
        """Return a client of one Canvas. Opens no connection yet; the keywords are those of CanvasSession."""
        return cls(
            CanvasSession(
                base_url=base_url,
                token=token,
                sleep=sleep,
                before_request=before_request,
                on_answer=on_answer,
                adapter=adapter,
                user_agent=user_agent,
                may_connect_to=may_connect_to,
                most_tries=most_tries,
            )
        )

    def __repr__(self) -> str:
        return f"CanvasClient({self._session.base_url})"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
