"""From the ledger to results: history read once by stream, judged and tallied by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from lifecycle.calendar import first_day
from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY, Stream
from lifecycle.events.county_events import TargetSet
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.reads import target_indicators
from lifecycle.working_days import WorkingCalendar
from projections.facts import effective_history as histories
from projections.facts.project_facts import fold_project
from projections.facts.unit_facts import UnitFacts, read_units
from projections.scoring.gathered_values import TargetAmounts
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.year_scoring import YearScoring


@dataclass(frozen=True, slots=True)
class View:
    """The axes of a result: year, day, last position known, rulebook; `known_at` as requested."""

    year: int
    as_of: date
    position: int
    rulebook: LoadedRulebook
    known_at: datetime | None = None
    calendar: WorkingCalendar | None = None

    @property
    def axes(self) -> ScoringAxes:
        """The year and the day, and the first day assessed where that is less than the year."""
        assessed = self.rulebook.rulebook.assessed
        first = None
        if assessed is not None and assessed.period != "year":
            first = first_day(self.as_of, assessed.period)
        return ScoringAxes(self.year, self.as_of, first, self.calendar)


@dataclass(slots=True)
class Result:
    """Every registered unit's score, ranked, and the lines that `evaluate` was asked to keep."""

    view: View
    scores: list[UnitScore]
    lines: list[ScoreLine] = field(default_factory=list)


def judged_projects(
    rows: Iterable[StoredRow],
    policy: Policy,
    axes: ScoringAxes,
    units: dict[str, UnitFacts],
) -> Iterator[JudgedProject]:
    """Every project that is there by the day, judged."""
    for stream, stream_rows in histories.by_stream(rows):
        _kind, _slash, code = stream.partition("/")
        facts = fold_project(code, histories.effective(stream_rows, axes.as_of))
        if facts is not None:
            yield JudgedProject(
                facts,
                policy,
                axes,
                units,
            )


def judged_at(
    ledger: Ledger,
    view: View,
    codes: Sequence[str] | None = None,
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
        return list(
            judged_projects(
                rows,
                policy,
                view.axes,
                units,
            )
        )


def units_at(
    ledger: Ledger,
    position: int,
) -> dict[str, UnitFacts]:
    """The units registered by a position, in the order of registration."""
    with ledger.rows_of_kind("unit", position) as rows:
        return read_units(rows)


def targets_at(
    ledger: Ledger,
    policy: Policy,
    axes: ScoringAxes,
    position: int,
) -> TargetAmounts:
    """The targets set for the year by the day, the last of several for the same indicator."""
    if not target_indicators(policy.book):
        return {}
    amounts: dict[tuple[str, str], tuple[Fraction, str]] = {}
    for event, ref in recorded_targets(
        ledger,
        axes.year,
        axes.as_of,
        position,
    ):
        if event.for_unit:
            amounts[event.for_unit, event.indicator] = (Fraction(event.amount), ref)
    return amounts


def recorded_targets(
    ledger: Ledger,
    year: int,
    as_of: date,
    position: int,
) -> list[tuple[TargetSet, str]]:
    """The events that set a target for a year by a day, with their names, by day and version."""
    targets = []
    for recorded in effective(ledger.history(COUNTY, position)):
        event = recorded.event
        if isinstance(event, TargetSet) and event.year == year and event.on <= as_of:
            targets.append((event, recorded.ref))
    # Sorting is stable: of one day the events keep the order of their versions.
    return sorted(targets, key=lambda target: target[0].on)


def evaluate(
    ledger: Ledger,
    view: View,
    *,
    keep: Callable[[ScoreLine], bool] | None = None,
    seen: Callable[[JudgedProject], None] | None = None,
) -> Result:
    """Compute every unit's score from history.

    `keep` chooses the lines that the result holds, none if left out; `seen` is called with each
    project judged.
    """
    policy, axes = prepared(view.rulebook), view.axes
    units = units_at(ledger, view.position)
    targets = targets_at(ledger, policy, axes, view.position)
    year = YearScoring(policy, units, axes, targets)
    kept_lines: list[ScoreLine] = []

    def consume(lines: Iterable[ScoreLine]) -> None:
        # A line is tallied as it passes, whether or not it is kept.
        kept_lines.extend(line for line in lines if keep is not None and keep(line))

    # Projects are judged one by one as their rows are read: a large ledger never lies in memory
    # whole.
    with ledger.rows_of_kind("project", view.position) as rows:
        for project in judged_projects(rows, policy, axes, units):
            consume(year.take_project(project))
            if seen is not None:
                seen(project)
    for unit in units.values():
        consume(year.take_unit(unit))
    consume(year.conclude())
    scores = [unit_score(unit, year.tallies[name], policy) for name, unit in units.items()]
    return Result(view, ranked_scores(scores, units), kept_lines)
