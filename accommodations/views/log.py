"""The action log's page: search, entries in words, and whether its chain holds."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accommodations.htmx import wants_part
from accommodations.models import Term
from accommodations.selectors import log as selectors
from accommodations.services.log_shown import entries_hold
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import number_of, render_list, searched_address
from accommodations.views.log_evidence import chain_context
from accommodations.views.log_filters import filter_of


@requires("read_log")
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: SignedInRequest) -> HttpResponse:
    """Show the log, narrowed. A search is posted and kept in the session."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    narrowed, errors = filter_of(request)
    page = selectors.log_page(request.user, narrowed, before=number_of(request, "before"))
    context: dict[str, object] = {
        "log_page": page,
        "narrowed": narrowed,
        "search": narrowed.search,
        "errors": errors,
        "groups": [(name, words) for name, (words, _) in selectors.GROUPS.items()],
        "terms": Term.objects.all(),
    }
    if not wants_part(request):
        context |= chain_context(holds=entries_hold(line.entry for line in page.lines))
    return render_list(
        request,
        page="accommodations/log.html",
        partial="accommodations/partials/_log_entries.html",
        context=context,
        address=address,
    )
