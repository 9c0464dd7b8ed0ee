"""CanvasClient: every endpoint of the contract, typed, grouped by subject."""

import time
from collections.abc import Callable

from canvas_bridge.client.metering import Observer
from canvas_bridge.client.resources.quiz_extensions import QuizExtensions
from canvas_bridge.client.retry import MOST_TRIES
from canvas_bridge.client.session import USER_AGENT, CanvasSession, TransportAdapter
from canvas_bridge.client.transport import AddressCheck


class CanvasClient:
    """One Canvas, in its own words, as its token's user sees it.

    Each attribute holds the calls of one subject: `client.overrides.create(...)`. Every call raises a kind of
    CanvasError. Not for use by several threads at once; neither `repr` nor any error shows the token.
    """

    def __init__(self, session: CanvasSession) -> None:
        """Take a session; `CanvasClient.connected_to` makes one."""
        self._session = session
        self.quiz_extensions = QuizExtensions(session)

    @classmethod
    def connected_to(
        cls,
        base_url: str,
        token: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        before_request: Callable[[], None] | None = None,
        on_answer: Observer | None = None,
        adapter: TransportAdapter | None = None,
        user_agent: str = USER_AGENT,
        may_connect_to: AddressCheck | None = None,
        most_tries: int = MOST_TRIES,
    ) -> "CanvasClient":
        """Return a client of one Canvas. Opens no connection yet; the keywords are those of CanvasSession."""
        return cls(
            CanvasSession(
                base_url=base_url,
                token=token,
                sleep=sleep,
                before_request=before_request,
                on_answer=on_answer,
                adapter=adapter,
                user_agent=user_agent,
                may_connect_to=may_connect_to,
                most_tries=most_tries,
            )
        )

    def __repr__(self) -> str:
        return f"CanvasClient({self._session.base_url})"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
