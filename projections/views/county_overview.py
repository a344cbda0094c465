"""The county at a glance: each unit's projects by node reached, and the year month by month."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts import effective_history as histories
from projections.facts.project_folding import fold_project
from projections.facts.project_source import ProjectSource
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.evaluation import scored_periods
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.result_view import View, county_of, view_of_month
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import ScoredPeriods
from projections.scoring.target_amounts import targets_of_years
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.units_of_view import registered_units, units_there
from projections.scoring.year_scoring import YearScoring
from projections.views.target_view import (
    TargetProgress,
    TargetShare,
    project_target_shares,
    target_progress,
    targets_in_force,
)

_STREAM_PREFIX: Final = len("project/")


def projects_by_stage(projects: Iterable[JudgedProject]) -> dict[str, dict[str, int]]:
    """Count, for each credit unit and node, the projects that reached it.

    Excluded and terminated ones are left out.
    """
    counts: dict[str, dict[str, int]] = {}
    for project in projects:
        # Leaders ask what is under way: what is over or does not count would swell every node.
        if project.excluded or project.facts.terminated_on is not None:
            continue
        if project.unit is None:
            continue
        stages = counts.setdefault(project.unit, dict.fromkeys(STAGES, 0))
        for stage in STAGES:
            stages[stage] += project.node(stage) is not None
    return counts


@dataclass(slots=True)
class MonthOverview:
    """The county at a month's end, or at the day asked for where that lies within the month."""

    month: str
    view: View
    scores: list[UnitScore]
    targets: list[TargetProgress]


def month_views(view: View) -> list[View]:
    """Return the view as of each month's end before its day, and as of the day.

    None before the year begins.
    """
    if view.as_of.year < view.year:
        return []
    months = range(1, view.as_of.month + 1)
    return [view_of_month(view, f"{view.year}-{month:02}") for month in months]


def monthly_overviews(ledger: Ledger, view: View) -> list[MonthOverview]:
    """Compute scores, ranks and targets at each month's end, as known at the view's position.

    History is read and decoded once for all months: that is most of the work.
    """
    policy = prepared(view.rulebook)
    registered = registered_units(ledger, view.position)
    periods = scored_periods(ledger, view, registered)
    months = [
        _MonthFold(
            ledger,
            policy,
            units_there(ledger, month, registered),
            month,
            periods.over_by(month.as_of),
        )
        for month in month_views(view)
    ]
    if view.projects is not None:
        _fold_members(view.projects, months)
        return [month.conclude(ledger) for month in months]
    with ledger.rows_of_kind("project", view.position) as rows:
        for stream, project_rows in histories.by_stream(rows):
            code = stream[_STREAM_PREFIX:]
            _fold_project(code, project_rows, months)
    return [month.conclude(ledger) for month in months]


def _fold_members(
    projects: ProjectSource,
    months: Iterable[_MonthFold],
) -> None:
    """Take in a region's projects, month by month: only whole facts are credited to a member."""
    for month in months:
        for facts in projects.project_facts(month.view.as_of):
            project = JudgedProject(facts, month.policy, month.view.axes, month.units)
            month.take(project)


def _fold_project(
    code: str,
    rows: Sequence[StoredRow],
    months: Iterable[_MonthFold],
) -> None:
    facts = histories.effective(rows)
    for month in months:
        # Facts are in the order of their days, so each month sees a beginning of the list.
        known_facts = [fact for fact in facts if fact[0] <= month.view.as_of]
        project_facts = fold_project(code, known_facts)
        if project_facts is not None:
            month.take(
                JudgedProject(
                    project_facts,
                    month.policy,
                    month.view.axes,
                    month.units,
                )
            )


class _MonthFold:
    """Scores and target shares of one month, gathered project by project."""

    def __init__(
        self,
        ledger: Ledger,
        policy: Policy,
        units: UnitsOfDay,
        view: View,
        periods: ScoredPeriods,
    ) -> None:
        self.view = view
        self.policy = policy
        self.units = units
        targets = targets_of_years(county_of(ledger, view), policy, view.axes)
        self._scoring = YearScoring(
            policy,
            units,
            view.axes,
            targets,
            periods,
        )
        self._shares: list[TargetShare] = []

    def take(self, project: JudgedProject) -> None:
        """Take in a project as it stands at the month's end."""
        self._shares.extend(project_target_shares(project))
        _exhaust(self._scoring.take_project(project))

    def conclude(self, ledger: Ledger) -> MonthOverview:
        """Return the month, once every project is taken in."""
        view = self.view
        targets = targets_in_force(ledger, view, self.units)
        return MonthOverview(
            month=f"{view.as_of:%Y-%m}",
            view=view,
            scores=self._scores(),
            targets=target_progress(targets, self._shares, self.units),
        )

    def _scores(self) -> list[UnitScore]:
        for unit in self.units.values():
            _exhaust(self._scoring.take_unit(unit))
        # Rules that compare units can only be concluded once every unit is in.
        _exhaust(self._scoring.conclude())
        scores = [
            unit_score(unit, self._scoring.tallies[name], self.policy)
            for name, unit in self.units.items()
        ]
        return ranked_scores(scores, self.units)


def _exhaust(lines: Iterator[ScoreLine]) -> None:
    """Run a generator that tallies its lines as they are drawn.

    The lines themselves are not kept.
    """
    deque(lines, maxlen=0)
