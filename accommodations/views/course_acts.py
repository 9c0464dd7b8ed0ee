"""Acts of the office on a whole course: the same minutes and attempts on all of its quizzes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accommodations.forms.acts import EveryQuizForm
from accommodations.models import CanvasAct, Course
from accommodations.selectors.visibility import courses_visible_to
from accommodations.services import every_quiz, every_quiz_sending
from accommodations.services.every_quiz import Asked, Preview
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.confirming import OFFICE, act_sent_once, page_of_two_steps


@requires(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def course_every_quiz(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose students and values, see what they come to on every quiz of the course, and confirm that."""
    course = get_object_or_404(courses_visible_to(request.user).select_related("term"), pk=pk)
    form = EveryQuizForm(request.POST if request.method == "POST" else None, course=course)
    return page_of_two_steps(
        request,
        form,
        "accommodations/course_every_quiz.html",
        {"course": course},
        confirm=lambda: _confirmed(request, course, form),
        preview=lambda: _preview(course, form),
    )


def _asked(form: EveryQuizForm) -> Asked:
    return Asked(form.cleaned_data.get("minutes") or None, form.cleaned_data.get("attempts") or None)


def _preview(course: Course, form: EveryQuizForm) -> Preview:
    return every_quiz.preview(course, list(form.cleaned_data["students"]), _asked(form))


def _confirmed(request: SignedInRequest, course: Course, form: EveryQuizForm) -> HttpResponse:
    act = act_sent_once(
        lambda: every_quiz_sending.apply(
            course,
            list(form.cleaned_data["students"]),
            _asked(form),
            shown_digest=form.cleaned_data["shown_digest"],
            key=form.cleaned_data["key"],
            asked_by=request.user,
        )
    )
    _tell(request, act)
    return redirect("course_detail", course.pk)


def _tell(request: SignedInRequest, act: CanvasAct) -> None:
    counts: dict[str, int] = act.after or {}
    total, arrived = sum(counts.values()), counts.get("applied", 0)
    if act.status == CanvasAct.Status.APPLIED:
        messages.success(request, f"In Canvas: {arrived} of {arrived} on all quizzes, each in the action log.")
    elif act.status == CanvasAct.Status.STARTED:
        messages.warning(request, "It is being sent. Look again in a moment.")
    else:
        rest = f" {act.message}" if act.message else ""
        messages.warning(
            request,
            f"{arrived} of {total} are in Canvas.{rest} Do it again for the rest: what is there stays as it is.",
        )
