"""Alerts to directors: each matter once, with what to do, and no student's name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from accommodations.models import Alert, GuardStop, Notice, PairStatus, SetAside
from accommodations.planning.statuses import STATUS_OF, Reason
from accommodations.selectors.matters import FOUND, Event, Matter, standing_matters
from accommodations.services import mailing
from accommodations.services.director_alerts import WORDS, tell_directors, tend_alerts
from tests.accommodations.views_a.conftest import Campus
from tests.factories import make_assessment, make_connection, make_course_sync, make_pair, make_run, make_set_aside

NOW = datetime.now(UTC)


def look() -> list[mail.EmailMessage]:
    """Look once, send what is queued, and return the mails that left because of it."""
    mail.outbox.clear()
    tend_alerts(now=datetime.now(UTC))
    for pk in mailing.due_notices(now=datetime.now(UTC)):
        mailing.send(pk)
    return list(mail.outbox)


def at_risk(campus: Campus, name: str = "Midterm", **fields: object) -> PairStatus:
    fields = {"reason": Reason.REFUSED, "is_exam": True, "since": NOW - timedelta(hours=1), **fields}
    fields.setdefault("opens_at", NOW + timedelta(hours=20))
    return make_pair(campus.amara, make_assessment(campus.own, name=name), **fields)


def test_every_event_has_words_that_say_what_to_do() -> None:
    assert set(WORDS) == set(Event)
    assert set(Event) == FOUND
    for words in WORDS.values():
        assert words.subject.startswith("Leeway: ")
        assert words.what
        assert words.do


def test_r15_no_alert_names_a_student_or_says_why() -> None:
    for words in WORDS.values():
        text = f"{words.subject} {words.what} {words.do}".lower()
        assert "disab" not in text
        assert "accommodat" not in text


def test_an_exam_at_risk_is_told_to_directors_once(campus: Campus) -> None:
    at_risk(campus)
    (one,) = look()
    assert one.to == ["director@university.example"]
    assert "BIO 101 Midterm" in one.body
    assert f"/courses/{campus.own.pk}/" in one.body
    assert "Amara" not in one.body
    assert look() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"is_exam": False},
        {"opens_at": timedelta(days=4)},
        {"closes_at": timedelta(minutes=-1), "opens_at": timedelta(hours=-2)},
        {"since": timedelta(minutes=-2)},
        {"reason": Reason.READ_BACK},
        {"settled_at": timedelta(0)},
    ],
    ids=["no exam", "far away", "over", "just recorded", "covered", "settled"],
)
def test_what_is_no_risk_is_told_to_nobody(fields: dict[str, object], campus: Campus) -> None:
    # Counted from now: a file of tests may be collected long before it is run.
    now = datetime.now(UTC)
    at_risk(campus, **{name: now + one if isinstance(one, timedelta) else one for name, one in fields.items()})
    assert look() == []


@pytest.mark.parametrize("opens", [timedelta(minutes=5), timedelta(minutes=-10)], ids=["in 5 min", "open"])
def test_what_opens_at_once_is_told_though_it_was_not_covered_only_a_moment_ago(
    opens: timedelta, campus: Campus
) -> None:
    """Three minutes are what work needs to resume after a fault; twenty would be after the exam has begun."""
    now = datetime.now(UTC)
    pair = at_risk(campus, opens_at=now + opens, since=now - timedelta(minutes=1))
    assert look() == []
    PairStatus.objects.filter(pk=pair.pk).update(since=now - timedelta(minutes=4))
    assert len(look()) == 1


def test_q09_a_missed_exam_is_told_until_somebody_writes_what_was_done(campus: Campus) -> None:
    pair = at_risk(campus, reason=Reason.CLOSED, closes_at=NOW - timedelta(hours=1), opens_at=NOW - timedelta(hours=2))
    at_risk(campus, name="An essay", reason=Reason.CLOSED, is_exam=False)
    (one,) = look()
    assert one.subject == "Leeway: an exam was missed"
    assert "BIO 101 Midterm" in one.body
    assert f"/coverage/{pair.pk}/" in one.body
    assert "An essay" not in one.body
    assert look() == []
    PairStatus.objects.filter(pk=pair.pk).update(settled_at=NOW)
    assert standing_matters(now=datetime.now(UTC)) == []


def test_what_comes_back_is_told_again(campus: Campus) -> None:
    pair = at_risk(campus)
    assert len(look()) == 1
    PairStatus.objects.filter(pk=pair.pk).update(reason=Reason.READ_BACK, status=STATUS_OF[Reason.READ_BACK])
    assert look() == []
    PairStatus.objects.filter(pk=pair.pk).update(reason=Reason.REFUSED, status=STATUS_OF[Reason.REFUSED])
    assert len(look()) == 1


def test_many_at_once_are_one_mail_and_each_is_told_once(campus: Campus) -> None:
    for number in range(3):
        at_risk(campus, name=f"Midterm {number}")
    (one,) = look()
    assert all(f"Midterm {number}" in one.body for number in range(3))
    at_risk(campus, name="Final")
    (later,) = look()
    assert "Final" in later.body
    assert "Midterm" not in later.body


def test_all_the_other_matters_are_found(campus: Campus) -> None:
    at_risk(campus, reason=Reason.RUNNING_ATTEMPT_SHORT)
    at_risk(campus, name="Final", reason=Reason.CLOSED)
    make_connection(is_token_refused=True)
    GuardStop.objects.create(course=campus.own, digest="d", message="Too many.", stopped_at=NOW)
    for kind in Alert.Kind.values:
        Alert.objects.create(
            kind=kind, student=campus.amara, assessment=campus.quiz, course=campus.own, message="x", raised_at=NOW
        )
    found = {matter.event for matter in standing_matters(now=datetime.now(UTC))}
    assert found == FOUND - {Event.EXAM_AT_RISK, Event.QUARANTINED}
    assert len(look()) == len(found)


def test_f03_a_course_that_was_set_aside_is_told_until_it_is_released(campus: Campus) -> None:
    run = make_run()
    row = make_set_aside(campus.own, course_sync=make_course_sync(run, campus.own, status="failed"))
    (one,) = look()
    assert "BIO 101" in one.body
    assert f"/runs/{run.pk}/" in one.body
    assert look() == []
    SetAside.objects.filter(pk=row.pk).update(released_at=NOW)
    assert standing_matters(now=datetime.now(UTC)) == []


def test_two_looks_at_once_tell_one_thing(campus: Campus) -> None:
    matter = Matter(Event.TOKEN_REFUSED, "connection:1")
    assert [tell_directors([matter]), tell_directors([matter])] == [1, 0]


def test_an_alert_that_never_left_and_is_over_is_not_sent(campus: Campus, settings: Any) -> None:
    settings.LEEWAY_SENDS_MAIL = False
    pair = at_risk(campus)
    assert look() == []
    PairStatus.objects.filter(pk=pair.pk).update(settled_at=NOW)
    settings.LEEWAY_SENDS_MAIL = True
    assert look() == []
    assert Notice.objects.get().status == Notice.Status.NOTHING


def test_a_director_without_an_address_is_shown(campus: Campus) -> None:
    campus.users["director"].email = ""
    campus.users["director"].save()
    at_risk(campus)
    assert look() == []
    assert Notice.objects.get().status == Notice.Status.NO_ADDRESS
