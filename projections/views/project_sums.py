"""Sums of what projects add to anything, which one project's change moves by as much."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from lifecycle.exact_numbers import ZERO
from projections.facts.values_by_code import changed_values


class Addition(NamedTuple):
    """What a project adds, and to what."""

    key: Hashable
    amount: Fraction


class ProjectSums:
    """Exact sums by key over projects by code; they do not change once they are made.

    `amounts` has the keys to which some project adds, even if that is 0.
    """

    def __init__(self) -> None:
        self.amounts: dict[Hashable, Fraction] = {}
        self._counts: dict[Hashable, int] = {}
        self._additions: dict[str, tuple[Addition, ...]] = {}

    def exchanged(self, additions: Mapping[str, Iterable[Addition] | None]) -> ProjectSums:
        """Return the sums with these projects' additions in place of what they added before.

        They are these very sums where the projects add the same as before.
        """
        changed = changed_values(self._additions, additions)
        return self._with(changed) if changed else self

    def _with(self, changed: Mapping[str, tuple[Addition, ...]]) -> ProjectSums:
        # Copied shallowly: what projects that stay have added is shared.
        sums = ProjectSums()
        sums.amounts = dict(self.amounts)
        sums._counts = dict(self._counts)
        sums._additions = dict(self._additions)
        for code, of_project in changed.items():
            sums._move(sums._additions.pop(code, ()), -1)
            if of_project:
                sums._additions[code] = of_project
                sums._move(of_project, 1)
        return sums

    def _move(self, additions: Iterable[Addition], sign: int) -> None:
        for key, amount in additions:
            # Fractions are exact, so that taking back leaves what was there before. The count tells
            # a sum that came to 0 from one to which nobody adds.
            count = self._counts.get(key, 0) + sign
            if count:
                self._counts[key] = count
                self.amounts[key] = self.amounts.get(key, ZERO) + sign * amount
            else:
                del self._counts[key], self.amounts[key]
