"""What home says of notices and letters: who has not answered, who was not told, what the office has not confirmed.

`HELPS` names every matter. Where a reader may not do the first thing, the next that they may do is their button.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accommodations.selectors.notices import Counted, counts
from accommodations.selectors.visibility import Viewer, sees_all_students
from accommodations.selectors.waiting import Waiting


class Matter(StrEnum):
    """What waits for an answer; a notice's is also the name of the list behind it."""

    UNTOLD = "untold"
    DOUBTFUL = "doubtful"
    LETTERS = "letters"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Help:
    """One act: its words, who may do it, and the name of its page where there is only one of the matter."""

    label: str
    right: str
    of_one: str = ""


_SEE = "see_all_students"
_ACTS = "record_accommodation"
HELPS: dict[Matter, tuple[Help, ...]] = {
    Matter.UNTOLD: (Help("See what to do", _SEE, "notice_detail"),),
    Matter.DOUBTFUL: (Help("Send again…", _ACTS, "notice_send"), Help("See which", _SEE, "notice_detail")),
    Matter.LETTERS: (Help("Confirm or end…", _ACTS), Help("See them", _SEE)),
    Matter.UNANSWERED: (Help("Remind…", _ACTS, "notice_send"), Help("See who", _SEE, "notice_detail")),
}
"""What helps with each matter, best first."""

WORDS: dict[Matter, tuple[str, str, str]] = {
    Matter.UNTOLD: ("digest without an address", "digests without an address", "Nobody has told these people."),
    Matter.DOUBTFUL: ("mail not arrived", "mails not arrived", "Refused, or nobody knows whether it arrived."),
    Matter.LETTERS: (
        "record by an instructor, not confirmed",
        "records by instructors, not confirmed",
        "From letters. They count already.",
    ),
    Matter.UNANSWERED: ("notice not answered", "notices not answered", "Neither acknowledged nor objected to."),
}
"""One of it, several, and what it means."""


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """One matter in numbers. `only` is the row number where there is one of it alone; `since` is that of the oldest."""

    matter: Matter
    number: int
    since: datetime | None
    only: int | None
    help: Help

    @property
    def words(self) -> str:
        """Return what is counted."""
        return WORDS[self.matter][0 if self.number == 1 else 1]

    @property
    def meaning(self) -> str:
        """Return what it means, in a short sentence."""
        return WORDS[self.matter][2]


def answers_due(user: Viewer, letters: tuple[Waiting, ...]) -> list[AnswerDue]:
    """Return what waits for an answer, as far as the person may know; `letters` as `waiting_for_people` gives them."""
    if not sees_all_students(user):
        return []
    counted: dict[Matter, Counted] = {Matter(name): found for name, found in counts(user).items()}
    if letters:
        counted[Matter.LETTERS] = Counted(len(letters), letters[-1].pk, letters[-1].at)
    return [
        AnswerDue(
            matter,
            found.number,
            found.since,
            found.first if found.number == 1 else None,
            next(one for one in HELPS[matter] if user.has_perm(f"accommodations.{one.right}")),
        )
        for matter in Matter
        if (found := counted.get(matter)) and found.number
    ]
