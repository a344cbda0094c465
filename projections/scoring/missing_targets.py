"""Values that lack a target never told, a mark to take a mean of, or last year's facts (spec 6)."""

from __future__ import annotations

from fractions import Fraction

from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.composite_rule import CompositePart
from lifecycle.rulebook.kinds.period_part import PeriodPart
from lifecycle.rulebook.parts import SilenceWord
from projections.scoring.gathered_values import GatheredItems, reported_targets


def silence(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> Fraction | SilenceWord | None:
    """What counts in a value's place, where it lacks a target; None where it lacks none.

    Without `when_missing` a target that was never told counts as 0, as it did in 0.1.0.
    """
    if counted.when_missing is None:
        return None
    if _lacks_marks(gathered, place, counted, unit):
        return counted.when_missing
    if missing_target(gathered, place, counted, unit) is not None:
        return counted.when_missing
    if _lacks_last_year(gathered, place, counted, unit):
        return counted.when_missing
    return None


def silence_of_periods(
    gathered: GatheredItems,
    part: PeriodPart,
    unit: str,
) -> Fraction | SilenceWord | None:
    """What counts in a part's place where no period gave the unit a mark; None where one did."""
    points = gathered.periods.points(part, unit)
    return None if part.marks_of(points).marks else part.when_missing


def _lacks_last_year(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> bool:
    """Whether last year has no fact, or no target, of a value that is compared with it."""
    last_year = gathered.last_year
    if last_year is None or not counted.compares_years:
        return False
    if not last_year.gathered(place, 0, unit):
        return True
    return missing_target(last_year, place, counted, unit) is not None


def _lacks_marks(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> bool:
    if not isinstance(counted, CompositePart) or counted.take != "mean":
        return False
    # There is no mean of no marks.
    return not gathered.items(place, counted, unit)


def missing_target(
    gathered: GatheredItems,
    place: str,
    counted: Counted,
    unit: str,
) -> str | None:
    """The indicator whose target was never told to the unit, of those that the value needs."""
    for reference in counted.references:
        if reference.indicator is not None:
            if (unit, reference.indicator) not in gathered.targets:
                return reference.indicator
            continue
        # A figure need not bear a target; one that does is enough.
        reported = reference.source == "reported"
        if reported and not reported_targets(gathered.gathered(place, 0, unit)):
            return counted.subject
    return None
