"""Renewal: what ends with a term, chosen one by one or all, read once more, and continued in the next."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accommodations.errors import ValuesRefused
from accommodations.forms.renewals import RenewalForm, TermsForm
from accommodations.htmx import institution_of, zone_of
from accommodations.models import Accommodation, Student
from accommodations.selectors.renewals import left_to_their_course, not_renewed, renewable, terms_with_days, usual_terms
from accommodations.services import action_log, renewals
from accommodations.services.preview import preview_accommodations
from accommodations.services.renewals import NextPeriod
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.accommodations import count_in_words
from accommodations.views.lists import number_of, page_number

PAGE_SIZE = 100
MOST_SHOWN = 200
"""How many of the chosen are listed before the confirmation; the number says how many there are."""


@requires("record_accommodation")
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: SignedInRequest) -> HttpResponse:
    """Choose the terms, choose what is renewed, read it, and confirm it."""
    student = _student_asked(request)
    terms_form = _terms_form(request)
    context: dict[str, Any] = {"terms_form": terms_form, "student": student}
    if not terms_form.is_bound or not terms_form.is_valid():
        return _page(request, context)
    rows = renewable(terms_form.ending, student=student)
    offered = list(not_renewed(terms_form.ending, student=student).values_list("pk", flat=True))
    form = RenewalForm(
        request.POST if request.method == "POST" else None,
        first=terms_form.next_one.first,
        last=terms_form.next_one.last,
        offered=offered,
    )
    context |= {"form": form, "ending": terms_form.ending, "next_one": terms_form.next_one}
    if form.is_bound and form.is_valid() and request.POST.get("step") != "change":
        answer = _read_or_done(request, context)
        if answer is not None:
            return answer
    page = Paginator(rows, PAGE_SIZE).get_page(page_number(request.GET.get("page")))
    context |= {"page": page, "offered_count": len(offered)}
    context["ticked"] = set(form["chosen"].value() or [])
    context["narrow_count"] = left_to_their_course(terms_form.ending, student=student)
    return _page(request, context)


def _read_or_done(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse | None:
    """Show what will be recorded, or record it; None where that was refused, with the reason in the form."""
    form, ending, next_one = context["form"], context["ending"], context["next_one"]
    chosen = list(not_renewed(ending, student=context["student"]).filter(pk__in=form.numbers))
    days: dict[str, date] = {name: form.cleaned_data[name] for name in ("effective_from", "effective_until")}
    period = NextPeriod(term=next_one.term, **days)
    if request.POST.get("step") != "confirm":
        context |= {"chosen": chosen[:MOST_SHOWN], "number": len(chosen), "period": period}
        context["students_number"] = len({row.student_id for row in chosen})
        context |= _effect(request, chosen, period)
        return render(request, "accommodations/renewal_read.html", context)
    try:
        done = renewals.renew(accommodations=chosen, period=period, renewed_by=request.user)
    except ValuesRefused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return None
    return _after_renewing(request, done, context["student"])


def _effect(request: SignedInRequest, chosen: list[Accommodation], period: NextPeriod) -> dict[str, Any]:
    """Return what the renewal comes to for one student, course by course: the one asked for, else the first.

    One at a time, as an approval is read: the effect for all of them is the plan that follows.
    """
    asked = request.POST.get("show", "")
    student = next((row.student for row in chosen if str(row.student_id) == asked), chosen[0].student)
    action_log.record_view(viewer=request.user, student=student)
    try:
        shown = preview_accommodations(
            student=student,
            values=[renewals.renewed_values(row, period) for row in chosen if row.student_id == student.pk],
            now=timezone.now(),
            institution=institution_of(request),
        )
    except ValuesRefused as refused:
        return {"shown_student": student, "preview": None, "count": refused.problems[0].message}
    return {"shown_student": student, "preview": shown, "count": count_in_words(shown), "is_asked_for": bool(asked)}


def _after_renewing(request: SignedInRequest, done: renewals.Renewed, student: Student | None) -> HttpResponse:
    words = f"{len(done.rows)} renewed." if done.rows else "All of it was renewed before."
    if any(row.status == Accommodation.Status.DRAFT for row in done.rows):
        messages.success(request, f"{words} Nothing goes to Canvas before somebody else has approved it.")
        return redirect("approval_list")
    if done.run is None:
        messages.success(request, words)
        return redirect("student_detail", student.pk) if student else redirect("renewal")
    wake(prepare_sync_run, done.run.pk)
    messages.success(request, words)
    return redirect("sync_run_detail", done.run.pk)


def _student_asked(request: SignedInRequest) -> Student | None:
    number = number_of(request, "student")
    return get_object_or_404(Student, pk=number) if number else None


def _terms_form(request: SignedInRequest) -> TermsForm:
    """Return the form of the terms: as the address asks, else the term that runs and the next."""
    terms = terms_with_days(zone_of(request))
    if "ending_term" in request.GET or "next_term" in request.GET:
        return TermsForm(request.GET, terms=terms)
    ending, after = usual_terms(terms, today=timezone.now().astimezone(zone_of(request)).date())
    if ending is None or after is None:
        return TermsForm(None, terms=terms)
    return TermsForm({"ending_term": str(ending.term.pk), "next_term": str(after.term.pk)}, terms=terms)


def _page(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "accommodations/renewal.html", context)
