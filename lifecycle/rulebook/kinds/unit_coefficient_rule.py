"""`coefficient`: a factor for units of some categories or sequences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from lifecycle.exact_numbers import ONE, exact_product
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, NamedRule, RuleOnResults
from lifecycle.rulebook.parts import ClassifiedUnit, Exact, Filter, Part
from lifecycle.rulebook.result_conditions import RULE_LEVEL, ResultObject

ORDER: Final = 140


class MultipliedRule(NamedTuple):
    """A rule, what it gave the unit, and the factor on it."""

    rule: str
    sum_of_rule: Fraction
    factor: Fraction


class UnitFactor(Part):
    """A factor for units of these categories or sequences."""

    where: Annotated[tuple[Filter, ...], NON_EMPTY]
    factor: Exact

    def takes(self, unit: ClassifiedUnit) -> bool:
        """Whether any of the row's filters takes the unit."""
        return any(where.takes_unit(unit) for where in self.where)


class UnitCoefficient(RuleOnResults):
    """What a unit has from the rules named, times a factor by its category or sequence.

    Of several factors the highest counts, or their product.
    """

    kind: Literal["coefficient"]
    rules: Annotated[tuple[str, ...], NON_EMPTY]
    combine: Literal["highest", "product"] | None = None
    rows: Annotated[tuple[UnitFactor, ...], NON_EMPTY]

    def factor_of(self, unit: ClassifiedUnit) -> Fraction:
        """The highest of the factors that apply to a unit, or their product; 1 where none does."""
        # A row counts once, however many of its filters take the unit.
        factors = [row.factor for row in self.rows if row.takes(unit)]
        if self.combine == "product":
            return exact_product(factors)
        return max(factors, default=ONE)

    def acts_on(self) -> list[ResultObject]:
        """The rules named."""
        return [ResultObject(RULE_LEVEL, name) for name in self.rules]

    def named_rules(self) -> dict[str, tuple[str, ...]]:
        """The rules whose points are multiplied."""
        return {"rules": self.rules}

    def own_findings(self, _rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Factors of which the rule does not say how they combine."""
        # A unit may stand in two rows, one by its category and one by its sequence.
        if self.combine is None:
            yield uncombined_finding(f"rules.{self.id}")


def uncombined_finding(place: str) -> Problem:
    """The finding that a table of factors does not say how several of them combine."""
    return Problem(
        "no_combination",
        msg("does not say how several factors combine: set combine to highest or product"),
        {},
        place,
    )
