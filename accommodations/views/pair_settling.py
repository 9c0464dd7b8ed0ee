"""Taking back what was written about a missed pair, or one done by hand: it is open again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accommodations import permissions
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services.pairs import unsettle_pair
from accommodations.views.access import SignedInRequest, requires


@requires("record_accommodation", "start_taught_sync")
@require_POST
def pair_unsettle(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back what was written, and show the pair with the form to write it anew."""
    pair = get_object_or_404(pairs_visible_to(request.user).select_related("student", "assessment", "course"), pk=pk)
    if pair.settled_at is not None:
        if not permissions.may_unsettle_pair(request.user, pair):
            raise PermissionDenied
        unsettle_pair(pair=pair, taken_back_by=request.user)
        messages.success(request, "Taken back. It is open again; the log keeps what was written.")
    return redirect("pair_detail", pair.pk)
