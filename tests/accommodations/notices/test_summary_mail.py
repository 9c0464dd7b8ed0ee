"""A student's summary by mail: shown before it is sent, exactly that, to the student alone; and what they were told."""

import re
from datetime import UTC, datetime, timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, Notice, NoticeItem
from accommodations.planning.statuses import Reason
from accommodations.services import mailing
from tests.accommodations.notices.conftest import SignIn
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.accommodations.views_a.test_students import text_of
from tests.factories import make_accommodation, make_assessment, make_exception

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


def page_of(campus: Campus) -> str:
    """Return the address of the page that mails Amara's summary."""
    return reverse("student_summary_mail", args=[campus.amara.pk])


def confirm(client: Client, campus: Campus) -> str:
    """Read the page and send what it shows; return what is said then."""
    shown = DIGEST.search(client.get(page_of(campus)).content.decode())
    assert shown is not None
    return text_of(client.post(page_of(campus), {"digest": shown[1]}, follow=True))


def test_a34_exactly_what_was_shown_is_sent_once_and_logged(campus: Campus, as_role: SignIn) -> None:
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(page_of(campus)))
    assert "One mail to <strong>student@university.example</strong>" in page
    assert not Notice.objects.exists()
    assert "The mail is on its way." in confirm(client, campus)
    assert "The same summary was sent within the last hour." in confirm(client, campus)
    [notice] = Notice.objects.all()
    sent = mailing.send(notice.pk)
    assert sent is not None
    assert (sent.status, [one.to for one in mail.outbox]) == ("sent", [["student@university.example"]])
    assert mail.outbox[0].body == notice.body
    assert notice.body.splitlines()[0] in page
    acts = ActionLogEntry.objects.filter(student_id_logged=campus.amara.pk).values_list("act", flat=True)
    assert {"notice.asked", "notice.sending", "notice.sent"} <= set(acts)


def test_what_reads_differently_by_now_is_shown_again(campus: Campus, as_role: SignIn) -> None:
    client = as_role("coordinator")
    shown = DIGEST.search(client.get(page_of(campus)).content.decode())
    assert shown is not None
    add_pair(campus.amara, make_assessment(campus.own, name="A new quiz"))
    answer = text_of(client.post(page_of(campus), {"digest": shown[1]}, follow=True))
    assert "It reads differently by now." in answer
    assert "A new quiz" in answer
    assert not Notice.objects.exists()


def test_r17_the_mail_holds_nothing_that_the_student_may_not_see(campus: Campus, as_role: SignIn) -> None:
    make_accommodation(campus.amara, status="draft", provision="extra_attempts", multiplier=None, attempts=7)
    make_exception(campus.amara, campus.own, reason="An essential requirement of the course.")
    add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.REFUSED, failure_message="no such quiz")
    add_pair(campus.bo, make_assessment(campus.own, name="Quiz of Bo"))
    confirm(as_role("coordinator"), campus)
    body = Notice.objects.get().body
    assert "Quiz 8" in body
    assert "Quiz 9" in body
    assert "(not yet in place)" in body
    for hidden in ("Only for the office", "7 extra attempts", "essential requirement", "no such quiz", "Bo", "disab"):
        assert hidden not in body


def test_without_an_address_the_page_says_what_to_do_and_sends_nothing(campus: Campus, as_role: SignIn) -> None:
    campus.users["student"].email = ""
    campus.users["student"].save()
    client = as_role("coordinator")
    page = text_of(client.get(page_of(campus)))
    assert "has no account with an e-mail address" in page
    assert "Send it to" not in page
    client.post(page_of(campus), {"digest": "0" * 64})
    assert not Notice.objects.exists()


def test_a_student_reads_what_they_were_told_and_when(campus: Campus, as_role: SignIn) -> None:
    now = datetime.now(UTC)
    for number in range(12):
        notice = Notice.objects.create(
            kind="student",
            status="sent",
            recipient=campus.users["student"],
            student=campus.amara,
            due_at=now,
            ended_at=now - timedelta(days=20 - number),
        )
        for what in ("new", "new", "changed"):
            NoticeItem.objects.create(
                notice=notice, event="write", what=what, student=campus.amara, course=campus.own,
                assessment=campus.quiz, at=now,
            )  # fmt: skip
    Notice.objects.create(kind="alert", status="sent", recipient=campus.users["student"], due_at=now, ended_at=now)
    confirm(as_role("coordinator"), campus)
    Notice.objects.filter(kind="summary").update(status="sent", ended_at=now)
    student = as_role("student")
    with at_most_queries():
        page = text_of(student.get(reverse("own_page")))
    part = page.split('id="told-h"')[1].split("</section>")[0]
    assert part.count("2 put in place, 1 changed") == 9
    assert part.index("A summary of what was approved") < part.index("2 put in place")
    everything = text_of(student.get(reverse("own_page") + "?told=all"))
    assert everything.count("2 put in place, 1 changed") == 12
    summary = Notice.objects.get(kind="summary")
    assert "What was approved for you" in text_of(student.get(reverse("notice_detail", args=[summary.pk])))
    assert as_role("instructor").get(reverse("notice_detail", args=[summary.pk])).status_code == 404
