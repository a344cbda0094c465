"""Write the ledger workbook: empty, with records, or with rejected rows and their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import xlsxwriter

from commands.intake.replacement_texts import replacement_text
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.intake.workbook_files import new_workbook
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, named_streams
from commands.words.event_words import EVENTS
from commands.words.field_examples import FIELD_EXAMPLES
from commands.words.vocabulary_words import chinese_word
from commands.words.workbook_words import (
    CONFIRMED,
    LIST_SEPARATOR,
    ORDER,
    RAW_TEXT,
    REASON,
    UNREADABLE_SHEET,
    WORD_LIST_SHEET,
    choices_comment,
    example_comment,
)
from lifecycle.events import BY_NAME, Event
from lifecycle.zip_headers import unify_zip_headers

# How far drop-downs reach below the headings.
_PREPARED_ROWS: Final = 2_000
# Excel's cells hold a little more.
_LONGEST_CELL: Final = 32_000
_NARROWEST_COLUMN: Final = 12
# Events that hold whole documents, which nobody types into a cell.
_NOT_IN_TEMPLATE: Final = ("RulebookAdopted", "ScoresPublished", "BoardPublished")

# What a person typed never becomes a formula, a link or a number.
_TEXT_ONLY: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEADING_FORMAT: Final = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
_OPTIONAL_COLOUR, _REQUIRED_COLOUR = "#DDEBF7", "#FCE4D6"


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A rejected record, as it came, with the reasons."""

    record: Mapping[str, Any]
    reason: str


class SheetRow(NamedTuple):
    """A record with its place among all of the file, and why it was rejected."""

    place: int
    record: Mapping[str, Any]
    reason: str = ""


def write_template(path: Path) -> None:
    """Write an empty workbook to fill in."""
    sheets: dict[str, list[SheetRow]] = {}
    for name in SHEET_EVENTS:
        if name not in _NOT_IN_TEMPLATE:
            sheets[name] = []
    _write_workbook(path, sheets, with_reasons=False)


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write records in the template's layout, numbered in their order."""
    sheets: dict[str, list[SheetRow]] = {}
    for place, record in enumerate(records, start=1):
        sheets.setdefault(str(record["event"]), []).append(SheetRow(place, record))
    _write_workbook(path, sheets, with_reasons=False)


def write_rejected(path: Path, rejected: Sequence[RejectedRecord]) -> None:
    """Write rejected records in the same layout with reasons, to be corrected and imported."""
    sheets: dict[str, list[SheetRow]] = {}
    for place, rejection in enumerate(rejected, start=1):
        event = str(rejection.record.get("event"))
        sheet = event if event in BY_NAME else UNREADABLE_SHEET
        row = SheetRow(place, rejection.record, rejection.reason)
        sheets.setdefault(sheet, []).append(row)
    _write_workbook(path, sheets, with_reasons=True)


def _write_workbook(
    path: Path, sheets: Mapping[str, list[SheetRow]], *, with_reasons: bool
) -> None:
    try:
        with new_workbook(path, _TEXT_ONLY) as book:
            _WorkbookWriter(book, with_reasons=with_reasons).write(sheets)
    except xlsxwriter.exceptions.FileCreateError as error:
        # The operating system's own error, as for every other file.
        raise error.args[0] from None
    with path.open("r+b") as file:
        unify_zip_headers(file)


class _WorkbookWriter:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, *, with_reasons: bool) -> None:
        self._book = book
        self._with_reasons = with_reasons
        self._optional = book.add_format({**_HEADING_FORMAT, "bg_color": _OPTIONAL_COLOUR})
        self._required = book.add_format({**_HEADING_FORMAT, "bg_color": _REQUIRED_COLOUR})
        self._text = book.add_format({"num_format": "@"})
        self._word_lists = _WordLists(book)

    def write(self, sheets: Mapping[str, list[SheetRow]]) -> None:
        for name in SHEET_EVENTS:
            if name in sheets:
                self._write_event_sheet(BY_NAME[name], sheets[name])
        if UNREADABLE_SHEET in sheets:
            self._write_unreadable_sheet(sheets[UNREADABLE_SHEET])
        self._word_lists.write()

    def _write_event_sheet(self, kind: type[Event], rows: Sequence[SheetRow]) -> None:
        sheet = self._book.add_worksheet(EVENTS[kind.__name__].chinese)
        names: list[str] = []
        for heading, name in column_headings(kind).items():
            # An unusual row is confirmed where its reason is read.
            if name not in (REASON, CONFIRMED) or self._with_reasons:
                self._write_heading(sheet, len(names), heading, name, kind, len(rows))
                names.append(name)
        sheet.freeze_panes(1, 0)
        fields = {field.name: field for field in fields_of_kind(kind)}
        for line, row in enumerate(rows, start=1):
            for column, name in enumerate(names):
                text = _cell_of_row(row, name, fields.get(name))
                if text:
                    sheet.write_string(line, column, text[:_LONGEST_CELL], self._text)

    def _write_heading(
        self, sheet: Any, column: int, heading: str, name: str, kind: type[Event], row_count: int
    ) -> None:
        """Write a heading with its colour and comment, and the drop-down of the cells below it."""
        field = _field_named(kind, name)
        is_required = name in named_streams(kind) or (field is not None and field.required)
        sheet.write_string(0, column, heading, self._required if is_required else self._optional)
        # A Chinese character is two columns wide.
        width = max(_NARROWEST_COLUMN, 2 * len(heading) + 2)
        sheet.set_column(column, column, width, self._text)
        if name in FIELD_EXAMPLES:
            sheet.write_comment(0, column, example_comment(FIELD_EXAMPLES[name]))
        if field is None:
            return
        if field.shape in ("choice", "truth"):
            last_row = max(_PREPARED_ROWS, row_count + 1)
            source = self._word_lists.source(field.choices)
            rule = {"validate": "list", "source": source}
            sheet.data_validation(1, column, last_row, column, rule)
        elif field.shape == "choices":
            comment = choices_comment(chinese_word(choice) for choice in field.choices)
            sheet.write_comment(0, column, comment)

    def _write_unreadable_sheet(self, rows: Sequence[SheetRow]) -> None:
        """Write the rows of which not even the event is known."""
        sheet = self._book.add_worksheet(UNREADABLE_SHEET)
        for column, heading in enumerate((ORDER, RAW_TEXT, REASON)):
            sheet.write_string(0, column, heading, self._optional)
        for line, row in enumerate(rows, start=1):
            raw_text = str(row.record.get("line", dict(row.record)))[:_LONGEST_CELL]
            for column, text in enumerate((str(row.place), raw_text, row.reason)):
                sheet.write_string(line, column, text, self._text)


class _WordLists:
    """The words of drop-downs, on a hidden sheet, as a drop-down holds only 255 characters."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        """Return the range of cells that will hold the choices."""
        column = self._columns.setdefault(choices, len(self._columns))
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"={WORD_LIST_SHEET}!${letter}$1:${letter}${len(choices)}"

    def write(self) -> None:
        """Write the hidden sheet, if any drop-down refers to it."""
        if not self._columns:
            return
        sheet = self._book.add_worksheet(WORD_LIST_SHEET)
        sheet.hide()
        for choices, column in self._columns.items():
            sheet.write_column(0, column, [chinese_word(choice) for choice in choices])


def _field_named(kind: type[Event], name: str) -> TypedField | None:
    for field in fields_of_kind(kind):
        if field.name == name:
            return field
    return None


def _cell_of_row(row: SheetRow, name: str, field: TypedField | None) -> str:
    if name == ORDER:
        return str(row.place)
    if name == REASON:
        return row.reason
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


def _field_text(value: Any, name: str, field: TypedField | None) -> str:
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
