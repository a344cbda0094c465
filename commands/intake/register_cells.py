"""Cells of a register as the values of an event's fields: words, units and forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any, Final

from commands.handlers.register_rows import RegisterCell
from commands.intake.column_checks import unusable_cell_problem
from commands.intake.typed_fields import TypedField
from commands.intake.typed_forms import strict_text
from commands.intake.workbook_cells import cell_text
from commands.intake.worksheet_cells import StoredCell
from lifecycle.rejections import Problem, Rejected, msg

# Excel shows no more digits, and computes with no more that are right.
_EXACT_DIGITS: Final = 15
_LARGEST_EXACT: Final = 10**_EXACT_DIGITS
_DATED_FORMS: Final = ("day", "month", "moment")
_BARE_NUMBER: Final = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MIDNIGHT: Final = "T00:00:00+08:00"
_DIGITS_LOST: Final = msg(
    "cell {cell} contains the number {value}, but Excel keeps only 15 digits: format the cell as "
    "text and type the number again"
)
_NUMBER_AS_DATE: Final = msg(
    "cell {cell} contains the number {value}, which may mean more than one month: format the cell "
    "as text and write it as 2024-10"
)
_DIGIT_CONTEXT: Final = Context(prec=_EXACT_DIGITS)
# What a narrow column breaks is one word; Chinese has no spaces between its words.
_BREAK_IN_CHINESE: Final = re.compile(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*(?=[^\x00-\x7f])")
_BREAK: Final = re.compile(r"\s*[\r\n\t\v\f]+\s*")


@dataclass(frozen=True, slots=True)
class CellReading:
    """How the cells of a column are read."""

    typed_field: TypedField
    heading: str
    unit: str
    words: Mapping[str, str] = field(default_factory=dict)

    def read(self, value: StoredCell | None, address: str) -> RegisterCell:
        """Return what a cell says. Raises `Rejected` where it cannot be read."""
        text = readable_text(value, address, self.heading)
        text = self.words.get(text, text).strip()
        if not text:
            return RegisterCell(None, self.heading)
        if self.typed_field.form in _DATED_FORMS and _is_fraction(value):
            values: dict[str, object] = {"cell": address, "value": text}
            raise Rejected([Problem("number_as_date", _NUMBER_AS_DATE, values, self.heading)])
        if self.typed_field.form == "money":
            text = self._with_unit(text)
        return self._typed(text)

    def _with_unit(self, text: str) -> str:
        """Return an amount with the unit of the column, unless it brings its own."""
        narrow = unicodedata.normalize("NFKC", text).strip()
        return f"{narrow}{self.unit}" if _BARE_NUMBER.fullmatch(narrow) else text

    def _typed(self, text: str) -> RegisterCell:
        if self.typed_field.form == "moment":
            # Most ledgers note only the day on which a project was reported.
            day = strict_text("day", text)
            moment = self.typed_field.read(text)
            if moment == text and _ISO_DAY.fullmatch(day):
                return RegisterCell(f"{day}{_MIDNIGHT}", self.heading, is_day_only=True)
            return RegisterCell(moment, self.heading)
        return RegisterCell(self.typed_field.read(text), self.heading)


def readable_text(value: StoredCell | None, address: str, heading: str) -> str:
    """Return a cell as text, numbers with the digits that Excel shows.

    Raises `Rejected` for an error, a formula without a value, and a number with lost digits.
    """
    problem = unusable_cell_problem(address, value, heading)
    if problem is not None:
        raise Rejected([problem])
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number_text(value, address, heading)
    return _BREAK.sub(" ", _BREAK_IN_CHINESE.sub("", cell_text(value)))


def _number_text(value: float, address: str, heading: str) -> str:
    if abs(value) >= _LARGEST_EXACT:
        values: dict[str, object] = {"cell": address, "value": cell_text(float(value))}
        raise Rejected([Problem("digits_lost", _DIGITS_LOST, values, heading)])
    rounded = _DIGIT_CONTEXT.create_decimal(Decimal(repr(value)))
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_fraction(value: object) -> bool:
    return isinstance(value, float) and not value.is_integer()


def constant_cell(typed_field: TypedField, value: Any) -> RegisterCell:
    """Return what the map says of a field in every row."""
    if isinstance(value, tuple):
        return RegisterCell(list(value), None)
    if isinstance(value, str):
        return RegisterCell(typed_field.read(value), None)
    return RegisterCell(value, None)
