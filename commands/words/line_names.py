"""The names that a rulebook gives to what its score lines speak of: no reader meets an id.

A line has the ids of rules and modules and the names of indicators as the file has them, as the
verifier and JSON need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from commands.words.rule_phrases import RulebookNames
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.kinds.exclusive_rule import OnlyHighestCounts
from projections.scoring.gate_conditions import ClosedGate, FactorApplied
from projections.scoring.score_line import ItemInputs, LineInputs, MissingTarget, MissingYear
from projections.scoring.unit_values import ConditionResult, ResultRead


class LineNames(NamedTuple):
    """What rules, modules and groups are called, and the indicators that rules read."""

    results: Mapping[str, str]
    indicators: Mapping[str, str]


NO_NAMES: Final = LineNames({}, {})
"""Of a line whose rulebook is not at hand."""


def line_names(book: Rulebook) -> LineNames:
    """Return what a rulebook calls its rules, modules and groups, and the indicators they read."""
    results = {group.id: group.chinese for group in book.groups}
    results |= {module.id: module.chinese for module in book.modules}
    results |= {rule.id: rule.chinese for rule in book.rules}
    names = RulebookNames(book)
    indicators = {}
    for rule in book.rules:
        for _place, counted in rule.counted():
            if counted.indicator is not None:
                indicators[counted.indicator] = names.subject(counted)
    return LineNames(results, indicators)


def with_names(inputs: LineInputs, names: LineNames) -> LineInputs:
    """Return what a line was computed from, with names in place of ids."""
    match inputs:
        case ItemInputs(left_for=str(rule_id)):
            return inputs._replace(left_for=names.results.get(rule_id, rule_id))
        case OnlyHighestCounts(kept=rule_id):
            return inputs._replace(kept=names.results.get(rule_id, rule_id))
        case ClosedGate() | FactorApplied():
            conditions = [_named_condition(result, names) for result in inputs.conditions]
            return inputs._replace(conditions=tuple(conditions))
        case MissingTarget(missing_target=indicator):
            return inputs._replace(missing_target=names.indicators.get(indicator, indicator))
        case MissingYear(what=indicator):
            return inputs._replace(what=names.indicators.get(indicator, indicator))
    return inputs


def _named_condition(result: ConditionResult, names: LineNames) -> ConditionResult:
    counted = result.counted
    if isinstance(counted, ResultRead):
        results = [names.results.get(name, name) for name in counted.names]
        return result._replace(counted=counted._replace(names=tuple(results)))
    what = names.indicators.get(counted.what, counted.what)
    return result._replace(counted=counted._replace(what=what))
