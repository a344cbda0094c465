"""A rulebook made ready for folding: intervals on whole millionths, filters as functions, products worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, prod
from operator import attrgetter
from typing import Any, Final, NamedTuple

from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.incentive_policy import CountyTarget
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.reads import needs_whole_year
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import Coefficient, Eligibility, FundsSource, NeededCondition
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import MICRO
from projections.facts.unit_facts import UnitFacts

Fits = Callable[[Any], bool]
"""Whether a filter takes a judged project."""

BASES: Final = ("policy", "interpretation", "assumption")
"""From the strongest to the weakest."""


def weakest(*bases: str) -> str:
    """The weakest of what a value rests on."""
    return max(bases, key=BASES.index)


def within(interval: Interval) -> Callable[[int], bool]:
    """The interval as a test on whole millionths."""
    low = (
        None
        if interval.low is None
        else _edge(interval.low * MICRO, ceil, shut=not interval.with_low, step=1)
    )
    high = (
        None
        if interval.high is None
        else _edge(interval.high * MICRO, floor, shut=not interval.with_high, step=-1)
    )
    return lambda value: (low is None or value >= low) and (high is None or value <= high)


def _edge(bound: Fraction, rounded: Callable[[Fraction], int], *, shut: bool, step: int) -> int:
    whole = rounded(bound)
    return whole + step if shut and whole == bound else whole


NEEDS: Final[dict[str, Fits]] = {
    "not_excluded": lambda judged: not judged.excluded,
    "recognised": attrgetter("recognised"),
    "eligible": attrgetter("eligible"),
}
"""What a rule may need of a judged project."""


def fits(where: Filter | None, needs: Iterable[str] = ()) -> Fits | None:
    """A filter, and needs, as one test; None where it takes every project."""
    tests = (
        []
        if where is None
        else [
            _TESTS[name](value)
            for name in type(where).model_fields
            if (value := getattr(where, name)) is not None
        ]
    )
    return _all_of([*tests, *(NEEDS[need] for need in needs)])


def _all_of(tests: list[Fits]) -> Fits | None:
    if not tests:
        return None
    *others, last = tests
    before = _all_of(others)
    return last if before is None else (lambda judged: before(judged) and last(judged))


def _any_of(name: str) -> Callable[[Any], Fits]:
    """Any of the values in a list of the report."""
    read = attrgetter(name)

    def test(values: Any) -> Fits:
        wanted = frozenset(values)
        return lambda judged: not wanted.isdisjoint(read(judged.information))

    return test


def _one_of(name: str) -> Callable[[Any], Fits]:
    """The report's value is one of these."""
    read = attrgetter(name)

    def test(values: Any) -> Fits:
        wanted = frozenset(values)
        return lambda judged: read(judged.information) in wanted

    return test


def _scale(band: Interval) -> Fits:
    test = within(band)
    return lambda judged: test(judged.scale)


def _investment(band: Interval) -> Fits:
    test = within(band)
    return lambda judged: test(judged.investment)


def _years(years: tuple[int, int]) -> Fits:
    first, last = years
    return lambda judged: first <= judged.information.reported_at.year <= last


def _consulted(wanted: bool) -> Fits:  # noqa: FBT001 -- the filter's own value
    return lambda judged: wanted is judged.reached_in("consultation", "year")


def _credited(name: str, values: tuple[str, ...]) -> Fits:
    return lambda judged: judged.credited is not None and getattr(judged.credited, name) in values


def _excepted(values: tuple[str, ...]) -> Fits:
    return lambda judged: judged.credited is not None and judged.credited.sequence not in values


_TESTS: Final[dict[str, Callable[[Any], Fits]]] = {
    "sector": _one_of("sector"),
    "kind": _one_of("kind"),
    "site": _one_of("site"),
    "traits": _any_of("investor_traits"),
    "chains": _any_of("chains"),
    "scale": _scale,
    "investment": _investment,
    "invested_share": lambda band: lambda judged: judged.invested_share in band,
    "information_years": _years,
    "consulted_in_year": _consulted,
    "reached": lambda within: lambda judged: judged.reached_in(within.stage, within.period),
    "category": lambda values: _credited("category", values),
    "sequence": lambda values: _credited("sequence", values),
    "except_sequence": _excepted,
}


def takes_unit(where: Filter | None, unit: UnitFacts) -> bool:
    """Whether a filter takes a unit, or the projects credited to it."""
    if where is None:
        return True
    if where.category is not None and unit.category not in where.category:
        return False
    if where.except_sequence is not None and unit.sequence in where.except_sequence:
        return False
    return where.sequence is None or unit.sequence in where.sequence


@dataclass(frozen=True, slots=True)
class Factor:
    """The factor a coefficient table gives a project, with the clause it stands in and its basis."""

    value: Fraction
    clause: str
    basis: str


class PreparedTarget(NamedTuple):
    """A target of the county, the projects that it takes as one test, and the least contract in whole millionths."""

    target: CountyTarget
    fits: Fits | None
    least: int


def _prepared_target(target: CountyTarget) -> PreparedTarget:
    tests = [] if target.sector is None else [_TESTS["sector"](target.sector)]
    return PreparedTarget(
        target,
        _all_of([*tests, *(NEEDS[need] for need in target.needs)]),
        ceil((target.contract_at_least or 0) * MICRO),
    )


class EligibleRow(NamedTuple):
    """A row of the eligibility table, its filter, and its needs with their least values in whole millionths."""

    row: Eligibility
    fits: Fits | None
    needs: list[tuple[NeededCondition, int | None]]


def _eligible(row: Eligibility) -> EligibleRow:
    least = [
        (need, None if need.at_least is None else ceil(need.at_least * MICRO)) for need in row.needs
    ]
    return EligibleRow(row, fits(row.where), least)


class Policy:
    """A rulebook as the folds use it."""

    def __init__(self, loaded: LoadedRulebook) -> None:
        self.loaded = loaded
        self.book: Rulebook = loaded.rulebook
        self.rules: tuple[Rule, ...] = self.book.rules
        self.whole = needs_whole_year(self.book)
        self.targets = [_prepared_target(target) for target in self.book.targets]
        self.eligibility = [_eligible(row) for row in self.book.eligibility]
        period, nodes, credit = self.book.assessment_period, self.book.nodes, self.book.credit
        self.limited = frozenset(period.limits if period is not None else ())
        self._periods = (
            [(within(band.scale), band.months) for band in period.bands]
            if period is not None
            else []
        )
        self.counts_from = None if period is None else period.counts_from
        self.by_tax = frozenset(nodes.by_tax if nodes is not None else ())
        self.funds: dict[str, FundsSource] = {
            sector: row for row in self.book.funds for sector in row.sector
        }
        self.transferred_from = frozenset(credit.transferred_from if credit is not None else ())
        self.checked_every = (
            "quarter" if self.book.schedule_checks is None else self.book.schedule_checks.every
        )
        self.recognised_by = None if self.book.recognition is None else self.book.recognition.needs
        self._factors = {table.id: _rows(table) for table in self.book.coefficients}
        self._none = {
            table.id: Factor(Fraction(1), table.clause, table.basis)
            for table in self.book.coefficients
        }
        self._products = frozenset(
            table.id for table in self.book.coefficients if table.combine == "product"
        )

    @lazy
    def modules(self) -> tuple[str, ...]:
        """The modules' ids in the rulebook's order."""
        return tuple(module.id for module in self.book.modules)

    def months(self, scale: int) -> int:
        """Length of the assessment period of a project of this scale (millionths of 万元)."""
        return next(months for test, months in self._periods if test(scale))

    def factor(self, table_id: str, judged: Any) -> Factor:
        """The highest factor that applies to a judged project, or the product of those that do; else 1."""
        found = [factor for test, factor in self._factors[table_id] if test(judged)]
        if not found:
            return self._none[table_id]
        if table_id in self._products:
            return replace(
                self._none[table_id],
                value=prod((factor.value for factor in found), start=Fraction(1)),
            )
        return found[0] if len(found) == 1 else max(found, key=attrgetter("value"))


def _rows(table: Coefficient) -> list[tuple[Fits, Factor]]:
    """Each filter with its factor; where factors multiply, a row's filters are one test, so that it counts once."""
    rows: list[tuple[Fits, Factor]] = []
    for row in table.rows:
        factor = Factor(row.factor, row.clause or table.clause, table.basis)
        tests = [fits(where) or _every for where in row.where]
        rows.extend(
            [(_some(tests), factor)]
            if table.combine == "product"
            else [(test, factor) for test in tests]
        )
    return rows


def _some(tests: list[Fits]) -> Fits:
    return lambda judged: any(test(judged) for test in tests)


def _every(_: Any) -> bool:
    return True


@lru_cache(maxsize=64)
def prepared(loaded: LoadedRulebook) -> Policy:
    """The policy of a rulebook, worked out once."""
    return Policy(loaded)
