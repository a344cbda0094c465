"""Rules and items for tests of a kind of rule by itself: no ledger, no rulebook file."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, TypeVar

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.kinds import NamedRule
from lifecycle.rulebook.kinds.item_points import NO_SIZE, ItemPoints, ProjectSize
from projections.scoring.counted_items import (
    CountedItem,
    CreditedItem,
    EventFields,
)
from projections.scoring.prepared_policy import ProjectFactor

AnyRule = TypeVar("AnyRule", bound=NamedRule)

SOURCE: Final = {"id": "r", "chinese": "规则", "module": "m", "clause": "一", "basis": "policy"}
AWARDS: Final = {"measure": "awards_won"}
VISITS: Final = {"measure": "indicator", "indicator": "visits"}
REPORTED_TARGET: Final = {"target": {"source": "reported"}, "when_zero": 0}
NO_FACTS: Final = EventFields({})


def rule_of(kind: type[AnyRule], **fields: Any) -> AnyRule:
    """A rule of a kind, counting awards unless the fields name another measure."""
    name = kind.model_fields["kind"].annotation.__args__[0]  # type: ignore[union-attr]
    counted = {} if {"parts", "measure"} & fields.keys() else AWARDS
    return kind.model_validate({**SOURCE, **counted, "kind": name, **fields})


def credited(
    number: Fraction | int,
    *,
    when: str | None = None,
    factor: Fraction | int | None = None,
    size: ProjectSize = NO_SIZE,
) -> CreditedItem:
    """Return an item with a count, of a project with a factor and a size."""
    item = CountedItem("x", number * MICRO, (), NO_FACTS, when)
    project_factor = None
    if factor is not None:
        project_factor = ProjectFactor(Fraction(factor), "一", "policy")
    return CreditedItem(item, None, (), project_factor, size)


def items_of(*numbers: Fraction | int, **fields: Any) -> list[CreditedItem]:
    """Return items with these counts."""
    return [credited(number, **fields) for number in numbers]


def points_of(scored: Any) -> list[Fraction]:
    """The points alone of scored items."""
    points: list[ItemPoints[CreditedItem, object]] = list(scored)
    return [item.points for item in points]


def ends_of(rule: NamedRule) -> tuple[Any, Any]:
    """The least and the greatest points that a rule can reach; None where there is no end."""
    reach = rule.reach()
    return reach.least, reach.greatest
