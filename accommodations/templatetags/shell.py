"""What stands around every page: the person, the navigation of their role, the theme."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from accommodations.permissions import has, role_of

THEME_COOKIE = "theme"
THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


@dataclass(frozen=True, slots=True)
class Destination:
    """One entry of the navigation."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """The person as the top bar names them, and where they can go."""

    name: str
    role: str
    destinations: tuple[Destination, ...]
    has_side: bool
    has_finder: bool


_ENTRIES = (
    ("Home", "home", "home", ""),
    ("Students", "students", "student_list", "see_all_students"),
    ("Courses", "plan", "course_list", "see_all_students"),
    ("Coverage", "coverage", "pair_list", "see_all_students"),
    ("Board", "board", "coverage_board", "see_all_students"),
    ("Approvals", "check", "approval_list", "record_accommodation"),
    ("Sync runs", "run", "sync_run_list", "see_all_runs"),
    ("Notices", "notice", "notice_list", "see_all_students"),
    ("Import", "import", "import_list", "record_accommodation"),
    ("Action log", "log", "log", "read_log"),
    ("Canvas connection", "chain", "connection", "manage_connection"),
    ("Operations", "shield", "operations", "see_operations"),
    ("Settings", "settings", "settings", "change_institution"),
    ("Users and roles", "user", "user_list", "manage_users"),
    ("Tables", "board", "admin:index", "manage_connection"),
)
_SECTION_OF = {
    "student_detail": "student_list",
    "course_detail": "course_list",
    "pair_detail": "pair_list",
    "pair_evidence": "pair_list",
    "student_report": "student_list",
    "course_report": "course_list",
    "sync_run_detail": "sync_run_list",
    "accommodation_new": "student_list",
    "accommodation_preview": "student_list",
    "accommodation_edit": "student_list",
    "accommodation_end": "student_list",
    "student_find": "student_list",
    "student_approval": "approval_list",
    "student_summary": "student_list",
    "student_summary_mail": "student_list",
    "renewal": "student_list",
    "usual_set_list": "student_list",
    "usual_set_new": "student_list",
    "usual_set_edit": "student_list",
    "student_release": "student_list",
    "student_gone": "student_list",
    "exception_new": "student_list",
    "exception_withdraw": "student_list",
    "notice_detail": "notice_list",
    "notice_send": "notice_list",
    "letter_list": "notice_list",
    "concern_list": "notice_list",
    "concern_detail": "notice_list",
    "import_new": "import_list",
    "import_columns": "import_list",
    "import_detail": "import_list",
    "import_take": "import_list",
    "import_confirm": "import_list",
    "import_undo": "import_list",
    "import_source": "import_list",
    "user_detail": "user_list",
    "user_invite": "user_list",
    "user_switch": "user_list",
    "user_new_link": "user_list",
    "term_list": "settings",
    "holiday_list": "settings",
    "holiday_detail": "settings",
}


def shell_of(request: HttpRequest | None) -> Shell:
    """Return the shell for the person of the request; nearly empty for strangers."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return Shell(name="", role="", destinations=(), has_side=False, has_finder=False)
    match = request.resolver_match
    here = match.url_name if match is not None else ""
    section = _SECTION_OF.get(here or "", here)
    destinations = tuple(
        Destination(label=label, icon=icon, url=reverse(name), is_current=section == name)
        for label, icon, name, permission in _ENTRIES
        if not permission or has(user, permission)
    )
    return Shell(
        name=user.get_full_name() or user.get_username(),
        role=role_of(user),
        destinations=destinations,
        has_side=len(destinations) > 1,
        has_finder=has(user, "see_all_students"),
    )


def theme_of(request: HttpRequest | None) -> str:
    """Return the theme that the person chose: system, light or dark."""
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in dict(THEMES) else "system"
