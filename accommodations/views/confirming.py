"""What the pages of confirmed acts share: send once and tell what became of it, or say why nothing was sent."""

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accommodations.errors import ConfirmedBefore, CourseBusy, LeewayError, ValuesRefused
from accommodations.models import CanvasAct

OFFICE, INSTRUCTOR = "start_sync", "start_taught_sync"
BUSY = "A sync is at work on this course. Nothing was sent. Wait until it has ended, then confirm again."

Result = TypeVar("Result")


def result_or_problem(work: Callable[[], Result], form: Form | None = None) -> tuple[Result | None, str]:
    """Return what `work` gives, or in words why there is nothing. Refused values stand at the fields of the form."""
    try:
        return work(), ""
    except CourseBusy:
        return None, BUSY
    except ValuesRefused as refused:
        if form is None:
            return None, refused.message
        for one in refused.problems:
            form.add_error(one.field, one.message)
        return None, ""
    except LeewayError as refused:
        return None, refused.message


def page_of_two_steps(
    request: HttpRequest,
    form: Form,
    template: str,
    context: dict[str, object],
    *,
    confirm: Callable[[], HttpResponse],
    preview: Callable[[], object],
) -> HttpResponse:
    """Show what the choice of the form comes to, and send it once that is confirmed.

    Where nothing could be sent, the page shows what it comes to now, beside why.
    """
    step, answer, shown, problem = request.POST.get("step", ""), None, None, ""
    if form.is_bound and form.is_valid() and step != "change":
        if step == "confirm":
            answer, problem = result_or_problem(confirm, form)
            shown = result_or_problem(preview)[0] if problem else None
        else:
            shown, problem = result_or_problem(preview, form)
    if answer is not None:
        return answer
    return render(request, template, {**context, "form": form, "preview": shown, "problem": problem, "key": uuid4()})


def act_sent_once(send: Callable[[], CanvasAct]) -> CanvasAct:
    """Return the act that was sent; the same page confirmed twice is the act of the first time."""
    try:
        return send()
    except ConfirmedBefore as before:
        return before.act  # type: ignore[return-value]  # errors know no models


def tell(request: HttpRequest, act: CanvasAct, done: str) -> None:
    """Say in one sentence what became of an act; `done` is the sentence where Canvas holds it."""
    if act.status == CanvasAct.Status.APPLIED:
        messages.success(request, done)
        return
    words = {
        CanvasAct.Status.STARTED: "It is being sent. Look again in a moment.",
        CanvasAct.Status.UNKNOWN: "Canvas’s answer did not arrive, and it could not be read. Look again in a moment.",
        CanvasAct.Status.NOT_ARRIVED: "It did not reach Canvas: nothing has changed there. You can confirm it again.",
    }
    messages.warning(request, words.get(CanvasAct.Status(act.status), f"Canvas did not do it. {act.message}"))
