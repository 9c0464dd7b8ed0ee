"""Courses: the list, and one course with who gets what."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accommodations import permissions
from accommodations.htmx import institution_of, wants_part
from accommodations.models import Course
from accommodations.selectors import courses
from accommodations.selectors.acts import standing_acts
from accommodations.selectors.concerns import tell_concerns
from accommodations.selectors.groups import tell_groups
from accommodations.selectors.notices import waiting_for_instructor
from accommodations.selectors.sync_runs import runs_visible_to
from accommodations.selectors.visibility import courses_visible_to
from accommodations.selectors.waiting import waiting_for_people
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import page_of, render_list, searched_address, sort_of
from accommodations.views.searches import search_of


@requires("see_all_students", "see_taught_students")
@require_http_methods(["GET", "HEAD", "POST"])
def course_list(request: SignedInRequest) -> HttpResponse:
    """List the courses that the person may see: all for the office, the own ones for instructors."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    search, sort = search_of(request), sort_of(request, courses.SORTS, "course")
    found = courses.course_list(request.user, search=search, sort=sort)
    return render_list(
        request,
        page="accommodations/course_list.html",
        partial="accommodations/partials/_course_rows.html",
        context={"page": page_of(request, found), "search": search},
        address=address,
    )


@login_required
@require_safe
def course_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who gets what in one course; instructors see the students that they teach there."""
    visible = courses_visible_to(request.user).select_related("term")
    course = get_object_or_404(visible, pk=pk)
    groups = courses.pairs_by_assessment(request.user, course, now=timezone.now())
    rows = [row for group in groups if not group.is_over for row in group.rows]
    tell_groups(request.user, rows)
    tell_concerns(request.user, rows)
    is_office = permissions.is_staff_of_office(request.user)
    last_sync = courses.last_sync_of(course)
    context = {
        "course": course,
        "groups": groups,
        "over_count": sum(group.is_over for group in groups),
        "gaps": [row for row in rows if row.needs_somebody],
        "running": [row.pair for row in rows if row.is_running_short],
        "standing": standing_acts(course=course) if is_office else [],
        "students": len({row.pair.student_id for row in rows}),
        "in_place": sum(row.pair.status == "in_place" for row in rows),
        "last_sync": last_sync,
        "audience": permissions.audience_of(request.user),
        "is_office": is_office,
        "unanswered": [] if is_office else list(waiting_for_instructor(request.user, course)),
        "may_raise": permissions.has(request.user, "start_taught_sync"),
        "may_record_letter": permissions.has(request.user, "start_taught_sync")
        and institution_of(request).instructors_record_letters,
        "waiting": waiting_for_people(request.user, courses=Course.objects.filter(pk=course.pk)),
        "may_decide": permissions.has(request.user, "confirm_guard"),
        "may_note": is_office and permissions.has(request.user, "record_accommodation"),
        "may_mark_exam": permissions.has(request.user, "record_accommodation"),
        "may_sync": permissions.may_start_course_sync(request.user, course),
        "may_read_log": permissions.has(request.user, "read_log"),
        # A link to a run that answers 404 would say that there is one.
        "may_see_runs": last_sync and runs_visible_to(request.user).filter(pk=last_sync.run_id).exists(),
        "teachers": courses.teachers_of(course) if is_office else [],
    }
    return render(request, "accommodations/course_detail.html", context)
