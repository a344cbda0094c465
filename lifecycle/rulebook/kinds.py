"""The kinds of rule: a closed set of typed shapes (spec 6). What each makes of a measure stands in the read side."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.counted import Alternative, Counted, Period
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.parts import Exact, Filter, Part, Sourced

Places = Annotated[int, Field(ge=0, le=10)]
Some = Field(min_length=1)


class Named(Sourced):
    """What every rule has: its id, what it is called, the module it stands in."""

    id: str
    chinese: str
    module: str


class RuleBase(Named, Counted):
    """A rule that counts something; `places` rounds each line's points, half away from zero, where the text says so."""

    coefficient: str | None = None
    places: Places | None = None


class PointsBand(Part):
    """Points for a band of a project's scale, or of its total investment."""

    scale: Band | None = None
    investment: Band | None = None
    points: Exact

    @property
    def band(self) -> Band:
        """The one given."""
        found = self.scale or self.investment
        assert found is not None
        return found

    @model_validator(mode="after")
    def _one(self) -> PointsBand:
        if (self.scale is None) == (self.investment is None):
            raise PydanticCustomError("points", msg("give either scale or investment"))
        return self


def _one_of(rule: PerItem | Deduct, *names: str) -> None:
    if sum(getattr(rule, name) is not None for name in names) != 1:
        raise PydanticCustomError("points", msg("give one of {names}"), {"names": list(names)})


class PerItem(RuleBase):
    """Count × points; by the item's label, or by a band of the project's size; at most `limit` a year, or a period."""

    kind: Literal["per_item"]
    points: Exact | None = None
    points_by: dict[str, Exact] | None = None
    bands: Annotated[tuple[PointsBand, ...], Some] | None = None
    limit: Exact | None = None
    limit_per: Period | None = None

    @model_validator(mode="after")
    def _one_value(self) -> PerItem:
        _one_of(self, "points", "points_by", "bands")
        return self


class PerAmount(RuleBase):
    """Amount ÷ `per` × points."""

    kind: Literal["per_amount"]
    per: Annotated[Exact, Field(gt=0)]
    points: Exact

    @cached_property
    def rate(self) -> Fraction:
        """Points of 1 万元."""
        return self.points / self.per


class Credit(RuleBase):
    """Points for each, to whom they are due: of a project to its first reporter, whoever it went to; of an indicator split equally."""

    kind: Literal["credit"]
    points: Exact
    to: Literal["first_reporter", "equally"]


class Deduct(RuleBase):
    """Points for each occurrence, perhaps by a band; with `start` from a full start, with `floor` until that is reached (扣完为止)."""

    kind: Literal["deduct"]
    points: Exact | None = None
    bands: Annotated[tuple[PointsBand, ...], Some] | None = None
    start: Exact | None = None
    floor: Exact | None = None

    @model_validator(mode="after")
    def _one_value(self) -> Deduct:
        _one_of(self, "points", "bands")
        return self


class CountBand(Part):
    """Points each for a band of the count."""

    count: Band
    points: Exact


class Escalating(RuleBase):
    """Points for each occurrence by how many there are: for all of them, or each by its own place."""

    kind: Literal["escalating"]
    bands: Annotated[tuple[CountBand, ...], Some]
    applies_to: Literal["all", "further"]


class ValueBand(Part):
    """For a band of the value: points, and `slope` more for each one of the value."""

    value: Band
    points: Exact
    slope: Exact | None = None


class Bracket(RuleBase):
    """Points by the band that the value lies in; outside all bands none."""

    kind: Literal["bracket"]
    bands: Annotated[tuple[ValueBand, ...], Some]
    floor: Exact | None = None
    cap: Exact | None = None


class Ratio(RuleBase):
    """Value ÷ target × weight, within floor and cap; the cap may lie above the weight."""

    kind: Literal["ratio"]
    weight: Exact
    floor: Exact | None = None
    cap: Exact | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> Ratio:
        if self.target is None:
            raise PydanticCustomError("target", msg("this kind is held against a target"))
        return self


class Segment(Part):
    """The points for each percentage point within a band of the completion in percent."""

    percent: Band
    step: Exact


class Stepped(RuleBase):
    """`base` at 100 % of the target, and for each percentage point over or under it the step of its segment, within both ends."""

    kind: Literal["stepped"]
    base: Exact
    segments: Annotated[tuple[Segment, ...], Some]
    most: Exact | None = None
    least: Exact | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> Stepped:
        if self.target is None:
            raise PydanticCustomError("target", msg("this kind is held against a target"))
        return self


class Mark(Counted):
    """A part of a composite: its share, and whether marks are added or their mean is taken."""

    share: Annotated[Exact, Field(gt=0)]
    take: Literal["sum", "mean"]


class Composite(Named):
    """Weighted sum of parts: Σ share × part ÷ `out_of` × weight, within floor and cap."""

    kind: Literal["composite"]
    parts: Annotated[tuple[Mark, ...], Some]
    weight: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    cap: Exact | None = None
    floor: Exact | None = None
    places: Places | None = None


class PlacesBand(Part):
    """Points for places of the sequence."""

    place: Band
    points: Exact


class Rank(RuleBase):
    """Points by place within the sequence; equal values share the first of their places, or the mean of these places' points."""

    kind: Literal["rank"]
    bands: Annotated[tuple[PlacesBand, ...], Some]
    first: Literal["greatest", "least"]
    ties: Literal["share", "mean"]
    above: Exact | None = None


class MinMax(RuleBase):
    """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight, over the sequence; `when_equal` where all are alike."""

    kind: Literal["minmax"]
    span: Exact
    base: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    weight: Exact
    when_equal: Exact


class Relative(RuleBase):
    """Value ÷ the greatest of the sequence × weight; `when_none` where the greatest is 0."""

    kind: Literal["relative"]
    weight: Exact
    when_none: Exact


class Exclusive(Named):
    """Of several rules only the highest counts, per project, or per unit."""

    kind: Literal["exclusive"]
    rules: Annotated[tuple[str, ...], Field(min_length=2)]
    per: Literal["project", "unit"]


class FactorOf(Part):
    """A factor for units of these categories or sequences."""

    where: Annotated[tuple[Filter, ...], Some]
    factor: Exact


class UnitCoefficient(Named):
    """What a unit has from the rules named, times a factor by its category or sequence; several: the highest, or their product."""

    kind: Literal["coefficient"]
    rules: Annotated[tuple[str, ...], Some]
    combine: Literal["highest", "product"] | None = None
    rows: Annotated[tuple[FactorOf, ...], Some]


class Gate(Named):
    """A rule, its module, or the total counts only if one of the alternatives holds."""

    kind: Literal["gate"]
    gates: Literal["rule", "module", "total"]
    rule: str | None = None
    any_of: Annotated[tuple[Alternative, ...], Some]

    @model_validator(mode="after")
    def _names_its_rule(self) -> Gate:
        if (self.rule is not None) != (self.gates == "rule"):
            raise PydanticCustomError(
                "gate", msg("a gate of a rule, and no other, names that rule")
            )
        return self


class Outcome(Named):
    """If one of the alternatives holds: steps up or down in grade, or an outcome in words such as disqualification."""

    kind: Literal["outcome"]
    outcome: str
    steps: int | None = None
    any_of: Annotated[tuple[Alternative, ...], Some]


Item = PerItem | PerAmount | Credit | Deduct | Escalating
"""Kinds that make a line of each thing counted."""
Valued = Bracket | Ratio | Stepped | Composite
"""Kinds that make one line of a unit's value."""
Ranked = Rank | MinMax | Relative
"""Kinds that look at the whole sequence."""
Upon = Exclusive | UnitCoefficient | Gate | Outcome
"""Kinds that look at what other rules yield, or at conditions."""
UPON: Final = get_args(Upon)

Rule = Annotated[
    PerItem
    | PerAmount
    | Credit
    | Deduct
    | Escalating
    | Bracket
    | Ratio
    | Stepped
    | Composite
    | Rank
    | MinMax
    | Relative
    | Exclusive
    | UnitCoefficient
    | Gate
    | Outcome,
    Field(discriminator="kind"),
]
