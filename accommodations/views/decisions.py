"""Exceptions and releases: each shows what it changes in Canvas, and is decided when that is confirmed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accommodations.errors import ValuesRefused
from accommodations.forms.decisions import ExceptionForm, ReleaseForm
from accommodations.htmx import institution_of, zone_of
from accommodations.models import AccommodationException, Course, Student
from accommodations.planning.plan import PlanningInputs
from accommodations.planning.rules import ExceptionRule
from accommodations.services import action_log, decisions
from accommodations.services.preview import Preview, preview_decision
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.accommodations import after_saving
from accommodations.views.lists import number_of

RECORD = "record_accommodation"
NOTHING = "Nothing changes in Canvas."


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def exception_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide that nothing applies to a course or an assessment: typed, then read, then confirmed."""
    student = get_object_or_404(Student, pk=pk)
    form = ExceptionForm(
        request.POST if request.method == "POST" else None,
        student=student,
        today=timezone.now().astimezone(zone_of(request)).date(),
        where=_where_asked(request),
    )
    if not form.is_bound:
        action_log.record_view(viewer=request.user, student=student)
    step = request.POST.get("step", "")
    if not form.is_bound or not form.is_valid() or step == "change":
        return _page(request, "exception_form", student, form=form)
    if step == "confirm":
        answer = _decided(request, student, form)
        if answer is not None:
            return answer
    effect = _effect(request, student, _with_exception(student, form))
    return _page(request, "exception_form", student, form=form, effect=effect)


def _decided(request: SignedInRequest, student: Student, form: ExceptionForm) -> HttpResponse | None:
    try:
        _, run = decisions.record_exception(
            student=student,
            course=form.course,
            assessment=form.assessment,
            reason=form.cleaned_data["reason"],
            effective_until=form.cleaned_data["effective_until"],
            decided_by=request.user,
            confirmed_number=_number_shown(request),
        )
    except ValuesRefused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return None
    return after_saving(request, student, run, saved="Decided.", otherwise="It was decided already.")


def _where_asked(request: SignedInRequest) -> str:
    """Return the course or assessment that the address names, as the form's choice."""
    for name in ("assessment", "course"):
        if number := number_of(request, name):
            return f"{name}-{number}"
    return ""


def _with_exception(student: Student, form: ExceptionForm) -> Callable[[PlanningInputs], PlanningInputs]:
    course, assessment = form.course, form.assessment
    rule = ExceptionRule(student.canvas_user_id, assessment.key if assessment else None, form.cleaned_data["reason"])

    def decided(inputs: PlanningInputs) -> PlanningInputs:
        is_here = inputs.facts.course.canvas_course_id == course.canvas_course_id
        return replace(inputs, exceptions=(*inputs.exceptions, rule)) if is_here else inputs

    return decided


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def exception_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what comes back, and let the accommodations apply again when that is confirmed."""
    rows = AccommodationException.objects.select_related("student", "course", "assessment", "decided_by")
    exception = get_object_or_404(rows, pk=pk)
    student = exception.student
    if exception.withdrawn_at is not None:
        messages.info(request, "It was withdrawn already.")
        return redirect("student_detail", student.pk)
    if request.method == "POST":
        run = decisions.withdraw_exception(exception=exception, withdrawn_by=request.user)
        words = {"saved": "Withdrawn. The accommodations apply again.", "otherwise": NOTHING}
        return after_saving(request, student, run, **words)
    action_log.record_view(viewer=request.user, student=student)
    effect = _effect(request, student, _without_exception(exception))
    return _page(request, "exception_withdraw", student, exception=exception, effect=effect)


def _without_exception(exception: AccommodationException) -> Callable[[PlanningInputs], PlanningInputs]:
    key = exception.assessment.key if exception.assessment else None
    gone = ExceptionRule(exception.student.canvas_user_id, key, exception.reason)

    def decided(inputs: PlanningInputs) -> PlanningInputs:
        if inputs.facts.course.canvas_course_id != exception.course.canvas_course_id:
            return inputs
        kept = list(inputs.exceptions)
        if gone in kept:
            kept.remove(gone)
        return replace(inputs, exceptions=tuple(kept))

    return decided


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def student_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the courses to which the student's accommodations are released: chosen, then read, then confirmed."""
    student = get_object_or_404(Student, pk=pk)
    form = ReleaseForm(request.POST if request.method == "POST" else None, student=student)
    if not form.is_bound:
        action_log.record_view(viewer=request.user, student=student)
    step = request.POST.get("step", "")
    if not form.is_bound or not form.is_valid() or step == "change":
        return _page(request, "student_release", student, form=form)
    if step == "confirm":
        run = decisions.change_releases(
            student=student,
            needs_release=form.needs_release,
            released=form.released,
            offered=form.offered,
            changed_by=request.user,
            confirmed_number=_number_shown(request),
        )
        return after_saving(request, student, run, otherwise=NOTHING)
    effect = _effect(request, student, _with_releases(student, form))
    number = _changed_in(effect, form.closed)
    return _page(request, "student_release", student, form=form, effect=effect, number=number)


def _with_releases(student: Student, form: ReleaseForm) -> Callable[[PlanningInputs], PlanningInputs]:
    open_courses = {row.canvas_course_id for row in form.released}

    def decided(inputs: PlanningInputs) -> PlanningInputs:
        others = inputs.not_released - {student.canvas_user_id}
        is_open = not form.needs_release or inputs.facts.course.canvas_course_id in open_courses
        return replace(inputs, not_released=others if is_open else others | {student.canvas_user_id})

    return decided


def _effect(request: SignedInRequest, student: Student, decided: Callable[[PlanningInputs], PlanningInputs]) -> Preview:
    return preview_decision(student=student, decided=decided, now=timezone.now(), institution=institution_of(request))


def _changed_in(effect: Preview, courses: list[Course]) -> int:
    """Return how many assessments of these courses change: what a closing takes back."""
    closed = {course.pk for course in courses}
    return sum(row.is_change for course, rows in effect.courses if course.pk in closed for row in rows)


def _number_shown(request: SignedInRequest) -> int | None:
    shown = request.POST.get("number", "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= 6 else None


def _page(request: SignedInRequest, name: str, student: Student, **context: Any) -> HttpResponse:
    return render(request, f"accommodations/{name}.html", {"student": student, **context})
