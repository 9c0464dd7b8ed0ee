"""The connection, the ledger and the settings, shown: they have pages of their own."""

from django.contrib import admin
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin, page_link
from accommodations.models import CanvasConnection, InstitutionSettings, LedgerEntry


@admin.register(CanvasConnection)
class CanvasConnectionAdmin(ReadOnlyAdmin):
    """The connection without its token."""

    list_display = ("base_url", "token_user_name", "token_last4", "is_token_refused", "checked_at")
    search_fields = ("base_url",)
    exclude = ("token",)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """What Leeway put into Canvas, and what stood there before."""

    instead_of_page = "student"
    list_display = ("pk", "page", "assessment", "part", "evidence", "put_at", "confirmed_at", "taken_back_at")
    list_filter = ("part", "evidence")
    search_fields = ("student__name", "student__sis_user_id", "assessment__name", "assessment__key")
    list_select_related = ("student", "assessment")

    @admin.display(description="Student's page")
    def page(self, row: LedgerEntry) -> SafeString | str:
        """Return a link to the student's page."""
        return page_link("student_detail", row.student)


@admin.register(InstitutionSettings)
class InstitutionSettingsAdmin(ReadOnlyAdmin):
    """The institution's settings; they are changed on their page, which logs it."""

    list_display = ("name", "time_zone", "two_person_approval", "release_per_course")
    search_fields = ("name",)
