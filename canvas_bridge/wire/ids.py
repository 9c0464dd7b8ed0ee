"""Ids of Canvas in another form than a number, such as `sis_user_id:S-100` or `self` (contract 1.6)."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

_PLAIN_VALUE = re.compile(r"[A-Za-z0-9._@+-]+")
_WORDS = frozenset({"self", "default", "current", "site_admin"})
_FORMS = frozenset(
    {
        "sis_course_id",
        "sis_user_id",
        "sis_login_id",
        "sis_section_id",
        "sis_account_id",
        "sis_term_id",
        "sis_group_id",
        "sis_assignment_id",
        "sis_integration_id",
        "lti_context_id",
        "lti_user_id",
        "uuid",
    }
)


@dataclass(frozen=True, slots=True)
class CanvasId:
    """An id by its form: `CanvasId("sis_user_id", "S-100")`, or one of Canvas's words: `CanvasId("self")`.

    A plain number is a plain `int`. The value may identify a person, so it stays out of `repr`.
    Raises ValueError for a form that Canvas does not know, or an empty value.
    """

    form: str
    value: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.form in _WORDS and not self.value:
            return
        if self.form not in _FORMS:
            raise ValueError(f"{self.form} is no form of an id that Canvas knows")
        if not self.value:
            raise ValueError(f"{self.form} needs a value")

    @property
    def is_word(self) -> bool:
        """Whether it is a word of Canvas's, such as `self`, rather than a form with a value."""
        return self.form in _WORDS

    def in_text(self) -> str:
        """Return the id as it stands in a body or a query."""
        return self.form if self.is_word else f"{self.form}:{self.value}"

    def in_path(self) -> str:
        """Return the id as one segment of a path.

        A SIS id with unusual characters goes as hexadecimal digits, which no server in between takes for path syntax.
        """
        if self.is_word:
            return self.form
        if _PLAIN_VALUE.fullmatch(self.value) or not self.form.startswith("sis_"):
            return quote(self.in_text(), safe=":@")
        return f"hex:{self.form}:{self.value.encode().hex()}"


SELF = CanvasId("self")
"""The token's own user, or the root account of the host."""

AnyId = int | CanvasId


def text_of(value: AnyId) -> int | str:
    """Return the id as it is sent in a body or a query."""
    return value.in_text() if isinstance(value, CanvasId) else value


def in_list(value: AnyId) -> int | str:
    """Return a student's id for a list of `student_ids` of an override: a number, SIS id or login (contract 6.3).

    Raises ValueError for any other form: Canvas would look it up and then call it unknown all the same.
    """
    if isinstance(value, CanvasId) and value.form not in ("sis_user_id", "sis_login_id"):
        raise ValueError(f"Canvas takes no {value.form} in a list of students")
    return text_of(value)
