"""The numbers of sheets, such as 开招办交〔2024〕1号: their form and their sequence."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, TypeGuard

from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.events import BY_NAME, Event, Stream
from lifecycle.events.correction_event import is_moved
from lifecycle.events.sheet_events import Sheet
from lifecycle.rejections import Problem, msg

SHEET_NUMBER: Final = re.compile(
    r"(?P<prefix>\S+)(?P<sign>[交警督销曝])〔(?P<year>[0-9]{4})〕(?P<counter>[1-9][0-9]*)号",
    re.ASCII,
)
"""Prefix of the issuing office, sign of the kind of sheet, year of issue, counter."""


SHEET_KINDS: Final = {
    kind.sign: kind.__name__ for kind in BY_NAME.values() if issubclass(kind, Sheet)
}
"""The event of each sign."""
_SHEETS: Final = frozenset(kind for kind in BY_NAME.values() if issubclass(kind, Sheet))


def is_sheet(event: Event) -> TypeGuard[Sheet]:
    """Return whether an event is a sheet."""
    # pydantic answers `isinstance` in Python: too slowly to ask it of each record.
    return type(event) in _SHEETS


def next_number(kind: type[Sheet], prefix: str, day: date, context: DecisionContext) -> str:
    """Return the number for the next sheet of a kind, issued on a day."""
    counter = context.last_number(kind.sign, day.year) + 1
    return sheet_number(prefix, kind.sign, day.year, counter)


def sheet_number(prefix: str, sign: str, year: int, counter: int) -> str:
    """Return a sheet's number of its four parts."""
    return f"{prefix}{sign}〔{year}〕{counter}号"


def number_problem(sheet: Sheet, stream: Stream, context: DecisionContext) -> Problem | None:
    """Return what is wrong with the number of a sheet that is to be recorded."""
    # The number is part of the official document: it must agree with the sheet that bears it.
    year = sheet.on.year
    match = SHEET_NUMBER.fullmatch(sheet.number)
    if match is None or match["sign"] != sheet.sign or int(match["year"]) != year:
        return Problem(
            "number_form",
            msg("the number {number} must have the form 开招办{sign}〔{year}〕1号"),
            {"number": sheet.number, "sign": sheet.sign, "year": year},
            "number",
        )
    # Numbers count per sign and year without gaps, so that a missing sheet is noticed.
    following = context.last_number(sheet.sign, year) + 1
    if int(match["counter"]) == following:
        return None
    # A project that moves takes its sheets along: they were issued under these numbers.
    if is_moved(sheet) and context.carries_number(stream, sheet.number):
        return None
    return Problem(
        "number_order",
        msg(
            "the number {number} leaves a gap or repeats a number: the next one for "
            "this sign and year is {following}"
        ),
        {"number": sheet.number, "following": following},
        "number",
    )
