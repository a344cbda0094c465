"""Numbers of a workbook's cells: plain ones, and dates and times by the cell's number format."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from commands.handlers.file_rows import NumberFormat

NumberForm = Literal["number", "date", "duration"]

# Formats 14 to 22, 45 and 47 are dates and times everywhere, 27 to 36 and 50 to 58 in East Asia
# (ECMA-376, 18.8.30); 46 is [h]:mm:ss.
_DATE_FORMATS: Final = frozenset(
    (
        *range(14, 23),
        *range(27, 37),
        45,
        47,
        *range(50, 59),
    )
)
_DURATION_FORMAT: Final = 46
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
# "General" begins with g/ in Chinese.
_GENERAL: Final = re.compile(r"general|g/[^\x00-\x7f]+", re.IGNORECASE)
_DATE_LETTERS: Final = re.compile(r"[dmyhse]|am/pm", re.IGNORECASE)
# Excel takes no longer format.
_LONGEST_CODE: Final = 255
_EPOCH_1904: Final = 1462
_LEAP_DAY_OF_1900: Final = 60
_MILLISECONDS: Final = 86_400_000
_MAX_SERIAL: Final = 2_958_466


def builtin_form(format_id: int) -> NumberForm:
    """Return what a number in one of Excel's own formats means."""
    if format_id == _DURATION_FORMAT:
        return "duration"
    return "date" if format_id in _DATE_FORMATS else "number"


def custom_form(code: str) -> NumberForm:
    """Return what a number in a workbook's own format means."""
    # The first section holds for positive numbers.
    code = _LITERALS.sub("", code).partition(";")[0]
    if _ELAPSED.search(code):
        return "duration"
    code = _GENERAL.sub("", _BRACKETS.sub("", code))
    # An exponent is no era: 0.00E+00.
    code = re.sub(r"[eE][+-]", "", code)
    return "date" if _DATE_LETTERS.search(code) else "number"


class NumberStyle(NamedTuple):
    """What a number in a cell style means, and its format unless it is the general one."""

    form: NumberForm
    number_format: NumberFormat | None


def number_style(format_id: int, code: str | None) -> NumberStyle:
    """Return the style of a format; `code` is that of a workbook's own format."""
    if code is None:
        return NumberStyle(builtin_form(format_id), format_id or None)
    is_kept = len(code) <= _LONGEST_CODE and not _GENERAL.fullmatch(code)
    return NumberStyle(custom_form(code), code if is_kept else None)


def form_of_format(number_format: NumberFormat | None) -> NumberForm:
    """Return what a number in a format means."""
    if isinstance(number_format, str):
        return custom_form(number_format)
    return builtin_form(number_format or 0)


class DateSystem(NamedTuple):
    """From which day a workbook counts: 1900 with its false leap day, or 1904."""

    is_1904: bool = False

    def value(self, number: float, form: NumberForm) -> float | date | datetime | time | timedelta:
        """Return a number as what its format shows."""
        if form == "number" or not 0 <= number < _MAX_SERIAL:
            return number
        if form == "duration":
            return timedelta(milliseconds=round(number * _MILLISECONDS))
        if number < 1:
            midnight = datetime(1900, 1, 1)  # noqa: DTZ001
            return (midnight + timedelta(milliseconds=round(number * _MILLISECONDS))).time()
        if self.is_1904:
            number += _EPOCH_1904
        # Excel counts 29 February 1900, which never was; the days before it are one further on.
        start = datetime(1899, 12, 31 if number < _LEAP_DAY_OF_1900 else 30)  # noqa: DTZ001
        moment = start + timedelta(milliseconds=round(number * _MILLISECONDS))
        return moment.date() if float(number).is_integer() else moment
