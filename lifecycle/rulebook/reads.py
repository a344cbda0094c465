"""What a whole rulebook needs of the ledger: a whole year at once, or targets."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rulebook.counted import Reference
from lifecycle.rulebook.kinds import ItemRule, Rule
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.rulebook_model import Rulebook


def needs_whole_year(book: Rulebook) -> bool:
    """Whether a unit's points rest on more than the sum of what each stream yields by itself.

    If not, the query tables can be updated stream by stream; else a year is always computed as a
    whole.
    """
    return not all(_each_stream_yields(rule) for rule in book.rules)


def _each_stream_yields(rule: Rule) -> bool:
    if isinstance(rule, Exclusive):
        # Per project, the rules compared all belong to one stream.
        return rule.per == "project"
    return isinstance(rule, ItemRule) and rule.reads_one_stream


def target_indicators(book: Rulebook) -> set[str]:
    """The indicators of county-set targets that the rules are compared with."""
    indicators = set()
    for reference in _references(book):
        # A fixed or reported number names no indicator.
        if reference.indicator is not None:
            indicators.add(reference.indicator)
    return indicators


def _references(book: Rulebook) -> Iterator[Reference]:
    for rule in book.rules:
        for _place, counted in rule.counted():
            yield from counted.references
