"""Start-up checks: what must never be served is refused before the first request.

`manage.py` runs them by itself; the web server and the Celery processes run them through `refuse_unsafe_start`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import redis
from celery.signals import beat_init, celeryd_init
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

SANDBOX_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "sandbox"})
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
SHORTEST_SECRET = 50
SHORTEST_METRICS_TOKEN = 32
REDIS_ANSWER_SECONDS = 2.0

_ALL: list[Callable[[], Iterator[Error]]] = []


def _start_up_check(check: Callable[[], Iterator[Error]]) -> Callable[[], Iterator[Error]]:
    """Make a check one of Django's, and one of those that the servers run."""

    def run(app_configs: object = None, **options: Any) -> list[Error]:
        return list(check())

    register(run, Tags.security)
    _ALL.append(check)
    return check


@_start_up_check
def secret_key_is_our_own() -> Iterator[Error]:
    """Sessions and links are signed with SECRET_KEY: a known or short one lets anybody sign in."""
    is_weak = settings.SECRET_KEY == settings.INSECURE_SECRET_KEY or len(settings.SECRET_KEY) < SHORTEST_SECRET
    if is_weak and not settings.DEMO:
        yield Error(
            f"SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters.",
            hint="Set it to a long random text, for example from: openssl rand -base64 48",
            id="leeway.E001",
        )


@_start_up_check
def encryption_keys_are_our_own() -> Iterator[Error]:
    """Canvas tokens are encrypted with the first key; each must be a Fernet key, none the published one."""
    keys = settings.LEEWAY_ENCRYPTION_KEYS
    hint = "Make one with: openssl rand -base64 32 | tr '+/' '-_'"
    if not keys or (settings.INSECURE_ENCRYPTION_KEY in keys and not settings.DEMO):
        yield Error("LEEWAY_ENCRYPTION_KEYS is missing.", hint=hint, id="leeway.E002")
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            # The key itself is not repeated: this text reaches terminals and logs.
            yield Error(f"Key {position} of LEEWAY_ENCRYPTION_KEYS is no Fernet key.", hint=hint, id="leeway.E003")


@_start_up_check
def title_key_is_its_own() -> Iterator[Error]:
    """By the title key we know our own overrides again, so it must outlive every change of SECRET_KEY."""
    key = settings.LEEWAY_TITLE_KEY
    if not settings.DEMO and (not key or key == settings.SECRET_KEY or key == settings.INSECURE_SECRET_KEY):
        yield Error(
            "LEEWAY_TITLE_KEY is missing, or is the SECRET_KEY.",
            hint="Set it once to a random text of its own, and never change it.",
            id="leeway.E004",
        )


@_start_up_check
def demo_meets_only_the_sandbox() -> Iterator[Error]:
    """DEMO=1 allows plain http and printed passwords, so it must not come near a real Canvas."""
    if not settings.DEMO or not settings.CANVAS_BASE_URL:
        return
    address = urlsplit(settings.CANVAS_BASE_URL)
    if address.hostname not in SANDBOX_HOSTS or address.netloc not in settings.ALLOWED_CANVAS_HOSTS:
        yield Error(
            f"DEMO=1 works with the sandbox Canvas only, and CANVAS_BASE_URL names {address.hostname!r}.",
            hint="Take DEMO away to connect a real Canvas; name the sandbox's host:port in ALLOWED_CANVAS_HOSTS.",
            id="leeway.E005",
        )


@_start_up_check
def debug_stays_on_this_machine() -> Iterator[Error]:
    """DEBUG shows settings and data to whoever sees an error page."""
    if settings.DEBUG and not set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS:
        yield Error(
            "DEBUG is on while ALLOWED_HOSTS names other machines.",
            hint="Take DEBUG away; it is for the own machine only.",
            id="leeway.E006",
        )


@_start_up_check
def celery_loses_no_task() -> Iterator[Error]:
    """A task whose worker dies must come back, and must not be handed out a second time while it still runs."""
    visible_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 0)
    safe = {
        "CELERY_TASK_ACKS_LATE must be on": settings.CELERY_TASK_ACKS_LATE,
        "CELERY_TASK_REJECT_ON_WORKER_LOST must be on": settings.CELERY_TASK_REJECT_ON_WORKER_LOST,
        "CELERY_WORKER_PREFETCH_MULTIPLIER must be 1": settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1,
        "CELERY_TASK_IGNORE_RESULT must be on": settings.CELERY_TASK_IGNORE_RESULT,
        "CELERY_TASK_SERIALIZER must be json": settings.CELERY_TASK_SERIALIZER == "json",
        "CELERY_ACCEPT_CONTENT must be json alone": list(settings.CELERY_ACCEPT_CONTENT) == ["json"],
        "visibility_timeout must be at least twice CELERY_TASK_TIME_LIMIT": visible_after
        >= 2 * settings.CELERY_TASK_TIME_LIMIT,
        "CELERY_TASK_SOFT_TIME_LIMIT must be shorter than CELERY_TASK_TIME_LIMIT": 0
        < settings.CELERY_TASK_SOFT_TIME_LIMIT
        < settings.CELERY_TASK_TIME_LIMIT,
    }
    for sentence, is_kept in safe.items():
        if not is_kept:
            yield Error(f"{sentence}.", id="leeway.E007")


@_start_up_check
def clocks_run_in_utc() -> Iterator[Error]:
    """Instants are stored and scheduled in UTC; zones are for showing and for days."""
    are_on = settings.USE_TZ and settings.CELERY_ENABLE_UTC
    if not (are_on and settings.TIME_ZONE == "UTC" and settings.CELERY_TIMEZONE == "UTC"):
        words = "USE_TZ and CELERY_ENABLE_UTC must be on, TIME_ZONE and CELERY_TIMEZONE must be UTC."
        yield Error(words, id="leeway.E008")


@_start_up_check
def metrics_are_for_named_callers() -> Iterator[Error]:
    """Whoever guesses the token reads how the university's work goes."""
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_METRICS_TOKEN:
        yield Error(
            f"METRICS_TOKEN is shorter than {SHORTEST_METRICS_TOKEN} characters.",
            hint="Set it to a random text, for example from: openssl rand -hex 32. Without it there is no /metrics.",
            id="leeway.E009",
        )


@_start_up_check
def budget_leaves_room_for_a_request() -> Iterator[Error]:
    """With no room left in the bucket, nothing would ever be sent at more than one request at a time."""
    if not 0 <= settings.CANVAS_BUDGET_ROOM < settings.CANVAS_BUDGET_HIGH_WATER:
        words = "CANVAS_BUDGET_ROOM must be from 0 to below CANVAS_BUDGET_HIGH_WATER."
        yield Error(words, id="leeway.E010")


@_start_up_check
def leases_outlive_requests() -> Iterator[Error]:
    """A lease that ends while its holder's request is still under way lets two workers write at once."""
    if settings.COURSE_LEASE_SECONDS < 1.5 * settings.CANVAS_TOTAL_SECONDS:
        words = "COURSE_LEASE_SECONDS must be at least one and a half times CANVAS_TOTAL_SECONDS."
        yield Error(words, id="leeway.E013")
    if settings.DELIVERY_PATIENCE_SECONDS <= settings.COURSE_LEASE_SECONDS:
        words = "DELIVERY_PATIENCE_SECONDS must be longer than COURSE_LEASE_SECONDS."
        yield Error(words, id="leeway.E013")


@_start_up_check
def mail_can_be_sent_and_followed() -> Iterator[Error]:
    """A mail needs a sender, and links that lead somewhere over https."""
    if not settings.LEEWAY_SENDS_MAIL or settings.DEMO:
        return
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        yield Error("EMAIL_URL is set and MAIL_FROM is not.", hint="Name the sender's address.", id="leeway.E020")
    if not settings.LEEWAY_URL.startswith("https://"):
        yield Error(
            "EMAIL_URL is set and LEEWAY_URL is no https address.",
            hint="Set it to where people reach Leeway, such as https://leeway.example.edu: mails link to it.",
            id="leeway.E020",
        )


def refuse_unsafe_start(found: Iterable[Error] = ()) -> None:
    """Raise ImproperlyConfigured, naming every fault, where something must not be served; `found` are more of them."""
    faults = [*(error for check in _ALL for error in check()), *found]
    if faults:
        raise ImproperlyConfigured(" ".join(f"{fault.id}: {fault.msg} {fault.hint or ''}".strip() for fault in faults))


def redis_drops_no_message() -> Iterator[Error]:
    """A Redis that evicts loses messages and leaves nothing to see. One that is down is no fault: it is waited for."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_ANSWER_SECONDS,
        socket_connect_timeout=REDIS_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except (redis.RedisError, OSError):
        return
    if policy != "noeviction":
        yield Error(
            f"Redis may drop messages: its maxmemory-policy is {policy}.",
            hint="Set maxmemory-policy noeviction.",
            id="leeway.E011",
        )


def command_line_is_safe(options: Mapping[str, Any]) -> Iterator[Error]:
    """What `celery worker` is told on its command line overrules the settings, so it is looked at too."""
    if options.get("prefetch_multiplier") not in (None, 1):
        yield Error("--prefetch-multiplier must be 1.", id="leeway.E012")
    visible_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 0)
    if 2 * (options.get("time_limit") or 0) > visible_after:
        yield Error("--time-limit must be at most half of visibility_timeout.", id="leeway.E012")


@celeryd_init.connect
@beat_init.connect
def _refuse_unsafe_celery(options: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
    """End a Celery process at its start: Celery itself would only log an exception, and go on."""
    try:
        refuse_unsafe_start((*redis_drops_no_message(), *command_line_is_safe(options or {})))
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
