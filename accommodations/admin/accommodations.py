"""Accommodations and the office's decisions, shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin, page_link
from accommodations.models import Accommodation, AccommodationException, CourseRelease, UsualSet
from accommodations.selectors import accommodation_words as words


class _AboutStudent(ReadOnlyAdmin):
    instead_of_page = "student"

    @admin.display(description="Student's page")
    def page(self, row: Any) -> SafeString | str:
        """Return a link to the student's page."""
        return page_link("student_detail", row.student)


class _InWords(ReadOnlyAdmin):
    @admin.display(description="Grants")
    def title(self, row: Accommodation) -> str:
        """Return what is granted, in words."""
        return words.title(row)

    @admin.display(description="Counts for")
    def counts_for(self, row: Accommodation) -> str:
        """Return where it counts, in words."""
        return words.counts_for(row)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Leave the private note out for those who may not read it."""
        return () if request.user.has_perm("accommodations.see_notes") else ("note",)


@admin.register(Accommodation)
class AccommodationAdmin(_AboutStudent, _InWords):
    """What was approved. Private notes are shown to those alone who may read them."""

    list_display = ("pk", "page", "title", "counts_for", "status", "effective_from", "effective_until", "version")
    list_filter = ("status", "provision", "scope")
    search_fields = ("student__name", "student__sis_user_id", "student__login_id", "course__course_code")
    list_select_related = ("student", "term", "course", "assessment")
    readonly_fields = ("page",)


@admin.register(Accommodation.history.model)
class AccommodationVersionAdmin(_InWords):
    """The versions of accommodations, each as it stood."""

    list_display = ("history_id", "id", "title", "counts_for", "status", "version", "history_date", "history_user")
    list_filter = ("status", "provision")
    search_fields = ("=id", "history_user__username")
    list_select_related = ("term", "course", "assessment", "history_user")


@admin.register(AccommodationException)
class AccommodationExceptionAdmin(_AboutStudent):
    """Decisions that nothing applies to a course or assessment."""

    list_display = ("pk", "page", "course", "assessment", "effective_until", "decided_by", "withdrawn_at")
    search_fields = ("student__name", "student__sis_user_id", "course__course_code", "assessment__name")
    list_select_related = ("student", "course", "assessment", "decided_by")


@admin.register(CourseRelease)
class CourseReleaseAdmin(_AboutStudent):
    """Courses into which students asked for their accommodations."""

    list_display = ("pk", "page", "course", "released_by", "released_at")
    search_fields = ("student__name", "student__sis_user_id", "course__course_code")
    list_select_related = ("student", "course", "released_by")


@admin.register(UsualSet)
class UsualSetAdmin(ReadOnlyAdmin):
    """The office's usual sets."""

    list_display = ("pk", "name", "period", "version", "retired_at")
    list_filter = ("period",)
    search_fields = ("name",)
