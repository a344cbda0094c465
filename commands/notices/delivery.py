"""Delivery of a message by apprise: DingTalk, WeCom, Feishu, mail and what else it knows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from apprise import Apprise, LogCapture, NotifyBase, NotifyFormat

from commands.words.messages import say
from lifecycle.rejections import Rejected, msg

# DingTalk and WeCom answer a refusal with HTTP 200 and say it here; 0 means taken.
_ANSWER_CODE: Final = "errcode"
_ANSWER_REASON: Final = "errmsg"


class Mailbox:
    """An address that messages go to. `name` shows it without its tokens."""

    def __init__(self, service: NotifyBase) -> None:
        self._service = service
        self.name: str = service.url(privacy=True).partition("?")[0]

    @classmethod
    def at(cls, address: str) -> Mailbox:
        """Read an address as apprise writes it. Raises `Rejected`, which never shows it."""
        with LogCapture(level=logging.WARNING):
            service = Apprise.instantiate(address)
        if service is None:
            kind = address.partition("://")[0]
            raise Rejected.by(
                "notice_address", msg("the address {kind}://… cannot be read"), kind=kind
            )
        return cls(service)

    def deliver(self, title: str, text: str) -> str | None:
        """Send a message; return None where the service took it, else the reason."""
        with LogCapture(level=logging.WARNING, fmt="%(message)s") as log, _answers() as answers:
            was_sent = self._service.notify(body=text, title=title, body_format=NotifyFormat.TEXT)
            warnings = log.getvalue().split("\n")
        for answer in answers:
            refusal = _refusal(answer)
            if refusal is not None:
                return refusal
        if was_sent:
            return None
        return say(
            msg("no connection, or it was refused ({why})"), why=next(filter(None, warnings), "—")
        )


@contextmanager
def _answers() -> Iterator[list[requests.Response]]:
    """Collect what services answer to the requests made inside."""
    # apprise looks at the status of an answer alone and has no hook for what it says.
    answers: list[requests.Response] = []
    post = requests.post

    def post_and_keep(*arguments: Any, **options: Any) -> requests.Response:
        answer = post(*arguments, **options)
        answers.append(answer)
        return answer

    setattr(requests, "post", post_and_keep)  # noqa: B010 -- the type of `post` is another
    try:
        yield answers
    finally:
        setattr(requests, "post", post)  # noqa: B010


def _refusal(answer: requests.Response) -> str | None:
    """Return why a service refused a message; None where its answer holds no refusal."""
    try:
        content = answer.json()
    except requests.exceptions.JSONDecodeError:
        return None
    if not isinstance(content, dict) or not content.get(_ANSWER_CODE):
        return None
    return say(
        msg("the service refused it: {code} {why}"),
        code=content[_ANSWER_CODE],
        why=content.get(_ANSWER_REASON, ""),
    )
