"""How one pair's grant and status come about: the whole derivation, for the office, auditors and the instructor."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations import permissions
from accommodations.htmx import institution_of
from accommodations.planning.explain_pair import Explanation
from accommodations.planning.explain_sources import SuppliedDate
from accommodations.selectors.pair_words import STUDENT
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services import action_log
from accommodations.services.explaining import explain_pair
from accommodations.views.access import SignedInRequest


@login_required
@require_safe
def pair_explain(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the derivation of one pair; that somebody looked is logged. Students have their own page instead."""
    audience = permissions.audience_of(request.user)
    if audience == STUDENT:
        raise Http404
    visible = pairs_visible_to(request.user).select_related(
        "student", "assessment__course__term", "assessment__course__snapshot", "course", "settled_by"
    )
    pair = get_object_or_404(visible, pk=pk)
    action_log.record_view(viewer=request.user, student=pair.student)
    explanation = explain_pair(
        pair.student, pair.assessment, pair=pair, now=timezone.now(), institution=institution_of(request)
    )
    is_office = permissions.is_staff_of_office(request.user)
    derivation = explanation.derivation
    context = {
        "pair": pair,
        "audience": audience,
        "is_office": is_office,
        "explanation": explanation,
        "derivation": derivation,
        "date_rows": _date_rows(derivation),
        # What counts in other courses is none of an instructor's business.
        "accommodations": [one for one in explanation.accommodations if is_office or one.verdict.counts],
    }
    return render(request, "accommodations/pair_explain.html", context)


def _date_rows(derivation: Explanation | None) -> list[tuple[SuppliedDate, SuppliedDate, SuppliedDate]]:
    """Return unlock, due and lock, each as the class has it, as it would be without us, and as Canvas holds it."""
    if derivation is None:
        return []
    return list(zip(derivation.class_dates, derivation.without_us, derivation.observed, strict=True))
