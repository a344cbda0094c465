"""A year's targets in the tables: what each project adds, kept by stream, and the sums beside what is wanted."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Connection, delete, select

from lifecycle.ledger.store import Ledger
from projections.readmodels import table_rows as make
from projections.readmodels.query_tables import target_shares, targets
from projections.readmodels.table_engine import RowWriter
from projections.scoring.evaluation import View
from projections.scoring.judgement import JudgedProject
from projections.views.target_view import (
    TargetShare,
    project_target_shares,
    target_progress,
    targets_in_force,
)


class YearTargetTables:
    """One year's shares and targets."""

    def __init__(self, connection: Connection, sink: RowWriter, view: View) -> None:
        self._connection = connection
        self._sink = sink
        self._view = view
        self._targets = view.rulebook.rulebook.targets

    def forget(self, projects: list[str]) -> None:
        """Take back what these projects had added."""
        mine = (target_shares.c.year == self._view.year) & target_shares.c.project.in_(projects)
        self._connection.execute(delete(target_shares).where(mine))

    def add_project(self, judged: JudgedProject) -> None:
        """What a project adds."""
        given = list(project_target_shares(judged))
        if given:
            self._sink.add(
                target_shares, make.of_shares(self._view.year, judged.project.code, given)
            )

    def finish(self, ledger: Ledger) -> None:
        """Put the sums beside what is wanted by now."""
        self._sink.flush()
        view = self._view
        columns = (target_shares.c.indicator, target_shares.c.unit, target_shares.c.amount_exact)
        given = self._connection.execute(select(*columns).where(target_shares.c.year == view.year))
        found = target_progress(
            targets_in_force(ledger, self._targets, view.year, view.as_of, view.position),
            (TargetShare(indicator, unit, Fraction(amount)) for indicator, unit, amount in given),
        )
        self._connection.execute(delete(targets).where(targets.c.year == view.year))
        self._sink.add(
            targets, [make.of_target(view, place, row) for place, row in enumerate(found, start=1)]
        )
