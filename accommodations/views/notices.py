"""Notices: the office's list of who was told what and who has not answered; one notice; the answer to it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations.errors import LeewayError
from accommodations.htmx import wants_part, zone_of
from accommodations.models import Notice
from accommodations.permissions import audience_of, has, is_staff_of_office
from accommodations.selectors import notices as selectors
from accommodations.selectors.pair_words import STUDENT
from accommodations.services import action_log, notice_asking
from accommodations.services.act_limits import EXPORT
from accommodations.services.answering import acknowledge
from accommodations.tasks import tend_notices
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import csv_response, page_of, render_list, searched_address, sort_of
from accommodations.views.searches import search_of

ITEMS_ON_A_PAGE = 25
VIEW_WORDS = {
    "unanswered": "Not answered",
    "untold": "No address",
    "doubtful": "Not arrived",
    "all": "All",
}
EXPORT_HEAD = ("To", "About", "What", "Things told", "Sent", "Status", "Answer", "Answered", "Reminders")


def _view_of(request: SignedInRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in selectors.VIEWS else "all"


@requires("see_all_students")
@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: SignedInRequest) -> HttpResponse:
    """List notices, narrowed, searched, sorted and paged."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    view, search = _view_of(request), search_of(request)
    found = selectors.notice_list(
        request.user, search=search, sort=sort_of(request, selectors.SORTS, "when"), view=view
    )
    context: dict[str, object] = {"page": page_of(request, found), "search": search, "view": view}
    if not wants_part(request):
        context |= {
            "views": [(word, words, word == view) for word, words in VIEW_WORDS.items()],
            "counts": selectors.counts(request.user),
            "sends_mail": settings.LEEWAY_SENDS_MAIL,
        }
    return render_list(
        request,
        page="notices/notice_list.html",
        partial="notices/_notice_rows.html",
        context=context,
        address=address,
    )


@requires("export")
@require_safe
@limited(EXPORT)
def notice_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the narrowed list as CSV; the export is logged."""
    sort = sort_of(request, selectors.SORTS, "when")
    found = selectors.notice_list(request.user, search=search_of(request), sort=sort, view=_view_of(request))
    action_log.record(act="notices.exported", actor=request.user, payload={"rows": found.count()})
    return csv_response("notices", EXPORT_HEAD, _export_rows(request, found.iterator(chunk_size=500)))


def _export_rows(request: SignedInRequest, found: Iterable[Notice]) -> Iterable[tuple[object, ...]]:
    zone = zone_of(request)
    for one in found:
        yield (
            (one.recipient.get_full_name() or one.recipient.get_username()) if one.recipient else "",
            one.student.sortable_name if one.student else (one.course.course_code if one.course else ""),
            one.get_kind_display(),
            one.item_count,  # type: ignore[attr-defined]  # annotated
            f"{one.ended_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.ended_at else "",
            one.get_status_display(),
            one.get_answer_display(),
            f"{one.answered_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.answered_at else "",
            one.reminder_count,  # type: ignore[attr-defined]  # annotated
        )


@login_required
@require_safe
def notice_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what one notice tells, as far as the person may know of it; who it went to can answer."""
    notice = _notice(request, pk)
    items = selectors.items_visible_to(request.user, notice).order_by(
        "course__course_code", "course_id", "assessment__name", "student__sortable_name", "pk"
    )
    page = page_of(request, items, size=ITEMS_ON_A_PAGE)
    is_office = is_staff_of_office(request.user)
    audience = audience_of(request.user)
    context = {
        "notice": notice,
        "page": page,
        "groups": selectors.item_groups(list(page.object_list)),
        "is_office": is_office,
        "audience": audience,
        "is_student": audience == STUDENT,
        "may_answer": _may_answer(request, notice) and notice.answered_at is None,
        "may_remind": _may_ask(request) and notice_asking.can_be_reminded(notice),
        "may_send": _may_ask(request) and notice_asking.can_be_sent(notice),
        "reminders": list(notice.reminders.order_by("pk")) if is_office else [],
        "sends_mail": settings.LEEWAY_SENDS_MAIL,
    }
    return render(request, "notices/notice_detail.html", context)


def _notice(request: SignedInRequest, pk: int) -> Notice:
    return get_object_or_404(selectors.notices_visible_to(request.user).select_related("reminds"), pk=pk)


def _may_answer(request: SignedInRequest, notice: Notice) -> bool:
    """Whether it is the person's own digest: nobody answers for somebody else."""
    is_told = notice.kind == Notice.Kind.INSTRUCTOR and notice.status in (Notice.Status.SENT, Notice.Status.UNKNOWN)
    return is_told and notice.recipient_id == request.user.pk


def _may_ask(request: SignedInRequest) -> bool:
    return has(request.user, "record_accommodation")


@login_required
@require_POST
def notice_acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that the recipient has seen it."""
    notice = _notice(request, pk)
    if not _may_answer(request, notice):
        raise PermissionDenied
    acknowledge(notice=notice, acknowledged_by=request.user)
    messages.success(request, "Thank you: the office sees that you have seen it.")
    return redirect("home")


@requires("record_accommodation")
@require_http_methods(["GET", "HEAD", "POST"])
def notice_send(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what would be sent and to whom, and send it when that is confirmed: a reminder, or the mail itself."""
    notice = _notice(request, pk)
    is_reminder = notice_asking.can_be_reminded(notice)
    if request.method == "POST":
        return _asked(request, notice, is_reminder=is_reminder)
    if not is_reminder and not notice_asking.can_be_sent(notice):
        messages.info(request, "There is nothing to send: it is on its way, or answered.")
        return redirect("notice_detail", pk)
    return render(request, "notices/notice_send.html", {"notice": notice, "is_reminder": is_reminder})


def _asked(request: SignedInRequest, notice: Notice, *, is_reminder: bool) -> HttpResponse:
    if (request.POST.get("ask") == "reminder") != is_reminder:  # a digest that went by itself is not also reminded of
        messages.info(request, "It was sent or answered while you looked at it: nothing more was sent.")
        return redirect("notice_detail", notice.pk)
    ask: Any = notice_asking.remind if is_reminder else notice_asking.send_anyway
    try:
        ask(notice=notice, asked_by=request.user)
    except LeewayError as refused:
        messages.info(request, refused.message)
        return redirect("notice_detail", notice.pk)
    wake(tend_notices)
    messages.success(request, "The reminder is on its way." if is_reminder else "The mail is on its way.")
    return redirect("notice_detail", notice.pk)
