"""Signs of life, for process managers and load balancers: no data and no versions, since strangers may read them."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accommodations.services.readiness import OK, readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that this process is alive; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer one word for each part, 503 where one of them is not "ok"."""
    words = readiness()
    return JsonResponse(words, status=200 if all(word == OK for word in words.values()) else 503)
