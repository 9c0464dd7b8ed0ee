"""Submissions of students on assignments."""

from collections.abc import Sequence
from typing import Literal

from canvas_bridge.client.endpoints import Endpoint, Place
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.absent import UNCHANGED, Unchanged
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.submissions import StudentSubmissions, Submission, SubmissionListing, SubmissionValues
from canvas_bridge.wire.writing import Param, params_of, query_of

LIST_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/students/submissions")
LIST_IN_SECTION = Endpoint("GET", "/api/v1/sections/:section_id/students/submissions")
LIST_OF_ASSIGNMENT = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions")
GET = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions/:user_id")
SUBMIT = Endpoint("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions")

MOST_STUDENTS = 100
EVERYTHING = SubmissionListing()

Students = Sequence[AnyId] | Literal["all"]


class Submissions(Resource):
    """Submissions (contract 5.3, 10.7.9): effective due dates and extra attempts are read here too."""

    def list_in_course(
        self,
        course_id: AnyId,
        students: Students,
        listing: SubmissionListing = EVERYTHING,
        *,
        first_page_only: bool = False,
    ) -> tuple[Submission, ...]:
        """`GET /api/v1/courses/:course_id/students/submissions`: of chosen students (100 at most), or of "all".

        All pages, or the first 100 rows. No students: the caller's own. Raises CanvasForbidden for all where one
        assignment is unknown or unpublished, or one student cannot be seen; CanvasRejected for too many students.
        """
        params = _asked(students, listing)
        return self._list(Submission, LIST_IN_COURSE.at(course_id), params, first_page_only=first_page_only)

    def list_in_section(
        self, section_id: AnyId, students: Students, listing: SubmissionListing = EVERYTHING
    ) -> tuple[Submission, ...]:
        """`GET /api/v1/sections/:section_id/students/submissions`: as `list_in_course`."""
        return self._list(Submission, LIST_IN_SECTION.at(section_id), _asked(students, listing))

    def list_by_student(
        self, course_id: AnyId, students: Students, listing: SubmissionListing = EVERYTHING
    ) -> tuple[StudentSubmissions, ...]:
        """`GET /api/v1/courses/:course_id/students/submissions` with `grouped`: student by student, all pages."""
        return self._grouped(LIST_IN_COURSE.at(course_id), students, listing)

    def list_of_assignment(
        self, course_id: AnyId, assignment_id: AnyId, *, exclude_response_fields: Sequence[str] = ()
    ) -> tuple[Submission, ...]:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/submissions`: all students, published or not."""
        params = query_of(exclude_response_fields=exclude_response_fields)
        return self._list(Submission, LIST_OF_ASSIGNMENT.at(course_id, assignment_id), params)

    def get(self, course_id: AnyId, assignment_id: AnyId, user_id: AnyId) -> Submission:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/submissions/:user_id`: one student's row."""
        return self._get(Submission, GET.at(course_id, assignment_id, user_id))

    def submit(
        self,
        course_id: AnyId,
        assignment_id: AnyId,
        values: SubmissionValues,
        *,
        text_comment: str | Unchanged = UNCHANGED,
    ) -> Submission:
        """`POST /api/v1/courses/:course_id/assignments/:assignment_id/submissions`: hand in. NOT idempotent.

        Each call is a further attempt; over the limit CanvasRejected, locked for the student CanvasForbidden.
        """
        comment = {} if isinstance(text_comment, Unchanged) else {"comment": {"text_comment": text_comment}}
        return read(Submission, self._write(SUBMIT.at(course_id, assignment_id), {"submission": values, **comment}))

    def _grouped(self, place: Place, students: Students, listing: SubmissionListing) -> tuple[StudentSubmissions, ...]:
        return self._list(StudentSubmissions, place, [*_asked(students, listing), ("grouped", "true")])


def _asked(students: Students, listing: SubmissionListing) -> list[Param]:
    chosen = ["all"] if students == "all" else students
    return [*query_of(student_ids=chosen), *params_of(listing)]
