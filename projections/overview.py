"""The county at a glance: each unit's projects by node reached, and the year month by month. Pure folds over history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from lifecycle.events import last_day
from lifecycle.recorders.base import Row
from lifecycle.store import Ledger
from lifecycle.vocabulary import STAGES
from projections import facts as f
from projections.evaluation import View, units_at
from projections.judgement import Axes, Judged
from projections.policy import Policy, prepared
from projections.project_facts import fold_project
from projections.scores import Tally, UnitScore, project_lines, ranked, unit_lines, unit_score
from projections.unit_facts import UnitFacts

_PROJECT: Final = len("project/")


def funnel(projects: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """Credit unit → node → how many of its projects have reached it; excluded and terminated ones are left out."""
    counts: dict[str, dict[str, int]] = {}
    for judged in projects:
        if judged.excluded or judged.project.terminated_on is not None:
            continue
        own = counts.setdefault(judged.unit, dict.fromkeys(STAGES, 0))
        for stage in STAGES:
            own[stage] += judged.node(stage) is not None
    return counts


@dataclass(slots=True)
class Month:
    """The county at a month's end, or at the day asked for where that lies within the month."""

    month: str
    as_of: date
    scores: list[UnitScore] = field(default_factory=list)


def month_ends(view: View) -> list[date]:
    """The ends of the year's months that lie before the day, and the day itself; empty where the day lies before the year."""
    if view.as_of.year < view.year:
        return []
    ends = [last_day(f"{view.year}-{number:02}") for number in range(1, view.as_of.month + 1)]
    return [*ends[:-1], view.as_of]


def by_month(ledger: Ledger, view: View) -> list[Month]:
    """Scores and ranks at each month's end by the day, all by what was known at the view's position; history is read once."""
    policy, units = prepared(view.rulebook), units_at(ledger, view.position)
    axes = [Axes(view.year, end) for end in month_ends(view)]
    tallies = [{name: Tally(policy) for name in units} for _ in axes]
    with ledger.rows("project", view.position) as rows:
        for stream, own in f.by_stream(rows):
            for place, judged in _through(stream[_PROJECT:], own, policy, axes, units):
                for line in project_lines(judged):
                    if line.unit in tallies[place]:
                        tallies[place][line.unit].add(line)
    return [_month(each, tally, policy, units) for each, tally in zip(axes, tallies, strict=True)]


def _through(code: str, rows: list[Row], policy: Policy, axes: list[Axes], units: dict[str, UnitFacts]) -> Iterator[tuple[int, Judged]]:
    """A project judged at each of the days, from its facts read once."""
    facts = f.effective(rows)
    for place, each in enumerate(axes):
        project = fold_project(code, [fact for fact in facts if fact[0] <= each.as_of])
        if project is not None:
            yield place, Judged(project, policy, each, units)


def _month(axes: Axes, tallies: dict[str, Tally], policy: Policy, units: dict[str, UnitFacts]) -> Month:
    for name, unit in units.items():
        for line in unit_lines(unit, policy, axes):
            tallies[name].add(line)
    scores = [unit_score(unit, tallies[name], policy) for name, unit in units.items()]
    return Month(f"{axes.as_of:%Y-%m}", axes.as_of, ranked(scores, units))


def pace(target: Fraction, view: View) -> list[tuple[str, Fraction]]:
    """序时进度: the part of a year's target that is due by each month's end, a twelfth a month."""
    return [(f"{end:%Y-%m}", target * end.month / 12) for end in month_ends(view)]
