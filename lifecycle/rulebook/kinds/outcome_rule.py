"""`outcome`: what follows from conditions beside points: steps in grade, or an outcome in words."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import StrictBool

from lifecycle.rulebook.conditions import Alternative
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.alternatives import counted_conditions, result_conditions
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, RuleOnResults
from lifecycle.rulebook.result_conditions import ResultCondition

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
        """The value of each condition on what is counted."""
        return counted_conditions(self.id, self.any_of)

    def conditions_on_results(self) -> Iterator[tuple[str, ResultCondition]]:
        """The conditions on results, which are all final then."""
        return result_conditions(self.id, self.any_of)
