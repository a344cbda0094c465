"""The query tables built in memory: for what must not write to the store, or trust what it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, select

from lifecycle.all_cores import engine_for
from lifecycle.ledger.store import Ledger
from projections.readmodels.projector import Projector
from projections.readmodels.query_tables import metadata
from projections.readmodels.table_axes import TableAxes
from projections.readmodels.table_engine import IN_MEMORY, open_engine, transaction

_ROWS_AT_A_TIME: Final = 5_000


class TablesInMemory:
    """Query tables as history yields them, each of their rows once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, name: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Iterate over these columns of a table by its key; amounts are plain decimal text."""
        table = metadata.tables[name]
        chosen = [table.c[column] for column in columns]
        keys = table.primary_key.columns
        ordered = select(*chosen).order_by(*keys)
        # In parts: score lines of a large ledger as Python's rows would fill the memory.
        streaming_connection = self.connection.execution_options(yield_per=_ROWS_AT_A_TIME)
        for row in streaming_connection.execute(ordered):
            yield tuple(row)


@contextmanager
def tables_in_memory(ledger: Ledger, axes: TableAxes) -> Iterator[TablesInMemory]:
    """Build every table from history, in a database that is gone at the end."""
    with open_engine(IN_MEMORY) as engine, transaction(engine, write=True) as memory:
        metadata.create_all(memory)
        Projector(ledger, memory, axes, None, engine_for(axes.position)).run()
        yield TablesInMemory(memory)
