"""What was reached of the county's targets by the same day of the year before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import MINYEAR
from fractions import Fraction

from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View
from projections.views.target_view import TargetProgress, county_target_progress


def reached_a_year_before(ledger: Ledger, view: View) -> dict[str, Fraction]:
    """Return the amount by indicator; both years are counted by the view's rulebook.

    By another rulebook the two could not be compared.
    """
    before = a_year_before(view)
    return {} if before is None else county_amounts(county_target_progress(ledger, before))


def county_amounts(progress: Iterable[TargetProgress]) -> dict[str, Fraction]:
    """Return what is reached of the county's own targets, by indicator."""
    return {row.indicator: row.actual for row in progress if row.unit is None}


def growth_since(amount_before: Fraction | None, amount: Fraction) -> Fraction | None:
    """Return the change as a share of what there was; None where there was nothing."""
    if not amount_before:
        return None
    return (amount - amount_before) / amount_before


def a_year_before(view: View) -> View | None:
    """Return the view on the same day of the year before; None where the calendar has none."""
    day = view.as_of
    if day.year == MINYEAR:
        return None
    # The year before a leap year has no 29 February.
    is_leap_day = (day.month, day.day) == (2, 29)
    same_day = day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
    return replace(view, year=view.year - 1, as_of=same_day)
