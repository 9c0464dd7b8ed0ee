"""Signs of life, and metrics for named callers: no data and no versions for strangers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accommodations.services import metrics as metrics_page
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


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus's text format, to who brings the token: 404 where none is set, 401 for a wrong one."""
    if not settings.METRICS_TOKEN:
        return HttpResponseNotFound(content_type="text/plain")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        return HttpResponse(status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics_page.exposition(now=timezone.now()), content_type=metrics_page.CONTENT_TYPE)
