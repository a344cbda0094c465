"""Days, months and moments as they are typed for the axes of a result."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from commands.words.messages import _
from lifecycle.events.field_types import SHANGHAI, iso_date, zoned_datetime

_DAY_LENGTH: Final = len("2024-03-31")


class MistypedAxis(ValueError):  # noqa: N818 -- a user's mistake, not the program's
    """A text that is no day, month or moment; its message says what to write instead."""


def read_day(text: str) -> date:
    """Read a day. Raises `MistypedAxis`."""
    try:
        return iso_date(text)
    except ValueError:
        raise MistypedAxis(_("must be a date such as 2024-03-31")) from None


def read_month(text: str) -> str:
    """Read a month and return it as `2024-05`. Raises `MistypedAxis`."""
    try:
        return f"{iso_date(f'{text}-01'):%Y-%m}"
    except ValueError:
        raise MistypedAxis(_("must be a month such as 2024-05")) from None


def read_moment(text: str) -> datetime:
    """Read a moment, by default in Asia/Shanghai; a day means its end. Raises `MistypedAxis`."""
    # What was recorded on a day counts as known on that day, hence its end and not its beginning.
    if len(text.strip()) == _DAY_LENGTH:
        return datetime.combine(read_day(text), time.max, SHANGHAI)
    try:
        return zoned_datetime(text)
    except ValueError:
        message = _("must be a date and time such as 2024-03-31T09:30:00+08:00")
        raise MistypedAxis(message) from None
