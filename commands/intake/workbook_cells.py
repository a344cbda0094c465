"""Cells of a workbook or a CSV file, as text and as the fields of a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from commands.intake.replacement_texts import read_replacement
from commands.intake.typed_fields import fields_of_kind
from commands.intake.understood_forms import understood_form
from commands.words.vocabulary_words import chinese_word
from commands.words.workbook_words import (
    LIST_SEPARATOR,
    ORDER,
    ORIGINAL_ROW,
    ORIGINAL_SHEET,
    REASON,
)
from lifecycle.events import Event
from lifecycle.rejections import Problem

# Excel keeps no more digits of a number.
_EXACT_DIGITS: Final = 15
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_FIRST_YEAR: Final = 1900
_NO_FIELDS: Final = (ORDER, REASON, ORIGINAL_SHEET, ORIGINAL_ROW)


def cell_text(value: object) -> str:
    """Return a cell as text: a number as typed, a date in ISO, a time unless it is midnight."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return chinese_word("true" if value else "false")
    if isinstance(value, datetime):
        return _datetime_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else _decimal_text(value)
    return str(value).strip()


def _datetime_text(value: datetime) -> str:
    # Excel has no dates without a time: midnight means that only the day was typed.
    if value.time().replace(microsecond=0) == time.min:
        return value.date().isoformat()
    return value.isoformat(sep=" ")


def _decimal_text(value: float) -> str:
    # `repr` gives the shortest digits that mean this number, which are those that were typed.
    return format(Decimal(repr(value)), "f")


def may_have_lost_digits(value: object) -> bool:
    """Whether a cell's number may have had more digits than Excel keeps when it was typed."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    digits = Decimal(repr(value)).normalize().as_tuple().digits
    return abs(value) >= 10**_EXACT_DIGITS or len(digits) > _EXACT_DIGITS


def is_exact_number(text: str) -> bool:
    """Whether a cell that holds a text as a number gives the same text when it is read."""
    if not _PLAIN_NUMBER.fullmatch(text):
        return False
    number = float(text)
    return cell_text(number) == text and not may_have_lost_digits(number)


def is_cell_day(text: str) -> bool:
    """Whether a text is a day as it is stored, which a cell of a workbook can hold."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    # Excel takes 1900 for a leap year: its days are right from March 1900 on.
    return text == day.isoformat() and day.year > _FIRST_YEAR


def record_from_cells(kind: type[Event], cells: Mapping[str, str]) -> dict[str, Any]:
    """Return a row's texts by field as a plain record; empty cells are missing fields."""
    fields = {field.name: field for field in fields_of_kind(kind)}
    record: dict[str, Any] = {"event": kind.__name__}
    for name, text in cells.items():
        if not text or name in _NO_FIELDS:
            continue
        if name == "replacement":
            record[name] = read_replacement(text)
        elif name == "evidence":
            record[name] = _read_evidence(text)
        elif name in fields:
            record[name] = fields[name].read(text)
        else:
            record[name] = text
    return record


def understood_notes(
    kind: type[Event],
    cells: Mapping[str, str],
    record: Mapping[str, Any],
) -> tuple[Problem, ...]:
    """Return how each typed form of a row was understood, for the clerk to see."""
    notes = []
    for field in fields_of_kind(kind):
        typed = cells.get(field.name)
        if typed:
            note = understood_form(field, typed, record.get(field.name))
            if note is not None:
                notes.append(note)
    return tuple(notes)


def _read_evidence(text: str) -> list[dict[str, str]]:
    """Read `name|digest`, several separated by a Chinese comma."""
    files = []
    for part in text.split(LIST_SEPARATOR):
        if part.strip():
            name, _bar, digest = part.rpartition("|")
            files.append({"name": name, "sha256": digest})
    return files
