"""A line of points, with what it was computed from as typed values, one class for each shape.

The fields of these classes are the names of an explanation's JSON, in its order; `score_json` alone
writes it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.kinds import NamedRule
from lifecycle.rulebook.kinds.coefficient_rule import MultipliedModule, MultipliedRule
from lifecycle.rulebook.kinds.deduct_rule import FullStart
from lifecycle.rulebook.kinds.exclusive_rule import OnlyHighestCounts
from lifecycle.rulebook.kinds.rule_base import PointsShape
from projections.scoring.counted_items import CheckedMilestones, EventFields, ItemFacts
from projections.scoring.gate_conditions import ClosedGate, FactorApplied
from projections.scoring.unit_values import CountedNumber


class ItemInputs(NamedTuple):
    """What the points of an item were computed from.

    `left_for` is the rule that counts in its place, where only the highest of several does.
    """

    item: ItemFacts
    points: PointsShape
    coefficient: Fraction | None = None
    left_for: str | None = None


class ValueInputs(NamedTuple):
    """What points of a unit's value were computed from; a composite has values in its parts."""

    counted: CountedNumber | None
    points: PointsShape
    places: int | None


class CapApplied(NamedTuple):
    """A module's sum, and the cap that it was cut to."""

    sum: Fraction
    cap: Fraction


class FloorApplied(NamedTuple):
    """A module's sum, and the floor that it was raised to."""

    sum: Fraction
    floor: Fraction


class MissingTarget(NamedTuple):
    """What is counted, and the indicator whose target was never told to the unit."""

    what: str
    missing_target: str


class MissingYear(NamedTuple):
    """What is counted, and the year of which the unit has no fact to compare it with."""

    what: str
    missing_year: int


EffectInputs = (
    FullStart
    | CapApplied
    | FloorApplied
    | MissingTarget
    | MissingYear
    | MultipliedRule
    | MultipliedModule
    | FactorApplied
    | OnlyHighestCounts
    | ClosedGate
)
"""The inputs of points that rest on other points, or on nothing but the rule."""
LineInputs = ItemInputs | ValueInputs | EffectInputs


class ScoreLine(NamedTuple):
    """One line of points of a unit: its rule, clause, basis, inputs, and the events behind it."""

    rule: str
    module: str
    points: Fraction
    clause: str
    basis: str
    unit: str
    project: str | None
    inputs: LineInputs
    events: tuple[str, ...]

    @property
    def check(self) -> str | None:
        """The schedule check that the line is about, if any (考(八)2)."""
        if isinstance(self.inputs, ItemInputs) and isinstance(self.inputs.item, CheckedMilestones):
            return self.inputs.item.check
        return None

    @property
    def event_fields(self) -> dict[str, str | date]:
        """The fields shown of the event that the line counts; empty where it counts none."""
        if isinstance(self.inputs, ItemInputs) and isinstance(self.inputs.item, EventFields):
            return self.inputs.item.fields
        return {}


def unit_line(
    rule: NamedRule,
    unit: str,
    points: Fraction,
    inputs: LineInputs,
    *,
    events: tuple[str, ...] = (),
    module: str | None = None,
    basis: str | None = None,
) -> ScoreLine:
    """A line of a unit as a whole; module and basis are the rule's unless named."""
    return ScoreLine(
        rule=rule.id,
        module=module or rule.module,
        points=points,
        clause=rule.clause,
        basis=basis or rule.basis,
        unit=unit,
        project=None,
        inputs=inputs,
        events=events,
    )
