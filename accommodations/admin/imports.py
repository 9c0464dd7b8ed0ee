"""Imported files, shown without what stood in them."""

from django.contrib import admin

from accommodations.admin.base import ReadOnlyAdmin
from accommodations.models import ImportChange, ImportFile, ImportRow, ImportSource


@admin.register(ImportSource)
class ImportSourceAdmin(ReadOnlyAdmin):
    """Where files come from."""

    list_display = ("name", "shrink_percent", "shrink_number")
    search_fields = ("name",)


@admin.register(ImportFile)
class ImportFileAdmin(ReadOnlyAdmin):
    """Who uploaded and took which file, and what it did in numbers."""

    list_display = ("pk", "source", "name", "status", "row_count", "uploaded_by", "uploaded_at", "decided_at")
    list_filter = ("status", "source")
    search_fields = ("name", "source__name", "uploaded_by__username", "=digest")
    list_select_related = ("source", "uploaded_by")
    exclude = ("lookups",)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    """Rows of files that are being checked, without their cells."""

    list_display = ("file", "number", "is_left_out")
    search_fields = ("file__name",)
    list_select_related = ("file",)
    exclude = ("cells",)


@admin.register(ImportChange)
class ImportChangeAdmin(ReadOnlyAdmin):
    """What imports did to accommodations."""

    list_display = ("file", "kind", "row", "accommodation", "version_before", "version_after")
    list_filter = ("kind",)
    search_fields = ("file__name",)
    list_select_related = ("file", "accommodation")
