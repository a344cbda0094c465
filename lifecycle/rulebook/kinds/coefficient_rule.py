"""`coefficient`: a factor for units by category or sequence, or by what they achieved."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import StrictBool, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.exact_numbers import ONE, exact_product
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.conditions import Alternative
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.alternatives import counted_conditions, result_conditions
from lifecycle.rulebook.kinds.rule_base import (
    NON_EMPTY,
    NamedRule,
    RuleOnResults,
    require_one_of,
)
from lifecycle.rulebook.parts import ClassifiedUnit, Exact, Filter, Part
from lifecycle.rulebook.result_conditions import (
    MODULE_LEVEL,
    RULE_LEVEL,
    TOTAL_LEVEL,
    ResultCondition,
    ResultObject,
)

ORDER: Final = 140


class MultipliedRule(NamedTuple):
    """A rule, what it gave the unit, and the factor on it."""

    rule: str
    sum_of_rule: Fraction
    factor: Fraction


class MultipliedModule(NamedTuple):
    """A module, what counts of it within its floor and cap, and the factor on it."""

    module: str
    sum_of_module: Fraction
    factor: Fraction


class UnitFactor(Part):
    """A factor for units of these categories or sequences, or for those that meet conditions."""

    where: Annotated[tuple[Filter, ...], NON_EMPTY] | None = None
    any_of: Annotated[tuple[Alternative, ...], NON_EMPTY] | None = None
    factor: Exact

    @model_validator(mode="after")
    def _takes_units_one_way(self) -> "UnitFactor":
        if (self.where is None) == (self.any_of is None):
            raise PydanticCustomError(
                "points", msg("give exactly one of {names}"), {"names": ["where", "any_of"]}
            )
        return self

    def takes(self, unit: ClassifiedUnit) -> bool:
        """Whether any of the row's filters takes the unit."""
        return any(where.takes_unit(unit) for where in self.where or ())


class UnitCoefficient(RuleOnResults):
    """What a unit has from rules, modules or in total, times a factor.

    Modules are multiplied after their gates, floor and cap, the total after the groups and before
    its own floor and cap. Of several factors the highest counts, or their product; where no row
    takes the unit, `otherwise`.
    """

    kind: Literal["coefficient"]
    rules: Annotated[tuple[str, ...], NON_EMPTY] | None = None
    modules: Annotated[tuple[str, ...], NON_EMPTY] | None = None
    total: StrictBool | None = None
    combine: Literal["highest", "product"] | None = None
    rows: Annotated[tuple[UnitFactor, ...], NON_EMPTY]
    otherwise: Exact | None = None

    @model_validator(mode="after")
    def _multiplies_one_thing(self) -> "UnitCoefficient":
        require_one_of(self, "rules", "modules", "total")
        if self.total is False:
            raise PydanticCustomError("total", msg("give total = true, or leave it out"))
        return self

    def factor(self, takes_unit: Callable[[int, UnitFactor], bool]) -> Fraction:
        """The highest of the factors whose rows take a unit, or their product; else `otherwise`."""
        # A row counts once, however many of its filters take the unit.
        factors = [row.factor for number, row in enumerate(self.rows) if takes_unit(number, row)]
        if not factors:
            return self._factor_of_others()
        if self.combine == "product":
            return exact_product(factors)
        return max(factors)

    def factors(self) -> list[Fraction]:
        """The factors that a unit may have; of products those with all rows above or below 1."""
        of_rows = [row.factor for row in self.rows]
        factors = [self._factor_of_others(), *of_rows]
        if self.combine == "product":
            factors.append(exact_product(factor for factor in of_rows if factor > 1))
            factors.append(exact_product(factor for factor in of_rows if factor < 1))
        return factors

    def _factor_of_others(self) -> Fraction:
        return ONE if self.otherwise is None else self.otherwise

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The value of each condition on what is counted."""
        for place, alternatives in self._conditional_rows():
            yield from counted_conditions(place, alternatives)

    def conditions_on_results(self) -> Iterator[tuple[str, ResultCondition]]:
        """The conditions on results."""
        for place, alternatives in self._conditional_rows():
            yield from result_conditions(place, alternatives)

    def _conditional_rows(self) -> Iterator[tuple[str, tuple[Alternative, ...]]]:
        for number, row in enumerate(self.rows):
            if row.any_of is not None:
                yield f"{self.id}.rows.{number}", row.any_of

    def acts_on(self) -> list[ResultObject]:
        """The rules or modules named, or the total."""
        if self.rules is not None:
            return [ResultObject(RULE_LEVEL, name) for name in self.rules]
        if self.modules is not None:
            return [ResultObject(MODULE_LEVEL, name) for name in self.modules]
        return [ResultObject(TOTAL_LEVEL, "total")]

    def named_rules(self) -> dict[str, tuple[str, ...]]:
        """The rules whose points are multiplied."""
        return {} if self.rules is None else {"rules": self.rules}

    def named_modules(self) -> dict[str, tuple[str, ...]]:
        """The modules whose points are multiplied."""
        return {} if self.modules is None else {"modules": self.modules}

    def own_findings(self, _rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Factors of which the rule does not say how they combine."""
        # A unit may stand in two rows, one by its category and one by its sequence; a single row
        # of conditions has nothing to be combined with.
        is_single = len(self.rows) == 1 and self.rows[0].any_of is not None
        if self.combine is None and not is_single:
            yield uncombined_finding(f"rules.{self.id}")


def uncombined_finding(place: str) -> Problem:
    """The finding that a table of factors does not say how several of them combine."""
    return Problem(
        "no_combination",
        msg("does not say how several factors combine: set combine to highest or product"),
        {},
        place,
    )
