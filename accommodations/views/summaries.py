"""A student's summary to print, hand out or mail: what was approved and what it comes to, no note and no classmate."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accommodations.errors import LeewayError
from accommodations.htmx import institution_of, zone_of
from accommodations.selectors import students
from accommodations.selectors.summary_words import approved_lines
from accommodations.selectors.visibility import students_visible_to
from accommodations.services import action_log
from accommodations.services.summary_mail import send_summary, summary_mail
from accommodations.tasks import tend_notices
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires


@requires("see_all_students")
@require_safe
def student_summary(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the summary of one student. A draft is not approved: nobody is handed what may not come."""
    student = get_object_or_404(students_visible_to(request.user), pk=pk)
    action_log.record_view(viewer=request.user, student=student)
    now = timezone.now()
    groups = students.pairs_by_course(student, now=now)
    context = {
        "student": student,
        "groups": [group for group in groups if group.ahead],
        "summary": students.summary_of(groups),
        "accommodations": approved_lines(student),
        "exceptions": students.exceptions_of(student, today=now.astimezone(zone_of(request)).date()),
        "printed_at": now,
    }
    return render(request, "accommodations/student_summary.html", context)


@requires("record_accommodation")
@require_http_methods(["GET", "HEAD", "POST"])
def student_summary_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the mail as it would be sent and to which address; send exactly that when it is confirmed."""
    student = get_object_or_404(students_visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            send_summary(student=student, asked_by=request.user, digest=request.POST.get("digest", ""))
        except LeewayError as refused:
            messages.info(request, refused.message)
            return redirect("student_summary_mail", pk)
        wake(tend_notices)
        messages.success(request, "The mail is on its way. Notices says whether it arrived.")
        return redirect("student_summary", pk)
    action_log.record_view(viewer=request.user, student=student)
    mail = summary_mail(student, now=timezone.now(), institution=institution_of(request))
    context = {"student": student, "mail": mail, "sends_mail": settings.LEEWAY_SENDS_MAIL}
    return render(request, "accommodations/student_summary_mail.html", context)
