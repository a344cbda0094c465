"""How rows are shown: a table, JSON, or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from commands.words.messages import _
from commands.words.terms import Label
from commands.words.vocabulary_words import word

F = TypeVar("F", bound=Callable[..., Any])
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column: the row's field, its heading, whether it is a number, how it is shown, whether it is never broken."""

    field: str
    heading: str | Label
    number: bool = False
    show: Callable[[Any], str] = word
    whole: bool = False


def format_option(function: F) -> F:
    """`--format table|json|csv`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help=_("How the rows are shown."),
    )(function)


def emit(rows: Rows, columns: Sequence[OutputColumn], form: str, *, title: str = "") -> None:
    """Print rows: all of their fields as JSON and CSV, the columns as a table."""
    if form == "json":
        print_json(list(rows))
    elif form == "csv":
        print_csv(rows, columns)
    else:
        print_table(rows, columns, title)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_csv(rows: Rows, columns: Sequence[OutputColumn]) -> None:
    """Print the columns with their stored names; no text can become a spreadsheet's formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.field for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column.field), number=column.number) for column in columns])


def _cell(value: Any, *, number: bool) -> str:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if not number and text[:1] in ("=", "+", "-", "@", "\t") else text


def print_table(rows: Rows, columns: Sequence[OutputColumn], title: str = "") -> None:
    """Print a table that fits the terminal, Chinese characters two columns wide."""
    from rich.cells import cell_len  # noqa: PLC0415 -- rich takes as long to load as the whole of --help
    from rich.table import Table  # noqa: PLC0415 -- as above

    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=_box(),
        padding=(0, 1, 0, 0),
    )
    cells = [[column.show(row.get(column.field)) for column in columns] for row in rows]
    for place, column in enumerate(columns):
        # What may not be broken keeps its width; its heading may take two lines.
        least = (
            max((cell_len(row[place]) for row in cells), default=0)
            if column.whole or column.number
            else None
        )
        table.add_column(
            column.heading if isinstance(column.heading, str) else column.heading.heading(),
            justify="right" if column.number else "left",
            overflow="fold",
            min_width=least,
        )
    for row in cells:
        table.add_row(*row)
    console().print(table)


def _box() -> Any:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 -- as above

    return SIMPLE_HEAD


def console() -> Any:
    """Standard output as rich writes to it: nothing in the data is markup."""
    from rich.console import Console  # noqa: PLC0415 -- as above

    width = None if sys.stdout.isatty() else 110
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=width)
