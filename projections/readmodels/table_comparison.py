"""Compare the query tables with history: what they would hold, built at the position they name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, inspect, select

from lifecycle.ledger.store import Ledger
from projections.readmodels.query_tables import CONTENT_TABLES, TrackingRow, tracking
from projections.readmodels.table_axes import SCHEMA, TableAxes, axes_at
from projections.readmodels.table_contents import tables_in_memory
from projections.readmodels.table_engine import open_engine, transaction
from projections.readmodels.table_position import read_tracking

TextRow = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table that differs from history: its first row that does, by key, and how many do."""

    table: str
    row: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableComparison:
    """What comparing found. Tables of another schema are not compared."""

    is_comparable: bool
    differences: list[TableDifference]


def compare_tables(ledger: Ledger, url: str) -> TableComparison | None:
    """Compare every table with history as of the position and day that the tables name.

    None where there are no tables. Nothing is written to the store. Raises `StoreError` where the
    tables cannot be read.
    """
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        if not inspect(connection).has_table(tracking.name):
            return None
        # An earlier schema has other columns, so its tracking row cannot be read at all.
        if not _has_its_columns(connection, tracking):
            return TableComparison(is_comparable=False, differences=[])
        row = read_tracking(connection)
        if row is None:
            return _differing([TableDifference(tracking.name, "—", 1)])
        if row.fingerprint.partition(" ")[0] != str(SCHEMA):
            return TableComparison(is_comparable=False, differences=[])
        axes = _axes_of(ledger, row)
        if axes is None:
            return _differing([TableDifference(tracking.name, _tracking_text(row), 1)])
        return _differing(_differences(ledger, connection, axes))


def _differing(differences: list[TableDifference]) -> TableComparison:
    return TableComparison(is_comparable=True, differences=differences)


def _tracking_text(row: TrackingRow) -> str:
    return f"notification_id={row.notification_id}, as_of={row.as_of}"


def _axes_of(ledger: Ledger, row: TrackingRow) -> TableAxes | None:
    """Return the axes that a tracking row names, None where history never had them."""
    try:
        today = date.fromisoformat(row.as_of)
    except ValueError:
        return None
    if not 0 <= row.notification_id <= ledger.head().position:
        return None
    axes = axes_at(ledger, row.notification_id, today)
    return axes if axes.fingerprint == row.fingerprint else None


def _has_its_columns(connection: Connection, table: Table) -> bool:
    inspector = inspect(connection)
    if not inspector.has_table(table.name):
        return False
    columns = [column["name"] for column in inspector.get_columns(table.name)]
    return columns == [column.name for column in table.columns]


def _differences(
    ledger: Ledger,
    connection: Connection,
    axes: TableAxes,
) -> list[TableDifference]:
    differences: list[TableDifference] = []
    # In memory: comparing must not need the right to write to the store.
    with tables_in_memory(ledger, axes) as expected_tables:
        memory = expected_tables.connection
        for table in CONTENT_TABLES:
            if not _has_its_columns(connection, table):
                differences.append(TableDifference(table.name, "—", 0))
                continue
            difference = _table_difference(table, _rows(connection, table), _rows(memory, table))
            if difference is not None:
                differences.append(difference)
    return differences


def _rows(connection: Connection, table: Table) -> Counter[TextRow]:
    # As the driver returns them: a type's own conversion would hide what stands in the column.
    statement = str(select(table).compile(dialect=connection.dialect))
    rows = connection.exec_driver_sql(statement)
    return Counter(tuple(map(_cell_text, row)) for row in rows)


def _cell_text(cell: Any) -> str:
    """Return a cell as both databases spell it: truth values as 1 and 0, amounts without `E`."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell)


def _table_difference(
    table: Table,
    stored: Counter[TextRow],
    expected: Counter[TextRow],
) -> TableDifference | None:
    differing = {*(stored - expected), *(expected - stored)}
    if not differing:
        return None
    keys = [index for index, column in enumerate(table.columns) if column.primary_key]
    # A changed row stands twice, as it is and as it would be, under one key.
    differing_keys = {tuple(row[index] for index in keys) for row in differing}
    names = [column.name for column in table.primary_key.columns]
    first = zip(names, min(differing_keys), strict=True)
    row_text = ", ".join(f"{name}={text}" for name, text in first)
    return TableDifference(table.name, row_text, len(differing_keys))
