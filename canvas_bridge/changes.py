"""What Canvas can be asked to do, as frozen values: one change for one student on one assessment.

Every value is absolute, so sending a change twice equals sending it once. The gateway groups changes that one
request can carry; `None` in an extension means "leave this value as it is", never "take it away".
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from canvas_bridge.facts import Dates, DateSetting


@dataclass(frozen=True, slots=True)
class SetQuizExtension:
    """Replace a student's extra minutes (0–10080) or attempts (0–1000) on one classic quiz (contract 3)."""

    canvas_quiz_id: int
    canvas_user_id: int
    extra_minutes: int | None = None
    extra_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class SetAssignmentExtension:
    """Replace a student's extra attempts on one assignment that takes uploads, urls or text (contract 5)."""

    canvas_assignment_id: int
    canvas_user_id: int
    extra_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class SetNewQuizAccommodation:
    """Set a student's extra minutes or attempts on one New Quiz (contract 8.3). Cannot be read back."""

    canvas_assignment_id: int
    canvas_user_id: int
    extra_minutes: int | None = None
    extra_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class CreateOverride:
    """Make an ad-hoc override for one student; all three dates are written (contract 6.3)."""

    canvas_assignment_id: int
    canvas_user_id: int
    title: str
    dates: Dates


@dataclass(frozen=True, slots=True)
class UpdateOverride:
    """Rewrite the dates of an ad-hoc override that names this student alone (contract 6.7).

    `title` None leaves Canvas's title. A setting that is not overridden is left out, so Canvas lets it fall through.
    """

    canvas_assignment_id: int
    canvas_override_id: int
    canvas_user_id: int
    unlock: DateSetting
    due: DateSetting
    lock: DateSetting
    title: str | None = None


@dataclass(frozen=True, slots=True)
class DeleteOverride:
    """Delete an ad-hoc override of ours that names this student alone (contract 6.1, O5)."""

    canvas_assignment_id: int
    canvas_override_id: int
    canvas_user_id: int


@dataclass(frozen=True, slots=True)
class MoveOutOfSharedOverride:
    """Take a student out of an instructor's shared ad-hoc override and give them their own: two requests, one change.

    The remaining students are sent in full with the shared override's own title and dates, which stay as they are.
    If the second request is refused, the student is put back at once (F33).
    """

    canvas_assignment_id: int
    canvas_shared_override_id: int
    canvas_user_id: int
    remaining_canvas_user_ids: tuple[int, ...]
    shared_title: str
    shared_unlock: DateSetting
    shared_due: DateSetting
    shared_lock: DateSetting
    title: str
    dates: Dates


Change = (
    SetQuizExtension
    | SetAssignmentExtension
    | SetNewQuizAccommodation
    | CreateOverride
    | UpdateOverride
    | DeleteOverride
    | MoveOutOfSharedOverride
)


class OutcomeKind(StrEnum):
    """What became of one change."""

    APPLIED = "applied"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Canvas and the changes it carries, in the order in which it lists them."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Canvas answered for one change.

    `message` is Canvas's own words; `status_code` is None where there was no answer. `canvas_override_id` is set
    where an override now stands. `sent` and `answered` hold only this student's part of the exchange.
    """

    change: Change
    kind: OutcomeKind
    status_code: int | None = None
    message: str = ""
    canvas_override_id: int | None = None
    is_permission_missing: bool = False
    sent: dict[str, object] = field(default_factory=dict)
    answered: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExtensionOnEveryQuiz:
    """One student's element of a course-wide extension: the same on every classic quiz (contract 4).

    No `Change`: planning never asks for it, only a person does, after reading what it does to each quiz.
    """

    canvas_user_id: int
    extra_minutes: int | None = None
    extra_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class QuizDatesOfOne:
    """One student's own dates on an ungraded quiz, and what of its list of overrides changes for it (contract 10.7.3).

    `canvas_override_id` None makes a new override with `title`; `leaves_canvas_override_id` is the shared one that
    the student is taken out of. `dates` None takes the override away, or, with `joins_canvas_override_id`, puts the
    student back into the shared one. Every other override is sent back with its id as it stands.
    """

    canvas_user_id: int
    dates: tuple[DateSetting, DateSetting, DateSetting] | None = None
    """Unlock, due and lock."""
    title: str = ""
    canvas_override_id: int | None = None
    leaves_canvas_override_id: int | None = None
    joins_canvas_override_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """One row of an extension answer; `answered` is what of it may be kept."""

    canvas_quiz_id: int
    canvas_user_id: int
    extra_minutes: int | None = None
    extra_attempts: int | None = None
    is_manually_unlocked: bool = False
    end_at: datetime | None = None
    answered: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What Canvas answered to one request that a person confirmed; `sent` is the request without anybody's name."""

    kind: OutcomeKind
    status_code: int | None = None
    message: str = ""
    is_permission_missing: bool = False
    sent: dict[str, object] = field(default_factory=dict)
    rows: tuple[AnsweredRow, ...] = ()
