"""The rows of a table as Arrow tables, one for each year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import pyarrow as pa

from commands.analysis.exported_tables import ColumnForm, ExportedTable
from lifecycle.rejections import StoreError, msg

_ROWS_AT_A_TIME: Final = 20_000
_TYPES: Final[dict[ColumnForm, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "truth": pa.bool_(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
    # What events allow: 18 digits before the point and 6 behind it.
    "amount": pa.decimal128(24, 6),
    # The most digits that Parquet's readers take.
    "points": pa.decimal128(38, 10),
}


Cells = tuple[Any, ...]


class YearRow(NamedTuple):
    """A row, and the year to whose file it belongs."""

    year: int
    cells: Cells


def table_schema(table: ExportedTable) -> pa.Schema:
    """Return a table's columns with their Arrow types."""
    return pa.schema([(name, _TYPES[form]) for name, form in table.columns.items()])


def year_partitions(
    table: ExportedTable,
    rows: Iterable[YearRow],
    *,
    year_if_empty: int,
) -> Iterator[tuple[int, pa.Table]]:
    """Yield each year with its rows, in their order; one year without rows for an empty table.

    Days and decimals may be ISO and plain decimal text. Raises `StoreError` for a value that the
    column's type cannot hold: Arrow rounds nothing and cuts nothing off.
    """
    schema = table_schema(table)
    batches: dict[int, list[pa.RecordBatch]] = {}
    pending: dict[int, list[Cells]] = {}
    for year, cells in rows:
        waiting = pending.setdefault(year, [])
        waiting.append(cells)
        # As Python's objects a large ledger would take ten times the memory.
        if len(waiting) >= _ROWS_AT_A_TIME:
            batches.setdefault(year, []).append(_record_batch(table, schema, waiting))
            waiting.clear()
    for year, waiting in sorted(pending.items()):
        if waiting:
            batches.setdefault(year, []).append(_record_batch(table, schema, waiting))
        yield year, pa.Table.from_batches(batches.pop(year), schema=schema)
    if not pending:
        # A program that finds no file takes it for an error, and knows no columns.
        yield year_if_empty, schema.empty_table()


def _record_batch(
    table: ExportedTable,
    schema: pa.Schema,
    rows: list[Cells],
) -> pa.RecordBatch:
    columns = []
    cells_by_column = zip(*rows, strict=True)
    for field, cells in zip(schema, cells_by_column, strict=True):
        try:
            columns.append(_array(cells, field.type))
        except pa.ArrowInvalid as error:
            raise StoreError(
                msg("{table}, column {column}: a value cannot be exported: {why}"),
                table=table.name,
                column=field.name,
                why=error,
            ) from error
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _array(cells: Cells, column_type: pa.DataType) -> pa.Array:
    is_text = any(isinstance(cell, str) for cell in cells)
    if is_text:
        # Arrow reads days and decimals from text, and faster than through Python's objects.
        return pa.array(cells, pa.string()).cast(column_type)
    return pa.array(cells, column_type)
