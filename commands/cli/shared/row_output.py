"""How rows are shown: as a table, JSON or CSV."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from commands.cli.shared.output_columns import OutputColumn, Rows, chinese_heading
from commands.cli.shared.typed_path import TypedPath
from commands.intake.table_csv import BYTE_ORDER_MARK, csv_text
from commands.words.messages import _, in_chinese
from lifecycle.atomic_file import write_atomically

F = TypeVar("F", bound=Callable[..., Any])
_FILE_FORMS: Final = ("csv", "xlsx")
TABLE_FILE: Final = "commands.table_file"
"""Where a command's context has its `TableFile`."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """How rows are written for a spreadsheet: as which file, headed how, to where."""

    form: str = "csv"
    in_chinese: bool = False
    output: Path | None = None
    """None writes to standard output."""


def table_file_of(form: str, headings: str | None, output: Path | None) -> TableFile:
    """Return what the options say. Raises `UsageError` for a workbook on a terminal."""
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError(_("a workbook needs a file: --output FILE.xlsx"))
    usual = "zh" if form == "xlsx" else "stored"
    return TableFile(form, (headings or usual) == "zh", output)


def format_option(function: F) -> F:
    """Add `--format table|json|csv|xlsx`, and how a table for Excel is headed and where it goes.

    The command is called with `csv` for `xlsx`: a workbook holds what the text file does.
    """

    @wraps(function)
    def with_file(
        *arguments: Any, form: str, headings: str | None, output: Path | None, **options: Any
    ) -> Any:
        if form in _FILE_FORMS:
            table_file = table_file_of(form, headings, output)
            click.get_current_context().meta[TABLE_FILE] = table_file
        elif headings is not None or output is not None:
            raise click.UsageError(_("--headings and --output are given with CSV and XLSX only"))
        return function(*arguments, form="csv" if form == "xlsx" else form, **options)

    with_file = click.option(
        "--output",
        type=TypedPath(path_type=Path),
        help=_("Write CSV or XLSX to this file."),
    )(with_file)
    with_file = click.option(
        "--headings",
        type=click.Choice(("stored", "zh")),
        help=_(
            "The headings of CSV and XLSX: stored names, or Chinese, with a mark by which Excel "
            "reads CSV as UTF-8. Default: stored in CSV, zh in XLSX."
        ),
    )(with_file)
    return cast(F, _format_choice("table", "json", *_FILE_FORMS)(with_file))


def table_or_json_option(function: F) -> F:
    """Add `--format table|json`, for a result that is not rows."""
    return _format_choice("table", "json")(function)


def _format_choice(*formats: str) -> Callable[[F], F]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default="table",
        show_default=True,
        help=_("How the result is shown."),
    )


def print_rows(rows: Rows, columns: Sequence[OutputColumn], form: str, *, title: str = "") -> None:
    """Print rows: every field as JSON, the columns as CSV or as a table."""
    if form == "json":
        print_json(list(rows))
    elif form == "csv":
        print_csv(rows, columns)
    else:
        # rich takes as long to load as the whole of `--help`, and JSON and CSV do without it.
        from commands.cli.shared.table_output import print_table  # noqa: PLC0415

        print_table(rows, columns, title)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(
        json.dumps(
            value,
            ensure_ascii=False,
            indent=2,
        )
    )


def print_csv(rows: Rows, columns: Sequence[OutputColumn]) -> None:
    """Print the columns as CSV or XLSX, as the options of the command say.

    No text can become a spreadsheet's formula.
    """
    table_file = _asked_file()
    headings = []
    for column in columns:
        heading = chinese_heading(column) if table_file.in_chinese else column.field
        headings.append(heading)
    cells = []
    # Below Chinese headings every word is Chinese, whatever the reader's language.
    with in_chinese() if table_file.in_chinese else nullcontext():
        for row in rows:
            cells.append([_cell(row, column, table_file) for column in columns])
    numbers = [column.number for column in columns]
    if table_file.form == "xlsx":
        # The library takes longer to load than the table to compute.
        from commands.intake.table_workbook import write_table_workbook  # noqa: PLC0415

        write_table_workbook(table_file.output, headings, cells, numbers)
        return
    _write_text(csv_text(headings, cells, numbers), table_file)


def _asked_file() -> TableFile:
    """Return where and how the command writes its table: as CSV to the screen unless asked."""
    context = click.get_current_context(silent=True)
    if context is None:
        return TableFile()
    table_file: TableFile = context.meta.get(TABLE_FILE, TableFile())
    return table_file


def _write_text(text: str, table_file: TableFile) -> None:
    if table_file.in_chinese:
        text = f"{BYTE_ORDER_MARK}{text}"
    if table_file.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(table_file.output, text.encode())


def _cell(row: Mapping[str, Any], column: OutputColumn, table_file: TableFile) -> str:
    """Return a value as a file's cell shows it: in words where its headings are Chinese."""
    value = row.get(column.field)
    if table_file.in_chinese and not column.number:
        return column.show(value) if column.show_row is None else column.show_row(row)
    # CSV has no lists; JSON in a cell can be read back.
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
