"""Terms of a root account."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.courses import Term, TermValues
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import query_of

LIST = Endpoint("GET", "/api/v1/accounts/:account_id/terms")
GET = Endpoint("GET", "/api/v1/accounts/:account_id/terms/:id")
CREATE = Endpoint("POST", "/api/v1/accounts/:account_id/terms")


class Terms(Resource):
    """Terms (contract 10.7.2). Every call raises CanvasRejected for an account that is no root account."""

    def list_in_account(
        self, account_id: AnyId, *, workflow_state: Sequence[str] = (), include: Sequence[str] = ()
    ) -> tuple[Term, ...]:
        """`GET /api/v1/accounts/:account_id/terms`: all pages, latest start first.

        `workflow_state` takes active (the default), deleted, all; `include` takes overrides.
        """
        params = query_of(workflow_state=workflow_state, include=include)
        return self._list(Term, LIST.at(account_id), params, envelope="enrollment_terms")

    def get(self, account_id: AnyId, term_id: AnyId) -> Term:
        """`GET /api/v1/accounts/:account_id/terms/:id`: one, with its overrides."""
        return self._get(Term, GET.at(account_id, term_id))

    def create(self, account_id: AnyId, values: TermValues) -> Term:
        """`POST /api/v1/accounts/:account_id/terms`: make one. NOT idempotent."""
        return read(Term, self._write(CREATE.at(account_id), {"enrollment_term": values}))
