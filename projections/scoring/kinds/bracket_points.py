"""`bracket`: points by the band that a unit's value lies in."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.bracket_rule import Bracket
from projections.scoring.exact_sums import ZERO, clamped
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import ValuePoints


class BandPoints(NamedTuple):
    """The band that the value lies in, if any, its points, and the slope within it."""

    band: str | None
    points: Fraction
    slope: Fraction | None


def bracket_points(
    rule: Bracket,
    value: Fraction,
) -> ValuePoints[BandPoints]:
    """Points of the band that the value lies in, and its slope; outside all bands none."""
    # Bands don't overlap (`rulebook check`): the first that holds the value is the only one.
    for band in rule.bands:
        if value in band.value:
            slope = band.slope or ZERO
            points = clamped(band.points + slope * value, rule.floor, rule.cap)
            return ValuePoints(points, BandPoints(band.value.text, band.points, slope or None))
    return ValuePoints(ZERO, BandPoints(None, ZERO, None))


EVALUATION: Final = KindEvaluation(Bracket, bracket_points)
