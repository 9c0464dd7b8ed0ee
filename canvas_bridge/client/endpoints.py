"""An endpoint of Canvas: method and path pattern, which is also its name in measurements and in a token's scopes."""

import re
from dataclasses import dataclass

from canvas_bridge.wire.ids import AnyId, CanvasId

_PLACEHOLDER = re.compile(r":\w+")
_ID_SEGMENT = re.compile(r"/(?:\d[\d~]*|self|default|current|(?:hex:)?\w+(?::|%3A)[^/]*)(?=/|$)")

_SIS = "sis_integration_id"
# Which forms stand in a path, by the segment before the placeholder. Whatever is not here takes plain numbers (1.6).
_FORMS_AFTER = {
    "courses": {"sis_course_id", _SIS, "lti_context_id"},
    "crosslist": {"sis_course_id", _SIS, "lti_context_id"},
    "users": {"self", "sis_user_id", "sis_login_id", _SIS, "lti_user_id", "uuid"},
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

    def at(self, *ids: AnyId) -> Place:
        """Return the place with the ids in the order of the pattern's placeholders.

        Raises ValueError for a form of an id that Canvas does not take there (contract 1.6).
        """
        segments: list[str] = []
        waiting = list(ids)
        for segment in self.pattern.split("/"):
            filled = _filled(waiting.pop(0), segments[-1]) if _PLACEHOLDER.fullmatch(segment) else segment
            segments.append(filled)
        if waiting:
            raise ValueError(f"{self.pattern} takes no more ids than it has places")
        return Place(self.method, "/".join(segments), self.pattern)


def pattern_of(path: str) -> str:
    """Return a path without its ids, as name for a request whose endpoint nobody named."""
    return _ID_SEGMENT.sub("/:id", path.partition("?")[0])


def _filled(value: AnyId, collection: str) -> str:
    if isinstance(value, CanvasId):
        if value.form not in _FORMS_AFTER.get(collection, set()):
            raise ValueError(f"Canvas takes no {value.form} after {collection}/")
        return value.in_path()
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"the id after {collection}/ must be a whole number or a CanvasId")
    return str(value)
