"""What the admin's pages have in common."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accommodations import permissions
from accommodations.models import Student
from accommodations.services import action_log

_OF_A_FILTER = ("", "__exact", "__in", "__isnull", "__id__exact")
_OF_A_DATE = ("__year", "__month", "__day", "__gte", "__lt")


class OfferedFiltersOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # one base for every model
    """Narrows lists by what the page offers: any other lookup would let hidden fields be read by guessing."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow what the filters of the page send, and refuse every other field and comparison."""
        offered = {f"{name}{ending}" for name in self.list_filter for ending in _OF_A_FILTER}
        if self.date_hierarchy:
            offered |= {f"{self.date_hierarchy}{ending}" for ending in _OF_A_DATE}
        return lookup in offered


class ReadOnlyAdmin(OfferedFiltersOnly):
    """Shows rows and changes none: changes go through the services, which check, log and queue."""

    list_per_page = 50
    show_full_result_count = False
    page_permission = "see_all_students"
    """Who may open the pages that the column `page` links to. Administrators of Leeway see no student's."""
    instead_of_page: str | None = None
    """The column for those who may not: what a link without words would have named."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators of Leeway see every table, without a permission for each."""
        return is_operator(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List the tables for operators."""
        return is_operator(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one row, and log that somebody looked at the student whom it is about."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and request.method != "POST" and self.has_view_permission(request, row):
            student = _student_of(row)
            if student is not None:
                action_log.record_view(viewer=request.user, student=student)  # type: ignore[arg-type]  # an operator
        return super().change_view(request, object_id, form_url, extra_context)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; links only to pages that open for the viewer."""
        names = cast("tuple[str, ...]", tuple(super().get_list_display(request)))
        if permissions.has(request.user, self.page_permission):
            return names
        shown = (self.instead_of_page if name == "page" else name for name in names)
        return tuple(name for name in shown if name is not None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields besides the table's own; no link to a page that does not open for the viewer."""
        names = cast("tuple[str, ...]", tuple(super().get_readonly_fields(request, obj)))
        if permissions.has(request.user, self.page_permission):
            return names
        return tuple(name for name in names if name != "page")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer no action on many rows."""
        return {}


def _student_of(row: Any) -> Student | None:
    """Return the student whom a row is about, by number: versions and the log outlive what they name."""
    if isinstance(row, Student):
        return row
    about = getattr(row, "entry", row)
    student_id = getattr(about, "student_id", None) or getattr(about, "student_id_logged", None)
    return Student.objects.filter(pk=student_id).first() if student_id else None


def is_operator(request: HttpRequest) -> bool:
    """Whether the person runs this Leeway: staff of the admin with an administrator's permission."""
    user = request.user
    return bool(user.is_active and user.is_staff and user.has_perm("accommodations.manage_connection"))


def page_link(url_name: str, row: Model | None, words: str = "") -> SafeString | str:
    """Return a link to the page of the app that shows the row."""
    if row is None or row.pk is None:
        return "none"
    return format_html('<a href="{}">{}</a>', reverse(url_name, args=[row.pk]), words or row)
