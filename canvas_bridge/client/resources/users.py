"""People of an account."""

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.ids import SELF, AnyId
from canvas_bridge.wire.people import Profile, User, UserValues
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import query_of

GET = Endpoint("GET", "/api/v1/users/:id")
PROFILE = Endpoint("GET", "/api/v1/users/:user_id/profile")
SEARCH = Endpoint("GET", "/api/v1/accounts/:account_id/users")
CREATE = Endpoint("POST", "/api/v1/accounts/:account_id/users")


class Users(Resource):
    """People (contract 10.4, 10.7.7)."""

    def get_self(self) -> User:
        """`GET /api/v1/users/:id` with `self`: the token's own user."""
        return self.get(SELF)

    def get(self, user_id: AnyId) -> User:
        """`GET /api/v1/users/:id`: one, by number, SIS id or login. Raises CanvasNotFound."""
        return self._get(User, GET.at(user_id))

    def get_profile(self, user_id: AnyId = SELF) -> Profile:
        """`GET /api/v1/users/:user_id/profile`: a profile, with the time zone that holds for the person's token."""
        return self._get(Profile, PROFILE.at(user_id))

    def search(
        self,
        account_id: AnyId,
        search_term: str,
        *,
        enrollment_type: str | None = None,
        sort: str | None = None,
        order: str | None = None,
        first_page_only: bool = False,
    ) -> tuple[User, ...]:
        """`GET /api/v1/accounts/:account_id/users`: whose name, login, SIS id or address holds the term.

        All pages, or the first 100. Raises CanvasRejected for a term below two characters.
        """
        params = query_of(search_term=search_term, enrollment_type=enrollment_type, sort=sort, order=order)
        return self._list(User, SEARCH.at(account_id), params, first_page_only=first_page_only)

    def create(self, account_id: AnyId, values: UserValues) -> User:
        """`POST /api/v1/accounts/:account_id/users`: make a person with a login. NOT idempotent."""
        return read(User, self._write(CREATE.at(account_id), values.body()))
