"""A year's targets in the tables: what each project adds, and the sums beside the targets."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Connection, delete, select

from lifecycle.ledger.store import Ledger
from projections.facts.units_of_day import UnitsOfDay
from projections.readmodels.query_tables import target_shares, targets
from projections.readmodels.table_engine import RowWriter
from projections.readmodels.table_rows import target_row
from projections.scoring.result_view import View
from projections.views.target_view import (
    TargetShare,
    target_progress,
    targets_in_force,
)


class YearTargetTables:
    """The rows of one year in `target_shares` and `targets`."""

    def __init__(
        self,
        connection: Connection,
        writer: RowWriter,
        view: View,
        *,
        are_empty: bool,
    ) -> None:
        self._connection = connection
        self._writer = writer
        self._are_empty = are_empty
        self._view = view

    def remove_projects(self, codes: list[str]) -> None:
        """Remove what these projects added."""
        belongs = (target_shares.c.year == self._view.year) & target_shares.c.project.in_(codes)
        self._connection.execute(delete(target_shares).where(belongs))

    def finish(self, ledger: Ledger, units: UnitsOfDay) -> None:
        """Write the targets with the sums of their shares."""
        self._writer.flush()  # the shares just added must be in the table before they are summed
        view = self._view
        in_force = targets_in_force(ledger, view, units)
        progress = target_progress(in_force, self._stored_shares(), units)
        rows = [target_row(view, place, target) for place, target in enumerate(progress, start=1)]
        if not self._are_empty:
            self._connection.execute(delete(targets).where(targets.c.year == view.year))
        self._writer.add(targets, rows)

    def _stored_shares(self) -> list[TargetShare]:
        columns = (target_shares.c.indicator, target_shares.c.unit, target_shares.c.amount_exact)
        statement = select(*columns).where(target_shares.c.year == self._view.year)
        return [
            TargetShare(indicator, unit, Fraction(amount))
            for indicator, unit, amount in self._connection.execute(statement)
        ]
