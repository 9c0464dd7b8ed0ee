"""The action log, shown: nothing anywhere changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin
from accommodations.models import ActionLogEntry, ActionLogPayload, LogAnchor, LogCheck, LogHead


@admin.register(ActionLogEntry)
class ActionLogEntryAdmin(ReadOnlyAdmin):
    """Entries with their codes and ids; names and payloads are on the log's own page."""

    page_permission = "read_log"
    list_display = ("sequence", "at", "act", "outcome", "actor", "student_id_logged", "run_id_logged", "page")
    list_filter = ("act", "outcome")
    search_fields = ("=sequence", "act", "actor__username", "=request_id")
    list_select_related = ("actor",)

    @admin.display(description="Page")
    def page(self, entry: ActionLogEntry) -> SafeString:
        """Return a link to the log from this entry on."""
        url = f"{reverse('log')}?before={entry.sequence + 1}"
        return format_html('<a href="{}">open</a>', url)


@admin.register(ActionLogPayload)
class ActionLogPayloadAdmin(ReadOnlyAdmin):
    """That an entry still has its personal part; the part itself only for those who may read the log."""

    list_display = ("pk", "entry")
    search_fields = ("=entry__sequence", "entry__act")
    list_select_related = ("entry",)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Leave the content out for those who may not read the log."""
        return ("salt",) if request.user.has_perm("accommodations.read_log") else ("salt", "data")


@admin.register(LogHead)
class LogHeadAdmin(ReadOnlyAdmin):
    """The chain's last link."""

    list_display = ("sequence", "digest")
    search_fields = ("=sequence",)


@admin.register(LogAnchor)
class LogAnchorAdmin(ReadOnlyAdmin):
    """Signed: so many entries stood at that time."""

    list_display = ("sequence", "at", "key_name", "digest")
    search_fields = ("=sequence",)


@admin.register(LogCheck)
class LogCheckAdmin(ReadOnlyAdmin):
    """Verifications of the log, and what they found."""

    list_display = ("pk", "status", "is_full", "asked_by", "started_at", "ended_at", "reached", "bad_sequence")
    list_filter = ("status",)
    search_fields = ("=pk",)
    list_select_related = ("asked_by",)
