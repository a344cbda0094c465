"""The targets that events set for a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY
from lifecycle.events.county_events import TargetSet
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.reads import target_indicators
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import Policy

TargetAmounts = Mapping[tuple[str, str], tuple[Fraction, str]]
"""Targets set for the year, by unit and indicator: the amount, and the event that set it."""


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
