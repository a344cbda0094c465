"""The least and greatest points that each module can reach (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from lifecycle.rulebook.assessed_modules import assessed_by_period
from lifecycle.rulebook.kinds import Rule, RuleBase
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.point_range import PointRange, sum_or_unlimited
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import Module


def reach(rulebook: Rulebook) -> dict[str, PointRange]:
    """Each module's least and greatest attainable points, after its floor and cap.

    Those of a module that is assessed by period are of one period.
    """
    by_period = assessed_by_period(rulebook)
    # Parts of composites take the results of periods: their range comes first.
    of_periods: dict[str, PointRange] = {}
    for module in rulebook.modules:
        if module.id in by_period:
            of_periods[module.id] = _reach_of_module(module, rulebook, {})
    of_year: dict[str, PointRange] = {}
    for module in rulebook.modules:
        if module.id not in by_period:
            of_year[module.id] = _reach_of_module(module, rulebook, of_periods)
    ranges = of_periods | of_year
    return {module.id: ranges[module.id] for module in rulebook.modules}


def _reach_of_module(
    module: Module,
    book: Rulebook,
    of_periods: Mapping[str, PointRange],
) -> PointRange:
    ranges = []
    for rule in book.rules:
        if rule.module == module.id:
            ranges.append(_reach_with_effects(rule, book, of_periods))
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
    if module.assessed is None and any(gate.gates == "total" for gate in gates):
        return True
    return any(gate.gates == "module" and gate.module == module.id for gate in gates)


def _reach_with_effects(
    rule: Rule,
    book: Rulebook,
    of_periods: Mapping[str, PointRange],
) -> PointRange:
    """A rule's range, with what other rules may do to its points: multiply them, or stop them."""
    points = _reach_with_silence(rule, of_periods)
    for effect in book.rules:
        if isinstance(effect, UnitCoefficient) and rule.id in (effect.rules or ()):
            points = points.times_any_of(effect.factors())
        elif _may_stop(effect, rule):
            points = points.or_nothing()
    return points


def _reach_with_silence(rule: Rule, of_periods: Mapping[str, PointRange]) -> PointRange:
    """A rule's range, with what counts where a target was never told."""
    points = rule.reach()
    silences = [counted.when_missing for _place, counted in rule.counted()]
    if isinstance(rule, Composite):
        points = rule.reach_of_periods(of_periods)
        silences += [part.when_missing for _place, part in rule.period_parts()]
    for silence in silences:
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
