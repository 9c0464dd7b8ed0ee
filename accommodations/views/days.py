"""One day of coverage: what is behind a point of the chart on home."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accommodations.selectors.days import DayCoverage, places_of
from accommodations.views.access import SignedInRequest, requires


@requires("see_all_students")
@require_safe
def coverage_day(request: SignedInRequest, day: str) -> HttpResponse:
    """Show the coverage of one day, as it was written that night."""
    try:
        places = places_of(date.fromisoformat(day))
    except ValueError as error:
        raise Http404 from error
    if not places:
        raise Http404
    total = DayCoverage(
        places[0].row.day, sum(place.in_place for place in places), sum(place.needed for place in places)
    )
    return render(request, "accommodations/coverage_day.html", {"places": places, "total": total})
