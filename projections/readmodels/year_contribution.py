"""What streams contribute to the tables of one year: their rows, and the points of units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from projections.facts.unit_facts import UnitFacts
from projections.facts.units_of_day import UnitsOfDay
from projections.readmodels.query_tables import score_lines, target_shares
from projections.readmodels.row_sink import RowSink
from projections.readmodels.table_rows import score_line_rows, share_rows
from projections.scoring.judgement import JudgedProject
from projections.scoring.partial_year import PartialYear
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import NO_PERIODS, ScoredPeriods
from projections.scoring.stream_lines import project_lines, unit_lines
from projections.scoring.target_amounts import NO_TARGETS, TargetsOfYears
from projections.scoring.year_scoring import YearScoring
from projections.views.target_view import project_target_shares


class YearShare(NamedTuple):
    """What some of a year's projects contributed, their rows apart."""

    changes: dict[str, PointTally]
    """The points of their lines by unit."""
    taken: PartialYear | None
    """What rules gathered that look at the whole year; None where there is none."""


class YearContribution:
    """Takes a year's projects and units; rows go to a sink, points to the sums of their units.

    Targets and periods count when the year is concluded: who only takes projects leaves them out.
    """

    def __init__(
        self,
        view: View,
        units: UnitsOfDay,
        sink: RowSink,
        targets: TargetsOfYears = NO_TARGETS,
        periods: ScoredPeriods = NO_PERIODS,
    ) -> None:
        self.view = view
        self.units = units
        self.policy = prepared(view.rulebook)
        self.changes: dict[str, PointTally] = {}
        """By how much each unit's sums moved, before limits."""
        self.whole_year: YearScoring | None = None
        """Scores the year where rules look at several streams."""
        if self.policy.whole:
            self.whole_year = YearScoring(self.policy, units, view.axes, targets, periods)
        self._sink = sink

    def change(self, unit: str) -> PointTally:
        """Return by how much a unit's sums moved; what is added to it moves them."""
        if unit not in self.changes:
            self.changes[unit] = PointTally(self.policy)
        return self.changes[unit]

    def add_project(self, stream_id: str, project: JudgedProject) -> None:
        """Add a project's lines, and its shares in the targets."""
        if self.whole_year is None:
            self._add(stream_id, project_lines(project))
        else:
            self._add(stream_id, self.whole_year.take_project(project))
        shares = project_target_shares(project)
        rows = share_rows(self.view.year, project.facts.code, shares)
        self._sink.add(target_shares, rows)

    def add_unit(self, unit: UnitFacts) -> None:
        """Add the lines of a unit's own facts."""
        self.change(unit.name)  # a unit without any line has a score, too: 0
        if self.whole_year is None:
            self._add(f"unit/{unit.name}", unit_lines(unit, self.policy, self.view.axes))
        else:
            self._add(f"unit/{unit.name}", self.whole_year.take_unit(unit))

    def _add(self, stream_id: str, lines: Iterable[ScoreLine]) -> None:
        stream_lines = list(lines)
        for line in stream_lines:
            self.change(line.unit).add(line)
        self._sink.add(score_lines, score_line_rows(self.view.year, stream_id, stream_lines))

    # Between processes --------------------------------------------------------------------------

    def share(self) -> YearShare:
        """Return what was contributed so far."""
        whole_year = self.whole_year
        return YearShare(self.changes, None if whole_year is None else whole_year.taken)

    def take_share(self, share: YearShare) -> None:
        """Take what other projects of the year contributed elsewhere."""
        for unit, tally in share.changes.items():
            self.change(unit).add_tally(tally)
        if share.taken is not None:
            assert self.whole_year is not None  # the same policy made the share
            self.whole_year.take_share(share.taken)
