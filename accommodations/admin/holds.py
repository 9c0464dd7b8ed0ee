"""What waits for a person and what people decided about it, shown."""

from django.contrib import admin
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin, page_link
from accommodations.models import Alert, ConfirmedEnding, GuardStop, PairHold


@admin.register(PairHold)
class PairHoldAdmin(ReadOnlyAdmin):
    """Undone and dismissed pairs."""

    instead_of_page = "student"
    list_display = ("pk", "kind", "page", "assessment", "held_by", "held_at", "released_at")
    list_filter = ("kind",)
    search_fields = ("student__name", "assessment__name", "held_by__username")
    list_select_related = ("student", "assessment", "held_by")

    @admin.display(description="Student's page")
    def page(self, hold: PairHold) -> SafeString | str:
        """Return a link to the student's page."""
        return page_link("student_detail", hold.student)


@admin.register(GuardStop)
class GuardStopAdmin(ReadOnlyAdmin):
    """What the safety guard stopped."""

    list_display = ("pk", "course", "status", "pair_count", "grant_count", "stopped_at", "decided_by")
    list_filter = ("status",)
    search_fields = ("course__course_code", "digest")
    list_select_related = ("course", "decided_by")


@admin.register(ConfirmedEnding)
class ConfirmedEndingAdmin(ReadOnlyAdmin):
    """Endings whose number a person confirmed."""

    list_display = ("pk", "student", "number", "confirmed_by", "confirmed_at")
    search_fields = ("student__name", "confirmed_by__username")
    list_select_related = ("student", "confirmed_by")


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """Alerts about pairs."""

    list_display = ("pk", "kind", "student", "course", "assessment", "number", "raised_at", "seen_by")
    list_filter = ("kind",)
    search_fields = ("student__name", "assessment__name", "course__course_code")
    list_select_related = ("student", "course", "assessment", "seen_by")
