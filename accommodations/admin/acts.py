"""Acts of people in Canvas beyond any plan, shown."""

from django.contrib import admin

from accommodations.admin.base import ReadOnlyAdmin
from accommodations.models import CanvasAct


@admin.register(CanvasAct)
class CanvasActAdmin(ReadOnlyAdmin):
    """What people asked of Canvas themselves, and what became of it."""

    instead_of_page = "student"
    list_display = ("pk", "kind", "course", "student", "assessment", "status", "asked_by", "started_at")
    list_filter = ("kind", "status", "is_standing")
    search_fields = ("student__name", "assessment__name", "course__course_code", "asked_by__username", "=key")
    list_select_related = ("course", "student", "assessment", "asked_by")
