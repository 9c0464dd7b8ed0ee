"""Concerns: an instructor raises one, the office answers it on the page. Nothing in Canvas changes by either."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accommodations.errors import LeewayError, ValuesRefused
from accommodations.forms.concerns import AnswerForm, ConcernForm
from accommodations.htmx import wants_part, zone_of
from accommodations.models import Concern, Course, PairStatus
from accommodations.permissions import has, is_staff_of_office
from accommodations.selectors import concerns as selectors
from accommodations.selectors.courses import pairs_by_assessment
from accommodations.selectors.visibility import courses_visible_to
from accommodations.services import action_log, concerns
from accommodations.services.act_limits import EXPORT
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import csv_response, page_of, render_list, searched_address, sort_of
from accommodations.views.searches import search_of

EXPORT_HEAD = ("Course", "Assessment", "Student", "Raised by", "Raised", "What does not fit", "Answered by", "Answer")


@requires("see_all_students", "see_taught_students")
@require_http_methods(["GET", "HEAD", "POST"])
def concern_list(request: SignedInRequest) -> HttpResponse:
    """List the concerns that the person may read, open ones first."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    search = search_of(request)
    return render_list(
        request,
        page="notices/concern_list.html",
        partial="notices/_concern_rows.html",
        context={
            "page": page_of(request, _found(request)),
            "search": search,
            "only_open": request.GET.get("open") == "1",
            "is_office": is_staff_of_office(request.user),
        },
        address=address,
    )


def _found(request: SignedInRequest) -> QuerySet[Concern]:
    return selectors.concern_list(
        request.user,
        search=search_of(request),
        sort=sort_of(request, selectors.SORTS, "raised"),
        only_open=request.GET.get("open") == "1",
    )


@requires("export")
@require_safe
@limited(EXPORT)
def concern_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the list as CSV; the export is logged."""
    found = _found(request)
    action_log.record(act="concerns.exported", actor=request.user, payload={"rows": found.count()})
    return csv_response("concerns", EXPORT_HEAD, _export_rows(request, found.iterator(chunk_size=500)))


def _export_rows(request: SignedInRequest, found: Iterable[Concern]) -> Iterable[tuple[object, ...]]:
    zone = zone_of(request)
    for one in found:
        yield (
            one.course.course_code,
            one.assessment.name if one.assessment else "",
            one.student.sortable_name if one.student else "",
            one.raised_by.get_full_name() or one.raised_by.get_username(),
            f"{one.raised_at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.words,
            (one.answered_by.get_full_name() or one.answered_by.get_username()) if one.answered_by else "",
            one.answer,
        )


@requires("start_taught_sync")
@require_http_methods(["GET", "HEAD", "POST"])
def concern_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Raise a concern about one's course; `about` in the address chooses a pair beforehand."""
    course: Course = get_object_or_404(courses_visible_to(request.user), pk=pk)
    pairs = _pairs(request, course)
    form = ConcernForm(
        request.POST if request.method == "POST" else None, pairs=pairs, about=request.GET.get("about", "")
    )
    if form.is_bound and form.is_valid() and (raised := _raised(request, course, form)):
        messages.success(request, "The office has your concern and answers it here. Nothing changes meanwhile.")
        return redirect("concern_detail", raised.pk)
    return render(request, "notices/concern_form.html", {"course": course, "form": form})


def _pairs(request: SignedInRequest, course: Course) -> list[PairStatus]:
    groups = pairs_by_assessment(request.user, course, now=timezone.now())
    return [row.pair for group in groups for row in group.rows]


def _raised(request: SignedInRequest, course: Course, form: ConcernForm) -> Concern | None:
    try:
        return concerns.raise_concern(
            course=course,
            raised_by=request.user,
            words=form.cleaned_data["words"],
            **form.subject(),  # type: ignore[arg-type]  # an assessment and a student
        )
    except ValuesRefused as refused:
        form.add_error("words", refused.message)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def concern_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a concern and its answer; the office answers it by a POST."""
    concern: Concern = get_object_or_404(selectors.concerns_visible_to(request.user), pk=pk)
    may_answer = has(request.user, "record_accommodation")
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _answered(request, concern, form):
        return redirect("concern_detail", pk)
    pair = PairStatus.objects.filter(student=concern.student_id, assessment=concern.assessment_id).first()
    context = {
        "concern": concern,
        "pair": pair,
        "form": form,
        "may_answer": may_answer and concern.answered_at is None,
        "is_office": is_staff_of_office(request.user),
    }
    return render(request, "notices/concern_detail.html", context)


def _answered(request: SignedInRequest, concern: Concern, form: AnswerForm) -> bool:
    try:
        concerns.answer_concern(concern=concern, answered_by=request.user, words=form.cleaned_data["answer"])
    except ValuesRefused as refused:
        form.add_error("answer", refused.message)
        return False
    except LeewayError as refused:
        messages.info(request, refused.message)
        return True
    messages.success(request, "Answered. Whoever raised it is told.")
    return True
