"""A year's scores in the tables, kept up by difference.

What changed streams had contributed is removed, what they contribute now is added, and each unit's
sums move by the difference. A rulebook whose rules look at the whole year is scored as a whole.
"""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Connection, delete, select

from projections.facts.unit_facts import UnitFacts
from projections.readmodels.query_tables import score_lines, score_parts, scores
from projections.readmodels.table_engine import RowWriter
from projections.readmodels.table_rows import score_line_rows, score_part_rows, score_row
from projections.readmodels.year_contribution import YearContribution
from projections.scoring.point_tally import PointTally
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import (
    UnitScore,
    limit_lines,
    ranked_scores,
    unit_score,
)


class YearScoreTables:
    """The rows of one year in `score_lines`, `score_parts` and `scores`."""

    def __init__(
        self,
        connection: Connection,
        writer: RowWriter,
        contribution: YearContribution,
        *,
        are_empty: bool,
    ) -> None:
        self._connection = connection
        self._writer = writer
        # Empty tables are neither read nor cleared: what a rebuild asks of the database beside its
        # rows is most of what it costs in a small county.
        self._are_empty = are_empty
        self._contribution = contribution
        self._view = contribution.view
        self._policy = contribution.policy

    def remove_streams(self, stream_ids: list[str]) -> None:
        """Remove the lines of these streams, and take their points from the units' sums."""
        belongs = (score_lines.c.year == self._view.year) & score_lines.c.stream.in_(stream_ids)
        statement = select(
            score_lines.c.unit,
            score_lines.c.module,
            score_lines.c.basis,
            score_lines.c.points_exact,
        ).where(belongs)
        for unit, module, basis, points_exact in self._connection.execute(statement):
            self._contribution.change(unit).remove(module, basis, Fraction(points_exact))
        self._connection.execute(delete(score_lines).where(belongs))

    def finish(self, units: dict[str, UnitFacts]) -> None:
        """Write the changed units' parts and limits, and every unit's score and rank."""
        changed = [name for name in self._contribution.changes if name in units]
        scores_by_unit = self._stored_scores()
        tallies = self._tallies(changed)
        limits = self._limits(tallies)
        self._remove_parts(changed)
        for name in changed:
            score = unit_score(units[name], tallies[name], self._policy)
            self._write_parts(score, tallies[name], limits[name])
            scores_by_unit[name] = score
        # A single change can move the rank of every unit, so all scores are written again.
        if not self._are_empty:
            self._connection.execute(delete(scores).where(scores.c.year == self._view.year))
        ranked = ranked_scores(scores_by_unit.values(), units)
        rows = []
        for place, score in enumerate(ranked, start=1):
            rows.append(score_row(self._view, place, score))
        self._writer.add(scores, rows)
        self._writer.flush()

    def _tallies(self, names: list[str]) -> dict[str, PointTally]:
        """Return the sums of these units before limits."""
        whole_year = self._contribution.whole_year
        if whole_year is not None:
            return {name: whole_year.tallies[name] for name in names}
        # Before `_remove_parts`: the parts in the table are what the changes are added to.
        stored = self._stored_tallies()
        tallies: dict[str, PointTally] = {}
        for name in names:
            tally = stored.get(name) or PointTally(self._policy)
            tally.shift(self._contribution.changes[name])
            tallies[name] = tally
        return tallies

    def _limits(self, tallies: dict[str, PointTally]) -> dict[str, list[ScoreLine]]:
        """Return each unit's lines that belong to no stream: its floors and caps.

        Of a whole year also the lines of rules that look at several streams; they move the tallies.
        """
        limits: dict[str, list[ScoreLine]] = {name: [] for name in tallies}
        whole_year = self._contribution.whole_year
        if whole_year is None:
            for name, tally in tallies.items():
                limits[name].extend(limit_lines(name, tally, self._policy))
            return limits
        for line in whole_year.conclude():
            if line.unit in limits:
                limits[line.unit].append(line)
        return limits

    def _remove_parts(self, names: list[str]) -> None:
        """Remove the parts and limits of units that get new ones."""
        if self._are_empty:
            return
        streams = [f"limits/{name}" for name in names]
        year = self._view.year
        limits = (score_lines.c.year == year) & score_lines.c.stream.in_(streams)
        parts = (score_parts.c.year == year) & score_parts.c.unit.in_(names)
        self._connection.execute(delete(score_lines).where(limits))
        self._connection.execute(delete(score_parts).where(parts))

    def _write_parts(
        self,
        score: UnitScore,
        tally: PointTally,
        limits: list[ScoreLine],
    ) -> None:
        year = self._view.year
        self._writer.add(score_lines, score_line_rows(year, f"limits/{score.unit}", limits))
        self._writer.add(score_parts, score_part_rows(year, score, tally))

    def _stored_scores(self) -> dict[str, UnitScore]:
        """Return the totals as the tables hold them: all that ranking needs."""
        if self._are_empty:
            return {}
        columns = (scores.c.unit, scores.c.sequence, scores.c.total_exact)
        statement = select(*columns).where(scores.c.year == self._view.year)
        stored: dict[str, UnitScore] = {}
        for unit, sequence, total_exact in self._connection.execute(statement):
            stored[unit] = UnitScore(unit, sequence, total=Fraction(total_exact))
        return stored

    def _stored_tallies(self) -> dict[str, PointTally]:
        """Return each unit's sums before limits, as the tables hold them."""
        if self._are_empty:
            return {}
        columns = (score_parts.c.unit, score_parts.c.part, score_parts.c.name)
        statement = select(*columns, score_parts.c.raw_exact).where(
            score_parts.c.year == self._view.year
        )
        tallies: dict[str, PointTally] = {}
        for unit, part, name, raw_exact in self._connection.execute(statement):
            if unit not in tallies:
                tallies[unit] = PointTally(self._policy)
            if part == "module":
                tallies[unit].add_sums({name: Fraction(raw_exact)}, {})
            elif part == "basis":
                tallies[unit].add_sums({}, {name: Fraction(raw_exact)})
        return tallies
