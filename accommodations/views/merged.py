"""A student whom Canvas no longer knows: both people side by side, what would happen, and the decision."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import LeewayError
from accommodations.forms.merged import GoneForm, SurvivorForm
from accommodations.htmx import institution_of
from accommodations.models import Enrollment, GonePerson
from accommodations.selectors.students import accommodation_lines, accommodations_of
from accommodations.services import action_log, merged
from accommodations.services.accommodation_values import values_of
from accommodations.services.accommodations import COUNTING
from accommodations.services.act_limits import ASK_CANVAS
from accommodations.services.preview import preview_accommodations
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.accommodations import after_saving, count_in_words
from accommodations.views.limits import limited

RECORD = "record_accommodation"


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@limited(ASK_CANVAS, methods=("POST",))
def student_gone(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show both people and what moving would do; name who stays, or decide."""
    gone = _gone(pk)
    if request.method != "POST":
        action_log.record_view(viewer=request.user, student=gone.student)
        return _page(request, gone)
    if gone.decision:
        messages.info(request, merged.DECIDED_ALREADY)
        return redirect("student_detail", gone.student_id)
    return _named(request, gone) if request.POST.get("step") == "name" else _decided(request, gone)


def _named(request: SignedInRequest, gone: GonePerson) -> HttpResponse:
    form = SurvivorForm(request.POST)
    if form.is_valid():
        try:
            merged.name_survivor(gone=gone, query=form.cleaned_data["query"], named_by=request.user)
        except LeewayError as error:
            form.add_error("query", error.message)
        else:
            return redirect("student_gone", gone.student_id)
    return _page(request, gone, survivor_form=form, error_form=form)


def _decided(request: SignedInRequest, gone: GonePerson) -> HttpResponse:
    """Show what the decision does, and carry it out when that is confirmed."""
    form = GoneForm(request.POST, gone=gone)
    step = request.POST.get("step", "")
    if not form.is_valid() or step == "change":
        return _page(request, gone, form=form, error_form=None if step == "change" else form)
    if step != "confirm":
        return _effect_page(request, gone, form)
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == GonePerson.Decision.ENDED or gone.survivor is None:
        merged.end_for_gone(gone=gone, decided_by=request.user, reason=reason)
        messages.success(request, "Ended. Nothing was sent: Canvas knows no such person.")
        return redirect("student_detail", gone.student_id)
    run = merged.move_to_survivor(gone=gone, survivor=gone.survivor, decided_by=request.user, reason=reason)
    return after_saving(request, gone.survivor, run, saved="Moved.", otherwise="Nothing of it counts now.")


def _effect_page(request: SignedInRequest, gone: GonePerson, form: GoneForm) -> HttpResponse:
    standing = accommodations_of(gone.student)[0]
    counting = [row for row in standing if row.status in COUNTING]
    effect = None
    if form.cleaned_data["decision"] == GonePerson.Decision.MOVED and gone.survivor is not None and counting:
        effect = preview_accommodations(
            student=gone.survivor,
            values=[values_of(row) for row in counting],
            now=timezone.now(),
            institution=institution_of(request),
        )
    shown = {
        "gone": gone,
        "student": gone.student,
        "survivor": gone.survivor,
        "form": form,
        "standing": len(standing),
        "effect": effect,
        "count": count_in_words(effect) if effect else "Nothing is sent to Canvas",
    }
    return render(request, "accommodations/student_gone_confirm.html", shown)


@requires(RECORD)
@require_POST
def student_gone_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the decision back: what was moved ends there, and counts again here."""
    gone = _gone(pk)
    try:
        run = merged.take_back(gone=gone, taken_back_by=request.user)
    except LeewayError as error:
        messages.error(request, error.message)
        return redirect("student_detail", gone.student_id)
    survivor = gone.survivor or gone.student
    return after_saving(request, survivor, run, saved="Taken back.", otherwise="Nothing had gone to Canvas.")


def _gone(pk: int) -> GonePerson:
    rows = GonePerson.objects.select_related("student", "survivor", "decided_by")
    return get_object_or_404(rows, student=pk)


def _page(request: SignedInRequest, gone: GonePerson, **context: Any) -> HttpResponse:
    student, survivor = gone.student, gone.survivor
    people = [student] if survivor is None else [student, survivor]
    lines = accommodation_lines(row for one in people for row in accommodations_of(one)[0])
    enrolled = Enrollment.objects.filter(student__in=people).order_by().values_list("student", "course").distinct()
    courses = Counter(person for person, _ in enrolled)
    shown = {
        "gone": gone,
        "student": student,
        "survivor": survivor,
        "lines": [line for line in lines if line.row.student_id == student.pk],
        "survivor_lines": [line for line in lines if line.row.student_id != student.pk],
        "courses": courses[student.pk],
        "survivor_courses": courses[survivor.pk] if survivor else 0,
        "form": GoneForm(gone=gone),
        "survivor_form": SurvivorForm(),
    }
    return render(request, "accommodations/student_gone.html", shown | context)
