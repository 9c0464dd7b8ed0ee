"""The one Canvas that this Leeway talks to: its address and token, and the gateway made from them."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from accommodations.errors import WORDS_FOR_401, CanvasUnreachable, ConnectionRefused, NotConnected
from accommodations.models import CanvasConnection, InstitutionSettings, SyncRun
from accommodations.services import action_log
from accommodations.services.canvas_address import checked_base_url, is_listed, is_public
from accommodations.services.rate_budget import (
    PATIENCE_SECONDS,
    PATIENCE_WHILE_A_PERSON_WAITS_SECONDS,
    RateBudget,
)
from accommodations.services.rate_model import Lane
from accommodations.services.resuming import resume_after_new_token
from accommodations.services.same_canvas import check_same_canvas
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasUnauthorized,
)
from canvas_bridge.facts import PermissionCheck, PersonFacts
from canvas_bridge.gateway import CanvasGateway

SHOWN_OF_TOKEN = 4
MOST_TRIES = 5
TRIES_WHILE_A_PERSON_WAITS = 2
STOPPED_AT_401 = WORDS_FOR_401
BACKGROUND_TRIGGERS = (SyncRun.Trigger.HOURLY, SyncRun.Trigger.NIGHTLY, SyncRun.Trigger.FIRST)


def current_connection() -> CanvasConnection | None:
    """Return the connection that an administrator saved, else the one of the environment, else None."""
    saved = _connections().filter(is_from_environment=False).order_by("pk").last()
    if saved is not None:
        return saved
    return _connection_of_environment() if settings.CANVAS_BASE_URL and settings.CANVAS_TOKEN else None


def _connections() -> QuerySet[CanvasConnection]:
    """Return the connections, each told which Canvas our records are about: whoever sends asks for both."""
    host = InstitutionSettings.objects.filter(pk=1).values("canvas_host")
    return CanvasConnection.objects.annotate(host_of_records=Subquery(host))


def _connection_of_environment() -> CanvasConnection:
    """Return the row that stands for the environment, brought up to its values; a new token is tried afresh."""
    row = _connections().filter(is_from_environment=True).order_by("pk").last()
    base_url = settings.CANVAS_BASE_URL.rstrip("/")
    if row is not None and (row.base_url, row.token) == (base_url, settings.CANVAS_TOKEN):
        return row
    row = row or CanvasConnection(is_from_environment=True)
    row.base_url = checked_base_url(base_url)
    row.token, row.token_last4 = settings.CANVAS_TOKEN, settings.CANVAS_TOKEN[-SHOWN_OF_TOKEN:]
    row.is_token_refused = False
    row.token_time_zone = ""
    row.save()
    resume_after_new_token(STOPPED_AT_401)
    return row


def usable_connection() -> CanvasConnection:
    """Return the connection to work with.

    Raises NotConnected where there is none, its token was refused, or it names another Canvas than our records.
    """
    connection = current_connection()
    if connection is None:
        raise NotConnected("No Canvas is connected yet. An administrator enters its address and token.")
    if connection.is_token_refused:
        raise NotConnected(
            STOPPED_AT_401,
            code="canvas.token_refused",
        )
    check_same_canvas(connection.base_url, known=getattr(connection, "host_of_records", None))
    return connection


def gateway_for(
    connection: CanvasConnection,
    before_request: Callable[[], None] | None = None,
    *,
    most_tries: int = MOST_TRIES,
    lane: Lane = Lane.BACKGROUND,
) -> CanvasGateway:
    """Return a gateway to the connection; `before_request` is called before every single request.

    `most_tries` is how often a read is tried; where a person waits for the page, TRIES_WHILE_A_PERSON_WAITS. Each
    request waits for the budget that all workers share for the token; a person's, and those of the urgent lane, go
    first.
    """
    is_person_waiting = most_tries < MOST_TRIES
    budget = RateBudget(
        connection.token,
        lane=Lane.URGENT if is_person_waiting else lane,
        patience_seconds=PATIENCE_WHILE_A_PERSON_WAITS_SECONDS if is_person_waiting else PATIENCE_SECONDS,
        before_request=before_request,
    )
    return CanvasGateway(
        base_url=connection.base_url,
        token=connection.token,
        before_request=budget.before_request,
        on_answer=budget.on_answer,
        may_connect_to=None if is_listed(connection.base_url) else is_public,
        most_tries=most_tries,
        while_waiting=before_request,
        total_seconds=settings.CANVAS_TOTAL_SECONDS,
    )


def lane_of(run: SyncRun) -> Lane:
    """Return the lane of a run: the rounds over everything let all others pass."""
    return Lane.BACKGROUND if run.trigger in BACKGROUND_TRIGGERS else Lane.URGENT


def save_connection(*, base_url: str, token: str, saved_by: User) -> CanvasConnection:
    """Check address and token against Canvas itself and store them.

    An empty token keeps the one that is stored, where only the address's form changed.
    Raises ConnectionRefused with field base_url or token; nothing is stored then.
    """
    address = checked_base_url(base_url)
    try:
        check_same_canvas(address)
    except NotConnected as error:
        raise ConnectionRefused(error.message, code=error.code, field="base_url") from error
    stored = CanvasConnection.objects.filter(is_from_environment=False).order_by("pk").last()
    token = token.strip() or _kept_token(stored, address)
    person, time_zone = _checked_token(address, token)
    with transaction.atomic():
        connection = stored or CanvasConnection()
        connection.base_url, connection.token, connection.token_last4 = address, token, token[-SHOWN_OF_TOKEN:]
        connection.token_user_name, connection.token_time_zone = person.name, time_zone
        connection.is_token_refused, connection.checked_at = False, timezone.now()
        connection.save()
        action_log.record(act="connection.saved", actor=saved_by, payload={"base_url": address})
        resume_after_new_token(STOPPED_AT_401)
    return connection


def _kept_token(stored: CanvasConnection | None, address: str) -> str:
    if stored is None or stored.base_url != address:
        raise ConnectionRefused("Enter the access token.", code="connection.token_missing", field="token")
    return str(stored.token)


def _checked_token(base_url: str, token: str) -> tuple[PersonFacts, str]:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConnectionRefused("That is not an access token.", code="connection.token_form", field="token")
    gateway = gateway_for(CanvasConnection(base_url=base_url, token=token), most_tries=TRIES_WHILE_A_PERSON_WAITS)
    try:
        return gateway.read_self(), gateway.read_token_time_zone()
    except CanvasUnauthorized as error:
        raise ConnectionRefused(
            "Canvas does not accept this token: it is wrong, expired or revoked.",
            code="connection.token_wrong",
            field="token",
        ) from error
    except CanvasForbidden as error:
        raise ConnectionRefused(
            "Canvas knows the token, but its user or scopes do not allow reading their own profile.",
            code="connection.token_scope",
            field="token",
        ) from error
    except (CanvasNotFound, CanvasContractError) as error:
        raise ConnectionRefused(
            "A server answers there, but not as Canvas does. Check the address.",
            code="connection.not_canvas",
            field="base_url",
        ) from error
    except CanvasError as error:
        raise ConnectionRefused(
            "Canvas did not answer at this address. Check it, or try again in a few minutes.",
            code="connection.unreachable",
            field="base_url",
        ) from error


def check_connection() -> tuple[PermissionCheck, ...]:
    """Probe address, token and each needed permission; nothing is written to Canvas. Raises NotConnected."""
    connection = current_connection()
    if connection is None:
        raise NotConnected("No Canvas is connected yet. An administrator enters its address and token.")
    try:
        gateway = gateway_for(connection, most_tries=TRIES_WHILE_A_PERSON_WAITS)
        gateway.read_self()
        checks = gateway.check_permissions()
    except CanvasUnauthorized as error:
        note_token_refused(connection)
        raise NotConnected("Canvas does not accept the token.", code="canvas.token_refused") from error
    except CanvasError as error:
        raise CanvasUnreachable("Canvas did not answer. Try again in a few minutes.") from error
    CanvasConnection.objects.filter(pk=connection.pk).update(checked_at=timezone.now(), is_token_refused=False)
    return checks


def note_token_refused(connection: CanvasConnection) -> None:
    """Remember that Canvas answered 401: nothing is sent with this token again. Logged once."""
    with transaction.atomic():
        changed = CanvasConnection.objects.filter(pk=connection.pk, is_token_refused=False).update(
            is_token_refused=True
        )
        connection.is_token_refused = True
        if changed:
            action_log.record(act="connection.token_refused")


def token_time_zone(connection: CanvasConnection, gateway: CanvasGateway) -> str:
    """Return the zone of the token's user, read once for each token: there Canvas moves 00:00 to the day's end."""
    if not connection.token_time_zone:
        connection.token_time_zone = gateway.read_token_time_zone()
        CanvasConnection.objects.filter(pk=connection.pk).update(token_time_zone=connection.token_time_zone)
    return str(connection.token_time_zone)
