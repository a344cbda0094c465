"""How rows are shown: as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from commands.words.messages import _
from commands.words.terms import Label
from commands.words.vocabulary_words import word

F = TypeVar("F", bound=Callable[..., Any])
# East Asian spreadsheets take the full-width signs for formulas too.
_FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column: the row's field, its heading, and how its values are shown.

    A `number` is aligned to the right, and a `whole` column never wraps.
    """

    field: str
    heading: str | Label
    number: bool = False
    show: Callable[[Any], str] = word
    whole: bool = False


def format_option(function: F) -> F:
    """Add `--format table|json|csv`."""
    return _format_choice("table", "json", "csv")(function)


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


def csv_columns(*names: str, numbers: Collection[str] = ()) -> list[OutputColumn]:
    """Return columns headed by the stored names of their fields, as CSV has them."""
    return [OutputColumn(name, name, number=name in numbers) for name in names]


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
    """Print the columns with their stored names; no text can become a spreadsheet's formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.field for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.get(column.field), column) for column in columns])


def _csv_cell(value: Any, column: OutputColumn) -> str:
    # CSV has no lists; JSON in a cell can be read back.
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    is_number = column.number and _NUMBER.fullmatch(text)
    if not is_number and text.startswith(_FORMULA_STARTS):
        # A spreadsheet would run such a text as a formula; a leading apostrophe makes it a text.
        return f"'{text}"
    return text
