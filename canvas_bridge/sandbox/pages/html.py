"""Building blocks of the pages: escaped text, instants, tables that become cards when narrow, the frame of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from canvas_bridge.sandbox.http.answers import Answer, text_answer
from canvas_bridge.sandbox.pages.style import STYLE
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.state import SandboxState

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Dates:
    """Writes instants for people in one zone; the year is told only where it is not the present one."""

    zone: str
    year: int

    def text(self, at: datetime | None) -> str:
        """Return an instant as text."""
        if at is None:
            return "none"
        local = at.astimezone(ZoneInfo(self.zone))
        year = "" if local.year == self.year else f" {local.year}"
        return local.strftime(f"%a %-d %b{year} %H:%M").replace(" ", "\N{NO-BREAK SPACE}")

    def html(self, at: datetime | None) -> str:
        """Return an instant as an element that machines can read too."""
        return f'<time datetime="{shown(at)}">{self.text(at)}</time>' if at else '<span class="quiet">none</span>'


def dates_of(state: SandboxState, zone: str) -> Dates:
    """Return what writes instants in a zone, now."""
    return Dates(zone, state.now().astimezone(ZoneInfo(zone)).year)


def page(
    state: SandboxState,
    title: str,
    body: str,
    *,
    crumbs: Sequence[tuple[str, str]] = (),
    query: str = "",
    status: int = 200,
) -> Answer:
    """Return a whole page; `crumbs` are addresses and names of the pages above it."""
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<title>{escape(title)} – Sandbox Canvas</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="site">
<a class="name" href="/">Sandbox Canvas</a>
{_search_form(query)}
</header>
<main id="content" tabindex="-1">
{_crumbs(crumbs)}
{body}
</main>
<footer class="site"><p>{_clock(state)} Everybody here is invented. These pages only show; what they show is changed
through the Canvas API.</p></footer>
</body>
</html>
"""
    answer = text_answer(text, status, "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _search_form(query: str) -> str:
    return (
        '<form class="search" role="search" action="/"><label class="unseen" for="q">Search courses and people</label>'
        f'<input id="q" type="search" name="q" value="{escape(query)}" placeholder="Course, name, login or SIS id">'
        "<button>Search</button></form>"
    )


def _crumbs(crumbs: Sequence[tuple[str, str]]) -> str:
    if not crumbs:
        return ""
    items = "".join(f"<li>{link(address, name)}</li>" for address, name in crumbs)
    return f'<nav class="crumbs" aria-label="Where you are"><ol>{items}</ol></nav>'


def _clock(state: SandboxState) -> str:
    zone = state.account.time_zone
    words = "stands still at" if state.frozen_at else "says"
    return f"The clock of this Canvas {words} {dates_of(state, zone).html(state.now())} in {escape(zone)}."


def link(address: str, text: str) -> str:
    """Return a link."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose rows are cards on a narrow screen; cells are HTML already, the first is the row's head.

    The roles are written out, as browsers forget them when the rows are no longer laid out as a table's.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(text)}</th>' for text in heads)
    body = "".join(_row(heads, cells) for cells in rows)
    return (
        f'<table role="table"><caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(heads: Sequence[str], cells: Sequence[str]) -> str:
    first, *rest = cells
    named = "".join(
        f'<td role="cell" data-label="{escape(head)}"><div>{cell}</div></td>'
        for head, cell in zip(heads[1:], rest, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{named}</tr>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values; the values are HTML already."""
    return "<dl>" + "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in pairs) + "</dl>"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def beside(own: str, everybody: str) -> str:
    """Return a student's value, already HTML, with everybody's below it where the two differ."""
    if own == everybody:
        return own
    return f'<mark>{own}</mark> <span class="class">class: {everybody}</span>'
