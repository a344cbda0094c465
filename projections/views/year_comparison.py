"""What was reached of the county's targets by the same day of the year before."""

from __future__ import annotations

from dataclasses import replace
from datetime import MINYEAR
from fractions import Fraction

from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View
from projections.views.target_view import county_target_progress


def reached_a_year_before(ledger: Ledger, view: View) -> dict[str, Fraction]:
    """Return the amount by indicator; both years are counted by the view's rulebook.

    By another rulebook the two could not be compared.
    """
    before = _a_year_before(view)
    if before is None:
        return {}
    amounts = {}
    for progress in county_target_progress(ledger, before):
        if progress.unit is None:
            amounts[progress.indicator] = progress.actual
    return amounts


def growth_since(amount_before: Fraction | None, amount: Fraction) -> Fraction | None:
    """Return the change as a share of what there was; None where there was nothing."""
    if not amount_before:
        return None
    return (amount - amount_before) / amount_before


def _a_year_before(view: View) -> View | None:
    """The view on the same day of the year before; None where the calendar has none."""
    day = view.as_of
    if day.year == MINYEAR:
        return None
    # The year before a leap year has no 29 February.
    is_leap_day = (day.month, day.day) == (2, 29)
    same_day = day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
    return replace(view, year=view.year - 1, as_of=same_day)
