"""Dates of an ungraded quiz for one student: chosen, shown with what stands there, confirmed, and taken back."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accommodations.errors import ConfirmedBefore, CourseBusy, LeewayError, ValuesRefused
from accommodations.forms.acts import ConfirmedForm, QuizDatesForm
from accommodations.models import CanvasAct, Course
from accommodations.selectors.acts import ungraded_quizzes
from accommodations.selectors.visibility import courses_visible_to
from accommodations.services import action_log, quiz_dates, quiz_dates_sending
from accommodations.services.quiz_dates import OwnDates
from accommodations.services.quiz_dates_sending import TakingBack
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.acts import BUSY, OFFICE, tell


@requires(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def course_quiz_dates(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose a quiz, a student and dates, see what changes and who stays as they are, and confirm that."""
    course = get_object_or_404(courses_visible_to(request.user).select_related("term"), pk=pk)
    form = QuizDatesForm(request.POST if request.method == "POST" else None, course=course)
    step, problem, seen = request.POST.get("step", ""), "", None
    if form.is_bound and form.is_valid() and step != "change":
        try:
            if step == "confirm":
                return _confirmed(request, course, form)
            seen = _preview(course, form)
        except CourseBusy:
            problem = BUSY
        except ValuesRefused as refused:
            for one in refused.problems:
                form.add_error(one.field, one.message)
        except LeewayError as refused:
            problem = refused.message
    if problem and step == "confirm":
        seen = _preview_again(course, form)
    context = {
        "course": course,
        "form": form,
        "seen": seen,
        "problem": problem,
        "key": uuid4(),
        "quizzes": ungraded_quizzes(course),
    }
    return render(request, "accommodations/course_quiz_dates.html", context)


def _preview(course: Course, form: QuizDatesForm) -> OwnDates:
    data = form.cleaned_data
    return quiz_dates.preview(course, data["assessment"], data["student"], form.dates())


def _preview_again(course: Course, form: QuizDatesForm) -> OwnDates | None:
    """Return what it comes to now, beside why nothing was sent."""
    try:
        return _preview(course, form)
    except LeewayError:
        return None


def _confirmed(request: SignedInRequest, course: Course, form: QuizDatesForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        act = quiz_dates_sending.apply(
            course,
            data["assessment"],
            data["student"],
            form.dates(),
            shown_digest=data["shown_digest"],
            key=data["key"],
            asked_by=request.user,
        )
    except ConfirmedBefore as before:
        act = before.act  # type: ignore[assignment]  # errors know no models
    tell(request, act, f"In Canvas: {data['student'].name} has dates of their own on {data['assessment'].name}.")
    if (act.after or {}).get("are_others_unchanged") is False:
        messages.warning(request, "Other dates of this quiz changed at the same moment: look at them in Canvas.")
    return redirect("course_detail", course.pk)


@requires(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def act_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what taking own dates back restores, and do it when that is confirmed."""
    acts = CanvasAct.objects.filter(kind=CanvasAct.Kind.QUIZ_DATES, undoes=None, student__isnull=False)
    act = get_object_or_404(
        acts.select_related("student", "assessment", "course__term", "asked_by"),
        pk=pk,
        course__in=courses_visible_to(request.user),
    )
    form, problem = ConfirmedForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            return _taken_back(request, act, form)
        except CourseBusy:
            problem = BUSY
        except LeewayError as refused:
            problem = refused.message
    elif not form.is_bound and act.student is not None:
        action_log.record_view(viewer=request.user, student=act.student)
    return _take_back_page(request, act, problem)


def _taken_back(request: SignedInRequest, act: CanvasAct, form: ConfirmedForm) -> HttpResponse:
    try:
        done = quiz_dates_sending.take_back(act, key=form.cleaned_data["key"], asked_by=request.user)
    except ConfirmedBefore as before:
        done = before.act  # type: ignore[assignment]  # errors know no models
    tell(request, done, "Taken back: in Canvas it is as it was before.")
    return redirect("course_detail", act.course_id)


def _take_back_page(request: SignedInRequest, act: CanvasAct, problem: str) -> HttpResponse:
    back: TakingBack | None = None
    try:
        back = quiz_dates_sending.look_back(act)
    except LeewayError as refused:
        problem = problem or refused.message
    context = {"act": act, "back": back, "problem": problem, "key": uuid4()}
    return render(request, "accommodations/act_take_back.html", context)
