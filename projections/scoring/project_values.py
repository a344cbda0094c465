"""The value of each project by itself, for what is counted with `each = "project"` (spec 6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lifecycle.exact_numbers import MICRO, ZERO
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds import ValueRule
from projections.scoring.counted_items import CountedItem, Difference, ItemFacts
from projections.scoring.unit_values import CountedNumber


def project_items(counted: Counted, items: Sequence[CountedItem]) -> list[CountedItem]:
    """A project's items as one of the project's value; none of none, nor of one that counts as 0.

    A value that is scored by bands or steps counts at 0 too.
    """
    if not items:
        return []
    actual = Fraction(sum(item.value for item in items)) / MICRO
    if counted.measure == "days_between":
        # A node reached before the other took no days.
        actual = max(actual, ZERO)
    number, due = _number(counted, actual)
    facts: ItemFacts
    if isinstance(counted, ValueRule):
        facts = _over_target(counted, number)
        number = number if facts.ratio is None else facts.ratio
    elif not number:
        return []
    elif due is None:
        facts = CountedNumber(counted.subject, actual)
    else:
        facts = Difference(actual, due)
    versions = dict.fromkeys(version for item in items for version in item.versions)
    return [
        CountedItem(
            counted.subject,
            number * MICRO,
            tuple(versions),
            facts,
            items[-1].when,
        )
    ]


def _number(counted: Counted, actual: Fraction) -> tuple[Fraction, Fraction | None]:
    """What counts of a project's amount, and the number that it is held against, if any."""
    if counted.reaching is not None:
        return Fraction(actual >= counted.reaching), counted.reaching
    if counted.short_of is not None:
        due = counted.short_of.fixed or ZERO
        return max(ZERO, due - actual), due
    if counted.beyond is not None:
        due = counted.beyond.fixed or ZERO
        return max(ZERO, actual - due), due
    return actual, None


def _over_target(counted: Counted, number: Fraction) -> CountedNumber:
    if counted.target is None:
        return CountedNumber(counted.subject, number)
    target = counted.target.fixed or ZERO
    ratio = number / target if target else counted.when_zero or ZERO
    return CountedNumber(counted.subject, number, target, ratio)
