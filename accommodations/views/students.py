"""Students: the list, one student, their export, and a student's own page."""

from datetime import datetime, tzinfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations import permissions
from accommodations.htmx import institution_of, wants_part, zone_of
from accommodations.models import Course
from accommodations.selectors import students
from accommodations.selectors.assignment_groups import with_groups_of_courses
from accommodations.selectors.decided_for import decided_for
from accommodations.selectors.groups import tell_groups
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.summary_words import approved_lines
from accommodations.selectors.told import MOST_SHOWN, SHOWN_AT_ONCE, told_to
from accommodations.selectors.visibility import courses_visible_to, own_student, students_visible_to
from accommodations.services import action_log
from accommodations.services.act_limits import EXPORT
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import csv_response, page_of, render_list, searched_address, sort_of
from accommodations.views.searches import remember_search, search_of


@requires("see_all_students")
@require_http_methods(["GET", "HEAD", "POST"])
def student_list(request: SignedInRequest) -> HttpResponse:
    """List students. A search is posted and kept in the session: names stay out of addresses."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    search, sort = search_of(request), sort_of(request, students.SORTS, "name")
    found = students.student_list(request.user, search=search, sort=sort, now=timezone.now())
    return render_list(
        request,
        page="accommodations/student_list.html",
        partial="accommodations/partials/_student_rows.html",
        context={"page": page_of(request, found), "search": search},
        address=address,
    )


@requires("export")
@require_safe
@limited(EXPORT)
def student_export(request: SignedInRequest) -> HttpResponseBase:
    """Return the searched list as CSV; the export is logged."""
    sort = sort_of(request, students.SORTS, "name")
    found = students.student_list(request.user, search=search_of(request), sort=sort, now=timezone.now())
    action_log.record(act="students.exported", actor=request.user, payload={"rows": found.count()})
    zone = zone_of(request)
    head = ("Name", "SIS id", "Login", "Canvas user", "Accommodations", "In place", "Not covered", "Next exam")
    return csv_response(
        "students",
        head,
        (
            (
                student.sortable_name,
                student.sis_user_id,
                student.login_id,
                student.canvas_user_id,
                student.accommodation_count,  # type: ignore[attr-defined]  # annotated
                student.in_place_count,  # type: ignore[attr-defined]  # annotated
                student.gap_count,  # type: ignore[attr-defined]  # annotated
                _local(student.next_exam_at, zone),  # type: ignore[attr-defined]  # annotated
            )
            for student in found.iterator(chunk_size=500)
        ),
    )


def _local(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


@login_required
@require_safe
def student_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one student's record; that somebody looked is logged."""
    known = students_visible_to(request.user).select_related("gone__survivor", "gone__decided_by")
    student = get_object_or_404(with_groups_of_courses(known), pk=pk)
    if not request.htmx:
        action_log.record_view(viewer=request.user, student=student)
    now = timezone.now()
    groups = students.pairs_by_course(student, now=now, steps_for=request.user)
    tell_groups(request.user, (row for group in groups for row in group.ahead))
    current, ended = students.accommodations_of(student)
    decided = decided_for(student, today=now.astimezone(zone_of(request)).date())
    lines = students.accommodation_lines([*current, *ended])
    may_see_all = permissions.has(request.user, "see_all_students")
    context = {
        "student": student,
        "gone": getattr(student, "gone", None),
        "groups": groups,
        "running": [row.pair for group in groups for row in group.shown if row.is_running_short],
        "over_count": sum(len(group.over) for group in groups),
        "summary": students.summary_of(groups),
        "accommodations": students.with_group_notes(student, lines[: len(current)])
        if may_see_all
        else lines[: len(current)],
        "ended": lines[len(current) :],
        "exceptions": decided.exceptions,
        "releases": decided.releases,
        "may_record": permissions.has(request.user, "record_accommodation"),
        "may_approve": permissions.may_approve(request.user, two_people=institution_of(request).two_person_approval),
        "waiting_count": sum(line.needs_approval for line in lines[: len(current)]),
        "may_sync": permissions.has(request.user, "start_sync"),
        "holds": decided.holds,
        "may_act": permissions.has(request.user, "start_sync"),
        "may_see_notes": permissions.has(request.user, "see_notes"),
        "may_read_log": permissions.has(request.user, "read_log"),
        "two_people": institution_of(request).two_person_approval,
    }
    return render(request, "accommodations/student_detail.html", context)


@requires("see_self")
@require_safe
def own_page(request: SignedInRequest) -> HttpResponse:
    """Show a student what they get, whether Canvas has it, and whom to ask."""
    student = own_student(request.user)
    if student is None:
        return render(request, "accommodations/own_page_empty.html", {})
    groups = students.pairs_by_course(student, now=timezone.now())
    action_log.record_view(viewer=request.user, student=student)
    shows_all = request.GET.get("told") == "all"
    told = told_to(request.user, most=MOST_SHOWN if shows_all else SHOWN_AT_ONCE + 1)
    context = {
        "student": student,
        "groups": groups,
        "summary": students.summary_of(groups),
        "accommodations": approved_lines(student),
        "told": told if shows_all else told[:SHOWN_AT_ONCE],
        "has_more_told": not shows_all and len(told) > SHOWN_AT_ONCE,
    }
    return render(request, "accommodations/own_page.html", context)


@requires("see_all_students")
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """Go to where the words are found: the one student or course, else the list of coverage narrowed to them."""
    words = request.POST.get("q", "")
    found = list(students.student_list(request.user, search=words, now=timezone.now())[:2]) if words.strip() else []
    courses = _courses_named(request, words)
    number = remember_search(request, words)
    if not number:
        return redirect("student_list")
    if len(found) == 1 and not courses:
        return redirect("student_detail", found[0].pk)
    if len(courses) == 1 and not found:
        return redirect("course_detail", courses[0].pk)
    if found:
        return redirect(_with_search("student_list", number))
    return redirect(_with_search("pair_list", number))


def _courses_named(request: SignedInRequest, words: str) -> list[Course]:
    courses = courses_visible_to(request.user)
    for word in escaped_terms(words):
        courses = courses.filter(any_contains(word, "name", "course_code"))
    return list(courses[:2]) if words.strip() else []


def _with_search(name: str, number: str) -> str:
    return f"{reverse(name)}?find={number}"
