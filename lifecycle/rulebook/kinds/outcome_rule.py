"""`outcome`: what follows from conditions beside points: steps in grade, or an outcome in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import StrictBool

from lifecycle.rulebook.counted import Alternative, Counted
from lifecycle.rulebook.kinds.gate_rule import counted_conditions
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, RuleOnResults

ORDER: Final = 160


class Outcome(RuleOnResults):
    """What follows if an alternative holds: steps in grade, or words such as a disqualification.

    `unranked` takes the unit out of the ranking of its sequence; the others close up.
    """

    kind: Literal["outcome"]
    outcome: str
    steps: int | None = None
    unranked: StrictBool | None = None
    any_of: Annotated[tuple[Alternative, ...], NON_EMPTY]

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The value of each condition."""
        return counted_conditions(self.id, self.any_of)
