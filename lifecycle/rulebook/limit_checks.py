"""Find time limits that are named twice, or that have no levels to be listed by (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.rulebook_model import Rulebook


def limit_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every problem of the time limits, with the place it is at."""
    names: set[str] = set()
    # The levels of `deadlines` hold for every limit that has none of its own.
    has_common_levels = rulebook.deadlines is not None
    for limit in rulebook.limits or ():
        place = f"limits.{limit.id}"
        if limit.id in names:
            template = msg("{name} appears twice")
            yield Problem("named_twice", template, {"name": limit.id}, "limits")
        names.add(limit.id)
        if limit.levels is None and not has_common_levels:
            template = msg(
                "give levels: the rulebook has no table deadlines whose levels would hold"
            )
            yield Problem("limit_levels", template, {}, place)
        if limit.where is not None and _has_crossed_years(limit.where):
            template = msg("the years end before they begin")
            yield Problem("ends_crossed", template, {}, f"{place}.where")


def _has_crossed_years(where: Filter) -> bool:
    if where.information_years is None:
        return False
    first, last = where.information_years
    return first > last
