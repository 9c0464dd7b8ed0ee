"""Sending once: over a real socket, through refusals, silences and dead processes."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_string
from typing import Any

import pytest

from accommodations.errors import LeewayError
from accommodations.models import ActionLogEntry, Notice
from accommodations.services import mailing
from accommodations.services.notice_asking import remind, send_anyway
from tests.accommodations.views_a.conftest import Campus

Make = Callable[[], Notice]
Status = Notice.Status


class _Conversation(socketserver.StreamRequestHandler):
    """Speaks enough SMTP for one mail. `server.answers` holds what it says instead to a command, once each."""

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if (answer := self.server.answers.pop(word, None)) is not None:
                if answer == "":
                    return  # the line goes dead
                self.say(answer)
                continue
            if word == "DATA":
                self.say("354 go on")
                self.take()
            else:
                self.say("221 bye" if word == "QUIT" else "250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.server.mails.append("\n".join(lines))
        answer = self.server.answers.pop("END", "250 taken")
        if answer:
            self.say(answer)
        else:
            self.connection.close()

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server of the test's own."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[str] = []
        self.answers: dict[str, str] = {}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """Return a mail server that Leeway sends to."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 5
        settings.DEFAULT_FROM_EMAIL = "Leeway <leeway@university.example>"
        yield server
        server.shutdown()


@pytest.fixture
def queued(told: Make) -> Notice:
    """Return a notice that waits to be sent."""
    notice = told()
    Notice.objects.filter(pk=notice.pk).update(status=Status.QUEUED, ended_at=None, due_at=datetime.now(UTC))
    return notice


def send_due(minutes: int = 0) -> None:
    """Send what is due so many minutes from now."""
    Notice.objects.filter(status=Status.QUEUED, due_at__lte=datetime.now(UTC) + timedelta(minutes=minutes)).update(
        due_at=datetime.now(UTC)
    )
    for pk in mailing.due_notices(now=datetime.now(UTC)):
        mailing.send(pk)


def now_of(notice: Notice) -> Notice:
    notice.refresh_from_db()
    return notice


def test_a_mail_arrives_once_over_a_real_connection(server: MailServer, queued: Notice) -> None:
    for _ in range(2):
        send_due()
    (source,) = server.mails
    message = message_from_string(source)
    assert message["To"] == "instructor@university.example"
    assert message["From"] == "Leeway <leeway@university.example>"
    assert message["Subject"] == "Your Canvas courses: what was done"
    assert str(queued.key) in message["Message-ID"]
    assert now_of(queued).status == Status.SENT


def test_two_workers_with_the_same_message_send_one_mail(server: MailServer, queued: Notice) -> None:
    assert [mailing.send(queued.pk) is None, mailing.send(queued.pk) is None] == [False, True]
    assert len(server.mails) == 1


def test_f10_an_unreachable_server_is_tried_again(queued: Notice, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    send_due()
    waiting = now_of(queued)
    assert (waiting.status, waiting.tries) == (Status.QUEUED, 1)
    assert waiting.due_at > datetime.now(UTC)
    assert "refused" in waiting.message.lower()
    for _ in range(4):
        send_due(minutes=500)
    assert (now_of(queued).status, queued.tries) == (Status.FAILED, 5)


@pytest.mark.parametrize(
    ("command", "answer", "status"),
    [
        ("RCPT", "450 later", Status.QUEUED),
        ("RCPT", "550 no such user", Status.FAILED),
        ("END", "451 later", Status.QUEUED),
        ("END", "554 refused", Status.FAILED),
        ("MAIL", "421 closing", Status.QUEUED),
        ("END", "", Status.UNKNOWN),
        ("DATA", "", Status.UNKNOWN),
    ],
)
def test_what_the_server_says_decides_what_becomes_of_it(
    command: str, answer: str, status: str, server: MailServer, queued: Notice
) -> None:
    server.answers[command] = answer
    send_due()
    assert now_of(queued).status == status
    if answer:
        assert answer.split(" ", 1)[1] in queued.message


def test_f11_what_may_have_arrived_is_not_repeated_by_itself(
    server: MailServer, queued: Notice, campus: Campus
) -> None:
    server.answers["END"] = ""
    send_due()
    send_due(minutes=5000)
    assert len(server.mails) == 1
    send_anyway(notice=queued, asked_by=campus.users["coordinator"])
    send_due()
    assert len(server.mails) == 2
    assert now_of(queued).status == Status.SENT


def test_f01_a_process_that_dies_while_sending_leaves_a_visible_doubt(queued: Notice) -> None:
    mailing._begin(queued.pk)
    assert mailing.due_notices(now=datetime.now(UTC)) == []
    assert now_of(queued).status == Status.SENDING
    mailing.due_notices(now=datetime.now(UTC) + timedelta(minutes=11))
    assert now_of(queued).status == Status.UNKNOWN
    acts = ActionLogEntry.objects.order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["notice.sending", "notice.unknown"]


def test_without_a_mail_server_everything_waits(queued: Notice, settings: Any) -> None:
    settings.LEEWAY_SENDS_MAIL = False
    send_due()
    assert now_of(queued).status == Status.QUEUED


def test_b31_a_closed_account_gets_no_mail(queued: Notice, campus: Campus) -> None:
    campus.users["instructor"].is_active = False
    campus.users["instructor"].save()
    send_due()
    assert now_of(queued).status == Status.FAILED


def test_a_reminder_is_a_mail_of_its_own_at_most_once_a_day(told: Make, campus: Campus) -> None:
    notice, coordinator = told(), campus.users["coordinator"]
    reminder = remind(notice=notice, asked_by=coordinator)
    assert reminder.subject == "Reminder: your Canvas courses"
    assert f"/notices/{notice.pk}/" in reminder.body
    with pytest.raises(LeewayError):
        remind(notice=notice, asked_by=coordinator)
    Notice.objects.filter(pk=notice.pk).update(answered_at=datetime.now(UTC))
    Notice.objects.filter(pk=reminder.pk).update(created_at=datetime.now(UTC) - timedelta(days=2))
    with pytest.raises(LeewayError):
        remind(notice=notice, asked_by=coordinator)
