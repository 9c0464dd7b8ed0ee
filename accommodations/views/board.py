"""The coverage board as a page, narrowed first, and its exports."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl import Workbook

from accommodations import permissions
from accommodations.forms.fields import local_instant
from accommodations.htmx import wants_part, zone_of
from accommodations.planning.statuses import Status
from accommodations.selectors import board as selectors
from accommodations.selectors.board_cells import Cell
from accommodations.selectors.pair_words import STATUS_WORDS, pair_words, status_slug
from accommodations.services import action_log
from accommodations.services.act_limits import EXPORT
from accommodations.templatetags.dates import at_text
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import (
    attachment,
    csv_response,
    guarded_cell,
    known_words,
    number_of,
    page_number,
    render_list,
    searched_address,
)
from accommodations.views.searches import search_of

READERS = ("see_all_students", "see_taught_students")
WEEKS_BEFORE, WEEKS_AHEAD = 4, 16
MOST_COLUMNS_EXPORTED = 250
EVERY_WEEK = "all"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROWING = ("course", "code", "department", "term", "assessment", "week")


@requires(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def coverage_board(request: SignedInRequest) -> HttpResponse:
    """Show one page of the board. A search for a student is posted and kept in the session."""
    address = searched_address(request) if request.method == "POST" else ""
    if address and not wants_part(request):
        return redirect(address)
    narrowed, week = _filter(request)
    per = request.GET.get("per", "")
    board = selectors.board_of(
        request.user,
        narrowed,
        now=timezone.now(),
        size=selectors.SIZES.get(per, selectors.SIZES["25x9"]),
        student_page=page_number(request.GET.get("page")),
        assessment_page=page_number(request.GET.get("columns")),
    )
    context: dict[str, Any] = {
        "board": board,
        "narrowed": narrowed,
        "week": week,
        "search": narrowed.search,
        "audience": permissions.audience_of(request.user),
        "is_office": permissions.is_staff_of_office(request.user),
        "pair_base": reverse("pair_detail", args=[0]).removesuffix("0/"),
    }
    if not wants_part(request):
        context |= _choices(request, board, narrowed, week, per)
    return render_list(
        request,
        page="accommodations/board.html",
        partial="accommodations/partials/_board.html",
        context=context,
        address=address,
    )


def _filter(request: SignedInRequest) -> tuple[selectors.BoardFilter, date | None]:
    """Return what the address narrows the board to, and its week; the office begins with this week."""
    week = _week(request)
    starts, ends = (_midnight(request, week, days=days) if week else None for days in (0, 7))
    narrowed = selectors.BoardFilter(
        course_id=number_of(request, "course"),
        code=" ".join(request.GET.get("code", "").replace("\x00", "").split())[:100],
        account_id=number_of(request, "department"),
        term_id=number_of(request, "term"),
        assessment_id=number_of(request, "assessment"),
        starts=starts,
        ends=ends,
        kind=request.GET.get("kind", ""),
        statuses=known_words(request, "status", [*Status, selectors.ACCEPTED]),
        search=search_of(request),
    )
    return narrowed, week


def _week(request: SignedInRequest) -> date | None:
    """Return the Monday of the week asked for. Where nothing is asked, the office sees this week, others everything."""
    today = timezone.now().astimezone(zone_of(request)).date()
    text = request.GET.get("week", "")
    try:
        return selectors.monday_of(date.fromisoformat(text))
    except ValueError:
        is_narrowed = any(request.GET.get(name) for name in _NARROWING)
        begins_with_week = permissions.is_staff_of_office(request.user) and not is_narrowed
        # On a weekend, the week that people ask about is the next one.
        return selectors.monday_of(today + timedelta(days=2)) if begins_with_week else None


def _midnight(request: SignedInRequest, monday: date, *, days: int) -> datetime | None:
    try:
        start = datetime.combine(monday + timedelta(days=days), time())
        return local_instant(start, zone_of(request), earlier=True)
    except OverflowError:
        return None


def _choices(
    request: SignedInRequest, board: selectors.Board, narrowed: selectors.BoardFilter, week: date | None, per: str
) -> dict[str, Any]:
    this_week = selectors.monday_of(timezone.now().astimezone(zone_of(request)).date())
    weeks = [this_week + timedelta(weeks=number) for number in range(-WEEKS_BEFORE, WEEKS_AHEAD + 1)]
    if week is not None and week not in weeks:
        weeks.append(week)
    return {
        "choices": selectors.choices_for(request.user),
        "kinds": [(value, label, value == narrowed.kind) for value, (label, _) in selectors.KINDS.items()],
        "weeks": [(monday, _week_label(monday, this_week)) for monday in weeks],
        "sizes": [(value, value.replace("x", " × "), value == per) for value in selectors.SIZES],
        "statuses": _status_choices(board, narrowed),
    }


def _week_label(monday: date, this_week: date) -> str:
    known = {this_week: "This week", this_week + timedelta(weeks=1): "Next week"}
    return known.get(monday, f"Week of {monday.day} {monday:%b} {monday.year}")


def _status_choices(board: selectors.Board, narrowed: selectors.BoardFilter) -> list[dict[str, Any]]:
    """Return the statuses in their order, in place by its two proofs, each with how many pairs have it."""
    words: list[tuple[str, str, str]] = []
    for status in Status:
        words.append((status.value, STATUS_WORDS[status], status_slug(status)))
        if status is Status.IN_PLACE:
            words[-1] = (status.value, "In place, read back", status_slug(status))
            words.append((selectors.ACCEPTED, "In place, accepted", status_slug(status)))
    return [
        {
            "value": value,
            "label": label,
            "slug": slug,
            "icon": "accepted" if value == selectors.ACCEPTED else slug,
            "number": board.counts.get(value, 0),
            "is_chosen": value in narrowed.statuses,
        }
        for value, label, slug in words
    ]


@requires("export")
@require_safe
@limited(EXPORT)
def coverage_board_csv(request: SignedInRequest) -> HttpResponseBase:
    """Return the whole board as CSV; the export is logged."""
    table = _table(request, "csv")
    if table is None:
        return _too_wide(request)
    head, rows = table
    return csv_response("coverage-board", head, rows)


@requires("export")
@require_safe
@limited(EXPORT)
def coverage_board_xlsx(request: SignedInRequest) -> HttpResponseBase:
    """Return the whole board as an Excel workbook; the export is logged."""
    table = _table(request, "xlsx")
    if table is None:
        return _too_wide(request)
    head, rows = table
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Coverage board")
    sheet.freeze_panes = "B2"
    for row in ([*head], *rows):
        sheet.append([guarded_cell(value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return attachment(HttpResponse(target.getvalue(), content_type=XLSX), "coverage-board", "xlsx")


def _table(request: SignedInRequest, kind: str) -> tuple[list[str], Iterator[list[str]]] | None:
    narrowed, _ = _filter(request)
    columns = selectors.columns_to_export(request.user, narrowed, now=timezone.now(), most=MOST_COLUMNS_EXPORTED)
    if columns is None:
        return None
    action_log.record(act="board.exported", actor=request.user, payload={"kind": kind, "assessments": len(columns)})
    zone, now = zone_of(request), timezone.now()
    head = ["Student"]
    for column in columns:
        at = column.opens_at or column.closes_at
        when = f", {at_text(at, zone=zone, now=now)}" if at else ""
        head.append(f"{column.course_code} {column.name} ({column.kind_words}{when})")
    rows = selectors.rows_to_export(request.user, narrowed, columns)
    return head, ([row.name, *(_exported(cell) for cell in row.cells)] for row in rows)


def _exported(cell: Cell | None) -> str:
    if cell is None:
        return ""
    words = pair_words(status=cell.status, reason=cell.reason, short_by_minutes=cell.short_by_minutes)
    label = "In place, accepted" if words.is_accepted_only else words.label
    return f"{label}: {cell.words}" if cell.words else label


def _too_wide(request: SignedInRequest) -> HttpResponse:
    messages.info(
        request, f"A table holds at most {MOST_COLUMNS_EXPORTED} assessments. Narrow the board, then export it."
    )
    return redirect(f"{reverse('coverage_board')}?{request.GET.urlencode()}")
