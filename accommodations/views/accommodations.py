"""Recording, editing and ending accommodations, with the preview of what they come to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accommodations.errors import EditedMeanwhile, ValuesRefused
from accommodations.forms.accommodations import AccommodationForm
from accommodations.forms.differences import differences
from accommodations.forms.ending import EndForm
from accommodations.forms.usual_sets import start_of, typed_over
from accommodations.htmx import announce, institution_of, zone_of
from accommodations.models import Accommodation, Student, SyncRun, UsualSet
from accommodations.selectors.recording import offered_for, on_record, overlapping
from accommodations.selectors.usual_sets import offered_sets
from accommodations.services import accommodations, action_log, preview
from accommodations.services.accommodation_values import values_of
from accommodations.services.recording_once import record_once
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires

RECORD = "record_accommodation"
LONGEST_NUMBER = 9
QUEUE_IS_AWAY = "Saved. It will be applied as soon as the queue answers."


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def accommodation_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record up to three provisions of one approval, and go on to the plan that follows from them."""
    student = get_object_or_404(Student, pk=pk)
    form = _form(request, student)
    if not form.is_bound:
        action_log.record_view(viewer=request.user, student=student)
    elif form.is_valid():
        try:
            recorded, run = record_once(
                student=student,
                recorded_by=request.user,
                values=form.values(),
                as_draft=request.POST.get("save") == "draft",
                urgent_reason=form.why_urgent,
                released=form.released_courses,
            )
        except ValuesRefused as refused:
            form.show_problems(refused.problems)
        else:
            return after_saving(request, student, run, saved=_saved_words(recorded[0]))
    return _form_page(request, form)


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def accommodation_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Store a new version; where somebody else saved first, show both and lose nothing."""
    accommodation = _accommodation(pk)
    student = accommodation.student
    if accommodation.status == Accommodation.Status.ENDED:
        messages.info(request, "It has ended. Record a new one instead.")
        return redirect("student_detail", student.pk)
    form = _form(request, student, accommodation)
    if not form.is_bound:
        action_log.record_view(viewer=request.user, student=student)
    elif form.is_valid():
        return _saved_edit(request, form, accommodation)
    return _form_page(request, form)


def _saved_edit(request: SignedInRequest, form: AccommodationForm, accommodation: Accommodation) -> HttpResponse:
    try:
        _, run = accommodations.change_accommodation(
            accommodation=accommodation,
            changed_by=request.user,
            version=form.cleaned_data.get("version") or 0,
            values=form.values()[0],
            urgent_reason=form.why_urgent,
        )
    except EditedMeanwhile:
        return _conflict_page(request, form, _accommodation(accommodation.pk))
    except ValuesRefused as refused:
        form.show_problems(refused.problems)
        return _form_page(request, form)
    return after_saving(request, form.student, run)


@requires(RECORD)
@require_POST
def accommodation_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the form comes to so far: the panel alone for htmx, else the whole page with everything typed."""
    student = get_object_or_404(Student, pk=pk)
    accommodation = None
    if (edited := request.POST.get("accommodation", "")).isascii() and edited.isdigit():
        accommodation = get_object_or_404(Accommodation, pk=int(edited), student=student)
    form = _form(request, student, accommodation)
    if form.data.get("start"):
        return _form_page(request, form, **_preview_context(request, form))
    context = _preview_context(request, form)
    if not request.htmx:
        return _form_page(request, form, **context)
    shown = {"form": form, "student": student, **context}
    response = render(request, "accommodations/partials/_preview.html", shown)
    return announce(response, f"Preview: {context['count']}") if context["preview"] else response


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def accommodation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show in numbers what changes in Canvas and what stays, and end the accommodation when that is confirmed."""
    accommodation = _accommodation(pk)
    student = accommodation.student
    if accommodation.status == Accommodation.Status.ENDED:
        messages.info(request, "It has ended already.")
        return redirect("student_detail", student.pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"version": accommodation.version})
    was_edited = False
    if not form.is_bound:
        action_log.record_view(viewer=request.user, student=student)
    elif form.is_valid():
        try:
            run = accommodations.end_accommodation(
                accommodation=accommodation,
                ended_by=request.user,
                version=form.cleaned_data["version"],
                confirmed_number=form.cleaned_data["number"],
            )
        except EditedMeanwhile:
            was_edited = True
            form = EndForm(initial={"version": accommodation.version})
        else:
            never = "Nothing of it was in Canvas."
            return after_saving(request, student, run, saved="Ended. It no longer counts.", otherwise=never)
    context = {"accommodation": accommodation, "student": student, "form": form, "was_edited": was_edited}
    effect = preview.preview_ending(
        accommodation=accommodation, now=timezone.now(), institution=institution_of(request)
    )
    return render(request, "accommodations/accommodation_end.html", {**context, "effect": effect})


def _accommodation(pk: int) -> Accommodation:
    rows = Accommodation.objects.select_related("student", "term", "course", "assessment__course", "recorded_by")
    return get_object_or_404(rows, pk=pk)


def _form(request: SignedInRequest, student: Student, accommodation: Accommodation | None = None) -> AccommodationForm:
    """Return the form with what was typed; a usual set, where one was chosen, fills in its part."""
    institution, now = institution_of(request), timezone.now()
    data = request.POST if request.method == "POST" else None
    chosen = _chosen_set(request) if accommodation is None else None
    offered = offered_for(student)
    start = start_of(chosen, offered.terms, now=now, zone=zone_of(request)) if chosen else None
    return AccommodationForm(
        typed_over(data, start) if data is not None and start is not None else data,
        student=student,
        today=now.astimezone(zone_of(request)).date(),
        accommodation=accommodation,
        two_people=institution.two_person_approval,
        start=start,
        offered=offered,
    )


def _chosen_set(request: SignedInRequest) -> UsualSet | None:
    asked = (request.POST if request.method == "POST" else request.GET).get("start", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > LONGEST_NUMBER:
        return None
    return next((one for one in _offered_sets(request) if one.pk == int(asked)), None)


def _offered_sets(request: SignedInRequest) -> list[UsualSet]:
    """Return the sets from which a record can start, read once for the request."""
    known: list[UsualSet] | None = getattr(request, "_offered_sets", None)
    if known is None:
        known = list(offered_sets())
        request._offered_sets = known  # type: ignore[attr-defined]  # kept for this request
    return known


def _form_page(request: SignedInRequest, form: AccommodationForm, **context: Any) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "student": form.student, "accommodation": form.accommodation}
    if form.accommodation is None:
        chosen = _chosen_set(request)
        shown |= {"usual_sets": _offered_sets(request), "chosen_set": chosen.pk if chosen else None}
    return render(request, "accommodations/accommodation_form.html", shown | context)


def _conflict_page(request: SignedInRequest, form: AccommodationForm, current: Accommodation) -> HttpResponse:
    """Show what the other person saved beside what was typed; saving again then replaces theirs, knowingly."""
    found = differences(stored=values_of(current), typed=form.values()[0])
    form.take_version(current.version)
    other = current.history.select_related("history_user").first()
    return _form_page(request, form, conflict=found, conflicting=current, conflicting_save=other)


def _preview_context(request: SignedInRequest, form: AccommodationForm) -> dict[str, Any]:
    """Return what the preview panel shows: the effect, or how many entries it still waits for."""
    if not form.is_valid():
        return {"preview": None, "missing": len(form.errors)}
    values, record = form.values(), on_record(form.student)
    try:
        shown = preview.preview_accommodations(
            student=form.student,
            values=values,
            replacing=form.accommodation,
            now=timezone.now(),
            institution=institution_of(request),
            released=form.released_courses,
            accommodations=record.counting,
        )
    except ValuesRefused as refused:
        return {"preview": None, "missing": len(refused.problems)}
    overlaps = overlapping(
        record.rows,
        provisions=[one.provision for one in values],
        effective_from=values[0].effective_from,
        effective_until=values[0].effective_until,
        besides=form.accommodation.pk if form.accommodation else None,
    )
    return {
        "preview": shown,
        "count": count_in_words(shown),
        "overlaps": overlaps,
        "notes": form.clock_notes(),
    }


def count_in_words(shown: preview.Preview) -> str:
    """Return how much of Canvas changes: "16 assessments change in 4 courses"."""
    courses = sum(any(row.is_change for row in rows) for _, rows in shown.courses)
    if not shown.changed_count:
        return "Nothing changes in Canvas"
    verb = "assessment changes" if shown.changed_count == 1 else "assessments change"
    return f"{shown.changed_count} {verb} in {courses} course{'' if courses == 1 else 's'}"


def _saved_words(recorded: Accommodation) -> str:
    if recorded.status == Accommodation.Status.DRAFT:
        return "Saved as a draft."
    return "Saved, urgent: it counts now, and somebody else approves it after." if recorded.urgent_reason else "Saved."


def after_saving(
    request: SignedInRequest,
    student: Student,
    run: SyncRun | None,
    *,
    saved: str = "Saved.",
    otherwise: str = "Nothing goes to Canvas before somebody else has approved it.",
) -> HttpResponse:
    """Go to the plan where one follows, else back to the student, where `otherwise` says why there is none."""
    if run is None:
        messages.success(request, f"{saved} {otherwise}")
        return redirect("student_detail", student.pk)
    if wake(prepare_sync_run, run.pk):
        messages.success(request, saved)
    else:
        messages.warning(request, QUEUE_IS_AWAY)
    return redirect("sync_run_detail", run.pk)
