"""From the ledger to results: the history at a position, read once by stream, judged and tallied project by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from lifecycle.recorders.base import Row
from lifecycle.rulebook import Loaded
from lifecycle.store import Ledger
from projections import facts as f
from projections.judgement import Axes, Judged
from projections.kinds import Line
from projections.policy import Policy, prepared
from projections.project_facts import fold_project
from projections.scores import Tally, UnitScore, limit_lines, project_lines, ranked, unit_lines, unit_score
from projections.unit_facts import UnitFacts, read_units

_PROJECT = len("project/")


@dataclass(frozen=True, slots=True)
class View:
    """What is asked: year, day, position known, the rulebook; and the moment of knowledge as it was asked for."""

    year: int
    as_of: date
    position: int
    rulebook: Loaded
    known_at: datetime | None = None

    @property
    def axes(self) -> Axes:
        """The year and the day."""
        return Axes(self.year, self.as_of)


@dataclass(slots=True)
class Result:
    """Every registered unit's score, ranked; with `lines` where they were asked for, a unit's in the rules' order."""

    view: View
    scores: list[UnitScore]
    lines: list[Line] = field(default_factory=list)


def judged_projects(rows: Iterable[Row], policy: Policy, axes: Axes, units: dict[str, UnitFacts]) -> Iterator[Judged]:
    """Every project that is there by the day, judged."""
    for stream, own in f.by_stream(rows):
        project = fold_project(stream[_PROJECT:], f.effective(own, axes.as_of))
        if project is not None:
            yield Judged(project, policy, axes, units)


def units_at(ledger: Ledger, position: int) -> dict[str, UnitFacts]:
    """The units registered by a position, in the order of registration."""
    with ledger.rows("unit", position) as rows:
        return read_units(rows)


def evaluate(ledger: Ledger, view: View, *, keep: Callable[[Line], bool] | None = None) -> Result:
    """Work out every unit's score from history; `keep` chooses the lines that the result holds."""
    policy, axes = prepared(view.rulebook), view.axes
    units = units_at(ledger, view.position)
    with ledger.rows("project", view.position) as rows:
        lines = (line for judged in judged_projects(rows, policy, axes, units) for line in project_lines(judged))
        return assemble(view, policy, units, lines, keep)


def assemble(
    view: View, policy: Policy, units: dict[str, UnitFacts], of_projects: Iterable[Line], keep: Callable[[Line], bool] | None
) -> Result:
    """Tally the projects' lines and the units' own, limit, total, rank."""
    tallies = {name: Tally(policy) for name in units}
    kept: list[Line] = []
    for line in of_projects:
        if line.unit in tallies:  # a credit unit is registered, or the ledger would have refused the fact that names it
            tallies[line.unit].add(line)
        if keep is not None and keep(line):
            kept.append(line)
    for name, unit in units.items():
        own = list(unit_lines(unit, policy, view.axes))
        for line in own:
            tallies[name].add(line)
        if keep is not None:
            kept.extend(line for line in (*own, *limit_lines(name, tallies[name], policy)) if keep(line))
    scores = [unit_score(unit, tallies[name], policy) for name, unit in units.items()]
    return Result(view, ranked(scores, units), kept)
