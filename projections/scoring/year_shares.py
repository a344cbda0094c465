"""What each project gives to a year, and their sum, which one project's change moves by as much."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from lifecycle.exact_numbers import ZERO
from projections.scoring.judgement import JudgedProject
from projections.scoring.partial_year import ItemsByPlace, PartialYear
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import ScoreLine
from projections.scoring.target_amounts import NO_TARGETS
from projections.scoring.year_scoring import YearScoring


class ProjectShare(NamedTuple):
    """What one project gives to a year: its lines, and its items of this year and of the last."""

    lines: tuple[ScoreLine, ...]
    items: ItemsByPlace
    items_of_last_year: ItemsByPlace


def project_share(project: JudgedProject) -> ProjectShare:
    """Return what a project gives to the year for which it is judged."""
    # Without units nothing is tallied here: the sum of the shares tallies the lines.
    year = YearScoring(project.policy, {}, project.axes, NO_TARGETS)
    lines = tuple(year.take_project(project))
    return ProjectShare(lines, year.taken.items, year.taken.items_of_last_year)


class YearShares:
    """The shares of a year's projects by code, and their sum; neither changes once it is made.

    `total.lines` are those of the lines that pass `keep`.
    """

    def __init__(
        self,
        policy: Policy,
        units: Iterable[str],
        keep: Callable[[ScoreLine], bool],
    ) -> None:
        self.total = PartialYear.of_units(dict.fromkeys(units), policy)
        self._policy = policy
        self._keep = keep
        self._shares: dict[str, ProjectShare] = {}
        self._kept_lines: dict[str, list[ScoreLine]] = {}

    def exchanged(self, shares: Mapping[str, ProjectShare | None]) -> YearShares:
        """Return the year with these projects' shares in place of what they gave before.

        None stands for a project that gives nothing any more. It is this year where they give the
        same as before.
        """
        # Most events move no points, and then neither ranks nor totals are worked out again.
        if all(self._shares.get(code) == share for code, share in shares.items()):
            return self
        year = YearShares(self._policy, (), self._keep)
        year._shares = dict(self._shares)
        year._kept_lines = dict(self._kept_lines)
        before = []
        after = []
        for code, share in shares.items():
            year._kept_lines.pop(code, None)
            if code in year._shares:
                before.append(year._shares.pop(code))
            if share is not None:
                after.append(share)
                year._add_share(code, share)
        lines: list[ScoreLine] = []
        for kept_lines in year._kept_lines.values():
            lines.extend(kept_lines)
        year.total = PartialYear(
            self._tallies(before, after),
            self._rule_sums(before, after),
            self._items(before, after, shares, attrgetter("items")),
            self._items(before, after, shares, attrgetter("items_of_last_year")),
            lines,
        )
        return year

    def _add_share(self, code: str, share: ProjectShare) -> None:
        self._shares[code] = share
        kept_lines = [line for line in share.lines if self._keep(line)]
        # Of most projects none is kept, and those that are have to be gone through.
        if kept_lines:
            self._kept_lines[code] = kept_lines

    def _tallies(
        self,
        before: Iterable[ProjectShare],
        after: Iterable[ProjectShare],
    ) -> dict[str, PointTally]:
        tallies = dict(self.total.tallies)
        copies: dict[str, PointTally] = {}
        for unit in _units_of((*before, *after)):
            # A credit unit's registration may have been voided: its points are nobody's.
            if unit in tallies:
                copies[unit] = tallies[unit] = tallies[unit].copy(self._policy)
        for share in before:
            for line in share.lines:
                if line.unit in copies:
                    copies[line.unit].take_back(line)
        for share in after:
            for line in share.lines:
                if line.unit in copies:
                    copies[line.unit].add(line)
        return tallies

    def _rule_sums(
        self,
        before: Iterable[ProjectShare],
        after: Iterable[ProjectShare],
    ) -> dict[tuple[str, str], Fraction]:
        if not self._policy.whole:
            return {}
        sums = dict(self.total.rule_sums)
        for shares, sign in ((before, -1), (after, 1)):
            for share in shares:
                for line in share.lines:
                    if line.unit in self.total.tallies:
                        key = line.unit, line.rule
                        sums[key] = sums.get(key, ZERO) + sign * line.points
        return sums

    def _items(
        self,
        before: Iterable[ProjectShare],
        after: Iterable[ProjectShare],
        exchanged: Container[str],
        items_of: Callable[[PartialYear | ProjectShare], ItemsByPlace],
    ) -> ItemsByPlace:
        items = dict(items_of(self.total))
        changed_places = {key for share in (*before, *after) for key in items_of(share)}
        for key in changed_places:
            of_others = items.get(key, [])
            items[key] = [credited for credited in of_others if credited.project not in exchanged]
        # Each list was made anew above: those of other places stay shared and never change.
        for share in after:
            for key, of_project in items_of(share).items():
                items[key].extend(of_project)
        return items


def _units_of(shares: Iterable[ProjectShare]) -> set[str]:
    units: set[str] = set()
    for share in shares:
        units.update(line.unit for line in share.lines)
    return units
