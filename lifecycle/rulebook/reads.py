"""What a whole rulebook reads of the ledger: a whole year at once, targets, measures, filters."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rulebook.counted import Reference
from lifecycle.rulebook.kinds import ItemRule, Rule, RuleBase
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.parts import Filter
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


def compares_years(book: Rulebook) -> bool:
    """Whether a value of the rulebook is compared with last year's."""
    for rule in book.rules:
        for _place, counted in rule.counted():
            if counted.compares_years:
                return True
    return False


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


def factors_of_total(book: Rulebook) -> list[UnitCoefficient]:
    """The rules that multiply the total."""
    return [rule for rule in book.rules if isinstance(rule, UnitCoefficient) and rule.total]


def selections(book: Rulebook) -> Iterator[MeasureSelection]:
    """Yield every measure that the rules count, with what they take of it."""
    for rule in book.rules:
        for _place, counted in rule.counted():
            yield from counted.parts


def counts_working_days(book: Rulebook) -> bool:
    """Whether a rule counts due days of a time limit in working days."""
    in_working_days = {limit.id for limit in book.limits or () if limit.working_days is not None}
    return any(selection.time_limit in in_working_days for selection in selections(book))


def rule_filters(book: Rulebook) -> Iterator[tuple[str, Filter | None]]:
    """Yield the filter of everything that a rule counts, with the rule's id."""
    for rule in book.rules:
        if isinstance(rule, RuleBase | Composite):
            for _place, counted in rule.counted():
                yield rule.id, counted.where


def all_filters(book: Rulebook) -> Iterator[Filter]:
    """Yield the filters of rules, of coefficients, of eligibility, of rewards and of limits."""
    for selection in selections(book):
        if selection.where is not None:
            yield selection.where
    for rule in book.rules:
        if isinstance(rule, UnitCoefficient):
            for row in rule.rows:
                yield from row.where or ()
    yield from _filters_beside_rules(book)


def _filters_beside_rules(book: Rulebook) -> Iterator[Filter]:
    for table in book.coefficients:
        for factor_row in table.rows:
            yield from factor_row.where
    for eligible in book.eligibility:
        yield eligible.where
    for reward in book.rewards or ():
        if reward.where is not None:
            yield reward.where
    for limit in book.limits or ():
        if limit.where is not None:
            yield limit.where
