"""Runs, their courses and actions, the status table and the leases, shown."""

from django.contrib import admin
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin, page_link
from accommodations.models import CourseLease, CourseSync, PairStatus, SetAside, SyncAction, SyncRun


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    """Sync runs."""

    page_permission = "see_all_runs"
    list_display = ("pk", "trigger", "status", "requested_by", "requested_at", "ended_at", "page")
    list_filter = ("status", "trigger")
    search_fields = ("=pk", "requested_by__username", "student__name")
    list_select_related = ("requested_by",)

    @admin.display(description="Page")
    def page(self, run: SyncRun) -> SafeString | str:
        """Return a link to the run's page."""
        return page_link("sync_run_detail", run, "open")


@admin.register(CourseSync)
class CourseSyncAdmin(ReadOnlyAdmin):
    """The courses of runs."""

    page_permission = "see_all_runs"
    instead_of_page = "run"
    list_display = ("pk", "page", "course", "status", "deaths", "started_at", "ended_at")
    list_filter = ("status",)
    search_fields = ("=run__pk", "course__course_code", "course__name")
    list_select_related = ("run", "course")

    @admin.display(description="Run's page")
    def page(self, part: CourseSync) -> SafeString | str:
        """Return a link to the run's page."""
        return page_link("sync_run_detail", part.run)


@admin.register(SyncAction)
class SyncActionAdmin(ReadOnlyAdmin):
    """Planned actions and what became of them."""

    instead_of_page = "student"
    list_display = ("pk", "page", "assessment", "sentence", "status", "status_code", "ended_at")
    list_filter = ("status", "is_shrinking")
    search_fields = ("student__name", "assessment__name", "course_sync__course__course_code", "=request_id")
    list_select_related = ("student", "assessment")

    @admin.display(description="Student's page")
    def page(self, action: SyncAction) -> SafeString | str:
        """Return a link to the student's page."""
        return page_link("student_detail", action.student)


@admin.register(PairStatus)
class PairStatusAdmin(ReadOnlyAdmin):
    """The status table."""

    list_display = ("pk", "student", "course", "assessment", "status", "reason", "since", "page")
    list_filter = ("status", "reason", "is_exam")
    search_fields = ("student__name", "assessment__name", "course__course_code")
    list_select_related = ("student", "course", "assessment")

    @admin.display(description="Page")
    def page(self, pair: PairStatus) -> SafeString | str:
        """Return a link to the derivation."""
        return page_link("pair_detail", pair, "why")


@admin.register(CourseLease)
class CourseLeaseAdmin(ReadOnlyAdmin):
    """Who works on a course right now."""

    list_display = ("course", "holder", "expires_at")
    search_fields = ("course__course_code", "holder")
    list_select_related = ("course",)


@admin.register(SetAside)
class SetAsideAdmin(ReadOnlyAdmin):
    """Courses that ended their workers."""

    list_display = ("pk", "course", "deaths", "set_aside_at", "released_by", "released_at")
    search_fields = ("=pk", "course__course_code", "course__name")
    list_select_related = ("course", "released_by")
