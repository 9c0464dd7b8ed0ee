"""Alerts by mail to directors: each matter once, with what to do, and once more only when it comes back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.models import InstitutionSettings, Notice
from accommodations.selectors.matters import Event, Matter, standing_matters
from accommodations.selectors.tellable import people_with
from accommodations.services.notice_texts import address_of, body_of, plain

TOLD_TO = "confirm_guard"
"""The permission of directors."""
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one event: the mail's subject, what has happened, what to do."""

    subject: str
    what: str
    do: str

    @property
    def title(self) -> str:
        """Return the subject where everybody knows who writes."""
        return self.subject.removeprefix("Leeway: ")


WORDS: dict[Event, Words] = {
    Event.EXAM_AT_RISK: Words(
        "Leeway: an exam needs you",
        "Somebody is not covered for an exam that is open or opens within 48 hours.",
        "open the page. It says for whom, why, and what helps.",
    ),
    Event.MISSED: Words(
        "Leeway: an exam was missed",
        "Somebody sat an exam, or it closed for them, while their approved time was not in Canvas.",
        "open the page, agree with the instructor on what is done, and write it there.",
    ),
    Event.RUNNING_SHORT: Words(
        "Leeway: an attempt is running short",
        "An attempt that is running now ends before the approved time is up.",
        "open the page and extend the attempt. You see the new end before anything is sent.",
    ),
    Event.TOKEN_REFUSED: Words(
        "Leeway: Canvas refuses the token",
        "Canvas does not accept Leeway’s token any more. Nothing is written until there is a new one.",
        "ask an administrator to enter a new token on the page Canvas connection. Work then goes on by itself.",
    ),
    Event.QUARANTINED: Words(
        "Leeway: work on a course was set aside",
        "The sync of a course ended its worker three times and was set aside. Other courses go on.",
        "ask an administrator to look at the worker’s log, then release the course on home.",
    ),
    Event.GUARD_STOPPED: Words(
        "Leeway: changes wait for your decision",
        "The safety guard stopped changes that would take much back at once. Everything else goes on.",
        "read what was stopped, then approve or dismiss exactly that.",
    ),
    Event.DRIFT: Words(
        "Leeway: something is taken back again and again",
        "What Leeway put into Canvas was made less for the third time or more. It was put back each time.",
        "ask the instructor why, and agree on what holds. Then say on the page that you have seen it.",
    ),
    Event.EARLY_UNLOCK: Words(
        "Leeway: an exam may have opened early",
        "The class’s opening moved later, and one copy of it may have opened before the class.",
        "look whether it was seen early, and tell the instructor. Then say on the page that you have seen it.",
    ),
}


def tend_alerts(*, now: datetime) -> int:
    """Queue an alert for each matter that stands and was not told yet, close those that are over; return how many."""
    standing = standing_matters(now=now)
    _close_over({(one.event.value, one.about) for one in standing}, now)
    return tell_directors(standing, now=now)


@transaction.atomic
def tell_directors(matters: Iterable[Matter], *, now: datetime | None = None) -> int:
    """Queue one mail for each director and event, with all matters that they were not told yet; return how many.

    Safe to call again and again: while a matter stands it is told once.
    """
    matters, now = list(matters), now or timezone.now()
    if not matters:
        return 0
    InstitutionSettings.objects.select_for_update().get_or_create(pk=1)  # two at once tell one after the other
    queued = 0
    for director in people_with(TOLD_TO).order_by("pk"):
        alerts = Notice.objects.filter(kind=Notice.Kind.ALERT, recipient=director, over_at=None)
        told = set(alerts.values_list("event", "about"))
        by_event: defaultdict[Event, list[Matter]] = defaultdict(list)
        for matter in matters:
            if (matter.event.value, matter.about) not in told:
                by_event[matter.event].append(matter)
        for event, new in by_event.items():
            _queue(director, event, new, now)
            queued += 1
    return queued


def _queue(director: User, event: Event, matters: list[Matter], now: datetime) -> None:
    """One mail tells all of them; each has a row of its own, so that each can be over, and come back, by itself."""
    words = WORDS[event]
    places = list(dict.fromkeys(plain(one.where) for one in matters if one.where))
    first = matters[0]
    arguments = (first.number,) if first.number is not None and len(matters) == 1 else ()
    context = {
        "what": words.what,
        "where": "\n".join(f"- {place}" for place in places[:MOST_NAMED]),
        "more": max(0, len(places) - MOST_NAMED),
        "do": words.do,
        "link": address_of(first.page if arguments else "home", *arguments),
        "institution": InstitutionSettings.current(),
    }
    mail = Notice.objects.create(
        kind=Notice.Kind.ALERT,
        status=Notice.Status.QUEUED if director.email else Notice.Status.NO_ADDRESS,
        recipient=director,
        event=event.value,
        about=first.about,
        due_at=now,
        address=director.email,
        subject=words.subject,
        body=body_of("emails/alert.txt", context),
    )
    with_it = f"Told in one mail with notice {mail.pk}."
    Notice.objects.bulk_create(
        [
            Notice(
                kind=Notice.Kind.ALERT,
                status=Notice.Status.NOTHING,
                recipient=director,
                event=event.value,
                about=matter.about,
                due_at=now,
                ended_at=now,
                subject=words.subject,
                message=with_it,
            )
            for matter in matters[1:]
        ]
    )


def _close_over(standing: set[tuple[str, str]], now: datetime) -> None:
    alerts = Notice.objects.filter(kind=Notice.Kind.ALERT, over_at=None)
    over = [pk for pk, event, about in alerts.values_list("pk", "event", "about") if (event, about) not in standing]
    Notice.objects.filter(pk__in=over).update(over_at=now)
    # What never left and is over tells nobody anything any more.
    waiting = Notice.objects.filter(pk__in=over, status__in=(Notice.Status.QUEUED, Notice.Status.NO_ADDRESS))
    waiting.update(status=Notice.Status.NOTHING, ended_at=now)
