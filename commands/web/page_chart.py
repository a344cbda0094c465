"""A chart as the table from which it is drawn.

The page shows the table and the script draws it, so neither can say something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageChart:
    """A chart: how it is drawn, its name in the page, its texts, headings and rows of its table.

    `whole` gives a heat map one scale for all columns, not one for each.
    `more_is_worse` shades all columns but the first in red.
    `day` is the day as of which a timeline is drawn.
    """

    kind: str
    name: str
    title: str
    reading: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    whole: bool = False
    more_is_worse: bool = False
    day: str = ""
