"""Charts as SVG made on the server: no script, no inline style; what they say stands in their title and in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accommodations.selectors.days import DayActions, DayCoverage, DayLoad

register = template.Library()

LEFT, RIGHT, TOP, BOTTOM = 34.0, 304.0, 20.0, 140.0
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Scale:
    """A vertical axis from `low` to `high` with a line at each step."""

    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        """Return the height at which a value is drawn."""
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)

    @property
    def marks(self) -> list[float]:
        """Return the values with a line."""
        return [self.low + self.step * number for number in range(round((self.high - self.low) / self.step) + 1)]


def scale_to(most: int) -> Scale:
    """Return the scale from nothing to a round number above the most, in three or four steps."""
    step = next((one for one in _STEPS if one * 4 >= most), most)
    return Scale(0, step * max(1, -(-most // step)), step)


def percent_scale(least: float) -> Scale:
    """Return the scale of percents: from a round number below the least up to a hundred."""
    low = max(0, min(90, int(least // 10) * 10))
    return Scale(low, 100, 10 if low >= 70 else 25 if low in (0, 25, 50) else (100 - low) / 4)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _grid(scale: Scale) -> SafeString:
    rows = [(f"{scale.y(mark):.1f}", f"{scale.y(mark) + 4:.1f}", f"{mark:,.0f}") for mark in scale.marks]
    return format_html_join(
        "", '<path class="chart__grid" d="M34 {}h270"/><text x="28" y="{}" text-anchor="end">{}</text>', rows
    )


def _svg(name: str, title: str, *parts: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 320 170" role="img" aria-labelledby="{0}-t"><title id="{0}-t">{1}</title>{2}'
        '<path class="chart__axis" d="M34 140h270"/></svg>',
        name,
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _ends(first: str, last: str) -> SafeString:
    return format_html('<text x="34" y="160">{}</text><text x="304" y="160" text-anchor="end">{}</text>', first, last)


@register.simple_tag
def coverage_chart(days: Sequence[DayCoverage]) -> SafeString:
    """Return the line of coverage over the term; the last point is today."""
    shares = [100 * day.in_place / day.needed if day.needed else 100.0 for day in days]
    scale, first, last = percent_scale(min(shares)), days[0], days[-1]
    span = max(1, (last.day - first.day).days)
    points = [
        (LEFT + (RIGHT - LEFT) * (day.day - first.day).days / span, scale.y(share))
        for day, share in zip(days, shares, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    best = max(days, key=lambda day: day.in_place / day.needed if day.needed else 1)
    title = (
        f"Coverage was {first.percent} % on {_day(first.day)} and is {last.percent} % today. "
        f"Highest: {best.percent} % on {_day(best.day)}."
    )
    x, y = points[-1]
    return _svg(
        "coverage-chart",
        title,
        _grid(scale),
        format_html('<path class="chart__area" d="M34,140 L{} L{},140z"/>', line.replace(" ", " L"), f"{x:.1f}"),
        format_html('<polyline class="chart__line" points="{}"/>', line),
        format_html('<circle class="chart__dot" cx="{}" cy="{}" r="3.5"/>', f"{x:.1f}", f"{y:.1f}"),
        format_html(
            '<text class="chart__value" x="304" y="{}" text-anchor="end">{} %</text>',
            f"{y + 20 if y < BOTTOM - 30 else y - 10:.1f}",
            last.percent,
        ),
        _ends(_day(first.day), "today"),
    )


@register.simple_tag
def load_chart(days: Sequence[DayLoad]) -> SafeString:
    """Return the exams of the next two weeks: a bar a day, and on it, striped, who is not covered."""
    busiest, gaps = max(days, key=lambda day: day.needed), sum(day.gaps for day in days)
    scale = scale_to(max(day.needed for day in days))
    bars, risks = [], []
    for number, day in enumerate(days):
        x = f"{38 + number * 19.1:.1f}"
        covered = day.needed - day.gaps
        bars.append((x, f"{scale.y(covered):.1f}", f"{BOTTOM - scale.y(covered):.1f}"))
        if day.gaps:
            risks.append((x, f"{scale.y(day.needed):.1f}", f"{max(3.0, scale.y(covered) - scale.y(day.needed)):.1f}"))
    title = f"Busiest day: {busiest.needed} on {busiest.day:%a} {_day(busiest.day)}. Not covered: {gaps} in all."
    return _svg(
        "load-chart",
        title,
        _grid(scale),
        format_html_join("", '<rect class="chart__bar" x="{}" y="{}" width="13" height="{}"/>', bars),
        format_html_join("", '<rect class="chart__bar chart__bar--risk" x="{}" y="{}" width="13" height="{}"/>', risks),
        _ends("today", _day(days[-1].day)),
    )


@register.simple_tag
def actions_chart(days: Sequence[DayActions]) -> SafeString:
    """Return the actions that Canvas accepted, a bar a day; the last one is today."""
    most = max(days, key=lambda day: day.number)
    scale = scale_to(max(1, most.number))
    bars = [
        (f"{38 + number * 19.1:.1f}", f"{scale.y(day.number):.1f}", f"{BOTTOM - scale.y(day.number):.1f}")
        for number, day in enumerate(days)
    ]
    title = f"Most actions: {most.number:,} on {most.day:%a} {_day(most.day)}. Today so far: {days[-1].number:,}."
    return _svg(
        "actions-chart",
        title,
        _grid(scale),
        format_html_join("", '<rect class="chart__bar" x="{}" y="{}" width="13" height="{}"/>', bars),
        _ends(_day(days[0].day), "today"),
    )


@register.filter
def with_today(days: Sequence[DayCoverage], now: DayCoverage) -> list[DayCoverage]:
    """Return the days of coverage, and today as it is now."""
    return [*days, now]
