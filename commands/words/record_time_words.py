"""Corrections of record times in words."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commands.words.date_text import chinese_moment
from commands.words.messages import say
from lifecycle.rejections import msg
from projections.views.record_time_view import TimeCorrectionRow

_CORRECTED: Final = msg(
    "positions {first} to {last} count as recorded at {recorded_at}, corrected by {event} "
    "({reason}; approved by {approved_by})"
)


def time_correction_text(row: TimeCorrectionRow) -> str:
    """Say which positions count as recorded when, by which event and why."""
    return say(
        _CORRECTED,
        first=row.first,
        last=row.last,
        recorded_at=to_the_minute(row.recorded_at),
        event=row.event,
        reason=row.reason,
        approved_by=row.approved_by,
    )


def printed_time_correction(row: TimeCorrectionRow) -> str:
    """The same for the foot of documents and pages, without the names of persons."""
    moment = chinese_moment(row.recorded_at)
    return f"第{row.first}至{row.last}条的录入时间按{moment}计（录入时间更正 {row.event}）"


def to_the_minute(moment: datetime) -> str:
    """Write a moment as lists show it."""
    return moment.strftime("%Y-%m-%d %H:%M")
