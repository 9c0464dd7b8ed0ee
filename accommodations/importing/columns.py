"""The columns that an import knows, guessed from headers; and those it refuses, since Leeway stores no diagnosis."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from accommodations.importing.table import FileRefused, column_letter


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a file can say, the headers by which case systems call it, and a word of help."""

    name: str
    label: str
    hint: str
    headers: tuple[str, ...]


COLUMNS = (
    Column("student", "Student", "SIS id or login, as Canvas has it.", (
        "student id", "sis id", "sis user id", "student", "sisid", "login", "login id", "user id", "username",
        "student number", "campus id", "banner id", "emplid", "id", "net id", "netid", "student login",
    )),
    Column("student_name", "Student’s name", "Only to notice where an id belongs to somebody else.", (
        "student name", "name", "full name", "sortable name", "last name first name",
    )),
    Column("kind", "Kind", "Extra time, extra minutes, minutes per hour, no time limit, extra attempts, later.", (
        "kind", "type", "accommodation", "provision", "provision type", "accommodation type", "accommodation name",
    )),
    Column("amount", "Amount", "The number that goes with the kind.", ("amount", "value", "quantity", "number")),
    Column("multiplier", "Multiplier", "1.01 to 10; 1.5 is time and a half.", (
        "multiplier", "extra time", "time multiplier", "extended time", "time factor", "factor",
    )),
    Column("minutes", "Extra minutes", "Whole minutes.", ("minutes", "extra minutes", "additional minutes")),
    Column("minutes_per_hour", "Minutes per hour", "Whole minutes for each hour.", (
        "minutes per hour", "extra minutes per hour", "min per hour",
    )),
    Column("attempts", "Extra attempts", "A whole number.", ("attempts", "extra attempts", "additional attempts")),
    Column("days_later", "Days later", "A whole number; the unit may follow: 2 working days, 12 hours.", (
        "days later", "days", "extension days", "shift", "extra days", "later by", "deadline extension", "due later",
    )),
    Column("counts_for", "Counts for", "Quizzes, assignments, discussions; empty is everything.", (
        "counts for", "applies to", "kinds", "assessment types", "assessments",
    )),
    Column("assignment_groups", "Assignment groups", "Names, with semicolons between; empty is all.", (
        "assignment groups", "assignment group",
    )),
    Column("course", "Course", "SIS id or code of one course; empty is every course.", (
        "course", "course code", "course id", "sis course id", "section",
    )),
    Column("term", "Term", "Name of the term; empty is every term.", ("term", "term name", "semester")),
    Column("effective_from", "From", "First day; empty is the day on which it is taken.", (
        "from", "start", "start date", "effective from", "begin", "begin date", "valid from", "effective date",
    )),
    Column("effective_until", "Until", "Last day; empty is no end.", (
        "until", "end", "ends", "end date", "effective until", "expires", "expiration date", "valid until", "expiry",
        "to",
    )),
    Column("note", "Private note", "For the office alone. No diagnosis, no medical facts.", (
        "note", "notes", "private note", "private notes", "comment", "comments", "remark",
    )),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
AMOUNTS = ("multiplier", "minutes", "minutes_per_hour", "attempts", "days_later")

_MEDICAL = frozenset(
    {
        *("diagnosis", "diagnoses", "diagnosed", "diagnostic", "icd", "icd9", "icd10", "dsm", "dsm5"),
        *("disability", "disabilities", "impairment", "impairments", "disorder", "disorders", "handicap"),
        *("medical", "medication", "medications", "symptom", "symptoms", "illness"),
    }
)
_CONDITION = re.compile(r"^(health |student |primary |secondary )?conditions?$|\bhealth\b")
_OFFICE = frozenset({"services", "service", "office", "coordinator", "advisor", "adviser", "specialist", "counselor"})


def plain(header: str) -> str:
    """Return a header as it is compared: small letters and digits, one blank between words."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", split.casefold()))


def check_headers(headers: Sequence[str]) -> None:
    """Raise FileRefused for columns that hold a diagnosis, and for two columns of the same name."""
    medical = [position for position, header in enumerate(headers) if is_medical(header)]
    if medical:
        named = " and ".join(f"“{headers[position][:60]}” (column {column_letter(position)})" for position in medical)
        raise FileRefused(
            f"{named}: Leeway stores no diagnosis and no medical facts, on purpose, so that nobody can ever read them "
            "here. Take this out of the file and upload it again; nothing was kept."
        )
    seen: dict[str, int] = {}
    for position, header in enumerate(headers):
        if header and plain(header) in seen:
            first = column_letter(seen[plain(header)])
            raise FileRefused(
                f"“{header[:60]}” is the name of column {first} too. Give each column a name of its own.",
                row=1,
                column=column_letter(position),
            )
        seen[plain(header)] = position


def is_medical(header: str) -> bool:
    """Whether a header names a diagnosis or a medical fact; the name of the office is none."""
    words = plain(header).split()
    if _OFFICE & set(words):
        return False
    return bool(_MEDICAL & set(words)) or _CONDITION.search(" ".join(words)) is not None


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Return which column each name is in, as far as the headers tell; each column counts for one name."""
    found: dict[str, int] = {}
    plain_headers = [plain(header) for header in headers]
    for rank in range(max(len(column.headers) for column in COLUMNS)):
        for column in COLUMNS:
            if column.name in found or rank >= len(column.headers) or column.headers[rank] not in plain_headers:
                continue
            position = plain_headers.index(column.headers[rank])
            if position not in found.values():
                found[column.name] = position
    return found


def mapping_problem(mapping: Mapping[str, int]) -> str:
    """Return what is missing or doubled in a mapping in a sentence; empty where it can be used."""
    if "student" not in mapping:
        return "Choose the column that names the student."
    if not any(name in mapping for name in AMOUNTS) and "kind" not in mapping:
        return "Choose at least one column that says what is granted: a kind, or one of the amounts."
    doubled = [name for name, position in mapping.items() if list(mapping.values()).count(position) > 1]
    if doubled:
        return f"“{BY_NAME[doubled[0]].label}” and “{BY_NAME[doubled[1]].label}” are the same column. Choose two."
    return ""


def unused(headers: Sequence[str], mapping: Mapping[str, int]) -> list[str]:
    """Return the columns that hold nothing Leeway takes, by their headers; one without a header by its letter."""
    used = set(mapping.values())
    return [
        f"“{header[:60]}”" if header else f"column {column_letter(position)}"
        for position, header in enumerate(headers)
        if position not in used
    ]


def digest_of(headers: Sequence[str]) -> str:
    """Return a digest by which the same set of headers is known again: names and order, however they are written."""
    return sha256("\x1f".join(plain(header) for header in headers).encode()).hexdigest()
