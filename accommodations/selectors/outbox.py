"""A kept mail as a mail program would show it."""

from dataclasses import dataclass
from email import message_from_string, policy

from accommodations.models import OutboxMail


@dataclass(frozen=True, slots=True)
class Arrived:
    """The headers that a reader sees or could see, and the text."""

    headers: list[tuple[str, str]]
    text: str


def arrived(mail: OutboxMail) -> Arrived:
    """Return headers and text of the message, decoded."""
    message = message_from_string(mail.source, policy=policy.default)
    headers = [(name, str(value)) for name, value in message.items()]
    body = message.get_body(preferencelist=("plain",))
    return Arrived(headers=headers, text=body.get_content() if body is not None else "")
