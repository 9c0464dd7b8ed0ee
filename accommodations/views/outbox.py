"""The demo's outbox: each mail as it would have arrived. Only where nothing real can be seen."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accommodations.models import OutboxMail
from accommodations.selectors.outbox import arrived
from accommodations.views.lists import page_of


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    _only_in_the_demo()
    return render(request, "notices/outbox.html", {"page": page_of(request, OutboxMail.objects.all())})


@login_required
@require_safe
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail: its headers and its text."""
    _only_in_the_demo()
    mail = get_object_or_404(OutboxMail, pk=pk)
    return render(request, "notices/outbox_mail.html", {"mail": mail, "arrived": arrived(mail)})


def _only_in_the_demo() -> None:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
