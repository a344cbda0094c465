"""The least and greatest points that each module can reach (spec 6, `rulebook check`)."""

from __future__ import annotations

from fractions import Fraction

from lifecycle.rulebook.kinds import Rule, RuleBase
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.point_range import PointRange, sum_or_unlimited
from lifecycle.rulebook.kinds.unit_coefficient_rule import UnitCoefficient
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import Module


def reach(rulebook: Rulebook) -> dict[str, PointRange]:
    """Each module's least and greatest attainable points, after its floor and cap."""
    return {module.id: _reach_of_module(module, rulebook) for module in rulebook.modules}


def _reach_of_module(
    module: Module,
    book: Rulebook,
) -> PointRange:
    ranges = [_reach_with_effects(rule, book) for rule in book.rules if rule.module == module.id]
    points = PointRange(
        sum_or_unlimited(ends.least for ends in ranges),
        sum_or_unlimited(ends.greatest for ends in ranges),
    )
    if _is_gated(module, book):
        points = points.or_nothing()
    points = points.within(module.floor, module.cap)
    for effect in book.rules:
        if isinstance(effect, UnitCoefficient) and module.id in (effect.modules or ()):
            points = points.times_any_of(effect.factors())
    return points


def _is_gated(module: Module, book: Rulebook) -> bool:
    """Whether a gate can stop the whole module; a gate of the total stops every module."""
    gates = [rule for rule in book.rules if isinstance(rule, Gate)]
    if any(gate.gates == "total" for gate in gates):
        return True
    return any(gate.gates == "module" and gate.module == module.id for gate in gates)


def _reach_with_effects(
    rule: Rule,
    book: Rulebook,
) -> PointRange:
    """A rule's range, with what other rules may do to its points: multiply them, or stop them."""
    points = _reach_with_silence(rule)
    for effect in book.rules:
        if isinstance(effect, UnitCoefficient) and rule.id in (effect.rules or ()):
            points = points.times_any_of(effect.factors())
        elif _may_stop(effect, rule):
            points = points.or_nothing()
    return points


def _reach_with_silence(rule: Rule) -> PointRange:
    """A rule's range, with what counts where a target was never told."""
    points = rule.reach()
    for _place, counted in rule.counted():
        silence = counted.when_missing
        if silence == "none":
            points = points.or_nothing()
        # A part's number is its value, within the composite's own range.
        elif isinstance(silence, Fraction) and isinstance(rule, RuleBase):
            points = points.or_points(silence)
    return points


def _may_stop(effect: Rule, rule: Rule) -> bool:
    if isinstance(effect, Gate):
        return effect.rule == rule.id
    return isinstance(effect, Exclusive) and rule.id in effect.rules
