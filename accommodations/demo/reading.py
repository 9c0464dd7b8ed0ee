"""Reads from Canvas, over HTTP and through the services, what the demo's data refers to."""

from dataclasses import dataclass

from accommodations.demo.approvals import APPROVALS
from accommodations.demo.campus import Campus, sis_user_id
from accommodations.demo.decisions import EXCEPTIONS
from accommodations.models import CanvasConnection, Course, Term
from accommodations.services import connections, courses, people
from canvas_bridge.facts import AssessmentFacts, CourseFacts

STUDENT_COUNT = 60


@dataclass(frozen=True, slots=True)
class Assessments:
    """The assessments of one course as Canvas showed them."""

    course: Course
    facts: CourseFacts

    @property
    def by_name(self) -> dict[str, AssessmentFacts]:
        """Return the assessments by name."""
        return {one.name: one for one in self.facts.assessments}


def read_campus(connection: CanvasConnection) -> Campus:
    """Read courses and students into the mirror and return them as the demo names them."""
    gateway = connections.gateway_for(connection)
    courses.refresh_courses(gateway)
    campus = Campus(this_term=_term_of_today())
    for number in range(1, STUDENT_COUNT + 1):
        people.find_or_read_student(query=sis_user_id(number))
    named = [one.course for one in APPROVALS if one.assessment] + [one.course for one in EXCEPTIONS]
    for code in sorted(set(named)):
        read_assessments(campus, connection, code)
    return campus


def read_assessments(campus: Campus, connection: CanvasConnection, code: str) -> Assessments:
    """Read the assessments of one course into the mirror and return them."""
    course = campus.course(code)
    facts = connections.gateway_for(connection).read_course(
        courses.summary_of(course), token_time_zone=connection.token_time_zone or "UTC", enrollments=()
    )
    courses.store_assessments(course, facts.assessments)
    return Assessments(course, facts)


def _term_of_today() -> Term:
    """Return the term with most courses: the current one of the seeded university."""
    terms = {term.pk: term for term in Term.objects.all()}
    counts = {pk: Course.objects.filter(term=pk).count() for pk in terms}
    return terms[max(counts, key=lambda pk: counts[pk])]
