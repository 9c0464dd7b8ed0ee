"""Pairs of a student and an assessment: the filtered list behind every number, and the derivation of one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accommodations import permissions
from accommodations.errors import LeewayError, ValuesRefused
from accommodations.forms.fields import local_instant
from accommodations.forms.settling import SettleForm
from accommodations.htmx import wants_part, zone_of
from accommodations.models import PairStatus
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.selectors import pairs
from accommodations.selectors.beside_pair import beside_pair
from accommodations.selectors.concerns import tell_concerns
from accommodations.selectors.groups import tell_groups, with_facts_of_groups
from accommodations.selectors.log import entries_about
from accommodations.selectors.next_steps import next_step, with_step_targets
from accommodations.selectors.pair_filters import PairFilter
from accommodations.selectors.pair_sources import sources_of
from accommodations.selectors.pair_words import STATUS_WORDS, STUDENT, WHO_ACTS, reason_label, status_slug
from accommodations.selectors.visibility import Viewer, courses_visible_to, pairs_visible_to
from accommodations.services import action_log
from accommodations.services.act_limits import EXPORT
from accommodations.services.holds import may_follow_class
from accommodations.services.pairs import is_done_by_hand, settle_pair
from accommodations.services.running_attempts import is_thinkable
from accommodations.services.unlocking import may_be_thought_of
from accommodations.templatetags.badges import evidence_of
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import (
    csv_response,
    known_words,
    number_of,
    page_of,
    render_list,
    searched_address,
    sort_of,
)
from accommodations.views.searches import search_of

MOST_DAYS = 366
KEPT = ("student", "assessment", "open", "term", "left", "needs", "gaps", "later", "within", "day", "find")
"""What the form for narrowing hands on, beside its own fields."""


def filter_of(request: SignedInRequest) -> PairFilter:
    """Return what the address narrows the list to; what it does not know is left out."""
    return PairFilter(
        statuses=known_words(request, "status", Status),
        reasons=known_words(request, "reason", Reason),
        course_id=number_of(request, "course"),
        assessment_id=number_of(request, "assessment"),
        student_id=number_of(request, "student"),
        only_exams=request.GET.get("exam") == "1",
        only_ahead=request.GET.get("ahead") == "1",
        search=search_of(request),
        leaves_out_settled=request.GET.get("open") == "1",
        only_running_terms=request.GET.get("term") == "running",
        only_needing=request.GET.get("needs") == "1",
        only_gaps=request.GET.get("gaps") == "1",
        only_later=request.GET.get("later") == "1",
        only_left_over=request.GET.get("left") == "1",
        **_opening(request),
    )


def _opening(request: SignedInRequest) -> dict[str, datetime | None]:
    """Return between which instants it opens: on one day, or within so many days from now."""
    days = number_of(request, "within")
    if days is not None:
        return {"opens_before": timezone.now() + timedelta(days=min(days, MOST_DAYS))}
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
        start, end = (
            local_instant(datetime.combine(one, time()), zone_of(request), earlier=True)
            for one in (day, day + timedelta(days=1))
        )
    except (ValueError, OverflowError):
        return {}
    return {"opens_from": start, "opens_before": end}


@requires("see_all_students")
@require_http_methods(["GET", "HEAD", "POST"])
def pair_list(request: SignedInRequest) -> HttpResponse:
    """List pairs, narrowed, sorted and paged. A search is posted and kept in the session."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    narrowed = filter_of(request)
    sort = sort_of(request, pairs.SORTS, "opens")
    found = pairs.pair_list(request.user, narrowed, sort=sort, now=timezone.now())
    page = page_of(request, found)
    context: dict[str, Any] = {
        "page": page,
        "rows": pairs.rows_with_steps(request.user, page.object_list),  # type: ignore[arg-type]  # a slice of `found`
        "student_count": found.order_by().values("student").distinct().count(),
        "narrowed": narrowed,
        "search": narrowed.search,
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
    }
    if not wants_part(request):
        context |= _choices(request.user, narrowed)
    return render_list(
        request,
        page="accommodations/pair_list.html",
        partial="accommodations/partials/_pair_results.html",
        context=context,
        address=address,
    )


def _choices(user: Viewer, narrowed: PairFilter) -> dict[str, Any]:
    return {
        "statuses": [(word.value, STATUS_WORDS[word], status_slug(word), word in narrowed.statuses) for word in Status],
        "reasons": [
            (STATUS_WORDS[status], [(word.value, reason_label(word)) for word in Reason if STATUS_OF[word] is status])
            for status in Status
        ],
        "courses": courses_visible_to(user).filter(pairs__isnull=False).distinct(),
        "told": pairs.names_of(user, narrowed),
    }


@requires("export")
@require_safe
@limited(EXPORT)
def pair_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the narrowed list as CSV; the export is logged."""
    found = pairs.pair_list(
        request.user, filter_of(request), sort=sort_of(request, pairs.SORTS, "opens"), now=timezone.now()
    )
    action_log.record(act="pairs.exported", actor=request.user, payload={"rows": found.count()})
    return csv_response("coverage", EXPORT_HEAD, _export_rows(request, found))


EXPORT_HEAD = (
    "Student", "Course", "Assessment", "Status", "Reason", "Opens", "Closes",
    "Minutes for the class", "Minutes for the student", "In words", "Evidence",
)  # fmt: skip


def _export_rows(request: SignedInRequest, found: QuerySet[PairStatus]) -> Any:
    zone, now = zone_of(request), timezone.now()
    for pair in found.iterator(chunk_size=500):
        row = pairs.PairRow(pair)
        yield (
            pair.student.sortable_name,
            pair.course.course_code,
            pair.assessment.name,
            STATUS_WORDS[Status(pair.status)],
            reason_label(pair.reason),
            *(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in (pair.opens_at, pair.closes_at)),
            row.minutes_before,
            row.minutes_after or row.minutes_before,
            pair.sentence,
            evidence_of(pair, "office", zone, now),
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the derivation of one pair; a POST writes what was done about it."""
    visible = pairs_visible_to(request.user).select_related("student", "assessment", "course", "settled_by")
    pair = get_object_or_404(with_facts_of_groups(with_step_targets(visible, request.user)), pk=pk)
    pair.assessment.course = pair.course
    may_settle = permissions.may_settle_pair(request.user, pair)
    today = timezone.now().astimezone(zone_of(request)).date()
    data = request.POST if request.method == "POST" else None
    form = SettleForm(data, is_by_hand=is_done_by_hand(pair), today=today)
    if request.method == "POST":
        if not may_settle:
            raise PermissionDenied
        if form.is_valid() and _settle(request, pair, form):
            return redirect("pair_detail", pair.pk)
    elif request.user.has_perm("accommodations.see_all_students"):
        action_log.record_view(viewer=request.user, student=pair.student)
    return render(request, "accommodations/pair_detail.html", _detail(request, pair, form, may_settle=may_settle))


def _settle(request: SignedInRequest, pair: PairStatus, form: SettleForm) -> bool:
    try:
        settle_pair(pair=pair, settled_by=request.user, **form.cleaned_data)
    except ValuesRefused as refused:
        form.show_problems(refused.problems)
        return False
    except LeewayError as refused:
        form.add_error(None, refused.message)
        return False
    messages.success(request, "Written down. It no longer counts as open.")
    return True


def _detail(request: SignedInRequest, pair: PairStatus, form: SettleForm, *, may_settle: bool) -> dict[str, Any]:
    is_office = permissions.is_staff_of_office(request.user)
    audience = permissions.audience_of(request.user)
    row, may_act = (
        pairs.PairRow(pair, step=next_step(request.user, pair)),
        permissions.may_act_on_pair(request.user, pair),
    )
    beside = beside_pair(pair)
    tell_groups(request.user, [row])
    if audience != STUDENT:
        tell_concerns(request.user, [row])
    return {
        "row": row,
        "pair": pair,
        "form": form,
        "may_settle": may_settle,
        "may_unsettle": permissions.may_unsettle_pair(request.user, pair),
        "is_office": is_office,
        "audience": audience,
        "is_running_short": row.is_running_short and audience != STUDENT,
        "standing": beside.acts,
        "may_unlock": permissions.has(request.user, "start_sync") and may_be_thought_of(pair),
        "may_extend": may_act and not row.is_running_short and is_thinkable(pair, timezone.now()),
        "may_mark_exam": permissions.has(request.user, "record_accommodation"),
        "may_sync": permissions.may_start_course_sync(request.user, pair.course),
        "holds": beside.holds if is_office and pair.status == Status.HELD else [],
        "may_act": permissions.has(request.user, "start_sync"),
        "may_raise": permissions.has(request.user, "start_taught_sync"),
        "may_follow_class": permissions.has(request.user, "start_sync") and may_follow_class(pair),
        "who_acts": WHO_ACTS.get(Reason(pair.reason), "") if is_office else "",
        "accommodations": sources_of(pair) if is_office else [],
        "entries": entries_about(pair) if permissions.has(request.user, "read_log") else [],
    }
