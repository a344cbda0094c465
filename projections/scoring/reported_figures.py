"""The figures that units reported of indicators in a year, whatever rules read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lifecycle.events.unit_events import IndicatorReported
from lifecycle.periods import period_of
from projections.facts.narrow_events import events_of
from projections.facts.unit_facts import UnitFacts
from projections.scoring.judgement import ScoringAxes


class ReportedFigure(NamedTuple):
    """A figure of a unit that lies in the year, and whether it bears a target."""

    unit: str
    indicator: str
    period: str
    bears_target: bool
    actual: Fraction
    on: date

    @property
    def subject(self) -> tuple[str, str, str]:
        """Of which unit, indicator and period it is: figures alike are counted together."""
        return self.unit, self.indicator, self.period

    def is_after(self, length: str) -> bool:
        """Whether it was reported after the end of the period of that length that it lies in."""
        period = period_of(self.period, length)
        reported_in = period_of(self.on, length)
        # A figure of a longer period than that lies in none of them.
        if period is None or reported_in is None:
            return False
        return reported_in > period


def reported_figures(units: Iterable[UnitFacts], axes: ScoringAxes) -> Iterator[ReportedFigure]:
    """The figures of the year by the day, whether or not they lie in what is assessed."""
    # A period is written with its year first: 2024, 2024-H1, 2024-Q3, 2024-05.
    year = str(axes.year)
    for unit in units:
        for on, _version, event in events_of(IndicatorReported, unit.facts):
            if on > axes.as_of or not event.period.startswith(year):
                continue
            yield ReportedFigure(
                unit.name,
                event.indicator,
                event.period,
                bears_target=event.target is not None,
                actual=Fraction(event.actual),
                on=on,
            )
