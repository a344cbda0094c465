"""A year's scores in the tables, kept by difference: what changed streams had given goes, what they give now comes."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from sqlalchemy import Connection, delete, select

from projections.facts.unit_facts import UnitFacts
from projections.readmodels import table_rows as make
from projections.readmodels.query_tables import score_lines, score_parts, scores
from projections.readmodels.table_engine import RowWriter
from projections.scoring.evaluation import View
from projections.scoring.gathered_values import TargetAmounts
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.stream_lines import project_lines, unit_lines
from projections.scoring.unit_scores import (
    PointTally,
    UnitScore,
    limit_lines,
    ranked_scores,
    unit_score,
)
from projections.scoring.year_scoring import YearScoring


class YearScoreTables:
    """One year's lines, parts and scores."""

    def __init__(self, connection: Connection, sink: RowWriter, view: View) -> None:
        self._connection = connection
        self._sink = sink
        self.view = view
        self.policy = prepared(view.rulebook)
        self._changes: dict[str, PointTally] = {}
        self._year: YearScoring | None = None

    def begin(self, units: dict[str, UnitFacts], targets: TargetAmounts) -> None:
        """Before the streams come in: of a policy that looks at the whole, the year is worked out as a whole."""
        if self.policy.whole:
            self._year = YearScoring(self.policy, units, self.view.axes, targets)

    def _change(self, unit: str) -> PointTally:
        if unit not in self._changes:
            self._changes[unit] = PointTally(self.policy)
        return self._changes[unit]

    def forget(self, streams: list[str]) -> None:
        """Take back the lines of these streams."""
        mine = (score_lines.c.year == self.view.year) & score_lines.c.stream.in_(streams)
        wanted = select(
            score_lines.c.unit,
            score_lines.c.module,
            score_lines.c.basis,
            score_lines.c.points_exact,
        ).where(mine)
        for unit, module, basis, points in self._connection.execute(wanted):
            change, value = self._change(unit), Fraction(points)
            change.modules[module] -= value
            change.basis[basis] -= abs(value)
        self._connection.execute(delete(score_lines).where(mine))

    def add_project(self, stream: str, judged: JudgedProject) -> None:
        """What a project gives."""
        self._add(
            stream,
            list(project_lines(judged) if self._year is None else self._year.take_project(judged)),
        )

    def add_unit(self, unit: UnitFacts) -> None:
        """What a unit's own facts give; a unit without any has a score of nothing."""
        self._change(unit.name)
        found = (
            unit_lines(unit, self.policy, self.view.axes)
            if self._year is None
            else self._year.take_unit(unit)
        )
        self._add(f"unit/{unit.name}", list(found))

    def _add(self, stream: str, lines: list[ScoreLine]) -> None:
        if lines:
            for line in lines:
                self._change(line.unit).add(line)
            self._sink.add(score_lines, make.of_lines(self.view.year, stream, lines))

    def finish(self, units: dict[str, UnitFacts]) -> None:
        """Write the changed units' parts and limits, and every unit's rank."""
        found = self._stored_scores()
        changed = [name for name in self._changes if name in units]
        stored = self._stored_tallies()
        self._clear(changed)
        concluded = self._concluded()
        for name in changed:
            tally = stored.get(name) or PointTally(self.policy)
            tally.shift(self._changes[name])
            if self._year is not None:
                tally = self._year.tallies[name]
            lines = (
                concluded[name]
                if self._year is not None
                else list(limit_lines(name, tally, self.policy))
            )
            found[name] = self._write_unit(units[name], tally, lines)
        self._connection.execute(delete(scores).where(scores.c.year == self.view.year))
        order = ranked_scores(found.values(), units)
        self._sink.add(
            scores,
            [make.of_score(self.view, place, score) for place, score in enumerate(order, start=1)],
        )
        self._sink.flush()

    def _concluded(self) -> dict[str, list[ScoreLine]]:
        """The lines that look at the whole, and the limits, by unit."""
        found: dict[str, list[ScoreLine]] = {}
        if self._year is not None:
            found = {name: [] for name in self._year.units}
            for line in self._year.conclude():
                if line.unit in found:
                    found[line.unit].append(line)
        return found

    def _clear(self, units: list[str]) -> None:
        """Make room for the changed units' parts and limits."""
        year, limits = self.view.year, [f"limits/{unit}" for unit in units]
        self._connection.execute(
            delete(score_lines).where(
                (score_lines.c.year == year) & score_lines.c.stream.in_(limits)
            )
        )
        self._connection.execute(
            delete(score_parts).where((score_parts.c.year == year) & score_parts.c.unit.in_(units))
        )

    def _write_unit(self, unit: UnitFacts, tally: PointTally, limits: list[ScoreLine]) -> UnitScore:
        year, name = self.view.year, unit.name
        self._sink.add(score_lines, make.of_lines(year, f"limits/{name}", limits))
        score = unit_score(unit, tally, self.policy)
        self._sink.add(score_parts, make.of_parts(year, score, tally))
        return score

    def _stored_scores(self) -> dict[str, UnitScore]:
        wanted = select(scores.c.unit, scores.c.sequence, scores.c.total_exact).where(
            scores.c.year == self.view.year
        )
        return {
            unit: UnitScore(unit, sequence, total=Fraction(total))
            for unit, sequence, total in self._connection.execute(wanted)
        }

    def _stored_tallies(self) -> dict[str, PointTally]:
        """Each unit's sums before limits, as the tables hold them."""
        tallies: dict[str, PointTally] = {}
        wanted = select(
            score_parts.c.unit, score_parts.c.part, score_parts.c.name, score_parts.c.raw_exact
        )
        for unit, part, name, raw in self._connection.execute(
            wanted.where(score_parts.c.year == self.view.year)
        ):
            tally = tallies.setdefault(unit, PointTally(self.policy))
            if part == "module":
                tally.modules[name] = Fraction(raw)
            elif part == "basis":
                tally.basis[name] = Fraction(raw)
        return tallies

    def digest(self) -> str:
        """The digest of the year's scores and parts as they stand in the tables."""
        return digest_of(self._connection, self.view.year)


def digest_of(connection: Connection, year: int) -> str:
    """SHA-256 over the exact texts of a year's `scores` and `score_parts`, by their keys."""
    hashed = hashlib.sha256()
    columns = [column for column in scores.columns if column.name != "total"]
    for row in connection.execute(
        select(*columns).where(scores.c.year == year).order_by(scores.c.place)
    ):
        hashed.update(repr(tuple(row)).encode())
    parts = [column for column in score_parts.columns if column.name != "points"]
    rows = connection.execute(select(*parts).where(score_parts.c.year == year)).all()
    for entry in sorted(tuple(row) for row in rows):
        hashed.update(repr(entry).encode())
    return hashed.hexdigest()
