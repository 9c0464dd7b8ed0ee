"""One cell of a file, read: numbers, days, kinds. What cannot be read says what to write instead."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from accommodations.importing.columns import plain
from accommodations.planning.rules import ShiftUnit
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind

MONTH_FIRST, DAY_FIRST = "month_first", "day_first"
NO_LIMIT = "no_limit"


class CellRefused(Exception):
    """The cell cannot be read; the message names what stands there and what to write."""


_KINDS = {
    "multiplier": ("extra time", "extended time", "multiplier", "time", "additional time", "extended time on exams",
                   "extended test time", "extended time testing", "extra time on exams"),
    "minutes": ("extra minutes", "minutes", "additional minutes"),
    "minutes_per_hour": ("minutes per hour", "extra minutes per hour", "min per hour"),
    NO_LIMIT: ("no time limit", "unlimited time", "unlimited", "untimed"),
    "attempts": ("extra attempts", "attempts", "additional attempts", "extra attempt"),
    "days_later": ("later", "later dates", "alternative dates", "days later", "deadline extension", "extension",
                   "deadline extensions", "extended deadlines", "flexible deadlines", "assignment extension"),
}  # fmt: skip
_KIND_OF_WORD = {word: name for name, words in _KINDS.items() for word in words}
_QUIZZES = CLASSIC_KINDS | {AssessmentKind.NEW_QUIZ}
_ASSIGNMENTS = frozenset(
    {
        AssessmentKind.ASSIGNMENT,
        AssessmentKind.EXTERNAL_TOOL,
        AssessmentKind.ON_PAPER,
        AssessmentKind.NO_SUBMISSION,
    }
)
_COUNTS_FOR: dict[str, frozenset[AssessmentKind]] = {
    **dict.fromkeys(("quiz", "quizzes", "exam", "exams", "test", "tests"), _QUIZZES),
    **dict.fromkeys(("classic quiz", "classic quizzes"), CLASSIC_KINDS),
    **dict.fromkeys(("new quiz", "new quizzes"), frozenset({AssessmentKind.NEW_QUIZ})),
    **dict.fromkeys(("assignment", "assignments"), _ASSIGNMENTS),
    **dict.fromkeys(("discussion", "discussions", "graded discussions"), frozenset({AssessmentKind.DISCUSSION})),
}
_EVERYTHING = frozenset({"", "all", "everything", "every assessment", "all assessments", "any"})
_UNITS = {
    "": ShiftUnit.DAYS,
    **dict.fromkeys(("day", "days", "calendar day", "calendar days"), ShiftUnit.DAYS),
    **dict.fromkeys(
        ("working day", "working days", "business day", "business days", "weekday", "weekdays"), ShiftUnit.WORKING_DAYS
    ),
    **dict.fromkeys(("hour", "hours", "h"), ShiftUnit.HOURS),
}
_MINUTES_WORDS = frozenset({"", "min", "mins", "minute", "minutes"})
_PER_HOUR = frozenset({"min per hour", "mins per hour", "minutes per hour", "min h", "minutes an hour", "per hour"})
_ATTEMPT_WORDS = frozenset({"", "attempt", "attempts", "extra attempts", "extra attempt"})
_AMOUNT = re.compile(r"([0-9]{1,9})\s*(.*)", re.DOTALL)


def shown(text: str) -> str:
    """Return the cell's words for a message, cut."""
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def multiplier(text: str) -> Decimal:
    """Return a multiplier: 1.5, 1.5x, 1.5×."""
    bare = re.sub(r"\s*[x×]$", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,12})?", bare):
        return Decimal(bare)
    if found := re.fullmatch(r"([0-9]{1,4}),([0-9]{1,12})", bare):
        raise CellRefused(f"{shown(text)} is no number; write {found[1]}.{found[2]}.")
    if found := re.fullmatch(r"([0-9]{3})\s*%", bare):
        raise CellRefused(f"{shown(text)} is no multiplier; write {Decimal(found[1]) / 100:.2f}.")
    if re.fullmatch(r"\+?\s*[0-9]{1,2}\s*%( extra)?", bare):
        raise CellRefused(f"{shown(text)} is no multiplier; for half as much again, write 1.5.")
    raise CellRefused(f"{shown(text)} is no number; write a multiplier such as 1.5.")


def minutes(text: str) -> int:
    """Return whole minutes: 30, 30 min."""
    return _whole(text, _MINUTES_WORDS, "whole minutes such as 30")


def minutes_per_hour(text: str) -> int:
    """Return whole minutes for each hour: 10, 10 min per hour."""
    return _whole(text, _MINUTES_WORDS | _PER_HOUR, "whole minutes such as 10")


def attempts(text: str) -> int:
    """Return a number of attempts."""
    return _whole(text, _ATTEMPT_WORDS, "a whole number such as 1")


def later(text: str) -> tuple[int, ShiftUnit]:
    """Return by how much later, and in which unit: 2, 2 days, 3 working days, 12 hours."""
    found = _AMOUNT.fullmatch(text)
    unit = _UNITS.get(plain(found[2])) if found and text.isascii() else None
    if found is None or unit is None:
        raise CellRefused(f"{shown(text)} is no number of days; write 2, 2 working days or 12 hours.")
    return int(found[1]), unit


def _whole(text: str, words: frozenset[str], example: str) -> int:
    found = _AMOUNT.fullmatch(text) if text.isascii() else None
    if found is None or plain(found[2]) not in words or re.match(r"[.,]", found[2]):
        raise CellRefused(f"{shown(text)} is no whole number; write {example}.")
    return int(found[1])


def kind(text: str, amount: str) -> str:
    """Return which amount a kind is about; the amount's own words tell minutes from a multiplier."""
    name = _KIND_OF_WORD.get(plain(text))
    if name is None:
        raise CellRefused(
            f"{shown(text)} is nothing that Leeway puts into Canvas. Leave the row out, or write Extra time, "
            "Extra minutes, Minutes per hour, No time limit, Extra attempts or Later."
        )
    if name != "multiplier":
        return name
    found = _AMOUNT.fullmatch(amount)
    words = plain(found[2]) if found else ""
    if words and words in _PER_HOUR:
        return "minutes_per_hour"
    return "minutes" if words and words in _MINUTES_WORDS else name


def counts_for(text: str) -> tuple[str, ...]:
    """Return the kinds of assessment, sorted; all of them, like none, are every kind."""
    words = [plain(part) for part in re.split(r"[,;/+&|]|\band\b", text)]
    if all(word in _EVERYTHING for word in words):
        return ()
    unknown = next((word for word in words if word and word not in _COUNTS_FOR), None)
    if unknown is not None:
        raise CellRefused(f"{shown(text)} is unknown; write quizzes, assignments or discussions, or leave it empty.")
    kinds = frozenset[AssessmentKind]().union(*(_COUNTS_FOR[word] for word in words if word))
    return () if kinds == frozenset(AssessmentKind) else tuple(sorted(kind.value for kind in kinds))


def groups(text: str) -> tuple[str, ...]:
    """Return names of assignment groups, each once, in alphabetical order: "Exams; Midterms"."""
    names = {name.casefold(): name for name in (" ".join(part.split()) for part in text.split(";")) if name}
    too_long = next((name for name in names.values() if len(name) > _LONGEST_GROUP), None)
    if too_long is not None or len(names) > _MOST_GROUPS:
        raise CellRefused(f"Write at most {_MOST_GROUPS} names, each with at most {_LONGEST_GROUP} characters.")
    return tuple(names[key] for key in sorted(names))


_MOST_GROUPS, _LONGEST_GROUP = 20, 255
_WORDS = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d")


def day(text: str, *, order: str) -> date:
    """Return a day: 2026-01-15, 15 Jan 2026, Jan 15, 2026, 15.1.2026, and 1/15/2026 in the order of the file."""
    bare = re.sub(r"[ T]00:00(:00(\.0+)?)?$|,", "", text).strip()
    slashed = "%d/%m/%Y" if order == DAY_FIRST else "%m/%d/%Y"
    for pattern in (*_WORDS, slashed) if bare.isascii() else ():
        try:
            found = datetime.strptime(bare, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if 2000 <= found.year <= 2200:
            return found
        raise CellRefused(f"{shown(text)} is not between 2000 and 2200; write a day such as 2026-01-15.")
    if re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", bare):
        raise CellRefused(f"{shown(text)} has a year of two digits; write a day such as 2026-01-15.")
    raise CellRefused(f"{shown(text)} is no day; write a day such as 2026-01-15.")


def guess_order(texts: list[str]) -> str:
    """Return whether days with slashes name the month or the day first; month first where nothing tells."""
    for text in texts:
        found = re.match(r"([0-9]{1,2})/([0-9]{1,2})/", text)
        if found and int(found[1]) > 12 >= int(found[2]):
            return DAY_FIRST
        if found and int(found[2]) > 12 >= int(found[1]):
            return MONTH_FIRST
    return MONTH_FIRST
