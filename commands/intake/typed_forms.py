"""The forms in which people type days, months, times and numbers, as the text that is stored.

What is not one of these forms is returned as it was typed: the field's own check then says what
to write. `3月5日`, `24/3/5` and bare serial numbers could mean several days, so none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from commands.words.typed_words import DAY_SEPARATORS, MONTH_SEPARATORS, UNITS_OF_MONEY

TypedForm = Literal["day", "month", "moment", "number", "money", "ratio", "count"]

_YEAR: Final = r"(?P<year>(?:19|20|21)[0-9]{2})"
_DAYS: Final = [
    re.compile(
        rf"{_YEAR}{re.escape(first)}(?P<month>[0-9]{{1,2}}){re.escape(second)}"
        rf"(?P<day>[0-9]{{1,2}}){last}",
        re.ASCII,
    )
    for first, second, last in DAY_SEPARATORS
]
_DAYS.append(re.compile(rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})", re.ASCII))
_MONTHS: Final = [
    re.compile(rf"{_YEAR}{re.escape(first)}(?P<month>[0-9]{{1,2}}){last}", re.ASCII)
    for first, last in MONTH_SEPARATORS
]
_MONTHS.append(re.compile(rf"{_YEAR}(?P<month>[0-9]{{2}})", re.ASCII))
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", re.ASCII)
_NUMBER: Final = re.compile(
    r"(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(?P<unit>\D*)", re.ASCII
)
_MAX_PLACES: Final = 6
# Longer numbers are no sums, and would be rounded in being multiplied.
_MAX_LENGTH: Final = 28


def strict_text(form: TypedForm, text: str) -> str:
    """Return a typed text as the text that is stored; unchanged if it has no known form."""
    # Full-width digits and signs are the same as narrow ones.
    narrow = unicodedata.normalize("NFKC", text).strip()
    strict = _READERS[form](narrow)
    return text if strict is None else strict


def _day(text: str) -> str | None:
    # A workbook's day may carry a time, which a day field has no place for.
    day, _space, clock = text.partition(" ")
    if clock and not _TIME.fullmatch(clock.strip()):
        return None
    for pattern in _DAYS:
        match = pattern.fullmatch(day)
        if match is not None:
            try:
                parts = (int(match["year"]), int(match["month"]), int(match["day"]))
                return date(*parts).isoformat()
            except ValueError:
                return None
    return None


def _month(text: str) -> str | None:
    for pattern in _MONTHS:
        match = pattern.fullmatch(text)
        if match is not None:
            return f"{match['year']}-{int(match['month']):02}"
    # Excel makes a day of a month that is typed: its first.
    day = _day(text)
    return day[:-3] if day is not None and day.endswith("-01") else None


def _moment(text: str) -> str | None:
    day, _space, clock = text.partition(" ")
    match = _TIME.fullmatch(clock.strip())
    strict_day = _day(day)
    if match is None or strict_day is None:
        return None
    return f"{strict_day} {int(match[1]):02}:{match[2]}{match[3] or ''}"


def _number(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None or match["unit"]:
        return None
    return match["number"].replace(",", "")


def _money(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_LENGTH:
        return None
    number = match["number"].replace(",", "")
    unit = match["unit"].strip()
    if not unit:
        return number
    if unit not in UNITS_OF_MONEY:
        return None
    return _exact(Decimal(number).scaleb(UNITS_OF_MONEY[unit]))


def _ratio(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_LENGTH:
        return None
    number = match["number"].replace(",", "")
    unit = match["unit"].strip()
    if unit == "%":
        return _exact(Decimal(number).scaleb(-2))
    return None if unit else number


def _count(text: str) -> str | None:
    # A Chinese keyboard types full-width digits; nothing else of a count is rewritten.
    return text if text.isascii() and text.isdigit() else None


def _exact(value: Decimal) -> str | None:
    """Return a number in plain notation, or None where it has more places than are stored."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    places = len(text.partition(".")[2])
    return text if places <= _MAX_PLACES else None


_READERS: Final[Mapping[TypedForm, Callable[[str], str | None]]] = {
    "day": _day,
    "month": _month,
    "moment": _moment,
    "number": _number,
    "money": _money,
    "ratio": _ratio,
    "count": _count,
}
