"""A year's scores as the query tables hold them, and as history yields them, in one shape."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select

from lifecycle.ledger.store import Ledger
from projections.readmodels.query_tables import score_parts, scores
from projections.readmodels.table_engine import open_engine, transaction
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View


class UnitPoints(NamedTuple):
    """A unit's rank, total and points by module, exact."""

    rank: int | None
    total: Fraction
    modules: dict[str, Fraction]


def table_scores(url: str, year: int) -> dict[str, UnitPoints]:
    """Return what the tables `scores` and `score_parts` hold."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        points = {
            row.unit: UnitPoints(row.rank, Fraction(row.total_exact), {})
            for row in connection.execute(select(scores).where(scores.c.year == year))
        }
        for row in connection.execute(select(score_parts).where(score_parts.c.year == year)):
            if row.part == "module":
                points[row.unit].modules[row.name] = Fraction(row.points_exact)
    return points


def history_scores(ledger: Ledger, view: View) -> dict[str, UnitPoints]:
    """Return what history yields."""
    result = evaluate(ledger, view)
    return {
        score.unit: UnitPoints(score.rank, score.total, score.modules) for score in result.scores
    }
