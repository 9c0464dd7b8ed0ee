"""What waits for approval: the list, one student's letter with what it comes to, and the approving of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations import permissions
from accommodations.errors import ApprovalRefused
from accommodations.htmx import institution_of
from accommodations.models import Accommodation, Student
from accommodations.selectors.approvals import may_be_approved_by, students_waiting
from accommodations.selectors.recording import on_record
from accommodations.services import accommodations, action_log, approving, preview
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.accommodations import after_saving, count_in_words
from accommodations.views.lists import page_of

RECORD = "record_accommodation"
MOST_AT_ONCE = 200


@requires(RECORD)
@require_safe
def approval_list(request: SignedInRequest) -> HttpResponse:
    """List the students for whom something waits, the urgent first."""
    two_people = institution_of(request).two_person_approval
    context = {
        "page": page_of(request, students_waiting(request.user)),
        "two_people": two_people,
        "may_approve": permissions.may_approve(request.user, two_people=two_people),
    }
    return render(request, "accommodations/approval_list.html", context)


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def student_approval(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what waits for one student and what it comes to; approve what is ticked."""
    student = get_object_or_404(Student, pk=pk)
    problem = ""
    if request.method == "POST":
        _require_approver(request)
        answer, problem = _approve(request, student)
        if answer is not None:
            return answer
    else:
        action_log.record_view(viewer=request.user, student=student)
    return _approval_page(request, student, problem)


def _approval_page(request: SignedInRequest, student: Student, problem: str) -> HttpResponse:
    institution = institution_of(request)
    record = on_record(student)
    waiting = record.waiting
    may_approve = permissions.may_approve(request.user, two_people=institution.two_person_approval)
    allowed = may_be_approved_by(waiting, request.user, two_people=institution.two_person_approval)
    shown = (
        preview.preview_approval(
            drafts=waiting, accommodations=record.counting, now=timezone.now(), institution=institution
        )
        if waiting
        else None
    )
    context = {
        "student": student,
        "waiting": [(row, may_approve and allowed[row.pk]) for row in waiting],
        "any_allowed": may_approve and any(allowed.values()),
        "may_approve": may_approve,
        "two_people": institution.two_person_approval,
        "preview": shown,
        "count": count_in_words(shown) if shown else "",
        "problem": problem,
    }
    return render(request, "accommodations/student_approval.html", context)


def _approve(request: SignedInRequest, student: Student) -> tuple[HttpResponse | None, str]:
    """Approve what is ticked; return the next page, or why nothing was approved."""
    versions = _versions(request)
    if not versions:
        return None, "Tick at least one to approve."
    try:
        done = approving.approve_all(student=student, versions=versions, approved_by=request.user)
    except ApprovalRefused as refused:
        return None, refused.message
    for words in dict.fromkeys(one.message for one in done.refused):
        messages.error(request, words)
    if not done.rows:
        return redirect("student_approval", student.pk), ""
    never = "It counts already: nothing more goes to Canvas."
    return after_saving(request, student, done.run, saved=f"Approved: {len(done.rows)}.", otherwise=never), ""


def _versions(request: SignedInRequest) -> dict[int, int]:
    """Return the ticked rows with the version that was read: each box says "number:version"."""
    ticked = [value.partition(":") for value in request.POST.getlist("approve")[:MOST_AT_ONCE]]
    numbers = [(pk, version) for pk, _, version in ticked if _is_number(pk) and _is_number(version)]
    return {int(pk): int(version) for pk, version in numbers}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


@requires(RECORD)
@require_POST
def accommodation_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let one draft count, unless the person who asks is the one who recorded it and two are needed."""
    _require_approver(request)
    accommodation = get_object_or_404(Accommodation.objects.select_related("student"), pk=pk)
    try:
        run = accommodations.approve_accommodation(accommodation=accommodation, approved_by=request.user)
    except ApprovalRefused as refused:
        messages.error(request, refused.message)
        return redirect("student_detail", accommodation.student_id)
    never = "It counts already: nothing more goes to Canvas."
    return after_saving(request, accommodation.student, run, saved="Approved.", otherwise=never)


def _require_approver(request: SignedInRequest) -> None:
    if not permissions.may_approve(request.user, two_people=institution_of(request).two_person_approval):
        raise PermissionDenied
