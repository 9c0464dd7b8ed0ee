"""Tags of the coverage board: a pager for each of its two directions, and the words of a cell."""

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accommodations.selectors.board import Side
from accommodations.selectors.board_cells import Cell
from accommodations.selectors.pair_words import pair_words
from accommodations.templatetags.leeway import PageLink

register = template.Library()
NEIGHBOURS = 1


@register.inclusion_tag("accommodations/partials/_board_pages.html", takes_context=True)
def board_pages(context: Context, side: Side, name: str, noun: str) -> dict[str, object]:
    """Return the pages of one direction of the board; `name` is what the address calls the number."""
    query = context["request"].GET.copy()

    def link(number: int, label: str, *, element_id: str = "", is_number: bool = False) -> PageLink:
        return PageLink(label, _address(query, name, number), number == side.number, is_number, element_id)

    links = [link(side.number - 1, "Previous", element_id=f"{name}-previous")] if side.number > 1 else []
    shown = {1, side.pages, *range(side.number - NEIGHBOURS, side.number + NEIGHBOURS + 1)}
    before = 0
    for number in sorted(one for one in shown if 1 <= one <= side.pages):
        if number > before + 1:
            links.append(PageLink("…", ""))
        links.append(link(number, str(number), is_number=True))
        before = number
    if side.number < side.pages:
        links.append(link(side.number + 1, "Next", element_id=f"{name}-next"))
    return {"side": side, "noun": noun, "links": links}


def _address(query: QueryDict, name: str, number: int) -> str:
    changed = query.copy()
    changed[name] = str(number)
    return f"?{changed.urlencode()}"


@register.simple_tag
def board_cell(cell: Cell, base: str, audience: str) -> SafeString:
    """Return a cell: one link to the derivation, with icon, what it gives, and the status in words.

    Made here and not by a template: a page has up to 1,250 of them.
    """
    words = pair_words(
        status=cell.status, reason=cell.reason, audience=audience, short_by_minutes=cell.short_by_minutes
    )
    label = f"{words.label}, accepted" if cell.is_accepted else words.label
    return format_html(
        '<a class="cell" data-status="{}"{} href="{}{}/"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true">'
        '<use href="#i-{}"/></svg>{}<span class="sr-only">{}{}{}</span></a>',
        cell.slug,
        format_html(' data-proof="{}"', "accepted") if cell.is_accepted else "",
        base,
        cell.pk,
        words.icon,
        cell.words,
        ", " if cell.words else "",
        label,
        ", settled" if cell.is_settled else "",
    )
