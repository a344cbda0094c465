"""`gate`: points that count only under a condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.counted import Alternative, Counted
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, RuleOnResults

ORDER: Final = 150


def counted_conditions(
    rule_id: str, alternatives: tuple[Alternative, ...]
) -> Iterator[tuple[str, Counted]]:
    """The value of each condition, with its place below the rule's id."""
    for place, alternative in enumerate(alternatives):
        for number, condition in enumerate(alternative.all):
            yield f"{rule_id}.any_of.{place}.{number}", condition


class Gate(RuleOnResults):
    """A rule, its module, or the total counts only if one of the alternatives holds."""

    kind: Literal["gate"]
    gates: Literal["rule", "module", "total"]
    rule: str | None = None
    any_of: Annotated[tuple[Alternative, ...], NON_EMPTY]

    @model_validator(mode="after")
    def _names_its_rule(self) -> Gate:
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
        """The value of each condition."""
        return counted_conditions(self.id, self.any_of)
