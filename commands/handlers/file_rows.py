"""A file's rows as records, each with its place, before anything is read into an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lifecycle.rejections import Problem

NumberFormat = int | str
"""How a cell's number is displayed: the number of one of Excel's own formats, or a format code."""
# A dictionary and no view of one: rows pass from one process to another.
NO_FORMATS: Final[Mapping[Any, NumberFormat]] = {}


class ExtraCell(NamedTuple):
    """A filled cell of a column that is no field of the event."""

    heading: str
    text: str
    number_format: NumberFormat | None = None


class FileRow(NamedTuple):
    """A record with its line or row; `problem` if it could not be read.

    `notes` tell the clerk how it was read.
    """

    place: int
    record: Mapping[str, Any]
    sheet: str = ""
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    is_confirmed: bool = False
    """The column 确认 says that what looks unusual is right."""
    passed_over: Problem | None = None
    """Why the row is no record, such as a total; it is listed and not recorded."""
    order: str = ""
    """The row's 序号, as it stands there."""
    extra: tuple[ExtraCell, ...] = ()
    """The cells of columns that are no fields; a rejected row comes back with them."""
    formats: Mapping[str, NumberFormat] = NO_FORMATS
    """How the numbers and days of its fields are displayed; a rejected row comes back so."""
    is_strict: bool = False
    """The record was read as it stands, without the forms that people type."""
