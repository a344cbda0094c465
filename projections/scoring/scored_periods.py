"""What modules that are assessed by period gave each unit, period by period (spec 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.period_part import PeriodPart, PeriodPoints
from projections.scoring.score_line import ScoreLine


class ModuleOfPeriod(NamedTuple):
    """A unit's points of a module in a period, and the events behind its lines."""

    points: Fraction
    events: frozenset[str]


class ScoredPeriod(NamedTuple):
    """A period that is over: its name, its length and last day, and what each unit had by then.

    The points are by unit and module; units that were not there on the last day are missing.
    `lines` are those that the evaluation was to keep.
    """

    period: str
    length: str
    end: date
    modules: Mapping[str, Mapping[str, ModuleOfPeriod]]
    lines: Sequence[ScoreLine] = ()


class ScoredPeriods:
    """The periods of a view that are over by its day, in the order of the year."""

    def __init__(self, results: Sequence[ScoredPeriod]) -> None:
        self.results = results

    def over_by(self, day: date) -> ScoredPeriods:
        """The periods that are over by an earlier day: no later fact moves them."""
        return ScoredPeriods([result for result in self.results if result.end <= day])

    def points(self, part: PeriodPart, unit: str) -> list[PeriodPoints]:
        """A unit's points in each period that a part takes."""
        points = []
        for result in self._taken(part):
            of_module = self._of_module(result, part, unit)
            module_points = None if of_module is None else of_module.points
            points.append(PeriodPoints(result.period, module_points))
        return points

    def events(self, part: PeriodPart, unit: str) -> list[str]:
        """The events behind a unit's points in these periods, by period and then by name."""
        # By name: lines of several streams have no other order that outlasts a database.
        events: dict[str, None] = {}
        for result in self._taken(part):
            of_module = self._of_module(result, part, unit)
            if of_module is not None:
                events.update(dict.fromkeys(sorted(of_module.events)))
        return list(events)

    def _taken(self, part: PeriodPart) -> list[ScoredPeriod]:
        taken = []
        for result in self.results:
            if result.length == part.each and part.takes(result.period):
                taken.append(result)
        return taken

    def _of_module(
        self,
        result: ScoredPeriod,
        part: PeriodPart,
        unit: str,
    ) -> ModuleOfPeriod | None:
        modules = result.modules.get(unit)
        if modules is None:
            return None
        return modules[part.result.module]


NO_PERIODS: Final = ScoredPeriods(())
"""Of a rulebook in which no module is assessed by period."""
