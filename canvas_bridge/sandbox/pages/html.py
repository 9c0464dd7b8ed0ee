"""Building blocks of the pages: escaped text, tables, the frame of a page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from canvas_bridge.sandbox.http.answers import Answer, text_answer
from canvas_bridge.sandbox.pages.style import STYLE


def page(title: str, body: str, *, status: int = 200) -> Answer:
    """Return a whole page."""
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Sandbox Canvas</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="site"><p><a href="/">Sandbox Canvas</a> – for training and tests, with invented people</p></header>
<main id="content">
{body}
</main>
</body>
</html>
"""
    answer = text_answer(text, status, "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def link(address: str, text: str) -> str:
    """Return a link."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in a region that can be scrolled; the cells are HTML already, the first is the row's head."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f'<tr><th scope="row">{first}</th>{_cells(rest)}</tr>' for first, *rest in rows)
    label = escape(caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(cells: Sequence[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in cells)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs) + "</dl>"


def moment(at: datetime | None, zone: str) -> str:
    """Return an instant for people, in the course's zone and with its name."""
    if at is None:
        return "none"
    local = at.astimezone(ZoneInfo(zone))
    day, clock = local.strftime("%a %-d %b %Y"), local.strftime("%H:%M %Z")
    return f"{_unbroken(day)} {_unbroken(clock)}"


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def marked(text: str, *, differs: bool) -> str:
    """Return text, marked where it differs from everyone else's; the words say so too."""
    return f"<mark>{escape(text)}</mark>" if differs else escape(text)
