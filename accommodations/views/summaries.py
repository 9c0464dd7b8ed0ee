"""A student's summary to print or hand out: what was approved and what it comes to, with no note and no classmate."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations.htmx import zone_of
from accommodations.models import Accommodation
from accommodations.selectors import students
from accommodations.selectors.visibility import students_visible_to
from accommodations.services import action_log
from accommodations.views.access import SignedInRequest, requires


@requires("see_all_students")
@require_safe
def student_summary(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the summary of one student. A draft is not approved: nobody is handed what may not come."""
    student = get_object_or_404(students_visible_to(request.user), pk=pk)
    action_log.record_view(viewer=request.user, student=student)
    now = timezone.now()
    groups = students.pairs_by_course(student, now=now)
    current = [row for row in students.accommodations_of(student)[0] if row.status != Accommodation.Status.DRAFT]
    context = {
        "student": student,
        "groups": [group for group in groups if group.ahead],
        "summary": students.summary_of(groups),
        "accommodations": students.accommodation_lines(current),
        "exceptions": students.exceptions_of(student, today=now.astimezone(zone_of(request)).date()),
        "printed_at": now,
    }
    return render(request, "accommodations/student_summary.html", context)
