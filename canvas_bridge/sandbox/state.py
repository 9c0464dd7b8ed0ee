"""SandboxState: all that the sandbox Canvas holds, with the builders that fill it in process."""

from datetime import UTC, datetime

from canvas_bridge.sandbox.builders.assessments import OMITTED, MaybeDate, Omitted
from canvas_bridge.sandbox.builders.work import WorkBuilders
from canvas_bridge.sandbox.records.courses import Term
from canvas_bridge.sandbox.records.people import User

__all__ = ["OMITTED", "MaybeDate", "Omitted", "SandboxState"]


# What every sandbox begins with has always been there: two sandboxes, and one after a reset, hold the same.
FOUNDED_AT = datetime(2020, 1, 1, tzinfo=UTC)


class SandboxState(WorkBuilders):
    """The whole of one sandbox Canvas; an empty one has a root account with a sub-account, an administrator and a term.

    Builders (`add_user`, `add_course`, `enroll`, `add_quiz`, `add_override`, `start_attempt`, …) come from the
    classes above; hold `lock` around several steps while a server runs on the same state.
    """

    def __init__(
        self,
        *,
        account_name: str = "Maplewater University",
        time_zone: str = "America/New_York",
        now: datetime | None = None,
    ) -> None:
        super().__init__(account_name=account_name, time_zone=time_zone, now=FOUNDED_AT)
        self._admin_id = self.add_user("Canvas Administrator", login_id="canvas-admin", is_account_admin=True).id
        self._default_term_id = self.add_term("Default Term").id
        self.add_sub_account("Manually-Created Courses")
        self.users.next_id = 1001
        self.freeze(now)

    @property
    def admin(self) -> User:
        """Return the account's administrator."""
        return self.users[self._admin_id]

    @property
    def default_term(self) -> Term:
        """Return the term of courses for which none is named."""
        return self.terms[self._default_term_id]

    def add_admin_token(self, text: str | None = None) -> str:
        """Add a token of the account's administrator and return its text."""
        return self.add_token(self.admin, text)
