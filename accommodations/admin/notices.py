"""What people were told and what they answered, shown."""

from django.contrib import admin

from accommodations.admin.base import ReadOnlyAdmin
from accommodations.models import Concern, LetterRecord, Notice, NoticeCursor, NoticeItem, OutboxMail


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Notices, with what became of each."""

    list_display = ("pk", "kind", "status", "recipient", "subject", "created_at", "ended_at", "answer")
    list_filter = ("kind", "status", "answer")
    search_fields = ("recipient__username", "subject")
    list_select_related = ("recipient",)


@admin.register(NoticeItem)
class NoticeItemAdmin(ReadOnlyAdmin):
    """What each notice told."""

    list_display = ("pk", "notice", "event", "what", "student", "course", "assessment", "at")
    list_filter = ("event", "what")
    search_fields = ("student__name", "assessment__name", "course__course_code")
    list_select_related = ("notice", "student", "course", "assessment")


@admin.register(Concern)
class ConcernAdmin(ReadOnlyAdmin):
    """Concerns of instructors."""

    list_display = ("pk", "course", "assessment", "student", "raised_by", "raised_at", "answered_by")
    search_fields = ("course__course_code", "assessment__name", "raised_by__username")
    list_select_related = ("course", "assessment", "student", "raised_by", "answered_by")


@admin.register(LetterRecord)
class LetterRecordAdmin(ReadOnlyAdmin):
    """What instructors recorded from letters."""

    list_display = ("pk", "accommodation", "course", "recorded_by", "recorded_at", "confirmed_by")
    search_fields = ("course__course_code", "recorded_by__username")
    list_select_related = ("accommodation", "course", "recorded_by", "confirmed_by")


@admin.register(NoticeCursor)
class NoticeCursorAdmin(ReadOnlyAdmin):
    """Up to where people have been told."""

    list_display = ("pk", "sequence")
    search_fields = ("sequence",)


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnlyAdmin):
    """Mails that the demo kept instead of sending."""

    list_display = ("pk", "to", "subject", "at")
    search_fields = ("to", "subject")
