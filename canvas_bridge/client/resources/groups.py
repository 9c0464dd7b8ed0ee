"""Group sets, groups, and who is in them."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.groups import Group, GroupCategory, Membership
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.people import Confirmation, User
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import query_of

LIST_CATEGORIES = Endpoint("GET", "/api/v1/courses/:course_id/group_categories")
GET_CATEGORY = Endpoint("GET", "/api/v1/group_categories/:group_category_id")
LIST_IN_CATEGORY = Endpoint("GET", "/api/v1/group_categories/:group_category_id/groups")
LIST_CATEGORY_USERS = Endpoint("GET", "/api/v1/group_categories/:group_category_id/users")
LIST_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/groups")
GET = Endpoint("GET", "/api/v1/groups/:group_id")
LIST_USERS = Endpoint("GET", "/api/v1/groups/:group_id/users")
LIST_MEMBERSHIPS = Endpoint("GET", "/api/v1/groups/:group_id/memberships")
CREATE_CATEGORY = Endpoint("POST", "/api/v1/courses/:course_id/group_categories")
CREATE = Endpoint("POST", "/api/v1/group_categories/:group_category_id/groups")
SET_MEMBERS = Endpoint("PUT", "/api/v1/groups/:group_id")
JOIN = Endpoint("POST", "/api/v1/groups/:group_id/memberships")
LEAVE = Endpoint("DELETE", "/api/v1/groups/:group_id/users/:user_id")
END_MEMBERSHIP = Endpoint("DELETE", "/api/v1/groups/:group_id/memberships/:membership_id")


class Groups(Resource):
    """Groups (contract 10.7.6, 10.7.10)."""

    def list_categories(self, course_id: AnyId) -> tuple[GroupCategory, ...]:
        """`GET /api/v1/courses/:course_id/group_categories`: the group sets of a course, all pages."""
        return self._list(GroupCategory, LIST_CATEGORIES.at(course_id))

    def get_category(self, group_category_id: int) -> GroupCategory:
        """`GET /api/v1/group_categories/:group_category_id`: one group set."""
        return self._get(GroupCategory, GET_CATEGORY.at(group_category_id))

    def list_in_category(self, group_category_id: int) -> tuple[Group, ...]:
        """`GET /api/v1/group_categories/:group_category_id/groups`: the groups of a set, by name, all pages."""
        return self._list(Group, LIST_IN_CATEGORY.at(group_category_id))

    def list_category_users(self, group_category_id: int, *, unassigned: bool | None = None) -> tuple[User, ...]:
        """`GET /api/v1/group_categories/:group_category_id/users`: people, or with `unassigned` those in no group."""
        return self._list(User, LIST_CATEGORY_USERS.at(group_category_id), query_of(unassigned=unassigned))

    def list_in_course(
        self, course_id: AnyId, *, include: Sequence[str] = (), only_own_groups: bool | None = None
    ) -> tuple[Group, ...]:
        """`GET /api/v1/courses/:course_id/groups`: all pages; tags may not be among them.

        `include` takes users (at most 1,000 each) and tabs.
        """
        params = query_of(include=include, only_own_groups=only_own_groups)
        return self._list(Group, LIST_IN_COURSE.at(course_id), params)

    def get(self, group_id: AnyId) -> Group:
        """`GET /api/v1/groups/:group_id`: one."""
        return self._get(Group, GET.at(group_id))

    def list_users(self, group_id: AnyId, *, search_term: str | None = None) -> tuple[User, ...]:
        """`GET /api/v1/groups/:group_id/users`: the people of a group, all pages."""
        return self._list(User, LIST_USERS.at(group_id), query_of(search_term=search_term))

    def list_memberships(self, group_id: AnyId, *, filter_states: Sequence[str] = ()) -> tuple[Membership, ...]:
        """`GET /api/v1/groups/:group_id/memberships`: all pages; states accepted, invited, requested (default all)."""
        return self._list(Membership, LIST_MEMBERSHIPS.at(group_id), query_of(filter_states=filter_states))

    def create_category(self, course_id: AnyId, name: str, *, create_group_count: int | None = None) -> GroupCategory:
        """`POST /api/v1/courses/:course_id/group_categories`: make a set, with empty groups. NOT idempotent."""
        body = {"name": name, **({} if create_group_count is None else {"create_group_count": create_group_count})}
        return read(GroupCategory, self._write(CREATE_CATEGORY.at(course_id), body))

    def create(self, group_category_id: int, name: str) -> Group:
        """`POST /api/v1/group_categories/:group_category_id/groups`: make a group. NOT idempotent."""
        return read(Group, self._write(CREATE.at(group_category_id), {"name": name}))

    def set_members(self, group_id: AnyId, user_ids: Sequence[int]) -> Group:
        """`PUT /api/v1/groups/:group_id`: the whole list of members. Idempotent."""
        return read(Group, self._write(SET_MEMBERS.at(group_id), {"members": list(user_ids)}))

    def join(self, group_id: AnyId, user_id: AnyId) -> Membership:
        """`POST /api/v1/groups/:group_id/memberships`: put a person in; an existing membership comes as it is."""
        return read(Membership, self._write(JOIN.at(group_id), {"user_id": user_id}))

    def leave(self, group_id: AnyId, user_id: AnyId) -> Confirmation:
        """`DELETE /api/v1/groups/:group_id/users/:user_id`: take a person out. A second time CanvasNotFound."""
        return read(Confirmation, self._write(LEAVE.at(group_id, user_id)))

    def end_membership(self, group_id: AnyId, membership_id: int) -> Confirmation:
        """`DELETE /api/v1/groups/:group_id/memberships/:membership_id`: the same, by the membership."""
        return read(Confirmation, self._write(END_MEMBERSHIP.at(group_id, membership_id)))
