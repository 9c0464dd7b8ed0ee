"""What the token's user may do in a Canvas, found out by reading alone."""

from collections.abc import Callable

from canvas_bridge.client import assignments, classic_quizzes, courses, new_quizzes, people, submissions
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasError, CanvasNotFound
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind, CourseState, CourseSummary, PermissionCheck
from canvas_bridge.translate import assessments as assessment_json
from canvas_bridge.translate import courses as course_json
from canvas_bridge.translate import people as person_json
from canvas_bridge.translate.words import readable_words
from canvas_bridge.wire.fields import JsonObject

IMPOSSIBLE_TERM = "zz-nobody-is-called-this-zz"
COURSES_LOOKED_AT = 5


class _Missing(Exception):
    """Canvas answered, but without what is needed; the text says what."""


class PermissionProbe:
    """Asks one Canvas for everything that Leeway reads, once. Writes nothing.

    The right to write overrides shows in the `overrides` of an assignment, which Canvas gives to its managers only;
    the right to write extensions cannot be read, reading quiz submissions comes closest (contract 2, 9.1).
    """

    def __init__(self, session: CanvasSession) -> None:
        self._session = session
        self._courses: list[CourseSummary] = []
        self._course: CourseSummary | None = None
        self._assignments: list[object] = []
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
        person = person_json.person(people.read_self(self._session))
        return f"the token belongs to Canvas user {person.canvas_user_id}"

    def _time_zone(self) -> str:
        return person_json.time_zone(people.read_own_profile(self._session))

    def _course_list(self) -> str:
        found = [course_json.course_summary(value) for value in courses.list_available_courses(self._session)]
        return f"{len(found)} published courses on the first page"

    def _people(self) -> str:
        people.search_users(self._session, IMPOSSIBLE_TERM)
        return "searching is allowed"

    def _roster(self) -> str:
        found = [JsonObject(value, "enrollment") for value in self._student_enrollments()]
        if "sis_user_id" not in found[0]:
            raise _Missing("rosters are shown, but without SIS ids: people can be found by Canvas id and login only")
        return "rosters are shown, with SIS ids"

    def _enrollments(self) -> str:
        user_id = JsonObject(self._student_enrollments()[0], "enrollment").whole_number("user_id")
        path = people.user_path(canvas_user_id=user_id)
        found = people.list_user_enrollments(self._session, path, role_types=(person_json.STUDENT_ROLE,))
        return f"{len(found)} enrollments of one student"

    def _student_enrollments(self) -> list[object]:
        found = people.list_course_students(self._session, self._needed_course().canvas_course_id)
        if not found:
            raise _Missing("not tried: the course that was looked at has no students")
        return found

    def _overrides(self) -> str:
        found = assignments.list_assignments(self._session, self._needed_course().canvas_course_id)
        if not found:
            raise _Missing("not tried: the courses that were looked at have no assignments")
        if not all(assessment_json.shows_overrides(value) for value in found):
            raise _Missing("assignments are shown, but without overrides: the user may not manage them")
        return f"{len(found)} assignments with their overrides"

    def _quizzes(self) -> str:
        found = classic_quizzes.list_first_quizzes(self._session, self._needed_course().canvas_course_id)
        return f"{len(found)} classic quizzes"

    def _quiz_submissions(self) -> str:
        course_id = self._needed_course().canvas_course_id
        quizzes = classic_quizzes.list_first_quizzes(self._session, course_id)
        if not quizzes:
            raise _Missing("not tried: the courses that were looked at have no classic quiz")
        classic_quizzes.read_first_quiz_submissions(self._session, course_id, assessment_json.item_id(quizzes[0]))
        return "quiz submissions are shown"

    def _new_quizzes(self) -> str:
        try:
            found = new_quizzes.list_new_quizzes(self._session, self._needed_course().canvas_course_id)
        except CanvasNotFound:
            if any(assessment_json.kind_of(value) is AssessmentKind.NEW_QUIZ for value in self._assignments):
                raise
            return "this Canvas has no New Quizzes"
        return f"{len(found)} New Quizzes"

    def _submissions(self) -> str:
        submissions.list_first_submissions(self._session, self._needed_course().canvas_course_id)
        return "submissions are shown"

    def _choose_course(self) -> None:
        """Choose a published course with a classic quiz, else with assignments, else the first one.

        What fails here fails again in its own probe, and is told there.
        """
        try:
            values = courses.list_available_courses(self._session)
            found = [course_json.course_summary(value) for value in values]
            published = [course for course in found if course.state is CourseState.AVAILABLE]
            self._course = next(iter(published), None)
            for course in published[:COURSES_LOOKED_AT]:
                listed = assignments.list_assignments(self._session, course.canvas_course_id)
                if listed and not self._assignments:
                    self._course, self._assignments = course, listed
                if any(assessment_json.kind_of(value) in CLASSIC_KINDS for value in listed):
                    self._course, self._assignments = course, listed
                    return
        except CanvasError:
            return

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
