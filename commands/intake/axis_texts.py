"""Days, months and moments as they are typed for the axes of a result.

They are read in all forms in which people type them, as fields and cells are.
"""

from __future__ import annotations

from datetime import date, datetime, time

from commands.intake.typed_forms import strict_text
from commands.words.messages import say
from commands.words.typed_advice import AdvisedForm, what_to_write
from lifecycle.events.field_types import SHANGHAI, iso_date, zoned_datetime


class MistypedAxis(ValueError):  # noqa: N818 -- a user's mistake, not the program's
    """A text that is no day, month or moment; its message says what to write instead."""


def read_day(text: str) -> date:
    """Read a day. Raises `MistypedAxis`."""
    try:
        return iso_date(_strict_day(text))
    except ValueError:
        raise _mistyped("day") from None


def read_month(text: str) -> str:
    """Read a month and return it as `2024-05`. Raises `MistypedAxis`."""
    month = strict_text("month", text)
    try:
        return f"{iso_date(f'{month}-01'):%Y-%m}"
    except ValueError:
        raise _mistyped("month") from None


def read_moment(text: str) -> datetime:
    """Read a moment, by default in Asia/Shanghai; a day means its end. Raises `MistypedAxis`."""
    try:
        day = iso_date(_strict_day(text))
    except ValueError:
        return _read_time(text)
    # What was recorded on a day counts as known on that day, hence its end and not its beginning.
    return datetime.combine(day, time.max, SHANGHAI)


def _read_time(text: str) -> datetime:
    try:
        return zoned_datetime(strict_text("moment", text))
    except ValueError:
        raise _mistyped("moment") from None


def _strict_day(text: str) -> str:
    # A cell's day may carry a time that means nothing; one that somebody types means something.
    has_time = len(text.split()) > 1
    return text if has_time else strict_text("day", text)


def _mistyped(form: AdvisedForm) -> MistypedAxis:
    template, examples = what_to_write(form)
    return MistypedAxis(say(template, examples=examples))
