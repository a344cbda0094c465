"""`outcome`: steps along the grades, or an outcome in words, that follow from conditions."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.kinds.outcome_rule import Outcome


def grade_steps(
    rules: Iterable[Rule],
    outcomes: Iterable[str],
) -> int:
    """How many grades up the outcomes of a unit lead together; down where negative."""
    steps = {rule.id: rule.steps or 0 for rule in rules if isinstance(rule, Outcome)}
    return sum(steps[outcome] for outcome in outcomes)
