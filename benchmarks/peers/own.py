"""The same with this program: decided by the rules, in the tree, each with its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from benchmarks.peers.workload import UNIT_RECORD, Record
from commands.handlers.recording import record_events
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections import readmodels
from projections.facts.folded_projects import folded_projects
from projections.readmodels.query_tables import figures, metadata
from projections.readmodels.table_engine import open_engine, transaction

_DAY: Final = date(2026, 1, 1)


class OwnStore:
    """A ledger. Its read model is all of its query tables, scores included."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ledger = Ledger.open(url, create=True)
        self._author = Author(self._ledger.database_login() or "benchmark")
        record_events(self._ledger, [UNIT_RECORD], self._author)

    def append(self, records: Sequence[Record]) -> None:
        """Record events together, in one durable commit; what returns has each one's receipt."""
        entries = record_events(self._ledger, records, self._author)
        assert all(entry.leaf and not entry.already for entry in entries)

    def fold(self, project: str) -> Decimal:
        """Return what was invested in a project."""
        with self._ledger.rows_of_streams([f"project/{project}"]) as rows:
            (facts,) = folded_projects(rows, _DAY)
        return sum((Decimal(event.fixed_assets) for _month, _on, event in facts.figures), Decimal())

    def drop_read_model(self) -> None:
        """Remove the query tables, if they are there."""
        with open_engine(self._url) as engine, transaction(engine, write=True) as connection:
            metadata.drop_all(connection)

    def rebuild(self) -> None:
        """Fill the query tables in one transaction."""
        readmodels.rebuild(self._ledger, self._url)

    def figures_read(self) -> list[str]:
        """Return the amounts of all months, as the query tables hold them."""
        with open_engine(self._url) as engine, transaction(engine, write=False) as connection:
            return list(map(str, connection.scalars(select(figures.c.fixed_assets))))

    def close(self) -> None:
        """Close the store."""
        self._ledger.close()
