"""Find time limits that are named twice, or that have no levels to be listed by (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_model import Rulebook


def limit_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every problem of the time limits, with the place it is at."""
    names: set[str] = set()
    for limit in rulebook.limits or ():
        if limit.id in names:
            template = msg("{name} appears twice")
            yield Problem("named_twice", template, {"name": limit.id}, "limits")
        names.add(limit.id)
        # The levels of `deadlines` hold for every limit that has none of its own.
        if limit.levels is None and rulebook.deadlines is None:
            yield Problem(
                "limit_levels",
                msg("give levels: the rulebook has no table deadlines whose levels would hold"),
                {},
                f"limits.{limit.id}",
            )
        years = None if limit.where is None else limit.where.information_years
        if years is not None and years[0] > years[1]:
            template = msg("the years end before they begin")
            yield Problem("ends_crossed", template, {}, f"limits.{limit.id}.where")
