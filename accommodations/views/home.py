"""Home: what is not covered comes first. Each role has its own."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations.htmx import announce, zone_of
from accommodations.permissions import has, is_staff_of_office
from accommodations.planning.statuses import Reason
from accommodations.selectors import courses
from accommodations.selectors.answers_due import answers_due
from accommodations.selectors.assignment_groups import accommodations_without_their_group
from accommodations.selectors.days import days_of
from accommodations.selectors.home import Home, connection_of, home_of, running_attempts, runs_at_work
from accommodations.selectors.notices import waiting_for_instructor
from accommodations.selectors.pair_filters import PairFilter
from accommodations.selectors.pairs import pair_list, rows_with_steps
from accommodations.views.access import SignedInRequest

MOST_BY_HAND = 20


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show the home page of the person's role."""
    if is_staff_of_office(request.user):
        return _office_home(request)
    if has(request.user, "manage_connection"):
        context = {"connection": connection_of(), "runs": runs_at_work(request.user)}
        return render(request, "accommodations/home_administrator.html", context)
    if has(request.user, "see_taught_students"):
        return _instructor_home(request)
    if has(request.user, "see_self"):
        return redirect("own_page")
    return render(request, "accommodations/home_nobody.html", {})


def _office_home(request: SignedInRequest) -> HttpResponse:
    now, zone = timezone.now(), zone_of(request)
    shown = home_of(request.user, now=now, zone=zone)
    context = {
        **_live(request, shown),
        "days": days_of(request.user, now=now, zone=zone),
        "connection": connection_of(),
        "without_group": accommodations_without_their_group(),
        "answers_due": answers_due(request.user, shown.waiting.letters),
    }
    return render(request, "accommodations/home.html", context)


def _live(request: SignedInRequest, shown: Home) -> dict[str, object]:
    return {
        "home": shown,
        "waiting": shown.waiting,
        "may_decide": has(request.user, "confirm_guard"),
        "may_note": has(request.user, "record_accommodation"),
    }


def _instructor_home(request: SignedInRequest) -> HttpResponse:
    by_hand = pair_list(
        request.user,
        PairFilter(reasons=(Reason.OUTSIDE_CANVAS,), only_ahead=True, leaves_out_settled=True),
        now=timezone.now(),
    )
    context = {
        "cards": courses.taught_course_cards(request.user),
        "running": running_attempts(request.user),
        "unanswered": list(waiting_for_instructor(request.user)[:MOST_BY_HAND]),
        "by_hand": rows_with_steps(request.user, by_hand[:MOST_BY_HAND]),
    }
    return render(request, "accommodations/home_instructor.html", context)


@login_required
@require_safe
def home_live(request: SignedInRequest) -> HttpResponse:
    """Answer the poll of home: nothing while nothing has changed, so that no screen reader hears it twice."""
    if not is_staff_of_office(request.user):
        raise Http404
    now_shown = home_of(request.user, now=timezone.now(), zone=zone_of(request))
    if request.GET.get("seen") == now_shown.token:
        return HttpResponse(status=204)
    response = render(request, "accommodations/partials/_home_live.html", _live(request, now_shown))
    sentences = _news(now_shown, said=request.GET.get("said", ""))
    return announce(response, " ".join(sentences)) if sentences else response


def _news(shown: Home, *, said: str) -> list[str]:
    """Return the sentences for the live region: what has arrived, and how far the sync is."""
    sentences = shown.arrived_since(said)
    if said.partition("~")[0] != shown.progress:
        sentences.append(_progress(shown))
    return sentences


def _progress(shown: Home) -> str:
    """Return the sentence for the live region: how far the newest run is, or that it has ended."""
    if not shown.runs:
        return f"The sync has ended. {shown.coverage.percent} percent are in place."
    newest = shown.runs[0]
    if not newest.courses:
        return f"{newest.run.get_trigger_display()}: queued"
    return f"{newest.run.get_trigger_display()}: {newest.ended} of {newest.courses} courses done"
