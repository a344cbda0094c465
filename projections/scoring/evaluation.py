"""From the ledger to results: history read once by stream, judged and tallied by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lifecycle.calendar import period_ends
from lifecycle.ledger.store import Ledger
from lifecycle.periods import period_of
from projections.facts.unit_facts import RegisteredUnit
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judged_history import facts_at, judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.part_scoring import scored_shares
from projections.scoring.partial_year import PartialYear
from projections.scoring.prepared_policy import PeriodPolicy, Policy, prepared
from projections.scoring.result_view import View, county_of
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import (
    NO_PERIODS,
    ModuleOfPeriod,
    ScoredPeriod,
    ScoredPeriods,
)
from projections.scoring.target_amounts import targets_of_years
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.units_of_view import registered_units, units_there
from projections.scoring.year_scoring import YearScoring

LineTest = Callable[[ScoreLine], bool]
"""Whether a line is to be kept."""


@dataclass(slots=True)
class Result:
    """The ranked score of every unit that is there, and the lines that `evaluate` was to keep.

    `periods` are those of modules assessed by period, with their own lines.
    """

    view: View
    scores: list[UnitScore]
    units: UnitsOfDay
    lines: list[ScoreLine] = field(default_factory=list)
    periods: ScoredPeriods = NO_PERIODS


def evaluate(
    ledger: Ledger,
    view: View,
    *,
    keep: LineTest | None = None,
    seen: Callable[[JudgedProject], None] | None = None,
    registered: Sequence[RegisteredUnit] | None = None,
    units: UnitsOfDay | None = None,
    shares: Iterable[PartialYear] | None = None,
) -> Result:
    """Compute every unit's score from history.

    `keep` chooses the lines that the result holds, none if left out; `seen` is called with each
    project judged. `registered` stand in for the units registered, to look at what a change would
    do. A caller that has the units of the day and what all projects gave passes them as `units`
    and `shares`; then no project is read.
    """
    policy, axes = prepared(view.rulebook), view.axes
    if registered is None:
        registered = registered_units(ledger, view.position)
    if units is None:
        units = units_there(ledger, view, registered)
    periods = scored_periods(ledger, view, registered, keep=keep)
    targets = targets_of_years(county_of(ledger, view), policy, axes)
    year = YearScoring(policy, units, axes, targets, periods)
    kept_lines = KeptLines(keep)
    if shares is not None:
        _take_shares(shares, year, kept_lines)
    # Projects are most of a ledger: where nothing looks at them, they are not read.
    elif seen is not None or policy.counts_projects:
        _take_projects(ledger, view, units, year, kept_lines, seen)
    for unit in units.values():
        kept_lines.take(year.take_unit(unit))
    kept_lines.take(year.conclude())
    return Result(view, _scores(year, units, policy), units, kept_lines.lines, periods)


@dataclass(slots=True)
class KeptLines:
    """The lines that pass a test, of those that pass by; none where there is no test."""

    keep: LineTest | None
    lines: list[ScoreLine] = field(default_factory=list)

    def take(self, lines: Iterable[ScoreLine]) -> None:
        """Let lines pass: a line is tallied as it does, whether or not it is kept."""
        keep = self.keep
        self.lines.extend(line for line in lines if keep is not None and keep(line))


def _take_projects(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
    year: YearScoring,
    kept_lines: KeptLines,
    seen: Callable[[JudgedProject], None] | None,
) -> None:
    with_lines = kept_lines.keep is not None
    shares = None
    # A judged project holds its policy: no other process can hand one back.
    if seen is None:
        shares = scored_shares(ledger, view, units, with_lines=with_lines)
    if shares is not None:
        _take_shares(shares, year, kept_lines)
        return
    # One by one as their rows are read: a large ledger never lies in memory whole.
    with facts_at(ledger, view) as facts:
        for project in judged_facts(facts, year.policy, view.axes, units):
            kept_lines.take(year.take_project(project))
            if seen is not None:
                seen(project)


def _take_shares(
    shares: Iterable[PartialYear],
    year: YearScoring,
    kept_lines: KeptLines,
) -> None:
    for share in shares:
        year.take_share(share)
        kept_lines.take(share.lines)


def _scores(year: YearScoring, units: UnitsOfDay, policy: Policy) -> list[UnitScore]:
    scores = []
    for name, unit in units.items():
        scores.append(unit_score(unit, year.tallies[name], policy))
    return ranked_scores(scores, units)


# Modules assessed by period -----------------------------------------------------------------------


def scored_periods(
    ledger: Ledger,
    view: View,
    registered: Sequence[RegisteredUnit] | None = None,
    *,
    keep: LineTest | None = None,
) -> ScoredPeriods:
    """What modules assessed by period gave in each period that is over by the view's day.

    A period is what the view shows as of its last day: the same position and rulebook, but units,
    names, sequences and targets of that day.
    """
    policies = prepared(view.rulebook).periods
    if not policies:
        return NO_PERIODS
    if registered is None:
        registered = registered_units(ledger, view.position)
    results = []
    for policy in policies:
        for end in period_ends(view.year, policy.length):
            if end <= view.as_of:
                results.append(_period_result(ledger, view, registered, policy, end, keep))
    return ScoredPeriods(results)


def _period_result(
    ledger: Ledger,
    view: View,
    registered: Sequence[RegisteredUnit],
    policy: PeriodPolicy,
    end: date,
    keep: LineTest | None,
) -> ScoredPeriod:
    events: dict[tuple[str, str], set[str]] = {}

    def collect(line: ScoreLine) -> bool:
        events.setdefault((line.unit, line.module), set()).update(line.events)
        return keep is not None and keep(line)

    # What was arranged by then: a later notice must not move a day that was due before it.
    calendar = None if view.calendar is None else county_of(ledger, view).calendar(end)
    result = evaluate(
        ledger,
        replace(view, as_of=end, rulebook=policy.rulebook, calendar=calendar),
        keep=collect,
        registered=registered,
    )
    modules = {}
    for score in result.scores:
        of_unit = {}
        for module, points in score.modules.items():
            behind = frozenset(events.get((score.unit, module), ()))
            of_unit[module] = ModuleOfPeriod(points, behind)
        modules[score.unit] = of_unit
    period = period_of(end, policy.length)
    assert period is not None  # a day lies in one of each length
    return ScoredPeriod(period, policy.length, end, modules, result.lines)
