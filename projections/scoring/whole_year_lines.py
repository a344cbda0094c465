"""Lines of rules that need a unit's whole year, or its whole sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from lifecycle.exact_numbers import MICRO, clamped
from lifecycle.rulebook.kinds import ItemRule, Rule, RuleBase, SequenceRule, ValueRule
from lifecycle.rulebook.kinds.composite_rule import Composite, CompositePart
from lifecycle.rulebook.kinds.item_points import in_places
from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from lifecycle.rulebook.kinds.period_part import PartMarks, PeriodPart
from lifecycle.rulebook.kinds.rule_base import PointsShape
from lifecycle.rulebook.kinds.value_points import ValuePoints
from projections.facts.unit_facts import UnitFacts
from projections.scoring.compared_values import compared_items, unit_value
from projections.scoring.counted_items import CountedItem, CreditedItem
from projections.scoring.gathered_values import GatheredItems, events_of_items, total_of
from projections.scoring.item_lines import credited_line, item_lines
from projections.scoring.missing_targets import missing_target, silence, silence_of_periods
from projections.scoring.project_filters import unit_matches
from projections.scoring.score_line import (
    MissingTarget,
    MissingYear,
    ScoreLine,
    ValueInputs,
    unit_line,
)
from projections.scoring.unit_values import CountedNumber, UnitValue

Units = Mapping[str, UnitFacts]


def whole_year_lines(
    rule: Rule,
    units: Units,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    """A rule's lines of every unit; none of a rule whose lines the streams have yielded."""
    if isinstance(rule, SequenceRule):
        yield from _sequence_lines(rule, units, gathered)
    elif isinstance(rule, Composite):
        for unit in units:
            yield from _composite_lines(rule, unit, gathered)
    elif isinstance(rule, ValueRule):
        yield from _lines_without_target(rule, units, gathered)
        for unit in _units_told(rule, units, gathered):
            if rule.each == "project":
                yield from _project_value_lines(rule, unit, gathered)
            else:
                yield _value_line(rule, unit, gathered)
    elif isinstance(rule, ItemRule) and not rule.reads_one_stream:
        yield from _item_lines(rule, units, gathered)


def _units_taken(rule: RuleBase, units: Units) -> list[str]:
    return [name for name, unit in units.items() if unit_matches(rule.where, unit)]


def _units_told(
    rule: RuleBase,
    units: Units,
    gathered: GatheredItems,
) -> list[str]:
    """The units taken whose value lacks no target that the rule says something about."""
    taken = _units_taken(rule, units)
    return [unit for unit in taken if silence(gathered, rule.id, rule, unit) is None]


def _lines_without_target(
    rule: RuleBase,
    units: Units,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    """The lines of units that lack a target, or last year: the points given instead."""
    for unit in _units_taken(rule, units):
        answer = silence(gathered, rule.id, rule, unit)
        if isinstance(answer, Fraction):
            indicator = missing_target(gathered, rule.id, rule, unit)
            inputs: MissingTarget | MissingYear
            if indicator is None:
                inputs = MissingYear(rule.subject, gathered.axes.year - 1)
            else:
                inputs = MissingTarget(rule.subject, indicator)
            # Exactly these points: neither the rule's bounds nor its rounding touch them.
            yield unit_line(rule, unit, answer, inputs)


def _item_lines(
    rule: ItemRule,
    units: Units,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    yield from _lines_without_target(rule, units, gathered)
    for unit in _units_told(rule, units, gathered):
        # Without any item too: a full start is due all the same.
        yield from item_lines(
            rule,
            unit,
            _items_of_unit(rule, unit, gathered),
        )


def _items_of_unit(
    rule: ItemRule,
    unit: str,
    gathered: GatheredItems,
) -> list[CreditedItem]:
    if rule.compared_as is not None:
        return compared_items(gathered, rule.id, rule, unit)
    items = gathered.items(rule.id, rule, unit)
    if not items or not isinstance(rule, PerAmount) or not rule.sums_items:
        return items
    # Whole steps are of all that the unit has: one amount, and one line.
    actual = total_of(items)
    summed = CountedItem(rule.subject, actual * MICRO, (), CountedNumber(rule.subject, actual))
    return [CreditedItem(summed, None, events_of_items(items))]


def _project_value_lines(
    rule: ValueRule,
    unit: str,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    """A line of each project's value, at most so many points of one project."""
    at_most = rule.at_most_per_project
    for credited in gathered.items(rule.id, rule, unit):
        scored = rule.points_of_value(Fraction(credited.item.value) / MICRO)
        points = scored.points
        if credited.factor is not None:
            points *= credited.factor.value
        points = in_places(points, rule.places)
        if at_most is not None:
            points = clamped(points, -at_most, at_most)
        yield credited_line(rule, unit, credited, points, scored.inputs)


def _value_line(
    rule: ValueRule,
    unit: str,
    gathered: GatheredItems,
) -> ScoreLine:
    value = unit_value(gathered, rule.id, rule, unit)
    return _line(
        rule,
        unit,
        rule.points_of_value(value.value),
        value,
    )


def _sequence_lines(
    rule: SequenceRule,
    units: Units,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    # Units are compared within their own sequence only (考(一)).
    yield from _lines_without_target(rule, units, gathered)
    members_by_sequence: dict[str, list[str]] = {}
    for name in _units_told(rule, units, gathered):
        members_by_sequence.setdefault(units[name].sequence, []).append(name)
    for members in members_by_sequence.values():
        values = {unit: unit_value(gathered, rule.id, rule, unit) for unit in members}
        points_by_unit = rule.points_of_units({unit: value.value for unit, value in values.items()})
        for unit, points in points_by_unit.items():
            yield _line(
                rule,
                unit,
                points,
                values[unit],
            )


def _line(
    rule: RuleBase,
    unit: str,
    scored: ValuePoints[PointsShape],
    value: UnitValue,
) -> ScoreLine:
    assert isinstance(value.inputs, CountedNumber)  # a run of periods is of conditions alone
    return unit_line(
        rule,
        unit,
        in_places(scored.points, rule.places),
        ValueInputs(value.inputs, scored.inputs, rule.places),
        events=value.events,
    )


def _composite_lines(
    rule: Composite,
    unit: str,
    gathered: GatheredItems,
) -> Iterator[ScoreLine]:
    """The line of a composite; none where a part lacks what it needs and says `none`."""
    marks_of_parts = []
    events: dict[str, None] = {}
    for place, part in rule.placed_parts():
        if isinstance(part, PeriodPart):
            answer = silence_of_periods(gathered, part, unit)
        else:
            answer = silence(gathered, place, part, unit)
        if answer == "none":
            return
        if isinstance(answer, Fraction):
            marks_of_parts.append(PartMarks(part.subject, answer, 1))
            continue
        marks, behind = _part_marks(place, part, unit, gathered)
        marks_of_parts.append(marks)
        events.update(dict.fromkeys(behind))
    scored = rule.points_of_marks(marks_of_parts)
    yield unit_line(
        rule,
        unit,
        in_places(scored.points, rule.places),
        ValueInputs(None, scored.inputs, rule.places),
        events=tuple(events),
    )


def _part_marks(
    place: str,
    part: CompositePart | PeriodPart,
    unit: str,
    gathered: GatheredItems,
) -> tuple[PartMarks, Iterable[str]]:
    """The marks of a part that lacks nothing, and the events behind them."""
    if isinstance(part, PeriodPart):
        marks = part.marks_of(gathered.periods.points(part, unit))
        return marks, gathered.periods.events(part, unit)
    value = unit_value(gathered, place, part, unit)
    # A mean was taken before it was compared.
    count = 1
    if part.compared_as is None:
        count = len(gathered.items(place, part, unit))
    return PartMarks(part.subject, value.value, count), value.events
