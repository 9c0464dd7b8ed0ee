"""The operator's page: the figures of `/metrics` for people, and what the schedule needs."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accommodations.models import SyncRun
from accommodations.planning.wording import span
from accommodations.services import operations as figures
from accommodations.services.director_alerts import WORDS
from accommodations.views.access import SignedInRequest, requires

WORDS_OF_PART = {
    "database": "Database",
    "redis": "Redis",
    "budget": "Rate budget",
    "worker": "Worker",
    "beat": "Schedule (beat)",
    "canvas": "Canvas",
}
WHAT_TO_DO = {
    "unreachable": "It does not answer. Look whether it runs and can be reached from here.",
    "evicts": "It may drop messages. Set maxmemory-policy to noeviction.",
    "silent": "No sign of life. Look whether its process runs, and at its log.",
    "alone": "Redis is away, so each process sends one request to Canvas at a time. Work goes on, slowly.",
    "unconnected": "No Canvas is connected. An administrator enters address and token.",
    "refused": "Canvas does not accept the token. An administrator enters a new one; work then goes on by itself.",
    "unknown": "Unknown while the database is away.",
}
WORDS_OF_ROUND = {
    "exams": "Courses with exams open or within 48 hours",
    "hourly": "Every course that an accommodation concerns",
    "nightly": "The same, with all enrollments read anew",
}


@requires("see_operations")
@require_safe
def operations(request: SignedInRequest) -> HttpResponse:
    """Show counts and ages; nothing about a person is on the page."""
    now = timezone.now()
    found = figures.operations(now=now)
    opens_in = found.exams.next_opens_in_seconds
    context = {
        "operations": found,
        "parts": [(WORDS_OF_PART[one.name], one, WHAT_TO_DO.get(one.word, one.word)) for one in found.parts],
        "unwell": sum(not one.is_well for one in found.parts),
        "next_opens_at": now + timedelta(seconds=opens_in) if opens_in is not None else None,
        "alerts": [(WORDS[event], number) for event, number in found.alerts],
        "unapplied": [(one, span(int(one.oldest_seconds // 60))) for one in found.unapplied],
        "queue_age": span(int(found.queue.age_seconds // 60)),
        "runs": [(SyncRun.Status(status).label.lower(), number) for status, number in found.runs.items()],
        "high_water": int(settings.CANVAS_BUDGET_HIGH_WATER),
        "rounds": [(WORDS_OF_ROUND[one.name], one, share) for one, share in found.need.shares],
    }
    return render(request, "accommodations/operations.html", context)
