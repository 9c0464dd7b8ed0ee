"""The button of the office that marks an assessment as an exam, or takes that back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accommodations.models import Assessment
from accommodations.selectors.visibility import courses_visible_to, pairs_visible_to
from accommodations.services.exams import mark_exam
from accommodations.views.access import SignedInRequest, requires


@requires("record_accommodation")
@require_POST
def assessment_exam(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark or unmark, as the pressed button says, and go back to the page that it stood on."""
    assessment = get_object_or_404(Assessment, pk=pk, course__in=courses_visible_to(request.user))
    is_marked = request.POST.get("is_exam") == "1"
    if mark_exam(assessment=assessment, is_marked=is_marked, marked_by=request.user):
        messages.success(request, _said(assessment, is_marked=is_marked))
    back = request.POST.get("pair", "")
    if back.isascii() and back.isdigit():
        pair = pairs_visible_to(request.user).filter(pk=int(back), assessment=assessment).first()
        if pair is not None:
            return redirect("pair_detail", pair.pk)
    return redirect("course_detail", assessment.course_id)


def _said(assessment: Assessment, *, is_marked: bool) -> str:
    if is_marked:
        return f"{assessment.name} is marked as an exam: it counts among the exams at once. Nothing in Canvas changes."
    return f"{assessment.name} is no longer marked as an exam. Nothing in Canvas changes."
