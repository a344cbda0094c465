"""A rulebook made ready for folding: intervals on whole millionths, filters as functions, products worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import Final, NamedTuple

from lifecycle.rulebook import Loaded
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.model import Coefficient, Eligibility, Filter, Funds, Needed, Rule, Rulebook
from projections.facts import MICRO, InformationReported

Fits = Callable[[InformationReported, int], bool]
"""Whether a project of these facts and this scale (in millionths) is taken by a filter."""

BASES: Final = ("policy", "interpretation", "assumption")
"""From the strongest to the weakest."""


def weakest(*bases: str) -> str:
    """The weakest of what a value rests on."""
    return max(bases, key=BASES.index)


def within(interval: Interval) -> Callable[[int], bool]:
    """The interval as a test on whole millionths."""
    low = None if interval.low is None else _edge(interval.low * MICRO, ceil, shut=not interval.with_low, step=1)
    high = None if interval.high is None else _edge(interval.high * MICRO, floor, shut=not interval.with_high, step=-1)
    return lambda value: (low is None or value >= low) and (high is None or value <= high)


def _edge(bound: Fraction, rounded: Callable[[Fraction], int], *, shut: bool, step: int) -> int:
    whole = rounded(bound)
    return whole + step if shut and whole == bound else whole


def fits(where: Filter | None) -> Fits | None:
    """A filter's part that looks at the report and the scale; None where it takes every project."""
    if where is None:
        return None
    tests: list[Fits] = []
    if where.sector is not None:
        sectors = frozenset(where.sector)
        tests.append(lambda e, _: e.sector in sectors)
    if where.kind is not None:
        kinds = frozenset(where.kind)
        tests.append(lambda e, _: e.kind in kinds)
    if where.site is not None:
        sites = frozenset(where.site)
        tests.append(lambda e, _: e.site in sites)
    if where.traits is not None:
        traits = frozenset(where.traits)
        tests.append(lambda e, _: not traits.isdisjoint(e.investor_traits))
    if where.chains is not None:
        chains = frozenset(where.chains)
        tests.append(lambda e, _: not chains.isdisjoint(e.chains))
    if where.scale is not None:
        scale = within(where.scale)
        tests.append(lambda _, value: scale(value))
    if where.information_years is not None:
        first, last = where.information_years
        tests.append(lambda e, _: first <= e.reported_at.year <= last)
    if len(tests) == 1:
        return tests[0]
    return (lambda e, value: all(test(e, value) for test in tests)) if tests else None


@dataclass(frozen=True, slots=True)
class Factor:
    """The factor a coefficient table gives a project, with the clause it stands in and its basis."""

    value: Fraction
    clause: str
    basis: str


class EligibleRow(NamedTuple):
    """A row of the eligibility table, its filter, and its needs with their least values in whole millionths."""

    row: Eligibility
    fits: Fits | None
    needs: list[tuple[Needed, int | None]]


def _eligible(row: Eligibility) -> EligibleRow:
    least = [(need, None if need.at_least is None else ceil(need.at_least * MICRO)) for need in row.needs]
    return EligibleRow(row, fits(row.where), least)


class Policy:
    """A rulebook as the folds use it."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.book: Rulebook = loaded.rulebook
        self.rules: tuple[Rule, ...] = self.book.rules
        self.rule_fits = {rule.id: fits(rule.where) for rule in self.rules}
        self.eligibility = [_eligible(row) for row in self.book.eligibility]
        self.limited = frozenset(self.book.assessment_period.limits)
        self._periods = [(within(band.scale), band.months) for band in self.book.assessment_period.bands]
        self.by_tax = frozenset(self.book.nodes.by_tax)
        self.funds: dict[str, Funds] = {sector: row for row in self.book.funds for sector in row.sector}
        self.transferred_from = frozenset(self.book.credit.transferred_from)
        self._factors = {table.id: _rows(table) for table in self.book.coefficients}
        self._tables = {table.id: table for table in self.book.coefficients}

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The modules' ids in the rulebook's order."""
        return tuple(module.id for module in self.book.modules)

    def months(self, scale: int) -> int:
        """Length of the assessment period of a project of this scale (millionths of 万元)."""
        return next(months for test, months in self._periods if test(scale))

    def factor(self, table: str, information: InformationReported, scale: int) -> Factor:
        """The highest factor that applies, else 1."""
        found = [factor for test, factor in self._factors[table] if test(information, scale)]
        if found:
            return max(found, key=lambda factor: factor.value)
        return Factor(Fraction(1), self._tables[table].clause, self._tables[table].basis)


def _rows(table: Coefficient) -> list[tuple[Fits, Factor]]:
    rows: list[tuple[Fits, Factor]] = []
    for row in table.rows:
        factor = Factor(row.factor, row.clause or table.clause, table.basis)
        rows.extend(((fits(where) or _every), factor) for where in row.where)
    return rows


def _every(_: InformationReported, __: int) -> bool:
    return True


@lru_cache(maxsize=64)
def prepared(loaded: Loaded) -> Policy:
    """The policy of a rulebook, worked out once."""
    return Policy(loaded)
