"""The targets that events set for a year, or for the period of it that is assessed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.calendar import period_ends
from lifecycle.events.county_events import TargetSet
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.counted import Reference
from lifecycle.rulebook.reads import target_indicators
from projections.facts.county_facts import CountyFacts
from projections.facts.narrow_events import micro
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import Policy


class TargetAmount(NamedTuple):
    """A target as set, the event that set it, and whether it is the year's."""

    amount: Fraction
    ref: str
    is_of_year: bool

    def for_reference(self, reference: Reference, axes: ScoringAxes) -> Fraction:
        """The number to hold a value against: the year's may be shared among its periods."""
        if reference.per != "share" or not self.is_of_year:
            return self.amount
        return self.amount / len(period_ends(axes.year, axes.assessed))


TargetAmounts = Mapping[tuple[str, str], TargetAmount]
"""The targets for what is assessed, by unit and indicator."""


class TargetsOfYears(NamedTuple):
    """The targets for what is assessed, and for the same of last year where rules compare years."""

    of_year: TargetAmounts
    of_last_year: TargetAmounts


NO_TARGETS: Final = TargetsOfYears({}, {})
"""Of a share of the year's projects, which know nothing of targets."""


def targets_of_years(
    county: CountyFacts,
    policy: Policy,
    axes: ScoringAxes,
) -> TargetsOfYears:
    """The targets that a year's scores read, last year's among them where rules compare years."""
    of_last_year: TargetAmounts = {}
    if policy.compares_years:
        of_last_year = targets_at(county, policy, axes.of_last_year())
    return TargetsOfYears(targets_at(county, policy, axes), of_last_year)


def targets_at(
    county: CountyFacts,
    policy: Policy,
    axes: ScoringAxes,
) -> TargetAmounts:
    """The targets set by the day, the last of several for the same indicator.

    A period that is assessed takes its own target before the year's.
    """
    if not target_indicators(policy.book):
        return {}
    of_year: dict[tuple[str, str], TargetAmount] = {}
    of_period: dict[tuple[str, str], TargetAmount] = {}
    for event, ref in county.targets_of(axes.year, axes.last_day_of_facts):
        if not event.for_unit or not is_for_assessed(event, axes):
            continue
        amount = Fraction(micro(event.amount), MICRO)
        targets = of_year if event.period is None else of_period
        targets[event.for_unit, event.indicator] = TargetAmount(amount, ref, event.period is None)
    return of_year | of_period


def is_for_assessed(event: TargetSet, axes: ScoringAxes) -> bool:
    """Whether a target is the year's, or that of the very period that is assessed."""
    return event.period is None or event.period == axes.assessed_period
