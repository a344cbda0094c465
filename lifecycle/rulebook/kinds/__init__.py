"""The kinds of rule: a closed set of typed shapes (spec 6), one module each.

A kind's module has its fields, its own checks and its range of points; `projections/scoring/kinds`
has a module for each kind with its evaluation.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lifecycle.rulebook.kinds.bracket_rule import Bracket
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.escalating_rule import Escalating
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.minmax_rule import MinMax
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.rank_rule import Rank
from lifecycle.rulebook.kinds.ratio_rule import Ratio
from lifecycle.rulebook.kinds.relative_rule import Relative
from lifecycle.rulebook.kinds.rule_base import (
    ItemRule,
    NamedRule,
    RuleBase,
    RuleOnResults,
    SequenceRule,
    ValueRule,
)
from lifecycle.rulebook.kinds.stepped_rule import Stepped
from lifecycle.rulebook.kinds.unit_coefficient_rule import UnitCoefficient

Rule = Annotated[
    PerItem
    | PerAmount
    | Credit
    | Deduct
    | Escalating
    | Bracket
    | Ratio
    | Stepped
    | Composite
    | Rank
    | MinMax
    | Relative
    | Exclusive
    | UnitCoefficient
    | Gate
    | Outcome,
    Field(discriminator="kind"),
]
"""A rule of any kind."""

__all__ = [
    "Bracket",
    "Composite",
    "Credit",
    "Deduct",
    "Escalating",
    "Exclusive",
    "Gate",
    "ItemRule",
    "MinMax",
    "NamedRule",
    "Outcome",
    "PerAmount",
    "PerItem",
    "Rank",
    "Ratio",
    "Relative",
    "Rule",
    "RuleBase",
    "RuleOnResults",
    "SequenceRule",
    "Stepped",
    "UnitCoefficient",
    "ValueRule",
]
