"""The columns of a result: their fields, their headings, and how their values are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.words.event_words import FIELDS
from commands.words.table_headings import FILE_HEADINGS
from commands.words.terms import Label
from commands.words.vocabulary_words import word

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column: the row's field, its heading, and how its values are shown.

    A `number` is aligned to the right, and a `whole` column never wraps. A table shows the field
    `in_table` instead, where a row has it: of a unit, its name of the day. `show_row` takes the
    place of `show` in tables, where the words depend on other fields of the row.
    """

    field: str
    heading: str | Label
    number: bool = False
    show: Callable[[Any], str] = word
    whole: bool = False
    in_table: str | None = None
    show_row: Callable[[Mapping[str, Any]], str] | None = None

    @property
    def folds(self) -> bool:
        """Whether its cells may take several lines."""
        return not (self.whole or self.number)

    def table_text(self, row: Mapping[str, Any]) -> str:
        """Return what a table shows of a row."""
        if self.show_row is not None:
            return self.show_row(row)
        if self.in_table is not None and self.in_table in row:
            return self.show(row[self.in_table])
        return self.show(row.get(self.field))


def unit_column(*, whole: bool = False) -> OutputColumn:
    """Return the column of a row's unit: by its identity, in tables by its name of the day."""
    return OutputColumn("unit", FIELDS["unit"], show=text_or_blank, whole=whole, in_table="name")


def text_or_blank(value: Any) -> str:
    """Show a text as it is, and what a row lacks as nothing."""
    return "" if value is None else str(value)


def chinese_heading(column: OutputColumn) -> str:
    """Return a column's Chinese heading; a field without one keeps its stored name."""
    if isinstance(column.heading, Label):
        return column.heading.chinese
    if column.heading != column.field:
        # A module's own name: its id may be that of a field. A line break is for a table's head.
        return column.heading.replace("\n", "")
    if column.field in FIELDS:
        return FIELDS[column.field].chinese
    label = FILE_HEADINGS.get(column.field)
    return column.field if label is None else label.chinese


def csv_columns(*names: str, numbers: Collection[str] = ()) -> list[OutputColumn]:
    """Return columns headed by the stored names of their fields, as CSV has them."""
    return [OutputColumn(name, name, number=name in numbers) for name in names]
