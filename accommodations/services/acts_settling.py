"""Acts of which nobody heard what became of them: settled by reading Canvas, never by sending again (R14)."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import CanvasAct
from accommodations.services import acts, every_quiz_sending, quiz_dates_sending, running_attempts, unlocking
from accommodations.services.course_look import CourseLook

TRIED_FOR = timedelta(hours=24)
"""How long Canvas is asked again; what was not readable for that long stays unknown, and its page says so."""
MOST_AT_ONCE = 20
_SETTLING: dict[str, Callable[[CanvasAct, CourseLook], CanvasAct]] = {
    CanvasAct.Kind.EXTEND_ATTEMPT: running_attempts.settle,
    CanvasAct.Kind.EVERY_QUIZ: every_quiz_sending.settle,
    CanvasAct.Kind.UNLOCK: unlocking.settle,
    CanvasAct.Kind.QUIZ_DATES: quiz_dates_sending.settle,
}


def settle_unknown_acts() -> int:
    """Give up what a dead process left, ask Canvas about all that is unknown, and return how many were settled."""
    acts.give_up_left()
    unknown = CanvasAct.objects.filter(
        status=CanvasAct.Status.UNKNOWN, started_at__gt=timezone.now() - TRIED_FOR
    ).select_related("course__term", "student", "assessment", "undoes")
    settled = 0
    for act in unknown.order_by("pk")[:MOST_AT_ONCE]:
        try:
            _SETTLING[act.kind](act, CourseLook(act.course))
        except LeewayError:
            continue  # Canvas does not answer, or shows it no more: asked again in a minute
        settled += 1
    return settled
