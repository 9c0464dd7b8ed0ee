"""What an instructor records from a letter, where the institution wants that; the office confirms it or ends it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import LeewayError, ValuesRefused
from accommodations.forms.letters import LetterForm
from accommodations.htmx import institution_of, zone_of
from accommodations.models import Course, LetterRecord, SyncRun
from accommodations.selectors.notices import unconfirmed_letters
from accommodations.selectors.students import accommodation_lines
from accommodations.selectors.visibility import courses_visible_to
from accommodations.services.act_limits import ASK_CANVAS
from accommodations.services.letters import confirm_letter, record_letter
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import page_of


@requires("start_taught_sync")
@require_http_methods(["GET", "HEAD", "POST"])
@limited(ASK_CANVAS, methods=("POST",))
def letter_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record for one's course what a letter says."""
    course: Course = get_object_or_404(courses_visible_to(request.user), pk=pk)
    institution = institution_of(request)
    if not institution.instructors_record_letters:
        raise Http404
    today = timezone.now().astimezone(zone_of(request)).date()
    form = LetterForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_bound and form.is_valid():
        try:
            _, run = record_letter(
                course=course, recorded_by=request.user, query=form.cleaned_data["student"], values=form.values()
            )
        except ValuesRefused as refused:
            form.show_problems(refused.problems)
        except LeewayError as refused:
            form.add_error(None, refused.message)
        else:
            return _recorded(request, course, run)
    context = {"course": course, "form": form, "two_people": institution.two_person_approval}
    return render(request, "notices/letter_form.html", context)


def _recorded(request: SignedInRequest, course: Course, run: SyncRun | None) -> HttpResponse:
    if run is None:
        messages.success(request, "Recorded. The office approves it before anything goes to Canvas.")
    else:
        wake(prepare_sync_run, run.pk)
        messages.success(request, "Recorded. It goes to Canvas now; the office sees it and confirms it.")
    return redirect("course_detail", course.pk)


@requires("record_accommodation")
@require_POST
def letter_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let stand what an instructor has recorded."""
    record = get_object_or_404(LetterRecord.objects.select_related("accommodation__student", "course"), pk=pk)
    confirm_letter(record=record, confirmed_by=request.user)
    messages.success(request, "Confirmed. It stands as if the office had recorded it.")
    return redirect("letter_list")


@requires("see_all_students")
@require_http_methods(["GET", "HEAD"])
def letter_list(request: SignedInRequest) -> HttpResponse:
    """List what instructors recorded and the office has neither confirmed nor ended."""
    page = page_of(request, unconfirmed_letters(request.user))
    records = list(page.object_list)
    lines = accommodation_lines(record.accommodation for record in records)
    context = {"page": page, "rows": list(zip(records, lines, strict=True))}
    return render(request, "notices/letter_list.html", context)
