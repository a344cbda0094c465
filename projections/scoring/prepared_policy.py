"""A rulebook made ready for evaluation: filters as tests, bands on whole millionths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil
from operator import attrgetter
from typing import Final, NamedTuple

from lifecycle.exact_numbers import MICRO, ONE, exact_product
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.acting_order import ActingStep, acting_steps
from lifecycle.rulebook.assessed_modules import period_books, year_book
from lifecycle.rulebook.counted import PeriodWithinYear
from lifecycle.rulebook.incentive_policy import CountyTarget
from lifecycle.rulebook.intervals import interval_test
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.limit_policy import TimeLimit
from lifecycle.rulebook.reads import compares_years, needs_whole_year, selections
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import Coefficient, Eligibility, FundsSource, NeededCondition
from projections.facts.lazy_attribute import lazy
from projections.scoring.project_filters import (
    NEED_TESTS,
    FilteredProject,
    ProjectTest,
    all_of,
    any_of,
    project_test,
    sector_test,
    takes_every_project,
)

BASES: Final = ("policy", "interpretation", "assumption")
"""What a value may rest on, from the strongest to the weakest."""


def weaker_basis(first: str, second: str) -> str:
    """The weaker of two bases: points rest on the weakest of what their value rests on (spec 2)."""
    return max(first, second, key=BASES.index)


@dataclass(frozen=True, slots=True)
class ProjectFactor:
    """The factor that a coefficient table gives a project, with its clause and basis."""

    value: Fraction
    clause: str
    basis: str


class PreparedTarget(NamedTuple):
    """A county target, the test of its projects, and the least contract in millionths."""

    target: CountyTarget
    fits: ProjectTest | None
    least: int


class PreparedLimit(NamedTuple):
    """A time limit, and the test of its projects."""

    limit: TimeLimit
    fits: ProjectTest | None


class EligibilityRow(NamedTuple):
    """A row of the eligibility table, its test, and its conditions.

    A condition's least value is in whole millionths, None where it is a fact.
    """

    row: Eligibility
    fits: ProjectTest | None
    needs: list[tuple[NeededCondition, int | None]]


class PeriodLength(NamedTuple):
    """The months of assessment for a band of scale."""

    takes_scale: Callable[[int], bool]
    months: int


class PeriodPolicy(NamedTuple):
    """How long the periods are that modules are assessed by, and the rulebook that scores one."""

    length: PeriodWithinYear
    rulebook: LoadedRulebook


class Policy:
    """A rulebook as the evaluation of a year uses it, and those that score its periods."""

    def __init__(self, loaded: LoadedRulebook) -> None:
        self.book: Rulebook = year_book(loaded.rulebook)
        self.periods = _period_policies(loaded)
        self.rules: tuple[Rule, ...] = self.book.rules
        self.whole = needs_whole_year(self.book)
        self.compares_years = compares_years(self.book)
        self.targets = [_prepared_target(target) for target in self.book.targets]
        self.limits = [_prepared_limit(limit) for limit in self.book.limits or ()]
        self.eligibility = [_eligibility_row(row) for row in self.book.eligibility]
        self.funds = _funds_by_sector(self.book)
        self._prepare_period()
        self._prepare_projects()
        self._prepare_coefficients()

    def _prepare_period(self) -> None:
        """The assessment period (考(七)): what it limits, where it begins, how long it is."""
        period = self.book.assessment_period
        self.limited: frozenset[str] = frozenset()
        self.counts_from: str | None = None
        self._period_lengths: list[PeriodLength] = []
        if period is not None:
            self.limited = frozenset(period.limits)
            self.counts_from = period.counts_from
            for band in period.bands:
                length = PeriodLength(interval_test(band.scale), band.months)
                self._period_lengths.append(length)

    def _prepare_projects(self) -> None:
        """How projects are recognised, credited, checked, and which nodes are reached by tax."""
        book = self.book
        self.sectors = frozenset(book.words("sectors"))
        self.by_tax: frozenset[str] = frozenset(book.nodes.by_tax if book.nodes else ())
        self.transferred_from: frozenset[str] = frozenset(
            book.credit.transferred_from if book.credit else ()
        )
        self.checked_every: str = "quarter"
        if book.schedule_checks is not None:
            self.checked_every = book.schedule_checks.every
        self.recognised_by: str | None = None
        if book.recognition is not None:
            self.recognised_by = book.recognition.needs

    def _prepare_coefficients(self) -> None:
        """Each table's rows, its factor where none applies, the tables whose factors multiply."""
        tables = self.book.coefficients
        self._factors: dict[str, list[tuple[ProjectTest, ProjectFactor]]] = {}
        self._no_factor: dict[str, ProjectFactor] = {}
        for table in tables:
            self._factors[table.id] = _factor_rows(table)
            self._no_factor[table.id] = _no_factor(table)
        self._products = frozenset(table.id for table in tables if table.combine == "product")

    @lazy
    def modules(self) -> tuple[str, ...]:
        """The modules' ids in the rulebook's order."""
        return tuple(module.id for module in self.book.modules)

    @lazy
    def limits_by_id(self) -> dict[str, PreparedLimit]:
        """The time limits by their ids; of one id the first, as `rulebook check` asks for one."""
        return {row.limit.id: row for row in reversed(self.limits)}

    @lazy
    def counts_projects(self) -> bool:
        """Whether any rule counts what projects do; else the year rests on units alone."""
        return any(selection.counts_projects for selection in selections(self.book))

    @lazy
    def acting_steps(self) -> list[ActingStep]:
        """The steps of the rules on results in the order in which they act."""
        return acting_steps(self.rules)

    def months(self, scale: int) -> int:
        """Length of the assessment period of a project of this scale (millionths of 万元)."""
        for length in self._period_lengths:
            if length.takes_scale(scale):
                return length.months
        # `rulebook check` rejects bands that leave a scale out.
        raise LookupError(scale)

    def factor(
        self,
        table_id: str,
        project: FilteredProject,
    ) -> ProjectFactor:
        """The highest factor that applies to a project, or the product of those that do; else 1."""
        # 考(六) does not say that the coefficients multiply: the highest counts unless the table
        # says `product`.
        factors = [factor for fits, factor in self._factors[table_id] if fits(project)]
        if not factors:
            return self._no_factor[table_id]
        if table_id in self._products:
            product = exact_product(factor.value for factor in factors)
            return replace(self._no_factor[table_id], value=product)
        if len(factors) == 1:
            return factors[0]
        return max(factors, key=attrgetter("value"))


def _period_policies(loaded: LoadedRulebook) -> list[PeriodPolicy]:
    policies = []
    for length, book in period_books(loaded.rulebook).items():
        policies.append(PeriodPolicy(length, replace(loaded, rulebook=book)))
    return policies


def _prepared_target(target: CountyTarget) -> PreparedTarget:
    tests: list[ProjectTest] = []
    if target.sector is not None:
        tests.append(sector_test(target.sector))
    tests.extend(NEED_TESTS[need] for need in target.needs)
    # Rounded up: a contract of that many whole millionths is the smallest that reaches the bound.
    least = ceil((target.contract_at_least or 0) * MICRO)
    return PreparedTarget(target, all_of(tests), least)


def _prepared_limit(limit: TimeLimit) -> PreparedLimit:
    return PreparedLimit(limit, project_test(limit.where, limit.needs))


def _eligibility_row(row: Eligibility) -> EligibilityRow:
    needs = []
    for need in row.needs:
        least = None if need.at_least is None else ceil(need.at_least * MICRO)
        needs.append((need, least))
    return EligibilityRow(row, project_test(row.where), needs)


def _funds_by_sector(book: Rulebook) -> dict[str, FundsSource]:
    sources: dict[str, FundsSource] = {}
    for row in book.funds:
        sources.update(dict.fromkeys(row.sector, row))
    return sources


def _no_factor(table: Coefficient) -> ProjectFactor:
    return ProjectFactor(ONE, table.clause, table.basis)


def _factor_rows(table: Coefficient) -> list[tuple[ProjectTest, ProjectFactor]]:
    """Each filter's test with its factor."""
    rows: list[tuple[ProjectTest, ProjectFactor]] = []
    for row in table.rows:
        factor = ProjectFactor(row.factor, row.clause or table.clause, table.basis)
        tests = [project_test(where) or takes_every_project for where in row.where]
        if table.combine == "product":
            # One test for the row: its factor counts once, however many of its filters apply.
            tests = [any_of(tests)]
        rows.extend((test, factor) for test in tests)
    return rows


@lru_cache(maxsize=64)
def prepared(loaded: LoadedRulebook) -> Policy:
    """The policy of a rulebook, prepared once."""
    return Policy(loaded)
