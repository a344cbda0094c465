"""`coefficient`: a factor for units of some categories or sequences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, NamedRule, RuleOnResults
from lifecycle.rulebook.parts import Exact, Filter, Part

ORDER: Final = 140


class UnitFactor(Part):
    """A factor for units of these categories or sequences."""

    where: Annotated[tuple[Filter, ...], NON_EMPTY]
    factor: Exact


class UnitCoefficient(RuleOnResults):
    """What a unit has from the rules named, times a factor by its category or sequence.

    Of several factors the highest counts, or their product.
    """

    kind: Literal["coefficient"]
    rules: Annotated[tuple[str, ...], NON_EMPTY]
    combine: Literal["highest", "product"] | None = None
    rows: Annotated[tuple[UnitFactor, ...], NON_EMPTY]

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
