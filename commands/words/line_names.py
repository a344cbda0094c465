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

    rules: Mapping[str, str]
    modules: Mapping[str, str]
    groups: Mapping[str, str]
    indicators: Mapping[str, str]

    @property
    def acted_on(self) -> Mapping[str, str]:
        """The names of what a gate or a factor may act on."""
        return {**self.modules, **self.rules}

    def rule(self, rule_id: str) -> str:
        """Name a rule."""
        return self.rules.get(rule_id, rule_id)

    def indicator(self, name: str) -> str:
        """Name an indicator; a measure keeps its own name."""
        return self.indicators.get(name, name)

    def results(self, read: ResultRead) -> tuple[str, ...]:
        """Name what results were read of; a rule may have the id of its module."""
        by_level = {"rule": self.rules, "modules": self.modules, "group": self.groups}
        names = by_level.get(read.what, {})
        return tuple(names.get(result_id, result_id) for result_id in read.names)


NO_NAMES: Final = LineNames({}, {}, {}, {})
"""Of a line whose rulebook is not at hand."""


def line_names(book: Rulebook) -> LineNames:
    """Return what a rulebook calls its rules, modules and groups, and the indicators they read."""
    rulebook_names = RulebookNames(book)
    indicators: dict[str, str] = {}
    for rule in book.rules:
        for _place, counted in rule.counted():
            if counted.indicator is not None:
                indicators[counted.indicator] = rulebook_names.subject(counted)
    return LineNames(
        rules={rule.id: rule.chinese for rule in book.rules},
        modules={module.id: module.chinese for module in book.modules},
        groups={group.id: group.chinese for group in book.groups},
        indicators=indicators,
    )


def with_names(inputs: LineInputs, names: LineNames) -> LineInputs:
    """Return what a line was computed from, with names in place of ids."""
    match inputs:
        case ItemInputs(left_for=str(rule_id)):
            return inputs._replace(left_for=names.rule(rule_id))
        case OnlyHighestCounts(kept=rule_id):
            return inputs._replace(kept=names.rule(rule_id))
        case ClosedGate() | FactorApplied():
            conditions = [_named_condition(result, names) for result in inputs.conditions]
            return inputs._replace(conditions=tuple(conditions))
        case MissingTarget(missing_target=indicator):
            return inputs._replace(missing_target=names.indicator(indicator))
        case MissingYear(what=indicator):
            return inputs._replace(what=names.indicator(indicator))
    return inputs


def _named_condition(result: ConditionResult, names: LineNames) -> ConditionResult:
    counted = result.counted
    if isinstance(counted, ResultRead):
        return result._replace(counted=counted._replace(names=names.results(counted)))
    named_number = counted._replace(what=names.indicator(counted.what))
    return result._replace(counted=named_number)
