"""Looking a student up by what a letter says: an id, a login or a name, on record first, then in Canvas."""

from dataclasses import dataclass

from accommodations.errors import LeewayError, StudentAmbiguous, StudentUnknown
from accommodations.models import Student
from accommodations.selectors.students import students_named
from accommodations.services import connections
from accommodations.services.people import canvas_told, find_or_read_student
from canvas_bridge.facts import PersonFacts

SHORTEST_NAME = 2
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a name fits: students on record, and people whom only Canvas knows. `problem`: why Canvas was not asked."""

    on_record: tuple[Student, ...]
    in_canvas: tuple[PersonFacts, ...] = ()
    problem: LeewayError | None = None
    has_more: bool = False

    @property
    def number(self) -> int:
        """Return how many people fit."""
        return len(self.on_record) + len(self.in_canvas)


def student_by_id(query: str) -> Student | None:
    """Return the one student whom an id or login names; None where it names nobody, or more than one person."""
    try:
        return find_or_read_student(query=query)
    except (StudentUnknown, StudentAmbiguous):
        return None


def find_by_name(query: str) -> Found:
    """Return whom a part of a name, id or login fits. Raises StudentUnknown where it fits nobody that could be asked.

    While Canvas does not answer, those on record are still found.
    """
    query = " ".join(query.replace("\x00", " ").split())
    if len(query) < SHORTEST_NAME:
        raise StudentUnknown("Enter at least two characters of a name, or a whole id or login.", field="student")
    known = list(students_named(query)[: MOST_SHOWN + 1])
    try:
        people = _people_in_canvas(query)
    except LeewayError as problem:
        if not known:
            raise
        return Found(tuple(known[:MOST_SHOWN]), problem=problem, has_more=len(known) > MOST_SHOWN)
    rows = Student.objects.filter(canvas_user_id__in=[one.canvas_user_id for one in people])
    on_record = {row.canvas_user_id: row for row in rows}
    listed = list({row.pk: row for row in (*known, *on_record.values())}.values())
    others = [one for one in people if one.canvas_user_id not in on_record]
    if not listed and not others:
        raise StudentUnknown(f"Canvas knows nobody with “{query}” in the name, id or login.", field="student")
    room = MOST_SHOWN - len(listed[:MOST_SHOWN])
    return Found(tuple(listed[:MOST_SHOWN]), tuple(others[:room]), has_more=len(listed) + len(others) > MOST_SHOWN)


def _people_in_canvas(query: str) -> tuple[PersonFacts, ...]:
    connection = connections.usable_connection()
    gateway = connections.gateway_for(connection, most_tries=connections.TRIES_WHILE_A_PERSON_WAITS)
    with canvas_told(connection):
        return gateway.search_people(query)
