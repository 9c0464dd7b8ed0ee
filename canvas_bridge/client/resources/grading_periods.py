"""Grading periods of courses, accounts and sets."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint, Place
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.courses import GradingPeriod, GradingPeriodSet, GradingPeriodValues
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read_inside, read_list_inside

LIST_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/grading_periods")
GET = Endpoint("GET", "/api/v1/courses/:course_id/grading_periods/:id")
LIST_IN_ACCOUNT = Endpoint("GET", "/api/v1/accounts/:account_id/grading_periods")
EDIT_IN_COURSE = Endpoint("PATCH", "/api/v1/courses/:course_id/grading_periods/batch_update")
EDIT_IN_ACCOUNT = Endpoint("PATCH", "/api/v1/accounts/:account_id/grading_periods/batch_update")
EDIT_IN_SET = Endpoint("PATCH", "/api/v1/grading_period_sets/:set_id/grading_periods/batch_update")
CREATE_SET = Endpoint("POST", "/api/v1/accounts/:account_id/grading_period_sets")

_ENVELOPE = "grading_periods"


class GradingPeriods(Resource):
    """Grading periods (contract 10.7.5). Closed is read here, never learned from a refusal."""

    def list_in_course(self, course_id: AnyId) -> tuple[GradingPeriod, ...]:
        """`GET /api/v1/courses/:course_id/grading_periods`: its own, else those of its term; all pages."""
        return self._list(GradingPeriod, LIST_IN_COURSE.at(course_id), envelope=_ENVELOPE)

    def get(self, course_id: AnyId, grading_period_id: int) -> GradingPeriod:
        """`GET /api/v1/courses/:course_id/grading_periods/:id`: one."""
        place = GET.at(course_id, grading_period_id)
        found = self._periods(self._session.read(place.path, endpoint=place.endpoint).body)
        if len(found) != 1:
            raise CanvasContractError(f"one grading period was due, not {len(found)}", method="GET")
        return found[0]

    def list_in_account(self, account_id: AnyId) -> tuple[GradingPeriod, ...]:
        """`GET /api/v1/accounts/:account_id/grading_periods`: those of the account; all pages."""
        return self._list(GradingPeriod, LIST_IN_ACCOUNT.at(account_id), envelope=_ENVELOPE)

    def edit_in_course(self, course_id: AnyId, periods: Sequence[GradingPeriodValues]) -> tuple[GradingPeriod, ...]:
        """`PATCH /api/v1/courses/:course_id/grading_periods/batch_update`: change or add periods of one course.

        CanvasRejected (422) where they overlap, or end or close too early. Idempotent for entries with an id.
        """
        return self._edited(EDIT_IN_COURSE.at(course_id), {_ENVELOPE: list(periods)})

    def edit_in_account(
        self, account_id: AnyId, set_id: int, periods: Sequence[GradingPeriodValues]
    ) -> tuple[GradingPeriod, ...]:
        """`PATCH /api/v1/accounts/:account_id/grading_periods/batch_update`: those of a set; as `edit_in_course`."""
        return self._edited(EDIT_IN_ACCOUNT.at(account_id), {"set_id": set_id, _ENVELOPE: list(periods)})

    def edit_in_set(self, set_id: int, periods: Sequence[GradingPeriodValues]) -> tuple[GradingPeriod, ...]:
        """`PATCH /api/v1/grading_period_sets/:set_id/grading_periods/batch_update`: as `edit_in_course`."""
        return self._edited(EDIT_IN_SET.at(set_id), {_ENVELOPE: list(periods)})

    def create_set(
        self, account_id: AnyId, title: str, *, enrollment_term_ids: Sequence[AnyId] = ()
    ) -> GradingPeriodSet:
        """`POST /api/v1/accounts/:account_id/grading_period_sets`: make a set for some terms. NOT idempotent."""
        body = {"grading_period_set": {"title": title}, "enrollment_term_ids": list(enrollment_term_ids)}
        return read_inside(GradingPeriodSet, self._write(CREATE_SET.at(account_id), body), "grading_period_set")

    def _edited(self, place: Place, body: object) -> tuple[GradingPeriod, ...]:
        return self._periods(self._write(place, body))

    def _periods(self, body: object) -> tuple[GradingPeriod, ...]:
        return read_list_inside(GradingPeriod, body, _ENVELOPE)
