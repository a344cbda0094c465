"""`gate`: points that count only under a condition."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.conditions import Alternative
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.alternatives import counted_conditions, result_conditions
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, RuleOnResults
from lifecycle.rulebook.result_conditions import (
    MODULE_LEVEL,
    RULE_LEVEL,
    TOTAL_LEVEL,
    ResultCondition,
    ResultObject,
)

ORDER: Final = 150


class Gate(RuleOnResults):
    """A rule, its module, or the total counts only if one of the alternatives holds."""

    kind: Literal["gate"]
    gates: Literal["rule", "module", "total"]
    rule: str | None = None
    any_of: Annotated[tuple[Alternative, ...], NON_EMPTY]

    @model_validator(mode="after")
    def _names_its_rule(self) -> "Gate":
        names_a_rule = self.rule is not None
        if names_a_rule != (self.gates == "rule"):
            raise PydanticCustomError(
                "gate", msg("give rule if, and only if, the gate is for a rule")
            )
        return self

    def named_rules(self) -> dict[str, tuple[str, ...]]:
        """The rule that counts only under the condition, if it is not its module or the total."""
        return {} if self.rule is None else {"rule": (self.rule,)}

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The value of each condition on what is counted."""
        return counted_conditions(self.id, self.any_of)

    def conditions_on_results(self) -> Iterator[tuple[str, ResultCondition]]:
        """The conditions on results."""
        return result_conditions(self.id, self.any_of)

    def acts_on(self) -> list[ResultObject]:
        """The rule, the module or the total that the gate may stop."""
        if self.rule is not None:
            return [ResultObject(RULE_LEVEL, self.rule)]
        if self.gates == "module":
            return [ResultObject(MODULE_LEVEL, self.module)]
        return [ResultObject(TOTAL_LEVEL, "total")]
