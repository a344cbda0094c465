"""From the ledger to results: history read once by stream, judged and tallied by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lifecycle.ledger.store import Ledger
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judged_history import facts_at, judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View, county_of
from projections.scoring.score_line import ScoreLine
from projections.scoring.target_amounts import TargetsOfYears, targets_of_years
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.units_of_view import units_at
from projections.scoring.year_scoring import YearScoring


@dataclass(slots=True)
class Result:
    """The ranked score of every unit that is there, and the lines that `evaluate` was to keep."""

    view: View
    scores: list[UnitScore]
    units: UnitsOfDay
    lines: list[ScoreLine] = field(default_factory=list)


def evaluate(
    ledger: Ledger,
    view: View,
    *,
    keep: Callable[[ScoreLine], bool] | None = None,
    seen: Callable[[JudgedProject], None] | None = None,
    units: UnitsOfDay | None = None,
) -> Result:
    """Compute every unit's score from history.

    `keep` chooses the lines that the result holds, none if left out; `seen` is called with each
    project judged. `units` stand in for those that are there, to look at what a change would do.
    """
    policy, axes = prepared(view.rulebook), view.axes
    if units is None:
        units = units_at(ledger, view)
    targets = targets_of_years(county_of(ledger, view), policy, axes)
    # Projects are judged one by one as their rows are read: a large ledger never lies in memory
    # whole.
    with facts_at(ledger, view) as facts:
        projects = judged_facts(facts, policy, axes, units)
        return evaluate_projects(
            view,
            units,
            targets,
            projects,
            keep=keep,
            seen=seen,
        )


def evaluate_projects(
    view: View,
    units: UnitsOfDay,
    targets: TargetsOfYears,
    projects: Iterable[JudgedProject],
    *,
    keep: Callable[[ScoreLine], bool] | None = None,
    seen: Callable[[JudgedProject], None] | None = None,
) -> Result:
    """Compute every unit's score from projects as they come in, wherever they were read."""
    policy = prepared(view.rulebook)
    year = YearScoring(policy, units, view.axes, targets)
    kept_lines: list[ScoreLine] = []

    def consume(lines: Iterable[ScoreLine]) -> None:
        # A line is tallied as it passes, whether or not it is kept.
        kept_lines.extend(line for line in lines if keep is not None and keep(line))

    for project in projects:
        consume(year.take_project(project))
        if seen is not None:
            seen(project)
    for unit in units.values():
        consume(year.take_unit(unit))
    consume(year.conclude())
    scores = []
    for name, unit in units.items():
        scores.append(unit_score(unit, year.tallies[name], policy))
    return Result(view, ranked_scores(scores, units), units, kept_lines)
