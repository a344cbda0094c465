"""What a rule reads: everything it counts, by the place where it stands; and whether one stream alone can tell its lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.rulebook_model import Rulebook

ITEMWISE: Final = get_args(k.Item)
VALUED: Final = get_args(k.Valued)
RANKED: Final = get_args(k.Ranked)


def counted_of(rule: k.Rule) -> Iterator[tuple[str, Counted]]:
    """Each thing that a rule counts, with its place below the rule's id."""
    if isinstance(rule, k.RuleBase):
        yield rule.id, rule
    elif isinstance(rule, k.Composite):
        for place, mark in enumerate(rule.parts):
            yield f"{rule.id}.parts.{place}", mark
    elif isinstance(rule, (k.Gate, k.Outcome)):
        for place, one in enumerate(rule.any_of):
            for number, condition in enumerate(one.all):
                yield f"{rule.id}.any_of.{place}.{number}", condition


def of_project(rule: k.Named) -> bool:
    """Whether a rule counts what projects do."""
    return isinstance(rule, k.RuleBase) and MEASURES[rule.measure].of == "project"


def to_reporter(rule: k.Named) -> bool:
    """Whether what a rule gives for a project is due to its first reporter, whoever it went to."""
    return isinstance(rule, k.Credit) and rule.to == "first_reporter"


def streamed(rule: k.Rule) -> bool:
    """Whether each stream's events alone yield the rule's lines, nothing of other streams looked at."""
    if not isinstance(rule, ITEMWISE) or rule.derived:
        return False
    if isinstance(rule, k.Escalating):
        return not of_project(rule)
    if isinstance(rule, k.Deduct):
        return rule.start is None and (rule.floor is None or not of_project(rule))
    return not (isinstance(rule, k.PerItem) and rule.limit is not None and of_project(rule))


def whole(book: Rulebook) -> bool:
    """Whether a unit's points rest on more than the sum of what each stream yields: then the tables are made anew as a whole."""
    return not all(
        streamed(rule) or (isinstance(rule, k.Exclusive) and rule.per == "project")
        for rule in book.rules
    )


def targets_set(book: Rulebook) -> set[str]:
    """The indicators of the targets set by the county that rules are held against."""
    references = [
        one
        for rule in book.rules
        for _, counted in counted_of(rule)
        for one in (counted.short_of, counted.beyond, counted.target)
    ]
    return {one.indicator for one in references if one is not None and one.indicator is not None}
