"""The one rounding of the house: half away from zero (四舍五入, spec 2).

Points and amounts stay exact fractions until they are shown. Only these functions turn them into
fewer places or text.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache


def round_half_up(value: Fraction, places: int) -> Fraction:
    """The value rounded to that many decimal places, half away from zero."""
    numerator, denominator = value.as_integer_ratio()
    return Fraction(_rounded_units(numerator, denominator, places), 10**places)


def decimal_text(value: Fraction, places: int) -> str:
    """Plain decimal notation, rounded half away from zero, without trailing zeros; never "-0"."""
    # Most numbers are whole, and of these many are shown: no arithmetic for them.
    numerator, denominator = value.as_integer_ratio()
    if denominator == 1:
        return str(numerator)
    return _fraction_text(numerator, denominator, places)


# The same few points (0.5, 1.2) stand in most lines of a county: their text is looked up.
@lru_cache(maxsize=4096)
def _fraction_text(numerator: int, denominator: int, places: int) -> str:
    units = _rounded_units(numerator, denominator, places)
    whole, rest = divmod(abs(units), 10**places)
    sign = "-" if units < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{sign}{whole}.{digits}"


def _rounded_units(numerator: int, denominator: int, places: int) -> int:
    """The value in units of its last place, rounded half away from zero."""
    # Adding half a unit to the distance from 0 and cutting moves a half away from 0, in integers
    # alone.
    units: int = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return units if numerator >= 0 else -units
