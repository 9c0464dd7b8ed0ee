"""The one button that helps with a pair, as a link or as a form that works without scripts."""

from django import template
from django.template import Context
from django.urls import reverse

from accommodations.models import PairStatus
from accommodations.selectors.coverage import ReasonCount
from accommodations.selectors.home import Home, NamedPair
from accommodations.selectors.next_steps import About, NextStep

register = template.Library()


@register.inclusion_tag("accommodations/partials/_step.html", takes_context=True)
def step_button(context: Context, step: NextStep, pair: PairStatus, quiet: bool = False) -> dict[str, object]:
    """Return the button of a pair's next step; its name says for whom and for what."""
    return {
        "step": step.step,
        "url": step_url(step),
        "hold": step.number if step.step.about is About.HOLD else None,
        "pair": pair,
        "is_primary": step.is_primary and not quiet,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def step_of_single(home: Home, reason: ReasonCount) -> NamedPair | None:
    """Return the only pair of a reason, with its button; None where there are several."""
    return home.singles.get(reason.reason) if reason.number == 1 else None


def step_url(step: NextStep) -> str:
    """Return the address of the act; a release names its hold in the form."""
    arguments = [] if step.step.about is About.HOLD else [step.number]
    anchor = f"#{step.step.anchor}" if step.step.anchor else ""
    return reverse(step.step.address, args=arguments) + anchor
