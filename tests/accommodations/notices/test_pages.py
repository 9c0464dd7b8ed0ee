"""The pages as people use them: told, acknowledged, objected to, answered; reminded of by the office."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from accommodations.models import Concern, Notice, NoticeItem, OutboxMail, PairStatus
from accommodations.outbox import OutboxBackend
from accommodations.services.concerns import raise_concern
from tests.accommodations.notices.conftest import SignIn, institution
from tests.accommodations.views_a.conftest import Campus, at_most_queries

Make = Callable[[], Notice]


def text_of(content: bytes) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", content.decode()).split())


def test_an_instructor_acknowledges_from_the_notice(campus: Campus, told: Make, as_role: SignIn) -> None:
    notice, client = told(), as_role("instructor")
    assert f'href="/notices/{notice.pk}/"' in client.get("/").content.decode()
    assert "Put in place" in text_of(client.get(reverse("notice_detail", args=[notice.pk])).content)
    client.post(reverse("notice_acknowledge", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.answer == "acknowledged"
    assert f'href="/notices/{notice.pk}/"' not in client.get("/").content.decode()
    assert "Acknowledged" in text_of(as_role("auditor").get(reverse("notice_list")).content)


def test_a_link_in_a_mail_lands_there_after_sign_in(campus: Campus, told: Make, client: Any) -> None:
    url = reverse("notice_detail", args=[told().pk])
    response = client.get(url)
    assert response.url == f"{reverse('sign_in')}?next={url}"


def test_a_concern_is_an_answer_and_stands_beside_the_status_until_answered(
    campus: Campus, told: Make, as_role: SignIn
) -> None:
    notice, instructor, office = told(), as_role("instructor"), as_role("coordinator")
    url = reverse("concern_new", args=[campus.own.pk])
    page = instructor.get(f"{url}?about={campus.own_pair.pk}").content.decode()
    assert f'<option value="{campus.own_pair.pk}" selected>' in page
    instructor.post(url, {"about": str(campus.own_pair.pk), "words": "It is a group presentation."})
    notice.refresh_from_db()
    assert notice.answer == "concern"

    pages = [
        reverse("course_detail", args=[campus.own.pk]),
        reverse("student_detail", args=[campus.amara.pk]),
        reverse("pair_detail", args=[campus.own_pair.pk]),
    ]
    assert all("Open question" in office.get(one).content.decode() for one in pages)
    assert "Open question" not in as_role("student").get(pages[2]).content.decode()
    before = list(PairStatus.objects.values())
    concern = Concern.objects.get()
    office.post(reverse("concern_detail", args=[concern.pk]), {"answer": "Then it does not count there."})
    assert "Then it does not count there." in text_of(
        instructor.get(reverse("concern_detail", args=[concern.pk])).content
    )
    assert not any("Open question" in office.get(one).content.decode() for one in pages)
    assert list(PairStatus.objects.values()) == before


def test_a_concern_about_one_course_leaves_a_notice_open_that_tells_of_another(
    campus: Campus, told: Make, as_role: SignIn
) -> None:
    """What was done in the other course would be called answered, and nobody has looked at it."""
    notice, instructor = told(), as_role("instructor")
    notice.items.create(event=NoticeItem.Event.WRITE, course=campus.foreign, at=notice.created_at)
    instructor.post(reverse("concern_new", args=[campus.own.pk]), {"about": "course", "words": "Is this right?"})
    assert Concern.objects.filter(course=campus.own).exists()
    notice.refresh_from_db()
    assert (notice.answer, notice.answered_at) == ("", None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"about": "course", "words": ""}, "Say what does not fit."),
        ({"about": "999999", "words": "x"}, "Choose what it is about."),
        ({"about": "", "words": "x"}, "Choose what it is about."),
        ({"about": "course", "words": "x" * 4001}, "Use at most 4,000 characters."),
    ],
)
def test_a17_what_is_missing_is_said_on_top_and_at_the_field(
    typed: dict[str, str], words: str, campus: Campus, as_role: SignIn
) -> None:
    page = as_role("instructor").post(reverse("concern_new", args=[campus.own.pk]), typed).content.decode()
    assert page.count(words) >= 2
    assert "<title>Error: " in page
    assert not Concern.objects.exists()


def test_b03_a_pair_of_a_foreign_student_cannot_be_chosen(campus: Campus, as_role: SignIn) -> None:
    typed = {"about": str(campus.foreign_pair.pk), "words": "x"}
    page = as_role("instructor").post(reverse("concern_new", args=[campus.own.pk]), typed).content.decode()
    assert "Choose what it is about." in page


def test_the_office_reminds_after_reading_what_is_sent(campus: Campus, told: Make, as_role: SignIn) -> None:
    notice, office = told(), as_role("coordinator")
    page = office.get(reverse("notice_list") + "?show=unanswered").content.decode()
    assert reverse("notice_send", args=[notice.pk]) in page
    assert "Send the reminder" in office.get(reverse("notice_send", args=[notice.pk])).content.decode()
    assert not Notice.objects.filter(kind="reminder").exists()
    for _ in range(2):
        office.post(reverse("notice_send", args=[notice.pk]), {"ask": "reminder"})
    assert Notice.objects.filter(kind="reminder", reminds=notice).count() == 1


def test_a_digest_that_went_while_it_was_looked_at_is_not_reminded_of(told: Make, as_role: SignIn) -> None:
    """The coordinator confirmed the mail: a reminder would arrive a moment after it."""
    notice, office = told(), as_role("coordinator")
    page = office.post(reverse("notice_send", args=[notice.pk]), {"ask": "mail"}, follow=True).content.decode()
    assert "It was sent or answered while you looked at it" in page
    assert not Notice.objects.filter(kind="reminder").exists()


def test_what_cannot_be_told_says_what_to_do(campus: Campus, told: Make, as_role: SignIn) -> None:
    notice = told()
    Notice.objects.filter(pk=notice.pk).update(status="no_address", recipient=None, course=campus.own, address="")
    office = as_role("coordinator")
    assert "Nobody teaches BIO 101 here" in text_of(office.get(reverse("notice_list") + "?show=untold").content)
    assert "link an instructor of this course" in text_of(
        office.get(reverse("notice_detail", args=[notice.pk])).content
    )


def test_b22_the_exports_guard_cells(campus: Campus, told: Make, as_role: SignIn) -> None:
    told()
    raise_concern(course=campus.own, raised_by=campus.users["instructor"], words="=cmd()")
    office = as_role("coordinator")
    text = b"".join(office.get(reverse("concern_export")).streaming_content).decode()
    assert "'=cmd()" in text
    assert "Digest to an instructor" in b"".join(office.get(reverse("notice_export")).streaming_content).decode()


def test_b38_a_search_for_a_name_is_posted(campus: Campus, told: Make, as_role: SignIn) -> None:
    told()
    response = as_role("coordinator").post(reverse("notice_list"), {"q": "Instructor"})
    assert response.url == "/notices/?find=1"


def test_a_director_reads_the_alert_that_they_were_mailed(campus: Campus, told: Make, as_role: SignIn) -> None:
    Notice.objects.filter(pk=told().pk).update(kind="alert", recipient=campus.users["director"], event="drift")
    assert as_role("director").get(reverse("notice_detail", args=[Notice.objects.get().pk])).status_code == 200


def test_the_outbox_shows_a_mail_as_it_would_arrive_and_only_in_the_demo(
    campus: Campus, as_role: SignIn, settings: Any
) -> None:
    OutboxBackend().send_messages([mail.EmailMessage("Grüße", "Hello & <b>you</b>", "a@b.example", ["c@d.example"])])
    client, kept = as_role("student"), OutboxMail.objects.get()
    page = client.get(reverse("outbox_mail", args=[kept.pk])).content.decode()
    assert "Hello &amp; &lt;b&gt;you&lt;/b&gt;" in page
    assert "Grüße" in page
    settings.DEMO = settings.DEBUG = False
    for url in (reverse("outbox"), reverse("outbox_mail", args=[kept.pk])):
        assert client.get(url).status_code == 404


def test_the_pages_around_need_no_more_queries_with_concerns_and_notices(
    campus: Campus, told: Make, as_role: SignIn
) -> None:
    institution(instructors_record_letters=True)
    for number in range(20):
        told()
        raise_concern(course=campus.own, raised_by=campus.users["instructor"], words=f"Number {number}")
    for role in ("instructor", "coordinator"):
        client = as_role(role)
        for url in ("/", reverse("course_detail", args=[campus.own.pk])):
            with at_most_queries():
                assert client.get(url).status_code == 200
    office = as_role("coordinator")
    with at_most_queries():
        office.get(reverse("student_detail", args=[campus.amara.pk]))
