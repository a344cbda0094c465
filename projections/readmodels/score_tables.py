"""A year's scores in the tables, kept up by difference.

What changed streams had contributed is removed, what they contribute now is added, and each unit's
sums move by the difference. A rulebook whose rules look at the whole year is scored as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import Connection, delete, select

from projections.facts.unit_facts import UnitFacts
from projections.readmodels.query_tables import score_lines, score_parts, scores
from projections.readmodels.table_engine import RowWriter
from projections.readmodels.table_rows import score_line_rows, score_part_rows, score_row
from projections.scoring.judgement import JudgedProject
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import ScoredPeriods
from projections.scoring.stream_lines import project_lines, unit_lines
from projections.scoring.target_amounts import TargetsOfYears
from projections.scoring.unit_scores import (
    UnitScore,
    limit_lines,
    ranked_scores,
    unit_score,
)
from projections.scoring.year_scoring import YearScoring


class YearScoreTables:
    """The rows of one year in `score_lines`, `score_parts` and `scores`."""

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
        # Empty tables are neither read nor cleared: what a rebuild asks of the database beside its
        # rows is most of what it costs in a small county.
        self._are_empty = are_empty
        self.view = view
        self.policy = prepared(view.rulebook)
        self._changes: dict[str, PointTally] = {}
        """By how much each unit's sums moved, before limits."""
        self._whole_year: YearScoring | None = None

    def begin(
        self,
        units: dict[str, UnitFacts],
        targets: TargetsOfYears,
        periods: ScoredPeriods,
    ) -> None:
        """Prepare for the streams. The targets are those that the policy's rules read."""
        if self.policy.whole:
            axes = self.view.axes
            self._whole_year = YearScoring(self.policy, units, axes, targets, periods)

    def _change(self, unit: str) -> PointTally:
        if unit not in self._changes:
            self._changes[unit] = PointTally(self.policy)
        return self._changes[unit]

    # Streams ------------------------------------------------------------------------------------

    def remove_streams(self, stream_ids: list[str]) -> None:
        """Remove the lines of these streams, and take their points from the units' sums."""
        belongs = (score_lines.c.year == self.view.year) & score_lines.c.stream.in_(stream_ids)
        statement = select(
            score_lines.c.unit,
            score_lines.c.module,
            score_lines.c.basis,
            score_lines.c.points_exact,
        ).where(belongs)
        for unit, module, basis, points_exact in self._connection.execute(statement):
            self._change(unit).remove(module, basis, Fraction(points_exact))
        self._connection.execute(delete(score_lines).where(belongs))

    def add_project(self, stream_id: str, project: JudgedProject) -> None:
        """Add a project's lines."""
        if self._whole_year is None:
            self._add(stream_id, project_lines(project))
        else:
            self._add(stream_id, self._whole_year.take_project(project))

    def add_unit(self, unit: UnitFacts) -> None:
        """Add the lines of a unit's own facts."""
        self._change(unit.name)  # a unit without any line has a score, too: 0
        if self._whole_year is None:
            self._add(f"unit/{unit.name}", unit_lines(unit, self.policy, self.view.axes))
        else:
            self._add(f"unit/{unit.name}", self._whole_year.take_unit(unit))

    def _add(self, stream_id: str, lines: Iterable[ScoreLine]) -> None:
        stream_lines = list(lines)
        for line in stream_lines:
            self._change(line.unit).add(line)
        self._writer.add(score_lines, score_line_rows(self.view.year, stream_id, stream_lines))

    # Scores -------------------------------------------------------------------------------------

    def finish(self, units: dict[str, UnitFacts]) -> None:
        """Write the changed units' parts and limits, and every unit's score and rank."""
        changed = [name for name in self._changes if name in units]
        scores_by_unit = self._stored_scores()
        tallies = self._tallies(changed)
        limits = self._limits(tallies)
        self._remove_parts(changed)
        for name in changed:
            score = unit_score(units[name], tallies[name], self.policy)
            self._write_parts(score, tallies[name], limits[name])
            scores_by_unit[name] = score
        # A single change can move the rank of every unit, so all scores are written again.
        if not self._are_empty:
            self._connection.execute(delete(scores).where(scores.c.year == self.view.year))
        ranked = ranked_scores(scores_by_unit.values(), units)
        rows = []
        for place, score in enumerate(ranked, start=1):
            rows.append(score_row(self.view, place, score))
        self._writer.add(scores, rows)
        self._writer.flush()

    def _tallies(self, names: list[str]) -> dict[str, PointTally]:
        """Return the sums of these units before limits."""
        if self._whole_year is not None:
            return {name: self._whole_year.tallies[name] for name in names}
        # Before `_remove_parts`: the parts in the table are what the changes are added to.
        stored = self._stored_tallies()
        tallies: dict[str, PointTally] = {}
        for name in names:
            tally = stored.get(name) or PointTally(self.policy)
            tally.shift(self._changes[name])
            tallies[name] = tally
        return tallies

    def _limits(self, tallies: dict[str, PointTally]) -> dict[str, list[ScoreLine]]:
        """Return each unit's lines that belong to no stream: its floors and caps.

        Of a whole year also the lines of rules that look at several streams; they move the tallies.
        """
        limits: dict[str, list[ScoreLine]] = {name: [] for name in tallies}
        if self._whole_year is None:
            for name, tally in tallies.items():
                limits[name].extend(limit_lines(name, tally, self.policy))
            return limits
        for line in self._whole_year.conclude():
            if line.unit in limits:
                limits[line.unit].append(line)
        return limits

    def _remove_parts(self, names: list[str]) -> None:
        """Remove the parts and limits of units that get new ones."""
        if self._are_empty:
            return
        streams = [f"limits/{name}" for name in names]
        year = self.view.year
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
        year = self.view.year
        self._writer.add(score_lines, score_line_rows(year, f"limits/{score.unit}", limits))
        self._writer.add(score_parts, score_part_rows(year, score, tally))

    def _stored_scores(self) -> dict[str, UnitScore]:
        """Return the totals as the tables hold them: all that ranking needs."""
        if self._are_empty:
            return {}
        columns = (scores.c.unit, scores.c.sequence, scores.c.total_exact)
        statement = select(*columns).where(scores.c.year == self.view.year)
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
            score_parts.c.year == self.view.year
        )
        tallies: dict[str, PointTally] = {}
        for unit, part, name, raw_exact in self._connection.execute(statement):
            if unit not in tallies:
                tallies[unit] = PointTally(self.policy)
            if part == "module":
                tallies[unit].add_sums({name: Fraction(raw_exact)}, {})
            elif part == "basis":
                tallies[unit].add_sums({}, {name: Fraction(raw_exact)})
        return tallies
