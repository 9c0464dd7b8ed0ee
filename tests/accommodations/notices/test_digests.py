"""Digests: who is told what, once, of what was done, and in words that say nothing to others (R15, R17)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accommodations.models import ActionLogEntry, Notice, NoticeItem, PairStatus
from accommodations.planning.statuses import STATUS_OF, Reason
from accommodations.services import action_log, mailing, notice_closing, notice_targets, notices
from accommodations.services.concerns import answer_concern, raise_concern
from tests.accommodations.notices.conftest import institution, later, tend
from tests.accommodations.views_a.conftest import Campus
from tests.factories import (
    make_assessment,
    make_enrollment,
    make_linked_person,
    make_pair,
    make_student,
    make_teaching,
    make_user,
)


def written(pair: PairStatus) -> None:
    """Log that Canvas took a write for the pair."""
    action_log.record(
        act="canvas.write.applied",
        outcome="applied",
        student=pair.student,
        course=pair.course,
        assessment=pair.assessment,
        payload={"status_code": 200},
    )


def become(pair: PairStatus, reason: Reason) -> None:
    """Let the pair have another status."""
    PairStatus.objects.filter(pk=pair.pk).update(reason=reason, status=STATUS_OF[reason])


def mail_to(role: str) -> mail.EmailMessage:
    (one,) = [each for each in mail.outbox if each.to == [f"{role}@university.example"]]
    return one


def test_instructor_and_student_are_told_what_was_done_and_nobody_else(campus: Campus) -> None:
    written(campus.own_pair)
    written(campus.foreign_pair)
    assert {one.recipient for one in tend()} == {campus.users["instructor"], campus.users["student"]}
    assert "- Quiz 8: put in place (1 student)" in mail_to("instructor").body
    assert "- Quiz 8: put in place" in mail_to("student").body
    assert "ART 150" not in mail_to("instructor").body


def test_r17_no_mail_names_a_student_or_says_why(campus: Campus) -> None:
    institution(name="Maplewater University", office_name="Disability Services")
    written(campus.own_pair)
    tend()
    for one in mail.outbox:
        text = f"{one.subject} {one.body}".lower()
        for word in ("amara", "okonkwo", "disab", "accommodat", "1.5", "only for the office"):
            assert word not in text, one.body


def test_all_that_happened_is_one_mail_and_the_same_thing_twice_is_one_line(campus: Campus) -> None:
    other = make_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"))
    for pair in (campus.own_pair, campus.own_pair, other):
        written(pair)
    notices.collect(now=datetime.now(UTC))
    written(campus.own_pair)
    tend()
    assert mail_to("instructor").body.count("Quiz 8") == 1
    assert "Quiz 9" in mail_to("instructor").body


def test_a_digest_waits_until_it_is_due(campus: Campus) -> None:
    written(campus.own_pair)
    assert tend(is_due=False) == []
    assert Notice.objects.filter(status=Notice.Status.COLLECTING).count() == 2


def test_nothing_is_told_twice(campus: Campus) -> None:
    written(campus.own_pair)
    assert len(tend()) == 2
    assert tend() == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.COURSE_END, "in place, but with less than approved"),
        (Reason.INSTRUCTOR_GIVES_AS_MUCH, "ended: as for the class again"),
        (Reason.OVER, "put in place"),
    ],
)
def test_what_is_told_is_what_stands_when_the_mail_is_written(reason: Reason, words: str, campus: Campus) -> None:
    written(campus.own_pair)
    become(campus.own_pair, reason)
    tend()
    assert f"Quiz 8: {words}" in mail_to("student").body


def test_a_change_of_what_was_told_before_is_called_so_and_its_end_too(campus: Campus) -> None:
    for words in ("put in place", "changed"):
        mail.outbox.clear()
        written(campus.own_pair)
        tend()
        assert f"Quiz 8: {words}" in mail_to("instructor").body
    mail.outbox.clear()
    written(campus.own_pair)
    campus.own_pair.delete()
    tend()
    assert "Quiz 8: ended" in mail_to("instructor").body


def test_what_is_not_in_place_yet_is_told_when_it_is(campus: Campus) -> None:
    written(campus.own_pair)
    become(campus.own_pair, Reason.PLANNED)
    assert tend() == []
    become(campus.own_pair, Reason.READ_BACK)
    assert len(tend(minutes=9000)) == 2


def test_what_never_comes_in_place_is_not_carried_for_ever(campus: Campus) -> None:
    written(campus.own_pair)
    become(campus.own_pair, Reason.REFUSED)
    notices.collect(now=datetime.now(UTC))
    notice_closing.close_due(now=later(60 * 24 * 3))
    assert not NoticeItem.objects.exists()
    assert {one.status for one in Notice.objects.all()} == {Notice.Status.NOTHING}


def test_b03_a_section_limited_instructor_is_told_of_their_sections_only(campus: Campus) -> None:
    campus.users["instructor"].linked_person.teachings.update(is_limited_to_section=True)
    other = make_student(name="Farid Rahimi")
    make_enrollment(other, campus.own, canvas_section_id=99)
    written(make_pair(other, make_assessment(campus.own, name="Quiz 9")))
    written(campus.own_pair)
    tend()
    assert "Quiz 9" not in mail_to("instructor").body


def test_b03_who_no_longer_teaches_the_course_is_told_nothing_of_it(campus: Campus) -> None:
    written(campus.own_pair)
    notices.collect(now=datetime.now(UTC))
    campus.users["instructor"].linked_person.teachings.all().delete()
    assert [one.recipient for one in tend()] == [campus.users["student"]]


def test_assistants_are_told_only_where_the_institution_says_so(campus: Campus) -> None:
    campus.users["instructor"].linked_person.teachings.update(is_assistant=True)
    written(campus.own_pair)
    assert [one.kind for one in tend()] == ["student"]
    institution(assistants_see_courses=True)
    written(campus.own_pair)
    assert {one.kind for one in tend()} == {"student", "instructor"}


def test_while_notices_are_off_nothing_is_told_then_or_later(campus: Campus) -> None:
    institution(sends_notices=False)
    written(campus.own_pair)
    assert tend() == []
    institution(sends_notices=True)
    assert tend() == []
    assert not Notice.objects.exists()


def test_exceptions_are_told_to_both(campus: Campus) -> None:
    action_log.record(act="exception.recorded", student=campus.amara, course=campus.own, assessment=campus.quiz)
    tend()
    for role in ("instructor", "student"):
        assert "Quiz 8: does not apply here, by a decision of the office" in mail_to(role).body


def test_the_third_drift_is_told_to_the_instructor_alone(campus: Campus) -> None:
    for kind in ("drift", "early_unlock"):
        action_log.record(
            act="alert.raised",
            student=campus.amara,
            course=campus.own,
            assessment=campus.quiz,
            payload={"kind": kind, "number": 3},
        )
    tend()
    assert mail_to("instructor").body.count("Quiz 8") == 1
    assert "made less in Canvas again and again" in mail_to("instructor").body
    assert len(mail.outbox) == 1


def test_what_is_outside_canvas_is_told_to_the_instructor_once(campus: Campus) -> None:
    paper = make_assessment(campus.own, name="Lab practical", kind="on_paper")
    pair = make_pair(campus.amara, paper, reason=Reason.OUTSIDE_CANVAS)
    tend()
    assert "Lab practical: outside Canvas: please give it by hand" in mail_to("instructor").body
    assert tend() == []
    assert PairStatus.objects.get(pk=pair.pk).settled_at is None


def test_who_raised_a_concern_is_told_that_it_was_answered(campus: Campus) -> None:
    concern = raise_concern(course=campus.own, raised_by=campus.users["instructor"], words="Why?")
    answer_concern(concern=concern, answered_by=campus.users["coordinator"], words="Secret answer.")
    tend()
    assert "The whole course: your question was answered" in mail_to("instructor").body
    assert "Secret answer" not in mail_to("instructor").body


def test_whom_nobody_can_write_to_is_shown_and_told_as_soon_as_there_is_an_address(campus: Campus) -> None:
    for role in ("instructor", "student"):
        campus.users[role].email = ""
        campus.users[role].save()
    for _ in range(2):
        written(campus.own_pair)
        assert tend() == []
    waiting = Notice.objects.filter(status=Notice.Status.NO_ADDRESS)
    assert {(one.kind, one.items.count()) for one in waiting} == {("instructor", 1), ("student", 1)}
    assert waiting.count() == 2

    campus.users["student"].email = "student@university.example"
    campus.users["student"].save()
    notice_targets.find_addresses(now=datetime.now(UTC))
    assert [one.kind for one in tend()] == ["student"]


def test_a_course_without_instructors_waits_for_one(campus: Campus) -> None:
    written(campus.foreign_pair)
    tend()
    assert Notice.objects.get(course=campus.foreign).status == Notice.Status.NO_ADDRESS
    newcomer = make_user("instructor", email="new@university.example")
    make_teaching(make_linked_person(newcomer), campus.foreign)
    notice_targets.find_addresses(now=datetime.now(UTC))
    assert [one.address for one in tend()] == ["new@university.example"]
    assert not Notice.objects.filter(course=campus.foreign).exists()


def test_b15_names_of_canvas_are_plain_lines_in_a_mail(campus: Campus) -> None:
    campus.quiz.name = "Quiz\r\nBcc: all@evil.example\u202e <script>alert(1)</script> {{7*7}} &"
    campus.quiz.save()
    written(campus.own_pair)
    tend()
    lines = mail_to("instructor").body.splitlines()
    assert not any(line.startswith("Bcc") for line in lines)
    assert any("<script>alert(1)</script> {{7*7}} &" in line for line in lines)
    assert "\u202e" not in mail_to("instructor").body


@pytest.mark.parametrize("address", ["a@university.example\nBcc: all@evil.example", "a@university.example\r\nX: y"])
def test_b19_no_address_brings_a_header_of_its_own(address: str, campus: Campus) -> None:
    campus.users["student"].email = address
    campus.users["student"].save()
    written(campus.own_pair)
    tend()
    assert Notice.objects.get(kind="student").status == Notice.Status.FAILED
    assert all("evil" not in str(one.message()) for one in mail.outbox)


def test_a_mail_says_that_a_machine_sent_it_and_has_one_id(campus: Campus) -> None:
    written(campus.own_pair)
    (sent, _) = sorted(tend(), key=lambda one: one.kind)
    headers = mail_to("instructor").message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert str(sent.key) in headers["Message-ID"]
    assert f"/notices/{sent.pk}/" in mail_to("instructor").body


def test_r14_each_mail_is_in_the_log_before_it_leaves_and_after(campus: Campus) -> None:
    written(campus.own_pair)
    tend()
    acts = ActionLogEntry.objects.filter(act__startswith="notice.").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["notice.sending", "notice.sent"] * 2
    assert mailing.due_notices(now=datetime.now(UTC) + timedelta(days=1)) == []
