"""The messages of a run: for each recipient and kind one, of what an address has not taken yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from commands.notices.due_notices import DueNotice
from commands.notices.notice_settings import (
    NoticeKind,
    NoticeTemplate,
    Recipient,
)
from commands.words import notice_words
from projections.scoring.result_view import View
from projections.views.sheet_week import week_bounds

# WeCom takes 2,048 bytes, about 680 Chinese characters: a dozen lines and where to see the rest.
_MOST_LINES: Final = 12
_USUAL: Final = NoticeTemplate()

COMMANDS: Final[dict[NoticeKind, str]] = {
    "sheets": "lifecycle sheets due",
    "deadlines": "lifecycle deadlines",
    "week": "lifecycle sheets week",
    "board": "lifecycle audit publications",
}
"""The command that shows what a message of each kind rests on."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one address: its text, and the keys of the notices in it."""

    unit: str
    kind: NoticeKind
    keys: tuple[str, ...]
    title: str
    text: str


def addressed_notices(
    recipient: Recipient, notices: Sequence[DueNotice], kind: NoticeKind
) -> list[DueNotice]:
    """Return the notices of a kind that concern a recipient, in their order."""
    if kind not in recipient.kinds:
        return []
    addressed: list[DueNotice] = []
    for notice in notices:
        concerns = recipient.unit is None or notice.unit in (None, recipient.unit)
        if notice.kind == kind and concerns:
            addressed.append(notice)
    return addressed


def message_of(
    recipient: Recipient,
    notices: Sequence[DueNotice],
    template: NoticeTemplate | None,
    view: View,
) -> Message:
    """Write one message of notices of one kind, in Chinese."""
    kind = notices[0].kind
    unit = recipient.unit or notice_words.WHOLE_COUNTY.chinese
    day = view.as_of.isoformat()
    lines = [notice.line for notice in notices[:_MOST_LINES]]
    left_out = len(notices) - len(lines)
    if left_out:
        lines.append(notice_words.MORE_LINE.format(count=left_out))
    values = {
        "unit": unit,
        "count": str(len(notices)),
        "day": day,
        "lines": "\n".join(lines),
        "source": _source(recipient, kind, view),
    }
    template = template or _USUAL
    return Message(
        unit=unit,
        kind=kind,
        keys=tuple(notice_key(notice) for notice in notices),
        title=(template.title or notice_words.TITLES[kind]).format(**values),
        text=(template.text or notice_words.TEXT).format(**values),
    )


def notice_key(notice: DueNotice) -> str:
    """Return a notice's name among all kinds."""
    return f"{notice.kind}:{notice.key}"


def _source(recipient: Recipient, kind: NoticeKind, view: View) -> str:
    command = COMMANDS[kind]
    if recipient.unit is not None and kind in ("sheets", "deadlines"):
        command += f" --unit {recipient.unit}"
    day = view.as_of
    if kind == "week":
        monday, _ = week_bounds(day)
        day = monday - timedelta(days=1)
    if kind != "board":
        command += f" --as-of {day}"
    return notice_words.SOURCE.format(
        day=view.as_of.isoformat(), position=view.position, command=command
    )
