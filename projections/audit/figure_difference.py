"""A number of a publication that recomputing does not give."""

from __future__ import annotations

from typing import NamedTuple


class FigureDifference(NamedTuple):
    """A number that differs: its path in the result, as published, and as recomputed."""

    path: str
    published: object
    recomputed: object
