"""Evidence and reports: what was in place, who decided, when Canvas confirmed it, and who looked."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations.htmx import zone_of
from accommodations.models import PairStatus
from accommodations.selectors import reports
from accommodations.selectors.evidence import evidence_of
from accommodations.selectors.visibility import courses_visible_to, students_visible_to
from accommodations.services import action_log
from accommodations.services.act_limits import EXPORT
from accommodations.services.action_log import LogRecord
from accommodations.services.log_shown import entries_hold
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import csv_response, page_of
from accommodations.views.log_evidence import chain_context

READS = "read_log"
SHEETS_ON_A_PAGE = 25


@requires(READS)
@require_safe
def pair_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the four questions about one student and one assessment, with the timeline behind them."""
    found = PairStatus.objects.select_related("student", "assessment", "course", "settled_by")
    pair = get_object_or_404(found, pk=pk)
    evidence = evidence_of(pair, now=timezone.now())
    action_log.record_view(viewer=request.user, student=pair.student)
    context = {
        "pair": pair,
        "evidence": evidence,
        "now": timezone.now(),
        **chain_context(holds=entries_hold(line.entry for line in evidence.lines)),
    }
    return render(request, "reports/evidence.html", context)


@requires(READS)
@require_safe
def student_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one student's report, for paper."""
    student = get_object_or_404(students_visible_to(request.user), pk=pk)
    sheets = reports.sheets(reports.pairs_of_student(student), students=[student])
    action_log.record_view(viewer=request.user, student=student)
    return render(request, "reports/report.html", {"student": student, "sheets": sheets, "now": timezone.now()})


@requires(READS)
@require_safe
def course_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a course's report: a sheet of paper for each student, on which no classmate stands."""
    course = get_object_or_404(courses_visible_to(request.user).select_related("term"), pk=pk)
    page = page_of(request, reports.students_of_course(course), size=SHEETS_ON_A_PAGE)
    students = list(page.object_list)
    sheets = reports.sheets(reports.pairs_of_course(course, students=students), students=students)
    views = [LogRecord(act="student.viewed", actor=request.user, student=one, course=course) for one in students]
    action_log.record_many([LogRecord(act="report.opened", actor=request.user, course=course), *views])
    context = {"course": course, "sheets": sheets, "page": page, "now": timezone.now()}
    return render(request, "reports/report.html", context)


@requires("export")
@require_safe
@limited(EXPORT)
def student_report_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Return one student's report as CSV; the file's name has our number of the student, never a name."""
    student = get_object_or_404(students_visible_to(request.user), pk=pk)
    found = list(reports.pairs_of_student(student))
    action_log.record(act="report.exported", actor=request.user, student=student, payload={"rows": len(found)})
    rows = reports.cells(found, zone=zone_of(request), approved=reports.approved_words([student]))
    return csv_response(f"report-student-{student.pk}", reports.HEAD, rows)


@requires("export")
@require_safe
@limited(EXPORT)
def course_report_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Return a course's report as CSV."""
    counted = courses_visible_to(request.user).annotate(pair_count=Count("pairs"))
    course: Any = get_object_or_404(counted, pk=pk)
    found = reports.pairs_of_course(course)
    action_log.record(act="report.exported", actor=request.user, course=course, payload={"rows": course.pair_count})
    approved = reports.approved_words(reports.students_of_course(course))
    rows = reports.cells(found.iterator(chunk_size=500), zone=zone_of(request), approved=approved)
    return csv_response(f"report-course-{course.course_code}", reports.HEAD, rows)
