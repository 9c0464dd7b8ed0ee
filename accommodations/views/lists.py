"""What every list has: a page of rows for any number typed into the address, and CSV that no spreadsheet executes."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from accommodations.htmx import HtmxRequest, render_page_or_partial, wants_part
from accommodations.views.searches import remember_search

PAGE_SIZE = 25
_TRIGGERS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")
"""What begins a formula, or lets a cell be split so that one begins; some spreadsheets read the wide forms so too."""
_BLANKS = " \n\x0b\x0c\x85\u00a0\u1680\u180e\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x2010)))

Row = TypeVar("Row", bound=Model)
Response = TypeVar("Response", bound=HttpResponseBase)


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Pages of rows that the view has counted already."""

    def __init__(self, rows: QuerySet[Any], size: int, *, count: int) -> None:
        """Keep the number."""
        super().__init__(rows, size)
        self._number = count

    @cached_property
    def count(self) -> int:
        """Return how many rows there are."""
        return self._number


def page_of(request: HttpRequest, rows: QuerySet[Row], *, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, size).get_page(page_number(request.GET.get("page")))


def page_number(text: str | None) -> int:
    """Return the number of a page as an address has it; the first one where it is no number, or below one."""
    try:
        return max(int((text or "1")[:12]), 1)
    except ValueError:
        return 1


def sort_of(request: HttpRequest, allowed: Iterable[str], default: str) -> str:
    """Return the sort that the address asks for, the default where it is unknown."""
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in set(allowed) else default


def number_of(request: HttpRequest, name: str) -> int | None:
    """Return a row number from the address, None where it is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def known_words(request: HttpRequest, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return the values of one name of the address that are known words."""
    known = set(allowed)
    return tuple(value for value in request.GET.getlist(name) if value in known)


def searched_address(request: HttpRequest) -> str:
    """Return the list's address for a search that was posted, with its other filters and back on the first page.

    The request then reads as if that address had been asked for: the links of the list keep the search.
    """
    query = request.GET.copy()
    for name in ("page", "find", "before"):
        query.pop(name, None)
    number = remember_search(request, request.POST.get("q", ""))
    if number:
        query["find"] = number
    request.GET = query  # type: ignore[assignment]  # a QueryDict that nothing changes from here on
    return f"{request.path}?{query.urlencode()}" if query else request.path


def render_list(
    request: HtmxRequest, *, page: str, partial: str, context: dict[str, object], address: str = ""
) -> HttpResponse:
    """Render the list's page or its results; after a typed search the address follows without a new history entry."""
    response = render_page_or_partial(request, page=page, partial=partial, context=context)
    if address and wants_part(request):
        response.headers["HX-Replace-Url"] = address
    return response


def guarded_cell(value: Any) -> str:
    """Return a cell that a spreadsheet shows and never executes; numbers stay numbers."""
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    text = "" if value is None else str(value).replace("\x00", "")
    first_words = [line.lstrip(_BLANKS) for line in text.splitlines()] or [text]
    return f"'{text}" if text.startswith(("\t", "\r")) or any(w.startswith(_TRIGGERS) for w in first_words) else text


class _Echo:
    """A file that hands back what is written to it, so that CSV can be streamed."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def attachment(response: Response, name: str, ending: str) -> Response:
    """Let the browser save the answer, and keep none: the name holds plain characters alone, and today's date."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:80] or "export"
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}-{timezone.now():%Y-%m-%d}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Return the rows as a CSV file with a safe name and today's date in it."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)

    def lines() -> Iterable[str]:
        yield "\ufeff" + writer.writerow(head)
        for row in rows:
            yield writer.writerow([guarded_cell(value) for value in row])

    return attachment(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), name, "csv")
