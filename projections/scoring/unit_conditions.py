"""Whether conditions of a rulebook hold of a unit: on its value, or on periods in a row."""

from __future__ import annotations

from fractions import Fraction

from lifecycle.rulebook.counted import Condition
from projections.scoring.gathered_values import GatheredItems, total_of
from projections.scoring.missing_targets import silence
from projections.scoring.project_filters import unit_matches
from projections.scoring.unit_values import PeriodRun, UnitValue, within_bounds


def condition_holds(
    gathered: GatheredItems,
    place: str,
    condition: Condition,
    unit: str,
) -> tuple[bool, UnitValue]:
    """Whether a condition holds of a unit, and the value that it was compared with."""
    value = gathered.value(place, condition, unit)
    if not unit_matches(condition.where, gathered.units[unit]):
        return False, value
    answer = silence(gathered, place, condition, unit)
    if answer is not None:
        return answer == "holds", value
    if condition.in_a_row is None:
        return within_bounds(condition, value.value), value
    longest = _longest_run(gathered, place, condition, unit)
    run = UnitValue(Fraction(longest), PeriodRun(condition.subject, longest), value.events)
    return longest >= condition.in_a_row, run


def _longest_run(
    gathered: GatheredItems,
    place: str,
    condition: Condition,
    unit: str,
) -> int:
    """In how many consecutive periods at most the bounds were met, each by itself."""
    assert condition.each_period is not None  # `in_a_row` is of periods
    run = longest = 0
    items_of_unit = gathered.gathered(place, 0, unit)
    for _period, items in gathered.by_period(condition.each_period, items_of_unit):
        run = run + 1 if within_bounds(condition, total_of(items)) else 0
        longest = max(longest, run)
    return longest
