"""The targets that events set for a year."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.reads import target_indicators
from projections.facts.county_facts import CountyFacts
from projections.facts.narrow_events import micro
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import Policy

TargetAmounts = Mapping[tuple[str, str], tuple[Fraction, str]]
"""Targets set for the year, by unit and indicator: the amount, and the event that set it."""


def targets_at(
    county: CountyFacts,
    policy: Policy,
    axes: ScoringAxes,
) -> TargetAmounts:
    """The targets set for the year by the day, the last of several for the same indicator."""
    if not target_indicators(policy.book):
        return {}
    amounts: dict[tuple[str, str], tuple[Fraction, str]] = {}
    for event, ref in county.targets_of(axes.year, axes.as_of):
        if event.for_unit:
            amounts[event.for_unit, event.indicator] = (Fraction(micro(event.amount), MICRO), ref)
    return amounts
