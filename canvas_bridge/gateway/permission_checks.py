"""What the token's user may do in a Canvas, found out by reading alone."""

from collections.abc import Callable

from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.errors import CanvasError, CanvasNotFound
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind, CourseState, CourseSummary, PermissionCheck
from canvas_bridge.gateway import listings
from canvas_bridge.translate import assessments as assessment_json
from canvas_bridge.translate import courses as course_json
from canvas_bridge.translate import people as person_json
from canvas_bridge.translate.words import readable_words
from canvas_bridge.wire.absent import Absent
from canvas_bridge.wire.assignments import Assignment
from canvas_bridge.wire.ids import SELF
from canvas_bridge.wire.people import Enrollment
from canvas_bridge.wire.quizzes import Quiz

IMPOSSIBLE_TERM = "zz-nobody-is-called-this-zz"
COURSES_LOOKED_AT = 5


class _Missing(Exception):
    """Canvas answered, but without what is needed; the text says what."""


class PermissionProbe:
    """Asks one Canvas for everything that Leeway reads, once. Writes nothing.

    The right to write overrides shows in the `overrides` of an assignment, which Canvas gives to its managers only;
    the right to write extensions cannot be read, reading quiz submissions comes closest (contract 2, 9.1).
    """

    def __init__(self, client: CanvasClient) -> None:
        self._client = client
        self._courses: list[CourseSummary] = []
        self._course: CourseSummary | None = None
        self._assignments: tuple[Assignment, ...] = ()
        self._student_id: int | None = None

    def checks(self) -> tuple[PermissionCheck, ...]:
        """Return one check per probe, in the order in which they were made; only the first if the token is no good."""
        token = _checked(
            "Address and token",
            "Check the address, and make a new token in the service account's settings.",
            self._token,
        )
        if not token.is_ok:
            return (token,)
        self._choose_course()
        return (token, *(_checked(name, remedy, probe) for name, remedy, probe in self._probes()))

    def _probes(self) -> tuple[tuple[str, str, Callable[[], str]], ...]:
        manage = "Give the user a role with this right in the root account:"
        return (
            ("Time zone of the user", "Set a time zone in the user's Canvas settings.", self._time_zone),
            ("Courses of the account", f"{manage} Courses – view list.", self._course_list),
            ("Search for people", f"{manage} Users – view list.", self._people),
            ("Rosters and SIS ids", f"{manage} Users – view list, and SIS data – read.", self._roster),
            ("Enrollments of a student", f"{manage} Users – view list.", self._enrollments),
            ("Assignments and overrides", f"{manage} Assignments and quizzes – add, edit, delete.", self._overrides),
            ("Classic quizzes", f"{manage} Assignments and quizzes – add, edit, delete.", self._quizzes),
            ("Quiz submissions", f"{manage} Grades – edit, and grades – view all.", self._quiz_submissions),
            ("New Quizzes", f"{manage} Assignments and quizzes – add, edit, delete.", self._new_quizzes),
            ("Submissions", f"{manage} Grades – edit, and grades – view all.", self._submissions),
        )

    def _token(self) -> str:
        person = person_json.person(self._client.users.get_self())
        return f"the token belongs to Canvas user {person.canvas_user_id}"

    def _time_zone(self) -> str:
        return person_json.time_zone(self._client.users.get_profile())

    def _course_list(self) -> str:
        found = self._published_courses()
        return f"{len(found)} published courses on the first page"

    def _people(self) -> str:
        self._client.users.search(SELF, IMPOSSIBLE_TERM, first_page_only=True)
        return "searching is allowed"

    def _roster(self) -> str:
        if isinstance(self._student_enrollments()[0].sis_user_id, Absent):
            raise _Missing("rosters are shown, but without SIS ids: people can be found by Canvas id and login only")
        return "rosters are shown, with SIS ids"

    def _enrollments(self) -> str:
        user_id = self._student_enrollments()[0].user_id
        listing = listings.enrollments_in((person_json.STUDENT_ROLE,))
        found = self._client.enrollments.list_of_user(user_id, listing)
        return f"{len(found)} enrollments of one student"

    def _student_enrollments(self) -> tuple[Enrollment, ...]:
        course_id = self._needed_course().canvas_course_id
        found = self._client.enrollments.list_in_course(course_id, listings.STUDENTS, first_page_only=True)
        if not found:
            raise _Missing("not tried: the course that was looked at has no students")
        return found

    def _overrides(self) -> str:
        found = self._listed(self._needed_course())
        if not found:
            raise _Missing("not tried: the courses that were looked at have no assignments")
        if not all(assessment_json.shows_overrides(value) for value in found):
            raise _Missing("assignments are shown, but without overrides: the user may not manage them")
        return f"{len(found)} assignments with their overrides"

    def _quizzes(self) -> str:
        found = self._first_quizzes(self._needed_course().canvas_course_id)
        return f"{len(found)} classic quizzes"

    def _quiz_submissions(self) -> str:
        course_id = self._needed_course().canvas_course_id
        quizzes = self._first_quizzes(course_id)
        if not quizzes:
            raise _Missing("not tried: the courses that were looked at have no classic quiz")
        self._client.quiz_submissions.list_in_quiz(course_id, quizzes[0].id, first_page_only=True)
        return "quiz submissions are shown"

    def _new_quizzes(self) -> str:
        try:
            found = self._client.new_quizzes.list_in_course(self._needed_course().canvas_course_id)
        except CanvasNotFound:
            if any(assessment_json.kind_of(value) is AssessmentKind.NEW_QUIZ for value in self._assignments):
                raise
            return "this Canvas has no New Quizzes"
        return f"{len(found)} New Quizzes"

    def _submissions(self) -> str:
        course_id = self._needed_course().canvas_course_id
        self._client.submissions.list_in_course(course_id, "all", listings.submissions_of(), first_page_only=True)
        return "submissions are shown"

    def _choose_course(self) -> None:
        """Choose a published course with a classic quiz, else with assignments, else the first one.

        What fails here fails again in its own probe, and is told there.
        """
        try:
            published = [course for course in self._published_courses() if course.state is CourseState.AVAILABLE]
            self._course = next(iter(published), None)
            for course in published[:COURSES_LOOKED_AT]:
                listed = self._listed(course)
                if listed and not self._assignments:
                    self._course, self._assignments = course, listed
                if any(assessment_json.kind_of(value) in CLASSIC_KINDS for value in listed):
                    self._course, self._assignments = course, listed
                    return
        except CanvasError:
            return

    def _published_courses(self) -> list[CourseSummary]:
        found = self._client.courses.list_in_account(SELF, listings.PUBLISHED_COURSES, first_page_only=True)
        return [course_json.course_summary(course) for course in found]

    def _listed(self, course: CourseSummary) -> tuple[Assignment, ...]:
        return self._client.assignments.list_in_course(course.canvas_course_id, listings.ASSIGNMENTS)

    def _first_quizzes(self, canvas_course_id: int) -> tuple[Quiz, ...]:
        return self._client.quizzes.list_in_course(canvas_course_id, first_page_only=True)

    def _needed_course(self) -> CourseSummary:
        if self._course is None:
            raise _Missing("not tried: no published course was found")
        return self._course


def _checked(name: str, remedy: str, probe: Callable[[], str]) -> PermissionCheck:
    """Return what the probe found; a probe that could not be made is not ok either, since it proves nothing."""
    try:
        return PermissionCheck(name=name, is_ok=True, words=probe())
    except _Missing as missing:
        return PermissionCheck(name=name, is_ok=False, words=str(missing), remedy=remedy)
    except CanvasError as error:
        words = readable_words(error.words)
        shown = f"{error} ({words})" if words else str(error)
        return PermissionCheck(name=name, is_ok=False, words=shown, remedy=remedy)
