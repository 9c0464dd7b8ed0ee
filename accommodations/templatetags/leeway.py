"""Tags and filters of every page: status badges, dates in the right zone, changes, links that keep their query."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accommodations.htmx import institution_of, zone_of
from accommodations.models import PairStatus, SyncRun
from accommodations.planning.statuses import Status
from accommodations.selectors.pair_words import OFFICE, STATUS_WORDS, STUDENT, PairWords, pair_words, reason_label
from accommodations.selectors.pairs import FieldLine
from accommodations.templatetags.badges import Badge, badge_of, evidence_of, own_sentence
from accommodations.templatetags.dates import (
    NO_LIMIT_MINUTES,
    at_text,
    countdown_text,
    day_text,
    duration_text,
    with_zone,
    zone_text,
)
from accommodations.templatetags.shell import THEMES, Shell, shell_of, theme_of

register = template.Library()


def _request(context: Context) -> HttpRequest | None:
    return getattr(context, "request", None) or context.get("request")


def _zone(context: Context) -> ZoneInfo:
    return zone_of(_request(context))


# The page around the page


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Shell:
    """Return what the top bar and the side navigation show to this person."""
    return shell_of(_request(context))


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Return ` data-theme="dark"` where the person chose a theme, else nothing: the system's."""
    theme = theme_of(_request(context))
    return format_html(' data-theme="{}"', theme) if theme in ("light", "dark") else mark_safe("")


@register.simple_tag(takes_context=True)
def themes(context: Context) -> list[tuple[str, str, bool]]:
    """Return the themes to choose from: value, label, and whether it is the chosen one."""
    chosen = theme_of(_request(context))
    return [(value, label, value == chosen) for value, label in THEMES]


@register.simple_tag(takes_context=True)
def institution(context: Context) -> object:
    """Return the institution's settings."""
    return institution_of(_request(context))


@register.simple_tag(takes_context=True)
def page_zone(context: Context) -> str:
    """Return the short name of the zone in which the page's times are written."""
    return zone_text(timezone.now(), _zone(context))


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the demo, where everything is invented."""
    return bool(settings.DEMO)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return an icon of `_icons.html`; the text beside it says what it means."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 20 20" aria-hidden="true"><use href="#i-{}"/></svg>',
        " icon--lg" if size == "lg" else "",
        name,
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """Return the page's query string with some values replaced; None or empty leaves one out."""
    request = _request(context)
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?"
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("accommodations/partials/_table_sort.html", takes_context=True)
def sort_header(context: Context, name: str, label: str, target: str, default: str = "") -> dict[str, object]:
    """Return a table head that sorts by `name`; `target` is the id that a swap replaces, `default` the usual sort."""
    request = _request(context)
    current = (request.GET.get("sort") if request is not None else None) or default
    is_current = current.removeprefix("-") == name
    is_descending = is_current and current.startswith("-")
    return {
        "name": name,
        "label": label,
        "target": target,
        "aria_sort": ("descending" if is_descending else "ascending") if is_current else "",
        "url": query_with(context, sort=f"-{name}" if is_current and not is_descending else name, page=None),
    }


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link of a pager; without an address it is the gap between numbers."""

    label: str
    url: str
    is_current: bool = False
    is_number: bool = False
    id: str = ""


@register.simple_tag(takes_context=True)
def page_links(context: Context, page: Page[Any]) -> list[PageLink]:
    """Return the links of a list's pages, with the rest of the query kept."""
    links = []
    if page.has_previous():
        links.append(PageLink("Previous", query_with(context, page=page.previous_page_number()), id="page-previous"))
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        is_number = isinstance(number, int)
        url = query_with(context, page=number) if is_number else ""
        links.append(PageLink(str(number), url, is_current=number == page.number, is_number=is_number))
    if page.has_next():
        links.append(PageLink("Next", query_with(context, page=page.next_page_number()), id="page-next"))
    return links


# Status


@register.inclusion_tag("accommodations/partials/_badge.html", takes_context=True)
def status_badge(
    context: Context, pair: PairStatus, audience: str = OFFICE, evidence: bool = True
) -> dict[str, object]:
    """Return the badge of a pair with its evidence; `audience` is office, instructor or student."""
    badge = badge_of(pair, audience=audience, zone=_zone(context), now=timezone.now(), with_evidence=evidence)
    return {"badge": badge}


@register.inclusion_tag("accommodations/partials/_badge.html")
def status_word(status: str, reason: str = "", label: str = "", evidence: str = "") -> dict[str, object]:
    """Return a badge for a status alone, such as one of a legend or of a preview's row."""
    words = pair_words(status=status, reason=reason)
    if label:
        words = PairWords(label=label, icon=words.icon, status=words.status, is_accepted_only=words.is_accepted_only)
    return {"badge": Badge(words=words, evidence=evidence)}


@register.filter
def status_lower(status: str) -> str:
    """Return a status as it stands within a sentence: "in place", "held"."""
    return STATUS_WORDS[Status(status)].lower()


@register.filter
def reason_words(reason: str) -> str:
    """Return a reason in sentence case."""
    return reason_label(reason)


RUN_ICONS = {"queued": "waiting", "running": "run", "reading": "held", "done": "check", "partial": "failed"}


@register.filter
def run_icon(run: SyncRun) -> str:
    """Return the icon of a sync run's status."""
    return RUN_ICONS.get(run.status, "close")


# Dates and durations


@register.simple_tag(takes_context=True)
def when(
    context: Context, at: datetime | None, zone: bool = False, relative: bool = False, course_zone: str = ""
) -> SafeString | str:
    """Return an instant as <time>; `zone` adds the zone, and with `course_zone` the course's time where it differs."""
    if at is None:
        return "none"
    own, now = _zone(context), timezone.now()
    text = at_text(at, zone=own, now=now, relative=relative)
    suffix = f" {with_zone(at, zone=own, course_zone=course_zone, now=now)}" if zone else ""
    machine = at.astimezone(own).isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>{}', machine, text, suffix)


@register.simple_tag(takes_context=True)
def when_iso(context: Context, text: str) -> SafeString | str:
    """Return an instant that the session keeps as text, as `when` shows it."""
    return when(context, datetime.fromisoformat(text), relative=True)


@register.simple_tag(takes_context=True)
def when_to(
    context: Context, opens: datetime | None, closes: datetime | None, course_zone: str = ""
) -> SafeString | str:
    """Return "Wed 3 Dec 09:00 to 10:30 EST": the day of the end only where it is another one."""
    if opens is None or closes is None:
        label = "until " if opens is None else "from "
        at = opens or closes
        return format_html("{}{}", label, when(context, at, zone=True, course_zone=course_zone)) if at else "no dates"
    own = _zone(context)
    if opens.astimezone(own).date() != closes.astimezone(own).date():
        end = when(context, closes, zone=True, course_zone=course_zone)
    else:
        local = closes.astimezone(own)
        end = format_html(
            '<time datetime="{}">{}</time> {}',
            local.isoformat(timespec="minutes"),
            f"{local:%H:%M}",
            with_zone(closes, zone=own, course_zone=course_zone, now=timezone.now()),
        )
    return format_html("{} to {}", when(context, opens), end)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None) -> SafeString | str:
    """Return a day as <time>: "Tue 2 Sep", with the year where it is not this one."""
    if value is None:
        return ""
    today = timezone.now().astimezone(_zone(context)).date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value, today=today))


@register.simple_tag(takes_context=True)
def today_heading(context: Context) -> str:
    """Return "Monday 1 December": the day in the institution's zone."""
    today = timezone.now().astimezone(_zone(context))
    return f"{today:%A} {today.day} {today:%B}"


@register.simple_tag
def opens_in(at: datetime) -> str:
    """Return "opens in 3 h 48 min" or, for one that has opened, "is open now"."""
    now = timezone.now()
    return f"opens {countdown_text(at, now=now)}" if at > now else "is open now"


@register.simple_tag
def countdown(at: datetime | None) -> str:
    """Return "in 3 h 48 min", or "in 5 days"."""
    if at is None:
        return ""
    now = timezone.now()
    return countdown_text(at, now=now) if at > now else "open now"


@register.filter
def duration(minutes: int | None) -> str:
    """Return minutes in words: "90 min", "4 h 30 min", "no time limit"."""
    return duration_text(minutes) if minutes is not None else ""


@register.filter
def thousands(number: int | None) -> str:
    """Return 3,486."""
    return f"{number:,}" if number is not None else ""


@register.simple_tag(takes_context=True)
def field_cell(context: Context, line: FieldLine, column: str) -> SafeString | str:
    """Return one cell of a derivation: minutes, attempts or an instant."""
    value = getattr(line, column)
    if isinstance(value, datetime) or line.unit == "instant":
        return when(context, value)
    return duration_text(value) if line.unit == "minutes" else f"{value:,}"


@register.simple_tag(takes_context=True)
def pair_evidence(context: Context, pair: PairStatus, audience: str) -> str:
    """Return what stands below a badge, without the planner's sentence where that is shown beside it."""
    evidence = evidence_of(pair, audience, _zone(context), timezone.now())
    return evidence.removeprefix(own_sentence(pair)).strip() if audience != STUDENT else evidence


@register.filter
def pair_sentence(pair: PairStatus) -> str:
    """Return the planner's sentence on a pair without the assessment's name in front."""
    return own_sentence(pair)


@register.filter
def wire(value: object) -> str:
    """Return a part of a log entry as readable JSON."""
    return value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False, default=str)


# Changes: before and after, always both


def _arrow(before: object, after: object) -> SafeString:
    return format_html(
        '<span class="change__from">{}</span> {}<span class="sr-only"> becomes </span> '
        '<span class="change__to">{}</span>',
        before,
        icon("arrow"),
        after,
    )


@register.simple_tag
def change_minutes(before: int, after: int, bar: bool = True) -> SafeString:
    """Return "60 → 90 min" with the leeway bar below it."""
    is_short = after <= 240
    first = str(before) if is_short and before <= 240 else duration_text(before)
    change = format_html('<span class="change nowrap">{}</span>', _arrow(first, duration_text(after)))
    return format_html("{}{}", change, leeway_bar(before, after)) if bar else change


@register.simple_tag
def change_number(before: int, after: int, unit: str = "") -> SafeString:
    """Return "1 → 2 attempts", and "2 → 1 attempt": the unit, given in the plural, is that of what follows."""
    text = f"{after:,} {unit.removesuffix('s') if after == 1 else unit}".strip()
    return format_html('<span class="change nowrap">{}</span>', _arrow(f"{before:,}", text))


@register.simple_tag(takes_context=True)
def change_instants(
    context: Context, before: datetime | None, after: datetime | None, course_zone: str = ""
) -> SafeString:
    """Return "Fri 5 Dec 23:59 → Sun 7 Dec 23:59 EST"."""
    last = when(context, after, zone=True, course_zone=course_zone) if after else "no date"
    return format_html('<span class="change">{}</span>', _arrow(when(context, before) if before else "no date", last))


@register.simple_tag
def leeway_bar(before: int, after: int) -> SafeString:
    """Return the sign of the product: what everybody has, a tick, and what is added; always beside the words."""
    if before <= 0 or after <= before:
        return mark_safe("")
    # The whole bar is twice the class's time, so that equal multipliers look equal; more than double fills it.
    base = 60.0 if after <= 2 * before else 120.0 * before / min(after, NO_LIMIT_MINUTES)
    more = 120.0 - base if after > 2 * before else 60.0 * (after - before) / before
    return format_html(
        '<svg class="leeway" viewBox="0 0 120 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="leeway__base" y="1" width="{0}" height="6"/>'
        '<rect class="leeway__more" x="{0}" y="1" width="{1}" height="6"/>'
        '<path class="leeway__tick" d="M{0} 0v8"/></svg>',
        f"{base:.1f}",
        f"{more:.1f}",
    )


@register.simple_tag
def coverage_bar(counts: list[Mapping[str, Any]]) -> SafeString:
    """Return the bar of coverage: one segment for each count, with `status`, `is_accepted` and `number`."""
    total = sum(count["number"] for count in counts)
    if not total:
        return mark_safe("")
    # Every non-empty part gets a sliver that can be seen; the rest is shared by size.
    shown = [count for count in counts if count["number"]]
    sliver, width = 7.0, 600.0
    free = width - sliver * len(shown)
    segments, x = [], 0.0
    for count in shown:
        part = sliver + free * count["number"] / total
        proof = mark_safe(' data-proof="accepted"') if count["is_accepted"] else ""
        segments.append((count["slug"], proof, f"{x:.1f}", f"{part:.1f}"))
        x += part
    rects = format_html_join("", '<rect class="seg" data-status="{}"{} x="{}" width="{}" height="14"/>', segments)
    return format_html(
        '<svg class="glance__bar" viewBox="0 0 600 14" preserveAspectRatio="none" aria-hidden="true">{}</svg>', rects
    )
