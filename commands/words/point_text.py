"""Points and shares as a screen, a page and a document show them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from lifecycle.rounding import decimal_text

# As many as a recorded number may have, and more.
_MOST_PLACES: Final = 20


def points(places: int) -> Callable[[Any], str]:
    """Return a formatter that shows every value of a column with the same number of places."""

    def show(value: Any) -> str:
        whole, _dot, decimals = decimal_text(Fraction(value or 0), places).partition(".")
        # `decimal_text` drops trailing zeros; the numbers of a column need them to line up.
        return f"{whole}.{decimals:0<{places}}" if places else whole

    return show


def percent(share: Fraction) -> str:
    """Show a share as a percentage with one place: `57.0%`."""
    return f"{points(1)(share * 100)}%"


def trimmed_percent(share: Fraction) -> str:
    """Show a share as a percentage with one place at most: `57%`."""
    return f"{decimal_text(share * 100, 1)}%"


def exact_percent(share: Fraction) -> str:
    """Show a share as a percentage with all its places: `12.345%`."""
    return f"{decimal_text(share * 100, _MOST_PLACES)}%"


def halved(heading: str) -> str:
    """Break a heading into two lines, so that its column is as narrow as its numbers."""
    half = (len(heading) + 1) // 2
    if len(heading) <= half + 1:
        return heading
    return f"{heading[:half]}\n{heading[half:]}"
