"""Dates of learning objects: the only way to override the dates of an ungraded quiz."""

from dataclasses import replace

from canvas_bridge.client.endpoints import Endpoint, Place
from canvas_bridge.client.paging import read_bodies
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasContractError, CanvasNotFound
from canvas_bridge.wire.absent import Absent, Unchanged
from canvas_bridge.wire.date_details import DateDetails, DateDetailsValues, DatedOverride
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.reading import read

OF_ASSIGNMENT = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/date_details")
OF_QUIZ = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/date_details")
OF_DISCUSSION = Endpoint("GET", "/api/v1/courses/:course_id/discussion_topics/:discussion_topic_id/date_details")
OF_PAGE = Endpoint("GET", "/api/v1/courses/:course_id/pages/:url_or_id/date_details")
OF_FILE = Endpoint("GET", "/api/v1/courses/:course_id/files/:attachment_id/date_details")
OF_MODULE = Endpoint("GET", "/api/v1/courses/:course_id/modules/:context_module_id/date_details")
SET_OF_ASSIGNMENT = Endpoint("PUT", "/api/v1/courses/:course_id/assignments/:assignment_id/date_details")
SET_OF_QUIZ = Endpoint("PUT", "/api/v1/courses/:course_id/quizzes/:quiz_id/date_details")
SET_OF_DISCUSSION = Endpoint("PUT", "/api/v1/courses/:course_id/discussion_topics/:discussion_topic_id/date_details")
SET_OF_PAGE = Endpoint("PUT", "/api/v1/courses/:course_id/pages/:url_or_id/date_details")
SET_OF_FILE = Endpoint("PUT", "/api/v1/courses/:course_id/files/:attachment_id/date_details")


class DateDetailsOfItems(Resource):
    """Date details (contract 10.7.3). Older instances answer CanvasNotFound to all of them.

    Writing takes the complete list of overrides or none, without any check for a second writer: `change_…` and
    `remove_…` read all, change one and send all, in the shortest time there is.
    """

    def of_assignment(self, course_id: AnyId, assignment_id: int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/date_details`: base dates and all overrides."""
        return self._details(OF_ASSIGNMENT.at(course_id, assignment_id))

    def of_quiz(self, course_id: AnyId, quiz_id: int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/date_details`: of a classic quiz, graded or not."""
        return self._details(OF_QUIZ.at(course_id, quiz_id))

    def of_discussion(self, course_id: AnyId, discussion_topic_id: int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/discussion_topics/:discussion_topic_id/date_details`: of a discussion."""
        return self._details(OF_DISCUSSION.at(course_id, discussion_topic_id))

    def of_page(self, course_id: AnyId, url_or_id: str | int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/pages/:url_or_id/date_details`: of a page, by its address or id."""
        return self._details(OF_PAGE.at(course_id, url_or_id))

    def of_file(self, course_id: AnyId, file_id: int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/files/:attachment_id/date_details`: CanvasRejected where not supported."""
        return self._details(OF_FILE.at(course_id, file_id))

    def of_module(self, course_id: AnyId, module_id: int) -> DateDetails:
        """`GET /api/v1/courses/:course_id/modules/:context_module_id/date_details`: of a module; only readable."""
        return self._details(OF_MODULE.at(course_id, module_id))

    def set_of_assignment(self, course_id: AnyId, assignment_id: int, values: DateDetailsValues) -> None:
        """`PUT /api/v1/courses/:course_id/assignments/:assignment_id/date_details`: base dates, or all overrides.

        CanvasRejected with the errors by attribute; CanvasForbidden in a closed grading period or under a blueprint's
        lock. Idempotent where every override carries its id.
        """
        self._write(SET_OF_ASSIGNMENT.at(course_id, assignment_id), values)

    def set_of_quiz(self, course_id: AnyId, quiz_id: int, values: DateDetailsValues) -> None:
        """`PUT /api/v1/courses/:course_id/quizzes/:quiz_id/date_details`: of a classic quiz, graded or not.

        One transaction. CanvasRejected (422) for bad overrides or two for one target; as `set_of_assignment`.
        """
        self._write(SET_OF_QUIZ.at(course_id, quiz_id), values)

    def set_of_discussion(self, course_id: AnyId, discussion_topic_id: int, values: DateDetailsValues) -> None:
        """`PUT /api/v1/courses/:course_id/discussion_topics/:discussion_topic_id/date_details`: of a discussion.

        The only call that moves both dates of a checkpointed one. As `set_of_assignment`.
        """
        self._write(SET_OF_DISCUSSION.at(course_id, discussion_topic_id), values)

    def set_of_page(self, course_id: AnyId, url_or_id: str | int, values: DateDetailsValues) -> None:
        """`PUT /api/v1/courses/:course_id/pages/:url_or_id/date_details`: of a page, which has no due date."""
        self._write(SET_OF_PAGE.at(course_id, url_or_id), values)

    def set_of_file(self, course_id: AnyId, file_id: int, values: DateDetailsValues) -> None:
        """`PUT /api/v1/courses/:course_id/files/:attachment_id/date_details`: of a file, where supported."""
        self._write(SET_OF_FILE.at(course_id, file_id), values)

    def change_override_of_quiz(self, course_id: AnyId, quiz_id: int, override: DatedOverride) -> DateDetails:
        """`PUT /api/v1/courses/:course_id/quizzes/:quiz_id/date_details`: one override, all others as they stand.

        Reads all, sends all with `override` in the place of the one with its id (or added, without an id), and returns
        what then stands, with the new ids. Raises CanvasNotFound where the id is gone. Between reading and sending
        another writer's change is lost: Canvas has no check. Idempotent with an id.
        """
        overrides = _with_change(self.of_quiz(course_id, quiz_id), override)
        self.set_of_quiz(course_id, quiz_id, DateDetailsValues(assignment_overrides=overrides))
        return self.of_quiz(course_id, quiz_id)

    def remove_override_of_quiz(self, course_id: AnyId, quiz_id: int, override_id: int) -> DateDetails:
        """`PUT /api/v1/courses/:course_id/quizzes/:quiz_id/date_details`: delete one override, keep all others.

        As `change_override_of_quiz`; one that is gone already is no error, and nothing is sent.
        """
        details = self.of_quiz(course_id, quiz_id)
        own = _own_overrides(details)
        kept = [DatedOverride.kept(one) for one in own if one.id != override_id]
        if len(kept) == len(own):
            return details
        self.set_of_quiz(course_id, quiz_id, DateDetailsValues(assignment_overrides=kept))
        return self.of_quiz(course_id, quiz_id)

    def _details(self, place: Place) -> DateDetails:
        """Read the item with the overrides of all pages; a list of several pages must be the same twice.

        An override that slips from one page to another while being read would be deleted by the next writing.
        """
        pages = self._pages(place)
        found = _joined(pages)
        if len(pages) > 1 and _ids(_joined(self._pages(place))) != _ids(found):
            raise CanvasContractError(f"{place.endpoint}: the overrides changed while they were read", method="GET")
        return found

    def _pages(self, place: Place) -> list[DateDetails]:
        bodies = read_bodies(self._session, place.path, endpoint=place.endpoint)
        return [read(DateDetails, body) for body in bodies]


def _joined(pages: list[DateDetails]) -> DateDetails:
    overrides = {one.id: one for page in pages for one in page.overrides}
    return replace(pages[0], overrides=tuple(overrides.values()))


def _ids(details: DateDetails) -> list[int]:
    return [one.id for one in details.overrides]


def _own_overrides(details: DateDetails) -> list[Override]:
    """Return the item's own overrides: those of its modules are not its to send."""
    return [one for one in details.overrides if isinstance(one.context_module_id, Absent | None)]


def _with_change(details: DateDetails, change: DatedOverride) -> list[DatedOverride]:
    own = _own_overrides(details)
    if isinstance(change.id, Unchanged):
        return [*(DatedOverride.kept(one) for one in own), change]
    if change.id not in {one.id for one in own}:
        raise CanvasNotFound(f"override {change.id} is not among those of the item", method="PUT", status_code=404)
    return [change if one.id == change.id else DatedOverride.kept(one) for one in own]
