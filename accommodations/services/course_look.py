"""One course as Canvas holds it this minute, for a page on which a person decides; failures in plain words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accommodations.errors import WORDS_FOR_401, CanvasUnreachable, NotConnected, NotPossible
from accommodations.models import Course, Student
from accommodations.planning.effective_dates import class_overrides, effective_dates, own_ad_hoc_overrides
from accommodations.selectors.rules import stored_failures
from accommodations.services import connections, observe
from canvas_bridge.errors import CanvasError, CanvasForbidden, CanvasNotFound, CanvasUnauthorized
from canvas_bridge.facts import AssessmentFacts, CourseFacts, Dates, ObservedAttempt, ObservedExtension, StudentFacts


class CourseLook:
    """Reads one course with few requests, and keeps what it read. Reads raise LeewayError with words for a person."""

    def __init__(self, course: Course, *, before_request: Callable[[], None] | None = None) -> None:
        self.course = course
        self._connection = connections.usable_connection()
        self.gateway = connections.gateway_for(
            self._connection, before_request, most_tries=connections.TRIES_WHILE_A_PERSON_WAITS
        )

    def read(self, extensions_of: frozenset[str] = frozenset()) -> CourseFacts:
        """Return the course's facts, with the extensions and attempts of the named assessments."""
        with in_plain_words():
            zone = connections.token_time_zone(self._connection, self.gateway)
            facts = observe.read_course(self.course, self.gateway, token_time_zone=zone)
            return observe.read_extensions(facts, self.gateway, extensions_of)

    def read_extensions(self, facts: CourseFacts, keys: frozenset[str]) -> CourseFacts:
        """Return the facts with the extensions of these assessments read again."""
        with in_plain_words():
            return observe.read_extensions(facts, self.gateway, keys)

    def refresh_statuses(self, facts: CourseFacts) -> None:
        """Bring the course's statuses in step with what was just read. Called under the lease on the course."""
        with in_plain_words():
            observe.observe(self.course, facts, self.gateway, failures=stored_failures(self.course))


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn what Canvas answers to a read into words for the person who waits for the page."""
    try:
        yield
    except CanvasUnauthorized as error:
        connection = connections.current_connection()
        if connection is not None:
            connections.note_token_refused(connection)
        raise NotConnected(WORDS_FOR_401, code="canvas.token_refused") from error
    except CanvasNotFound as error:
        words = "Canvas has no such course or quiz any more, or does not show it to Leeway’s user."
        raise NotPossible(words, code="canvas.not_found") from error
    except CanvasForbidden as error:
        words = "Leeway’s Canvas user may not read this course. Ask the Canvas administrators."
        raise NotPossible(words, code="canvas.forbidden") from error
    except CanvasError as error:
        raise CanvasUnreachable("Canvas did not answer. Nothing was changed. Try again in a moment.") from error


def assessment_in(facts: CourseFacts, key: str) -> AssessmentFacts:
    """Return the assessment. Raises NotPossible where Canvas no longer has it."""
    for assessment in facts.assessments:
        if assessment.key == key:
            return assessment
    raise NotPossible("Canvas has no such quiz any more.", code="canvas.not_found")


def student_in(facts: CourseFacts, student: Student) -> StudentFacts:
    """Return the student of the course. Raises NotPossible where they are no current student there."""
    for found in facts.students:
        if found.canvas_user_id == student.canvas_user_id and found.is_current:
            return found
    raise NotPossible(f"{student.name} is not a current student of this course in Canvas.", code="act.no_student")


def dates_held(facts: CourseFacts, assessment: AssessmentFacts, student: StudentFacts) -> Dates:
    """Return the dates that Canvas gives the student now."""
    return effective_dates(
        assessment,
        student,
        ad_hoc=own_ad_hoc_overrides(assessment).get(student.canvas_user_id),
        others=class_overrides(assessment),
        now=facts.read_at,
    )


def dates_of_class(facts: CourseFacts, assessment: AssessmentFacts, student: StudentFacts) -> Dates:
    """Return the dates that the student would have without any override of their own."""
    return effective_dates(assessment, student, ad_hoc=None, others=class_overrides(assessment), now=facts.read_at)


def attempt_in(facts: CourseFacts, key: str, canvas_user_id: int) -> ObservedAttempt | None:
    """Return the student's latest attempt on the quiz."""
    found = (one for one in facts.attempts if (one.assessment_key, one.canvas_user_id) == (key, canvas_user_id))
    return next(found, None)


def extension_in(facts: CourseFacts, key: str, canvas_user_id: int) -> ObservedExtension | None:
    """Return what Canvas holds of extensions for the pair, zeros where nothing; None where it was not read."""
    if key not in facts.extensions_read:
        return None
    found = (one for one in facts.extensions if (one.assessment_key, one.canvas_user_id) == (key, canvas_user_id))
    return next(found, ObservedExtension(key, canvas_user_id))
