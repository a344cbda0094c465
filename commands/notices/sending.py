"""One run: every message that an address has not taken yet is sent, and noted once it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.notices.delivery import Mailbox
from commands.notices.due_notices import DueNotice
from commands.notices.messages_due import Message, addressed_notices, message_of, notice_key
from commands.notices.notice_settings import NOTICE_KINDS, NoticeSettings
from commands.notices.sent_notices import SentNotices
from projections.scoring.result_view import View


@dataclass(frozen=True, slots=True)
class UnsentMessage:
    """A message and the address that it is for; `mailbox` shows the address without its tokens."""

    message: Message
    address: str
    mailbox: Mailbox


def mailboxes_of(settings: NoticeSettings) -> dict[str, Mailbox]:
    """Return the mailbox of each address, once each. Raises `Rejected` for an unreadable one."""
    mailboxes: dict[str, Mailbox] = {}
    for recipient in settings.recipients:
        for address in recipient.addresses:
            # One for all its messages: it spaces them out as its service asks.
            if address not in mailboxes:
                mailboxes[address] = Mailbox.at(address)
    return mailboxes


def unsent_messages(
    settings: NoticeSettings,
    mailboxes: dict[str, Mailbox],
    notices: Sequence[DueNotice],
    sent: SentNotices,
    view: View,
) -> Iterator[UnsentMessage]:
    """Yield the messages to send, by recipient and kind.

    What is noted as sent while this goes on is left out of the later ones.
    """
    for recipient in settings.recipients:
        for kind in NOTICE_KINDS:
            by_key = {
                notice_key(each): each for each in addressed_notices(recipient, notices, kind)
            }
            for address in recipient.addresses:
                unsent = [by_key[key] for key in sent.unsent(address, by_key)]
                if unsent:
                    message = message_of(recipient, unsent, settings.templates.get(kind), view)
                    yield UnsentMessage(message, address, mailboxes[address])


def send(unsent: UnsentMessage, sent: SentNotices, now: Callable[[], datetime]) -> str | None:
    """Send a message and note it; return None, or why its service did not take it.

    What was not taken is sent by the next run. Stopped between the service's answer and the note,
    a run leaves one message that is sent again: better twice than never.
    """
    failure = unsent.mailbox.deliver(unsent.message.title, unsent.message.text)
    if failure is None:
        sent.note(unsent.address, unsent.message.keys, now())
    return failure
