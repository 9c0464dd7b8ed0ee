"""Dates of an ungraded quiz for one student: chosen, shown with what stands there, confirmed, and taken back."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accommodations.forms.acts import ConfirmedForm, QuizDatesForm
from accommodations.models import CanvasAct, Course
from accommodations.selectors.acts import ungraded_quizzes
from accommodations.selectors.visibility import courses_visible_to
from accommodations.services import action_log, quiz_dates, quiz_dates_sending
from accommodations.services.quiz_dates import OwnDates
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.confirming import OFFICE, act_sent_once, page_of_two_steps, result_or_problem, tell

NO_QUIZ = "Leeway knows of no ungraded quiz in this course. A sync reads them from Canvas."


@requires(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def course_quiz_dates(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose a quiz, a student and dates, see what changes and who stays as they are, and confirm that."""
    course = get_object_or_404(courses_visible_to(request.user).select_related("term"), pk=pk)
    form = QuizDatesForm(request.POST if request.method == "POST" else None, course=course)
    return page_of_two_steps(
        request,
        form,
        "accommodations/course_quiz_dates.html",
        {"course": course, "nothing_to_choose": "" if ungraded_quizzes(course).exists() else NO_QUIZ},
        confirm=lambda: _confirmed(request, course, form),
        preview=lambda: _preview(course, form),
    )


def _preview(course: Course, form: QuizDatesForm) -> OwnDates:
    data = form.cleaned_data
    return quiz_dates.preview(course, data["assessment"], data["student"], form.dates())


def _confirmed(request: SignedInRequest, course: Course, form: QuizDatesForm) -> HttpResponse:
    data = form.cleaned_data
    act = act_sent_once(
        lambda: quiz_dates_sending.apply(
            course,
            data["assessment"],
            data["student"],
            form.dates(),
            shown_digest=data["shown_digest"],
            key=data["key"],
            asked_by=request.user,
        )
    )
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
        answer, problem = result_or_problem(lambda: _taken_back(request, act, form))
        if answer is not None:
            return answer
    elif not form.is_bound and act.student is not None:
        action_log.record_view(viewer=request.user, student=act.student)
    return _take_back_page(request, act, problem)


def _taken_back(request: SignedInRequest, act: CanvasAct, form: ConfirmedForm) -> HttpResponse:
    key = form.cleaned_data["key"]
    done = act_sent_once(lambda: quiz_dates_sending.take_back(act, key=key, asked_by=request.user))
    tell(request, done, "Taken back: in Canvas it is as it was before.")
    return redirect("course_detail", act.course_id)


def _take_back_page(request: SignedInRequest, act: CanvasAct, problem: str) -> HttpResponse:
    back, unread = result_or_problem(lambda: quiz_dates_sending.look_back(act))
    context = {"act": act, "back": back, "problem": problem or unread, "key": uuid4()}
    return render(request, "accommodations/act_take_back.html", context)
