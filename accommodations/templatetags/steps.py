"""The one button that helps with a pair, as a link or as a form that works without scripts."""

from django import template
from django.template import Context
from django.urls import reverse

from accommodations.models import PairStatus
from accommodations.selectors.answers_due import AnswerDue, Matter
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


@register.simple_tag
def answers_list(due: AnswerDue) -> str:
    """Return the address of the list behind a number of notices or letters."""
    if due.matter is Matter.LETTERS:
        return reverse("letter_list")
    return f"{reverse('notice_list')}?show={due.matter}"


@register.simple_tag
def answers_help(due: AnswerDue) -> str:
    """Return where the button leads: to the only one, or to the list, in which each has its own."""
    if due.only is None or not due.help.of_one:
        return answers_list(due)
    return reverse(due.help.of_one, args=[due.only])


def step_url(step: NextStep) -> str:
    """Return the address of the act; a release names its hold in the form."""
    arguments = [] if step.step.about is About.HOLD else [step.number]
    anchor = f"#{step.step.anchor}" if step.step.anchor else ""
    return reverse(step.step.address, args=arguments) + anchor
