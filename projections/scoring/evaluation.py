"""From the ledger to results: the history at a position, read once by stream, judged and tallied project by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from lifecycle.calendar import first_day
from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY, Stream
from lifecycle.events.county_events import TargetSet
from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.reads import target_indicators
from projections.facts import effective_history as histories
from projections.facts.project_facts import fold_project
from projections.facts.unit_facts import UnitFacts, read_units
from projections.scoring.gathered_values import TargetAmounts
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.year_scoring import YearScoring

_PROJECT = len("project/")


@dataclass(frozen=True, slots=True)
class View:
    """What is asked: year, day, position known, the rulebook; and the moment of knowledge as it was asked for."""

    year: int
    as_of: date
    position: int
    rulebook: LoadedRulebook
    known_at: datetime | None = None

    @property
    def axes(self) -> ScoringAxes:
        """The year and the day, and the first day assessed where that is less than the year."""
        assessed = self.rulebook.rulebook.assessed
        first = (
            None
            if assessed is None or assessed.period == "year"
            else first_day(self.as_of, assessed.period)
        )
        return ScoringAxes(self.year, self.as_of, first)


@dataclass(slots=True)
class Result:
    """Every registered unit's score, ranked; with `lines` where they were asked for, a unit's in the rules' order."""

    view: View
    scores: list[UnitScore]
    lines: list[ScoreLine] = field(default_factory=list)


def judged_projects(
    rows: Iterable[StoredRow], policy: Policy, axes: ScoringAxes, units: dict[str, UnitFacts]
) -> Iterator[JudgedProject]:
    """Every project that is there by the day, judged."""
    for stream, own in histories.by_stream(rows):
        project = fold_project(stream[_PROJECT:], histories.effective(own, axes.as_of))
        if project is not None:
            yield JudgedProject(project, policy, axes, units)


def judged_at(
    ledger: Ledger, view: View, codes: Sequence[str] | None = None
) -> list[JudgedProject]:
    """The projects that are there by the view's day, or those named, judged by its rulebook."""
    policy = prepared(view.rulebook)
    units = units_at(ledger, view.position)
    if codes is None:
        reading = ledger.rows_of_kind("project", view.position)
    else:
        streams = [Stream("project", code).id for code in codes]
        reading = ledger.rows_of_streams(streams, view.position)
    with reading as rows:
        return list(judged_projects(rows, policy, view.axes, units))


def units_at(ledger: Ledger, position: int) -> dict[str, UnitFacts]:
    """The units registered by a position, in the order of registration."""
    with ledger.rows_of_kind("unit", position) as rows:
        return read_units(rows)


def targets_at(ledger: Ledger, policy: Policy, axes: ScoringAxes, position: int) -> TargetAmounts:
    """The targets set for the year by the day, the last of several; read where the policy asks for them."""
    if not target_indicators(policy.book):
        return {}
    told = targets_told(ledger, axes.year, axes.as_of, position)
    return {
        (event.for_unit, event.indicator): (Fraction(event.amount), ref)
        for event, ref in told
        if event.for_unit
    }


def targets_told(
    ledger: Ledger, year: int, as_of: date, position: int
) -> list[tuple[TargetSet, str]]:
    """The events that set a target for a year by a day, with their names, in the order (day, version)."""
    history = effective(ledger.history(COUNTY, position))
    told = [
        (item.event, item.ref)
        for item in history
        if isinstance(item.event, TargetSet) and item.event.year == year and item.event.on <= as_of
    ]
    return sorted(told, key=lambda one: one[0].on)


def evaluate(
    ledger: Ledger,
    view: View,
    *,
    keep: Callable[[ScoreLine], bool] | None = None,
    seen: Callable[[JudgedProject], None] | None = None,
) -> Result:
    """Work out every unit's score from history; `keep` chooses the lines that the result holds, `seen` is told each project."""
    policy, axes = prepared(view.rulebook), view.axes
    units = units_at(ledger, view.position)
    year = YearScoring(policy, units, axes, targets_at(ledger, policy, axes, view.position))
    kept: list[ScoreLine] = []

    def through(lines: Iterable[ScoreLine]) -> None:
        kept.extend(line for line in lines if keep is not None and keep(line))

    with ledger.rows_of_kind("project", view.position) as rows:
        for judged in judged_projects(rows, policy, axes, units):
            through(year.take(judged))
            if seen is not None:
                seen(judged)
    for unit in units.values():
        through(year.take_unit(unit))
    through(year.conclude())
    scores = [unit_score(unit, year.tallies[name], policy) for name, unit in units.items()]
    return Result(view, ranked_scores(scores, units), kept)
