"""What is counted: a measure, of whom, in which periods, over what target; and conditions upon it (spec 6)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.rejections import msg
from lifecycle.rulebook.measures import MEASURES, MeasureName
from lifecycle.rulebook.parts import Exact, Filter, Need, Part

Period = Literal["year", "quarter", "month"]


class Plain(Part):
    """A measure, of which projects or units. `indicator` names the figure where the measure is `indicator`."""

    measure: MeasureName
    indicator: str | None = None
    where: Filter | None = None
    needs: tuple[Need, ...] = ()
    from_stage: v.Stage | None = None
    to_stage: v.Stage | None = None

    @model_validator(mode="after")
    def _parameters(self) -> Plain:
        if (self.indicator is None) is (self.measure == "indicator"):
            raise PydanticCustomError(
                "indicator", msg("the measure indicator, and no other, names its indicator")
            )
        if (self.from_stage is not None, self.to_stage is not None) != (
            self.measure == "days_between",
        ) * 2:
            raise PydanticCustomError(
                "stages",
                msg("the measure days_between, and no other, names from_stage and to_stage"),
            )
        if MEASURES[self.measure].of == "unit" and (
            self.needs or (self.where is not None and self.where.of_projects)
        ):
            raise PydanticCustomError(
                "of_unit",
                msg("{measure} is of units: only category and sequence can be asked of them"),
                {"measure": self.measure},
            )
        return self


class Reference(Part):
    """A number to hold something against: fixed, the target reported with the indicator, the target set, or a measure."""

    fixed: Exact | None = None
    source: Literal["reported", "set"] | None = None
    indicator: str | None = None
    counted: Plain | None = None

    @model_validator(mode="after")
    def _one(self) -> Reference:
        if sum(value is not None for value in (self.fixed, self.source, self.counted)) != 1 or (
            self.indicator is not None
        ) != (self.source == "set"):
            raise PydanticCustomError(
                "reference",
                msg(
                    "give one of fixed, source (reported or set) and counted; a target that is set names its indicator"
                ),
            )
        return self


class Counted(Plain):
    """A measure's value of a unit.

    With `each`, by month or quarter: how many reach `reaching`, or what is `short_of` it. Without, what is short of or
    `beyond` a number. With `target`, the quotient, or `when_zero` where the target is 0.
    """

    each: Literal["month", "quarter"] | None = None
    reaching: Annotated[Exact, Field(gt=0)] | None = None
    short_of: Reference | None = None
    beyond: Reference | None = None
    target: Reference | None = None
    when_zero: Exact | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Counted:
        ways = [
            name for name in ("reaching", "short_of", "beyond") if getattr(self, name) is not None
        ]
        if (
            len(ways) > 1
            or ("reaching" in ways and self.each is None)
            or ("beyond" in ways and self.each is not None)
        ):
            raise PydanticCustomError(
                "ways",
                msg(
                    "give one of reaching, short_of and beyond; reaching needs each, beyond has none"
                ),
            )
        if self.each is not None and self.short_of is not None and self.short_of.fixed is None:
            raise PydanticCustomError("ways", msg("what is due in each period is fixed"))
        if self.reports_target and self.measure != "indicator":
            raise PydanticCustomError("ways", msg("only an indicator is reported with a target"))
        return self

    @property
    def reports_target(self) -> bool:
        """Whether a target is asked for that is reported with the figure."""
        return any(
            one is not None and one.source == "reported"
            for one in (self.short_of, self.beyond, self.target)
        )

    @property
    def derived(self) -> bool:
        """Whether its value is more than the sum of what is counted."""
        return self.each is not None or any(
            one is not None for one in (self.short_of, self.beyond, self.target)
        )

    @property
    def parts(self) -> list[Plain]:
        """What must be gathered for it: itself, and what it is held against."""
        return [
            self,
            *[
                one.counted
                for one in (self.short_of, self.beyond, self.target)
                if one is not None and one.counted is not None
            ],
        ]


class Condition(Counted):
    """A condition on a value; with `in_a_row` on so many periods (`each`) running, each by itself."""

    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    in_a_row: Annotated[int, Field(ge=2)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Condition:
        if all(bound is None for bound in (self.at_least, self.at_most, self.above, self.below)):
            raise PydanticCustomError(
                "bounds", msg("a condition has at least one of at_least, at_most, above and below")
            )
        if (self.in_a_row is not None) and (self.each is None or self.reaching or self.short_of):
            raise PydanticCustomError(
                "bounds", msg("in_a_row needs each, and neither reaching nor short_of")
            )
        return self


class Alternative(Part):
    """Conditions that must all hold."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]
