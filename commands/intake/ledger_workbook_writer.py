"""Write the ledger workbook: empty, with records, or with rejected rows and their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from commands.handlers.file_rows import ExtraCell, NumberFormat
from commands.handlers.ledger_lists import LedgerLists
from commands.intake.shown_cells import ShownAs
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.intake.typed_forms import TypedForm
from commands.intake.workbook_files import new_workbook
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, named_streams
from commands.intake.workbook_numbers import NumberForm, form_of_format
from commands.intake.workbook_row_cells import RejectedRecord, SheetRow, cell_of_row, extra_name
from commands.intake.workbook_word_lists import WordLists
from commands.words.event_words import EVENTS
from commands.words.field_examples import chinese_example_of
from commands.words.vocabulary_words import chinese_word
from commands.words.workbook_words import (
    CONFIRMED,
    GUIDE_LINES,
    GUIDE_SHEET,
    NAME_BESIDE_CODE,
    OPTIONAL_COLOUR_TEXT,
    ORDER,
    ORIGINAL_ROW,
    ORIGINAL_SHEET,
    RAW_TEXT,
    REASON,
    REQUIRED_COLOUR_TEXT,
    UNREADABLE_SHEET,
    choices_comment,
    example_comment,
)
from lifecycle.deciding.understood_names import FOUNDING_EVENTS, NAME_FIELDS
from lifecycle.events import BY_NAME, Event
from lifecycle.zip_headers import unify_zip_headers

# How far drop-downs reach below the headings.
_PREPARED_ROWS: Final = 2_000
# Excel's cells hold a little more.
_LONGEST_CELL: Final = 32_000
_NARROWEST_COLUMN, _GUIDE_WIDTH = 12, 100
_FIGURES: Final = "InvestmentReported"
_WITH_REASONS: Final = (REASON, CONFIRMED, ORIGINAL_SHEET, ORIGINAL_ROW)
"""The columns of a workbook of rejected rows."""
# Events that hold whole documents, which nobody types into a cell.
_NOT_IN_TEMPLATE: Final = ("RulebookAdopted", "ScoresPublished", "BoardPublished")

_HEADING_FORMAT: Final = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
_OPTIONAL_COLOUR, _REQUIRED_COLOUR = "#DDEBF7", "#FCE4D6"


def write_template(path: Path, lists: LedgerLists | None = None) -> None:
    """Write an empty workbook to fill in; with `lists` its drop-downs offer what is in the ledger.

    The sheet of monthly figures then has a row for each project that reports them.
    """
    sheets: dict[str, list[SheetRow]] = {}
    for name in SHEET_EVENTS:
        if name not in _NOT_IN_TEMPLATE:
            sheets[name] = []
    if lists is not None:
        for project in lists.reporting:
            record = {"project": project.code, "month": lists.month}
            # The name is for the clerk's eyes; no row is numbered, as none is recorded yet.
            extra = (ExtraCell(NAME_BESIDE_CODE[0], project.name),)
            sheets[_FIGURES].append(SheetRow("", record, extra=extra))
    _write_workbook(path, sheets, with_reasons=False, lists=lists, with_guide=True)


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write records in the template's layout, numbered in their order."""
    sheets: dict[str, list[SheetRow]] = {}
    for place, record in enumerate(records, start=1):
        sheet = sheets.setdefault(str(record["event"]), [])
        sheet.append(SheetRow(str(place), record))
    _write_workbook(path, sheets, with_reasons=False)


def write_rejected(path: Path, rejected: Sequence[RejectedRecord]) -> None:
    """Write rejected records in the same layout with reasons, to be corrected and imported.

    Each keeps its 序号, the sheet and row where it stood, and its cells that are no fields.
    """
    sheets: dict[str, list[SheetRow]] = {}
    for place, entry in enumerate(rejected, start=1):
        event = str(entry.record.get("event"))
        sheet = event if event in BY_NAME else UNREADABLE_SHEET
        order = entry.order or str(place)
        row = SheetRow(
            order,
            entry.record,
            entry.reason,
            entry.sheet,
            entry.row,
            entry.extra,
            entry.formats,
        )
        sheets.setdefault(sheet, []).append(row)
    _write_workbook(path, sheets, with_reasons=True)


def _write_workbook(
    path: Path,
    sheets: Mapping[str, list[SheetRow]],
    *,
    with_reasons: bool,
    lists: LedgerLists | None = None,
    with_guide: bool = False,
) -> None:
    with new_workbook(path) as book:
        writer = _WorkbookWriter(book, with_reasons=with_reasons, lists=lists)
        if with_guide:
            writer.write_guide()
        writer.write(sheets)
    with path.open("r+b") as file:
        unify_zip_headers(file)


class _WorkbookWriter:
    """Writes the sheets of one workbook."""

    def __init__(
        self,
        book: Any,
        *,
        with_reasons: bool,
        lists: LedgerLists | None,
    ) -> None:
        self._book = book
        self._with_reasons = with_reasons
        self._lists = lists
        self._optional = book.add_format({**_HEADING_FORMAT, "bg_color": _OPTIONAL_COLOUR})
        self._required = book.add_format({**_HEADING_FORMAT, "bg_color": _REQUIRED_COLOUR})
        self._text = book.add_format({"num_format": "@"})
        self._number = book.add_format({"num_format": "General"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._own_formats: dict[NumberFormat, Any] = {}
        self._word_lists = WordLists(book)

    def write_guide(self) -> None:
        """Write how to fill the workbook in, and what the colours mean."""
        sheet = self._book.add_worksheet(GUIDE_SHEET)
        sheet.set_column(0, 0, _GUIDE_WIDTH, self._book.add_format({"text_wrap": True}))
        for line, text in enumerate(GUIDE_LINES):
            sheet.write_string(line, 0, text)
        line = len(GUIDE_LINES) + 1
        sheet.write_string(line, 0, REQUIRED_COLOUR_TEXT, self._required)
        sheet.write_string(line + 1, 0, OPTIONAL_COLOUR_TEXT, self._optional)

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
        for heading, name in self._headings(kind, rows).items():
            self._write_heading(sheet, len(names), heading, name, kind, len(rows))
            names.append(name)
        sheet.freeze_panes(1, 0)
        fields = {field.name: field for field in fields_of_kind(kind)}
        for line, row in enumerate(rows, start=1):
            extra = {extra_name(cell.heading): cell.text for cell in row.extra}
            for column, name in enumerate(names):
                text = extra.get(name) or cell_of_row(row, name, fields.get(name))
                if text:
                    form = self._form(fields.get(name))
                    self._write_cell(sheet, line, column, text, ShownAs(form, row.format_of(name)))

    def _form(self, field: TypedField | None) -> TypedForm | None:
        # A rejected figure or day comes back as one, to be summed or sorted.
        return field.form if self._with_reasons and field is not None else None

    def _write_cell(self, sheet: Any, line: int, column: int, text: str, shown_as: ShownAs) -> None:
        """Write a cell as a number, a day or a text, displayed as it was."""
        day = shown_as.day(text)
        if day is not None:
            cell_format = self._cell_format(shown_as, "date", self._day)
            sheet.write_datetime(line, column, day, cell_format)
        elif shown_as.is_figure(text):
            cell_format = self._cell_format(shown_as, "number", self._number)
            sheet.write_number(line, column, float(text), cell_format)
        else:
            sheet.write_string(line, column, text[:_LONGEST_CELL], self._text)

    def _cell_format(self, shown_as: ShownAs, form: NumberForm, default: Any) -> Any:
        number_format = shown_as.number_format
        if number_format is None or form_of_format(number_format) != form:
            return default
        if number_format not in self._own_formats:
            added = self._book.add_format({"num_format": number_format})
            self._own_formats[number_format] = added
        return self._own_formats[number_format]

    def _headings(self, kind: type[Event], rows: Sequence[SheetRow]) -> dict[str, str]:
        """Return each heading with its field; columns that are no fields come with their rows."""
        extra = {cell.heading: extra_name(cell.heading) for row in rows for cell in row.extra}
        headings: dict[str, str] = {}
        for heading, name in column_headings(kind).items():
            # An unusual row is confirmed where its reason is read.
            if name in _WITH_REASONS and not self._with_reasons:
                continue
            if name == REASON:
                headings |= extra
            headings[heading] = name
            if name in named_streams(kind):
                for beside in NAME_BESIDE_CODE:
                    if beside in extra:
                        headings[beside] = extra.pop(beside)
        return headings | extra

    def _write_heading(
        self,
        sheet: Any,
        column: int,
        heading: str,
        name: str,
        kind: type[Event],
        row_count: int,
    ) -> None:
        """Write a heading with its colour and comment, and the drop-down of the cells below it."""
        field = _field_named(kind, name)
        is_required = name in named_streams(kind) or (field is not None and field.required)
        sheet.write_string(0, column, heading, self._required if is_required else self._optional)
        # A Chinese character is two columns wide.
        width = max(_NARROWEST_COLUMN, 2 * len(heading) + 2)
        sheet.set_column(column, column, width, self._text)
        example = chinese_example_of(name)
        if example is not None:
            comment = example_comment(example)
            # What the event's own term says beyond the heading.
            if field is not None and field.chinese != heading:
                comment = f"{comment}\n{field.chinese}"
            sheet.write_comment(0, column, comment)
        last_row = max(_PREPARED_ROWS, row_count + 1)
        held_names = self._held_names(kind, name)
        if held_names:
            source = self._word_lists.source(tuple(held_names))
            # A warning alone: a unit may be written by a part of its name or be new tomorrow.
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, column, last_row, column, rule)
        if field is None:
            return
        # Without a rulebook that declares any there are no words of figures to choose from.
        if field.shape in ("choice", "truth") and field.choices:
            source = self._word_lists.source(field.choices)
            rule = {"validate": "list", "source": source}
            sheet.data_validation(1, column, last_row, column, rule)
        elif field.shape == "choices":
            comment = choices_comment(chinese_word(choice) for choice in field.choices)
            sheet.write_comment(0, column, comment)

    def _held_names(self, kind: type[Event], name: str) -> Sequence[str]:
        """Return the units or codes that a column may name; none where it founds one."""
        is_stream = name in named_streams(kind)
        if self._lists is None or (is_stream and kind in FOUNDING_EVENTS):
            return ()
        named = name if is_stream else NAME_FIELDS[kind].get(name)
        if named == "unit":
            return self._lists.units
        return [project.code for project in self._lists.projects] if named == "project" else ()

    def _write_unreadable_sheet(self, rows: Sequence[SheetRow]) -> None:
        """Write the rows of which not even the event is known."""
        sheet = self._book.add_worksheet(UNREADABLE_SHEET)
        headings = (ORDER, RAW_TEXT, ORIGINAL_SHEET, ORIGINAL_ROW, REASON)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._optional)
        for line, row in enumerate(rows, start=1):
            raw_text = str(row.record.get("line", dict(row.record)))[:_LONGEST_CELL]
            texts = (row.place, raw_text, row.sheet, row.row, row.reason)
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text, self._text)


def _field_named(kind: type[Event], name: str) -> TypedField | None:
    for field in fields_of_kind(kind):
        if field.name == name:
            return field
    return None
