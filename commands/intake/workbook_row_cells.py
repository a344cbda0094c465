"""A record's cells in the ledger workbook, and where a rejected row stood."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field as dataclass_field
from operator import attrgetter
from typing import Any, Final, NamedTuple

from commands.handlers.file_rows import NO_FORMATS, ExtraCell, NumberFormat
from commands.intake.replacement_texts import replacement_text
from commands.intake.typed_fields import TypedField
from commands.words.workbook_words import (
    LIST_SEPARATOR,
    ORDER,
    ORIGINAL_ROW,
    ORIGINAL_SHEET,
    REASON,
)

_EXTRA_MARK: Final = "\0"
"""Begins the name of a column that is no field; no field's name does."""


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A rejected record, as it came, with the reasons and the place where it stood."""

    record: Mapping[str, Any]
    reason: str
    order: str = ""
    sheet: str = ""
    row: str = ""
    extra: tuple[ExtraCell, ...] = ()
    formats: Mapping[str, NumberFormat] = dataclass_field(default_factory=dict)


class SheetRow(NamedTuple):
    """A record with its number among all of the file, and why it was rejected."""

    place: str
    record: Mapping[str, Any]
    reason: str = ""
    sheet: str = ""
    row: str = ""
    extra: tuple[ExtraCell, ...] = ()
    formats: Mapping[str, NumberFormat] = NO_FORMATS

    def format_of(self, name: str) -> NumberFormat | None:
        """Return how the number or day in a column is displayed."""
        for cell in self.extra:
            if extra_name(cell.heading) == name:
                return cell.number_format
        return self.formats.get(name)


def extra_name(heading: str) -> str:
    """Return what a column that is no field is called among the names of fields."""
    return f"{_EXTRA_MARK}{heading}"


_PLACE_CELLS: Final[dict[str, Callable[[SheetRow], str]]] = {
    ORDER: attrgetter("place"),
    REASON: attrgetter("reason"),
    ORIGINAL_SHEET: attrgetter("sheet"),
    ORIGINAL_ROW: attrgetter("row"),
}


def cell_of_row(
    row: SheetRow,
    name: str,
    field: TypedField | None,
) -> str:
    """Return a row's cell in a column, as a person would type it; a rejected value as it came."""
    if name in _PLACE_CELLS:
        return _PLACE_CELLS[name](row)
    if name == "replacement":
        return _replacement_of(row.record)
    return _field_text(row.record.get(name), name, field)


def _replacement_of(record: Mapping[str, Any]) -> str:
    """Return what a correction changes, as it is typed; a rejected one as it came."""
    if "replacement" not in record:
        return ""
    replacement = record["replacement"]
    if replacement is None or isinstance(replacement, Mapping):
        return replacement_text(replacement)
    return str(replacement)


def _field_text(
    value: Any,
    name: str,
    field: TypedField | None,
) -> str:
    try:
        if name == "evidence" and isinstance(value, list):
            return LIST_SEPARATOR.join(f"{file['name']}|{file['sha256']}" for file in value)
        if field is not None:
            return field.write(value)
    except (KeyError, TypeError):
        # A rejected value of the wrong shape stands there as it came.
        return _json_text(value)
    return "" if value is None else str(value)


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
