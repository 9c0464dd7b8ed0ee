"""An endpoint of Canvas: method and path pattern, which is also its name in measurements and in a token's scopes."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from canvas_bridge.wire.ids import AnyId, CanvasId

_PLACEHOLDER = re.compile(r":\w+")
_ID_SEGMENT = re.compile(r"/(?:\d[\d~]*|self|default|current|(?:hex:)?\w+(?::|%3A)[^/]*)(?=/|$)")

_SIS = "sis_integration_id"
_USER_FORMS = frozenset({"self", "sis_user_id", "sis_login_id", _SIS, "lti_user_id", "uuid"})
# Which forms stand in a path, by the segment before the placeholder. Whatever is not here takes plain numbers (1.6).
_FORMS_AFTER = {
    "courses": {"sis_course_id", _SIS, "lti_context_id"},
    "crosslist": {"sis_course_id", _SIS, "lti_context_id"},
    "users": _USER_FORMS,
    "sections": {"sis_section_id", _SIS},
    "accounts": {"self", "default", "site_admin", "sis_account_id"},
    "terms": {"default", "current", "sis_term_id"},
    "groups": {"sis_group_id"},
    "assignments": {"sis_assignment_id", "lti_context_id"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint with its ids filled in."""

    method: str
    path: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Method and pattern, as in Canvas's own list of scopes: `GET`, `/api/v1/courses/:course_id/quizzes/:id`."""

    method: str
    pattern: str

    @property
    def scope(self) -> str:
        """Return the name of the scope that a token needs (contract 1.2)."""
        return f"url:{self.method}|{self.pattern}"

    def at(self, *ids: AnyId | str) -> Place:
        """Return the place with the ids in the order of the pattern's placeholders.

        Text stands for a page's own address only. Raises ValueError for a form of an id that Canvas does not take
        there (contract 1.6).
        """
        segments: list[str] = []
        waiting = list(ids)
        for segment in self.pattern.split("/"):
            is_open = _PLACEHOLDER.fullmatch(segment) is not None
            segments.append(_filled(waiting.pop(0), segment, segments[-1]) if is_open else segment)
        if waiting:
            raise ValueError(f"{self.pattern} takes no more ids than it has places")
        return Place(self.method, "/".join(segments), self.pattern)


def pattern_of(path: str) -> str:
    """Return a path without its ids, as name for a request whose endpoint nobody named."""
    return _ID_SEGMENT.sub("/:id", path.partition("?")[0])


def _filled(value: AnyId | str, placeholder: str, collection: str) -> str:
    if isinstance(value, CanvasId):
        allowed = _FORMS_AFTER.get(collection, _USER_FORMS if placeholder == ":user_id" else frozenset())
        if value.form not in allowed:
            raise ValueError(f"Canvas takes no {value.form} after {collection}/")
        return value.in_path()
    if placeholder == ":url_or_id":
        return quote(str(value), safe="")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"the id after {collection}/ must be a whole number or a CanvasId")
    return str(value)
