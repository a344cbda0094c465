"""A line of points, with what it was worked out from."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple


class ScoreLine(NamedTuple):
    """One line of points of a unit: the rule and its clause, the basis, what it was worked out from, its events."""

    rule: str
    module: str
    points: Fraction
    clause: str
    basis: str
    unit: str
    project: str | None
    inputs: dict[str, Any]
    events: tuple[str, ...]
