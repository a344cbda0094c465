"""The query tables: for any SQL client, built from history in batches. No result relies on them."""

from __future__ import annotations

from projections.readmodels.query_tables import metadata
from projections.readmodels.table_axes import table_axes
from projections.readmodels.table_comparison import TableComparison, compare_tables
from projections.readmodels.table_contents import TablesInMemory, tables_in_memory
from projections.readmodels.table_digests import digests
from projections.readmodels.table_updates import (
    TableUpdate,
    catch_up,
    rebuild,
    tables_exist,
    tables_position,
)

TABLE_NAMES = tuple(metadata.tables)
"""The names of the query tables, and of the one that says how far they are."""

__all__ = [
    "TABLE_NAMES",
    "TableComparison",
    "TableUpdate",
    "TablesInMemory",
    "catch_up",
    "compare_tables",
    "digests",
    "rebuild",
    "table_axes",
    "tables_exist",
    "tables_in_memory",
    "tables_position",
]
