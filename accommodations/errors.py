"""Errors that a person can read and act on: a message, a stable code, and the field where there is one."""

from dataclasses import dataclass
from datetime import datetime

WORDS_FOR_401 = (
    "Canvas does not accept the token any more. An administrator enters a new one; work then goes on by itself."
)
WORDS_FOR_SET_ASIDE = (
    "Set aside: three workers ended while they were at this course. A director releases it; other courses go on."
)


class LeewayError(Exception):
    """Something that a person asked for cannot be done as asked. The message says what to do."""

    code = "leeway"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that is refused: the field, a stable code and words for the person who typed it."""

    field: str
    code: str
    message: str


class ValuesRefused(LeewayError):
    """One or more values of a record are not acceptable; `problems` names each with its field."""

    code = "values.refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.message for problem in problems), field=problems[0].field)
        self.problems = problems


class EditedMeanwhile(LeewayError):
    """Somebody else saved the same record first; `current` is what stands now."""

    code = "record.edited_meanwhile"

    def __init__(self, current: object) -> None:
        super().__init__("Somebody else has changed this record since you opened it. Nothing of yours was saved.")
        self.current = current


class ApprovalRefused(LeewayError):
    """The person may not approve the record."""

    code = "approval.refused"


class StudentUnknown(LeewayError):
    """Neither Leeway nor Canvas knows a person by what was typed."""

    code = "student.unknown"


class StudentAmbiguous(LeewayError):
    """What was typed fits more than one person."""

    code = "student.ambiguous"


class CanvasUnreachable(LeewayError):
    """Canvas did not answer, or answered in a way that is not Canvas's."""

    code = "canvas.unreachable"


class NotConnected(LeewayError):
    """No Canvas is connected, or its token was refused."""

    code = "canvas.not_connected"


class ConnectionRefused(LeewayError):
    """An address or token of Canvas cannot be used; `field` is base_url or token."""

    code = "connection.refused"


class PlanChanged(LeewayError):
    """The plan that was approved is not the one that stands: it is shown again."""

    code = "plan.changed"


class CourseBusy(LeewayError):
    """Another worker is at work on the course."""

    code = "course.busy"


class LeaseLost(LeewayError):
    """The lease on the course ran out and somebody else holds it: stop at once."""

    code = "course.lease_lost"


class ActAtWork(LeewayError):
    """Somebody's act on the very same thing is at work right now."""

    code = "act.at_work"


class ConfirmedBefore(LeewayError):
    """The page was confirmed before; `act` is what became of it. Nothing was sent a second time."""

    code = "act.confirmed_before"

    def __init__(self, act: object) -> None:
        super().__init__("You have confirmed this already. It was sent once.")
        self.act = act


class ChangedSinceShown(LeewayError):
    """Canvas holds something else than the page showed: it is shown again, nothing was sent."""

    code = "act.changed"


class NotPossible(LeewayError):
    """What was asked for cannot be done here and now; the message says why."""

    code = "act.not_possible"


class IncompleteRead(LeewayError):
    """Canvas showed only a part of a list: nothing is planned from it, and it is read again later."""

    code = "canvas.incomplete"


class AccountRefused(LeewayError):
    """An account cannot be changed, or somebody cannot be invited, as asked; `field` names what is wrong."""

    code = "account.refused"


class InvitationUnusable(LeewayError):
    """The link of an invitation is not, or no longer, good for anything."""

    code = "invitation.unusable"


class TooOften(LeewayError):
    """The person has done this too often lately; `again_at` is when they may again."""

    code = "act.too_often"

    def __init__(self, message: str, *, again_at: datetime) -> None:
        super().__init__(message)
        self.again_at = again_at


class RunLimitPassed(LeewayError):
    """What a run deletes or shrinks would be more than it may without a director (R16): it is not sent."""

    code = "guard.run_limit"
