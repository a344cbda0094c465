"""What a measure of rules is: of whom, in which unit, read from which events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Of = Literal["project", "unit"]
MeasureUnit = Literal["count", "万元", "亩", "points", "days", "figure"]
"""`figure`: in whatever the indicator is reported in."""


@dataclass(frozen=True, slots=True)
class EventCount:
    """How a measure is read from the events of one kind: one for each, or the sum of a field.

    `label` names the field by which an item is told apart, or is itself the label. `only` keeps the
    events whose field has this value. With `distinct`, events of the same label are one item.
    `shown` maps the names of an explanation's inputs to the event's fields.
    """

    event: str
    label: str
    value: str | None = None
    only: tuple[str, object] | None = None
    distinct: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of projects or of units, and the events that it is read from.

    `counts` is how they are counted, where nothing else is needed. `labels` are those of its items
    that `points_by` may name; `may_be_negative`, whether an amount may lie below 0.
    """

    name: str
    of: Of
    unit: MeasureUnit
    events: tuple[str, ...]
    description: str
    counts: EventCount | None = None
    labels: tuple[str, ...] = ()
    may_be_negative: bool = False
