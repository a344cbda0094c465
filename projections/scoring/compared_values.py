"""Values of units compared with their sequence, or with the same value of last year (spec 6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lifecycle.exact_numbers import MICRO, ZERO, exact_sum
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.composite_rule import CompositePart
from projections.scoring.counted_items import CountedItem, CreditedItem
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.missing_targets import silence
from projections.scoring.project_filters import unit_matches
from projections.scoring.unit_values import CountedNumber, UnitValue, ValueComparison


def unit_value(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> UnitValue:
    """A unit's value of what a rule counts, compared where the rule says so."""
    value = gathered.value(place, counted, unit)
    if counted.compared_as is None:
        return value
    comparison = _comparison(gathered, place, counted, unit)
    assert isinstance(value.inputs, CountedNumber)  # a run of periods is never compared
    events = dict.fromkeys(value.events)
    if counted.compares_years and gathered.last_year is not None:
        value_of_last_year = gathered.last_year.value(place, counted, unit)
        events.update(dict.fromkeys(value_of_last_year.events))
    inputs = value.inputs._replace(comparison=comparison)
    return UnitValue(comparison.compared, inputs, tuple(events))


def compared_items(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> list[CreditedItem]:
    """A unit's compared value as one item; none of a value of 0."""
    value = unit_value(gathered, place, counted, unit)
    if not value.value:
        return []
    assert isinstance(value.inputs, CountedNumber)
    item = CountedItem(counted.subject, value.value * MICRO, (), value.inputs)
    return [CreditedItem(item, None, value.events)]


def _comparison(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> ValueComparison:
    if counted.compared_as == "place_change":
        return _place_change(gathered, place, counted, unit)
    number = _number(gathered, place, counted, unit)
    of = None
    if counted.compared_as == "to_last_year":
        assert gathered.last_year is not None  # a policy that compares years gathers both
        divisor = _number(gathered.last_year, place, counted, unit)
    else:
        members = _units_compared(gathered, place, counted, unit)
        of = len(members)
        divisor = exact_sum(_number(gathered, place, counted, member) for member in members)
        if counted.compared_as == "to_mean" and members:
            divisor /= of
    quotient = counted.when_zero or ZERO
    if divisor:
        quotient = number / divisor
    return ValueComparison(str(counted.compared_as), divisor, None, None, of, quotient)


def _place_change(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> ValueComparison:
    """How many places a unit has risen; of a unit outside the comparison 0, without places."""
    assert gathered.last_year is not None  # a policy that compares years gathers both
    members = _units_compared(gathered, place, counted, unit)
    if unit not in members:
        return ValueComparison("place_change", None, None, None, len(members), ZERO)
    place_then = _place_of(unit, gathered.last_year, place, counted, members)
    place_now = _place_of(unit, gathered, place, counted, members)
    risen = Fraction(place_then - place_now)
    return ValueComparison("place_change", None, place_then, place_now, len(members), risen)


def _place_of(
    unit: str,
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    members: Sequence[str],
) -> int:
    """A unit's place among others, the greatest first; equal values share the first of theirs."""
    number = _number(gathered, place, counted, unit)
    numbers = [_number(gathered, place, counted, member) for member in members]
    return 1 + sum(other > number for other in numbers)


def _units_compared(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> list[str]:
    """The units of a unit's sequence that the filter takes, without those that lack a number."""
    sequence = gathered.units[unit].sequence
    members = []
    for name, facts in gathered.units.items():
        if facts.sequence != sequence or not unit_matches(counted.where, facts):
            continue
        # A unit without a target, or new this year, would move the places of all others.
        if silence(gathered, place, counted, name) is None:
            members.append(name)
    return members


def _number(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> Fraction:
    """What is compared: the value, of a composite's mean the mean."""
    value = gathered.value(place, counted, unit).value
    if isinstance(counted, CompositePart) and counted.take == "mean":
        marks = len(gathered.items(place, counted, unit))
        return value / marks if marks else value
    return value
